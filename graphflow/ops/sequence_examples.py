"""tf.train.SequenceExample messages as tensors: a context, and lists of features in time."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ops import example_values
from graphflow.ops.example_values import Dense, Place

_TYPES = "; ".join(
    f"{name}: float, int64, string"
    for name in (
        *("context_sparse_types", "Tcontext_dense"),
        *("feature_list_dense_types", "feature_list_sparse_types"),
    )
)
_OUTPUTS = (
    "context_sparse_indices:Ncontext_sparse*int64, context_sparse_values:[context_sparse_types], "
    "context_sparse_shapes:Ncontext_sparse*int64, context_dense_values:[Tcontext_dense], "
    "feature_list_sparse_indices:Nfeature_list_sparse*int64, "
    "feature_list_sparse_values:[feature_list_sparse_types], "
    "feature_list_sparse_shapes:Nfeature_list_sparse*int64, "
    "feature_list_dense_values:[feature_list_dense_types]"
)


class Plan(NamedTuple):
    """What is looked for: keys with their types."""

    context_sparse: list[tuple[str, DType]]
    context_dense: list[Dense]
    list_sparse: list[tuple[str, DType]]
    list_dense: list[tuple[str, DType, list[int]]]
    #: the lists that may be missing
    optional: frozenset[str]


class Found(NamedTuple):
    """The values of one message, feature by feature."""

    context_sparse: list[Any]
    context_dense: list[Any]
    #: for every list the values of its steps
    list_sparse: list[list[Any]]
    list_dense: list[Any]


def _read(data: bytes, plan: Plan, index: int, name: str) -> Found:
    context, lists = example_values.read_message("read_sequence_example", data)
    sparse = [
        _or_none(
            example_values.values_of(context.get(key.encode()), dtype, Place(key, index, name)),
            dtype,
        )
        for key, dtype in plan.context_sparse
    ]
    dense = [
        f.of(context.get(f.key.encode()), Place(f.key, index, name)) for f in plan.context_dense
    ]
    steps = [
        [
            _or_none(example_values.values_of(step, dtype, Place(key, index, name)), dtype)
            for step in lists.get(key.encode(), ())
        ]
        for key, dtype in plan.list_sparse
    ]
    blocks = []
    for key, dtype, block in plan.list_dense:
        found = lists.get(key.encode())
        if found is None and key not in plan.optional:
            raise InvalidArgumentError(
                message=f"Name: {name or '<unknown>'}, Feature list '{key}' is required but could "
                "not be found.  Did you mean to include it in "
                "feature_list_dense_missing_assumed_empty or feature_list_dense_defaults?"
            )
        blocks.append(_blocks(found or [], dtype, block, Place(key, index, name)))
    return Found(sparse, dense, steps, blocks)


def _or_none(values: Any, dtype: DType) -> Any:
    return np.empty(0, dtype.numpy) if values is None else values


def _blocks(steps: list[Any], dtype: DType, block: list[int], place: Place) -> Any:
    """The steps of a dense list, one below the other."""
    out = np.empty((len(steps), *block), dtype.numpy)
    for t, step in enumerate(steps):
        values = example_values.values_of(step, dtype, place)
        size = 0 if values is None else len(values)
        if values is None or size != math.prod(block):
            raise place.error(
                f"Number of values in step {t} != expected.  Values size: {size} "
                f"but output shape: {block}"
            )
        out[t, ...] = values.reshape(block)
    return out


class _Parse(Op, abstract=True):
    """What both ops share: the numbers and the types of the features."""

    differentiable = False
    if TYPE_CHECKING:
        context_sparse_types: tuple[DType, ...]
        context_dense_shapes: tuple[TensorShape, ...]
        feature_list_sparse_types: tuple[DType, ...]
        feature_list_dense_types: tuple[DType, ...]
        feature_list_dense_shapes: tuple[TensorShape, ...]

    def _check(self, defaults: list[Tensor], *keys: int) -> None:
        """Compare the numbers of keys with those of types and shapes."""
        example_values.check_types(
            *(self.context_sparse_types, [d.dtype for d in defaults]),
            *(self.feature_list_sparse_types, self.feature_list_dense_types),
        )
        context_sparse, context_dense, list_sparse, list_dense = keys
        for what, count, others in (
            ("context_sparse", context_sparse, (self.context_sparse_types,)),
            ("context_dense", context_dense, (self.context_dense_shapes,)),
            ("feature_list_sparse", list_sparse, (self.feature_list_sparse_types,)),
            (
                "feature_list_dense",
                list_dense,
                (self.feature_list_dense_types, self.feature_list_dense_shapes),
            ),
        ):
            for other in others:
                if len(other) != count:
                    raise ValueError(f"{count} {what} keys, but {len(other)} types or shapes")
        for shape in (*self.context_dense_shapes, *self.feature_list_dense_shapes):
            if not shape.is_fully_defined():
                raise ValueError(f"the shape of a dense feature is not fully defined: {shape}")

    def _plan(self, keys: Sequence[list[str]], defaults: list[Any], optional: Any) -> Plan:
        context_sparse, context_dense, list_sparse, list_dense = keys
        types = [as_dtype(default.dtype) for default in defaults]
        return Plan(
            list(zip(context_sparse, self.context_sparse_types, strict=True)),
            [
                Dense(*item)
                for item in zip(
                    context_dense, types, self.context_dense_shapes, defaults, strict=True
                )
            ],
            list(zip(list_sparse, self.feature_list_sparse_types, strict=True)),
            [
                (key, dtype, [size or 0 for size in shape.as_list()])
                for key, dtype, shape in zip(
                    list_dense,
                    self.feature_list_dense_types,
                    self.feature_list_dense_shapes,
                    strict=True,
                )
            ],
            frozenset(optional),
        )

    def _shapes(self, batch: TensorShape, wide: int) -> list[TensorShape]:
        """The shapes of the outputs that both ops have; `batch` goes before every dense shape."""
        count, lists = len(self.context_sparse_types), len(self.feature_list_sparse_types)
        steps = batch.concatenate([None])
        return [
            *(TensorShape(s) for s in ([None, wide], [None], [wide]) for _ in range(count)),
            *(batch.concatenate(shape) for shape in self.context_dense_shapes),
            *(TensorShape(s) for s in ([None, wide + 1], [None], [wide + 1]) for _ in range(lists)),
            *(steps.concatenate(shape) for shape in self.feature_list_dense_shapes),
        ]


class ParseSequenceExample(_Parse, kw_only=True):
    """A batch of SequenceExamples, with the lengths of their dense lists."""

    signature = (
        "serialized:string, debug_name:string, context_dense_defaults:[Tcontext_dense] -> "
        f"{_OUTPUTS}, feature_list_dense_lengths:Nfeature_list_dense*int64 | {_TYPES}"
    )
    feature_list_dense_missing_assumed_empty: tuple[str, ...]
    context_sparse_keys: tuple[str, ...]
    context_dense_keys: tuple[str, ...]
    feature_list_sparse_keys: tuple[str, ...]
    feature_list_dense_keys: tuple[str, ...]
    Ncontext_sparse: int = 0
    Ncontext_dense: int = 0
    Nfeature_list_sparse: int = 0
    Nfeature_list_dense: int = 0
    context_sparse_types: tuple[DType, ...] = ()
    feature_list_dense_types: tuple[DType, ...] = ()
    context_dense_shapes: tuple[TensorShape, ...] = ()
    feature_list_sparse_types: tuple[DType, ...] = ()
    feature_list_dense_shapes: tuple[TensorShape, ...] = ()

    def _keys(self) -> list[list[str]]:
        return [
            list(self.context_sparse_keys),
            list(self.context_dense_keys),
            list(self.feature_list_sparse_keys),
            list(self.feature_list_dense_keys),
        ]

    def infer(self, serialized: Tensor, debug_name: Tensor, defaults: list[Tensor]) -> Any:
        counts = (
            *(self.Ncontext_sparse, self.Ncontext_dense),
            *(self.Nfeature_list_sparse, self.Nfeature_list_dense),
        )
        if counts != tuple(map(len, self._keys())):
            raise ValueError(f"{counts} features, but other numbers of keys")
        if len(defaults) != self.Ncontext_dense:
            raise ValueError(f"{self.Ncontext_dense} dense features, but {len(defaults)} defaults")
        self._check(defaults, *counts)
        debug_name.shape.with_rank(1)
        batch = serialized.shape.with_rank(1)
        return (*self._shapes(batch, 2), *[batch] * self.Nfeature_list_dense)

    def reference(self, serialized: Any, debug_name: Any, defaults: list[Any]) -> Any:
        if len(debug_name) not in (0, len(serialized)):
            raise ValueError(
                f"Expected len(debug_name) == 0 or {len(serialized)}, but got {len(debug_name)}"
            )
        plan = self._plan(self._keys(), defaults, self.feature_list_dense_missing_assumed_empty)
        found = [
            _read(data, plan, i, example_values.named(debug_name, i))
            for i, data in enumerate(serialized.tolist())
        ]
        context = [
            example_values.ragged([f.context_sparse[k] for f in found], dtype)
            for k, dtype in enumerate(self.context_sparse_types)
        ]
        steps = [
            _ragged_steps([f.list_sparse[k] for f in found], dtype)
            for k, dtype in enumerate(self.feature_list_sparse_types)
        ]
        dense = [[f.list_dense[k] for f in found] for k in range(len(plan.list_dense))]
        return (
            *example_values.columns(context, 3),
            *(
                feature.together([f.context_dense[k] for f in found])
                for k, feature in enumerate(plan.context_dense)
            ),
            *example_values.columns(steps, 3),
            *(
                example_values.padded(rows, block, dtype, b"" if dtype.kind == "s" else 0)
                for rows, (_, dtype, block) in zip(dense, plan.list_dense, strict=True)
            ),
            *(np.array([len(row) for row in rows], np.int64) for rows in dense),
        )


class ParseSingleSequenceExample(_Parse):
    """One SequenceExample."""

    signature = (
        "serialized:string, feature_list_dense_missing_assumed_empty:string, "
        "context_sparse_keys:Ncontext_sparse*string, context_dense_keys:Ncontext_dense*string, "
        "feature_list_sparse_keys:Nfeature_list_sparse*string, "
        "feature_list_dense_keys:Nfeature_list_dense*string, "
        "context_dense_defaults:[Tcontext_dense], debug_name:string -> "
        f"{_OUTPUTS} | {_TYPES}"
    )
    measured_by = {  # noqa: RUF012
        "Ncontext_sparse": "context_sparse_types",
        "Ncontext_dense": "context_dense_shapes",
        "Nfeature_list_sparse": "feature_list_sparse_types",
        "Nfeature_list_dense": "feature_list_dense_types",
        "Tcontext_dense": "context_dense_shapes",
    }
    context_sparse_types: tuple[DType, ...] = ()
    feature_list_dense_types: tuple[DType, ...] = ()
    context_dense_shapes: tuple[TensorShape, ...] = ()
    feature_list_sparse_types: tuple[DType, ...] = ()
    feature_list_dense_shapes: tuple[TensorShape, ...] = ()

    def infer(self, serialized: Tensor, optional: Tensor, *others: Any) -> Any:
        *keys, defaults, _ = others
        self._check(defaults, *map(len, keys))
        serialized.shape.with_rank(0)
        optional.shape.with_rank(1)
        return tuple(self._shapes(serialized.shape.with_rank(0), 1))

    def reference(self, serialized: Any, optional: Any, *others: Any) -> Any:
        *groups, defaults, debug_name = others
        keys = [[key.item().decode() for key in group] for group in groups]
        plan = self._plan(keys, defaults, [key.decode() for key in optional.tolist()])
        name = debug_name.ravel()[0].decode("utf-8", "backslashreplace") if debug_name.size else ""
        found = _read(serialized.item(), plan, 0, name)
        return (
            *example_values.columns([example_values.sparse_row(v) for v in found[0]], 3),
            *found.context_dense,
            *example_values.columns(
                [
                    example_values.ragged(steps, dtype)
                    for steps, dtype in zip(
                        found.list_sparse, self.feature_list_sparse_types, strict=True
                    )
                ],
                3,
            ),
            *found.list_dense,
        )


def _ragged_steps(rows: list[list[Any]], dtype: DType) -> tuple[Any, Any, Any]:
    """Lists of steps of different lengths as a sparse tensor of rank 3."""
    steps = [step for row in rows for step in row]
    counts = np.array([len(row) for row in rows], np.int64)
    lengths = np.array([len(step) for step in steps], np.int64)
    step_places = np.stack(
        [np.repeat(np.arange(len(rows)), counts), example_values.counted(counts)], axis=1
    )
    places = np.concatenate(
        [np.repeat(step_places, lengths, axis=0), example_values.counted(lengths)[:, None]], axis=1
    )
    sizes = np.array([len(rows), counts.max(initial=0), lengths.max(initial=0)], np.int64)
    return places.astype(np.int64), example_values.joined(steps, dtype), sizes
