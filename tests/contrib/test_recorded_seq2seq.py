"""tf.contrib.seq2seq, legacy_seq2seq and crf against what TensorFlow 1.15.5 makes of the same programs."""

from __future__ import annotations

import pytest

from tests.recorded_rnn import compare, names


@pytest.mark.parametrize(("group", "case"), names("attention", "crf", "decoders", "legacy_seq2seq"))
def test_does_what_tensorflow_does(group: str, case: str) -> None:
    compare(group, case)
