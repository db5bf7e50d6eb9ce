"""tf.contrib.signal: the names of tf.signal before it had that name."""

from __future__ import annotations

from graphflow.frontend.signal_frames import frame, overlap_and_add
from graphflow.frontend.signal_mel import (
    linear_to_mel_weight_matrix,
    mfccs_from_log_mel_spectrograms,
)
from graphflow.frontend.signal_stft import (
    hamming_window,
    hann_window,
    inverse_stft,
    inverse_stft_window_fn,
    stft,
)

NAMESPACES = {
    "contrib.signal": [
        *("frame", "hamming_window", "hann_window", "inverse_stft", "inverse_stft_window_fn"),
        *("linear_to_mel_weight_matrix", "mfccs_from_log_mel_spectrograms", "overlap_and_add"),
        "stft",
    ],
}
__all__ = [
    "frame",
    "hamming_window",
    "hann_window",
    "inverse_stft",
    "inverse_stft_window_fn",
    "linear_to_mel_weight_matrix",
    "mfccs_from_log_mel_spectrograms",
    "overlap_and_add",
    "stft",
]
