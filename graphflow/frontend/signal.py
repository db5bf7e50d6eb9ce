"""Fourier and cosine transforms: tf.fft, tf.signal, tf.spectral."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.math_more import complex as complex_
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops import fft_idioms, idioms
from graphflow.ops.arrays import concat
from graphflow.ops.complex import real
from graphflow.ops.reduce_idioms import sequence

_PLAIN = ["fft", "fft2d", "fft3d", "ifft", "ifft2d", "ifft3d"]
_OF_REAL = ["irfft", "irfft2d", "irfft3d", "rfft", "rfft2d", "rfft3d"]

__all__ = [*_PLAIN]


def fft(input: Any, name: str | None = None) -> Tensor:
    """The discrete Fourier transform along the last axis."""
    found: Tensor = raw.FFT(input, name=name)
    return found


def fft2d(input: Any, name: str | None = None) -> Tensor:
    """The discrete Fourier transform along the last two axes."""
    found: Tensor = raw.FFT2D(input, name=name)
    return found


def fft3d(input: Any, name: str | None = None) -> Tensor:
    """The discrete Fourier transform along the last three axes."""
    found: Tensor = raw.FFT3D(input, name=name)
    return found


def ifft(input: Any, name: str | None = None) -> Tensor:
    """The inverse transform along the last axis."""
    found: Tensor = raw.IFFT(input, name=name)
    return found


def ifft2d(input: Any, name: str | None = None) -> Tensor:
    """The inverse transform along the last two axes."""
    found: Tensor = raw.IFFT2D(input, name=name)
    return found


def ifft3d(input: Any, name: str | None = None) -> Tensor:
    """The inverse transform along the last three axes."""
    found: Tensor = raw.IFFT3D(input, name=name)
    return found


def rfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The half of the transform of a real signal that says all."""
    return fft_idioms.forward(1, input_tensor, fft_length, name)


def rfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """As rfft, along the last two axes."""
    return fft_idioms.forward(2, input_tensor, fft_length, name)


def rfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """As rfft, along the last three axes."""
    return fft_idioms.forward(3, input_tensor, fft_length, name)


def irfft(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """The real signal of which half the transform is given."""
    return fft_idioms.backward(1, input_tensor, fft_length, name)


def irfft2d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """As irfft, along the last two axes."""
    return fft_idioms.backward(2, input_tensor, fft_length, name)


def irfft3d(input_tensor: Any, fft_length: Any = None, name: str | None = None) -> Any:
    """As irfft, along the last three axes."""
    return fft_idioms.backward(3, input_tensor, fft_length, name)


def fftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """The zero frequency moved to the middle."""
    return _shifted(x, axes, name, "fftshift", 1)


def ifftshift(x: Any, axes: Any = None, name: str | None = None) -> Any:
    """The zero frequency moved from the middle to the front."""
    return _shifted(x, axes, name, "ifftshift", -1)


def _shifted(x: Any, axes: Any, name: str | None, label: str, sign: int) -> Any:
    with build.name_scope(name, label) as scope:
        x = convert(x)
        if axes is None:
            axes = tuple(range(len(x.shape)))
        shift: Any
        if isinstance(axes, int):
            shift = sign * int(x.shape[axes] // 2)
        else:
            shift = [sign * int(x.shape[axis] // 2) for axis in axes]
        return raw.Roll(x, shift, axes, name=scope)


def dct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """The discrete cosine transform of type I, II or III along the last axis."""
    _check_dct(input, type, n, axis, norm)
    with build.name_scope(name, "dct", [input]):
        x = convert(input, dtype=float32)
        given = _last_size(x)
        if n is not None:
            x = _fitted(x, given, n)
        size = _last_size(x)
        count = idioms.cast(size, float32)
        if type == 1:
            return real(rfft(concat([x, x[..., -2:0:-1]], -1)))
        return (_second if type == 2 else _third)(x, size, count, norm)


def idct(
    input: Any,
    type: int = 2,
    n: int | None = None,
    axis: int = -1,
    norm: str | None = None,
    name: str | None = None,
) -> Any:
    """What undoes the cosine transform of the same type, up to a factor."""
    _check_dct(input, type, n, axis, norm)
    return dct(input, {1: 1, 2: 3, 3: 2}[type], n, axis, norm, name)


def _check_dct(x: Any, type: int, n: int | None, axis: int, norm: str | None) -> None:
    if axis != -1:
        raise NotImplementedError(f"axis must be -1. Got: {axis}")
    if n is not None and n < 1:
        raise ValueError("n should be a positive integer or None")
    if type not in (1, 2, 3):
        raise ValueError("Only Types I, II and III (I)DCT are supported.")
    if type == 1:
        if norm == "ortho":
            raise ValueError("Normalization is not supported for the Type-I DCT.")
        size = x.shape[-1]
        if size is not None and size < 2:
            raise ValueError("Type-I DCT requires the dimension to be greater than one.")
    if norm not in (None, "ortho"):
        raise ValueError(f"Unknown normalization. Expected None or 'ortho', got: {norm}")


def _last_size(x: Tensor) -> Any:
    return x.shape[-1].value or idioms.shape(x)[-1]


def _fitted(x: Tensor, size: Any, n: int) -> Tensor:
    """x cut off or filled with zeros to n elements along the last axis."""
    if isinstance(size, Tensor):
        raise TypeError(f"n={n} needs a known last dimension, the shape is {x.shape}")
    if n <= size:
        cut: Tensor = x[..., 0:n]
        return cut
    paddings = [[0, 0]] * (len(x.shape) - 1) + [[0, n - size]]
    filled: Tensor = raw.Pad(x, convert(paddings, dtype=int32))
    return filled


def _second(x: Tensor, size: Any, count: Tensor, norm: str | None) -> Any:
    angle = -sequence(count) * math.pi * 0.5 / count
    scale = 2.0 * raw.Exp(complex_(0.0, angle))
    found = real(rfft(x, fft_length=[2 * size])[..., :size] * scale)
    if norm == "ortho":
        first = 0.5 * raw.Rsqrt(count)
        found = found * _weights(first, first * raw.Sqrt(2.0), size)
    return found


def _third(x: Tensor, size: Any, count: Tensor, norm: str | None) -> Any:
    if norm == "ortho":
        first = raw.Sqrt(count)
        x = x * _weights(first, first * raw.Sqrt(0.5), size)
    else:
        x = x * count
    angle = sequence(count) * math.pi * 0.5 / count
    scale = 2.0 * raw.Exp(complex_(0.0, angle))
    return real(irfft(scale * complex_(x, 0.0), fft_length=[2 * size]))[..., :size]


def _weights(first: Tensor, others: Tensor, size: Any) -> Any:
    """A vector of one element and the same other ones."""
    return raw.PadV2(raw.ExpandDims(first, 0), [[0, size - 1]], others)


NAMESPACES = {
    "signal": ["dct", "fftshift", "idct", "ifftshift", *_PLAIN, *_OF_REAL],
    "spectral": ["dct", "idct", *_PLAIN, *_OF_REAL],
}
