"""Which pair of seeds a random op gets from its graph's seed, its own seed and its place in the graph."""

from __future__ import annotations

DEFAULT_GRAPH_SEED = 87654321
MOST_INT32 = 2**31 - 1


def get_seed(
    graph_seed: int | None, op_seed: int | None, last_id: int
) -> tuple[int, int] | tuple[None, None]:
    """The (seed, seed2) of an op made after `last_id` others; (None, None) asks for fresh entropy."""
    if graph_seed is None and op_seed is None:
        return None, None
    first = DEFAULT_GRAPH_SEED if graph_seed is None else graph_seed % MOST_INT32
    second = (last_id if op_seed is None else op_seed) % MOST_INT32
    # A kernel reads (0, 0) as "no seed given", so seeds that come to nothing need another name.
    return (first, second) if first or second else (0, MOST_INT32)
