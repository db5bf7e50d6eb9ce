"""Properties of all graphs: they print and parse, they verify, and their gradients are right, twice over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from hypothesis import given, settings

import graphflow as tf
from graphflow.ir.parse import parse_graph
from graphflow.ir.text import print_graph
from graphflow.ir.verify import verify

sys.path.insert(0, str(Path(__file__).parent))
from random_graphs import Built, Recipe, build, recipes


def evaluate(built: Built, fetches: Any, values: list[Any]) -> Any:
    with tf.Session(graph=built.graph) as sess:
        return sess.run(fetches, dict(zip(built.inputs, values, strict=True)))


@settings(max_examples=150)
@given(recipes)
def test_text_round_trip(recipe: Recipe) -> None:
    built = build(recipe)
    with built.graph.as_default():
        tf.gradients(built.output, built.inputs)
    verify(built.graph)
    text = print_graph(built.graph)
    again = parse_graph(text)
    verify(again)
    assert print_graph(again) == text
    feeds = {t.name: v for t, v in zip(built.inputs, built.values, strict=True)}
    with tf.Session(graph=built.graph) as one, tf.Session(graph=again) as two:
        np.testing.assert_array_equal(
            one.run(built.output, feeds), two.run(built.output.name, feeds)
        )


@settings(max_examples=150)
@given(recipes)
def test_static_shapes_tell_the_truth(recipe: Recipe) -> None:
    for known in (True, False):
        built = build(recipe, known)
        tensors = [t for n in built.graph.get_operations() for t in n.outputs]
        for tensor, value in zip(tensors, evaluate(built, tensors, built.values), strict=True):
            assert tensor.shape.is_compatible_with(np.shape(value)), tensor


@settings(max_examples=150)
@given(recipes)
def test_the_gradient_is_the_slope(recipe: Recipe) -> None:
    """<gradient, v> is the derivative along v: one number says it for all inputs at once."""
    built = build(recipe)
    rng = np.random.default_rng(7)
    along = [rng.normal(size=np.shape(v)) for v in built.values]
    with built.graph.as_default():
        grads = tf.gradients(built.output, built.inputs)
    slope = sum(
        np.vdot(g, v) for g, v in zip(evaluate(built, grads, built.values), along, strict=True)
    )
    np.testing.assert_allclose(slope, difference(built, built.output, along), rtol=2e-5, atol=2e-6)


@settings(max_examples=80)
@given(recipes)
def test_the_second_gradient_is_the_slope_of_the_first(recipe: Recipe) -> None:
    built = build(recipe)
    rng = np.random.default_rng(8)
    along = [rng.normal(size=np.shape(v)) for v in built.values]
    with built.graph.as_default():
        first = tf.gradients(built.output, built.inputs)
        weighed = tf.add_n([tf.reduce_sum(g * v) for g, v in zip(first, along, strict=True)])
        second = tf.gradients(weighed, built.inputs)
    found = [
        np.zeros(np.shape(v)) if g is None else g for g, v in zip(second, built.values, strict=True)
    ]
    fetched = evaluate(built, [g for g in second if g is not None], built.values)
    there = iter(fetched)
    slope = sum(
        np.vdot(zero if g is None else next(there), v)
        for g, zero, v in zip(second, found, along, strict=True)
    )
    np.testing.assert_allclose(slope, difference(built, weighed, along), rtol=1e-4, atol=1e-5)


def difference(built: Built, of: Any, along: list[Any], step: float = 1e-6) -> float:
    ends = [
        evaluate(built, of, [x + sign * step * v for x, v in zip(built.values, along, strict=True)])
        for sign in (1, -1)
    ]
    return float(ends[0] - ends[1]) / (2 * step)
