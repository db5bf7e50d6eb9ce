"""Partitions, distinct elements, orders, diagonals, one-hot rows, permutations and histograms."""

# ruff: noqa: B023, E731
# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

NAN, INF = np.nan, np.inf


def cases(tf, record):
    rng = np.random.RandomState(5)
    raw = tf.raw_ops

    def array(*shape, dtype=np.float32):
        return rng.randint(-5, 6, shape).astype(dtype)

    def call(function, op, within=0, keep=None, attrs=(), **inputs):
        """Records `function` of the inputs in order; names in `attrs` go to both as keywords."""
        attrs = dict(attrs)

        def run():
            fed = {
                k: [tf.constant(v) for v in x]
                if isinstance(x, list)
                else tf.compat.v1.placeholder_with_default(x, None)
                for k, x in inputs.items()
            }
            out = op(**fed, **attrs)
            return out[:keep] if keep else out

        record(function, list(inputs.values()), run, within, **attrs)

    def partition(data, partitions, n):
        call(
            "partition.dynamic_partition",
            raw.DynamicPartition,
            data=data,
            partitions=np.asarray(partitions, np.int32),
            attrs={"num_partitions": n},
        )

    partition(array(5, 2), [0, 2, 0, 1, 2], 3)
    partition(array(2, 3), [[0, 2, 0], [2, 0, 0]], 4)
    partition(array(), 1, 2)
    partition(array(0, 2), [], 2)
    partition(array(3), [0, 1, 3], 3)
    partition(array(3), [0, 1, -1], 3)

    def stitch(indices, *data):
        call(
            "partition.dynamic_stitch",
            raw.DynamicStitch,
            indices=[np.asarray(i, np.int32) for i in indices],
            data=list(data),
        )

    stitch([[0, 2], [1, 3]], array(2, 2), array(2, 2))
    stitch([[0, 0], 1], array(2), array())
    stitch([[[0, 1], [1, 2]], [0]], array(2, 2, 3), array(1, 3))
    stitch([[]], array(0, 2))
    stitch([[0, -1]], array(2))

    def unique(x, axis=None):
        if axis is None:
            call("distinct.unique", raw.UniqueWithCounts, x=x)
            return
        record(
            "distinct.unique",
            [x],
            lambda: raw.UniqueWithCountsV2(x=tf.constant(x), axis=[axis]),
            0,
            axis=axis,
        )

    unique(np.array([NAN, 1, NAN, -0.0, 0.0, 1, -INF], np.float32))
    unique(array(20, dtype=np.int64))
    unique(array(0, dtype=np.int32))
    unique(np.array([b"b", b"a", b"b", b""], object))
    unique(array(2, 2))
    unique(np.array([[1, 0], [1, -0.0], [NAN, 1], [NAN, 1]], np.float32), 0)
    unique(array(3, 9, 1).clip(-1, 1), 1)
    unique(array(3, 0), 0)
    unique(array(2, 3, dtype=np.int32), -1)

    for x, y in [([NAN, 1, 2, 1, 0], [NAN, 1, -0.0]), ([], [1]), ([1, 2, 1], [])]:
        call(
            "distinct.list_diff", raw.ListDiff, x=np.array(x, np.float32), y=np.array(y, np.float32)
        )
    call(
        "distinct.list_diff",
        raw.ListDiff,
        x=np.array([3, 1, 3], np.int64),
        y=np.array([1], np.int64),
    )

    for x in (
        np.array([NAN, 0, -0.0, 2], np.float32),
        array(3, 4, dtype=np.int32) > 1,
        array(2, 0),
        array(2, 2, 2),
    ):
        call("sequences.where", raw.Where, condition=x)

    def top_k(x, k):
        record(
            "ranking.top_k",
            [x, k],
            lambda: raw.TopKV2(
                input=tf.compat.v1.placeholder_with_default(x, None), k=tf.constant(k)
            ),
            0,
        )

    top_k(np.array([1, 3, 3, -3, 3, 0, -0.0, 0, INF, -INF], np.float32), 10)
    for dtype in (np.float32, np.int8, np.uint8, np.int64, np.float16):
        top_k(array(3, 4, 7, dtype=dtype), 3)
    top_k(array(2, 3), 0)
    top_k(array(0, 3), 2)
    top_k(array(3), 4)
    top_k(array(3), -1)
    top_k(array(), 1)

    predictions = np.array(
        [[1, 2, 3], [1, INF, 2], [NAN, 1, 2], [1, 1, 1], [3, 2, 1], [2, 2, 3]], np.float32
    )
    for k in (0, 1, 2, 3, 9):
        record(
            "ranking.in_top_k",
            [predictions, np.array([1, 0, 1, 0, 5, 1], np.int32), k],
            raw.InTopK(predictions=predictions, targets=[1, 0, 1, 0, 5, 1], k=k),
            0,
        )

    rows = np.array([[1, 2, 2, 3, 5], [0, 0, 1, 2, 2]], np.float32)
    values = np.array([[2, NAN, 0, 9], [1, -INF, 5, 2]], np.float32)
    for name, op in (("lower_bound", raw.LowerBound), ("upper_bound", raw.UpperBound)):
        call(f"ranking.{name}", op, sorted_inputs=rows, values=values)
        call(f"ranking.{name}", op, sorted_inputs=rows[:, :0], values=values)
        call(f"ranking.{name}", op, sorted_inputs=rows[:, :1], values=values)
        call(f"ranking.{name}", op, sorted_inputs=rows[:1], values=values)

    def one_hot(indices, depth, axis, on, off):
        record(
            "sequences.one_hot",
            [indices, depth, on, off],
            lambda: raw.OneHot(
                indices=tf.compat.v1.placeholder_with_default(indices, None),
                depth=tf.constant(depth),
                on_value=on,
                off_value=off,
                axis=axis,
            ),
            0,
            axis=axis,
        )

    one, zero = np.float32(1).reshape(()), np.float32(0).reshape(())
    one_hot(np.array([0, -1, 3, 1]), 3, -1, one, zero)
    one_hot(np.array([[0, 255]], np.uint8), 2, 1, np.array(5), np.array(7))
    one_hot(np.array([[0, 2]], np.int32), 3, 0, one, zero)
    one_hot(np.array(2, np.int32), 3, -1, one, zero)
    one_hot(np.array([1], np.int32), 0, -1, one, zero)
    one_hot(np.array([1], np.int32), -1, -1, one, zero)

    for x in ([2, 0, 1], [], [0, 0], [0, 2], [-1, 0]):
        call("sequences.invert_permutation", raw.InvertPermutation, x=np.array(x, np.int32))
    for lengths, seq, batch in [
        ([2, 3], 1, 0),
        ([0, 1], 1, 0),
        ([1, 2, 0, 2], 0, 2),
        ([4, 1], 1, 0),
        ([-1, 1], 1, 0),
        ([1, 1], 0, 0),
    ]:
        attrs = {"seq_dim": seq, "batch_dim": batch}
        call(
            "sequences.reverse_sequence",
            raw.ReverseSequence,
            input=array(2, 3, 4),
            seq_lengths=np.array(lengths),
            attrs=attrs,
        )

    def dense(indices, shape, values, default, validate=True):
        arrays = [
            np.asarray(indices, np.int32),
            np.asarray(shape, np.int32),
            np.asarray(values, np.float32),
            np.asarray(default, np.float32),
        ]
        call(
            "sequences.sparse_to_dense",
            raw.SparseToDense,
            sparse_indices=arrays[0],
            output_shape=arrays[1],
            sparse_values=arrays[2],
            default_value=arrays[3],
            attrs={"validate_indices": validate},
        )

    dense([0, 2], [3], [1, 2], 9)
    dense(1, [3], 5, 0)
    dense([[0, 1], [1, 0]], [2, 3], 5, -1)
    dense([1, 1, 0], [3], [1, 2, 3], 0, False)
    dense([], [3], [], 4)
    dense([1, 0], [3], [1, 2], 0)
    dense([1, 1], [3], [1, 2], 0)
    dense([1, 5], [3], [1, 2], 0)
    dense([1, 7], [3], [1, 2], 0, False)

    def count(arr, size, weights):
        call(
            "sequences.bincount",
            raw.Bincount,
            arr=np.asarray(arr, np.int32),
            size=np.array(size, np.int32),
            weights=weights,
        )

    count([1, 1, 5, 0], 3, array(0))
    count([[1, 1], [2, 9]], 3, array(2, 2))
    count([1, 1, 0], 4, array(3, dtype=np.int64))
    count([], 2, array(0, dtype=np.int32))
    count([1, -1], 3, array(0))
    count([1], -1, array(0))

    for shape, lower, upper in [
        ((3, 4), 1, 0),
        ((4, 3), -1, 1),
        ((2, 3, 3), 0, 0),
        ((3, 4), 3, 4),
        ((2, 2), -1, -1),
        ((3, 4), 4, 0),
        ((3, 4), 0, 5),
        ((0, 3), 0, 0),
    ]:
        x = array(*shape)
        record(
            "matrices.matrix_band_part",
            [x, lower, upper],
            lambda: raw.MatrixBandPart(
                input=tf.compat.v1.placeholder_with_default(x, None),
                num_lower=tf.constant(lower),
                num_upper=tf.constant(upper),
            ),
            0,
        )
    x = array(2, 2)
    x[0] = NAN
    record(
        "matrices.matrix_band_part",
        [x, 0, 0],
        raw.MatrixBandPart(input=x, num_lower=0, num_upper=0),
        0,
    )

    for shape in [(3,), (2, 3), (0,), (2, 0)]:
        x = array(*shape)
        record("matrices.matrix_diag", [x], raw.MatrixDiag(diagonal=x), 0)
    for shape in [(3, 4), (4, 3), (2, 3, 3), (0, 3), (1, 1)]:
        x = array(*shape)
        record("matrices.matrix_diag_part", [x], raw.MatrixDiagPart(input=x), 0)
        d = array(*shape[:-2], min(shape[-2:]))
        record("matrices.matrix_set_diag", [x, d], raw.MatrixSetDiag(input=x, diagonal=d), 0)
    for shape, k in [
        ((3, 4), 1),
        ((3, 4), -2),
        ((3, 4), (-1, 2)),
        ((4, 3), (-3, -1)),
        ((2, 3, 3), (0, 1)),
        ((3, 4), 4),
        ((3, 4), (1, 0)),
        ((3, 4), (-2, 3)),
    ]:
        x = array(*shape)
        ends = list(k) if isinstance(k, tuple) else [k, k]
        hidden = tf.compat.v1.placeholder_with_default(
            np.array(ends[:1] if ends[0] == ends[1] else ends, np.int32), [None]
        )
        record(
            "matrices.matrix_diag_part",
            [x],
            lambda: raw.MatrixDiagPartV2(input=x, k=hidden, padding_value=tf.constant(9.0)),
            0,
            k=ends,
            padding_value=9,
        )
        if ends in ([4, 4], [1, 0]):
            continue
        d = array(
            *record.session.run(
                raw.MatrixDiagPartV2(input=x, k=hidden, padding_value=tf.constant(9.0))
            ).shape
        )
        record(
            "matrices.matrix_set_diag",
            [x, d],
            lambda: raw.MatrixSetDiagV2(input=x, diagonal=d, k=hidden),
            0,
            k=ends,
        )
        for rows, cols in [(-1, -1), (3, -1), (-1, 4), (*shape[-2:],), (2, 2), (7, 7)]:
            out = lambda: raw.MatrixDiagV2(
                diagonal=d, k=hidden, num_rows=rows, num_cols=cols, padding_value=tf.constant(8.0)
            )
            record(
                "matrices.matrix_diag",
                [d],
                out,
                0,
                k=ends,
                num_rows=rows,
                num_cols=cols,
                padding_value=8,
            )
    for shape in [(3,), (2, 3), ()]:
        x = array(*shape)
        if shape:
            record("matrices.diag", [x], raw.Diag(diagonal=x), 0)
            square = array(*shape, *shape)
            record("matrices.diag_part", [square], raw.DiagPart(input=square), 0)
