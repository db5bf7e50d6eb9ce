"""PNG files: written in full, and read where each channel has 16 bits, which common readers cut to 8.

A row is stored as differences from its neighbours, by one of five filters; with a the byte to the left, b the one
above and c the one above a, filter k stores x - (0, a, b, (a + b) // 2, the nearest of a, b, c to a + b - c)[k].
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from graphflow.numeric.elements import Array

SIGNATURE = b"\x89PNG\r\n\x1a\n"

#: colour types by number of channels: gray, gray and alpha, RGB, RGBA
_COLOUR_TYPES = {1: 0, 2: 4, 3: 2, 4: 6}
#: the most pixels that are read
_MOST_PIXELS = 1 << 29


class Header(NamedTuple):
    """What a PNG file says of itself."""

    width: int
    height: int
    depth: int
    colour_type: int
    interlaced: bool


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(SIGNATURE)
    while at + 12 <= len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        if at + 12 + size > len(data):
            break
        yield kind, data[at + 8 : at + 8 + size]
        at += 12 + size


def header(data: bytes) -> Header:
    """The header of a PNG file."""
    if not data.startswith(SIGNATURE):
        raise ValueError("not a PNG file")
    kind, body = next(_chunks(data), (b"", b""))
    if kind != b"IHDR" or len(body) != 13:
        raise ValueError(f"Invalid PNG data, size {len(data)}: it has no header")
    width, height, depth, colour_type, _, _, interlaced = struct.unpack(">IIBBBBB", body)
    if not 0 < width * height <= _MOST_PIXELS:
        raise ValueError(f"PNG of {width} by {height} pixels: there must be 1 to {_MOST_PIXELS}")
    return Header(width, height, depth, colour_type, bool(interlaced))


def _nearest(a: Array, b: Array, c: Array) -> Array:
    """Whichever of a, b and c is nearest to a + b - c; of equals the first."""
    to_a, to_b, to_c = abs(b - c), abs(a - c), abs(a + b - c - c)
    return np.where((to_a <= to_b) & (to_a <= to_c), a, np.where(to_b <= to_c, b, c))


def encode(pixels: Array, compression: int = -1) -> bytes:
    """A PNG file of pixels [height, width, channels] in uint8 or uint16."""
    pixels = np.asarray(pixels)
    if pixels.ndim != 3 or pixels.size == 0 or pixels.dtype not in (np.uint8, np.uint16):
        raise ValueError(
            f"an image must be [height, width, channels] of uint8 or uint16, not empty, got {pixels.dtype} {pixels.shape}"
        )
    height, width, channels = pixels.shape
    if channels not in _COLOUR_TYPES:
        raise ValueError(f"an image must have 1, 2, 3, or 4 channels, got {channels}")
    if not -1 <= compression <= 9:
        raise ValueError(f"compression should be in [-1,9], got {compression}")
    depth = 8 * pixels.dtype.itemsize
    rows = np.ascontiguousarray(pixels.astype(f">u{pixels.dtype.itemsize}")).view(np.uint8)
    rows = rows.reshape(height, -1).astype(np.int16)
    step = channels * pixels.dtype.itemsize
    above, left, corner = (np.zeros_like(rows) for _ in range(3))
    above[1:], left[:, step:], corner[1:, step:] = rows[:-1], rows[:, :-step], rows[:-1, :-step]
    guesses = (np.zeros_like(rows), left, above, (left + above) // 2, _nearest(left, above, corner))
    stored = np.stack([(rows - g).astype(np.uint8) for g in guesses])
    # the usual guess at what compresses best: the least sum of differences, seen as signed bytes
    best = np.abs(stored.view(np.int8).astype(np.int32)).sum(-1).argmin(0)
    lines = np.empty((height, 1 + rows.shape[1]), np.uint8)
    lines[:, 0], lines[:, 1:] = best, stored[best, np.arange(height)]
    head = struct.pack(">IIBBBBB", width, height, depth, _COLOUR_TYPES[channels], 0, 0, 0)
    parts = [
        (b"IHDR", head),
        (b"IDAT", zlib.compress(lines.tobytes(), compression)),
        (b"IEND", b""),
    ]
    return SIGNATURE + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    )


def decode_16_bits(data: bytes) -> Array:
    """The pixels [height, width, channels] in uint16 of a file with 16 bits a channel."""
    head = header(data)
    channels = {t: c for c, t in _COLOUR_TYPES.items()}.get(head.colour_type)
    if channels is None or head.depth != 16 or head.interlaced:
        raise ValueError(f"only plain PNG files with 16 bits a channel are read here, got {head}")
    step, size = 2 * channels, 2 * channels * head.width
    body = b"".join(body for kind, body in _chunks(data) if kind == b"IDAT")
    wanted = head.height * (1 + size)
    try:
        raw = zlib.decompressobj().decompress(body, wanted)
    except zlib.error as error:
        raise ValueError(f"Invalid PNG data, size {len(data)}: {error}") from None
    if len(raw) < wanted:
        raise ValueError(f"Invalid PNG data, size {len(data)}: it ends early")
    lines = np.frombuffer(raw, np.uint8).reshape(head.height, 1 + size)
    above = np.zeros((head.width, step), np.int32)
    rows = np.empty((head.height, head.width, step), np.uint8)
    for y, line in enumerate(lines):
        if line[0] > 4:
            raise ValueError(
                f"Invalid PNG data, size {len(data)}: row {y} has the filter {line[0]}"
            )
        above = _unfiltered(
            int(line[0]), line[1:].reshape(head.width, step).astype(np.int32), above
        )
        rows[y] = above
    return rows.view(">u2").astype(np.uint16).reshape(head.height, head.width, channels)


def _unfiltered(kind: int, row: Array, above: Array) -> Array:
    """One row of bytes [width, bytes of a pixel] from its differences."""
    if kind in (0, 2):
        return row if kind == 0 else (row + above) & 255
    if kind == 1:
        return np.cumsum(row, 0) & 255
    left = corner = np.zeros(row.shape[1], np.int32)
    out = np.empty_like(row)
    for x in range(len(row)):
        guess = (left + above[x]) // 2 if kind == 3 else _nearest(left, above[x], corner)
        left, corner = (row[x] + guess) & 255, above[x]
        out[x] = left
    return out
