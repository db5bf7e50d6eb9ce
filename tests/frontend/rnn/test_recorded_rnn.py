"""Cells, and the loops and unrolled steps that call them, against what TensorFlow 1.15.5 makes of the same programs."""

from __future__ import annotations

import pytest

from tests.recorded_rnn import compare, names


@pytest.mark.parametrize(("group", "case"), names("cells", "loops"))
def test_does_what_tensorflow_does(group: str, case: str) -> None:
    compare(group, case)
