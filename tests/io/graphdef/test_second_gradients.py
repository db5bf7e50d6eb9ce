"""Gradients of gradients of raised control flow: TensorFlow 2.21 recorded the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.autodiff import gradients

GROUPS = ("branches.2b", "loops.2b", "nests.2b", "sequences.2b", "calls.2b")
NEEDS = ("second", "gradients")
#: TensorFlow 1.15 refuses gradients that have another shape than the input
ONLY_LATER = ("growing", "grown_from_nothing", "rank_changes", "shapes_differ", "ranks_differ")


@pytest.mark.parametrize("version", ["1.15", "2.21"])
def test_numbers(case: Any, recorded: Any, version: str) -> None:
    """The graph that TensorFlow 2.21 made, and the one that TensorFlow 1.15.5 made of the same program."""
    given = case
    if version == "1.15" and case.facts["name"] not in ONLY_LATER:
        given = recorded(case.group.partition(".")[0], case.facts["name"])
    graph = given.imported()
    found = [g for g in given.differentiated(graph) if g is not None]
    with graph.as_default():
        total = tf.add_n([tf.reduce_sum(tf.square(g)) for g in found])
        xs = [graph.get_tensor_by_name(x) for x, _ in case.facts["second"]]
        seconds = gradients(total, xs)
        seconds = [None if g is None else tf.convert_to_tensor(g) for g in seconds]
    for tensor, (_, number) in zip(seconds, case.facts["second"], strict=True):
        expected = np.zeros(()) if number is None else case.array(number)
        value = np.zeros(()) if tensor is None else given.run(graph, tensor)
        largest = np.abs(expected[np.isfinite(expected)]).max(initial=0.0)
        # no gradient is a gradient of zeros
        np.testing.assert_allclose(value, expected, rtol=2e-3, atol=2e-4 * max(1.0, largest))
