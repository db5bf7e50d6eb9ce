"""Running log-sum-exps against float64 sums of exponentials."""

from __future__ import annotations

import numpy as np
import pytest

from graphflow.numeric.scans import cumulative_logsumexp


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize("exclusive", [False, True])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_cumulative_logsumexp(dtype, exclusive, reverse):
    x = np.random.default_rng(0).normal(size=(3, 6, 2)).astype(dtype)
    x[0, :2] = -np.inf
    sums = np.exp(x.astype(np.float64))
    sums = np.cumsum(sums[:, ::-1], 1)[:, ::-1] if reverse else np.cumsum(sums, 1)
    if exclusive:
        nothing = np.zeros((3, 1, 2))
        parts = [sums[:, 1:], nothing] if reverse else [nothing, sums[:, :-1]]
        sums = np.concatenate(parts, 1)
    with np.errstate(divide="ignore"):
        want = np.log(sums)
    got = cumulative_logsumexp(x, 1, exclusive, reverse)
    assert got.dtype == dtype
    eps = float(np.finfo(dtype).eps)
    np.testing.assert_allclose(got.astype(np.float64), want, 8 * eps, 8 * eps)


def test_large_and_empty():
    np.testing.assert_allclose(
        cumulative_logsumexp(np.array([1000.0, 1000.0]), 0)[1], 1000.6931471805599
    )
    assert cumulative_logsumexp(np.zeros((2, 0)), -1).shape == (2, 0)
    assert np.isnan(cumulative_logsumexp(np.array([1.0, np.nan, 2.0]), 0)[1:]).all()
