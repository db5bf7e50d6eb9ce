"""tf.keras prepares texts and sequences as TensorFlow's does."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parents[2] / "data"
RECORDED = json.loads((DATA / "keras_data.json").read_text())


def _cases() -> ModuleType:
    spec = importlib.util.spec_from_file_location("keras_data_cases", DATA / "keras_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = {case.__name__: case for case in _cases().CASES}


@pytest.mark.parametrize("name", CASES)
def test_makes_what_tensorflow_makes(name: str) -> None:
    found = CASES[name](tf)
    assert json.loads(json.dumps(found)) == RECORDED[name]


def test_a_tokenizer_describes_itself() -> None:
    made = tf.keras.preprocessing.text.Tokenizer(oov_token="?")
    made.fit_on_texts(["a b a"])
    config = json.loads(made.to_json())
    assert config["class_name"] == "Tokenizer"
    assert json.loads(config["config"]["word_index"]) == {"?": 1, "a": 2, "b": 3}


def test_files_are_taken_from_their_folder(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(FileNotFoundError, match=r"fetch .*mnist\.npz yourself"):
        tf.keras.datasets.mnist.load_data()
    folder = tmp_path / ".keras/datasets"
    folder.mkdir(parents=True)
    parts = {"x_train": 1, "y_train": 2, "x_test": 3, "y_test": 4}
    np.savez(folder / "mnist.npz", **{k: np.array(v) for k, v in parts.items()})
    assert tf.keras.datasets.mnist.load_data() == ((1, 2), (3, 4))
    assert tf.keras.utils.get_file("mnist.npz", "nowhere") == str(folder / "mnist.npz")
