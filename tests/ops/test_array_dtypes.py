"""Array operations over every element type, against numpy's functions; nothing is written into an input."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

TYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128", "string"),
)


def values(dtype: str, *shape: int) -> np.ndarray[Any, Any]:
    count = int(np.prod(shape))
    if dtype == "string":
        return np.array([b"%d" % i for i in range(count)] or [], object).reshape(shape)
    numbers = np.arange(count).reshape(shape)
    if dtype == "bool":
        return numbers % 2 == 0
    return numbers.astype(dtype) * (1j if dtype.startswith("complex") else 1)


def scattered(x: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    out = np.full((4, 3), b"" if x.dtype == object else 0, x.dtype)
    out[[2, 0]] = x
    return out


Case = tuple[Callable[[Any], Any], Callable[[np.ndarray[Any, Any]], Any]]
CASES: dict[str, Case] = {
    "concat": (lambda x: tf.concat([x, x[:1]], 0), lambda x: np.concatenate([x, x[:1]])),
    "stack": (lambda x: tf.stack([x, x], 1), lambda x: np.stack([x, x], 1)),
    "unstack": (lambda x: tf.unstack(x, axis=1)[2], lambda x: x[:, 2]),
    "split": (lambda x: tf.split(x, [1, 2], 1)[1], lambda x: x[:, 1:]),
    "tile": (lambda x: tf.tile(x, [2, 3]), lambda x: np.tile(x, (2, 3))),
    "transpose": (lambda x: tf.transpose(x), lambda x: x.T),
    "reshape": (lambda x: tf.reshape(x, [-1, 2]), lambda x: x.reshape(-1, 2)),
    "slice": (lambda x: tf.slice(x, [0, 1], [-1, 1]), lambda x: x[:, 1:2]),
    "strided": (lambda x: x[::-1, ::2], lambda x: x[::-1, ::2]),
    "gather": (lambda x: tf.gather(x, [2, 0], axis=1), lambda x: x[:, [2, 0]]),
    "gather_nd": (lambda x: tf.gather_nd(x, [[1, 2], [0, 0]]), lambda x: x[[1, 0], [2, 0]]),
    "pad": (
        lambda x: tf.pad(x, [[1, 0], [0, 2]]),
        lambda x: np.pad(x, [(1, 0), (0, 2)], constant_values=b"" if x.dtype == object else 0),
    ),
    "mirror": (
        lambda x: tf.pad(x, [[1, 0], [0, 2]], "REFLECT"),
        lambda x: np.pad(x, [(1, 0), (0, 2)], "reflect"),
    ),
    "broadcast": (lambda x: tf.broadcast_to(x, [2, 2, 3]), lambda x: np.broadcast_to(x, (2, 2, 3))),
    "zeros_like": (
        lambda x: tf.zeros_like(x, optimize=False),
        lambda x: np.full(x.shape, b"" if x.dtype == object else 0, x.dtype),
    ),
    "fill": (lambda x: tf.fill([2, 2], x[0, 0]), lambda x: np.full((2, 2), x[0, 0], x.dtype)),
    "roll": (lambda x: tf.roll(x, [1, -1], [0, 1]), lambda x: np.roll(x, (1, -1), (0, 1))),
    "squeeze": (lambda x: tf.squeeze(x[:1]), lambda x: x[0]),
    "where": (
        lambda x: tf.boolean_mask(x, [[True, False, True], [False, False, True]]),
        lambda x: x[[0, 0, 1], [0, 2, 2]],
    ),
    "scatter": (
        lambda x: tf.dynamic_stitch([[2, 0], [1, 3]], [x, tf.zeros_like(x)]),
        scattered,
    ),
    "partition": (lambda x: tf.dynamic_partition(x, [1, 0], 2)[1], lambda x: x[:1]),
    "diagonal": (lambda x: tf.matrix_diag_part(x), np.diagonal),
}
#: what the kernels of TensorFlow do not take either
WITHOUT = {("diagonal", "string"), ("mirror", "string")}


@pytest.mark.parametrize(
    ("name", "dtype"), [(n, t) for n in CASES for t in TYPES if (n, t) not in WITHOUT]
)
def test_every_type(name: str, dtype: str) -> None:
    build, expect = CASES[name]
    x = values(dtype, 2, 3)
    with tf.Session() as session:
        tensor = build(tf.constant(x, tf.as_dtype(dtype)))
        found = session.run(tensor)
    expected = expect(x)
    assert tensor.dtype.name == dtype
    assert tensor.shape.is_compatible_with(found.shape)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    "name", [n for n in CASES if n not in ("fill", "where", "mirror", "gather", "gather_nd")]
)
def test_inputs_are_never_written(name: str) -> None:
    build, _ = CASES[name]
    x = values("float32", 2, 3)
    before = x.copy()
    with tf.Session() as session:
        fed = tf.placeholder(tf.float32, [2, 3])
        session.run(build(fed), {fed: x})
    np.testing.assert_array_equal(x, before)


EMPTY: dict[str, Case] = {
    "concat": (lambda x: tf.concat([x, x], 1), lambda x: np.concatenate([x, x], 1)),
    "stack": (lambda x: tf.stack([x]), lambda x: x[None]),
    "tile": (lambda x: tf.tile(x, [2, 2]), lambda x: np.tile(x, (2, 2))),
    "transpose": (lambda x: tf.transpose(x), lambda x: x.T),
    "reverse": (lambda x: tf.reverse(x, [0, 1]), lambda x: x),
    "reshape": (lambda x: tf.reshape(x, [3, -1]), lambda x: x.reshape(3, 0)),
    "gather": (lambda x: tf.gather(x, np.zeros([0], np.int32), axis=1), lambda x: x[:, :0]),
    "pad": (lambda x: tf.pad(x, [[1, 1], [0, 0]]), lambda x: np.zeros((2, 3), x.dtype)),
    "where": (lambda x: tf.where(x > 0), lambda x: np.zeros((0, 2), np.int64)),
    "split": (lambda x: tf.split(x, 3, 1)[0], lambda x: x[:, :1]),
    "unique": (lambda x: tf.unique(tf.reshape(x, [-1]))[0], lambda x: x.ravel()),
    "one_hot": (
        lambda x: tf.one_hot(tf.cast(x, tf.int32), 2),
        lambda x: np.zeros((0, 3, 2), np.float32),
    ),
    "scatter_nd": (
        lambda x: tf.scatter_nd(np.zeros([0, 1], np.int32), x, [2, 3]),
        lambda x: np.zeros((2, 3), x.dtype),
    ),
    "gather_nd": (lambda x: tf.gather_nd(x, np.zeros([0, 2], np.int32)), lambda x: x.ravel()),
    "top_k": (lambda x: tf.nn.top_k(x, 2)[0], lambda x: x[:, :2]),
    "partition": (lambda x: tf.dynamic_partition(x, np.zeros([0], np.int32), 2)[1], lambda x: x),
    "band": (lambda x: tf.matrix_band_part(x[None], 0, 0), lambda x: x[None]),
}


@pytest.mark.parametrize("name", EMPTY)
def test_empty_tensors(name: str) -> None:
    build, expect = EMPTY[name]
    x = np.zeros((0, 3), np.float32)
    with tf.Session() as session:
        found = session.run(build(tf.constant(x)))
    expected = expect(x)
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
