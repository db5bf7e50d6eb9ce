"""Tensors that are the same everywhere: Fill, ZerosLike, OnesLike, Empty."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import DType
from graphflow.ir.known import known_list, known_shape, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric.room import check_room
from graphflow.ops import idioms
from graphflow.ops.dims import is_blank
from graphflow.ops.variant_values import zeros_like


class Fill(Op):
    """A tensor of a given shape, every element the same."""

    signature = "dims:index_type, value:T -> output:T | index_type: index = int32"
    by_value = True

    def infer(self, dims: Tensor, value: Tensor) -> Any:
        if dims.shape.rank not in (None, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {dims.shape.rank}")
        if value.shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {value.shape.rank}")
        spelt = known_value(dims)
        if spelt is not None and any(is_blank(d) for d in spelt):
            raise ValueError(f"Fill dimensions must be >= 0, got {list(spelt)}")
        return known_shape(dims)

    def known(self, dims: Tensor, value: Tensor) -> Any:
        sizes, element = known_list(dims), known_value(value)
        return None if sizes is None or element is None else np.full(sizes, element[()], object)

    def reference(self, dims: Any, value: Any) -> Any:
        if any(d < 0 for d in dims):
            raise ValueError(f"Fill dimensions must be >= 0, got {dims.tolist()}")
        check_room(dims, value.dtype.itemsize)
        return np.full(tuple(int(d) for d in dims), value, value.dtype)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [None, raw.Sum(g, idioms.reduced_axes(g, None))] if g is not None else [None, None]


class ZerosLike(Op):
    """Zeros of the shape and type of x."""

    signature = "x:T -> y:T"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def known(self, x: Tensor) -> Any:
        known = x.dtype.is_integer and x.shape.is_static
        return np.zeros(x.shape.as_tuple(), object) if known else None

    def reference(self, x: Any) -> Any:
        if not hasattr(x, "dtype"):
            return zeros_like(x)
        return np.full(x.shape, b"", object) if x.dtype == object else np.zeros_like(x)


class OnesLike(Op):
    """Ones of the shape and type of x."""

    signature = (
        "x:T -> y:T | T: bfloat16, half, float, double, int8, uint8, int16, uint16, int32, int64, "
        "complex64, complex128, bool"
    )
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def known(self, x: Tensor) -> Any:
        known = x.dtype.is_integer and x.shape.is_static
        return np.ones(x.shape.as_tuple(), object) if known else None

    def reference(self, x: Any) -> Any:
        return np.ones_like(x)


class Empty(Op):
    """A tensor of a given shape whose elements mean nothing yet; they are zeros."""

    signature = "shape:int32 -> output:dtype"
    stateful = True
    dtype: DType
    init: bool = False

    def infer(self, sizes: Tensor) -> Any:
        return known_shape(sizes)

    def reference(self, sizes: Any) -> Any:
        if any(s < 0 for s in sizes):
            raise ValueError(f"the shape {sizes.tolist()} has a negative size")
        check_room(sizes, self.dtype.numpy.itemsize)
        fill = b"" if self.dtype.kind == "s" else 0
        return np.full(tuple(int(s) for s in sizes), fill, self.dtype.numpy)
