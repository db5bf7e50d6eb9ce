"""Blocks, padding, scans, patches and dilation."""

# ruff: noqa: B023, E731
# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np


def cases(tf, record):
    rng = np.random.RandomState(7)
    raw = tf.raw_ops
    hide = tf.compat.v1.placeholder_with_default

    def array(*shape, dtype=np.float32):
        return rng.randint(-9, 10, shape).astype(dtype)

    for shape, block, ends in [
        ((1, 4, 6, 2), [2, 3], [[0, 0], [0, 0]]),
        ((2, 3, 5, 1), [2, 2], [[1, 0], [0, 1]]),
        ((2, 4), [2], [[0, 2]]),
        ((2, 4, 3), [], np.zeros((0, 2))),
        ((1, 2, 3, 4, 2), [2, 1, 2], [[0, 0], [2, 0], [1, 1]]),
        ((0, 4, 4), [2, 2], [[0, 0], [0, 0]]),
        ((1, 3, 3), [2, 2], [[0, 0], [1, 0]]),
        ((1, 4), [2], [[-1, 1]]),
        ((1, 4), [0], [[0, 0]]),
    ]:
        x, block, ends = (
            array(*shape),
            np.array(block, np.int32),
            np.array(ends, np.int32).reshape(-1, 2),
        )
        op = lambda: raw.SpaceToBatchND(
            input=hide(x, None),
            block_shape=hide(block, list(block.shape)),
            paddings=hide(ends, None),
        )
        record("spaces.space_to_batch_nd", [x, block, ends], op, 0)
    for shape, block, ends in [
        ((6, 2, 3, 2), [2, 3], [[0, 0], [0, 0]]),
        ((8, 2, 3), [2, 2], [[1, 0], [0, 3]]),
        ((4, 2), [2], [[2, 2]]),
        ((2, 2), [1], [[0, 0]]),
        ((3, 2), [2], [[0, 0]]),
        ((2, 2), [2], [[3, 2]]),
        ((0, 2), [2], [[0, 1]]),
    ]:
        x, block, ends = (
            array(*shape),
            np.array(block, np.int32),
            np.array(ends, np.int32).reshape(-1, 2),
        )
        op = lambda: raw.BatchToSpaceND(
            input=hide(x, None), block_shape=hide(block, list(block.shape)), crops=hide(ends, None)
        )
        record("spaces.batch_to_space_nd", [x, block, ends], op, 0)
    for shape, b in [((2, 4, 6, 3), 2), ((1, 3, 3, 1), 3), ((0, 2, 2, 1), 2), ((1, 3, 4, 1), 2)]:
        x = array(*shape)
        op = lambda: raw.SpaceToDepth(input=hide(x, None), block_size=b)
        record("spaces.space_to_depth", [x, b], op, 0)
    for shape, b in [((2, 2, 3, 12), 2), ((1, 1, 2, 9), 3), ((0, 2, 2, 4), 2), ((1, 3, 4, 6), 2)]:
        x = array(*shape)
        op = lambda: raw.DepthToSpace(input=hide(x, None), block_size=b)
        record("spaces.depth_to_space", [x, b], op, 0)

    for shape, ends in [
        ((2, 3), [[1, 2], [0, 3]]),
        ((), np.zeros((0, 2))),
        ((0, 2), [[1, 0], [0, 1]]),
        ((2, 3), [[0, 0], [0, 0]]),
        ((2,), [[-1, 1]]),
        ((2, 2), [[1, 1]]),
    ]:
        for dtype in (np.float32, np.int64, np.uint8):
            x, ends = array(*shape, dtype=dtype), np.array(ends, np.int32).reshape(-1, 2)
            fill = np.array(7, dtype)
            op = lambda: raw.PadV2(
                input=hide(x, None), paddings=hide(ends, None), constant_values=tf.constant(fill)
            )
            record("padding.pad", [x, ends, fill], op, 0)
    for mode in ("REFLECT", "SYMMETRIC"):
        for shape, ends in [
            ((4, 3), [[1, 2], [2, 0]]),
            ((3,), [[2, 2]]),
            ((3,), [[3, 3]]),
            ((3,), [[4, 0]]),
            ((1, 2), [[0, 0], [1, 1]]),
            ((2, 3, 2), [[1, 0], [0, 1], [1, 1]]),
            ((2,), [[0, 0]]),
        ]:
            x, ends = array(*shape), np.array(ends, np.int32)
            op = lambda: raw.MirrorPad(input=hide(x, None), paddings=hide(ends, None), mode=mode)
            record("padding.mirror_pad", [x, ends], op, 0, mode=mode)
            if "results" not in record.cases[-1]:
                continue
            dy = array(*record.session.run(op()).shape)
            op = lambda: raw.MirrorPadGrad(
                input=hide(dy, None), paddings=hide(ends, None), mode=mode
            )
            record("padding.mirror_pad_grad", [dy, ends], op, mode=mode)

    for name, op in (("cumsum", raw.Cumsum), ("cumprod", raw.Cumprod)):
        for exclusive in (False, True):
            for reverse in (False, True):
                flags = {"exclusive": exclusive, "reverse": reverse}

                def scan(x, axis):
                    record(
                        f"scans.{name}",
                        [x, axis],
                        lambda: op(x=hide(x, None), axis=tf.constant(axis), **flags),
                        **flags,
                    )

                scan(array(3, 4, 2), 1)
                scan(array(3, 4, dtype=np.int32), -1)
                scan(array(5, dtype=np.uint8), 0)
                scan(array(5, dtype=np.int64), 0)
                scan(array(3, 4, dtype=np.float64), -2)
                scan(array(4, dtype=np.complex64), 0)
                scan(array(4, dtype=np.float16), 0)
                scan(array(0, 3), 0)
                scan(array(3, 0), 0)
                scan(np.array([1, np.inf, 2, -np.inf, 0, np.nan, 1], np.float32), 0)
                scan(array(2, 2), 2)

    for shape, k, s, r in [
        ((2, 5, 6, 2), 3, 2, 1),
        ((1, 6, 7, 1), 2, 1, 2),
        ((1, 4, 4, 2), 2, 3, 1),
        ((0, 4, 4, 1), 2, 2, 1),
    ]:
        for padding in ("SAME", "VALID"):
            for dtype in (np.float32, np.int32):
                keywords = {
                    "ksizes": [1, k, k - 1, 1],
                    "strides": [1, s, s, 1],
                    "rates": [1, r, r, 1],
                    "padding": padding,
                }
                x = array(*shape, dtype=dtype)
                record(
                    "patches.extract_image_patches",
                    [x],
                    raw.ExtractImagePatches(images=tf.constant(x), **keywords),
                    0,
                    **keywords,
                )
            keywords = {"ksizes": [1, 2, k, 1, 1], "strides": [1, 1, s, s, 1], "padding": padding}
            x = array(shape[0], 3, *shape[1:])
            record(
                "patches.extract_volume_patches",
                [x],
                raw.ExtractVolumePatches(input=x, **keywords),
                0,
                **keywords,
            )

    for shape, k, s, r in [
        ((2, 5, 6, 2), (3, 2), 1, 1),
        ((1, 7, 7, 2), (2, 2), 2, 2),
        ((1, 5, 5, 1), (2, 3), 3, 1),
        ((1, 2, 2, 1), (3, 3), 1, 1),
    ]:
        for padding in ("SAME", "VALID"):
            keywords = {"strides": [1, s, s, 1], "rates": [1, r, r, 1], "padding": padding}
            x, w = array(*shape), array(*k, shape[3])
            op = lambda: raw.Dilation2D(input=hide(x, [None] * 4), filter=w, **keywords)
            record("dilation.dilation2d", [x, w], op, 0, **keywords)
            if "results" not in record.cases[-1]:
                continue
            dy = array(*record.session.run(op()).shape)
            if not dy.size:
                continue
            dx = raw.Dilation2DBackpropInput(input=x, filter=w, out_backprop=dy, **keywords)
            record("dilation.dilation2d_backprop_input", [x, w, dy], dx, 0, **keywords)
            dw = raw.Dilation2DBackpropFilter(input=x, filter=w, out_backprop=dy, **keywords)
            record("dilation.dilation2d_backprop_filter", [x, w, dy], dw, 0, **keywords)
