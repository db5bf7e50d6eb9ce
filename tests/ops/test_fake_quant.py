"""Fake quantisation against results that TensorFlow 1.15.5 computed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw

with np.load(Path(__file__).parent.parent / "data" / "ops" / "fake_quant.npz") as _file:
    RECORDED = dict(_file)
X, G = RECORDED["fake_quant.x"], RECORDED["fake_quant.g"]
CASES = sorted({k.split(".")[1] for k in RECORDED if k.count(".") > 1})


def fetched(low: float, high: float, options: dict[str, Any]) -> dict[str, Any]:
    lows, highs = (np.float32(v) + np.linspace(0, 0.4, 5).astype(np.float32) for v in (low, high))
    q = tf.quantization
    found = {
        "vars": q.fake_quant_with_min_max_vars(X, low, high, **options),
        "vars_gradient": q.fake_quant_with_min_max_vars_gradient(G, X, low, high, **options),
        "channels": q.fake_quant_with_min_max_vars_per_channel(X, lows, highs, **options),
        "channels_gradient": q.fake_quant_with_min_max_vars_per_channel_gradient(
            G, X, lows, highs, **options
        ),
    }
    if low != high:
        found["args"] = q.fake_quant_with_min_max_args(X, low, high, **options)
        found["args_gradient"] = q.fake_quant_with_min_max_args_gradient(G, X, low, high, **options)
    return found


@pytest.mark.parametrize("case", CASES)
def test_agrees_with_tensorflow(case: str) -> None:
    low, high, bits, narrow = RECORDED[f"fake_quant.{case}.options"].tolist()
    fetches = fetched(low, high, {"num_bits": int(bits), "narrow_range": bool(narrow)})
    with tf.Session() as session:
        results = session.run(fetches)
    names = {
        k.split(".")[2]
        for k in RECORDED
        if k.startswith(f"fake_quant.{case}.") and "options" not in k
    }
    assert names == set(results)
    for name, value in results.items():
        for part, array in enumerate(value if isinstance(value, list | tuple) else [value]):
            expected = RECORDED[f"fake_quant.{case}.{name}.{part}"]
            np.testing.assert_allclose(
                array, expected, rtol=1e-5, atol=1e-6, err_msg=f"{name} {part}"
            )


@pytest.mark.parametrize(
    ("build", "text"),
    [
        (lambda: tf.fake_quant_with_min_max_args(X, 1.0, -1.0), "min has to be smaller than max"),
        (lambda: tf.fake_quant_with_min_max_args(X, num_bits=1), "num_bits"),
        (lambda: tf.fake_quant_with_min_max_vars(X, -1.0, 1.0, num_bits=17), "num_bits"),
    ],
)
def test_bad_ranges_are_errors_of_the_run(build: Any, text: str) -> None:
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError, match=text):
        session.run(build())


def test_clip_by_value_op_and_its_gradient() -> None:
    t = tf.placeholder(tf.float64, [4])
    low, high = tf.placeholder(tf.float64, []), tf.placeholder(tf.float64, [4])
    y = raw.ClipByValue(t, low, high)
    feed = {t: [-2.0, 0.0, 0.5, 3.0], low: -1.0, high: [1.0, 1.0, 0.25, 2.0]}
    with tf.Session() as session:
        value, slopes = session.run((y, tf.gradients(y, [t, low, high])), feed)
    assert value.tolist() == [-1.0, 0.0, 0.25, 2.0]
    assert [s.tolist() for s in slopes] == [[0, 1, 0, 0], 1, [0, 0, 1, 1]]


def test_bucketize_counts_boundaries() -> None:
    x = np.array([-5.0, 0.0, 10.0, 100.0, 99.0, np.nan, np.inf], np.float32)
    y = raw.Bucketize(x, boundaries=[0.0, 10.0, 100.0])
    with tf.Session() as session:
        got = session.run(y)
    assert got.tolist() == np.digitize(x, [0.0, 10.0, 100.0]).tolist()
    assert got.dtype == np.int32
    with pytest.raises(ValueError, match="sorted"):
        raw.Bucketize(x, boundaries=[1.0, 0.0])
