"""Rows as sets: unions, intersections and differences, and how far sequences lie apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphflow.ir.known import known_list
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.ops.sparse_idioms import check_inside
from graphflow.ops.sparse_shapes import in_order, rank_of, some

_ELEMENTS = "T: int8, int16, int32, int64, uint8, uint16, string"
#: coordinates of a row -> its elements
Rows = dict[tuple[int, ...], list[Any]]
_OPERATIONS: dict[str, Callable[[set[Any], set[Any]], set[Any]]] = {
    "a-b": lambda a, b: a - b,
    "b-a": lambda a, b: b - a,
    "intersection": lambda a, b: a & b,
    "union": lambda a, b: a | b,
}


def sparse_rows(indices: Any, values: Any, shape: Any, validate: bool) -> Rows:
    """The elements of a sparse tensor, row by row of its last dimension."""
    if validate:
        check_inside(indices, shape)
        if not np.array_equal(in_order(indices), np.arange(len(indices))):
            raise ValueError("the indices of a set must be in order: use tf.sparse_reorder")
    rows: Rows = {}
    for place, value in zip(indices.tolist(), values.tolist(), strict=True):
        rows.setdefault(tuple(place[:-1]), []).append(value)
    return rows


def _dense_rows(x: Any) -> Rows:
    return {place: x[place].tolist() for place in np.ndindex(x.shape[:-1])}


class _SetOperation(Op, abstract=True):
    """What the rows of two tensors have in common, or have together, or one has alone."""

    differentiable = False
    set_operation: str
    validate_indices: bool = True

    def check(self) -> None:
        if self.set_operation not in _OPERATIONS:
            raise ValueError(f"Invalid set_operation {self.set_operation}.")

    def combined(self, a: Rows, b: Rows, lead: Sequence[int]) -> tuple[Any, Any, Any]:
        """The result as a sparse tensor, each row sorted."""
        combine = _OPERATIONS[self.set_operation]
        places: list[tuple[int, ...]] = []
        values: list[Any] = []
        longest = 0
        for row in sorted({*a, *b}):
            kept = sorted(combine(set(a.get(row, ())), set(b.get(row, ()))))
            places.extend((*row, i) for i in range(len(kept)))
            values.extend(kept)
            longest = max(longest, len(kept))
        shape = np.array([*lead, longest], np.int64)
        return np.array(places, np.int64).reshape(-1, len(shape)), values, shape


def _same_groups(a: Sequence[int], b: Sequence[int]) -> list[int]:
    if list(a) != list(b):
        raise ValueError(f"Mismatched group shapes {list(a)} and {list(b)}.")
    return [int(d) for d in a]


def _typed(found: tuple[Any, Any, Any], like: Any) -> tuple[Any, Any, Any]:
    indices, values, shape = found
    out = np.empty(len(values), like.dtype)
    out[:] = values
    return indices, out, shape


class DenseToDenseSetOperation(_SetOperation):
    """A set operation on the rows of two dense tensors."""

    signature = (
        f"set1:T, set2:T -> result_indices:int64, result_values:T, result_shape:int64 | {_ELEMENTS}"
    )

    def infer(self, a: Tensor, b: Tensor) -> Any:
        self.check()
        for one, other in ((a, b), (b, a)):
            if one.shape.rank is not None:
                other.shape.with_rank(one.shape.with_rank_at_least(2).rank or 0)
        if a.shape.known is not None and b.shape.known is not None:
            a.shape[:-1].assert_is_compatible_with(b.shape[:-1])
        return some(a.shape.rank if a.shape.rank is not None else b.shape.rank)

    def reference(self, a: Any, b: Any) -> Any:
        lead = _same_groups(a.shape[:-1], b.shape[:-1])
        return _typed(self.combined(_dense_rows(a), _dense_rows(b), lead), a)


class DenseToSparseSetOperation(_SetOperation):
    """A set operation on the rows of a dense and a sparse tensor."""

    signature = (
        "set1:T, set2_indices:int64, set2_values:T, set2_shape:int64 "
        f"-> result_indices:int64, result_values:T, result_shape:int64 | {_ELEMENTS}"
    )

    def infer(self, a: Tensor, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        self.check()
        return some(a.shape.rank if a.shape.rank is not None else rank_of(shape))

    def reference(self, a: Any, indices: Any, values: Any, shape: Any) -> Any:
        rows = sparse_rows(indices, values, shape, self.validate_indices)
        lead = _same_groups(a.shape[:-1], shape[:-1])
        return _typed(self.combined(_dense_rows(a), rows, lead), a)


class SparseToSparseSetOperation(_SetOperation):
    """A set operation on the rows of two sparse tensors."""

    signature = (
        "set1_indices:int64, set1_values:T, set1_shape:int64, set2_indices:int64, set2_values:T, "
        "set2_shape:int64 -> result_indices:int64, result_values:T, result_shape:int64 "
        f"| {_ELEMENTS}"
    )

    def infer(self, *inputs: Tensor) -> Any:
        self.check()
        first = rank_of(inputs[2])
        return some(first if first is not None else rank_of(inputs[5]))

    def reference(self, ai: Any, av: Any, a_shape: Any, bi: Any, bv: Any, b_shape: Any) -> Any:
        a = sparse_rows(ai, av, a_shape, self.validate_indices)
        b = sparse_rows(bi, bv, b_shape, self.validate_indices)
        lead = _same_groups(a_shape[:-1], b_shape[:-1])
        return _typed(self.combined(a, b, lead), av)


class SetSize(Op):
    """The number of distinct elements in each row of a sparse tensor."""

    signature = f"set_indices:int64, set_values:T, set_shape:int64 -> size:int32 | {_ELEMENTS}"
    differentiable = False
    validate_indices: bool = True

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        # TensorFlow infers nothing here, and which nodes are made of a size depends on what is known of it
        return UNKNOWN

    def reference(self, indices: Any, values: Any, shape: Any) -> Any:
        out = np.zeros(tuple(int(d) for d in shape[:-1]), np.int32)
        for place, row in sparse_rows(indices, values, shape, self.validate_indices).items():
            out[place] = len(set(row))
        return out


class EditDistance(Op):
    """How many elements must be put in, left out or changed to make one row of another."""

    signature = (
        "hypothesis_indices:int64, hypothesis_values:T, hypothesis_shape:int64, "
        "truth_indices:int64, truth_values:T, truth_shape:int64 -> output:float"
    )
    by_value = True
    differentiable = False
    normalize: bool = True

    def infer(self, *inputs: Tensor) -> Any:
        shapes = [known_list(inputs[2]), known_list(inputs[5])]
        if shapes[0] is None or shapes[1] is None:
            rank = rank_of(inputs[2])
            return UNKNOWN if rank is None else TensorShape([None] * (rank - 1))
        return TensorShape([max(p) for p in zip(*(s[:-1] for s in shapes if s), strict=True)])

    def reference(self, hi: Any, hv: Any, h_shape: Any, ti: Any, tv: Any, t_shape: Any) -> Any:
        if len(h_shape) != len(t_shape):
            raise ValueError(
                f"Expected hypothesis and truth to have one rank: {len(h_shape)}, {len(t_shape)}"
            )
        hypotheses, truths = sparse_rows(hi, hv, h_shape, True), sparse_rows(ti, tv, t_shape, True)
        sizes = np.maximum(h_shape, t_shape)[:-1]
        out = np.zeros(tuple(int(d) for d in sizes), np.float32)
        for place in {*hypotheses, *truths}:
            hypothesis, truth = hypotheses.get(place, []), truths.get(place, [])
            distance = float(_distance(truth, hypothesis))
            if self.normalize:
                distance = distance / len(truth) if truth else np.inf
            out[place] = distance
        return out


def _distance(a: list[Any], b: list[Any]) -> int:
    """Levenshtein's distance, a row of his table at a time."""
    above = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        row = [i]
        for j, top in enumerate(b, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (left != top)))
        above = row
    return above[-1]
