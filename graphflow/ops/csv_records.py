"""Lines of comma-separated values as columns: DecodeCSV."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np

from graphflow.ir.dtype import as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ops.string_numbers import number


class DecodeCSV(Op):
    """Column f of the records, or its default where a record leaves it empty."""

    signature = (
        "records:string, record_defaults:[OUT_TYPE] -> output:[OUT_TYPE] "
        "| OUT_TYPE: float, double, int32, int64, string"
    )
    field_delim: str = ","
    use_quote_delim: bool = True
    na_value: str = ""
    select_cols: tuple[int, ...] = ()

    def infer(self, records: Tensor, defaults: list[Tensor]) -> Any:
        if len(self.field_delim) != 1:
            raise ValueError("field_delim should be only 1 char")
        for default in defaults:
            count = default.shape.with_rank_at_most(1).num_elements()
            if count is not None and count > 1:
                raise ValueError("Shape of a default must be a length-0 or length-1 vector")
        if any(b <= a for a, b in itertools.pairwise(self.select_cols)) or any(
            c < 0 for c in self.select_cols
        ):
            raise ValueError("select_cols should be strictly increasing indices")
        return (records.shape,) * len(defaults)

    def reference(self, records: Any, defaults: list[Any]) -> Any:
        rows = [self._fields(r) for r in records.ravel().tolist()]
        for i, row in enumerate(rows):
            if len(row) != len(defaults):
                raise ValueError(f"Expect {len(defaults)} fields but have {len(row)} in record {i}")
        return tuple(
            self._column(f, [row[f] for row in rows], default).reshape(records.shape)
            for f, default in enumerate(defaults)
        )

    def _column(self, f: int, fields: list[bytes], default: Any) -> Any:
        out = np.empty(len(fields), default.dtype)
        missing = (b"", self.na_value.encode())
        for i, field in enumerate(fields):
            if field in missing:
                if default.size != 1:
                    raise ValueError(f"Field {f} is required but missing in record {i}!")
                out[i] = default.ravel()[0]
            elif default.dtype == object:
                out[i] = field
            else:
                out[i] = _parsed(field, default.dtype, f, i)
        return out

    def _fields(self, record: bytes) -> list[bytes]:
        """The fields of one record, of the chosen columns alone."""
        delimiter, fields, at = self.field_delim.encode(), [], 0
        while at < len(record):
            if record[at : at + 1] in (b"\n", b"\r"):
                at += 1
                continue
            quoted = self.use_quote_delim and record[at : at + 1] == b'"'
            field, at = (_quoted if quoted else self._plain)(record, at, delimiter)
            fields.append(field)
        if record.endswith(delimiter) and (not fields or at <= len(record)):
            fields.append(b"")
        return (
            [fields[c] for c in self.select_cols if c < len(fields)] if self.select_cols else fields
        )

    def _plain(self, record: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
        end = record.find(delimiter, at)
        field = record[at:] if end < 0 else record[at:end]
        marks = b'"\n\r' if self.use_quote_delim else b"\n\r"
        if any(b in marks for b in field):
            raise ValueError("Unquoted fields cannot have quotes/CRLFs inside")
        return field, len(record) + 1 if end < 0 else end + 1


def _quoted(record: bytes, at: int, delimiter: bytes) -> tuple[bytes, int]:
    """A field in quotes, in which two quotes are one, and where the next field starts."""
    field = bytearray()
    at += 1
    while at < len(record) - 1 and not (
        record[at : at + 1] == b'"' and record[at + 1 : at + 2] == delimiter
    ):
        if record[at : at + 1] != b'"':
            field += record[at : at + 1]
            at += 1
            continue
        if record[at + 1 : at + 2] != b'"':
            raise ValueError("Quote inside a string has to be escaped by another quote")
        field += b'"'
        at += 2
    if record[at : at + 1] != b'"' or (
        at < len(record) - 1 and record[at + 1 : at + 2] != delimiter
    ):
        raise ValueError("Quoted field has to end with quote followed by delim or end")
    return bytes(field), at + 2


def _parsed(field: bytes, dtype: np.dtype[Any], f: int, i: int) -> Any:
    found = number(field, as_dtype(dtype))
    if found is None:
        shown = field.decode("utf-8", "replace")
        raise ValueError(f"Field {f} in record {i} is not a valid {dtype.name}: {shown}")
    return found
