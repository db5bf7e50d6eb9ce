"""Gradients of a few rows: values, the rows they belong to, and the shape of the whole."""

from __future__ import annotations

import warnings
from typing import Any, NamedTuple

import numpy as np

from graphflow.ir import build
from graphflow.ir.dtype import DType
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import lookup
from graphflow.ir.shape import TensorShape

#: making a tensor of so many elements from a few rows deserves a warning
LARGE = 100_000_000


class IndexedSlicesValue(NamedTuple):
    """What a run gives for IndexedSlices."""

    values: Any
    indices: Any
    dense_shape: Any


class IndexedSlices:
    """Rows `indices` of a tensor of shape `dense_shape`, zero elsewhere; a row named twice is added."""

    __slots__ = ("_dense_shape", "_indices", "_values")

    def __init__(self, values: Any, indices: Any, dense_shape: Any = None) -> None:
        self._values = values
        self._indices = indices
        self._dense_shape = dense_shape

    @property
    def values(self) -> Tensor:
        found: Tensor = self._values
        return found

    @property
    def indices(self) -> Tensor:
        found: Tensor = self._indices
        return found

    @property
    def dense_shape(self) -> Tensor | None:
        found: Tensor | None = self._dense_shape
        return found

    @property
    def shape(self) -> TensorShape:
        """What is known of the shape of the whole."""
        rows = TensorShape([None]).concatenate(self.values.shape[1:])
        if self._dense_shape is None:
            return rows
        known = constant_value(self._dense_shape)
        return rows if known is None else TensorShape([int(d) for d in known])

    @property
    def name(self) -> str:
        return self.values.name

    @property
    def device(self) -> str:
        return self.values.device

    @property
    def op(self) -> Node:
        return self.values.op

    @property
    def dtype(self) -> DType:
        return self.values.dtype

    @property
    def graph(self) -> Any:
        return self.values.graph

    def consumers(self) -> list[Node]:
        return self.values.consumers()

    def __str__(self) -> str:
        whole = "" if self._dense_shape is None else f", dense_shape={self._dense_shape}"
        return f"IndexedSlices(indices={self._indices}, values={self._values}{whole})"

    def __neg__(self) -> IndexedSlices:
        return IndexedSlices(-self.values, self.indices, self.dense_shape)

    def _as_tensor(self, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
        """The whole as a tensor: the rows summed into zeros."""
        if dtype is not None and not dtype.is_compatible_with(self.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {dtype.name} for IndexedSlices "
                f"with dtype {self.dtype.name}"
            )
        if self._dense_shape is None:
            raise ValueError(
                f"Tensor conversion requested for IndexedSlices without dense_shape: {self}"
            )
        known = constant_value(self._dense_shape)
        if known is not None and np.prod(known, dtype=np.float64) >= LARGE:
            warnings.warn(
                f"Converting sparse IndexedSlices to a dense Tensor of {known.tolist()}, made at "
                f"{self.op.where}: this may take a large amount of memory.",
                stacklevel=2,
            )
        inputs = (self.values, self.indices, self._dense_shape[0])
        made = build.apply(lookup("UnsortedSegmentSum"), inputs, {}, name)
        assert made.out is not None
        return made.out
