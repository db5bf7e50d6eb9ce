"""Whole training graphs are TensorFlow 1.15.5's: the same nodes, in the same order."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf
from graphflow.ir.verify import verify

DATA = Path(__file__).parents[1] / "data"
RECORDED = json.loads((DATA / "training_graphs.json").read_text(encoding="utf-8"))


def load() -> Any:
    spec = importlib.util.spec_from_file_location("training_graphs", DATA / "training_graphs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CASES = load()


@pytest.mark.parametrize("build", CASES.GRAPHS, ids=lambda f: f.__name__)
def test_every_node(build: Any) -> None:
    with tf.Graph().as_default() as graph:
        build(tf)
    verify(graph)
    ours, theirs = CASES.described(graph), RECORDED[build.__name__]
    for mine, wanted in zip(ours, theirs, strict=False):
        assert mine == wanted
    assert len(ours) == len(theirs)
