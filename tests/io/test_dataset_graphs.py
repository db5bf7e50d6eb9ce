"""Datasets in a GraphDef: their functions are written and read, as TensorFlow does it."""

from __future__ import annotations

import base64
import importlib.util
import json
import zlib
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data"
RECORDED = json.loads((DATA / "dataset_graph.json").read_text())


def _module() -> Any:
    spec = importlib.util.spec_from_file_location("dataset_graph", DATA / "dataset_graph.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROGRAM = _module()


def _tensorflows() -> Any:
    message = tf.GraphDef()
    message.ParseFromString(zlib.decompress(base64.b64decode(RECORDED["graph"])))
    return message


def _own() -> Any:
    with tf.Graph().as_default() as graph:
        PROGRAM.build(tf)
        return graph.as_graph_def()


def _check(found: Any) -> None:
    # the noise is compared as numbers; everything else is exact
    for got, expected in zip(found[0], RECORDED["found"][0], strict=True):
        assert got.pop(0) == pytest.approx(expected[0], abs=1e-6)
        assert got == expected[1:]
    assert found[1:] == RECORDED["found"][1:]


def test_what_tensorflow_wrote_gives_what_tensorflow_found() -> None:
    tf.import_graph_def(_tensorflows(), name="")
    _check(PROGRAM.found(tf))


def test_what_is_written_gives_the_same() -> None:
    message = _own()
    assert len(message.library.function) > 5
    tf.import_graph_def(message, name="")
    _check(PROGRAM.found(tf))


def test_writing_what_was_read_gives_the_same() -> None:
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(_tensorflows(), name="")
        message = graph.as_graph_def()
    tf.import_graph_def(message, name="")
    _check(PROGRAM.found(tf))


def test_the_functions_must_be_there() -> None:
    message = _own()
    del message.library.function[:]
    with pytest.raises(ValueError, match="the file has no function"):
        tf.import_graph_def(message, name="")


def test_a_node_names_its_function() -> None:
    message = _own()
    node = next(n for n in message.node if n.op == "MapDataset")
    del node.attr["f"]
    with pytest.raises(ValueError, match="the attribute 'f' names no function"):
        tf.import_graph_def(message, name="")


def test_the_types_of_arguments_must_be_said() -> None:
    message = _own()
    node = next(n for n in message.node if n.op == "MapDataset")
    called = next(
        f for f in message.library.function if f.signature.name == node.attr["f"].func.name
    )
    argument = called.signature.input_arg[0]
    argument.type = 0
    argument.type_attr = "T"
    with pytest.raises(ValueError, match="types of the arguments"):
        tf.import_graph_def(message, name="")


def test_a_function_that_hands_itself_on_is_refused() -> None:
    message = _own()
    node = next(n for n in message.node if n.op == "FlatMapDataset")
    called = next(
        f for f in message.library.function if f.signature.name == node.attr["f"].func.name
    )
    inner = next(n for n in called.node_def if "f" in n.attr)
    inner.attr["f"].func.name = called.signature.name
    with pytest.raises(ValueError, match="a function that calls itself"):
        tf.import_graph_def(message, name="")
