"""Constants: an array that compares and hashes by content, and TensorFlow's rules for Python values."""

from __future__ import annotations

import hashlib
import numbers
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, as_dtype, float32, int32, string
from graphflow.ir.shape import TensorShape


class Literal:
    """A read-only array. Two literals are equal when type, shape and bits are equal."""

    __slots__ = ("_digest", "array")

    def __init__(self, array: Any) -> None:
        self.array: np.ndarray[Any, Any] = np.asarray(array)
        self._digest: bytes | None = None
        if self.array.flags.writeable:
            self.array = self.array.view()
            self.array.flags.writeable = False

    @property
    def digest(self) -> bytes:
        """A hash of type, shape and bits."""
        if self._digest is None:
            array = self.array
            bits = (
                repr(array.ravel().tolist()).encode() if array.dtype == object else array.tobytes()
            )
            self._digest = hashlib.blake2b(
                f"{array.dtype}{array.shape}".encode() + bits, digest_size=16
            ).digest()
        return self._digest

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Literal) or self.array.shape != other.array.shape:
            return False
        return self.array.dtype == other.array.dtype and self.digest == other.digest

    def __hash__(self) -> int:
        return hash(self.digest)

    def __repr__(self) -> str:
        return f"Literal({np.array2string(self.array, threshold=6)}, {self.array.dtype})"


#: which Python values an element type takes without being asked for a cast, by kind of type
_TAKES: dict[str, tuple[type, ...]] = {
    "i": (numbers.Integral, np.integer, np.bool_),
    "u": (numbers.Integral, np.integer, np.bool_),
    "q": (numbers.Integral, np.integer),
    "f": (numbers.Real, np.number, np.bool_),
    "c": (numbers.Complex, np.number, np.bool_),
    "b": (bool, np.bool_),
    "s": (str, bytes),
}


def _first_mismatch(value: Any, kinds: tuple[type, ...]) -> Any:
    """The first leaf of a nested list that is not of these kinds, or None; leaves are wrapped in a list."""
    if isinstance(value, list | tuple):
        for item in value:
            found = _first_mismatch(item, kinds)
            if found is not None:
                return found
        return None
    if isinstance(value, np.ndarray) or (
        hasattr(value, "__array__") and not isinstance(value, np.generic)
    ):
        return None
    if isinstance(value, kinds) or (hasattr(value, "__index__") and numbers.Integral in kinds):
        return None
    if value is None or not isinstance(value, kinds):
        return [value]
    return None


def _dense_shape(value: Any) -> list[int]:
    dims = []
    while isinstance(value, list | tuple):
        dims.append(len(value))
        if not value:
            break
        value = value[0]
    if isinstance(value, np.ndarray):
        dims.extend(value.shape)
    return dims


def _to_bytes(value: Any) -> Any:
    return value.encode() if isinstance(value, str) else value


_each_to_bytes = np.frompyfunc(_to_bytes, 1, 1)


def string_array(value: Any) -> np.ndarray[Any, Any]:
    """An object array of bytes; text is encoded as UTF-8."""
    if isinstance(value, str | bytes):
        out = np.empty((), object)
        out[()] = _to_bytes(value)
        return out
    array = np.asarray(value, dtype=object)
    if array.size == 0:
        return array
    result = np.asarray(_each_to_bytes(array), dtype=object)
    return result.reshape(array.shape)


def as_array(value: Any, dtype: DType | None = None) -> np.ndarray[Any, Any]:
    """The array that a Python value means: floats are float32, ints int32 where they fit, text is bytes."""
    if value is None:
        raise ValueError("None values not supported.")
    if isinstance(value, TensorShape):
        if not value.is_static:
            raise ValueError(f"Cannot convert a partially known TensorShape to a Tensor: {value}")
        value = list(value.as_tuple())
    target = None if dtype is None else dtype.base_dtype
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind in "SUO" or target is string:
            return string_array(_require(array, string if target is None else target, value))
        # a copy: the array belongs to the user, who may go on writing into it
        return array.copy() if target is None else array.astype(target.numpy)
    if target is not None:
        bad = _first_mismatch(value, _TAKES.get(target.kind, ()))
        if bad is not None:
            leaf = bad[0]
            if leaf is None:
                raise ValueError("None values not supported.")
            raise TypeError(
                f"Expected {target.name}, got {leaf!r} of type '{type(leaf).__name__}' instead."
            )
        if target is string:
            return _dense(string_array(value), value)
        try:
            return _dense(np.array(value, dtype=target.numpy), value)
        except OverflowError:
            raise ValueError(f"{value!r} does not fit into {target.name}") from None
        except ValueError as error:
            raise _ragged(value) from error
    return _guess(value)


def _require(array: np.ndarray[Any, Any], target: DType, value: Any) -> np.ndarray[Any, Any]:
    if target is not string:
        raise TypeError(f"Expected {target.name}, got {value!r} of type 'str' instead.")
    if array.dtype.kind not in "SUO":
        raise TypeError(f"Expected string, got {value!r} of type '{array.dtype}' instead.")
    for leaf in array.ravel() if array.dtype == object else ():
        if not isinstance(leaf, str | bytes):
            raise TypeError(
                f"Expected string, got {leaf!r} of type '{type(leaf).__name__}' instead."
            )
    return array


def _guess(value: Any) -> np.ndarray[Any, Any]:
    try:
        array = np.array(value)
    except (ValueError, OverflowError) as error:
        raise _ragged(value) from error
    if array.dtype.kind in "SU":
        return _dense(string_array(value), value)
    if array.dtype == object:
        leaf = array.ravel()[0] if array.size else None
        if isinstance(leaf, str | bytes):
            return string_array(_require(array, string, value))
        if isinstance(leaf, int):
            raise ValueError(f"{value!r} does not fit into int64")
        if list(array.shape) != _dense_shape(value) and isinstance(value, list | tuple):
            raise _ragged(value)
        raise TypeError(
            f"Failed to convert object of type {type(value)} to Tensor. Contents: {value!r}. "
            "Consider casting elements to a supported type."
        )
    array = _dense(array, value)
    if array.dtype == np.float64:
        return array.astype(float32.numpy)
    if array.dtype == np.int64:
        narrow = array.astype(int32.numpy)
        return narrow if np.array_equal(narrow, array) else array
    as_dtype(array.dtype)
    return array


def _dense(array: np.ndarray[Any, Any], value: Any) -> np.ndarray[Any, Any]:
    if (
        isinstance(value, list | tuple)
        and array.dtype == object
        and list(array.shape) != _dense_shape(value)
    ):
        raise _ragged(value)
    return array


def _ragged(value: Any) -> ValueError:
    return ValueError(
        f"Argument must be a dense tensor: {value!r} - got shape {_dense_shape(value)}, but its rows differ in length."
    )
