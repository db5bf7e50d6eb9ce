"""What the element types of arrays are, and in which type they are computed."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]

#: Decorator: overflow, division by zero and NaN give IEEE's results without a word.
quiet = np.errstate(all="ignore")


def is_float(dtype: Any) -> bool:
    """Whether elements are real floats, bfloat16 included, which is foreign to numpy."""
    dtype = np.dtype(dtype)
    return dtype.kind == "f" or dtype.name == "bfloat16"


def is_half(dtype: Any) -> bool:
    """Whether elements are 16-bit floats, which are computed in float32 and rounded once."""
    return np.dtype(dtype).name in ("float16", "bfloat16")


def compute_type(dtype: Any) -> np.dtype[Any]:
    """The type in which elements of `dtype` are computed."""
    return np.dtype(np.float32) if is_half(dtype) else np.dtype(dtype)


def widened(x: Any) -> Array:
    """`x` in its compute type; the same array unless it holds 16-bit floats."""
    x = np.asarray(x)
    return x.astype(np.float32) if is_half(x.dtype) else x


def narrowed(x: Any, dtype: Any) -> Array:
    """`x` rounded to `dtype`; the same array where it has that type already."""
    return np.asarray(x).astype(dtype, copy=False)


def lowest(dtype: Any) -> Any:
    """The identity of max: -inf of a float type, the least integer otherwise."""
    dtype = np.dtype(dtype)
    return dtype.type(-np.inf) if is_float(dtype) else np.iinfo(dtype).min
