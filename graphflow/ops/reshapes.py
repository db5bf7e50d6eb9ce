"""The same elements under another shape: Reshape, Squeeze, ExpandDims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_scalar, known_shape, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.ops import idioms
from graphflow.ops.dims import factors, is_blank, refusal


def reshape_like(n: Node, g: Tensor | None) -> Tensor:
    """The gradient under the shape of the first input."""
    out: Tensor = raw.Reshape(g, idioms.shape(n.inputs[0]))
    return out


class Reshape(Op):
    """The same elements in the same order under another shape; a size of -1 is what is left."""

    signature = "tensor:T, shape:Tshape -> output:T | Tshape: index = int32"
    by_value = True

    def infer(self, x: Tensor, sizes: Tensor) -> Any:
        if sizes.shape.rank not in (None, 0, 1):
            raise ValueError(f"Shape must be rank 1 but is rank {sizes.shape.rank}")
        target = known_shape(sizes).known
        if target is None:
            return UNKNOWN
        spelt = known_value(sizes)
        blanks = [i for i, v in enumerate(() if spelt is None else spelt) if is_blank(v)]
        if len(blanks) != 1 and x.shape.is_static:
            # whatever the one unknown size turns out to be, the elements must come out even
            blanks = [i for i, d in enumerate(target) if isinstance(d, Symbol)]
        if len(blanks) == 1:
            return _filled_in(x.shape, target, blanks[0])
        have, want = x.shape.num_elements(), TensorShape.of(target).num_elements()
        if have is not None and want is not None and have != want:
            raise refusal(
                f"Cannot reshape a tensor with {have} elements to shape {list(target)} "
                f"({want} elements)",
                "one size may be -1, which stands for whatever is left",
            )
        return TensorShape.of(target)

    def known(self, x: Tensor, sizes: Tensor) -> Any:
        value, target = known_value(x), known_shape(sizes).known
        if value is None or target is None:
            return None
        if sum(isinstance(d, Symbol) for d in target) > 1:
            return None
        return value.reshape([-1 if isinstance(d, Symbol) else d for d in target])

    def reference(self, x: Any, sizes: Any) -> Any:
        return x.reshape(_complete([int(s) for s in sizes], x.shape))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [reshape_like(n, g), None]


def _complete(sizes: list[int], shape: tuple[int, ...]) -> list[int]:
    """The sizes, with a -1 replaced by what a tensor of `shape` leaves for it."""
    count = math.prod(shape)
    for i, size in enumerate(sizes):
        if size < -1:
            raise ValueError(f"Size {i} must be non-negative, not {size}")
    blanks = [i for i, size in enumerate(sizes) if size == -1]
    if len(blanks) > 1:
        raise ValueError(f"Only one input size may be -1, not both {blanks[0]} and {blanks[1]}")
    spelt = list(sizes)
    if blanks:
        # [0, -1] of an empty (0, 6) is (0, 6): where a size of 0 is asked for, zeros do not count
        empty = 0 in sizes
        rest = math.prod(size for size in sizes if size > 0)
        have = math.prod(d for d in shape if d or not empty)
        sizes[blanks[0]] = have // rest
    if math.prod(sizes) != count:
        raise ValueError(
            f"Input to reshape is a tensor with {count} values, "
            f"but the requested shape {spelt} "
            + (f"requires a multiple of {rest}" if blanks else f"has {math.prod(sizes)}")
        )
    return sizes


def _filled_in(shape: TensorShape, target: tuple[Dim, ...], blank: int) -> TensorShape:
    """The target with its one open size replaced by what the sizes of the input leave for it."""
    before, after = target[:blank], target[blank + 1 :]
    have, symbols = factors(shape.known)
    want, wanted = factors(before + after)
    if symbols is None or wanted is None or wanted - symbols:
        return TensorShape.of(target)
    left = symbols - wanted
    if want == 0:
        if shape.is_static and have:
            raise ValueError(f"Cannot reshape {shape} of {have} elements to an empty shape")
    elif not left:
        if have % want:
            raise refusal(
                f"Dimension size must be evenly divisible by {want}: "
                f"cannot reshape {shape} to shape {TensorShape.of(target)}",
                f"the input has {have} elements, which no whole number of rows of {want} makes",
            )
        return TensorShape.of((*before, have // want, *after))
    elif left.total() == 1 and have == want:
        return TensorShape.of((*before, next(iter(left)), *after))
    return TensorShape.of(target)


class Squeeze(Op):
    """The tensor without its dimensions of size 1, or without those named."""

    signature = "input:T -> output:T"
    squeeze_dims: tuple[int, ...] = ()

    def infer(self, x: Tensor) -> Any:
        dims = x.shape.known
        if dims is None:
            return UNKNOWN
        if not self.squeeze_dims:
            if any(isinstance(d, Symbol) for d in dims):
                return UNKNOWN
            return TensorShape.of(tuple(d for d in dims if d != 1))
        gone = self._axes(len(dims))
        for axis in gone:
            if isinstance(dims[axis], int) and dims[axis] != 1:
                raise _not_one(axis, dims[axis])
        return TensorShape.of(tuple(d for i, d in enumerate(dims) if i not in gone))

    def _axes(self, rank: int) -> set[int]:
        for axis in self.squeeze_dims:
            if not -rank <= axis < rank:
                raise ValueError(f"squeeze_dims[{axis}] not in [{-rank},{rank}).")
        return {axis % rank for axis in self.squeeze_dims}

    def known(self, x: Tensor) -> Any:
        value = known_value(x)
        return None if value is None else self.reference(value)

    def reference(self, x: Any) -> Any:
        ones = {i for i, d in enumerate(x.shape) if d == 1}
        axes = self._axes(x.ndim) if self.squeeze_dims else ones
        for axis in axes:
            if x.shape[axis] != 1:
                raise _not_one(axis, x.shape[axis])
        return x.reshape([d for i, d in enumerate(x.shape) if i not in axes])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [reshape_like(n, g)]


def _not_one(axis: int, size: Any) -> ValueError:
    return refusal(
        f"Can not squeeze dim[{axis}], expected a dimension of 1, got {size}",
        "only dimensions of size 1 can go: x[:, 0] takes one entry of a larger one",
    )


class ExpandDims(Op):
    """The tensor with a dimension of size 1 put in at `dim`."""

    signature = "input:T, dim:Tdim -> output:T | Tdim: index = int32"
    by_value = True

    def infer(self, x: Tensor, dim: Tensor) -> Any:
        if dim.shape.num_elements() not in (None, 1):
            raise ValueError("'dim' input must be a tensor with a single value")
        dims, at = x.shape.known, known_scalar(dim)
        if dims is None:
            return UNKNOWN
        if at is None:
            return TensorShape([None] * (len(dims) + 1))
        at = _new_axis(at, len(dims))
        return TensorShape.of((*dims[:at], 1, *dims[at:]))

    def known(self, x: Tensor, dim: Tensor) -> Any:
        value, at = known_value(x), known_scalar(dim)
        return None if value is None or at is None else np.expand_dims(value, at)

    def reference(self, x: Any, dim: Any) -> Any:
        if np.size(dim) != 1:
            raise ValueError(f"'dim' must be a tensor with a single value, it has {np.size(dim)}")
        return np.expand_dims(x, _new_axis(int(np.ravel(dim)[0]), x.ndim))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [reshape_like(n, g), None]


def _new_axis(at: int, rank: int) -> int:
    if not -rank - 1 <= at <= rank:
        raise ValueError(f"dim {at} not in the interval [{-rank - 1}, {rank}].")
    return at + rank + 1 if at < 0 else at
