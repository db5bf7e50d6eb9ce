"""Discrete Fourier transforms along the last one, two or three axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import complex64, float32, int32
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.ops import fft_idioms, idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.complex import real
from graphflow.ops.matrix_idioms import matmul
from graphflow.ops.reduce_idioms import conj, reduce_prod, sequence


def _points(x: Tensor, rank: int) -> Tensor:
    """How many numbers one transform takes."""
    found: Tensor = reduce_prod(idioms.shape(x)[-rank:])
    return found


def _enough(x: Any, rank: int) -> None:
    if x.ndim < rank:
        raise ValueError(f"Input must have rank of at least {rank} but got: {list(x.shape)}")


class _Complex(Op, abstract=True):
    signature = "input:Tcomplex -> output:Tcomplex | Tcomplex: complex = complex64"
    rank: ClassVar[int]
    numpy: ClassVar[Any]
    #: the op that undoes this one
    undone: ClassVar[str]

    def infer(self, x: Tensor) -> Any:
        return x.shape.with_rank_at_least(self.rank)

    def reference(self, x: Any) -> Any:
        _enough(x, self.rank)
        if x.size == 0:
            return np.zeros_like(x)
        axes = tuple(range(-self.rank, 0))
        with np.errstate(all="ignore"):
            return type(self).numpy(x, axes=axes).astype(x.dtype, copy=False)

    def scale(self, g: Tensor) -> Tensor:
        """What the gradient is multiplied by after the opposite transform."""
        return idioms.cast(_points(g, self.rank), g.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        scale = self.scale(g)
        return [getattr(raw, self.undone)(g) * scale]


class _Inverse(_Complex, abstract=True):
    def scale(self, g: Tensor) -> Tensor:
        points = idioms.cast(_points(g, self.rank), g.dtype.real_dtype)
        return idioms.cast(1.0 / points, g.dtype)


class FFT(_Complex):
    """y[k] = sum_t x[t] exp(-2 pi i t k / n)."""

    rank, numpy, undone = 1, np.fft.fftn, "IFFT"


class FFT2D(_Complex):
    """FFT along the last two axes."""

    rank, numpy, undone = 2, np.fft.fftn, "IFFT2D"


class FFT3D(_Complex):
    """FFT along the last three axes."""

    rank, numpy, undone = 3, np.fft.fftn, "IFFT3D"


class IFFT(_Inverse):
    """x[t] = 1/n sum_k y[k] exp(2 pi i t k / n)."""

    rank, numpy, undone = 1, np.fft.ifftn, "FFT"


class IFFT2D(_Inverse):
    """IFFT along the last two axes."""

    rank, numpy, undone = 2, np.fft.ifftn, "FFT2D"


class IFFT3D(_Inverse):
    """IFFT along the last three axes."""

    rank, numpy, undone = 3, np.fft.ifftn, "FFT3D"


class _Half(Op, abstract=True):
    """A transform between real signals and the half of their spectra that says all."""

    by_value = True
    rank: ClassVar[int]

    def infer(self, x: Tensor, length: Tensor) -> Any:
        length.shape.merge_with([self.rank])
        dims = x.shape.with_rank_at_least(self.rank).known
        if dims is None:
            return UNKNOWN
        sizes = known_shape(length).known or tuple(Symbol() for _ in range(self.rank))
        return TensorShape.of((*dims[: -self.rank], *sizes[:-1], self.last(sizes[-1])))

    def last(self, length: Dim) -> Dim:
        """The size of the last axis of the result."""
        raise NotImplementedError

    def lengths(self, x: Any, length: Any) -> tuple[int, ...]:
        """The lengths of the transform, for which x must suffice."""
        _enough(x, self.rank)
        lengths = tuple(int(n) for n in length)
        for axis, need in enumerate(self.needed(lengths), x.ndim - self.rank):
            if lengths[axis - x.ndim] < 0:
                raise ValueError(f"fft_length must not be negative, got {list(lengths)}")
            if x.size > 0 and x.shape[axis] < need:
                raise ValueError(
                    f"Input dimension {axis} must have length of at least {need} "
                    f"but got: {x.shape[axis]}"
                )
        return lengths

    def needed(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        """How many elements the input must have along each axis."""
        return lengths


class _RealToHalf(_Half, abstract=True):
    signature = "input:float32, fft_length:int32 -> output:complex64"

    def last(self, length: Dim) -> Dim:
        if isinstance(length, Symbol):
            return Symbol()
        return 0 if length == 0 else length // 2 + 1

    def reference(self, x: Any, length: Any) -> Any:
        lengths = self.lengths(x, length)
        last = self.last(lengths[-1])
        out = np.zeros((*x.shape[: -self.rank], *lengths[:-1], last), np.complex64)
        if x.size == 0 or out.size == 0:
            return out
        with np.errstate(all="ignore"):
            return np.fft.rfftn(x, lengths, tuple(range(-self.rank, 0))).astype(np.complex64)


class _HalfToReal(_Half, abstract=True):
    signature = "input:complex64, fft_length:int32 -> output:float32"

    def last(self, length: Dim) -> Dim:
        return length

    def needed(self, lengths: tuple[int, ...]) -> tuple[int, ...]:
        return (*lengths[:-1], lengths[-1] // 2 + 1)

    def reference(self, x: Any, length: Any) -> Any:
        lengths = self.lengths(x, length)
        out = np.zeros((*x.shape[: -self.rank], *lengths), np.float32)
        if x.size == 0 or out.size == 0:
            return out
        with np.errstate(all="ignore"):
            return np.fft.irfftn(x, lengths, tuple(range(-self.rank, 0))).astype(np.float32)


def _signs(length: Any) -> Tensor:
    """1, -1, 1, -1, ..."""
    return idioms.cast(1 - 2 * (sequence(length) % 2), complex64)


def _real_gradient(n: Node, g: Tensor, rank: int) -> list[Tensor | None]:
    """The inverse transform counts the middle columns twice; the first and the last are added apart."""
    x, length = n.inputs
    shape = idioms.shape(x)
    even = idioms.cast(1 - length[-1] % 2, complex64)
    first = g[..., 0:1]
    extra = (_line_terms if rank == 1 else _plane_terms)(g, first, even, shape)
    size = idioms.cast(_points(x, rank), float32)
    signal = fft_idioms.backward(rank, g, length)
    return [0.5 * (signal * size + real(extra)), None]


def _line_terms(g: Tensor, first: Tensor, even: Tensor, shape: Tensor) -> Tensor:
    """The first column, and the last one with alternating signs."""
    found: Tensor = first + even * g[..., -1:] * _signs(shape[-1])
    return found


def _plane_terms(g: Tensor, first: Tensor, even: Tensor, shape: Tensor) -> Tensor:
    """The first and the last column of a plane, transformed along the other axis by a matrix."""
    waves = _tiled_like(_waves(shape[-2]), first)
    extra = matmul(waves, conj(first))
    last = matmul(waves, conj(g[..., -1:]))
    columns = shape[-1]
    ones = idioms.ones([idioms.rank(g) - 1], int32)
    spread = raw.Tile(last, concat([ones, [columns]], 0)) * _signs(columns)
    found: Tensor = extra + even * spread
    return found


def _waves(length: Tensor) -> Tensor:
    """exp(-2 pi i j k / length) for all j and k."""
    rows = raw.Tile(raw.ExpandDims(sequence(length), 0), (length, 1))
    products = rows * transpose(rows, [1, 0])
    found: Tensor = raw.Exp(
        -2j * np.pi * idioms.cast(products, complex64) / idioms.cast(length, complex64)
    )
    return found


def _tiled_like(matrix: Tensor, batch: Tensor) -> Tensor:
    """The matrix once for each matrix of a batch."""
    ones = idioms.ones([idioms.rank(batch) - 2], int32)
    expanded = raw.Reshape(matrix, concat([ones, idioms.shape(matrix)], 0))
    found: Tensor = raw.Tile(expanded, concat([idioms.shape(batch)[:-2], [1, 1]], 0))
    return found


def _signal_gradient(n: Node, g: Tensor, rank: int) -> list[Tensor | None]:
    """The transform of g, with the columns twice that stand for two."""
    x, length = n.inputs
    odd = raw.FloorMod(length[-1], 2)
    columns = idioms.shape(x)[-1]
    twice = 2.0 * idioms.ones([columns - 2 + odd])
    mask = concat([[1.0], twice, idioms.ones([1 - odd])], 0)
    share = raw.Reciprocal(idioms.cast(_points(g, rank), float32))
    spectrum = fft_idioms.forward(rank, g, length)
    return [spectrum * idioms.cast(share * mask, complex64), None]


class RFFT(_RealToHalf):
    """The first half of the FFT of a real signal."""

    rank = 1

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return _real_gradient(n, g, 1)


class RFFT2D(_RealToHalf):
    """RFFT along the last axis and FFT along the one before."""

    rank = 2

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return _real_gradient(n, g, 2)


class RFFT3D(_RealToHalf):
    """RFFT along the last axis and FFT along the two before."""

    rank = 3


class IRFFT(_HalfToReal):
    """The real signal of which the input is the first half of the FFT."""

    rank = 1

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return _signal_gradient(n, g, 1)


class IRFFT2D(_HalfToReal):
    """The real plane of which the input is the first half of the FFT."""

    rank = 2

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return _signal_gradient(n, g, 2)


class IRFFT3D(_HalfToReal):
    """The real volume of which the input is the first half of the FFT."""

    rank = 3
