"""The checksum: published values, and the plain loop as the twin of the fast one."""

from __future__ import annotations

import time

import numpy as np
import pytest

from graphflow.io.crc32c import crc32c, mask, masked_crc32c, unmask


def plain(data: bytes) -> int:
    """Bit by bit, straight from the polynomial."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


# RFC 3720, B.4
@pytest.mark.parametrize(
    ("data", "crc"),
    [
        (bytes(32), 0x8A9136AA),
        (b"\xff" * 32, 0x62A8AB43),
        (bytes(range(32)), 0x46DD794E),
        (bytes(range(31, -1, -1)), 0x113FDB5C),
        (b"123456789", 0xE3069283),
        (b"", 0),
    ],
)
def test_published_values(data: bytes, crc: int) -> None:
    assert crc32c(data) == crc


@pytest.mark.parametrize(
    "size", [1, 3, 4, 255, 639, 640, 641, 642, 643, 1024, 4099, 16383, 16384, 16385, 16388, 40001]
)
def test_fast_and_plain_agree_at_every_seam(size: int) -> None:
    data = np.random.default_rng(size).integers(0, 256, size, np.uint8).tobytes()
    assert crc32c(data) == plain(data)


@pytest.mark.parametrize("cut", [0, 1, 5, 700, 8191, 20000])
def test_a_checksum_can_be_continued(cut: int) -> None:
    data = np.random.default_rng(1).integers(0, 256, 20000, np.uint8).tobytes()
    assert crc32c(data[cut:], crc32c(data[:cut])) == plain(data)


def test_any_contiguous_buffer_will_do() -> None:
    array = np.arange(3000, dtype=np.float64).reshape(30, 100)
    assert crc32c(array) == crc32c(array.tobytes()) == crc32c(memoryview(array))
    assert crc32c(np.zeros((0, 3))) == 0
    unaligned = memoryview(bytes(range(256)) * 20)[3:-2]
    assert crc32c(unaligned) == plain(bytes(unaligned))


def test_masking() -> None:
    # rotate right by 15 bits, then add
    assert mask(0) == 0xA282EAD8
    for crc in (0, 1, 0xDEADBEEF, 0xFFFFFFFF):
        assert unmask(mask(crc)) == crc
    assert masked_crc32c(b"123456789") == mask(0xE3069283)


def test_it_is_fast_enough() -> None:
    data = np.zeros(1 << 23, np.uint8)
    crc32c(data)
    best = float("inf")
    for _ in range(5):
        begin = time.perf_counter()
        crc32c(data)
        best = min(best, time.perf_counter() - begin)
    assert data.nbytes / best > 50e6
