"""Reductions and places of extremes against numpy: types, empty axes, NaN, integers that wrap, axes that are no axes."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw

WHOLE = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FOLDS = {"Sum": np.add, "Prod": np.multiply, "Max": np.maximum, "Min": np.minimum}


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def reduced(op: str, x: Any, axes: Any, keep_dims: bool = False) -> Any:
    return run(getattr(raw, op)(x, axes, keep_dims=keep_dims))


def hidden(value: Any) -> Any:
    """A tensor of which the graph knows the type alone."""
    return tf.placeholder_with_default(value, None)


@pytest.mark.parametrize("dtype", [*WHOLE, "float32", "float64", "complex128"])
@pytest.mark.parametrize("op", FOLDS)
def test_folds_like_numpy(op: str, dtype: str) -> None:
    if dtype == "complex128" and op in ("Max", "Min"):
        pytest.skip("complex numbers have no order")
    rng = np.random.default_rng(0)
    x = (rng.standard_normal((3, 4, 5)) * 9).astype(dtype)
    for axes in ([0], [1], [-1], [0, 2], [0, 1, 2], []):
        for keep in (False, True):
            with np.errstate(over="ignore"):
                want = FOLDS[op].reduce(x, tuple(axes), dtype=dtype, keepdims=keep)
            got = reduced(op, x, np.array(axes, np.int32), keep)
            assert got.dtype == x.dtype
            np.testing.assert_allclose(got, want, rtol=1e-5 if dtype == "float32" else 1e-12)


@pytest.mark.parametrize("dtype", WHOLE)
def test_integers_wrap_and_means_truncate(dtype: str) -> None:
    limits = np.iinfo(dtype)
    x = np.array([limits.max, limits.max, 3], dtype)
    assert reduced("Sum", x, [0]) == x.sum(dtype=dtype)
    small = np.array([1, 2, 4], dtype) if limits.min == 0 else np.array([-1, -2, -4], dtype)
    assert reduced("Mean", small, [0]) == int(small.astype(object).sum() / 3)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_half_widths_are_summed_in_single_precision(dtype: Any) -> None:
    ones = np.ones(5000, dtype)
    assert reduced("Sum", ones, [0]) == np.array(5000, dtype)
    assert reduced("Mean", ones * 3, [0]) == 3
    large = np.full(4, 300, dtype)
    assert reduced("EuclideanNorm", large, [0]) == 600
    assert reduced("Max", np.array([1, np.nan, 2], dtype), [0]) != 0
    assert reduced("Sum", ones, [0]).dtype == dtype


def test_nothing_has_neutral_reductions() -> None:
    x = np.zeros((2, 0), np.float32)
    wanted = {"Sum": 0.0, "Prod": 1.0, "Max": -np.inf, "Min": np.inf, "EuclideanNorm": 0.0}
    for op, want in wanted.items():
        np.testing.assert_array_equal(reduced(op, x, [1]), np.full(2, want, np.float32))
    assert np.isnan(reduced("Mean", x, [1])).all()
    assert reduced("Max", np.zeros(0, np.int8), [0]) == -128
    assert reduced("Mean", np.zeros(0, np.int32), [0]) == 0
    assert reduced("Sum", x, [0]).shape == (0,)
    assert run(tf.reduce_all(np.zeros(0, bool)))
    assert not run(tf.reduce_any(np.zeros(0, bool)))


def test_nan_is_seen_wherever_it_is() -> None:
    for place in range(3):
        x = np.array([1.0, 2.0, 3.0])
        x[place] = np.nan
        for op in (*FOLDS, "Mean", "EuclideanNorm"):
            assert np.isnan(reduced(op, x, [0]))
        assert run(tf.argmax(x)) == place
        assert run(tf.argmin(x)) == place


def test_overflow_happens_in_the_type_of_the_elements() -> None:
    x = np.array([3e38, 3e38, -3e38], np.float32)
    assert np.isinf(reduced("Sum", x, [0]))
    assert not np.signbit(reduced("Sum", np.array([-0.0, -0.0]), [0]))


def test_an_axis_named_twice_counts_once() -> None:
    x = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(reduced("Sum", x, [0, -2, 0]), x.sum(0))


def test_reference_leaves_its_inputs_alone() -> None:
    x = np.arange(6.0).reshape(2, 3)
    x.flags.writeable = False
    for op in (*FOLDS, "Mean", "EuclideanNorm"):
        raw.Sum(x, [0]).node.op.reference(x, np.array([1]))
        getattr(raw, op)(x, [0]).node.op.reference(x, np.array([0, 1]))


@pytest.mark.parametrize("axis", [2, -3])
def test_axes_out_of_range(axis: int) -> None:
    x = np.zeros((2, 3))
    with pytest.raises(ValueError, match=f"Invalid reduction dimension {axis} for input with 2"):
        tf.reduce_sum(x, axis)
    with pytest.raises(tf.errors.InvalidArgumentError, match=f"Invalid reduction dimension {axis}"):
        run(tf.reduce_sum(hidden(x), hidden(np.int32(axis))))
    with pytest.raises(ValueError, match="must be in the range"):
        tf.argmax(x, axis)
    with pytest.raises(tf.errors.InvalidArgumentError, match="must be in the range"):
        run(tf.argmax(hidden(x), hidden(np.int32(axis))))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Expected scan axis in the range"):
        run(tf.cumsum(x, axis))


def test_places() -> None:
    x = np.array([[1, 5, 5], [7, 2, 7]], np.int16)
    np.testing.assert_array_equal(run(tf.argmax(x, 1)), [1, 0])
    assert run(tf.argmin(x, 0, output_type=tf.int32)).dtype == np.int32
    assert run(tf.argmax(np.zeros((2, 0)), 0)).shape == (0,)
    with pytest.raises(tf.errors.InvalidArgumentError, match="Reduction axis 1 is empty"):
        run(tf.argmax(np.zeros((2, 0)), 1))
    with pytest.raises(tf.errors.InvalidArgumentError, match="no order"):
        run(tf.argmax(np.array([1j, 2])))


@pytest.mark.parametrize("op", ["Cumsum", "Cumprod"])
@pytest.mark.parametrize("dtype", ["uint8", "int64", "float32", "complex64"])
def test_scans_like_numpy(op: str, dtype: str) -> None:
    x = (np.random.default_rng(1).standard_normal((3, 4)) * 3).astype(dtype)
    fold = np.add if op == "Cumsum" else np.multiply
    want = fold.accumulate(x, 1, dtype=dtype)
    np.testing.assert_allclose(run(getattr(raw, op)(x, 1)), want, rtol=1e-5)
    backwards = fold.accumulate(x[:, ::-1], 1, dtype=dtype)[:, ::-1]
    got = run(getattr(raw, op)(x, -1, reverse=True))
    np.testing.assert_allclose(got, backwards, rtol=1e-5)


def test_sizes_survive_reductions() -> None:
    x = tf.placeholder(tf.float32, [None, 3, 4])
    shape = tf.shape(x)
    rest = tf.reduce_prod(shape[1:])
    assert tf.reshape(x, [-1, rest]).shape.as_list() == [None, 12]
    assert tf.zeros([tf.reduce_max(shape[1:]), tf.reduce_min(shape[1:])]).shape.as_list() == [4, 3]
    whole = tf.reshape(x, [tf.reduce_prod(shape)])
    assert whole.shape.as_list() == [None]
    same = tf.reduce_prod(tf.stack([shape[0], 1]))
    for _ in range(60):  # each step uses the one before twice
        same = tf.maximum(same, same)
    joined = tf.reshape(x, [same, 12]) + tf.zeros([shape[0], 12])
    assert joined.shape.as_list() == [None, 12]
