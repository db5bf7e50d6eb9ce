"""Sparse tensors put away under numbers, so that they can pass through queues."""

from __future__ import annotations

import itertools
import threading
from typing import Any, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.session_resources import session_resource


class Parts(NamedTuple):
    """Coordinates, values and sizes."""

    indices: Any
    values: Any
    shape: Any


class SparseMap:
    """Sparse tensors by the numbers they were given."""

    key: Any = None

    def __init__(self) -> None:
        self._kept: dict[int, Parts] = {}
        self._numbers = itertools.count()
        self._lock = threading.Lock()

    def put(self, parts: Parts) -> int:
        """Keep a tensor; its number."""
        with self._lock:
            number = next(self._numbers)
            self._kept[number] = parts
            return number

    def take(self, numbers: Any) -> list[Parts]:
        """The tensors with these numbers, which are not kept any longer."""
        with self._lock:
            missing = [int(n) for n in numbers if int(n) not in self._kept]
            if missing:
                raise InvalidArgumentError(message=f"Unable to find SparseTensor: {missing[0]}")
            return [self._kept.pop(int(n)) for n in numbers]


class _OnMap(Op, abstract=True):
    """An op on the map of a shared name."""

    stateful = True
    differentiable = False

    def _map(self, run: Any, node: Node) -> SparseMap:
        return session_resource(run, node, "sparse tensors", lambda _: SparseMap())


class AddSparseToTensorsMap(_OnMap):
    """The number under which a sparse tensor is kept."""

    signature = "sparse_indices:int64, sparse_values:T, sparse_shape:int64 -> sparse_handle:int64"
    container: str = ""
    shared_name: str = ""

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        indices.shape.with_rank(2)
        values.shape.with_rank(1)
        shape.shape.with_rank(1)
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.array(self._map(run, node).put(Parts(*inputs)), np.int64)


class AddManySparseToTensorsMap(_OnMap):
    """The numbers under which the rows of a sparse tensor are kept."""

    signature = "sparse_indices:int64, sparse_values:T, sparse_shape:int64 -> sparse_handles:int64"
    container: str = ""
    shared_name: str = ""

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        indices.shape.with_rank(2)
        values.shape.with_rank(1)
        shape.shape.with_rank(1)
        return TensorShape([None])

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        indices, values, shape = inputs
        if len(shape) < 2:
            raise ValueError(
                f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}"
            )
        rows = indices[:, 0]
        if rows.size and (rows.min() < 0 or rows.max() >= shape[0]):
            raise ValueError(f"Received unexpected column 0 value in indices, shape is {shape}")
        kept, order = self._map(run, node), np.argsort(rows, kind="stable")
        bounds = np.searchsorted(rows[order], np.arange(int(shape[0]) + 1))
        numbers = []
        for begin, end in itertools.pairwise(bounds):
            part = order[begin:end]
            numbers.append(kept.put(Parts(indices[part, 1:], values[part], shape[1:])))
        return np.array(numbers, np.int64)


class TakeManySparseFromTensorsMap(_OnMap):
    """The sparse tensors with these numbers, one below the other."""

    signature = (
        "sparse_handles:int64 -> sparse_indices:int64, sparse_values:dtype, sparse_shape:int64"
    )
    dtype: DType
    container: str = ""
    shared_name: str = ""

    def infer(self, handles: Tensor) -> Any:
        handles.shape.with_rank(1)
        return TensorShape([None, None]), TensorShape([None]), TensorShape([None])

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        found = self._map(run, node).take(inputs[0])
        if not found:
            raise ValueError(
                "Must have at least 1 serialized SparseTensor, but input matrix has 0 rows"
            )
        if len({len(p.shape) for p in found}) > 1:
            raise ValueError("Inconsistent rank across SparseTensors")
        if any(p.values.dtype != self.dtype.numpy for p in found):
            raise ValueError(f"the sparse tensors are not all of {self.dtype.name}")
        indices = [np.insert(p.indices, 0, row, axis=1) for row, p in enumerate(found)]
        sizes = np.max([p.shape for p in found], axis=0)
        values = np.concatenate([p.values for p in found])
        return np.concatenate(indices), values, np.insert(sizes, 0, len(found))
