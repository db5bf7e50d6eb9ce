"""The batch normalization of graphs from before GraphDef version 9, against TensorFlow's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import graphflow as tf

DATA = np.load(Path(__file__).parent.parent / "data" / "ops" / "old_batch_norm.npz")


@pytest.mark.parametrize("after", [True, False])
def test_as_recorded(after: bool) -> None:
    t, m, v, b, ga, dy = (DATA[f"in_{k}"] for k in ("t", "m", "v", "b", "ga", "dy"))
    inputs = [tf.constant(x) for x in (t, m, v, b, ga)]
    y = tf.raw_ops.BatchNormWithGlobalNormalization(
        *inputs, variance_epsilon=0.1, scale_after_normalization=after
    )
    dx, dm, dv, db, dg = tf.gradients(y, inputs, tf.constant(dy))
    with tf.Session() as session:
        found = session.run([y, dx, dm, dv, db, dg])
    names = [f"y{after:d}", *(f"g{after:d}_{i}" for i in range(5))]
    for value, name in zip(found, names, strict=True):
        want = DATA[name]
        assert value.shape == want.shape
        np.testing.assert_allclose(value, want, rtol=1e-5, atol=1e-5 * np.abs(want).max())
