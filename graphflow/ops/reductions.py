"""Reductions: many elements along some axes become one."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import DType, int32, int64
from graphflow.ir.known import LIMIT, known_list, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import (
    conj,
    constant_for_gradient,
    reduce_prod,
    reduce_sum,
    reduced_shape,
    safe_shape_div,
    sequence,
    shape_of_kept_axes,
)

_NUMERIC = "T: number, qint8, quint8, qint32; Tidx: index = int32"


def _wide(x: Any) -> Any:
    """Half-width floats as float32, in which they are summed and rounded once."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 and x.dtype.kind in "fV" else x


def _axes_within(axes: Any, rank: int, what: str) -> tuple[int, ...]:
    """The axes counted from the front, each once, or ValueError."""
    for axis in axes:
        if not -rank <= axis < rank:
            raise ValueError(f"Invalid {what} {axis} for input with {rank} dimensions.")
    return tuple(sorted({int(axis) % rank for axis in axes}))


class Reduction(Op, abstract=True):
    """An op that folds the axes it is told with a function of two elements."""

    signature = f"input:T, reduction_indices:Tidx -> output:T | {_NUMERIC}"
    by_value = True
    keep_dims: bool = False

    def infer(self, x: Tensor, axes: Tensor) -> Any:
        axes.shape.with_rank_at_most(1)
        dims, known = x.shape.known, known_list(axes)
        if dims is None:
            return UNKNOWN
        if known is None:
            return TensorShape([None] * len(dims)) if self.keep_dims else UNKNOWN
        folded = _axes_within(known, len(dims), "reduction dimension")
        if self.keep_dims:
            return TensorShape.of(tuple(1 if i in folded else d for i, d in enumerate(dims)))
        return TensorShape.of(tuple(d for i, d in enumerate(dims) if i not in folded))

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        """The reduction itself; half-width floats come as float32, and `axes` may be empty."""
        raise NotImplementedError

    def fold_known(self, sizes: Counter[Dim]) -> Dim | None:
        """The reduction of sizes where symbols do not hide it."""
        return None

    def known(self, x: Tensor, axes: Tensor) -> Any:
        count, folded = x.shape.num_elements(), known_list(axes)
        if x.dtype.kind not in "iu" or count is None or count > LIMIT or folded is None:
            return None
        values = known_value(x)
        if values is None:
            return None
        if all(isinstance(v, int | np.integer) for v in values.ravel()):
            return self.reference(values.astype(x.dtype.base_dtype.numpy), np.array(folded, int))
        if values.ndim != 1 or not folded or any(_negative(v) for v in values):
            return None
        sizes = Counter(values.tolist())
        known = self.fold_known(sizes)
        found = np.empty((1,) if self.keep_dims else (), object)
        found[...] = _unnamed(self, frozenset(sizes.items())) if known is None else known
        return found

    def reference(self, x: Any, axes: Any) -> Any:
        folded = _axes_within(np.ravel(axes).tolist(), x.ndim, "reduction dimension")
        with np.errstate(all="ignore"):
            result = np.asarray(self.fold(_wide(x), folded)).astype(x.dtype, copy=False)
        if not self.keep_dims:
            return result
        return result.reshape([1 if i in folded else n for i, n in enumerate(x.shape)])


def _negative(value: Any) -> bool:
    return not isinstance(value, Symbol) and (value is None or value < 0)


@functools.lru_cache(maxsize=4096)
def _unnamed(op: Reduction, sizes: frozenset[tuple[Dim, int]]) -> Symbol:
    """One symbol for each reduction of the same sizes, so that equal results are seen to be equal."""
    return Symbol()


class Sum(Reduction):
    """The sum of the elements."""

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        return np.add.reduce(x, axes, dtype=x.dtype, initial=x.dtype.type(0))

    def fold_known(self, sizes: Counter[Dim]) -> Dim | None:
        terms = [v for v in sizes.elements() if v != 0]
        return terms[0] if len(terms) == 1 else None

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [_spread(n, g), None]


