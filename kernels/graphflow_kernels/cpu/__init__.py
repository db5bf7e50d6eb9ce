"""Kernels for the processor, compiled by Numba."""
