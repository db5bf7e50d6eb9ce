"""Several tensors into one: Pack, ConcatV2 and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import const
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.known import known_list, known_scalar
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.ops import arrays, idioms
from graphflow.ops.dims import (
    axis_within,
    constant_axis,
    known_entries,
    normal_axis,
    refusal,
    total,
)
from graphflow.ops.reduce_idioms import constant_for_gradient
from graphflow.ops.session_resources import wrapped


def merged(xs: Sequence[Tensor], what: str) -> TensorShape:
    """What the shapes of all of `xs` tell together, which must be the same shape."""
    shape = UNKNOWN
    for x in xs:
        try:
            shape = shape.merge_with(x.shape)
        except ValueError:
            raise refusal(
                f"Shapes of all inputs must {what}: {shape} and {x.shape} differ",
                "tf.stack takes tensors of one shape, tf.concat tensors that differ along its axis",
            ) from None
    return shape


class Pack(Op):
    """Tensors of one shape side by side along a new axis."""

    signature = "values:N*T -> output:T"
    axis: int = 0

    def infer(self, xs: list[Tensor]) -> Any:
        if not xs:
            raise ValueError("Pack needs at least one value")
        shape = merged(xs, "match")
        if shape.known is None:
            return UNKNOWN
        at = axis_within(self.axis, len(shape.known) + 1)
        return TensorShape.of((*shape.known[:at], len(xs), *shape.known[at:]))

    def known(self, xs: list[Tensor]) -> Any:
        shape = merged(xs, "match")
        values: list[Any] = [known_entries(x, shape) for x in xs]
        return None if any(v is None for v in values) else np.stack(values, self.axis)

    def reference(self, xs: list[Any]) -> Any:
        xs = [x if isinstance(x, np.ndarray) else wrapped(x) for x in xs]
        shapes = {x.shape for x in xs}
        if len(shapes) > 1:
            raise ValueError(f"Shapes of all inputs must match: they are {sorted(shapes)}")
        return np.stack(xs, axis_within(self.axis, xs[0].ndim + 1))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return arrays.unstack(g, len(n.inputs), self.axis)


class ConcatV2(Op):
    """Tensors one after the other along an axis that they have."""

    signature = "values:N*T, axis:Tidx -> output:T | Tidx: index = int32"
    by_value = True

    def infer(self, xs: list[Tensor], axis: Tensor) -> Any:
        return _concatenated(xs, axis)

    def known(self, xs: list[Tensor], axis: Tensor) -> Any:
        return _known_join(xs, axis)

    def reference(self, xs: list[Any], axis: Any) -> Any:
        return _joined(xs, int(axis))

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        return [*_concat_gradient(n.inputs[:-1], n.inputs[-1], g), None]


class Concat(Op):
    """Tensors one after the other along an axis that they have."""

    signature = "concat_dim:int32, values:N*T -> output:T"
    by_value = True

    def infer(self, axis: Tensor, xs: list[Tensor]) -> Any:
        return _concatenated(xs, axis)

    def known(self, axis: Tensor, xs: list[Tensor]) -> Any:
        return _known_join(xs, axis)

    def reference(self, axis: Any, xs: list[Any]) -> Any:
        return _joined(xs, int(axis))

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        return [None, *_concat_gradient(n.inputs[1:], n.inputs[0], g)]


def _known_join(xs: list[Tensor], axis: Tensor) -> Any:
    at = known_scalar(axis)
    values: list[Any] = [known_entries(x) for x in xs]
    return None if at is None or any(v is None for v in values) else np.concatenate(values, at)


def _concatenated(xs: list[Tensor], axis: Tensor) -> TensorShape:
    rank = next((x.shape.rank for x in xs if x.shape.rank is not None), None)
    if rank is None:
        return UNKNOWN
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    for x in xs:
        if x.shape.rank not in (None, rank):
            raise ValueError(f"Shape must be rank {rank} but is rank {x.shape.rank}: {x.shape}")
    at = constant_axis(axis, rank)
    if at is None:
        return TensorShape([None] * rank)
    shape, lengths = UNKNOWN, []
    for x in xs:
        dims = x.shape if x.shape.known is not None else TensorShape([None] * rank)
        lengths.append(dims[at].dim)
        rest = dims[:at].concatenate([None]).concatenate(dims[at + 1 :])
        try:
            shape = shape.merge_with(rest)
        except ValueError:
            raise refusal(
                f"Dimensions of all inputs must match except along axis {at}: "
                f"{xs[0].shape} and {x.shape}",
                "tf.concat joins along an axis that is there, tf.stack makes a new one",
            ) from None
    return shape[:at].concatenate([total(lengths)]).concatenate(shape[at + 1 :])


def _joined(xs: list[Any], axis: int) -> Any:
    rank = xs[0].ndim
    if rank == 0:
        raise ValueError("Can't concatenate scalars (use tf.stack instead)")
    at = axis_within(axis, rank)
    for x in xs:
        if x.ndim != rank or x.shape[:at] + x.shape[at + 1 :] != (
            xs[0].shape[:at] + xs[0].shape[at + 1 :]
        ):
            raise ValueError(
                "Dimensions of inputs should match: "
                f"shape[0] = {list(xs[0].shape)} vs. {list(x.shape)}"
            )
    return np.concatenate(xs, at)


def _concat_gradient(xs: Sequence[Tensor], axis: Tensor, g: Any) -> list[Any]:
    """For each of `xs` its part of g."""
    if g is None:
        return [None] * len(xs)
    at = axis % idioms.rank(xs[0])
    if isinstance(g, IndexedSlices):
        return _concat_gradient_of_rows(xs, axis, at, g)
    sizes = _sizes(xs)
    if len(sizes) > 16:
        parts = raw.Squeeze(raw.Slice(arrays.stack(sizes, axis=1), [at, 0], [1, -1]))
        return arrays.split(g, parts, at)
    offsets = raw.ConcatOffset(at, sizes)
    return [raw.Slice(g, o, s) for o, s in zip(offsets, sizes, strict=True)]


def _sizes(xs: Sequence[Tensor]) -> list[Tensor]:
    """The shapes of all, as constants if all are known, else from one ShapeN."""
    sizes = []
    for x in xs:
        size = idioms.shape(x)
        if size.node.type != "Const":
            found: list[Tensor] = raw.ShapeN(list(xs))
            return found
        sizes.append(size)
    return sizes


def _concat_gradient_of_rows(
    xs: Sequence[Tensor], axis: Tensor, at: Tensor, g: IndexedSlices
) -> list[IndexedSlices]:
    """As above where only some rows of g are there."""
    value = constant_for_gradient(axis)
    if value is None:
        raise ValueError("Can only compute IndexedSlices gradient with statically-known concat_dim")
    number = normal_axis(int(value), xs[0].shape.rank)
    if number is None:
        raise ValueError(
            "Can only compute IndexedSlices gradient with negative concat_dim when first value "
            "rank is statically-known."
        )
    if int(value) < 0:
        idioms.rank(xs[0])
    sizes = [idioms.shape(x) for x in xs]
    return _columns(g, at, sizes) if number else _rows(g, at, sizes)


def _columns(g: IndexedSlices, at: Tensor, sizes: list[Tensor]) -> list[IndexedSlices]:
    """Every input has all the rows, and of each a part."""
    length = idioms.shape(sizes[0])
    before = raw.Fill(raw.ExpandDims(at, 0), 0)
    mask = arrays.concat([before, [1], raw.Fill(length - at - 1, 0)], 0)
    begin = raw.Fill(length, 0)
    parts = []
    for size in sizes:
        tail = arrays.concat([[-1], raw.Slice(size, [1], [-1])], 0)
        parts.append(IndexedSlices(raw.Slice(g.values, begin, tail), g.indices, size))
        begin = raw.Add(begin, size * mask)
    return parts


def _rows(g: IndexedSlices, at: Tensor, sizes: list[Tensor]) -> list[IndexedSlices]:
    """Every input has some of the rows."""
    start = const(g.indices.dtype.base_dtype.numpy.type(0), g.indices.dtype.base_dtype)
    parts = []
    for size in sizes:
        length = raw.GatherV2(size, at, 0)
        if length.dtype is not g.indices.dtype.base_dtype:
            length = idioms.cast(length, g.indices.dtype)
        end = start + length
        inside = raw.LogicalAnd(g.indices >= start, g.indices < end)
        chosen = raw.Squeeze(arrays.where(inside), squeeze_dims=[1])
        rows = raw.GatherV2(g.indices, chosen, 0) - start
        parts.append(IndexedSlices(raw.GatherV2(g.values, chosen, 0), rows, size))
        start = end
    return parts


class ConcatOffset(Op):
    """Where each input of a concatenation starts in the result, from their shapes."""

    signature = "concat_dim:int32, shape:N*int32 -> offset:N*int32"
    differentiable = False

    def infer(self, axis: Tensor, shapes: list[Tensor]) -> Any:
        return tuple(s.shape for s in shapes)

    def known(self, axis: Tensor, shapes: list[Tensor]) -> Any:
        at, sizes = known_scalar(axis), [known_list(s) for s in shapes]
        if at is None or any(s is None for s in sizes):
            return None
        return self.reference(np.int32(at), [np.array(s, np.int32) for s in sizes])

    def reference(self, axis: Any, shapes: list[Any]) -> Any:
        at = axis_within(axis, len(shapes[0]))
        offsets, start = [], 0
        for shape in shapes:
            if len(shape) != len(shapes[0]):
                raise ValueError(f"input ranks differ: {len(shapes[0])} and {len(shape)}")
            for i, (a, b) in enumerate(zip(shapes[0], shape, strict=True)):
                if i != at and a != b:
                    raise ValueError(
                        "All dimensions except the axis must match: "
                        f"{shapes[0].tolist()} and {shape.tolist()}"
                    )
            offset = np.zeros_like(shape)
            offset[at] = start
            start += int(shape[at])
            offsets.append(offset)
        return tuple(offsets)


class ParallelConcat(Op):
    """Tensors with a first dimension of 1, one after the other."""

    signature = "values:N*T -> output:T"
    shape: TensorShape

    def infer(self, xs: list[Tensor]) -> Any:
        if not self.shape.is_static:
            raise ValueError("All input shapes must be fully defined.")
        rows = merged(xs, "match").merge_with(TensorShape([1, *self.shape.as_tuple()[1:]]))
        if rows.known is None or self.shape.known is None or self.shape.known[0] != len(xs):
            raise ValueError(f"{len(xs)} rows do not make the shape {self.shape}")
        return self.shape

    def reference(self, xs: list[Any]) -> Any:
        return np.concatenate(xs, 0)
