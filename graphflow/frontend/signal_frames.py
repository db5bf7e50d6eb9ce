"""Signals cut into overlapping frames, and put together again."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.array_parts import strided_slice
from graphflow.frontend.control_flow import while_loop
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, split, transpose
from graphflow.ops.reduce_idioms import constant_for_gradient, reduce_sum, sequence

__all__: list[str] = []


def gcd(a: Any, b: Any, name: str | None = None) -> Any:
    """The greatest common divisor of two whole numbers."""
    with build.name_scope(name, "gcd", [a, b]):
        a, b = convert(a), convert(b)
        for label, x in (("a", a), ("b", b)):
            x.shape.assert_has_rank(0)
            if not x.dtype.is_integer:
                raise ValueError(f"{label} must be an integer type. Got: {x.dtype}")
        known_a, known_b = constant_for_gradient(a), constant_for_gradient(b)
        if known_a is not None and known_b is not None:
            return convert(math.gcd(int(known_a), int(known_b)))
        found, _ = while_loop(
            lambda a, b: raw.Greater(b, idioms.zeros_like(b)),
            lambda a, b: [b, raw.FloorMod(a, b)],
            [a, b],
            back_prop=False,
        )
        return found


def _frames_shape(
    signal: Tensor, length: Tensor, step: Tensor, pad_end: bool, axis: Tensor
) -> list[int | None] | None:
    """What is known of the shape of the frames."""
    known_length, known_step, at = (
        None if (v := constant_for_gradient(t)) is None else int(v) for t in (length, step, axis)
    )
    if signal.shape.rank is None:
        return None
    if at is None:
        return [None] * (signal.shape.rank + 1)
    sizes = signal.shape.as_list()
    count, samples = None, sizes[at]
    if samples is not None and known_step is not None:
        if pad_end:
            count = max(0, -(-samples // known_step))
        elif known_length is not None:
            count = max(0, (samples - known_length + known_step) // known_step)
    return [*sizes[:at], count, known_length, *sizes[at:][1:]]


def frame(
    signal: Any,
    frame_length: Any,
    frame_step: Any,
    pad_end: bool = False,
    pad_value: Any = 0,
    axis: Any = -1,
    name: str | None = None,
) -> Any:
    """Overlapping windows of a signal along an axis, which becomes two: the windows and their samples."""
    with build.name_scope(name, "frame", [signal, frame_length, frame_step, pad_value]):
        signal = convert(signal, name="signal")
        length = convert(frame_length, name="frame_length")
        step = convert(frame_step, name="frame_step")
        at = convert(axis, name="axis")
        signal.shape.with_rank_at_least(1)
        for scalar in (length, step, at):
            scalar.shape.assert_has_rank(0)
        result_shape = _frames_shape(signal, length, step, pad_end, at)
        rank = idioms.rank(signal)
        at = sequence(rank)[at]
        shape = idioms.shape(signal)
        outer, samples, inner = split(shape, [at, 1, rank - 1 - at])
        samples = raw.Reshape(samples, [])
        before, after = idioms.size(outer), idioms.size(inner)
        if pad_end:
            pad_value = convert(pad_value, signal.dtype)
            pad_value.shape.assert_has_rank(0)
            count = -(-samples // step)
            missing = raw.Maximum(0, length + step * (count - 1) - samples)
            paddings = [
                idioms.zeros([before, 2], dtype=missing.dtype),
                [[0, missing]],
                idioms.zeros([after, 2], dtype=missing.dtype),
            ]
            signal = raw.PadV2(signal, concat(paddings, 0), pad_value)
            shape = idioms.shape(signal)
            samples = shape[at]
        else:
            count = raw.Maximum(0, 1 + (samples - length) // step)
        frames = _gathered(signal, shape, (outer, samples, inner), at, length, step, count)
        if result_shape:
            frames.set_shape(result_shape)
        return frames


def _gathered(
    signal: Tensor, shape: Tensor, sizes: Any, at: Any, length: Any, step: Any, count: Any
) -> Tensor:
    """The frames, gathered from pieces as long as what length and step have in common."""
    outer, samples, inner = sizes
    piece = gcd(length, step)
    per_frame, per_hop, pieces = length // piece, step // piece, samples // piece
    used = concat([outer, [pieces * piece], inner], 0)
    in_pieces = concat([outer, [pieces, piece], inner], 0)
    cut = strided_slice(signal, idioms.zeros_like(shape), used)
    subframes = raw.Reshape(cut, in_pieces)
    starts = raw.Reshape(sequence(count) * per_hop, [count, 1])
    offsets = raw.Reshape(sequence(per_frame), [1, per_frame])
    chosen = starts + offsets
    taken = raw.GatherV2(subframes, chosen, at)
    found: Tensor = raw.Reshape(taken, concat([outer, [count, length], inner], 0))
    return found


def overlap_and_add(signal: Any, frame_step: Any, name: str | None = None) -> Any:
    """The signal of which overlapping frames are the summands."""
    with build.name_scope(name, "overlap_and_add", [signal, frame_step]):
        signal = convert(signal, name="signal")
        signal.shape.with_rank_at_least(2)
        step = convert(frame_step, name="frame_step")
        step.shape.assert_has_rank(0)
        if not step.dtype.is_integer:
            raise ValueError(f"frame_step must be an integer. Got {step.dtype}")
        shape = idioms.shape(signal)
        outer = shape[:-2]
        outer_rank = idioms.size(outer)
        length, frames = shape[-1], shape[-2]
        total = length + step * (frames - 1)
        known = constant_for_gradient(step)
        if known is not None and signal.shape.rank is not None and known == signal.shape[-1].value:
            return raw.Reshape(signal, concat([outer, [total]], 0), name="fast_path")
        segments = -(-length // step)
        paddings = [[0, segments], [0, segments * step - length]]
        padded = raw.Pad(signal, concat([idioms.zeros([outer_rank, 2], int32), paddings], 0))
        parts = raw.Reshape(padded, concat([outer, [frames + segments, segments, step]], 0))
        swapped = [1, 0, 2]
        perm = concat([sequence(outer_rank), outer_rank + swapped], 0)
        parts = transpose(parts, perm)
        flat_shape = concat([outer, [(frames + segments) * segments, step]], 0)
        flat = raw.Reshape(parts, flat_shape)
        flat = flat[..., : (frames + segments - 1) * segments, :]
        shifted_shape = concat([outer, [segments, frames + segments - 1, step]], 0)
        summed = reduce_sum(raw.Reshape(flat, shifted_shape), -3)
        whole_shape = concat([outer, [(frames + segments - 1) * step]], 0)
        return raw.Reshape(summed, whole_shape)[..., :total]


_NAMES = ["frame", "overlap_and_add"]
NAMESPACES = {"signal": _NAMES, "contrib.signal": _NAMES}
