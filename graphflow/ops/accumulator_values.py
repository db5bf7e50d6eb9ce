"""Gradients that add up until enough of them are there: the sums behind ConditionalAccumulator."""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape
from graphflow.ops.session_waiting import Turn, Waiting


def _refused(message: str) -> InvalidArgumentError:
    return InvalidArgumentError(message=message)


class Accumulator(Waiting):
    """A sum of gradients, of which the stale ones are dropped."""

    def __init__(self, dtype: DType, shape: TensorShape, reduction: str) -> None:
        super().__init__()
        self.dtype, self.shape, self.reduction = dtype, shape, reduction
        self._step = 0
        self._count = 0
        self._taking: deque[Turn] = deque()

    def count(self) -> int:
        """How many gradients are in the sum."""
        with self._changed:
            return self._count

    def set_step(self, step: int) -> None:
        """Gradients of earlier steps are stale from now on."""
        with self._changed:
            self._step = step

    def apply(self, step: int, *gradient: Any) -> None:
        """Add a gradient, unless it is stale."""
        with self._changed:
            self.check(*gradient)
            if step >= self._step:
                self.add(*gradient)
                self._count += 1
                self._changed.notify_all()

    def take(self, run: Any, required: int) -> Any:
        """The mean or the sum, once so many gradients are in it; then all begins anew."""
        if required <= 0:
            raise _refused(f"Argument num_required must be positive, but was {required}")
        with self._turn(self._taking) as turn:
            self._wait(
                run,
                turn,
                lambda: self._taking[0] is turn and self._count >= required,
                "TakeGrad",
            )
            result = self.result(self._count)
            self._step += 1
            self._count = 0
            return result

    def check(self, *gradient: Any) -> None:
        """Refuse what does not fit the sum."""
        raise NotImplementedError

    def add(self, *gradient: Any) -> None:
        """Add a gradient that was checked; the first one begins a new sum."""
        raise NotImplementedError

    def result(self, count: int) -> Any:
        """What `take` gives for so many gradients."""
        raise NotImplementedError


class DenseAccumulator(Accumulator):
    """A sum of arrays."""

    _sum: Any = None

    def check(self, *gradient: Any) -> None:
        (value,) = gradient
        known = self.shape if not self._count else TensorShape(self._sum.shape)
        if not known.is_compatible_with(value.shape):
            raise _refused(f"Shape mismatch: expected {known}, got {list(value.shape)}")

    def add(self, *gradient: Any) -> None:
        (value,) = gradient
        self._sum = self._sum + value if self._count else np.array(value)

    def result(self, count: int) -> Any:
        mean = self.reduction == "MEAN"
        return self._sum / self._sum.dtype.type(count) if mean else self._sum


class SparseAccumulator(Accumulator):
    """A sum of slices of an array; the mean of each slice is over the gradients that had it."""

    def __init__(self, dtype: DType, shape: TensorShape, reduction: str) -> None:
        super().__init__(dtype, shape, reduction)
        self._indices: Any = None
        self._values: Any = None
        self._counts: Any = None

    def check(self, *gradient: Any) -> None:
        indices, values, shape = gradient
        if indices.ndim != 1:
            raise _refused(
                f"Input indices should be vector but received shape: {list(indices.shape)}"
            )
        if not values.ndim:
            raise _refused("Values cannot be 0-dimensional.")
        if len(indices) != len(values):
            raise _refused(f"Expected {len(indices)} non-empty input values, got {len(values)}")
        if shape is not None and not self.shape.is_compatible_with(shape.tolist()):
            raise _refused(f"Shape mismatch: expected shape {self.shape}, got {shape.tolist()}")
        self._check_sizes(values.shape)
        limit = self.shape[0].value if self.shape.ndims else None
        if limit is not None and len(indices) and indices.max() >= limit:
            raise _refused(
                "Shape mismatch: index of slice exceeded limits of shape; "
                f"index is {indices.max()} exceeded {limit}"
            )

    def _check_sizes(self, sizes: tuple[int, ...]) -> None:
        known = TensorShape(None)
        if self._count:
            known = TensorShape([None, *self._values.shape[1:]])
        elif self.shape.ndims:
            known = TensorShape([None, *self.shape.as_list()[1:]])
        if not known.is_compatible_with(sizes):
            raise _refused(f"Shape mismatch: expected values {known}, got {list(sizes)}")

    def add(self, *gradient: Any) -> None:
        indices, values, _ = gradient
        ones = np.ones(len(indices), np.int64)
        if not self._count:
            self._indices, self._values, self._counts = np.array(indices), np.array(values), ones
            return
        first, second = _merged(self._indices.tolist(), indices.tolist())
        total = np.zeros((len(first), *values.shape[1:]), values.dtype)
        counts, keys = np.zeros(len(first), np.int64), np.zeros(len(first), np.int64)
        for places, k, v, c in (
            (first, self._indices, self._values, self._counts),
            (second, indices, values, ones),
        ):
            has = places >= 0
            keys[has], total[has], counts[has] = (
                k[places[has]],
                total[has] + v[places[has]],
                counts[has] + c[places[has]],
            )
        self._indices, self._values, self._counts = keys, total, counts

    def result(self, count: int) -> Any:
        values = self._values
        if self.reduction == "MEAN":
            shape = (-1, *[1] * (values.ndim - 1))
            values = values / self._counts.astype(values.dtype).reshape(shape)
        limit = self.shape[0].value if self.shape.ndims else None
        sizes = [-1 if limit is None else limit, *values.shape[1:]]
        return self._indices, values, np.array(sizes, np.int64)


def _merged(a: list[int], b: list[int]) -> tuple[Any, Any]:
    """Where the entries of a merged list stand in `a` and in `b`, -1 for nowhere; both are taken to be sorted."""
    places: list[tuple[int, int]] = []
    i = j = 0
    while i < len(a) and j < len(b):
        in_a, in_b = a[i] <= b[j], b[j] <= a[i]
        places.append((i if in_a else -1, j if in_b else -1))
        i, j = i + in_a, j + in_b
    places += [(k, -1) for k in range(i, len(a))] + [(-1, k) for k in range(j, len(b))]
    table = np.array(places, np.int64).reshape(-1, 2)
    return table[:, 0], table[:, 1]
