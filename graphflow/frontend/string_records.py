"""Bytes and lines as tensors: tf.decode_raw, tf.decode_csv, tf.encode_base64, tf.fingerprint."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import raw
from graphflow.ir.node import Tensor

__all__ = [
    "decode_base64",
    "decode_csv",
    "decode_raw",
    "encode_base64",
    "fingerprint",
]


def decode_raw(
    input_bytes: Any = None,
    out_type: Any = None,
    little_endian: bool = True,
    name: str | None = None,
    bytes: Any = None,
) -> Tensor:
    """The bytes of each string as numbers, along a new last axis."""
    data = one_of_two("input_bytes", input_bytes, "bytes", bytes)
    if out_type is None:
        raise ValueError("decode_raw_v1() missing 1 positional argument: 'out_type'")
    out: Tensor = raw.DecodeRaw(data, out_type=out_type, little_endian=little_endian, name=name)
    return out


def decode_csv(
    records: Any,
    record_defaults: Sequence[Any],
    field_delim: str = ",",
    use_quote_delim: bool = True,
    name: str | None = None,
    na_value: str = "",
    select_cols: Sequence[int] | None = None,
) -> list[Tensor]:
    """The columns of lines of comma-separated values."""
    cols = list(select_cols or ())
    if any(b <= a for a, b in itertools.pairwise(cols)):
        raise ValueError("select_cols is not strictly increasing.")
    if cols and cols[0] < 0:
        raise ValueError("select_cols contains negative values.")
    if select_cols is not None and len(cols) != len(record_defaults):
        raise ValueError("Length of select_cols and record_defaults do not match.")
    out: list[Tensor] = raw.DecodeCSV(
        records,
        record_defaults,
        field_delim=field_delim,
        use_quote_delim=use_quote_delim,
        na_value=na_value,
        select_cols=cols,
        name=name,
    )
    return out


def encode_base64(input: Any, pad: bool = False, name: str | None = None) -> Tensor:
    """Each string in base64 that is safe in a web address."""
    out: Tensor = raw.EncodeBase64(input, pad=pad, name=name)
    return out


def decode_base64(input: Any, name: str | None = None) -> Tensor:
    """The bytes that each string spells in base64."""
    out: Tensor = raw.DecodeBase64(input, name=name)
    return out


def fingerprint(data: Any, method: Any = "farmhash64", name: str | None = None) -> Tensor:
    """8 bytes for each row of the data."""
    out: Tensor = raw.Fingerprint(data, method, name=name)
    return out


NAMESPACES = {"io": ["decode_base64", "decode_csv", "decode_raw", "encode_base64"]}
