"""Writes sound as WAV: 16-bit little-endian samples."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from graphflow import errors

_HEADER_BYTES = 44


def _samples(audio: npt.NDArray[Any]) -> bytes:
    """Samples of -1 to 1 as integers, halves away from zero and NaN as silence."""
    scaled = np.nan_to_num(audio.astype(np.float64) * 32768.0, nan=0.0)
    rounded = np.copysign(np.floor(np.abs(scaled) + 0.5), scaled)
    return np.clip(rounded, -32768, 32767).astype("<i2").tobytes()


def encode(audio: npt.NDArray[Any], sample_rate: float) -> bytes:
    """The WAV file of float samples, [frames, channels]."""
    rate = math.floor(sample_rate + 0.5) if math.isfinite(sample_rate) else 0
    frames, channels = audio.shape
    data_bytes = 2 * frames * channels
    for what, value, bound in (
        ("sample_rate", rate, 1 << 32),
        ("num_channels", channels, 1 << 16),
        ("num_frames", frames, 1 << 32),
        ("bytes_per_second", 2 * rate * channels, 1 << 32),
        ("file_size", data_bytes + _HEADER_BYTES, 1 << 32),
    ):
        if not 0 < value < bound:
            raise errors.InvalidArgumentError(
                message=f"{what} must be in (0, {bound}), "
                f"got: {sample_rate if what == 'sample_rate' else value}"
            )
    form = struct.pack("<IHHIIHH", 16, 1, channels, rate, 2 * rate * channels, 2 * channels, 16)
    body = b"WAVE" + b"fmt " + form + b"data" + struct.pack("<I", data_bytes) + _samples(audio)
    return b"RIFF" + struct.pack("<I", len(body)) + body
