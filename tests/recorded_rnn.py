"""Recurrent networks as TensorFlow 1.15.5 recorded them, and the comparison with them."""

from __future__ import annotations

import builtins
import functools
import importlib.util
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.verify import verify

DATA = Path(__file__).parent / "data"
#: kinds of nodes that carry control flow, in TensorFlow's graphs or in these
CONTROL = {"Arg", "If", "StatelessIf", "While", "StatelessWhile", "Identity", "Const", "Absent"}
#: how far results may lie apart, as a part of the largest number in them or of 1
WITHIN = {"float64": 1e-9, "float32": 2e-5, "float16": 2e-3}


@functools.cache
def cases(group: str) -> dict[str, Any]:
    """The functions that build."""
    path = DATA / "rnn_cases" / f"{group}.py"
    spec = importlib.util.spec_from_file_location(f"rnn_cases_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


@functools.cache
def recorded(group: str) -> dict[str, Any]:
    """Of each case what was kept, with the values under "values"."""
    with np.load(DATA / "rnn" / f"{group}.npz") as arrays:
        found: dict[str, Any] = json.loads(str(arrays["notes"]))
        for name, notes in found.items():
            notes["values"] = []
            while (key := f"{name}/{len(notes['values'])}") in arrays:
                notes["values"].append(arrays[key])
    return found


def names(*groups: str) -> list[tuple[str, str]]:
    """(group, case) for all cases of some groups; each must have been recorded."""
    for group in groups:
        assert set(cases(group)) == set(recorded(group)), f"python tests/data/record_rnn.py {group}"
    return [(group, case) for group in groups for case in cases(group)]


def compare(group: str, case: str) -> None:
    """Build the case, and compare all with what was recorded."""
    build, notes = cases(group)[case], recorded(group)[case]
    with tf.Graph().as_default() as graph:
        if "raises" in notes:
            with pytest.raises(_exception(notes["raises"])):
                build(tf)
            return
        found = build(tf)
        timed = isinstance(found, tuple) and isinstance(found[-1], int)
        fetches, times = found if timed else (found, 1)
        fetches = flat(fetches)
        verify(graph)
        _same_graph(graph, fetches, notes)
        values: list[Any] = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            if "fails" in notes:
                with pytest.raises(_exception(notes["fails"])):
                    session.run(fetches)
                return
            for _ in range(times):
                values += [v for v in session.run(fetches) if v is not None]
    assert len(values) == len(notes["values"])
    for value, want in zip(map(np.asarray, values), notes["values"], strict=True):
        _same_values(value, want)


def flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [v for item in value for v in flat(item)]
    return [] if value is None else [value]


def _exception(name: str) -> Any:
    return getattr(builtins, name, None) or getattr(tf.errors, name)


def _all_nodes(graph: Graph) -> Iterator[Node]:
    """The nodes of a graph and of the bodies in it."""
    for node in graph.nodes:
        yield node
        for value in node.op.__dict__.values():
            if isinstance(value, Graph):
                yield from _all_nodes(value)


def _same_graph(graph: Graph, fetches: list[Any], notes: dict[str, Any]) -> None:
    """Variables, static shapes and, unless there are gradients of loops, nodes and their number."""
    assert [v.name for v in tf.global_variables()] == notes["variables"]
    for fetch, shape in zip(fetches, notes["shapes"], strict=True):
        if shape is None or shape == "op":
            continue
        known = fetch.shape.as_list()
        assert len(known) == len(shape)
        assert all(want in (None, have) for have, want in zip(known, shape, strict=True)), fetch
    if "nodes" in notes:
        here = sorted([n.name, n.type] for n in _all_nodes(graph) if n.type not in CONTROL)
        assert here == sorted(notes["nodes"])
        assert graph._last_id == notes["count"]


def _same_values(value: Any, want: Any) -> None:
    assert value.shape == want.shape
    if want.dtype.kind == "S":
        assert value.astype("S").tolist() == want.tolist()
        return
    assert value.dtype == want.dtype
    within = WITHIN.get(value.dtype.name, 0.0)
    finite = np.abs(want[np.isfinite(want)])
    scale = max(1.0, finite.max() if finite.size else 0.0)
    np.testing.assert_allclose(value, want, rtol=within, atol=within * scale)
