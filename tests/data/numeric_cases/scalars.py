"""Division, shifts, powers, rounding and casts at the ends of their ranges."""

# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

SIGNED = (np.int8, np.int16, np.int32, np.int64)
UNSIGNED = (np.uint8, np.uint16, np.uint32, np.uint64)
SPECIAL = [np.nan, np.inf, -np.inf, -0.0, 0.0, 1, -1, 5.5, -5.5, 3, -3, 1e30, 1e-3]


def ends(dtype):
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    return np.array(
        sorted({low, low + 1, low // 2, max(low, -7), max(low, -1), 0, 1, 2, 7, high - 1, high}),
        dtype,
    )


def cases(tf, record):
    raw = tf.raw_ops

    def call(name, op, *inputs, within=0):
        fed = [tf.constant(v) for v in inputs]
        record(f"exact.{name}", list(inputs), lambda: op(*fed), within)

    for dtype in SIGNED + UNSIGNED:
        v, bits = ends(dtype), np.iinfo(dtype).bits
        counts = np.array([0, 1, bits - 1, bits, bits + 1, 127], dtype)
        call("left_shift", tf.bitwise.left_shift, v[:, None], counts)
        call("right_shift", tf.bitwise.right_shift, v[:, None], counts)
        if dtype in SIGNED:
            call("left_shift", tf.bitwise.left_shift, v[:, None], np.array([-1, -100], dtype))
            call("right_shift", tf.bitwise.right_shift, v[:, None], np.array([-1, -100], dtype))
        if dtype in (np.uint32, np.uint64):
            continue
        # -1 and the ends are left out: there TensorFlow overflows, or dies of a floating point exception.
        divisors = np.array(
            [d for d in (-7, -3, 2, 7) if d > np.iinfo(dtype).min and (dtype in SIGNED or d > 0)],
            dtype,
        )
        middle = np.arange(-20, 21).astype(dtype) if dtype in SIGNED else v
        call("floor_div", tf.math.floordiv, middle[:, None], divisors)
        call("truncate_div", tf.truncatediv, middle[:, None], divisors)
        call("floor_div", tf.math.floordiv, middle, np.zeros((), dtype))
        if dtype in (np.int32, np.int64):
            call("floor_mod", tf.math.floormod, middle[:, None], divisors)
            call("truncate_mod", tf.truncatemod, middle[:, None], divisors)
            call("floor_mod", tf.math.floormod, middle, np.zeros((), dtype))
            base = np.array([[0], [1], [-1], [2], [-3], [10]], dtype)
            call("power", tf.pow, base, np.array([0, 1, 2, 31, 32, 33, 63, 64, 100], dtype))
            call("power", tf.pow, base, np.array([0, -1], dtype))
            call("sign", tf.sign, v)
            call("maximum", tf.maximum, v[:, None], v)
            call("minimum", tf.minimum, v[:, None], v)
    for dtype in (np.float32, np.float64, np.float16):
        # TensorFlow rounds each step of a half, and -0.5 of a half to +0.
        x = np.array(SPECIAL if dtype != np.float16 else SPECIAL[:-2], dtype)
        negative = [-0.5, -0.2] if dtype != np.float16 else []
        finite = x[np.isfinite(x) & (x != 0)]
        call("floor_div", tf.math.floordiv, x[:, None], x)
        call("truncate_div", tf.truncatediv, finite[:, None], finite, within=2)
        call("floor_mod", tf.math.floormod, x[:, None], x)
        call("truncate_mod", tf.truncatemod, x[:, None], x)
        call("power", tf.pow, x[:, None], x, within=2)
        call(
            "rint",
            tf.math.rint,
            np.array([*negative, 0.5, 1.5, 2.5, -1.5, np.nan, np.inf, 1000.5], dtype),
        )
        call(
            "round_half_even",
            tf.round,
            np.array([0.5, 1.5, 2.5, -1.5, -2.5, np.nan, np.inf, 1000.5], dtype),
        )
        call("sign", tf.sign, x[1:])
        call("maximum", tf.maximum, x[1:, None], x[1:])
        call("minimum", tf.minimum, x[1:, None], x[1:])
        if dtype != np.float16:
            call("next_after", tf.math.nextafter, x[:, None], x)
    call("sign", tf.sign, np.array([3 + 4j, 0, -1, -2j], np.complex64), within=2)

    values = [
        np.nan,
        np.inf,
        -np.inf,
        -0.0,
        0.9,
        -0.9,
        1.5,
        -1.5,
        127.9,
        128,
        255.9,
        256,
        300,
        -1,
        -129,
        32768,
        65535.5,
    ]
    values += [
        65536,
        -32769,
        2.0**31 - 128,
        2.0**31,
        3e9,
        2.0**32 - 256,
        2.0**32,
        -(2.0**31),
        -3e9,
        9.2e18,
        9.3e18,
        1.8e19,
    ]
    values += [1.85e19, 1e30, -9.3e18, -1e30]
    every = [t.__name__ for t in SIGNED + UNSIGNED] + [
        "bool",
        "float16",
        "float32",
        "float64",
        "complex64",
        "complex128",
    ]

    def cast(x, name):
        record("casts.cast", [x], lambda: tf.cast(tf.constant(x), tf.as_dtype(name)), 0, dtype=name)

    with np.errstate(all="ignore"):
        floats = [np.array(values, d) for d in (np.float16, np.float32, np.float64)]
        complexes = [
            (np.array(values, d) + np.array(2j, d)).astype(d) for d in (np.complex64, np.complex128)
        ]
    for x in floats + complexes + [ends(d) for d in SIGNED + UNSIGNED] + [np.array([True, False])]:
        for name in every:
            cast(x, name)
    odd = [
        1.00390625,
        1.0117187,
        -1.0117187,
        np.nan,
        np.inf,
        3e38,
        65519,
        65520,
        2049,
        2051,
        1 + 2**-24,
        1 + 3 * 2**-24,
    ]
    for x in (np.array(odd, np.float32), np.array(odd, np.float64)):
        for name in ("float16", "float32"):
            for cut in (False, True):
                out = raw.Cast(x=tf.constant(x), DstT=tf.as_dtype(name), Truncate=cut)
                record("casts.cast", [x], out, 0, dtype=name, truncate=cut)
