"""Sparse tensors under other coordinates: SparseReorder, SparseReshape, SparseSlice, SparseConcat."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_list
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Dim, Symbol, TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms, sparse_idioms
from graphflow.ops.dims import total
from graphflow.ops.reduce_idioms import sequence
from graphflow.ops.sparse_dense import NUMERIC
from graphflow.ops.sparse_idioms import check_inside


def in_order(indices: Any) -> Any:
    """The permutation that sorts rows of coordinates; equal ones stay in order."""
    columns = indices.T[::-1]
    return np.lexsort(columns) if len(columns) else np.arange(len(indices))


def rank_of(shape: Tensor) -> int | None:
    """The number of coordinates, from the vector of sizes."""
    return shape.shape.with_rank(1).num_elements()


def some(
    rank: int | None, count: Dim | None = None
) -> tuple[TensorShape, TensorShape, TensorShape]:
    """The shapes of the three parts of a sparse tensor; the number of its elements may be open."""
    count = Symbol() if count is None else count
    coordinates: Any = Symbol() if rank is None else rank
    return (
        TensorShape.of((count, coordinates)),
        TensorShape.of((count,)),
        TensorShape.of((coordinates,)),
    )


class SparseReorder(Op):
    """The same elements in the order of their coordinates."""

    signature = (
        "input_indices:int64, input_values:T, input_shape:int64 "
        "-> output_indices:int64, output_values:T"
    )

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        return indices.shape, values.shape

    def reference(self, indices: Any, values: Any, shape: Any) -> Any:
        check_inside(indices, shape)
        order = in_order(indices)
        return indices[order], values[order]

    def gradient(self, n: Node, _: Tensor | None, g: Tensor) -> Sequence[Tensor | None]:
        indices, _values, shape = n.inputs
        numbers = sequence(idioms.shape(indices)[0])
        ordered = sparse_idioms.reorder(SparseTensor(indices, numbers, shape))
        return [None, raw.GatherV2(g, raw.InvertPermutation(ordered.values), 0), None]


class SparseReshape(Op):
    """The coordinates that the elements have under another shape."""

    signature = (
        "input_indices:int64, input_shape:int64, new_shape:int64 "
        "-> output_indices:int64, output_shape:int64"
    )

    def infer(self, indices: Tensor, shape: Tensor, new_shape: Tensor) -> Any:
        rows = indices.shape.with_rank(2).known
        sizes = new_shape.shape.with_rank(1).known
        count, rank = (rows or (Symbol(),))[0], (sizes or (Symbol(),))[0]
        return TensorShape.of((count, rank)), TensorShape.of((rank,))

    def reference(self, indices: Any, shape: Any, new_shape: Any) -> Any:
        old, new = [int(s) for s in shape], [int(s) for s in new_shape]
        if new.count(-1) > 1:
            raise ValueError(f"only one output dimension may be -1, not {new}")
        whole = math.prod(old)
        if -1 in new:
            rest = math.prod(s for s in new if s != -1)
            if rest == 0 or whole % rest:
                raise ValueError(
                    f"Input to reshape is a SparseTensor with {whole} dense values, but the "
                    f"requested shape requires a multiple of {rest}"
                )
            new[new.index(-1)] = whole // rest
        if math.prod(new) != whole:
            raise ValueError(
                f"Input to reshape is a tensor with {whole} dense values, but the requested "
                f"shape {new} has {math.prod(new)}"
            )
        check_inside(indices, shape)
        if not len(indices) or not old or not new:
            return np.zeros((len(indices), len(new)), np.int64), np.array(new, np.int64)
        flat = np.ravel_multi_index(tuple(indices.T), old)
        return np.stack(np.unravel_index(flat, new), 1), np.array(new, np.int64)


class SparseSlice(Op):
    """The elements inside a box, with coordinates counted from its corner."""

    signature = (
        "indices:int64, values:T, shape:int64, start:int64, size:int64 "
        "-> output_indices:int64, output_values:T, output_shape:int64"
    )

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, *_: Tensor) -> Any:
        return some(rank_of(shape))

    def known(self, indices: Tensor, values: Tensor, *sizes: Tensor) -> Any:
        numbers = [known_list(s) for s in sizes]
        if any(n is None for n in numbers):
            return None, None, None
        return None, None, _overlap(*(np.array(n, np.int64) for n in numbers))

    def reference(self, indices: Any, values: Any, shape: Any, start: Any, size: Any) -> Any:
        if start.shape != shape.shape or size.shape != shape.shape:
            raise ValueError(
                f"start {start.tolist()} and size {size.tolist()} must have one entry for each "
                f"dimension of {shape.tolist()}"
            )
        inside = ((indices >= start) & (indices < start + size)).all(1)
        return indices[inside] - start, values[inside], _overlap(shape, start, size)

    def gradient(
        self, n: Node, _: Tensor | None, g: Tensor, __: Tensor | None
    ) -> Sequence[Tensor | None]:
        values = raw.SparseSliceGrad(g, n.inputs[0], n.inputs[3], n.outputs[0])
        values.set_shape(n.inputs[1].shape)
        return [None, values, None, None, None]


def _overlap(shape: Any, start: Any, size: Any) -> Any:
    """The sizes of what the box and the whole have in common."""
    return np.clip(np.minimum(size, shape - start), 0, None)


class SparseSliceGrad(Op):
    """The gradients of the elements inside the box, zero for those outside."""

    signature = (
        "backprop_val_grad:T, input_indices:int64, input_start:int64, output_indices:int64 "
        f"-> val_grad:T | {NUMERIC}"
    )

    def infer(self, g: Tensor, indices: Tensor, start: Tensor, kept: Tensor) -> Any:
        return indices.shape.with_rank(2)[:1]

    def reference(self, g: Any, indices: Any, start: Any, kept: Any) -> Any:
        places = {tuple(row): i for i, row in enumerate((kept + start).tolist())}
        out = np.zeros(len(indices), g.dtype)
        for i, row in enumerate(indices.tolist()):
            at = places.get(tuple(row))
            if at is not None:
                out[i] = g[at]
        return out


class SparseConcat(Op):
    """Sparse tensors one after the other along an axis."""

    signature = (
        "indices:N*int64, values:N*T, shapes:N*int64 "
        "-> output_indices:int64, output_values:T, output_shape:int64"
    )
    differentiable = False
    concat_dim: int

    def infer(self, indices: list[Tensor], values: list[Tensor], shapes: list[Tensor]) -> Any:
        rank = next((r for s in shapes if (r := rank_of(s)) is not None), None)
        rows = [(v.shape.with_rank(1).known or (Symbol(),))[0] for v in values]
        return some(rank, total(rows))

    def reference(self, indices: list[Any], values: list[Any], shapes: list[Any]) -> Any:
        rank = len(shapes[0])
        if not -rank <= self.concat_dim < rank:
            raise ValueError(f"Concat dimension must be in range [{-rank}, {rank})")
        axis = self.concat_dim % rank
        for i, shape in enumerate(shapes):
            same = np.delete(shape, axis), np.delete(shapes[0], axis)
            if len(shape) != rank or not np.array_equal(*same):
                raise ValueError(
                    f"Input shapes must match: expected {shapes[0].tolist()} but got "
                    f"{shape.tolist()} at position {i}"
                )
        lengths = [int(s[axis]) for s in shapes]
        moved = []
        for rows, start in zip(indices, np.cumsum([0, *lengths[:-1]]), strict=True):
            shifted = rows.copy()
            shifted[:, axis] += start
            moved.append(shifted)
        rows, joined = np.concatenate(moved), np.concatenate(values)
        order = in_order(rows)
        whole = shapes[0].copy()
        whole[axis] = sum(lengths)
        return rows[order], joined[order], whole


class SparseSplit(Op):
    """So many parts of a sparse tensor along an axis, the first ones longer by one if need be."""

    signature = (
        "split_dim:int64, indices:int64, values:T, shape:int64 -> output_indices:num_split*int64, "
        "output_values:num_split*T, output_shape:num_split*int64"
    )
    num_split: int

    def infer(self, axis: Tensor, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        parts = [some(rank_of(shape)) for _ in range(self.num_split)]
        return tuple(s for kind in zip(*parts, strict=True) for s in kind)

    def reference(self, axis: Any, indices: Any, values: Any, shape: Any) -> Any:
        at, rank = int(axis), len(shape)
        if not -rank <= at < rank:
            raise ValueError(f"Input split_dim should be between {-rank} and {rank}, got {at}")
        at %= rank
        if not 1 <= self.num_split <= shape[at]:
            raise ValueError(
                f"Input num_split should be between 1 and the splitting dimension size "
                f"({shape[at]}), got {self.num_split}"
            )
        least, longer = divmod(int(shape[at]), self.num_split)
        start, parts = 0, []
        for i in range(self.num_split):
            length = least + (i < longer)
            inside = (indices[:, at] >= start) & (indices[:, at] < start + length)
            rows, sizes = indices[inside], shape.copy()
            rows[:, at] -= start
            sizes[at] = length
            parts.append((rows, values[inside], sizes))
            start += length
        return tuple(v for kind in zip(*parts, strict=True) for v in kind)


class SparseFillEmptyRows(Op):
    """The elements, and a default at the start of each row that has none."""

    signature = (
        "indices:int64, values:T, dense_shape:int64, default_value:T -> output_indices:int64, "
        "output_values:T, empty_row_indicator:bool, reverse_index_map:int64"
    )
    by_value = True

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, default: Tensor) -> Any:
        rows = known_list(shape)
        count = indices.shape.with_rank(2)[:1]
        filled, elements, _ = some(rank_of(shape))
        return filled, elements, TensorShape([rows[0] if rows else None]), count

    def reference(self, indices: Any, values: Any, shape: Any, default: Any) -> Any:
        rows, total = indices[:, 0], int(shape[0])
        outside = (rows < 0) | (rows >= total)
        if outside.any():
            i = int(outside.argmax())
            raise ValueError(f"indices({i}, 0) is invalid: {rows[i]} >= {total}")
        empty = np.bincount(rows, minlength=total) == 0
        added = np.zeros((int(empty.sum()), indices.shape[1]), np.int64)
        added[:, 0] = np.flatnonzero(empty)
        order = np.argsort(np.concatenate([rows, added[:, 0]]), kind="stable")
        back = np.argsort(order, kind="stable")[: len(rows)]
        filler = np.full(len(added), default[()], values.dtype)
        return (
            np.concatenate([indices, added])[order],
            np.concatenate([values, filler])[order],
            empty,
            back,
        )

    def gradient(
        self, n: Node, _: Tensor | None, g: Tensor, *rest: Tensor | None
    ) -> Sequence[Tensor | None]:
        values, default = raw.SparseFillEmptyRowsGrad(n.outputs[3], g)
        return [None, values, None, default]


class SparseFillEmptyRowsGrad(Op):
    """The gradients of the elements, and the sum of those of the defaults."""

    signature = "reverse_index_map:int64, grad_values:T -> d_values:T, d_default_value:T"

    def infer(self, back: Tensor, g: Tensor) -> Any:
        return back.shape.with_rank(1), TensorShape(())

    def reference(self, back: Any, g: Any) -> Any:
        if len(back) and (back.min() < 0 or back.max() >= len(g)):
            raise ValueError(f"Elements in reverse index must be in [0, {len(g)})")
        return g[back], np.delete(g, back).sum(dtype=g.dtype)
