"""The table behind a handle: values by keys."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from graphflow.errors import FailedPreconditionError, InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.literal import string_array


class Table:
    """Values of one type and shape by keys of one type and shape."""

    key: Any = None

    def __init__(
        self,
        name: str,
        key_dtype: DType,
        value_dtype: DType,
        key_shape: Sequence[int] = (),
        value_shape: Sequence[int] = (),
    ) -> None:
        self.name = name
        self.key_dtype, self.value_dtype = key_dtype, value_dtype
        self.key_shape, self.value_shape = tuple(key_shape), tuple(value_shape)
        self._values: dict[Any, Any] = {}
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    # ---- what subclasses add to --------------------------------------------------------------------

    def find(self, keys: Any, default: Any) -> Any:
        """The value of each key, the default where there is none."""
        self._check(keys, default.dtype)
        if default.shape != self.value_shape:
            raise InvalidArgumentError(
                message=f"Expected shape {list(self.value_shape)} for default value, got {list(default.shape)}"
            )
        shape = self._leading(keys) + self.value_shape
        fallback = default if self.value_shape else default[()]
        found = [self._values.get(k, fallback) for k in self._hashable(keys)]
        return self._array(found).reshape(shape)

    def insert(self, keys: Any, values: Any) -> None:
        """Give each key its value; the last one where a key is named twice."""
        pairs = self._pairs(keys, values)
        with self._lock:
            self._values.update(pairs)

    def replace(self, keys: Any, values: Any) -> None:
        """Only these keys have values afterwards."""
        pairs = dict(self._pairs(keys, values))
        with self._lock:
            self._values = pairs

    def remove(self, keys: Any) -> None:
        """Take away the values of these keys."""
        self._check(keys, self.value_dtype.numpy)
        with self._lock:
            for key in self._hashable(keys):
                self._values.pop(key, None)

    def export(self) -> tuple[Any, Any]:
        """All keys, and their values."""
        with self._lock:
            items = list(self._values.items())
        keys: Any = [k for k, _ in items]
        if self.key_dtype.kind == "s":
            names = string_array(keys)
        else:
            names = np.array(keys, self.key_dtype.numpy).reshape(len(items), *self.key_shape)
        return names, self._array([v for _, v in items]).reshape(len(items), *self.value_shape)

    # ---- keys and values as they are kept ------------------------------------------------------------

    def _check(self, keys: Any, value_dtype: Any) -> None:
        if keys.dtype != self.key_dtype.numpy or value_dtype != self.value_dtype.numpy:
            raise InvalidArgumentError(
                message=f"Conflicting key/value dtypes {keys.dtype}->{value_dtype} with "
                f"{self.key_dtype.name}-{self.value_dtype.name} for table {self.name}"
            )
        if self.key_shape and keys.shape[keys.ndim - len(self.key_shape) :] != self.key_shape:
            raise InvalidArgumentError(
                message=f"Expected key shape to end with {list(self.key_shape)}, got {list(keys.shape)}"
            )

    def _leading(self, keys: Any) -> tuple[int, ...]:
        shape: tuple[int, ...] = keys.shape
        return shape[: len(shape) - len(self.key_shape)]

    def _hashable(self, keys: Any) -> Iterable[Any]:
        """The keys one after the other, as Python has them."""
        if not self.key_shape:
            return keys.ravel().tolist()
        rows = keys.reshape(-1, int(np.prod(self.key_shape))).tolist()
        return [tuple(row) for row in rows]

    def _pairs(self, keys: Any, values: Any) -> list[tuple[Any, Any]]:
        self._check(keys, values.dtype)
        wanted = self._leading(keys) + self.value_shape
        if values.shape != wanted:
            raise InvalidArgumentError(
                message=f"Expected shape {list(wanted)} for value, got {list(values.shape)}"
            )
        kept = values.reshape(-1, *self.value_shape)
        return list(zip(self._hashable(keys), kept, strict=True))

    def _array(self, values: list[Any]) -> Any:
        if self.value_dtype.kind != "s":
            return np.array(values, self.value_dtype.numpy)
        out = np.empty((len(values), *self.value_shape), object)
        for i, value in enumerate(values):
            out[i] = value
        return out


class InitializedTable(Table):
    """A table that is filled once and has no values before."""

    filled = False

    def find(self, keys: Any, default: Any) -> Any:
        if not self.filled:
            raise FailedPreconditionError(message="Table not initialized.")
        return super().find(keys, default)

    def replace(self, keys: Any, values: Any) -> None:
        """Fill the table, if nobody has; a key may be named twice with one value."""
        found: dict[Any, Any] = {}
        for key, value in self._pairs(keys, values):
            if found.setdefault(key, value) != value:
                shown = key.decode(errors="replace") if isinstance(key, bytes) else key
                raise FailedPreconditionError(
                    message=f"HashTable has different value for same key. Key {shown} has {found[key]} "
                    f"and trying to add value {value}"
                )
        with self._lock:
            if not self.filled:
                self._values, self.filled = found, True


class DenseTable(Table):
    """A table in which two keys have a meaning of their own and cannot be used."""

    _reserved: tuple[tuple[str, Any], ...] = ()

    def __init__(self, *args: Any, empty_key: Any, deleted_key: Any) -> None:
        super().__init__(*args)
        [empty], [deleted] = self._hashable(empty_key), self._hashable(deleted_key)
        if empty == deleted:
            raise InvalidArgumentError(message="Empty and deleted keys cannot be equal")
        self._reserved = (("empty", empty), ("deleted", deleted))

    def _hashable(self, keys: Any) -> Iterable[Any]:
        found = list(super()._hashable(keys))
        for name, key in self._reserved:
            if key in found:
                raise InvalidArgumentError(
                    message=f"Using the {name}_key as a table key is not allowed"
                )
        return found
