"""Sparse tensors on their way through a queue: put away before it, under numbers, and fetched after it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from graphflow.frontend.layers.smart_cond import smart_cond
from graphflow.frontend.sparse import sparse_retain
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import int64
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops import idioms
from graphflow.ops.dependencies import with_dependencies

_MAPS = ("AddSparseToTensorsMap", "AddManySparseToTensorsMap")

__all__: list[str] = []


class Stored(NamedTuple):
    """How a tensor went into the queue: by itself, or as a number of this map."""

    map_op: Node | None = None
    rank: int | None = None


def store(
    tensors: Sequence[Any],
    enqueue_many: bool,
    keep_input: Tensor,
    before: Sequence[Stored] | None = None,
) -> tuple[list[Any], list[Stored]]:
    """What goes into the queue for each tensor; `before` has maps to share."""
    shared = [s.map_op for s in before or [Stored()] * len(tensors)]
    stored, found = [], []
    for tensor, map_op in zip(tensors, shared, strict=True):
        if not is_sparse(tensor):
            stored.append(tensor)
            found.append(Stored())
            continue
        number = _numbered(tensor, enqueue_many, keep_input, map_op.name if map_op else "")
        rank = tensor.dense_shape.shape.with_rank(1).as_list()[0]
        if rank is not None and enqueue_many:
            rank -= 1
        stored.append(number)
        found.append(Stored(map_op or _map_op(number), rank))
    columns = [
        raw.ExpandDims(t, [-1]) if s.map_op else t for t, s in zip(stored, found, strict=True)
    ]
    return columns, found


def _map_op(number: Tensor) -> Node:
    """The node that puts the tensor away, which may lie in a branch."""
    inputs = (t.node for t in number.node.inputs)
    return next((n for n in inputs if n.type in _MAPS), number.node)


def _numbered(tensor: Any, enqueue_many: bool, keep_input: Tensor, shared_name: str) -> Tensor:
    """The number, or the numbers of the rows, of a sparse tensor that has been put away."""
    number: Tensor
    if keep_input.shape.rank == 1:
        row = raw.GatherV2(keep_input, tensor.indices[:, 0], 0)
        return _many(sparse_retain(tensor, row), shared_name)
    if enqueue_many:
        number = smart_cond(
            keep_input,
            lambda: _many(tensor, shared_name),
            lambda: -1 * idioms.ones(raw.Cast(tensor.dense_shape, DstT="int32")[0:1], int64),
        )
        number.set_shape([None])
        return number
    number = smart_cond(
        keep_input,
        lambda: raw.AddSparseToTensorsMap(
            tensor.indices, tensor.values, tensor.dense_shape, shared_name=shared_name
        ),
        lambda: constant(-1, int64),
    )
    return number


def _many(tensor: Any, shared_name: str) -> Tensor:
    numbers: Tensor = raw.AddManySparseToTensorsMap(
        tensor.indices, tensor.values, tensor.dense_shape, shared_name=shared_name
    )
    return numbers


def store_each(
    lists: Sequence[Sequence[Any]], enqueue_many: bool, keep_input: Tensor
) -> tuple[list[list[Any]], list[Stored]]:
    """As `store`, for several lists of tensors that are alike and share their maps."""
    first, found = store(lists[0], enqueue_many, keep_input)
    columns = [first]
    for tensors in lists[1:]:
        stored, others = store(tensors, enqueue_many, keep_input, found)
        if [(s.map_op, s.rank) for s in others] != [(s.map_op, s.rank) for s in found]:
            raise ValueError(f"Inconsistent SparseTensors list: {lists[0]} vs. {tensors}")
        columns.append(stored)
    return columns, found


def restore(dequeued: Any, stored: Sequence[Stored]) -> Any:
    """The tensors that came out of the queue, sparse ones as they went in."""
    several = isinstance(dequeued, list | tuple)
    given = list(dequeued) if several else [dequeued]
    tensors = [
        t if s.map_op is None else _fetched(t, s) for t, s in zip(given, stored, strict=True)
    ]
    if any(is_sparse(t) for t in tensors):
        # no number may be fetched without all of them: the maps would fill up
        waited = [t.values if is_sparse(t) else t for t in tensors]
        tensors = [_after(waited, t) for t in tensors]
    return tensors if several else tensors[0]


def _after(waited: Sequence[Any], tensor: Any) -> Any:
    if not is_sparse(tensor):
        return with_dependencies(waited, tensor)
    parts = (tensor.indices, tensor.values, tensor.dense_shape)
    return SparseTensor(*(with_dependencies(waited, part) for part in parts))


def _fetched(numbers: Tensor, stored: Stored) -> SparseTensor:
    node = stored.map_op
    if node is None or node.type not in _MAPS:
        raise TypeError(f"a sparse tensor is kept by one of {_MAPS}, here by {node!r}")
    numbers = raw.Squeeze(numbers, squeeze_dims=[1])
    with current_graph().colocate_with(node):
        indices, values, shape = raw.TakeManySparseFromTensorsMap(
            numbers,
            dtype=node.attr("T"),
            container=node.attr("container"),
            shared_name=node.attr("shared_name") or node.name,
        )
    rank = None if stored.rank is None else stored.rank + 1
    indices.set_shape([None, rank])
    shape.set_shape([rank])
    return SparseTensor(indices, values, shape)
