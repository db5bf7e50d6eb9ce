"""Datasets of the records of files of comma-separated values."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import doors
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.dataset_elements import DatasetOp, Element, Elements, Steps, number, text
from graphflow.ops.string_numbers import number as spelled


class _Style(NamedTuple):
    """How the fields of a record are written."""

    delimiter: bytes
    quoting: bool
    missing: tuple[bytes, ...]


class CSVDataset(DatasetOp):
    """Records of files, a component for each column, or for each that is asked for."""

    signature = (
        "filenames:string, compression_type:string, buffer_size:int64, header:bool, field_delim:string, "
        "use_quote_delim:bool, na_value:string, select_cols:int64, record_defaults:[output_types] "
        "-> handle:variant | output_types: float, double, int32, int64, string"
    )
    output_shapes: tuple[TensorShape, ...]

    def infer(self, *inputs: Any) -> Any:
        defaults: list[Tensor] = inputs[8]
        for default in defaults:
            count = default.shape.with_rank_at_most(1).num_elements()
            if count is not None and count > 1:
                raise ValueError(
                    "Shape of a default must be a length-0 or length-1 vector, or a scalar"
                )
        return SCALAR

    def reference(self, *inputs: Any) -> Any:
        files, compression, size, header, delimiter, quoting, missing, chosen, defaults = inputs
        if number(size) < 0:
            raise InvalidArgumentError(message="buffer_size should be positive")
        kind = text(compression)
        if kind not in ("", "ZLIB", "GZIP"):
            raise InvalidArgumentError(message=f"Unsupported compression_type: {kind}.")
        mark = text(delimiter).encode()
        if len(mark) != 1:
            raise InvalidArgumentError(message="field_delim should be only 1 char")
        style = _Style(mark, bool(quoting), (b"", text(missing).encode()))
        columns = _Columns(np.ravel(chosen).tolist(), defaults)
        names: list[bytes] = np.ravel(files).tolist()
        read = doors.enter("read_lines")

        def begin() -> Iterator[Element]:
            waiting = list(reversed(names))
            lines: Iterator[bytes] = iter(())

            def step() -> Element:
                nonlocal lines
                while True:
                    line = next(lines, None)
                    if line is not None:
                        return columns.of(_fields(line, lines, style), style.missing)
                    if not waiting:
                        raise StopIteration
                    lines = read(waiting.pop(), kind, returns=True)
                    first = next(lines, None) if header else None
                    if first is not None:
                        _fields(first, lines, style)

            return Steps(step)

        return Elements(begin)


class _Columns:
    """Which fields of a record are wanted, and what they are where they are empty."""

    def __init__(self, chosen: list[int], defaults: Sequence[Any]) -> None:
        if chosen and len(chosen) != len(defaults):
            raise InvalidArgumentError(message="select_cols should match output size")
        if any(b <= a for a, b in itertools.pairwise(chosen)):
            raise InvalidArgumentError(message="select_cols should be strictly increasing indices")
        if chosen and chosen[0] < 0:
            raise InvalidArgumentError(message="select_cols should be non-negative indices")
        self.chosen, self.defaults = chosen, [np.asarray(d) for d in defaults]

    def of(self, fields: list[bytes], missing: tuple[bytes, ...]) -> Element:
        count = len(self.defaults)
        wanted = [fields[c] for c in self.chosen if c < len(fields)] if self.chosen else fields
        found = [
            _value(f, field, default, missing)
            for f, (field, default) in enumerate(zip(wanted, self.defaults, strict=False))
        ]
        if len(wanted) != count:
            have = "more" if len(wanted) > count else len(wanted)
            raise InvalidArgumentError(message=f"Expect {count} fields but have {have} in record")
        return tuple(found)


def _value(f: int, field: bytes, default: Any, missing: tuple[bytes, ...]) -> Any:
    if field in missing:
        if default.size != 1:
            raise InvalidArgumentError(message=f"Field {f} is required but missing in record!")
        return default.reshape(())
    out = np.empty((), default.dtype)
    if default.dtype == object:
        out[()] = field
        return out
    dtype: DType = as_dtype(default.dtype)
    value = spelled(field, dtype)
    if value is None:
        shown = field.decode("utf-8", "replace")
        raise InvalidArgumentError(
            message=f"Field {f} in record is not a valid {dtype.name}: {shown}"
        )
    out[()] = value
    return out


def _fields(line: bytes, more: Iterator[bytes], style: _Style) -> list[bytes]:
    """The fields of the record that begins with `line`: what is in quotes goes on in the next lines."""
    fields: list[bytes] = []
    wrong: str | None = None
    at = 0
    while True:
        if style.quoting and line[at : at + 1] == b'"':
            field, line, at, bad = _quoted(line, at + 1, more, style.delimiter)
        else:
            end = line.find(style.delimiter, at)
            end = len(line) if end < 0 else end
            field = line[at:end]
            if end == len(line):
                field = field.removesuffix(b"\r")
            bad = None
            if style.quoting and b'"' in field:
                bad = "Unquoted fields cannot have quotes inside"
            at = end
        fields.append(field)
        wrong = wrong or bad
        if line[at : at + 1] != style.delimiter:
            break
        at += 1
    if wrong:
        raise InvalidArgumentError(message=wrong)
    return fields


def _quoted(
    line: bytes, at: int, more: Iterator[bytes], delimiter: bytes
) -> tuple[bytes, bytes, int, str | None]:
    """A field in quotes, the line that it ends in and where, and what is wrong with it."""
    field: list[bytes] = []
    wrong = None
    while True:
        end = line.find(b'"', at)
        if end < 0:
            further = next(more, None)
            if further is None:
                raise InvalidArgumentError(
                    message="Reached end of file without closing quoted field in record"
                )
            field += (line[at:], b"\n")
            line, at = further, 0
            continue
        field.append(line[at:end])
        at = end + 1
        if line[at:] in (b"", b"\r") or line[at : at + 1] == delimiter:
            return b"".join(field), line, at, wrong
        if line[at : at + 1] == b'"':
            at += 1
        else:
            wrong = "Quote inside a string has to be escaped by another quote"
        field.append(b'"')
