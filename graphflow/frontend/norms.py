"""Norms of vectors and matrices."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.control_flow import cond
from graphflow.frontend.functional import map_fn
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import conj, fold, reduce_sum, sequence

__all__ = ["norm"]

_MATRIX_NORMS = ["euclidean", "fro", 1, 2, np.inf]
_VECTOR_NORMS = ["euclidean", 1, 2, np.inf]
_BAD_AXIS = "'axis' must be None, an integer, or a tuple of 2 unique integers"


def norm(
    tensor: Any,
    ord: Any = "euclidean",
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    keep_dims: bool | None = None,
) -> Any:
    """The norm of vectors along one axis, of matrices along two, or of all elements."""
    keep = bool(one_of_two("keepdims", keepdims, "keep_dims", keep_dims))
    of_matrices = isinstance(axis, tuple | list) and len(axis) == 2
    axes = _checked_axes(axis, of_matrices)
    _check_order(ord, of_matrices)
    with build.name_scope(name, "norm", [tensor]):
        x = convert(tensor)
        result = _matrix_norm(x, ord, axes) if of_matrices else _vector_norm(x, ord, axes)
        return result if keep else raw.Squeeze(result, squeeze_dims=axes or [])


def _checked_axes(axis: Any, of_matrices: bool) -> tuple[int, ...] | None:
    if of_matrices:
        first, second = axis
        if not isinstance(first, int) or not isinstance(second, int) or first == second:
            raise ValueError(_BAD_AXIS)
        return first, second
    if axis is not None and not isinstance(axis, int):
        raise ValueError(_BAD_AXIS)
    return None if axis is None else (axis,)


def _check_order(ord: Any, of_matrices: bool) -> None:
    if of_matrices:
        if ord not in _MATRIX_NORMS:
            raise ValueError(f"'ord' must be a supported matrix norm in {_MATRIX_NORMS}, got {ord}")
    elif ord not in _VECTOR_NORMS and (not np.isreal(ord) or isinstance(ord, str) or ord <= 0):
        raise ValueError(f"'ord' must be a supported vector norm, got {ord}")


def _root_of_squares(x: Tensor, axes: tuple[int, ...] | None) -> Any:
    return raw.Sqrt(reduce_sum(x * conj(x), axes, keepdims=True))


def _vector_norm(x: Tensor, ord: Any, axes: tuple[int, ...] | None) -> Any:
    if ord in ("fro", "euclidean", 2):
        return _root_of_squares(x, axes)
    size = _magnitude(x)
    axis = None if axes is None else axes[0]
    if ord == 1:
        return reduce_sum(size, axis, keepdims=True)
    if ord == np.inf:
        return fold("Max", size, axis, keepdims=True)
    return raw.Pow(reduce_sum(raw.Pow(size, ord), axes, keepdims=True), 1.0 / ord)


def _matrix_norm(x: Tensor, ord: Any, axes: Any) -> Any:
    if ord in ("fro", "euclidean"):
        return _root_of_squares(x, axes)
    if ord == 2:
        return _largest_singular_value(x, axes)
    size = _magnitude(x)
    if ord == 1:
        return fold("Max", reduce_sum(size, axes[0], keepdims=True), axes[1], keepdims=True)
    return fold("Max", reduce_sum(size, axes[1], keepdims=True), axes[0], keepdims=True)


def _magnitude(x: Tensor) -> Any:
    if x.dtype.is_complex:
        return raw.ComplexAbs(x, Tout=x.dtype.real_dtype, name="Abs")
    return raw.Abs(x)


def _largest_singular_value(x: Tensor, axes: Any) -> Any:
    """The 2-norm: the two axes go last, the singular values are taken, and the axes go back."""
    rank = idioms.rank(x)
    positive = map_fn(
        lambda i: cond(raw.GreaterEqual(i, 0), lambda: i, lambda: i + rank), convert(axes)
    )
    every = sequence(rank)
    before = concat([raw.ListDiff(every, positive)[0], positive], 0)
    after = map_fn(lambda i: _place_of(i, before), every)
    values = raw.Svd(transpose(x, before), compute_uv=False)[0]
    largest = fold("Max", _magnitude(values), -1, keepdims=True)
    return transpose(raw.ExpandDims(largest, -1), after)


def _place_of(i: Tensor, values: Tensor) -> Tensor:
    return idioms.cast(raw.Squeeze(raw.Where(raw.Equal(values, i))), int32)


def normalize(
    tensor: Any, ord: Any = "euclidean", axis: Any = None, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The tensor divided by its norm, and the norm."""
    with build.name_scope(name, "normalize", [tensor]):
        x = convert(tensor)
        size = idioms.cast(norm(x, ord, axis, keepdims=True), x.dtype)
        return x / size, size


NAMESPACES = {"linalg": ["norm", "normalize"]}
