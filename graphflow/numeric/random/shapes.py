"""What a shape asks for: how many values, and whether that is possible at all."""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Shape: TypeAlias = Sequence[int] | NDArray[Any]

MOST_ELEMENTS = 2**63 - 1


def element_count(shape: Shape) -> tuple[tuple[int, ...], int]:
    """The shape as a tuple of Python integers, and the number of its elements."""
    if isinstance(shape, np.ndarray) and shape.ndim != 1:
        raise ValueError(f"shape must be a vector, got one of shape {list(shape.shape)}")
    dims = tuple(operator.index(dim) for dim in shape)
    for dim in dims:
        if dim < 0:
            raise ValueError(f"Dimension {dim} must be >= 0 (in shape {list(dims)})")
    count = math.prod(dims)
    if count > MOST_ELEMENTS:
        raise ValueError(f"Shape {list(dims)} would have more than 2**63 - 1 elements")
    return dims, count
