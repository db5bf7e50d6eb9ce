"""Gathers, scatters and slices, with duplicates, empty parts and places out of range."""

# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np


def cases(tf, record):
    rng = np.random.RandomState(4)
    raw = tf.raw_ops
    hide = tf.compat.v1.placeholder_with_default

    def array(*shape, dtype=np.float32):
        return rng.randint(-50, 50, shape).astype(dtype)

    def places(*shape, below, dtype=np.int32):
        return rng.randint(0, below, shape).astype(dtype)

    def hidden(*values):
        return [hide(v, None) for v in values]

    def gather(params, indices, axis, batch_dims=0):
        indices = np.asarray(indices)
        keywords = {"axis": axis, "batch_dims": batch_dims}

        def run():
            p, i = hidden(params, indices)
            return raw.GatherV2(params=p, indices=i, axis=axis, batch_dims=batch_dims)

        record("gathering.gather", [params, indices], run, 0, **keywords)

    x = array(2, 3, 4)
    gather(x, places(5, below=2), 0)
    gather(x, places(2, 2, below=3), 1)
    gather(x, places(2, 2, below=4, dtype=np.int64), -1)
    gather(x, places(below=3), -2)
    gather(x, places(2, 5, below=3), 1, 1)
    gather(x, places(2, 2, below=4), 2, 1)
    gather(x, places(2, 3, 2, below=4), 2, 2)
    gather(x, places(2, 3, below=4), -1, -1)
    gather(array(2, 3, 0), places(5, below=2), 0)
    gather(array(0, 3), places(0, below=2), 0)
    gather(array(4, dtype=np.uint8), np.array([0, 4]), 0)
    gather(array(3, 2), np.array([[0, -1]]), 0)
    gather(array(0, 3), np.array([0]), 0)
    gather(np.array([b"a", b"bc", b""], object), np.array([2, 1, 1]), 0)

    def gather_nd(params, indices):
        indices = np.asarray(indices, np.int32)

        def run():
            p, i = hidden(params, indices)
            return raw.GatherNd(params=p, indices=i)

        record("gathering.gather_nd", [params, indices], run, 0)

    gather_nd(x, [[0, 1], [1, 2], [0, 1]])
    gather_nd(x, [[[0, 1, 3]], [[1, 2, 0]]])
    gather_nd(x, [1])
    gather_nd(x, np.zeros((2, 0)))
    gather_nd(x, np.zeros((0, 2)))
    gather_nd(x, [[0, 1], [1, 3]])
    gather_nd(x, [[0, 0, 0, 0]])
    gather_nd(array(0, 3), [[0]])

    names = {
        "update": "Update",
        "add": "Add",
        "sub": "Sub",
        "mul": "Mul",
        "div": "Div",
        "min": "Min",
        "max": "Max",
    }
    counter = iter(range(1000))

    def variable(value):
        made = tf.compat.v1.get_variable(f"v{next(counter)}", initializer=value, use_resource=False)
        record.session.run(made.initializer)
        return made._ref()

    def scatter(target, indices, updates, how, nd=False):
        indices = np.asarray(indices, np.int32)
        op = getattr(raw, f"Scatter{'Nd' if nd else ''}{names[how]}")

        def run():
            i, u = hidden(indices, updates)
            return op(ref=variable(target), indices=i, updates=u)

        name = "scatter_nd_in_place" if nd else "scatter"
        record(f"scattering.{name}", [target, indices, updates], run, 0, how=how)

    for how in names:
        for dtype in (np.float32, np.int32, np.float64, np.int64, np.float16):
            updates = array(4, 2, dtype=dtype)
            updates[updates == 0] = 7
            scatter(array(5, 2, dtype=dtype), [1, 3, 1, 1], updates, how)
    scatter(array(5, 2), [[1, 3], [1, 1]], array(2, 2, 2), "add")
    scatter(array(5, 2), 3, array(2), "sub")
    scatter(array(5, 2), [0, 2], np.array(3, np.float32), "mul")
    scatter(array(5, 2), [], array(0, 2), "add")
    scatter(array(5, 0), [1], array(1, 0), "add")
    scatter(array(5, 2), [0, 5], array(2, 2), "add")
    scatter(array(5, 2), [0, -1], array(2, 2), "add")
    scatter(array(5, 2), [0, 1], array(2, 3), "add")
    for how in ("update", "add", "sub"):
        scatter(array(3, 4), [[1, 3], [1, 3], [2, 0]], array(3), how, nd=True)
        scatter(array(3, 4), [[1], [1]], array(2, 4), how, nd=True)
        scatter(array(3, 4), [[1, 4]], array(1), how, nd=True)

    def scatter_nd(indices, updates, shape):
        indices, shape = np.asarray(indices, np.int32), np.asarray(shape, np.int32)

        def run():
            i, u, s = hidden(indices, updates, shape)
            return raw.ScatterNd(indices=i, updates=u, shape=s)

        record("scattering.scatter_nd", [indices, updates, shape], run, 0)

    scatter_nd([[1], [3], [1]], array(3), [5])
    scatter_nd([[1, 0], [3, 2], [1, 0]], array(3, 2), [4, 3, 2])
    scatter_nd([[[1, 0]], [[3, 2]]], array(2, 1, dtype=np.int64), [4, 3])
    scatter_nd(np.zeros((0, 1)), array(0, 2), [3, 2])
    scatter_nd([[5]], array(1), [3])
    scatter_nd([[-1]], array(1), [3])
    scatter_nd([[1]], array(2), [3])

    def cut(shape, begin, end, strides, *masks):
        x = array(*shape)
        vectors = [np.asarray(v, np.int32) for v in (begin, end, strides)]
        kinds = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
        given = dict(zip(kinds, masks))

        def named():
            return dict(zip(("begin", "end", "strides"), hidden(*vectors)), **given)

        def run():
            return raw.StridedSlice(input=hide(x, None), **named())

        record("slicing.strided_slice", [x, *vectors], run, 0, **given)
        try:
            dy = array(*record.session.run(run()).shape)
        except tf.errors.OpError:
            return
        sizes = np.array(shape, np.int32)

        def grad():
            return raw.StridedSliceGrad(shape=hide(sizes, None), dy=dy, **named())

        record("slicing.strided_slice_grad", [sizes, *vectors, dy], grad, 0, **given)

        def assign():
            fixed = dict(zip(("begin", "end", "strides"), vectors), **given)
            return raw.StridedSliceAssign(ref=variable(x), value=dy, **fixed)

        if x.ndim:  # TensorFlow 1.15.5 cannot assign to a slice of a scalar
            record("slicing.strided_slice_assign", [x, *vectors, dy], assign, 0, **given)

    cut((5,), [1], [4], [1])
    cut((5,), [3], [0], [-1])
    cut((5,), [10], [-10], [-2])
    cut((5,), [0], [0], [-2], 1, 1)
    cut((5,), [-3], [-1], [1])
    cut((5,), [3], [1], [1])
    cut((5,), [2**31 - 1], [-(2**31)], [-1])
    cut((5,), [-(2**31)], [2**31 - 1], [2**31 - 1])
    cut((5,), [3], [4], [1], 0, 0, 0, 0, 1)
    cut((5,), [3], [4], [2], 1, 0, 0, 0, 1)
    cut((5,), [-1], [0], [1], 0, 0, 0, 0, 1)
    cut((5,), [5], [6], [1], 0, 0, 0, 0, 1)
    cut((5,), [-6], [6], [1], 0, 0, 0, 0, 1)
    cut((5,), [3], [4], [-1], 0, 0, 0, 0, 1)
    cut((5,), [0], [6], [0])
    cut((5,), [0, 0], [6, 6], [1, 1])
    cut((5,), [0, 0], [6, 6], [1, 1], 0, 0, 3)
    cut((5,), [], [], [])
    cut((5,), [0], [0], [1], 0, 0, 1, 1)
    cut((5,), [0], [0], [1], 0, 0, 0, 1, 1)
    cut((2, 3, 4), [0, 1, 0], [0, 3, 0], [1, 1, 1], 4, 4, 1)
    cut((2, 3, 4), [1, 0, 2], [2, 0, 3], [1, 1, 1], 0, 0, 2, 0, 5)
    cut((2, 3, 4), [0, 0, 1, 0], [0, 0, 2, 0], [1, 1, 1, 1], 0, 0, 2, 9, 4)
    cut((2, 3, 4), [1], [2], [1], 0, 0, 0, 0, 1)
    cut((2, 3, 4), [0, 2, 3], [2, 0, 0], [1, -1, -2], 1, 6)
    cut((2, 0, 4), [0, 0], [2, 5], [1, 1])
    cut((2, 0, 4), [0, 0], [2, 1], [1, 1], 0, 0, 0, 0, 2)
    cut((), [], [], [])
    cut((), [0], [0], [1], 0, 0, 0, 1)
    cut((1, 1), [0, 0], [1, 1], [1, 1], 0, 0, 0, 0, 3)
    cut((7,), [6], [0], [-4])
    cut((7,), [1], [7], [4])
