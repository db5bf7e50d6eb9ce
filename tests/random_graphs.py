"""Random graphs for property tests: typed, small, smooth enough to differentiate numerically."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from hypothesis import strategies as st

import graphflow as tf

#: ops on float64 tensors whose first and second derivatives are tame on (-2, 2)
UNARY: dict[str, Callable[[Any], Any]] = {
    "tanh": tf.tanh,
    "sigmoid": tf.sigmoid,
    "sin": tf.sin,
    "cos": tf.cos,
    "square": tf.square,
    "neg": tf.negative,
    "softplus": tf.nn.softplus,
    "exp_of_tanh": lambda x: tf.exp(tf.tanh(x)),
    "log": lambda x: tf.log(tf.square(x) + 1.0),
    "sqrt": lambda x: tf.sqrt(tf.square(x) + 0.5),
    "reciprocal": lambda x: 1.0 / (tf.square(x) + 1.0),
    "identity": tf.identity,
    "reverse": lambda x: tf.reverse(x, [0]),
    "transpose": tf.transpose,
    "reshape": lambda x: tf.reshape(x, [-1]),
    "expand": lambda x: tf.expand_dims(x, 0),
    "tile": lambda x: tf.tile(x, [2] * x.shape.ndims),
    "first_row": lambda x: x[0],
    "strided": lambda x: x[::-2],
    "pad": lambda x: tf.pad(x, [[1, 0]] * x.shape.ndims),
    "softmax": lambda x: tf.nn.softmax(x),
    "cumsum": lambda x: tf.cumsum(x, axis=0),
    "gather": lambda x: tf.gather(x, [0, 0]),
    "sum0": lambda x: tf.reduce_sum(x, 0),
    "mean_keep": lambda x: tf.reduce_mean(x, -1, keepdims=True),
    "sum": tf.reduce_sum,
}
BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / (tf.square(y) + 1.0),
    "squared_difference": tf.squared_difference,
    "matmul": tf.matmul,
    "concat": lambda x, y: tf.concat([x, y], 0),
    "stack": lambda x, y: tf.stack([x, y]),
    "atan2": lambda x, y: tf.atan2(x, tf.square(y) + 1.0),
}
_NEEDS_ROWS = (
    "reverse",
    "first_row",
    "strided",
    "pad",
    "tile",
    "softmax",
    "cumsum",
    "gather",
    "sum0",
    "mean_keep",
)


class Recipe(NamedTuple):
    """A graph as data, so that hypothesis can shrink it: shapes of the inputs, then steps by index."""

    shapes: tuple[tuple[int, ...], ...]
    steps: tuple[tuple[str, int, int], ...]


recipes = st.builds(
    Recipe,
    st.lists(
        st.sampled_from([(), (1,), (3,), (2, 3), (3, 3), (1, 3), (2, 1, 3)]), min_size=1, max_size=3
    ).map(tuple),
    st.lists(
        st.tuples(st.sampled_from([*UNARY, *BINARY]), st.integers(0, 9), st.integers(0, 9)),
        min_size=1,
        max_size=8,
    ).map(tuple),
)


class Built(NamedTuple):
    graph: tf.Graph
    inputs: list[Any]
    output: Any
    values: list[np.ndarray[Any, Any]]


def build(recipe: Recipe, known: bool = True) -> Built:
    """The graph of a recipe; steps that do not fit the shapes at hand are left out."""
    return _build(recipe, known, None if known else _build(recipe, True, None)[1])[0]


def _build(recipe: Recipe, known: bool, accepted: list[bool] | None) -> tuple[Built, list[bool]]:
    """A graph, and which steps went into it; `accepted` says which do where the shapes cannot tell."""
    graph = tf.Graph()
    rng = np.random.default_rng(len(recipe.steps))
    taken: list[bool] = []
    with graph.as_default():
        inputs = [
            tf.placeholder(tf.float64, s if known else [None] * len(s)) for s in recipe.shapes
        ]
        values = list(inputs)
        for at, (name, i, j) in enumerate(recipe.steps):
            x, y = values[i % len(values)], values[j % len(values)]
            fits = accepted[at] if accepted is not None else _fits(name, x, y)
            taken.append(fits)
            if fits:
                values.append(UNARY[name](x) if name in UNARY else BINARY[name](x, y))
        output = tf.add_n([tf.reduce_sum(tf.tanh(v)) for v in values])
    arrays = [rng.uniform(-1.5, 1.5, s) for s in recipe.shapes]
    return Built(graph, inputs, output, arrays), taken


def _fits(name: str, x: Any, y: Any) -> bool:
    if name in UNARY:
        return bool(x.shape.ndims) or name not in _NEEDS_ROWS
    a, b = x.shape.as_list(), y.shape.as_list()
    if name == "matmul":
        return len(a) == len(b) == 2 and a[1] == b[0]
    if name == "stack":
        return a == b
    if name == "concat":
        return len(a) == len(b) > 0 and a[1:] == b[1:]
    return all(p == q or 1 in (p, q) for p, q in zip(a[::-1], b[::-1], strict=False))
