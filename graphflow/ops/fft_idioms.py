"""Transforms of real signals with the lengths and the zeros that TensorFlow's functions add.

Each creates the nodes that TensorFlow 1.15's function of the same name creates.
"""

from __future__ import annotations

from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import complex64, float32, int32
from graphflow.ir.known import known_shape
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, unstack


def forward(rank: int, x: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The transform of a real signal along its last `rank` axes."""
    return _transform(rank, x, fft_length, name, inverse=False)


def backward(rank: int, x: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The real signal of which x is the transform."""
    return _transform(rank, x, fft_length, name, inverse=True)


def _transform(rank: int, x: Any, fft_length: Any, name: str | None, inverse: bool) -> Any:
    suffix = "" if rank == 1 else f"{rank}d"
    with build.name_scope(
        name, f"{'irfft' if inverse else 'rfft'}{suffix}", [x, fft_length]
    ) as scope:
        x = convert(x, complex64 if inverse else float32)
        x.shape.with_rank_at_least(rank)
        if fft_length is not None:
            length = convert(fft_length, int32)
        else:
            length = _length_of_signal(x, rank) if inverse else _length(x, rank)
        x = _padded(x, rank, length, inverse)
        op = getattr(raw, f"{'IRFFT' if inverse else 'RFFT'}{suffix.upper()}")
        return op(x, length, name=scope)


def _length(x: Tensor, rank: int) -> Any:
    sizes = _last(x, rank)
    return idioms.shape(x)[-rank:] if sizes is None else convert(sizes, int32)


def _length_of_signal(x: Tensor, rank: int) -> Any:
    """The length of a signal of whose transform half is given: two for each column but the first."""
    sizes = _last(x, rank)
    if sizes is None:
        parts = unstack(idioms.shape(x)[-rank:])
        parts[-1] = raw.Maximum(0, 2 * (parts[-1] - 1))
        return stack(parts)
    return convert([*sizes[:-1], max(0, 2 * (sizes[-1] - 1))], int32)


def _last(x: Tensor, rank: int) -> list[int] | None:
    """The last `rank` sizes where all of them are known."""
    last = x.shape[-rank:]
    return list(last.as_tuple()) if last.is_static else None


def _padded(x: Tensor, rank: int, length: Tensor, inverse: bool) -> Tensor:
    """x with zeros behind each of the last axes that are shorter than the transform."""
    wanted, dims = known_shape(length), x.shape.known
    if dims is not None and 0 in dims:
        return x
    if wanted.is_static and dims is not None:
        lengths = list(wanted.as_tuple())
        sizes = _last(x, len(lengths))
        if sizes is not None:
            if inverse:
                lengths[-1] = lengths[-1] // 2 + 1
            after = [max(n - size, 0) for n, size in zip(lengths, sizes, strict=True)]
            if not any(after):
                return x
            outer = [[0, 0]] * max(len(dims) - len(lengths), 0)
            padded: Tensor = raw.Pad(x, [*outer, *([0, n] for n in after)])
            return padded
    count = idioms.rank(x)
    sizes_now = idioms.shape(x)[-rank:]
    outer_dims = raw.Maximum(0, count - rank)
    outside = idioms.zeros([outer_dims], length.dtype)
    if inverse:
        length = concat([length[:-1], length[-1:] // 2 + 1], 0)
    inside = raw.Maximum(0, length - sizes_now)
    paddings = concat([outside, inside], 0)
    both = stack([idioms.zeros_like(paddings), paddings], axis=1)
    extended: Tensor = raw.Pad(x, both)
    return extended
