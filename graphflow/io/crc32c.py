"""CRC-32C, the checksum of TensorFlow's files.

A checksum is linear over GF(2), so a buffer may be seen as rows of little-endian words and all
words of a row be advanced at once, by two look-ups a word. The last row is then folded in half,
again and again, by the operators that advance over 4, 8, 16, ... zero bytes. That runs at about 1
GB/s; below a few hundred bytes the byte-at-a-time loop is quicker.
"""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
import numpy.typing as npt

Words = npt.NDArray[np.uint32]

_POLYNOMIAL = 0x82F63B78
_MASK_DELTA = 0xA282EAD8
_FULL = 0xFFFFFFFF

#: The longest row, in words: long enough to hide numpy's cost a call, short enough for a cache.
_ROW_LOG2 = 12
_SHORT = 640


def _byte_table() -> tuple[int, ...]:
    table = []
    for crc in range(256):
        for _ in range(8):
            crc = crc >> 1 ^ (_POLYNOMIAL if crc & 1 else 0)
        table.append(crc)
    return tuple(table)


_TABLE = _byte_table()


def _advance_bytes(crc: int, data: bytes | memoryview) -> int:
    table = _TABLE
    for byte in data:
        crc = table[(crc ^ byte) & 255] ^ crc >> 8
    return crc


def _tables(images: Words, bits: int) -> list[Words]:
    """From the image of each of the 32 bits, that of every combination of `bits` neighbours."""
    tables = []
    for first in range(0, 32, bits):
        table = np.zeros(1, np.uint32)
        for image in images[first : first + bits]:
            table = np.concatenate([table, table ^ image])
        tables.append(table)
    return tables


@functools.cache
def _images(log2_words: int) -> Words:
    """What each single bit of a checksum becomes over ``4 << log2_words`` zero bytes."""
    if log2_words == 0:
        return np.array([_advance_bytes(1 << bit, bytes(4)) for bit in range(32)], np.uint32)
    half = _fold_operator(log2_words - 1)
    return _advance(half, _advance(half, np.uint32(1) << np.arange(32, dtype=np.uint32)))


@functools.cache
def _fold_operator(log2_words: int) -> list[Words]:
    return _tables(_images(log2_words), 8)


@functools.cache
def _row_operator() -> list[Words]:
    """The same for a whole row: half as many look-ups, worth its tables only in a long loop."""
    return _tables(_images(_ROW_LOG2), 16)


def _advance(operator: list[Words], words: Words) -> Words:
    parts = words.astype("<u4", copy=False).view(f"<u{4 // len(operator)}")
    advanced: Words = operator[0][parts[:: len(operator)]]
    for which, table in enumerate(operator[1:], 1):
        advanced ^= table[parts[which :: len(operator)]]
    return advanced


def _advance_words(crc: int, words: Words) -> int:
    """`crc` advanced over `words`, of which there is at least one."""
    log2 = min(_ROW_LOG2, (len(words) - 1).bit_length())
    width = 1 << log2
    # Zeros in front of the data do not change a checksum that starts from zero.
    head = len(words) % width or width
    row = np.zeros(width, np.uint32)
    row[width - head :] = words[:head]
    row[width - head] ^= np.uint32(crc)
    operator = _row_operator() if len(words) > width else []
    for begin in range(head, len(words), width):
        row = _advance(operator, row) ^ words[begin : begin + width]
    for level in range(log2 - 1, -1, -1):
        middle = 1 << level
        row = _advance(_fold_operator(level), row[:middle]) ^ row[middle:]
    return int(_advance(_fold_operator(0), row)[0])


def crc32c(data: Any, crc: int = 0) -> int:
    """The CRC-32C of `data`, any contiguous buffer; `crc` is that of the bytes before it."""
    view = memoryview(data).cast("B") if memoryview(data).nbytes else memoryview(b"")
    crc ^= _FULL
    if len(view) >= _SHORT:
        whole = len(view) // 4
        crc = _advance_words(crc, np.frombuffer(view, "<u4", whole))
        view = view[4 * whole :]
    return _advance_bytes(crc, view) ^ _FULL


def mask(crc: int) -> int:
    """The form in which a checksum is stored: data that hold checksums are no special case then."""
    return ((crc >> 15 | crc << 17) + _MASK_DELTA) & _FULL


def unmask(masked: int) -> int:
    """The inverse of `mask`."""
    crc = (masked - _MASK_DELTA) & _FULL
    return (crc << 15 | crc >> 17) & _FULL


def masked_crc32c(data: Any) -> int:
    """The checksum of `data` as TensorFlow's files store it."""
    return mask(crc32c(data))
