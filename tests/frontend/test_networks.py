"""What neural networks are made of: graphs and values, against those that TensorFlow 1.15.5 built and computed."""

from __future__ import annotations

import builtins
import gzip
import importlib.util
import json
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data"


def _module(group: str) -> Any:
    path = DATA / "network_cases" / f"{group}.py"
    spec = importlib.util.spec_from_file_location(f"network_cases_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _recorded(group: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        gzip.decompress((DATA / "networks" / f"{group}.json.gz").read_bytes())
    )
    return found


@cache
def _values(group: str) -> Any:
    return np.load(DATA / "networks" / f"{group}.npz")


NAMES = sorted(p.name.removesuffix(".json.gz") for p in (DATA / "networks").glob("*.json.gz"))
GROUPS = {name: (_module(name), _recorded(name)) for name in NAMES}


def _exception(name: str) -> Any:
    return getattr(builtins, name, None) or getattr(tf.errors, name)


def _refines(shape: list[int | None] | None, recorded: list[int | None] | None) -> bool:
    """Whether a static shape says all that the recorded one says."""
    if recorded is None:
        return True
    if shape is None or len(shape) != len(recorded):
        return False
    return all(r is None or s == r for s, r in zip(shape, recorded, strict=True))


def _assert_same_graph(graph: Any, recorded: list[Any]) -> None:
    nodes = graph.get_operations()
    named = [
        [n.name, n.type, [t.name for t in n.inputs], sorted(c.name for c in n.control_inputs)]
        for n in nodes
    ]
    assert named == [node[:4] for node in recorded]
    for node, (*_, outputs) in zip(nodes, recorded, strict=True):
        assert [t.dtype.name for t in node.outputs] == [dtype for dtype, _ in outputs]
        for tensor, (_, shape) in zip(node.outputs, outputs, strict=True):
            known = None if tensor.shape.ndims is None else tensor.shape.as_list()
            assert _refines(known, shape), f"{tensor} knows less than {shape}"


#: the tolerance in units of rounding of the greatest value: sums are taken in another order
WITHIN = 50


def _assert_close(value: Any, want: Any) -> None:
    value = np.asarray(value)
    assert value.dtype == want.dtype
    assert value.shape == want.shape
    if want.dtype.kind != "f":
        np.testing.assert_array_equal(value, want)
        return
    finite = np.abs(want[np.isfinite(want)])
    scale = float(finite.max()) if finite.size else 0.0
    near = WITHIN * float(np.finfo(want.dtype).eps)
    np.testing.assert_allclose(value, want, rtol=near, atol=near * scale)


@pytest.mark.parametrize(
    ("group", "case"), [(g, c) for g, (_, recorded) in GROUPS.items() for c in recorded]
)
def test_as_recorded(group: str, case: str) -> None:
    module, kept = GROUPS[group]
    build, recorded = module.CASES[case], kept[case]
    with tf.Graph().as_default() as graph:
        if "raises" in recorded:
            with pytest.raises(_exception(recorded["raises"])):
                build(tf)
            return
        found = build(tf)
        fed = isinstance(found, tuple) and isinstance(found[-1], dict)
        fetches, feed = found if fed else (found, {})
        fetches = list(fetches) if isinstance(fetches, list | tuple) else [fetches]
        fetches = [f for f in fetches if f is not None]
        if "nodes" in recorded:
            _assert_same_graph(graph, recorded["nodes"])
        if case in getattr(module, "GRAPH_ONLY", ()):
            return
        with tf.Session(graph=graph) as session:
            if "run_raises" in recorded:
                with pytest.raises(_exception(recorded["run_raises"])):
                    session.run(fetches, feed)
                return
            values = session.run(fetches, feed)
        assert len(values) == recorded["values"]
        for tensor, value in zip(fetches, values, strict=True):
            assert tensor.shape.is_compatible_with(np.shape(value))
        for i, value in enumerate(values):
            _assert_close(value, _values(group)[f"{case}/{i}"])


def test_every_case_is_recorded() -> None:
    for group, (module, recorded) in GROUPS.items():
        assert set(module.CASES) == set(recorded), f"python tests/data/record_networks.py {group}"