class Mean(Reduction):
    """The arithmetic mean of the elements; integers truncate."""

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        total = np.add.reduce(x, axes, dtype=x.dtype)
        count = int(np.prod([x.shape[i] for i in axes], dtype=np.int64))
        if x.dtype.kind not in "iu":
            return total / x.dtype.type(count)
        if count == 0:
            return np.zeros_like(total)
        exact = total if x.dtype.itemsize == 8 else total.astype(np.int64)
        floor = exact // exact.dtype.type(count)
        return floor + ((exact < 0) & (floor * exact.dtype.type(count) != exact))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        spread = _spread(n, g)
        x, y = n.inputs[0], n.outputs[0]
        if x.shape.is_static and y.shape.is_static:
            size, groups = x.shape.num_elements() or 0, y.shape.num_elements() or 0
            factor = constant(size // max(groups, 1), spread.dtype)
        else:
            sizes, kept = idioms.shape(x), idioms.shape(y)
            factor = safe_shape_div(reduce_prod(sizes), reduce_prod(kept))
        return [spread / idioms.cast(factor, spread.dtype), None]


class Prod(Reduction):
    """The product of the elements."""

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        return np.multiply.reduce(x, axes, dtype=x.dtype)

    def fold_known(self, sizes: Counter[Dim]) -> Dim | None:
        if 0 in sizes:
            return 0
        factors = [v for v in sizes.elements() if v != 1]
        return factors[0] if len(factors) == 1 else None

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """The gradient times the product of all the other elements, which zeros cannot spoil."""
        x, axes = n.inputs
        shape = idioms.shape(x)
        axes = raw.Reshape(axes, [-1])
        kept = reduced_shape(shape, n.inputs[1])
        tiles = safe_shape_div(shape, kept)
        g = raw.Tile(raw.Reshape(g, kept), tiles)
        with current_graph().device("/cpu:0"):
            rank = idioms.rank(x)
            axes = (axes + rank) % rank
            folded = idioms.cast(axes, "int32")
            other = raw.ListDiff(sequence(0, rank), folded)[0]
            perm = raw.ConcatV2([folded, other], 0, name="concat")
            sizes = [reduce_prod(raw.GatherV2(shape, chosen, 0)) for chosen in (folded, other)]
        permuted = raw.Transpose(x, perm, name="transpose")
        permuted_shape = idioms.shape(permuted)
        rows = raw.Reshape(permuted, sizes)
        left = raw.Cumprod(rows, 0, exclusive=True)
        right = raw.Cumprod(rows, 0, exclusive=True, reverse=True)
        others = raw.Reshape(conj(left) * conj(right), permuted_shape)
        back = raw.Transpose(others, raw.InvertPermutation(perm), name="transpose")
        return [raw.Reshape(g * back, shape), None]


class _Extremum(Reduction, abstract=True):
    pick: ClassVar[Any]

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        if x.dtype.kind == "c":
            raise ValueError(f"{self.type} of {x.dtype}: complex numbers have no order")
        return type(self).pick.reduce(x, axes, initial=self.nothing(x.dtype))

    def nothing(self, dtype: Any) -> Any:
        """The extremum of no elements."""
        raise NotImplementedError

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """The gradient goes to the extreme elements, in equal parts."""
        x, axes = n.inputs
        kept = reduced_shape(idioms.shape(x), axes)
        y = raw.Reshape(n.outputs[0], kept)
        g = raw.Reshape(g, kept)
        chosen = idioms.cast(raw.Equal(y, x), g.dtype)
        count = raw.Reshape(reduce_sum(chosen, axes), kept)
        return [chosen / count * g, None]


class Max(_Extremum):
    """The largest element; NaN where there is one."""

    pick = np.maximum

    def nothing(self, dtype: Any) -> Any:
        return -np.inf if dtype.kind not in "iu" else np.iinfo(dtype).min

    def fold_known(self, sizes: Counter[Dim]) -> Dim | None:
        return next(iter(sizes)) if len(sizes) == 1 else None


class Min(_Extremum):
    """The smallest element; NaN where there is one."""

    pick = np.minimum

    def nothing(self, dtype: Any) -> Any:
        return np.inf if dtype.kind not in "iu" else np.iinfo(dtype).max

    def fold_known(self, sizes: Counter[Dim]) -> Dim | None:
        if 0 in sizes:
            return 0
        return next(iter(sizes)) if len(sizes) == 1 else None


class EuclideanNorm(Reduction):
    """sqrt(sum |x|^2)."""

    differentiable = False

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        squares = x * x.conj()
        return np.sqrt(np.add.reduce(squares, axes, dtype=x.dtype))


class _Logical(Reduction, abstract=True):
    signature = "input:bool, reduction_indices:Tidx -> output:bool | Tidx: index = int32"
    differentiable = False


class All(_Logical):
    """Whether every element is true."""

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        return np.logical_and.reduce(x, axes)


class Any_(_Logical):
    """Whether some element is true."""

    type = "Any"

    def fold(self, x: Any, axes: tuple[int, ...]) -> Any:
        return np.logical_or.reduce(x, axes)


class _Place(Op, abstract=True):
    signature = f"input:T, dimension:Tidx -> output:output_type | {_NUMERIC}; output_type: index"
    by_value = True
    output_type: DType = int64
    first: ClassVar[Any]

    def infer(self, x: Tensor, axis: Tensor) -> Any:
        axis.shape.assert_has_rank(0)
        dims, known = x.shape.known, known_list(axis)
        if dims is None or known is None:
            return UNKNOWN if dims is None else TensorShape([None] * max(len(dims) - 1, 0))
        if len(dims) <= 1:
            return TensorShape(())
        at = self._axis(known[0], len(dims))
        return TensorShape.of(dims[:at] + dims[at + 1 :])

    def _axis(self, axis: int, rank: int) -> int:
        if not -rank <= axis < rank:
            raise ValueError(
                f"Dimension ({axis}) must be in the range [{-rank}, {rank}), "
                f"where {rank} is the number of dimensions in the input."
            )
        return axis % rank

    def reference(self, x: Any, axis: Any) -> Any:
        at = self._axis(int(axis), x.ndim)
        if x.dtype.kind == "c":
            raise ValueError(f"{self.type} of {x.dtype}: complex numbers have no order")
        dtype, kept = self.output_type.numpy, x.shape[:at] + x.shape[at + 1 :]
        if x.size == 0:
            if 0 not in kept:
                raise ValueError(f"Reduction axis {at} is empty in shape {list(x.shape)}")
            return np.zeros(kept, dtype)
        return np.asarray(type(self).first(_wide(x), at)).astype(dtype)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [None, None]


class ArgMax(_Place):
    """The place of the largest element along an axis, of the first one where several are; NaN is larger."""

    first = np.argmax


class ArgMin(_Place):
    """The place of the smallest element along an axis, of the first one where several are; NaN is smaller."""

    first = np.argmin


def _spread(n: Node, g: Tensor) -> Tensor:
    """The gradient of a sum: the same value for every element that went into it."""
    x, axes = n.inputs
    rank = x.shape.rank
    if rank is not None:
        known = constant_for_gradient(axes)
        if known is not None:
            if np.array_equal(known, np.arange(rank)):
                g = raw.Reshape(g, [1] * rank)
                static = x.shape.is_static
                sizes = constant(x.shape.as_tuple(), int32) if static else idioms.shape(x)
                return raw.Tile(g, sizes)
            if x.shape.is_static:
                kept, tiles = shape_of_kept_axes(x.shape.as_tuple(), tuple(known.ravel().tolist()))
                return raw.Tile(raw.Reshape(g, kept), tiles)
    sizes = idioms.shape(x)
    with current_graph().colocate_with(sizes):
        kept_shape = reduced_shape(sizes, axes)
        scaling = safe_shape_div(sizes, kept_shape)
    return raw.Tile(raw.Reshape(g, kept_shape), scaling)
