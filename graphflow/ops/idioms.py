"""TensorFlow's small compositions that gradients need too: they are made of raw ops alone.

Each returns what TensorFlow 1.15's function of the same name returns and creates the same nodes.
"""

from __future__ import annotations

import functools
import operator
from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import DType, as_dtype, int32
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape


def shape(x: Any, name: str | None = None, out_type: Any = int32, optimize: bool = True) -> Tensor:
    """shape(x): a Const where the shape is known."""
    with build.name_scope(name, "Shape", [x]) as scope:
        known, out = convert(x).shape, as_dtype(out_type)
        if optimize and known.is_static:
            return const(np.array(known.as_tuple(), out.numpy), out, scope)
        # what is no tensor is converted again: TensorFlow makes these nodes too
        return raw.Shape(x, out_type=out, name=scope)


def size(x: Any, name: str | None = None, out_type: Any = int32, optimize: bool = True) -> Tensor:
    """The number of elements: a Const where it is known."""
    with build.name_scope(name, "Size", [x]) as scope:
        out, count = as_dtype(out_type), convert(x).shape.num_elements()
        if optimize and count is not None:
            return const(np.array(count, out.numpy), out, scope)
        return raw.Size(x, out_type=out, name=scope)


def rank(x: Any, name: str | None = None, optimize: bool = True) -> Tensor:
    """The number of dimensions: a Const where it is known."""
    with build.name_scope(name, "Rank", [x]) as scope:
        known = convert(x).shape.rank
        if optimize and known is not None:
            return const(np.array(known, np.int32), int32, scope)
        return raw.Rank(x, name=scope)


def cast(x: Any, dtype: Any, name: str | None = None) -> Tensor:
    """x in another type; the same tensor where it has that type."""
    target = as_dtype(dtype).base_dtype
    if (isinstance(x, Tensor) or getattr(x, "_casts_to_itself", False)) and x.dtype is target:
        return x
    with build.name_scope(name, "Cast", [x]) as scope:
        x = convert(x, name="x")
        if x.dtype.base_dtype is target:
            return x
        return raw.Cast(x, DstT=target, name=scope)


def zeros_like(x: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Zeros of the shape of x: a Const where the shape is known and small."""
    with build.name_scope(name, "zeros_like", [x]) as scope:
        x = convert(x, name="tensor")
        target = x.dtype.base_dtype if dtype is None else as_dtype(dtype).base_dtype
        if optimize and x.shape.is_static and x.dtype.kind != "o":
            return zeros(x.shape, target, scope)
        if target is not x.dtype.base_dtype:
            return zeros(shape(x, optimize=optimize), target, scope)
        return raw.ZerosLike(x, name=scope)


def zeros_shaped_like(x: Tensor) -> Tensor:
    """zeros(shape(x)): another graph than zeros_like makes where the shape is not known."""
    return zeros(shape(x), x.dtype)


def ones_like(x: Any, dtype: Any = None, name: str | None = None, optimize: bool = True) -> Tensor:
    """Ones of the shape of x."""
    with build.name_scope(name, "ones_like", [x]) as scope:
        x = convert(x, name="tensor")
        target = x.dtype.base_dtype if dtype is None else as_dtype(dtype).base_dtype
        ones_shape = shape(x, optimize=optimize)
        return ones(ones_shape, target, scope)


def zeros(dims: Any, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """Zeros of a given shape: a Const where it is small, else a Fill."""
    target = as_dtype(dtype).base_dtype
    value: Any = {"b": False, "s": b""}.get(target.kind, 0)
    return _filled(dims, target, value, "zeros", name)


def ones(dims: Any, dtype: Any = "float32", name: str | None = None) -> Tensor:
    """Ones of a given shape: a Const where it is small, else a Fill."""
    target = as_dtype(dtype).base_dtype
    return _filled(dims, target, target.kind == "b" or 1, "ones", name)


#: a filled array of fewer elements than this is a Const, so that saved graphs stay small
SMALL = 1000


def _filled(dims: Any, dtype: DType, value: Any, kind: str, name: str | None) -> Tensor:
    with build.name_scope(name, kind, [dims]) as scope:
        if not isinstance(dims, Tensor):
            small = _small_shape(dims)
            if small is not None:
                # one element repeated, in memory as in a file
                whole = np.broadcast_to(np.array(value, dtype.numpy), small)
                return const(whole, dtype, scope)
            dims = vector_of_sizes(dims)
        if not dims.shape.rank:
            dims = raw.Reshape(dims, [-1])
        return raw.Fill(dims, const(np.array(value, dtype.numpy), dtype), name=scope)


def _small_shape(dims: Any) -> tuple[int, ...] | None:
    """The shape as a tuple where it is known and small."""
    if isinstance(dims, TensorShape):
        if not dims.is_static:
            return None
        dims = dims.as_tuple()
    if not isinstance(dims, list | tuple | np.ndarray) or not getattr(dims, "ndim", 1):
        # TensorFlow takes the short way for lists alone, though zeros(5) is zeros([5])
        return None
    items = list(dims)
    if any(hasattr(d, "_as_tensor") for d in items):
        # TensorFlow asks `prod(dims) < 1000` of tensors too, and leaves the nodes of the question behind
        functools.reduce(operator.mul, items) < SMALL  # noqa: B015  the nodes count as ops
        return None
    known = TensorShape(items)
    count = known.num_elements()
    return known.as_tuple() if count is not None and count < SMALL else None


def vector_of_sizes(dims: Any) -> Tensor:
    """A shape as TensorFlow converts it: known ones are constants named shape_as_tensor."""
    try:
        sizes = TensorShape(dims).as_tuple()
    except (TypeError, ValueError):
        return convert(dims, dtype=int32)
    wide = any(s > 2**31 - 1 for s in sizes)
    return convert(np.array(sizes, np.int64 if wide else np.int32), name="shape_as_tensor")


def reduced_axes(x: Tensor, axis: Any) -> Any:
    """The axes of a reduction; all of them when `axis` is None: a Const where the rank is known."""
    if axis is not None:
        return axis
    known = x.shape.rank
    if known is not None:
        return const(np.arange(known, dtype=np.int32), int32)
    with build.name_scope(None, "range") as scope:
        return raw.Range(0, rank(x), 1, name=scope)


def div_no_nan(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y, and 0 where y is 0."""
    with build.name_scope(name, "div_no_nan", [x, y]) as scope:
        x = convert(x, name="x")
        y = convert(y, name="y", dtype=x.dtype.base_dtype)
        return raw.DivNoNan(x, y, name=scope)


def scaled(factor: Any, x: Any, name: str | None = None) -> Any:
    """factor * x for a scalar factor, which leaves the rows that IndexedSlices name as they are."""
    factor = convert(factor, dtype=x.dtype.base_dtype, name="scalar")
    if factor.shape.rank != 0:
        raise ValueError(f"Only scalar multiply works, got shape {factor.shape}")
    if isinstance(x, IndexedSlices):
        return IndexedSlices(raw.Mul(factor, x.values, name=name), x.indices, x.dense_shape)
    return raw.Mul(factor, x, name=name)
