"""Einsum against numpy's, bands of diagonals against loops, and both gradients against finite differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw

RNG = np.random.default_rng(0)


def slope_matches(build: Any, *arrays: np.ndarray) -> None:
    """<gradient, v> is the derivative along v."""
    with tf.Graph().as_default(), tf.Session() as sess:
        inputs = [tf.placeholder(tf.float64, a.shape) for a in arrays]
        total = tf.reduce_sum(tf.sin(build(*inputs)))
        grads = tf.gradients(total, inputs)
        along = [RNG.normal(size=a.shape) for a in arrays]
        feed = dict(zip(inputs, arrays, strict=True))
        found = sum(np.vdot(g, v) for g, v in zip(sess.run(grads, feed), along, strict=True))
        ends = []
        for sign in (1, -1):
            moved = [a + sign * 1e-6 * v for a, v in zip(arrays, along, strict=True)]
            ends.append(sess.run(total, dict(zip(inputs, moved, strict=True))))
        np.testing.assert_allclose(found, (ends[0] - ends[1]) / 2e-6, rtol=1e-6, atol=1e-7)


EQUATIONS = [
    ("ij,jk->ik", [(2, 3), (3, 4)]),
    ("bij,kj->bki", [(2, 3, 4), (5, 4)]),
    ("...ij,...jk->...ik", [(2, 1, 3, 4), (5, 4, 2)]),
    ("ij,k->jk", [(3, 4), (2,)]),
    ("ij->", [(3, 4)]),
    ("ij->ji", [(3, 4)]),
    ("i,j,ij->ij", [(3,), (4,), (3, 4)]),
    ("...i->...", [(2, 3, 4)]),
]


@pytest.mark.parametrize(("equation", "shapes"), EQUATIONS, ids=lambda v: str(v))
def test_einsum(equation: str, shapes: list[tuple[int, ...]]) -> None:
    arrays = [RNG.normal(size=s) for s in shapes]
    with tf.Session() as sess:
        inputs = [tf.placeholder(tf.float64, s) for s in shapes]
        y = raw.Einsum(inputs, equation=equation)
        value = sess.run(y, dict(zip(inputs, arrays, strict=True)))
    wanted = np.einsum(equation, *arrays)
    np.testing.assert_allclose(value, wanted)
    assert y.shape == wanted.shape
    slope_matches(lambda *x: raw.Einsum(list(x), equation=equation), *arrays)


def test_einsum_of_wrong_terms() -> None:
    x = tf.zeros([2, 3])
    for equation, said in {
        "ij,jk->ik": "Invalid number of subscripts",
        "ijk->i": "do not fit an input of rank 2",
        "ij->k": "no input has",
        "ij": "Invalid number",
    }.items():
        with pytest.raises(ValueError, match=said):
            raw.Einsum([x], equation=equation)
    with pytest.raises(ValueError, match="sizes 3 and 2"):
        raw.Einsum([x, x], equation="ij,jk->ik")


def by_loop(x: np.ndarray, low: int, high: int, padding: float, align: str) -> np.ndarray:
    """The packed band, an element at a time."""
    rows, columns = x.shape[-2:]
    width = min(rows + min(high, 0), columns - max(low, 0))
    out = np.full((*x.shape[:-2], high - low + 1, width), padding)
    for k in range(low, high + 1):
        elements = [(i, i + k) for i in range(rows) if 0 <= i + k < columns]
        right = align.split("_")[0 if k >= 0 else 1] == "RIGHT"
        shift = width - len(elements) if right else 0
        for at, (i, j) in enumerate(elements):
            out[..., high - k, at + shift] = x[..., i, j]
    return out[..., 0, :] if low == high else out


@pytest.mark.parametrize("align", ["RIGHT_LEFT", "LEFT_RIGHT", "LEFT_LEFT", "RIGHT_RIGHT"])
@pytest.mark.parametrize("k", [(0, 0), (-1, 2), (1, 1), (-2, -1), (1, 2)])
@pytest.mark.parametrize("shape", [(3, 4), (2, 4, 3), (3, 3)])
def test_bands(shape: tuple[int, ...], k: tuple[int, int], align: str) -> None:
    x = RNG.normal(size=shape)
    packed = by_loop(x, *k, -7.0, align)
    with tf.Session() as sess:
        t = tf.constant(x)
        part = raw.MatrixDiagPartV3(t, list(k), np.float64(-7), align=align)
        assert part.shape == packed.shape
        np.testing.assert_array_equal(sess.run(part), packed)
        # put back into a matrix of zeros, the band is that of x
        again = raw.MatrixSetDiagV3(tf.zeros_like(t), part, list(k), align=align)
        band = np.triu(np.tril(x, k[1]), k[0])
        np.testing.assert_array_equal(sess.run(again), band)
        made = raw.MatrixDiagV3(part, list(k), *shape[-2:], np.float64(0), align=align)
        assert made.shape == shape
        np.testing.assert_array_equal(sess.run(made), band)
    slope_matches(lambda x: raw.MatrixDiagPartV3(x, list(k), np.float64(0), align=align), x)
    slope_matches(
        lambda x, d: raw.MatrixSetDiagV3(x, d, list(k), align=align), x, np.nan_to_num(packed)
    )


def test_bands_that_do_not_fit() -> None:
    x = tf.zeros([3, 3])
    with tf.Session() as sess:
        for k in ([3], [-3], [2, 1], [0, 1, 2]):
            with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
                sess.run(raw.MatrixDiagPartV3(x, k, 0.0))
        with pytest.raises((ValueError, tf.errors.InvalidArgumentError)):
            sess.run(raw.MatrixDiagV3(tf.zeros([3]), [0], 2, 2, 0.0))
