"""Windows, and short-time Fourier transforms."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphflow.frontend.control_flow import cond
from graphflow.frontend.signal import irfft, rfft
from graphflow.frontend.signal_frames import frame, overlap_and_add
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import as_dtype, bool_, float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.reduce_idioms import constant_for_gradient, reduce_sum, sequence

__all__: list[str] = []


def hann_window(
    window_length: Any, periodic: Any = True, dtype: Any = float32, name: str | None = None
) -> Any:
    """0.5 - 0.5 cos(2 pi t / n)."""
    return _raised_cosine(name, "hann_window", window_length, periodic, dtype, 0.5, 0.5)


def hamming_window(
    window_length: Any, periodic: Any = True, dtype: Any = float32, name: str | None = None
) -> Any:
    """0.54 - 0.46 cos(2 pi t / n)."""
    return _raised_cosine(name, "hamming_window", window_length, periodic, dtype, 0.54, 0.46)


def _raised_cosine(
    name: str | None,
    label: str,
    window_length: Any,
    periodic: Any,
    dtype: Any,
    a: float,
    b: float,
) -> Any:
    target = as_dtype(dtype)
    if not target.is_floating:
        raise ValueError(f"dtype must be a floating point type. Found {target}")
    with build.name_scope(name, label, [window_length, periodic]):
        length = _scalar(window_length, "window_length", int32)
        known = constant_for_gradient(length)
        if known == 1:
            return idioms.ones([1], dtype=target)
        closed = idioms.cast(_scalar(periodic, "periodic", bool_), int32)
        even = 1 - raw.FloorMod(length, 2)
        n = idioms.cast(length + closed * even - 1, target)
        count = idioms.cast(sequence(length), target)
        angle = constant(2 * math.pi, target) * count / n
        if known is not None:
            return idioms.cast(a - b * raw.Cos(angle), target)
        return cond(
            raw.Equal(length, 1),
            lambda: idioms.ones([1], dtype=target),
            lambda: idioms.cast(a - b * raw.Cos(angle), target),
        )


def _scalar(value: Any, name: str, dtype: Any = None) -> Tensor:
    tensor = convert(value, dtype=dtype, name=name)
    tensor.shape.assert_has_rank(0)
    return tensor


def _power_of_two(length: Tensor) -> Tensor:
    """The least power of two that is not less."""
    known = constant_for_gradient(length)
    if known is not None:
        exponent = math.ceil(math.log(known) / math.log(2.0))
        return constant(int(2**exponent), length.dtype)
    real_length = idioms.cast(length, float32)
    exponent = raw.Ceil(raw.Log(real_length) / raw.Log(2.0))
    return idioms.cast(raw.Pow(2.0, exponent), length.dtype)


def _points(length: Tensor, fft_length: Any) -> Tensor:
    """How many samples a transform takes: as given, or the power of two that a frame fits in."""
    if fft_length is None:
        return _power_of_two(length)
    return convert(fft_length, name="fft_length")


def stft(
    signals: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    pad_end: bool = False,
    name: str | None = None,
) -> Any:
    """The transforms of overlapping windows of a signal."""
    with build.name_scope(name, "stft", [signals, frame_length, frame_step]):
        signals = convert(signals, name="signals")
        signals.shape.with_rank_at_least(1)
        length = _scalar(frame_length, "frame_length")
        step = _scalar(frame_step, "frame_step")
        points = _points(length, fft_length)
        frames = frame(signals, length, step, pad_end=pad_end)
        if window_fn is not None:
            frames = frames * window_fn(length, dtype=frames.dtype)
        return rfft(frames, [points])


def inverse_stft_window_fn(
    frame_step: Any,
    forward_window_fn: Callable[..., Any] = hann_window,
    name: str | None = None,
) -> Callable[..., Any]:
    """The window that makes the inverse of stft exact, where windows overlap by `frame_step`."""
    with build.name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
        step = _scalar(frame_step, "frame_step")

    def window(frame_length: Any, dtype: Any) -> Any:
        with build.name_scope(name, "inverse_stft_window_fn", [forward_window_fn]):
            length = _scalar(frame_length, "frame_length")
            forward = forward_window_fn(length, dtype=dtype)
            squares = raw.Square(forward)
            overlaps = -(-length // step)
            squares = raw.Pad(squares, [(0, overlaps * step - length)])
            squares = raw.Reshape(squares, [overlaps, step])
            sums = reduce_sum(squares, 0, keepdims=True)
            sums = raw.Tile(sums, [overlaps, 1])
            sums = raw.Reshape(sums, [overlaps * step])
            return forward / sums[:length]

    return window


def inverse_stft(
    stfts: Any,
    frame_length: Any,
    frame_step: Any,
    fft_length: Any = None,
    window_fn: Callable[..., Any] | None = hann_window,
    name: str | None = None,
) -> Any:
    """The signal of which short-time transforms are given."""
    with build.name_scope(name, "inverse_stft", [stfts]):
        stfts = convert(stfts, name="stfts")
        stfts.shape.with_rank_at_least(2)
        length = _scalar(frame_length, "frame_length")
        step = _scalar(frame_step, "frame_step")
        points = _points(length, fft_length)
        points.shape.assert_has_rank(0)
        frames = _of_length(irfft(stfts, [points]), length)
        if window_fn is not None:
            frames = frames * window_fn(length, dtype=stfts.dtype.real_dtype)
        return overlap_and_add(frames, step)


def _of_length(frames: Tensor, length: Tensor) -> Tensor:
    """Frames cut off or filled with zeros to a length."""
    known = constant_for_gradient(length)
    rank = frames.shape.rank
    now = None if rank is None else frames.shape[-1].value
    if known is None or now is None:
        frames = frames[..., :length]
        count, sizes = idioms.rank(frames), idioms.shape(frames)
        outer = idioms.zeros([count - 1, 2], dtype=length.dtype)
        missing = raw.Maximum(0, length - sizes[-1])
        frames = raw.Pad(frames, concat([outer, [[0, missing]]], 0))
    elif now > known:
        frames = frames[..., : int(known)]
    elif now < known:
        assert rank is not None
        frames = raw.Pad(frames, [[0, 0]] * (rank - 1) + [[0, int(known) - now]])
    if known is not None and rank is not None:
        frames.set_shape([None] * (rank - 1) + [int(known)])
    return frames


_NAMES = [
    "hamming_window",
    "hann_window",
    "inverse_stft",
    "inverse_stft_window_fn",
    "stft",
]
NAMESPACES = {"signal": _NAMES, "contrib.signal": _NAMES}
