"""Mel frequencies: weights that turn linear spectra into mel spectra, and cepstral coefficients."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.signal import dct
from graphflow.frontend.signal_frames import frame
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import split
from graphflow.ops.reduce_idioms import constant_for_gradient

__all__: list[str] = []

_BREAK_HERTZ = 700.0
_HIGH_Q = 1127.0


def _hertz_to_mel(hertz: Any) -> Any:
    with build.name_scope(None, "hertz_to_mel", [hertz]):
        hertz = convert(hertz)
        return _HIGH_Q * raw.Log(1.0 + hertz / _BREAK_HERTZ)


def _check(bins: Any, rate: Any, lower: Any, upper: Any, dtype: DType) -> None:
    if bins <= 0:
        raise ValueError(f"num_mel_bins must be positive. Got: {bins}")
    if rate <= 0.0:
        raise ValueError(f"sample_rate must be positive. Got: {rate}")
    if lower < 0.0:
        raise ValueError(f"lower_edge_hertz must be non-negative. Got: {lower}")
    if lower >= upper:
        raise ValueError(f"lower_edge_hertz {lower:.1f} >= upper_edge_hertz {upper:.1f}")
    if upper > rate / 2:
        raise ValueError(
            "upper_edge_hertz must not be larger than the Nyquist frequency (sample_rate / 2). "
            f"Got: {upper} for sample_rate: {rate}"
        )
    if not dtype.is_floating:
        raise ValueError(f"dtype must be a floating point type. Got: {dtype}")


def linear_to_mel_weight_matrix(
    num_mel_bins: int = 20,
    num_spectrogram_bins: Any = 129,
    sample_rate: Any = 8000,
    lower_edge_hertz: float = 125.0,
    upper_edge_hertz: float = 3800.0,
    dtype: Any = float32,
    name: str | None = None,
) -> Any:
    """A matrix of overlapping triangles that a linear spectrum is multiplied by."""
    target = as_dtype(dtype)
    with build.name_scope(name, "linear_to_mel_weight_matrix") as scope:
        if isinstance(sample_rate, Tensor):
            known = constant_for_gradient(sample_rate)
            if known is None:
                raise ValueError(
                    "`sample_rate` was a non-constant Tensor. Must be a Python float or a "
                    "constant Tensor."
                )
            sample_rate = known
        _check(num_mel_bins, sample_rate, lower_edge_hertz, upper_edge_hertz, target)
        rate = convert(sample_rate, target, name="sample_rate")
        lowest = convert(lower_edge_hertz, target, name="lower_edge_hertz")
        highest = convert(upper_edge_hertz, target, name="upper_edge_hertz")
        zero = convert(0.0, target)
        nyquist = rate / 2.0
        # the bin of frequency 0 has no place on the mel scale
        hertz = raw.LinSpace(zero, nyquist, num_spectrogram_bins)[1:]
        bins = raw.ExpandDims(_hertz_to_mel(hertz), 1)
        edges = raw.LinSpace(_hertz_to_mel(lowest), _hertz_to_mel(highest), num_mel_bins + 2)
        triples = frame(edges, frame_length=3, frame_step=1)
        lower, centre, upper = (
            raw.Reshape(t, [1, num_mel_bins]) for t in split(triples, 3, axis=1)
        )
        rising = (bins - lower) / (centre - lower)
        falling = (upper - bins) / (upper - centre)
        weights = raw.Maximum(zero, raw.Minimum(rising, falling))
        return raw.Pad(weights, [[1, 0], [0, 0]], name=scope)


def mfccs_from_log_mel_spectrograms(log_mel_spectrograms: Any, name: str | None = None) -> Any:
    """The cosine transform of the logarithm of a mel spectrum."""
    with build.name_scope(name, "mfccs_from_log_mel_spectrograms", [log_mel_spectrograms]):
        x = convert(log_mel_spectrograms, dtype=float32)
        if x.shape.rank and x.shape[-1].value is not None:
            count: Any = x.shape[-1].value
            if count == 0:
                raise ValueError(f"num_mel_bins must be positive. Got: {x}")
        else:
            count = idioms.shape(x)[-1]
        found = dct(x, type=2)
        return found * raw.Rsqrt(idioms.cast(count, float32) * 2.0)


_NAMES = ["linear_to_mel_weight_matrix", "mfccs_from_log_mel_spectrograms"]
NAMESPACES = {"signal": _NAMES, "contrib.signal": _NAMES}
