"""Features as tensors: what the ops on Examples and SequenceExamples do with the values they find."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.errors import DataLossError, InvalidArgumentError
from graphflow.ir.doors import enter
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape

_SHOWN = 200


class Place(NamedTuple):
    """Where a feature stands, for messages."""

    key: str
    number: int
    name: str = ""

    def error(self, problem: str) -> InvalidArgumentError:
        """An error about the feature."""
        name = self.name or "<unknown>"
        return InvalidArgumentError(
            message=f"Name: {name}, Key: {self.key}, Index: {self.number}.  {problem}"
        )

    def required(self, dtype: DType) -> InvalidArgumentError:
        """The error that the feature is missing."""
        name = self.name or "<unknown>"
        return InvalidArgumentError(
            message=f"Name: {name}, Feature: {self.key} (data type: {_named(dtype)}) "
            "is required but could not be found."
        )


def read_message(door: str, data: bytes, what: str = "example") -> Any:
    """What lies in an Example or in a SequenceExample."""
    try:
        return enter(door)(data)
    except DataLossError as error:
        shown = data[:_SHOWN].decode("utf-8", "backslashreplace")
        raise InvalidArgumentError(
            message=f"Could not parse {what} input, value: '{shown}': {error.message}"
        ) from error


def named(names: Any, index: int) -> str:
    """The name of an example, if it has one."""
    return names[index].decode("utf-8", "backslashreplace") if len(names) else ""


def values_of(feature: Any, dtype: DType, place: Place) -> Any:
    """The values of a feature, or None where it has none."""
    if feature is None or feature.dtype is None:
        return None
    if feature.dtype is not dtype:
        raise place.error(
            f"Data types don't match. Data type: {_named(feature.dtype)} "
            f"but expected type: {_named(dtype)}"
        )
    try:
        return feature.values()
    except DataLossError as error:
        raise place.error(f"Can't parse serialized Example: {error.message}") from error


def check_types(*lists: Sequence[DType]) -> None:
    """TypeError for a type that no feature has."""
    for dtypes in lists:
        for dtype in dtypes:
            if dtype.name not in ("float32", "int64", "string"):
                raise TypeError(
                    f"A feature of the type {dtype.name}: only float32, int64 and string are allowed"
                )


def _named(dtype: DType) -> str:
    return "float" if dtype.name == "float32" else dtype.name


class Dense:
    """One dense feature: a block of a fixed shape, or any number of them, for every example."""

    def __init__(self, key: str, dtype: DType, shape: TensorShape, default: Any) -> None:
        sizes = shape.as_list()
        self.key, self.dtype, self.default = key, dtype, default
        self.varies = bool(sizes) and sizes[0] is None
        self.block = [size or 0 for size in sizes[1 if self.varies else 0 :]]
        self.size = math.prod(self.block)
        if self.varies and default.size != 1:
            raise ValueError(
                f"dense_default for feature {key} must be a scalar, but has {default.size} values"
            )
        if not self.varies and default.size and default.shape != tuple(sizes):
            raise ValueError(
                f"dense_default for feature {key} has the shape {list(default.shape)}, "
                f"expected {sizes}"
            )

    def of(self, feature: Any, place: Place) -> Any:
        """The values for one example."""
        values = values_of(feature, self.dtype, place)
        if values is None:
            if self.varies:
                return np.empty((0, *self.block), self.dtype.numpy)
            if not self.default.size:
                raise place.required(self.dtype)
            return self.default
        if self.varies:
            if not self.size or len(values) % self.size:
                raise place.error(
                    f"Number of {_named(self.dtype)} values is not a multiple of stride length. "
                    f"Values size: {len(values)} but output shape: {[None, *self.block]}"
                )
            return values.reshape(-1, *self.block)
        if len(values) != self.size:
            raise place.error(
                f"Number of {_named(self.dtype)} values != expected.  "
                f"Values size: {len(values)} but output shape: {self.block}"
            )
        return values.reshape(self.block)

    def together(self, found: list[Any]) -> Any:
        """The values for all examples, filled up to the longest."""
        if self.varies:
            return padded(found, self.block, self.dtype, self.default.reshape(()).item())
        out = np.empty((len(found), *self.block), self.dtype.numpy)
        for i, values in enumerate(found):
            out[i, ...] = values
        return out


def padded(found: list[Any], block: Sequence[int], dtype: DType, filler: Any) -> Any:
    """Rows of blocks, one row below the other, the short ones filled up."""
    longest = max((len(values) for values in found), default=0)
    out = np.full((len(found), longest, *block), filler, dtype.numpy)
    for i, values in enumerate(found):
        out[i, : len(values)] = values
    return out


def joined(rows: list[Any], dtype: DType) -> Any:
    """The values of all rows, one behind the other."""
    return np.concatenate(rows) if rows else np.empty(0, dtype.numpy)


def ragged(rows: list[Any], dtype: DType) -> tuple[Any, Any, Any]:
    """Rows of different lengths as a sparse tensor: coordinates, values, sizes."""
    lengths = np.array([len(r) for r in rows], np.int64)
    places = np.stack([np.repeat(np.arange(len(rows)), lengths), counted(lengths)], axis=1)
    sizes = np.array([len(rows), lengths.max(initial=0)], np.int64)
    return places.astype(np.int64), joined(rows, dtype), sizes


def sparse_row(values: Any) -> tuple[Any, Any, Any]:
    """One row as a sparse tensor."""
    count = len(values)
    return np.arange(count, dtype=np.int64)[:, None], values, np.array([count], np.int64)


def counted(lengths: Any) -> Any:
    """0, 1, 2, ... anew for every length."""
    total = int(lengths.sum())
    return np.arange(total) - np.repeat(np.cumsum(lengths) - lengths, lengths)


def columns(parts: list[tuple[Any, ...]], count: int) -> list[Any]:
    """The first, second, ... of all parts: `count` lists, also where there is no part."""
    return [part[k] for k in range(count) for part in parts]
