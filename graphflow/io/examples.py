"""tf.train.Example and tf.train.SequenceExample without the package protobuf: features by name, values as arrays.

Nothing is copied before a feature's values are asked for. Fields that the messages do not have are passed over, a
feature that comes twice is the last one, as in protocol buffers.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import varint
from graphflow.io.wire import BYTES, FIXED32, FIXED64, VARINT
from graphflow.ir.dtype import DType, as_dtype

_FIRST, _SECOND = 1 << 3 | BYTES, 2 << 3 | BYTES
#: The type of the values of each kind of list, by its field in the message Feature.
_TYPES = {1: as_dtype("string"), 2: as_dtype("float32"), 3: as_dtype("int64")}

#: A tag, and where its value begins and ends.
Span = tuple[int, int, int]


class Feature:
    """One feature: a list of strings, floats or whole numbers, or nothing at all."""

    __slots__ = ("_data", "_spans", "dtype")

    def __init__(self, data: bytes, begin: int, end: int) -> None:
        #: the type of the values; None where the message names no kind of list
        self.dtype: DType | None = None
        self._data = data
        self._spans: list[tuple[int, int]] = []
        for tag, at, stop in _spans(data, begin, end):
            dtype = _TYPES.get(tag >> 3) if tag & 7 == BYTES else None
            if dtype is None:
                continue
            if dtype is not self.dtype:
                self.dtype, self._spans = dtype, []
            self._spans.append((at, stop))

    def values(self) -> npt.NDArray[Any]:
        """The values in a row."""
        data, dtype = self._data, self.dtype
        found = [s for begin, end in self._spans for s in _spans(data, begin, end)]
        found = [s for s in found if s[0] >> 3 == 1]
        if dtype is None or dtype.kind == "s":
            return _strings(data, found)
        if dtype.kind == "f":
            return _floats(data, found)
        return _wholes(data, found)


def example(data: bytes) -> dict[bytes, Feature]:
    """The features of an Example, by name."""
    found: dict[bytes, Feature] = {}
    for tag, begin, end in _spans(data, 0, len(data)):
        if tag == _FIRST:
            _add_features(data, begin, end, found)
    return found


def sequence_example(data: bytes) -> tuple[dict[bytes, Feature], dict[bytes, list[Feature]]]:
    """The features of a SequenceExample's context and its lists of features, by name."""
    context: dict[bytes, Feature] = {}
    lists: dict[bytes, list[Feature]] = {}
    for tag, begin, end in _spans(data, 0, len(data)):
        if tag == _FIRST:
            _add_features(data, begin, end, context)
        elif tag == _SECOND:
            for key, at, stop in _entries(data, begin, end):
                parts = [s for s in _spans(data, at, stop) if s[0] == _FIRST]
                lists[key] = [Feature(data, *part[1:]) for part in parts]
    return context, lists


def _add_features(data: bytes, begin: int, end: int, found: dict[bytes, Feature]) -> None:
    for key, at, stop in _entries(data, begin, end):
        found[key] = Feature(data, at, stop)


def _entries(data: bytes, begin: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """The keys of a map and where their values begin and end; the map is a message's field 1."""
    for tag, at, stop in _spans(data, begin, end):
        if tag != _FIRST:
            continue
        key, value = b"", (0, 0)
        for part, start, behind in _spans(data, at, stop):
            if part == _FIRST:
                key = data[start:behind]
            elif part == _SECOND:
                value = (start, behind)
        yield key, *value


def _spans(data: bytes, at: int, end: int) -> Iterator[Span]:
    """The fields between two places; a number's span is that of its bytes."""
    while at < end:
        tag, at = _number(data, at, end)
        kind = tag & 7
        if kind == BYTES:
            size, at = _number(data, at, end)
            stop = at + size
        elif kind == VARINT:
            _, stop = varint.decode(data, at)
        elif kind in (FIXED32, FIXED64):
            stop = at + (4 if kind == FIXED32 else 8)
        else:
            raise errors.DataLossError(message=f"a field of the unknown kind {kind}")
        if stop > end:
            raise errors.DataLossError(message=f"a field of {stop - at} bytes is cut short")
        yield tag, at, stop
        at = stop


def _number(data: bytes, at: int, end: int) -> tuple[int, int]:
    if at < end and data[at] < 128:
        return data[at], at + 1
    return varint.decode(data, at)


def _strings(data: bytes, spans: list[Span]) -> npt.NDArray[Any]:
    found = [data[begin:end] for tag, begin, end in spans if tag & 7 == BYTES]
    out: npt.NDArray[Any] = np.empty(len(found), object)
    out[:] = found
    return out


def _floats(data: bytes, spans: list[Span]) -> npt.NDArray[Any]:
    parts = []
    for tag, begin, end in spans:
        if tag & 7 not in (BYTES, FIXED32):
            continue
        if (end - begin) % 4:
            raise errors.DataLossError(message=f"{end - begin} bytes hold no whole floats")
        parts.append(np.frombuffer(data, "<f4", (end - begin) // 4, begin))
    return np.concatenate(parts).astype(np.float32) if parts else np.empty(0, np.float32)


def _wholes(data: bytes, spans: list[Span]) -> npt.NDArray[Any]:
    parts = [
        _varints(np.frombuffer(data, np.uint8, end - begin, begin))
        for tag, begin, end in spans
        if tag & 7 in (BYTES, VARINT)
    ]
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _varints(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
    """The varints that stand one behind the other."""
    last = data < 128
    if last.all():
        return data.astype(np.int64)
    ends = np.flatnonzero(last) + 1
    begins = np.concatenate([[0], ends[:-1]])
    sizes = ends - begins
    if not last[-1] or sizes.max() > 10:
        raise errors.DataLossError(message="a list of whole numbers is cut short")
    out = np.zeros(len(ends), np.uint64)
    for k in range(int(sizes.max())):
        has = sizes > k
        digit = (data[begins[has] + k] & 127).astype(np.uint64)
        out[has] |= digit << np.uint64(7 * k)
    return out.view(np.int64)
