"""Fourier transforms against numpy's, and the lengths that do not fit."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


RNG = np.random.default_rng(0)
CUBE = RNG.standard_normal((2, 3, 4, 5))
WHOLE = CUBE + 1j * RNG.standard_normal(CUBE.shape)


@pytest.mark.parametrize("dtype", ["complex64", "complex128"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_complex_transforms(rank: int, dtype: str) -> None:
    x, suffix = WHOLE.astype(dtype), "" if rank == 1 else f"{rank}d"
    axes = tuple(range(-rank, 0))
    within = 1e-5 if dtype == "complex64" else 1e-12
    for name, numpy in (("fft", np.fft.fftn), ("ifft", np.fft.ifftn)):
        got = run(getattr(tf, name + suffix)(tf.constant(x)))
        assert got.dtype == x.dtype
        np.testing.assert_allclose(got, numpy(WHOLE, axes=axes), rtol=within, atol=within * 20)


@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("more", [-1, 0, 2])
def test_real_transforms(rank: int, more: int) -> None:
    axes, suffix = tuple(range(-rank, 0)), "" if rank == 1 else f"{rank}d"
    lengths = [n + more for n in CUBE.shape[-rank:]]
    got = run(getattr(tf.signal, "rfft" + suffix)(CUBE.astype(np.float32), lengths))
    np.testing.assert_allclose(got, np.fft.rfftn(CUBE, lengths, axes), rtol=1e-4, atol=1e-4)
    back = run(getattr(tf.signal, "irfft" + suffix)(got, lengths))
    np.testing.assert_allclose(back, np.fft.irfftn(got, lengths, axes), rtol=1e-4, atol=1e-4)


def test_lengths_that_do_not_fit() -> None:
    signal = tf.placeholder_with_default(np.ones(3, np.float32), None)
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="Input dimension 0 must have length of at least 5"
    ):
        run(raw.RFFT(signal, [5]))
    negative = tf.placeholder_with_default(np.int32([-1]), [1])
    with pytest.raises(tf.errors.InvalidArgumentError, match="must not be negative"):
        run(raw.RFFT(signal, negative))
    with pytest.raises(ValueError, match="not compatible"):
        raw.RFFT(np.ones(3, np.float32), [1, 2])
    with pytest.raises(tf.errors.InvalidArgumentError, match="rank of at least 2"):
        run(tf.fft2d(tf.placeholder_with_default(np.ones(3, np.complex64), None)))


def test_no_points() -> None:
    assert run(raw.RFFT(np.ones((2, 3), np.float32), [0])).shape == (2, 0)
    assert run(tf.fft(np.zeros((2, 0), np.complex64))).shape == (2, 0)
    np.testing.assert_array_equal(run(raw.RFFT(np.ones((2, 0), np.float32), [4])), np.zeros((2, 3)))


def test_the_imaginary_part_of_the_mean_is_ignored() -> None:
    spectrum = np.array([3 + 5j, 1 - 1j], np.complex64)
    np.testing.assert_allclose(run(tf.signal.irfft(spectrum)), np.fft.irfft([3, 1 - 1j]), rtol=1e-6)


def test_short_time_transforms_come_back() -> None:
    x = RNG.standard_normal(64).astype(np.float32)
    spectra = tf.signal.stft(tf.constant(x), 16, 4)
    window = tf.signal.inverse_stft_window_fn(4)
    back = run(tf.signal.inverse_stft(spectra, 16, 4, window_fn=window))
    np.testing.assert_allclose(back[16:-16], x[16:-16], atol=1e-5)
    frames = tf.placeholder_with_default(np.int32(16), [])
    np.testing.assert_allclose(
        *run([tf.signal.stft(tf.constant(x), frames, 4), spectra]), atol=1e-5
    )
