"""Random parts of images that cover objects, and glimpses."""

from __future__ import annotations

import numpy as np

CASES = {}


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).rand(*s).astype(dtype)


def _sdb(g, sz, bx, n=1, **k):

    def f(tf):
        tf.set_random_seed(g)
        o = []
        for _ in range(n):
            o += list(
                tf.image.sample_distorted_bounding_box(
                    sz, tf.constant(bx, tf.float32, shape=[1, len(bx), 4]), **k
                )
            )
        return o

    return f


for g in range(12):
    CASES[f"s{g}"] = _sdb(
        g,
        [224, 300, 3],
        [[0.1, 0.2, 0.8, 0.9]],
        seed=g + 1,
        n=3,
        aspect_ratio_range=[0.75, 1.33],
        area_range=[0.05, 1.0],
        max_attempts=100,
    )
for g in range(6):
    CASES[f"t{g}"] = _sdb(
        g,
        [64, 48, 3],
        [[0.1, 0.2, 0.3, 0.4], [0.5, 0.5, 0.9, 0.8]],
        seed=g + 1,
        seed2=5,
        n=2,
        min_object_covered=0.7,
        area_range=[0.2, 0.9],
        max_attempts=5,
    )
CASES["none"] = _sdb(1, [30, 40, 3], [], seed=1, seed2=2, use_image_if_no_bounding_boxes=True)
CASES["none2"] = _sdb(1, [30, 40, 3], [], seed=1, seed2=2)
CASES["bad"] = _sdb(1, [30, 40, 3], [[0.5, 0.2, 0.3, 0.4]], seed=1, seed2=2)
CASES["bad2"] = _sdb(1, [30, 40, 3], [[0.5, 0.2, 1.3, 0.4]], seed=1, seed2=2)
CASES["size"] = _sdb(1, [30, 40], [[0.1, 0.2, 0.3, 0.4]], seed=1, seed2=2)


@_case
def named(tf):
    return list(
        tf.image.sample_distorted_bounding_box(
            tf.constant([10, 10, 3]),
            [[[0.0, 0, 1, 1]]],
            seed=3,
            seed2=4,
            name="q",
            min_object_covered=tf.constant(0.5),
        )
    )


@_case
def old(tf):
    return list(
        tf.raw_ops.SampleDistortedBoundingBox(
            image_size=[20, 30, 3],
            bounding_boxes=[[[0.0, 0, 1, 1]]],
            seed=3,
            seed2=4,
            min_object_covered=0.3,
        )
    )


@_case
def glimpse(tf):
    x = tf.constant(X(2, 8, 9, 3))
    return [
        tf.image.extract_glimpse(x, [3, 4], [[0.1, -0.2], [0.0, 0.3]]),
        tf.image.extract_glimpse(x, [3, 4], [[2.0, 3.0], [1.0, 1.0]], normalized=False),
        tf.image.extract_glimpse(
            x, [3, 4], [[2.0, 3.0], [4.0, 5.0]], centered=False, normalized=False
        ),
    ]
