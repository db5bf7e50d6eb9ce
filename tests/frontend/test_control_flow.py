"""Branches and loops against what TensorFlow 1.15.5 makes of the same programs: names, counts, shapes, values, errors."""

from __future__ import annotations

import builtins
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.verify import verify

DATA = Path(__file__).parent.parent / "data"
GROUPS = sorted(p.stem for p in (DATA / "control_flow").glob("*.json"))
#: kinds of nodes that carry control flow, in TensorFlow's graphs or in these
CONTROL = {"Arg", "If", "StatelessIf", "While", "StatelessWhile", "Identity", "Const", "Absent"}


def _cases(group: str) -> dict[str, Any]:
    path = DATA / "control_flow_cases" / f"{group}.py"
    spec = importlib.util.spec_from_file_location(f"control_flow_cases_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


CASES = {
    (group, name): (_cases(group)[name], recorded)
    for group in GROUPS
    for name, recorded in json.loads((DATA / "control_flow" / f"{group}.json").read_text()).items()
}


def flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [v for item in value for v in flat(item)]
    return [] if value is None else [value]


def all_nodes(graph: Graph) -> Iterator[Node]:
    """The nodes of a graph and of the bodies in it."""
    for node in graph.nodes:
        yield node
        for value in node.op.__dict__.values():
            if isinstance(value, Graph):
                yield from all_nodes(value)


def expected_exception(name: str) -> Any:
    if name == "OperatorNotAllowedInGraphError":
        return TypeError
    return getattr(builtins, name, None) or getattr(tf.errors, name)


def array_of(recorded: dict[str, Any]) -> Any:
    if recorded["dtype"] == "string":
        values = np.array([v.encode() for v in recorded["values"]], object)
    else:
        values = np.array(recorded["values"], recorded["dtype"])
    return values.reshape(recorded["shape"])


@pytest.mark.parametrize(("group", "name"), list(CASES))
def test_does_what_tensorflow_does(group: str, name: str) -> None:
    build, recorded = CASES[group, name]
    with tf.Graph().as_default() as graph:
        if "raises" in recorded:
            with pytest.raises(expected_exception(recorded["raises"])):
                build(tf)
            return
        fetches = flat(build(tf))
        if "result" in recorded:
            assert repr(fetches) == recorded["result"]
            return
        verify(graph)
        if not _differs(group, name, recorded):
            _same_nodes(graph, recorded)
            _same_fetches([f for f in fetches if isinstance(f, Tensor)], recorded)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            if "fails" in recorded:
                with pytest.raises(expected_exception(recorded["fails"])):
                    session.run(fetches)
                return
            values = [v for v in session.run(fetches) if v is not None]
    assert len(values) == len(recorded["values"])
    for value, wanted in zip(values, map(array_of, recorded["values"]), strict=True):
        if wanted.dtype == object:
            assert np.array_equal(np.asarray(value, object), wanted)
            continue
        assert np.asarray(value).dtype == wanted.dtype
        tolerance = 2e-5 if wanted.dtype == np.float32 else 1e-12
        np.testing.assert_allclose(value, wanted, rtol=tolerance, atol=tolerance)


def _differs(group: str, name: str, recorded: dict[str, Any]) -> bool:
    """Whether the graph is another than TensorFlow's on purpose: gradients, chains of cond instead of Case."""
    differentiated = any("gradients" in node for node, _ in recorded["nodes"])
    # a loop that waits for something outside waits as a whole here
    waits = (group, name) == ("loops", "waits_for_outside")
    return differentiated or waits or "switch_case" in name


def _same_nodes(graph: Graph, recorded: dict[str, Any]) -> None:
    """What is no control flow has TensorFlow's names; as many ops count, so random seeds agree."""
    here = sorted([n.name, n.type] for n in all_nodes(graph) if n.type not in CONTROL)
    assert here == sorted(recorded["nodes"])
    assert graph._last_id == recorded["count"]


def _same_fetches(fetches: list[Tensor], recorded: dict[str, Any]) -> None:
    for tensor, (name, dtype, shape) in zip(fetches, recorded["fetches"], strict=True):
        assert tensor.dtype.base_dtype.name == dtype
        assert tensor.name == name
        if shape is not None:
            assert tensor.shape.ndims is not None
            both = zip(tensor.shape.as_list(), shape, strict=True)
            assert all(theirs in (None, ours) for ours, theirs in both)


def test_every_case_is_recorded() -> None:
    for group in GROUPS:
        recorded = {name for g, name in CASES if g == group}
        assert set(_cases(group)) == recorded, f"python tests/data/record_control_flow.py {group}"
