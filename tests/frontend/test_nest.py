"""Nested structures, line for line as TensorFlow 1.15.5's nest treats them."""

from __future__ import annotations

import builtins
import importlib.util
import json
from collections import OrderedDict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import graphflow as tf
from graphflow.frontend import nest, nest_paths

DATA = Path(__file__).parent.parent / "data"


def _lines() -> Any:
    spec = importlib.util.spec_from_file_location("nest_lines", DATA / "nest_lines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


LINES = _lines()
RECORDED = json.loads((DATA / "nest.json").read_text())
FUNCTIONS = {**vars(nest_paths), **vars(nest), **LINES.NAMES}


@pytest.mark.parametrize("line", LINES.LINES)
def test_is_tensorflows(line: str) -> None:
    recorded = RECORDED[line]
    if isinstance(recorded, dict):
        with pytest.raises(getattr(builtins, recorded["raises"])):
            eval(line, dict(FUNCTIONS))
    else:
        if recorded.startswith("OrderedDict("):
            # it shows itself otherwise from Python 3.12 on: what was recorded is read and shown again
            recorded = repr(eval(recorded, {"OrderedDict": OrderedDict}))
        assert repr(eval(line, dict(FUNCTIONS))) == recorded


def test_attrs_classes_are_walked() -> None:
    class Pair:
        """What the package attrs makes of a class, as far as it matters here."""

        __attrs_attrs__ = (SimpleNamespace(name="first"), SimpleNamespace(name="second"))

        def __init__(self, first: Any, second: Any) -> None:
            self.first, self.second = first, second

    pair = Pair([1, 2], 3)
    assert nest.flatten(pair) == [1, 2, 3]
    again = nest.pack_sequence_as(pair, [4, 5, 6])
    assert type(again) is Pair
    assert (again.first, again.second) == ([4, 5], 6)


def test_composites_open_when_asked() -> None:
    slices = tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1]))
    assert nest.flatten([slices]) == [slices]
    parts = nest.flatten([slices], expand_composites=True)
    assert parts == [slices.values, slices.indices]
    again = nest.pack_sequence_as([slices], parts, expand_composites=True)
    assert isinstance(again[0], tf.IndexedSlices)
    with pytest.raises(ValueError, match="same number of elements"):
        nest.assert_same_structure(
            slices,
            tf.IndexedSlices(tf.zeros([2, 3]), tf.constant([0, 1]), tf.constant([4, 3])),
            expand_composites=True,
        )


def test_the_message_shows_both_structures() -> None:
    with pytest.raises(ValueError, match="First structure: type=list") as caught:
        nest.assert_same_structure([1, {"a": 2}], [1, 2])
    assert "[., {'a': .}]" in str(caught.value)
    assert "[., .]" in str(caught.value)
