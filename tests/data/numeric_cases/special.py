"""Special functions at poles, infinities and in float32; the digits of float64 are in special_digits."""

# ruff: noqa: B023
# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

NAN, INF = np.nan, np.inf


def cases(tf, record):
    math = tf.math
    line = [
        NAN,
        INF,
        -INF,
        0.0,
        -0.0,
        -1,
        -2,
        -0.5,
        1e30,
        -1e30,
        1,
        2,
        -2.5,
        0.1,
        3.7,
        -3.2,
        8.5,
        20,
        0.9,
    ]

    def call(name, op, *rows, within=16):
        for dtype in (np.float32, np.float64):
            inputs = [np.array(r, dtype) for r in rows]
            fed = [tf.constant(v) for v in inputs]
            record(
                f"special.{name}",
                inputs,
                lambda: op(*fed),
                within * (1 if dtype == np.float32 else 8),
                relative=True,
            )

    call("erf", math.erf, line)
    call("erfc", math.erfc, line, within=64)
    call("lgamma", math.lgamma, line)
    # at the poles TensorFlow 1 gives inf, TensorFlow 2 NaN, which test_deviations.py asks for
    slope = [x for x in line if not (x <= 0 and np.floor(x) == x)]
    call("digamma", math.digamma, slope, within=64)
    call("bessel_i0e", math.bessel_i0e, line)
    call("bessel_i1e", math.bessel_i1e, line)
    pairs = [
        (1, 1),
        (1, -1),
        (0.5, 1),
        (2, 0),
        (2, -1),
        (2, -0.5),
        (2.5, -0.5),
        (2, NAN),
        (NAN, 1),
        (2, -INF),
        (INF, 1),
        (INF, 0.5),
    ]
    pairs += [(-1, 2), (2, 1e10), (2, -1.5), (3, -1.5), (3, -2), (2.5, -2), (1.5, 0.3), (4, 2.5)]
    call("zeta", math.zeta, *zip(*pairs), within=64)
    pairs = [
        (0, 1),
        (0, -1),
        (1, 0),
        (1, -1),
        (1, -0.5),
        (2, -INF),
        (-1, 1),
        (0.5, 1),
        (1, NAN),
        (NAN, 1),
        (1, 2),
        (3, -2),
        (2, -1.5),
        (1, -INF),
    ]
    call("polygamma", math.polygamma, *zip(*pairs, (0, INF), (2, 3.5), (5, 0.7)), within=64)
    pairs = [
        (1, 0),
        (0, 1),
        (0, -1),
        (-1, 1),
        (1, -1),
        (1, INF),
        (1, -INF),
        (INF, 1),
        (NAN, 1),
        (1, NAN),
        (1, 800),
        (2, -0.0),
        (0.0, INF),
    ]
    pairs += [(0.5, 0.3), (3, 7), (7, 3), (20, 21), (0.01, 1e-4), (150, 160), (300, 310)]
    call("igamma", math.igamma, *zip(*pairs), within=256)
    call("igammac", math.igammac, *zip(*pairs), within=1024)
    call(
        "igamma_grad_a",
        lambda a, x: tf.raw_ops.IgammaGradA(a=a, x=x),
        *zip(*[p for p in pairs if p != (150, 160)]),
        within=4096,
    )
    rows = [
        (1, 1, 0),
        (1, 1, 1),
        (1, 1, -0.1),
        (1, 1, 1.1),
        (0, 1, 0.5),
        (1, 0, 0.5),
        (0, 0, 0.5),
        (-1, 1, 0.5),
        (1, -1, 0.5),
        (NAN, 1, 0.5),
    ]
    rows += [
        (1, NAN, 0.5),
        (1, 1, NAN),
        (INF, 1, 0.5),
        (1, INF, 0.5),
        (0, 1, 0),
        (0, 1, 1),
        (1, 0, 0),
        (1, 0, 1),
        (1, 1, INF),
        (1, 1, -INF),
    ]
    rows += [(1, 2, 0.5), (0.1, 3, 0.2), (INF, 1, 0), (-1, 1, 0), (30, 40, 0.4), (2.5, 0.5, 0.99)]
    call("betainc", math.betainc, *zip(*rows), within=512)
