"""Fourier and cosine transforms, frames, windows and mel weights, and the gradients of transforms."""

from __future__ import annotations

import numpy as np


def real(*shape):
    return np.random.RandomState(sum(shape)).standard_normal(shape).astype("float32")


def whole(*shape):
    imaginary = np.random.RandomState(7).standard_normal(shape)
    return (real(*shape) + 1j * imaginary).astype("complex64")


def given(tf, value, known):
    shape = {"static": value.shape, "partial": [None] * value.ndim}.get(known)
    return tf.placeholder_with_default(value, shape)


SHAPES = {1: (2, 6), 2: (2, 4, 6), 3: (2, 3, 4, 5)}
SUFFIX = {1: "", 2: "2d", 3: "3d"}


def transform(name, shape, known):
    def build(tf):
        x = given(tf, whole(*shape), known)
        y = getattr(tf, name)(x)
        return [y, *tf.gradients(y, x, grad_ys=tf.constant(whole(*shape) + 1))]

    return build


def lengths(rank, inverse, how):
    """The length of the transform: as the input asks for, or shorter or longer by some."""
    if how is None:
        return None
    *rows, last = SHAPES[rank][-rank:]
    return [n + how for n in (*rows, 2 * (last - 1) if inverse else last)]


def half_transform(rank, inverse, known, how):
    def build(tf):
        x = given(tf, (whole if inverse else real)(*SHAPES[rank]), known)
        size = lengths(rank, inverse, how)
        if known == "unknown" and size is not None:
            size = given(tf, np.int32(size), known)
        y = getattr(tf.signal, ("irfft" if inverse else "rfft") + SUFFIX[rank])(x, size)
        if rank == 3:
            return [y]
        return [y, *tf.gradients(y * y if inverse else tf.real(y * tf.conj(y)), x)]

    return build


def cosines(kind, norm):
    def build(tf):
        x = tf.constant(real(2, 6))
        found = [f(x, type=kind, norm=norm) for f in (tf.signal.dct, tf.signal.idct)]
        return [*found, *(tf.signal.dct(x, type=kind, norm=norm, n=n) for n in (4, 9))]

    return build


def there_and_back(tf):
    spectra = tf.signal.stft(tf.constant(real(2, 40)), 16, 8)
    window = tf.signal.inverse_stft_window_fn(8)
    exact = tf.signal.inverse_stft(spectra, 16, 8, window_fn=window)
    return [spectra, exact, tf.signal.inverse_stft(spectra, 12, 6, fft_length=16)]


def frame_slope(tf):
    x = tf.constant(real(2, 20))
    return tf.gradients(tf.square(tf.signal.frame(x, 6, 4)), x)


CASES = {}
for rank, shape in SHAPES.items():
    for known in ("static", "partial", "unknown"):
        for name in ("fft", "ifft"):
            CASES[f"{name}{SUFFIX[rank]} {known}"] = transform(name + SUFFIX[rank], shape, known)
        for how in (None, -2, 3) if known == "static" else (None, -1):
            CASES[f"rfft{SUFFIX[rank]} {how} {known}"] = half_transform(rank, False, known, how)
            CASES[f"irfft{SUFFIX[rank]} {how} {known}"] = half_transform(rank, True, known, how)
for kind, norm in ((1, None), (2, None), (3, None), (2, "ortho"), (3, "ortho")):
    CASES[f"dct {kind} {norm}"] = cosines(kind, norm)
CASES.update(
    {
        "double": lambda tf: [tf.fft(np.complex128([1, 2, 3j])), tf.ifft2d(np.eye(3) + 0j)],
        "empty": lambda tf: [
            tf.fft(np.zeros([0, 3], "complex64")),
            tf.signal.rfft(tf.zeros([2, 0])),
        ],
        "list": lambda tf: [tf.signal.rfft([1.0, 2.0, 3.0], name="r")],
        "dct, unknown": lambda tf: [tf.signal.dct(given(tf, real(2, 6), "partial"))],
        "shift": lambda tf: [
            tf.signal.fftshift(real(4, 5)),
            tf.signal.fftshift(real(4, 5), 1),
            tf.signal.ifftshift(real(4, 5), (0,)),
            tf.signal.ifftshift(real(5)),
        ],
        "frames": lambda tf: [
            tf.signal.frame(real(20), 6, 4),
            tf.signal.frame(real(2, 20), 6, 4, pad_end=True, pad_value=1),
            tf.signal.frame(real(3, 20, 2), 5, 5, axis=1),
            tf.signal.frame(real(3), 5, 2),
        ],
        "frames, partial": lambda tf: [tf.signal.frame(given(tf, real(2, 20), "partial"), 6, 4)],
        "frames, unknown": lambda tf: [tf.signal.frame(given(tf, real(2, 20), "unknown"), 6, 4)],
        "slope of frames": frame_slope,
        "overlap": lambda tf: [
            tf.signal.overlap_and_add(real(2, 4, 6), 3),
            tf.signal.overlap_and_add(real(4, 6), 6),
            tf.signal.overlap_and_add(given(tf, real(4, 6), "unknown"), 4),
        ],
        "windows": lambda tf: [
            tf.signal.hann_window(8),
            tf.signal.hann_window(7, periodic=False),
            tf.signal.hamming_window(5),
            tf.signal.hamming_window(1),
            tf.signal.hann_window(6, dtype=tf.float64, name="w"),
        ],
        "short-time transform": there_and_back,
        "short-time transform, padded": lambda tf: [
            tf.signal.stft(real(40), 15, 5, fft_length=32, pad_end=True),
            tf.signal.stft(real(40), 15, 5, window_fn=None),
        ],
        "longer frames": lambda tf: [tf.signal.inverse_stft(whole(5, 9), 20, 10, fft_length=16)],
        "inverse of unknown size": lambda tf: [
            tf.signal.inverse_stft(given(tf, whole(5, 9), "partial"), 16, 8)
        ],
        "mel": lambda tf: [tf.signal.linear_to_mel_weight_matrix(10, 65, 16000, 100.0, 7000.0)],
        "cepstrum": lambda tf: [tf.signal.mfccs_from_log_mel_spectrograms(real(3, 10))],
        "transform of real numbers": lambda tf: tf.fft(tf.constant([1.0])),
        "transform of a scalar": lambda tf: tf.fft(tf.constant(1.0, tf.complex64)),
        "slope of rfft3d": lambda tf: tf.gradients(
            tf.abs(tf.signal.rfft3d(tf.ones([3, 4, 5], name="x"))),
            tf.get_default_graph().get_tensor_by_name("x:0"),
        ),
        "dct of type 5": lambda tf: tf.signal.dct(tf.constant(real(2, 6)), type=5),
        "orthonormal dct 1": lambda tf: tf.signal.dct(
            tf.constant(real(2, 6)), type=1, norm="ortho"
        ),
        "dct along axis 0": lambda tf: tf.signal.dct(tf.constant(real(2, 6)), axis=0),
        "window of integers": lambda tf: tf.signal.hann_window(6, dtype=tf.int32),
        "edge beyond Nyquist": lambda tf: tf.signal.linear_to_mel_weight_matrix(
            10, 65, 1600, 100.0, 7000.0
        ),
    }
)
