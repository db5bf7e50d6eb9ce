"""The graphs that public functions and gradients build, node for node against those that TensorFlow 1.15.5 built."""

from __future__ import annotations

import builtins
import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data"


def _cases(group: str) -> dict[str, Any]:
    path = DATA / "graph_cases" / f"{group}.py"
    spec = importlib.util.spec_from_file_location(f"graph_cases_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


def _recorded(group: str) -> dict[str, Any]:
    text = gzip.decompress((DATA / "graphs" / f"{group}.json.gz").read_bytes())
    found: dict[str, Any] = json.loads(text)
    return found


NAMES = sorted(path.name.removesuffix(".json.gz") for path in (DATA / "graphs").glob("*.json.gz"))
GROUPS = {name: (_cases(name), _recorded(name)) for name in NAMES}


def refines(shape: list[int | None] | None, recorded: list[int | None] | None) -> bool:
    """Whether a static shape says all that the recorded one says."""
    if recorded is None:
        return True
    if shape is None or len(shape) != len(recorded):
        return False
    return all(r is None or s == r for s, r in zip(shape, recorded, strict=True))


def expected_exception(name: str) -> Any:
    """The class of that name; what TensorFlow asserts of a user's values is a TypeError or a ValueError here."""
    if name == "AssertionError":
        return TypeError, ValueError
    if name == "OperatorNotAllowedInGraphError":
        return TypeError
    return getattr(builtins, name, None) or getattr(tf.errors, name)


@pytest.mark.parametrize(
    ("group", "case"), [(g, c) for g, (_, recorded) in GROUPS.items() for c in recorded]
)
def test_builds_the_recorded_graph(group: str, case: str) -> None:
    build, recorded = GROUPS[group][0][case], GROUPS[group][1][case]
    with tf.Graph().as_default() as graph:
        if "raises" in recorded:
            expected = expected_exception(recorded["raises"])
            with pytest.raises(expected):
                build(tf)
            return
        build(tf)
    nodes = graph.get_operations()
    named = [
        [n.name, n.type, [t.name for t in n.inputs], sorted(c.name for c in n.control_inputs)]
        for n in nodes
    ]
    assert named == [node[:4] for node in recorded["nodes"]]
    for node, (*_, outputs) in zip(nodes, recorded["nodes"], strict=True):
        assert [t.dtype.name for t in node.outputs] == [dtype for dtype, _ in outputs]
        for tensor, (_, shape) in zip(node.outputs, outputs, strict=True):
            known = None if tensor.shape.ndims is None else tensor.shape.as_list()
            assert refines(known, shape), f"{tensor} knows less than {shape}"


def test_every_case_is_recorded() -> None:
    for group, (cases, recorded) in GROUPS.items():
        assert set(cases) == set(recorded), f"python tests/data/record_graphs.py {group}"
