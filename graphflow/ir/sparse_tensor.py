"""Tensors of which few elements are there: coordinates, values, and the shape of the whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphflow.ir import build, stacks
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, int64
from graphflow.ir.graph import Graph
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.operators import TABLE
from graphflow.ir.shape import Dimension, TensorShape


class SparseTensorValue(NamedTuple):
    """What a run gives for a SparseTensor, and what is fed for one."""

    indices: Any
    values: Any
    dense_shape: Any


class SparseTensor:
    """The values at `indices`, a row of coordinates for each; the tensor is zero elsewhere."""

    __slots__ = ("_dense_shape", "_indices", "_values")

    def __init__(self, indices: Any, values: Any, dense_shape: Any) -> None:
        with build.name_scope(None, "SparseTensor", [indices, values, dense_shape]):
            self._indices = convert(indices, name="indices", dtype=int64)
            self._values = convert(values, name="values")
            self._dense_shape = convert(dense_shape, name="dense_shape", dtype=int64)
        rows = self._indices.shape.with_rank(2)
        values_count, sizes = self._values.shape.with_rank(1), self._dense_shape.shape.with_rank(1)
        _agree(rows[0], values_count[0], "as many values as rows of indices")
        _agree(rows[1], sizes[0], "as many sizes as coordinates")

    @classmethod
    def from_value(cls, value: Any) -> SparseTensor:
        """The SparseTensor of a SparseTensorValue."""
        if not is_sparse(value):
            raise TypeError(f"Neither a SparseTensor nor SparseTensorValue: {value}.")
        return cls(value.indices, value.values, value.dense_shape)

    @property
    def indices(self) -> Tensor:
        return self._indices

    @property
    def values(self) -> Tensor:
        return self._values

    @property
    def dense_shape(self) -> Tensor:
        return self._dense_shape

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape of the whole."""
        return known_shape(self._dense_shape)

    def get_shape(self) -> TensorShape:
        return self.shape

    @property
    def op(self) -> Node:
        return self._values.op

    @property
    def dtype(self) -> DType:
        return self._values.dtype

    @property
    def graph(self) -> Graph:
        return self._indices.graph

    def consumers(self) -> list[Node]:
        return self._values.consumers()

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """The value in the default session or in the one given."""
        return stacks.session_for(self.graph, session, "eval(session=sess)").run(self, feed_dict)

    def _fetch_components(self) -> tuple[list[Tensor], Callable[..., SparseTensorValue]]:
        return [self._indices, self._values, self._dense_shape], SparseTensorValue

    def __str__(self) -> str:
        return (
            f"SparseTensor(indices={self._indices}, values={self._values}, "
            f"dense_shape={self._dense_shape})"
        )

    def __mul__(self, other: Any) -> Any:
        return TABLE["sparse_mul"](self, other)

    def __truediv__(self, other: Any) -> Any:
        return TABLE["sparse_truediv"](self, other)

    def __div__(self, other: Any) -> Any:
        return TABLE["sparse_div"](self, other)


def _agree(a: Dimension, b: Dimension, what: str) -> None:
    if not a.is_compatible_with(b):
        raise ValueError(f"a SparseTensor has {what}: {a} and {b}")


def is_sparse(value: Any) -> bool:
    """Whether `value` is sparse: a SparseTensor or the value of one."""
    return isinstance(value, SparseTensor | SparseTensorValue)
