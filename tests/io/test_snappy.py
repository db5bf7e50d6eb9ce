"""Decompression against what the snappy library compressed."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io import bundle, snappy, varint


def test_recorded_blocks(recorded: Any) -> None:
    pairs = json.loads(recorded.path("snappy.json").read_text())
    assert len(pairs) == 8
    for raw, compressed in pairs:
        assert snappy.decompress(recorded.decode(compressed)) == recorded.decode(raw)


def test_a_checkpoint_with_compressed_blocks(recorded: Any) -> None:
    with (
        bundle.BundleReader(recorded.path("snappy")) as old,
        bundle.BundleReader(recorded.path("many")) as new,
    ):
        assert old.variables == new.variables
        assert old.read("scope_3/layer/weights_010") == np.float32(10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x80",
        varint.encode(1 << 40) + b"\x00a",
        varint.encode(5) + b"\x10abc",  # a literal of 5 bytes, 3 of which are there
        varint.encode(4) + b"\x0d\x01",  # a copy before anything was written
        varint.encode(8) + b"\x00a\x0d\x02",  # a copy from before the beginning
        varint.encode(8) + b"\x00a\x0d\x00",  # a copy from no distance
        varint.encode(2) + b"\x00a",  # less than was promised
        varint.encode(1) + b"\x04ab",  # more than was promised
        varint.encode(9) + b"\xfc\xff",  # a length that is cut off
        varint.encode(9) + b"\x00a\x02",  # an offset that is cut off
    ],
)
def test_damaged_blocks(data: bytes) -> None:
    with pytest.raises(errors.DataLossError):
        snappy.decompress(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_harm(data: bytes) -> None:
    try:
        result = snappy.decompress(data)
    except errors.DataLossError:
        return
    assert len(result) <= 22 * len(data)
