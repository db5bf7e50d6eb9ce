"""Graphs that TensorFlow recorded, replayed: `case` is one of the groups that a test module names in GROUPS.

Where the module names facts in NEEDS, it gets the cases that have them.
"""

from __future__ import annotations

import functools
import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.autodiff import gradients
from graphflow.io import protos
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.ir.graph import Graph
from graphflow.session import Session

DATA = Path(__file__).resolve().parents[2] / "data" / "graphdef"


class Case:
    """One recorded graph: what it was fed, and what came out."""

    def __init__(self, group: str, facts: dict[str, Any], arrays: dict[str, Any]) -> None:
        self.group, self.facts, self._arrays = group, facts, arrays

    def __repr__(self) -> str:
        return f"{self.group}:{self.facts['name']}"

    def array(self, number: int) -> Any:
        found = self._arrays[str(number)]
        return found.astype(object) if found.dtype.kind == "S" else found

    def graph_def(self, which: str = "graph") -> Any:
        message = protos.GraphDef()
        message.ParseFromString(zlib.decompress(self.array(self.facts[which]).tobytes()))
        return message

    @property
    def feed(self) -> dict[str, Any]:
        return {name: self.array(number) for name, number in self.facts["feed"].items()}

    @property
    def outputs(self) -> list[tuple[str, Any]]:
        return [(name, self.array(number)) for name, number in self.facts["outputs"]]

    @property
    def gradients(self) -> list[tuple[str, str, Any]]:
        """(by, TensorFlow's name of the gradient, its value): those that there are."""
        found = self.facts.get("gradients", ())
        return [(x, g, self.array(number)) for x, g, number in found if g is not None]

    def imported(self, which: str = "graph") -> Graph:
        graph = Graph()
        with graph.as_default():
            import_graph_def(self.graph_def(which), name="")
        return graph

    def differentiated(self, graph: Graph) -> list[Any]:
        """graphflow's own gradients by the tensors that TensorFlow differentiated by, as tensors."""
        with graph.as_default():
            ys = [graph.get_tensor_by_name(name) for name, _ in self.facts["weights"]]
            xs = [graph.get_tensor_by_name(name) for name, _, _ in self.facts["gradients"]]
            weights = [self.array(number) for _, number in self.facts["weights"]]
            found = gradients(ys, xs, weights)
            return [None if g is None else tf.convert_to_tensor(g) for g in found]

    def run(self, graph: Graph, fetches: Any) -> Any:
        with Session(graph=graph) as session:
            if "initialise" in self.facts:
                session.run(self.facts["initialise"])
            return session.run(fetches, self.feed)


@functools.cache
def cases(group: str) -> list[Case]:
    with np.load(DATA / f"{group}.npz") as file:
        arrays = {name: file[name] for name in file.files}
    return [Case(group, facts, arrays) for facts in json.loads(arrays["cases"].tobytes())]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" in metafunc.fixturenames:
        needs = getattr(metafunc.module, "NEEDS", ())
        found = [
            case
            for group in metafunc.module.GROUPS
            for case in cases(group)
            if all(fact in case.facts for fact in needs)
        ]
        metafunc.parametrize("case", found, ids=repr)


def assert_close(found: Any, expected: Any, digits: float = 50.0) -> None:
    """Equal, up to `digits` units of rounding of the largest value."""
    found = np.asarray(found)
    assert found.shape == expected.shape
    if expected.dtype == object:
        assert found.tolist() == expected.tolist()
        return
    assert found.dtype == expected.dtype
    if expected.dtype.kind in "iub":
        np.testing.assert_array_equal(found, expected)
        return
    finite = np.abs(expected[np.isfinite(expected)])
    rounding = np.finfo(expected.dtype).eps
    wide = np.complex128 if expected.dtype.kind == "c" else np.float64
    np.testing.assert_allclose(
        found.astype(wide),
        expected.astype(wide),
        rtol=4 * digits * rounding,
        atol=digits * rounding * max(finite.max(initial=0.0), 1e-6),
    )


def replay(case: Case) -> None:
    """The outputs, graphflow's gradients, and the gradients that TensorFlow's graph computes, are the recorded ones."""
    graph = case.imported()
    names = [name for name, _ in case.outputs]
    for value, (_, expected) in zip(case.run(graph, names), case.outputs, strict=True):
        assert_close(value, expected)
    if "gradients" not in case.facts:
        return
    for tensor, (_, name, number) in zip(
        case.differentiated(graph), case.facts["gradients"], strict=True
    ):
        assert (tensor is None) == (name is None)
        if tensor is not None:
            assert_close(case.run(graph, tensor), case.array(number))
    built = case.imported("gradient_graph")
    values = case.run(built, [name for _, name, _ in case.gradients])
    for value, (_, _, expected) in zip(values, case.gradients, strict=True):
        assert_close(value, expected)


@pytest.fixture(scope="session")
def replays() -> Any:
    return replay


@pytest.fixture(scope="session")
def close() -> Any:
    return assert_close


@pytest.fixture(scope="session")
def recorded() -> Any:
    """recorded("loops", "counts") is that case."""

    def find(group: str, name: str) -> Case:
        return next(c for c in cases(group) if c.facts["name"] == name)

    return find
