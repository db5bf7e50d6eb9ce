"""What TensorFlow 1.15.5 wrote, and what it said is in there: `recorded`."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from graphflow.io import table
from graphflow.io.crc32c import masked_crc32c

DATA = Path(__file__).resolve().parent.parent / "data" / "io"
EVENTS = "events.out.tfevents.1500000000.host.recorded"


class Recorded:
    """The folder of recorded files and the JSON beside them."""

    @functools.cached_property
    def expected(self) -> Any:
        return json.loads((DATA / "expected.json").read_bytes())

    @functools.cached_property
    def messages(self) -> Any:
        return json.loads(gzip.decompress((DATA / "messages.json.gz").read_bytes()))

    def path(self, name: str) -> Path:
        return DATA / name

    @staticmethod
    def decode(text: str) -> bytes:
        return base64.b64decode(text)

    def array(self, entry: dict[str, Any]) -> Any:
        shape = entry["shape"]
        if entry["dtype"] == "string":
            strings = np.empty(len(entry["values"]), object)
            strings[:] = [base64.b64decode(value) for value in entry["values"]]
            return strings.reshape(shape)
        bfloat16 = entry["dtype"] == "bfloat16"
        dtype = np.dtype(ml_dtypes.bfloat16 if bfloat16 else entry["dtype"])
        return np.frombuffer(base64.b64decode(entry["bytes"]), dtype).reshape(shape)


@pytest.fixture(scope="session")
def recorded() -> Recorded:
    return Recorded()


def same(got: Any, want: Any) -> None:
    """Equal in type, shape and every bit."""
    assert isinstance(got, np.ndarray)
    assert got.dtype == want.dtype
    assert got.shape == want.shape
    if want.dtype == object:
        assert got.tolist() == want.tolist()
    else:
        assert got.tobytes() == want.tobytes()


@pytest.fixture(name="same", scope="session")
def _same() -> Any:
    return same


def one_block_table(block: bytes, kind: int = 0) -> bytes:
    """A table whose only data block has these bytes, whatever they are."""
    stored = block + bytes([kind])
    sealed = stored + struct.pack("<I", masked_crc32c(stored))
    key, value = b"\xff\xff", table.Handle(0, len(block)).encode()
    index = bytes([0, len(key), len(value)]) + key + value + struct.pack("<II", 0, 1) + b"\0"
    handles = table.Handle(0, 0).encode() + table.Handle(len(sealed), len(index) - 1).encode()
    return (
        sealed
        + index
        + struct.pack("<I", masked_crc32c(index))
        + handles.ljust(40, b"\0")
        + struct.pack("<Q", table.MAGIC)
    )


@pytest.fixture(name="one_block_table", scope="session")
def _one_block_table() -> Any:
    return one_block_table


@pytest.fixture(name="events_name", scope="session")
def _events_name() -> str:
    return EVENTS
