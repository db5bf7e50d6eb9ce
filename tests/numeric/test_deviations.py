"""Where TensorFlow 1.15.5 is not followed: rows of the table in graphflow/numeric/README.md."""

from __future__ import annotations

import numpy as np

from graphflow.numeric import (
    batch_norm,
    boxes,
    partition,
    ranking,
    segments,
    sparse_segments,
    special,
)


def test_nan_stays_in_segment_extrema():
    data = np.array([1, np.nan, 2, 5], np.float32)
    for order in ([0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 1, 3]):
        ids = np.array([0, 0, 0, 1])
        for name in ("segment_min", "segment_max"):
            got = getattr(segments, name)(data[order], ids)
            np.testing.assert_array_equal(got, np.array([np.nan, 5], np.float32))
            got = getattr(segments, f"unsorted_{name}")(data[order], ids[::-1] * 2, 3)
            assert np.isnan(got).sum() == 1


def test_nan_comes_first_in_top_k():
    values, places = ranking.top_k(np.array([1, np.nan, np.inf, np.nan, 1]), 5)
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.inf, 1, 1])
    assert places.tolist() == [1, 3, 2, 0, 4]


def test_statistics_that_are_given_are_given_back():
    x, one = np.ones((1, 2, 2, 1), np.float32), np.ones(1, np.float32)
    _, *statistics = batch_norm.fused_batch_norm(x, one, one, 3 * one, 4 * one, is_training=False)
    assert [s.item() for s in statistics] == [3, 4, 3, 4]


def test_a_box_without_area_is_chosen_once():
    corners = np.array([[0, 0, 1, 1], [5, 5, 5, 5], [0, 0, 1, 0.9]], np.float32)
    scores = np.array([0.9, 0.8, 0.7], np.float32)
    chosen, kept = boxes.non_max_suppression(corners, scores, 9)
    assert chosen.tolist() == [0, 1]
    np.testing.assert_array_equal(kept, scores[:2])
    # The first of equals comes first.
    assert boxes.non_max_suppression(corners[[1, 1]], scores[[0, 0]], 9)[0].tolist() == [0, 1]


def test_what_nothing_was_put_into_is_zero():
    stitched = partition.dynamic_stitch([np.array([3, 0])], [np.array([1.5, 2.5])])
    assert stitched.tolist() == [2.5, 0, 0, 1.5]
    none = np.zeros(0, np.int32)
    assert not sparse_segments.sparse_segment_mean_grad(np.ones((2, 2)), none, none, 3).any()


def test_limits_of_special_functions():
    assert np.signbit(special.bessel_i1e(np.array([-0.0])))[0]
    np.testing.assert_array_equal(special.zeta(np.array([2.0, np.inf]), np.array([np.inf, 2.0])), 0)
    np.testing.assert_array_equal(special.polygamma(np.array([1.0]), np.array([np.inf])), 0)


def test_digamma_at_its_poles_is_no_number() -> None:
    poles = np.array([-np.inf, -3.0, -1.0, -0.0, 0.0], np.float32)
    assert np.isnan(special.digamma(poles)).all()
    np.testing.assert_allclose(
        special.digamma(np.array([1.0, -0.5])), [-0.5772156649, 0.03648997398]
    )
