"""tf.estimator and its kin find what TensorFlow finds."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

import graphflow as tf

DATA = Path(__file__).parents[2] / "data/estimators"
RECORDED = json.loads((DATA / "results.json").read_text())


def _programs() -> ModuleType:
    spec = importlib.util.spec_from_file_location("estimator_programs", DATA / "programs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROGRAMS = {p.__name__: p for p in _programs().PROGRAMS}


@pytest.fixture(autouse=True)
def _quiet() -> None:
    tf.logging.set_verbosity(tf.logging.ERROR)


def test_every_program_is_recorded() -> None:
    assert sorted(RECORDED) == sorted(PROGRAMS)


@pytest.mark.parametrize("name", PROGRAMS)
def test_finds_what_tensorflow_finds(name: str, tmp_path: Path) -> None:
    assert PROGRAMS[name](tf, str(tmp_path)) == RECORDED[name]
