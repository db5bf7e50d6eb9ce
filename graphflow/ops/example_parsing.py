"""tf.train.Example messages as tensors: ParseExample and, for one alone, ParseSingleExample."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ops import example_values
from graphflow.ops.example_values import Dense, Place

_TYPES = "sparse_types: float, int64, string; Tdense: float, int64, string"


class _Parse(Op, abstract=True):
    differentiable = False

    def _rows(
        self, data: list[bytes], names: Any, sparse: list[tuple[str, DType]], dense: list[Dense]
    ) -> tuple[list[list[Any]], list[list[Any]]]:
        """The values of every sparse and of every dense feature, for one example after the other."""
        ragged: list[list[Any]] = [[] for _ in sparse]
        whole: list[list[Any]] = [[] for _ in dense]
        for i, message in enumerate(data):
            found = example_values.read_message("read_example", message)
            name = example_values.named(names, i)
            for (key, dtype), rows in zip(sparse, ragged, strict=True):
                place = Place(key, i, name)
                values = example_values.values_of(found.get(key.encode()), dtype, place)
                rows.append(np.empty(0, dtype.numpy) if values is None else values)
            for feature, rows in zip(dense, whole, strict=True):
                place = Place(feature.key, i, name)
                rows.append(feature.of(found.get(feature.key.encode()), place))
        return ragged, whole


def _check_dense(
    keys: int, shapes: tuple[TensorShape, ...], sparse: Sequence[DType], defaults: list[Tensor]
) -> None:
    example_values.check_types(sparse, [d.dtype for d in defaults])
    if keys != len(shapes):
        raise ValueError(f"len(dense_keys) != len(dense_shapes): {keys} vs. {len(shapes)}")
    for d, shape in enumerate(shapes):
        if shape.ndims is None:
            raise ValueError(f"dense_shapes[{d}] has unknown rank")
        if any(size is None for size in shape.as_list()[1:]):
            raise ValueError(f"dense_shapes[{d}] has unknown dimensions behind the first: {shape}")


class ParseExample(_Parse):
    """A batch of Examples: sparse features as sparse matrices, dense ones stacked."""

    signature = (
        "serialized:string, names:string, sparse_keys:Nsparse*string, dense_keys:Ndense*string, "
        "dense_defaults:[Tdense] -> sparse_indices:Nsparse*int64, sparse_values:[sparse_types], "
        f"sparse_shapes:Nsparse*int64, dense_values:[Tdense] | {_TYPES}"
    )
    measured_by = {"Nsparse": "sparse_types", "Ndense": "dense_shapes", "Tdense": "dense_shapes"}  # noqa: RUF012
    sparse_types: tuple[DType, ...]
    dense_shapes: tuple[TensorShape, ...]

    def infer(
        self,
        serialized: Tensor,
        names: Tensor,
        sparse_keys: list[Tensor],
        dense_keys: list[Tensor],
        defaults: list[Tensor],
    ) -> Any:
        names.shape.with_rank(1)
        if len(sparse_keys) != len(self.sparse_types):
            raise ValueError(
                f"len(sparse_keys) != len(sparse_types): "
                f"{len(sparse_keys)} vs. {len(self.sparse_types)}"
            )
        _check_dense(len(dense_keys), self.dense_shapes, self.sparse_types, defaults)
        batch, count = serialized.shape.with_rank(1), len(sparse_keys)
        sparse = [TensorShape(sizes) for sizes in ([None, 2], [None], [2]) for _ in range(count)]
        return (*sparse, *(batch.concatenate(shape) for shape in self.dense_shapes))

    def reference(
        self, serialized: Any, names: Any, sparse_keys: Any, dense_keys: Any, defaults: list[Any]
    ) -> Any:
        if len(names) not in (0, len(serialized)):
            raise ValueError(f"Expected len(names) == 0 or {len(serialized)}, but got {len(names)}")
        dense = [
            Dense(key.item().decode(), as_dtype(default.dtype), shape, default)
            for key, default, shape in zip(dense_keys, defaults, self.dense_shapes, strict=True)
        ]
        sparse = list(
            zip([key.item().decode() for key in sparse_keys], self.sparse_types, strict=True)
        )
        ragged, whole = self._rows(serialized.tolist(), names, sparse, dense)
        parts = [
            example_values.ragged(rows, dtype)
            for rows, dtype in zip(ragged, self.sparse_types, strict=True)
        ]
        return (
            *example_values.columns(parts, 3),
            *(f.together(rows) for f, rows in zip(dense, whole, strict=True)),
        )


class ParseSingleExample(_Parse):
    """One Example: sparse features as sparse vectors, dense ones as they are."""

    signature = (
        "serialized:string, dense_defaults:[Tdense] -> sparse_indices:num_sparse*int64, "
        "sparse_values:[sparse_types], sparse_shapes:num_sparse*int64, dense_values:[Tdense] "
        f"| {_TYPES}"
    )
    num_sparse: int
    sparse_keys: tuple[str, ...]
    dense_keys: tuple[str, ...]
    sparse_types: tuple[DType, ...]
    dense_shapes: tuple[TensorShape, ...]

    def infer(self, serialized: Tensor, defaults: list[Tensor]) -> Any:
        serialized.shape.with_rank(0)
        for name, count in (("keys", len(self.sparse_keys)), ("types", len(self.sparse_types))):
            if count != self.num_sparse:
                raise ValueError(f"num_sparse ({self.num_sparse}) must match sparse_{name}")
        if len(self.dense_keys) != len(defaults):
            raise ValueError(
                f"len(dense_keys) != len(Tdense): {len(self.dense_keys)} vs. {len(defaults)}"
            )
        _check_dense(len(self.dense_keys), self.dense_shapes, self.sparse_types, defaults)
        count = self.num_sparse
        sparse = [TensorShape(sizes) for sizes in ([None, 1], [None], [1]) for _ in range(count)]
        return (*sparse, *self.dense_shapes)

    def reference(self, serialized: Any, defaults: list[Any]) -> Any:
        dense = [
            Dense(key, as_dtype(default.dtype), shape, default)
            for key, default, shape in zip(
                self.dense_keys, defaults, self.dense_shapes, strict=True
            )
        ]
        sparse = list(zip(self.sparse_keys, self.sparse_types, strict=True))
        ragged, whole = self._rows([serialized.item()], (), sparse, dense)
        parts = [example_values.sparse_row(row) for (row,) in ragged]
        return (*example_values.columns(parts, 3), *(row for (row,) in whole))
