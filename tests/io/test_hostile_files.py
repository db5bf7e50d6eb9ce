"""Thousands of damaged files: each is read or refused, with little memory and in little time.

Damage inside a block is sealed with a sound checksum again, so that what lies behind the checksum is tried too.
"""

from __future__ import annotations

import random
import struct
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graphflow import errors
from graphflow.io import checkpoint, events, protos, records, tensor_proto
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.table import Table

REFUSALS = (
    errors.DataLossError,
    errors.NotFoundError,
    errors.InvalidArgumentError,
    errors.UnimplementedError,
)
ROUNDS = 250
GREATEST_MEMORY = 40 << 20
INTERESTING = (b"\0", b"\xff", b"\x7f", b"\x80", b"\xff\xff\xff\xff\x0f", b"\xff" * 9 + b"\x01")


def damaged(data: bytes, rng: random.Random) -> bytes:
    """A few bytes flipped, cut, doubled, or replaced by awkward ones."""
    out = bytearray(data)
    for _ in range(rng.randint(1, 4)):
        at = rng.randrange(len(out) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(out):
            out[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            del out[at : at + rng.randint(1, 8)]
        elif kind == 2:
            del out[at:]
        elif kind == 3:
            out[at:at] = out[at : at + rng.randint(1, 16)]
        elif kind == 4:
            out[at : at + 1] = rng.choice(INTERESTING)
        elif at < len(out):
            out[at] = rng.randrange(256)
    return bytes(out)


def read_all(prefix: Path) -> None:
    reader = checkpoint.open_checkpoint(prefix)
    try:
        for name in reader.variables:
            try:
                reader.read(name)
            except REFUSALS:
                continue
    finally:
        reader.close()


@pytest.fixture
def frugal() -> Iterator[Callable[[], None]]:
    """Fails if more memory was asked for than a small file can need."""
    tracemalloc.start()

    def check() -> None:
        _, peak = tracemalloc.get_traced_memory()
        assert peak < GREATEST_MEMORY
        tracemalloc.reset_peak()

    yield check
    tracemalloc.stop()


def attempt(read: Callable[[], object], frugal: Callable[[], None]) -> bool:
    try:
        read()
    except REFUSALS:
        return False
    finally:
        frugal()
    return True


def blocks(path: Path) -> list[bytes]:
    with Table(path) as table:
        return [table._block(handle) for handle in table._handles]


@pytest.mark.parametrize("name", ["every_type.index", "old.ckpt", "many.index"])
def test_damaged_files(name: str, recorded: Any, tmp_path: Path, frugal: Any) -> None:
    rng = random.Random(name)
    data = recorded.path(name).read_bytes()
    path = tmp_path / name
    for _ in range(ROUNDS):
        path.write_bytes(damaged(data, rng))
        attempt(lambda: read_all(path.with_suffix("") if path.suffix == ".index" else path), frugal)


@pytest.mark.parametrize(
    "name", ["every_type.index", "partitioned.index", "old.ckpt", "old_partitioned.ckpt"]
)
def test_damaged_blocks(
    name: str, recorded: Any, tmp_path: Path, one_block_table: Any, frugal: Any
) -> None:
    rng = random.Random(name)
    (block,) = blocks(recorded.path(name))
    path = tmp_path / name
    prefix = path
    if path.suffix == ".index":
        prefix = path.with_suffix("")
        data = recorded.path(name).with_suffix(".data-00000-of-00001").read_bytes()
        prefix.with_suffix(".data-00000-of-00001").write_bytes(data)
    done = 0
    for round_number in range(ROUNDS):
        path.write_bytes(one_block_table(damaged(block, rng), kind=round_number % 25 == 0))
        done += attempt(lambda: read_all(prefix), frugal)
    assert done, "some damage is harmless"


@pytest.mark.parametrize("compression", records.COMPRESSIONS)
def test_damaged_records(compression: str, recorded: Any, tmp_path: Path, frugal: Any) -> None:
    rng = random.Random(compression)
    data = recorded.path(f"{(compression or 'plain').lower()}.tfrecord").read_bytes()
    path = tmp_path / "x"
    for _ in range(ROUNDS):
        path.write_bytes(damaged(data, rng))
        attempt(lambda: list(records.read_records(path, compression)), frugal)


def test_damaged_events(recorded: Any, events_name: str, tmp_path: Path, frugal: Any) -> None:
    """The records are sealed; their messages are damaged."""
    rng = random.Random(5)
    found = list(records.read_records(recorded.path(events_name)))
    path = tmp_path / "x"
    for _ in range(ROUNDS):
        path.write_bytes(b"".join(records.frame(damaged(record, rng)) for record in found))
        attempt(lambda: list(events.summary_iterator(path)), frugal)


def test_damaged_tensors(recorded: Any, frugal: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(6)
    # The rule is what is tried here: not 256 MB at a time.
    monkeypatch.setattr(tensor_proto, "GREATEST_REPETITION_BYTES", 1 << 20)
    made = recorded.expected["tensor_protos"]
    sources = [recorded.decode(e["proto"]) for e in (*made["made"].values(), *made["read"])]
    done = 0
    for _ in range(40):
        for source in sources:
            data = damaged(source, rng)
            done += attempt(
                lambda data=data: tensor_proto.to_array(protos.parse("TensorProto", data)), frugal
            )
    assert done


def test_a_record_that_is_sealed_but_not_there(tmp_path: Path, frugal: Any) -> None:
    length = struct.pack("<Q", (1 << 31) - 1)
    (tmp_path / "x").write_bytes(length + struct.pack("<I", masked_crc32c(length)) + bytes(100))
    assert not attempt(lambda: list(records.read_records(tmp_path / "x")), frugal)
