"""Values and derivatives of random programs of branches and loops, against the same programs unrolled."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.parse import parse_graph
from graphflow.ir.verify import verify


def _module() -> Any:
    spec = importlib.util.spec_from_file_location(
        "unrolled", Path(__file__).with_name("unrolled.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROGRAMS = _module()


def _derivatives(y: Any, xs: list[Any], orders: int) -> list[Any]:
    """Gradients, gradients of a function of them, and so on; zeros where there are none."""
    found: list[Any] = []
    for _ in range(orders):
        grads = tf.gradients(y, xs)
        dense = [
            tf.zeros_like(x) if g is None else tf.convert_to_tensor(g)
            for g, x in zip(grads, xs, strict=True)
        ]
        found += dense
        y = tf.add_n([tf.reduce_sum(tf.sin(g) * (k + 1.0)) for k, g in enumerate(dense)])
    return found


def _values(seed: int, with_control_flow: bool) -> list[Any]:
    tf.reset_default_graph()
    unknown = seed % 3 == 1
    p = PROGRAMS.program(random.Random(seed), 0, [9])
    world = PROGRAMS.World(seed, unknown, not unknown and seed % 2 == 0)
    run = PROGRAMS.controlled if with_control_flow else PROGRAMS.unrolled
    result = run(p, world.start, 0, world)
    fetches = [result, *_derivatives(result, world.sources, 3 if seed % 5 == 0 else 2)]
    verify(tf.get_default_graph())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found: list[Any] = session.run(fetches)
    return found


@pytest.mark.parametrize("seed", [s for s in range(32) if s not in (25, 30)])
def test_equals_the_unrolled_program(seed: int) -> None:
    for ours, wanted in zip(_values(seed, True), _values(seed, False), strict=True):
        np.testing.assert_allclose(ours, wanted, rtol=1e-8, atol=1e-9)


@pytest.mark.parametrize("seed", [1, 4, 7, 10, 13, 16])
def test_a_graph_read_from_text_has_the_same_gradients(seed: int) -> None:
    p = PROGRAMS.program(random.Random(seed), 0, [9])
    world = PROGRAMS.World(seed, True, False)
    result = PROGRAMS.controlled(p, world.start, 0, world)
    names = [t.name for t in (result, *world.sources)]
    here = tf.get_default_graph()
    results = []
    for graph in (here, parse_graph(here.as_text())):
        with graph.as_default(), tf.Session(graph=graph) as session:
            y, *xs = (graph.get_tensor_by_name(n) for n in names)
            grads = [g for g in tf.gradients(y, xs, name="read") if g is not None]
            results.append(session.run([tf.convert_to_tensor(g) for g in grads]))
    for ours, wanted in zip(*results, strict=True):
        np.testing.assert_array_equal(ours, wanted)
