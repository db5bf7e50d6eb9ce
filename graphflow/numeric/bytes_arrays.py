"""Arrays of byte strings: a function applied to each element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array


def each(function: Callable[..., Any], *arrays: Array, dtype: Any = object) -> Array:
    """function(a, b, ...) of each element of arrays that broadcast."""
    spread = np.broadcast_arrays(*arrays) if len(arrays) > 1 else arrays
    out = np.empty(spread[0].shape, dtype)
    flat = out.reshape(-1)
    for i, values in enumerate(zip(*(a.ravel().tolist() for a in spread), strict=True)):
        flat[i] = function(*values)
    return out


def text(value: bytes) -> str:
    """Bytes as text that turns back into the same bytes, whatever they are."""
    return value.decode("utf-8", "surrogateescape")


def octets(value: str) -> bytes:
    """The bytes of `text`."""
    return value.encode("utf-8", "surrogateescape")
