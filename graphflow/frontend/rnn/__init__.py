"""Recurrent networks: cells, and the functions that unroll them over time."""
