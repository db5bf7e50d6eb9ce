"""Numeric kernels: arrays or addresses in, arrays out; they know numpy and numba, no graphs."""
