"""Segment reductions with gaps, dropped rows, empty parts, and ids that must be refused."""

# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

KINDS = (np.float32, np.float64, np.float16, np.int32, np.int64, np.uint8, np.int8, np.complex64)


def cases(tf, record):
    rng = np.random.RandomState(6)
    raw = tf.raw_ops
    hide = tf.compat.v1.placeholder_with_default

    def array(*shape, dtype=np.float32):
        return rng.randint(-9, 10, shape).astype(dtype)

    def reduce_sorted(name, data, ids):
        ids = np.asarray(ids, np.int32)
        op = getattr(raw, "Segment" + name)
        record(
            f"segments.segment_{name.lower()}",
            [data, ids],
            lambda: op(data=hide(data, None), segment_ids=hide(ids, None)),
        )

    def reduce_any(name, data, ids, n):
        ids = np.asarray(ids, np.int64)
        op = getattr(raw, "UnsortedSegment" + name)

        def run():
            return op(
                data=hide(data, None), segment_ids=hide(ids, None), num_segments=tf.constant(n)
            )

        record(f"segments.unsorted_segment_{name.lower()}", [data, ids, n], run)

    for name in ("Sum", "Mean", "Prod", "Min", "Max"):
        for dtype in KINDS:
            if dtype == np.complex64 and name in ("Min", "Max"):
                continue
            data = array(6, 3, dtype=dtype)
            reduce_sorted(name, data, [0, 0, 2, 2, 2, 5])
            if name != "Mean":
                reduce_any(name, data, [3, 0, -1, 3, 3, 1], 5)
        data = array(6)
        reduce_sorted(name, data, [1, 1, 1, 1, 1, 1])
        reduce_sorted(name, array(0, 3), [])
        reduce_sorted(name, array(2, 0), [0, 1])
        reduce_sorted(name, data, [0, 1, 0, 1, 2, 2])
        reduce_sorted(name, data, [-1, 0, 0, 1, 2, 2])
        reduce_sorted(name, data, [0, 0, 1])
        if name == "Mean":
            continue
        reduce_any(name, array(2, 3, 2), [[1, 0, 1], [-1, 1, 3]], 4)
        reduce_any(name, array(0, 3), [], 2)
        reduce_any(name, array(2, 0), [0, 1], 2)
        reduce_any(name, array(3), [0, 1, 5], 4)
        reduce_any(name, array(3), [0, 1], 4)
        reduce_any(name, array(3), [0, 1, 1], -1)

    def sparse(name, data, indices, ids, n=None):
        indices, ids = np.asarray(indices, np.int32), np.asarray(ids, np.int32)
        snake = {"Sum": "sum", "Mean": "mean", "SqrtN": "sqrt_n"}[name]

        def run():
            fed = {
                "data": hide(data, None),
                "indices": hide(indices, None),
                "segment_ids": hide(ids, None),
            }
            if n is None:
                return getattr(raw, "SparseSegment" + name)(**fed)
            return getattr(raw, f"SparseSegment{name}WithNumSegments")(
                num_segments=tf.constant(n), **fed
            )

        keywords = {} if n is None else {"num_segments": n}
        record(f"sparse_segments.sparse_segment_{snake}", [data, indices, ids], run, **keywords)

    def sparse_grad(name, grad, indices, ids, rows):
        indices, ids = np.asarray(indices, np.int32), np.asarray(ids, np.int32)
        op = getattr(raw, f"SparseSegment{name}Grad")
        snake = {"Mean": "mean", "SqrtN": "sqrt_n"}[name]

        def run():
            fed = {
                "grad": hide(grad, None),
                "indices": hide(indices, None),
                "segment_ids": hide(ids, None),
            }
            return op(output_dim0=tf.constant(rows), **fed)

        record(f"sparse_segments.sparse_segment_{snake}_grad", [grad, indices, ids, rows], run)

    for name in ("Sum", "Mean", "SqrtN"):
        data = array(4, 3)
        sparse(name, data, [3, 0, 0, 2, 1], [0, 0, 0, 2, 3])
        sparse(name, data.astype(np.float64), [3, 0, 0, 2, 1], [0, 0, 0, 2, 3], 6)
        sparse(name, data, [1, 1], [1, 1])
        sparse(name, data, [], [])
        sparse(name, data, [], [], 2)
        sparse(name, data, [3, 4], [0, 1])
        sparse(name, data, [3, -1], [0, 1])
        sparse(name, data, [3, 0], [1, 0])
        sparse(name, data, [3, 0], [0, 3], 3)
        sparse(name, data, [3, 0, 1], [0, 3], 4)
        sparse(name, data, [3], [0], -1)
        if name == "Sum":
            continue
        grad = array(4, 3)
        sparse_grad(name, grad, [3, 0, 0, 2, 1], [0, 0, 0, 2, 3], 4)
        sparse_grad(name, grad.astype(np.float64), [3, 0, 0, 2, 1], [0, 0, 0, 2, 3], 7)
        sparse_grad(name, grad, [3, 0], [0, 1], 3)
        sparse_grad(name, grad, [1, 0], [0, 4], 3)
