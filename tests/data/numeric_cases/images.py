"""Resampling with each rule for centres, crops, choice of boxes, and colours."""

# ruff: noqa: B023, E731
# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

CENTRES = [(False, False), (True, False), (False, True)]
SIZES = [
    ((5, 7), (10, 3)),
    ((4, 4), (7, 9)),
    ((9, 8), (4, 3)),
    ((1, 3), (2, 1)),
    ((3, 1), (1, 5)),
    ((6, 5), (6, 5)),
    ((2, 2), (5, 5)),
]


def cases(tf, record):
    rng = np.random.RandomState(8)
    raw = tf.raw_ops
    hide = tf.compat.v1.placeholder_with_default

    def array(*shape, dtype=np.float32):
        return rng.uniform(-9, 9, shape).astype(dtype)

    ops = {
        "bilinear": raw.ResizeBilinear,
        "nearest_neighbor": raw.ResizeNearestNeighbor,
        "bicubic": raw.ResizeBicubic,
    }
    for name, op in ops.items():
        for corners, half in CENTRES:
            flags = {"align_corners": corners, "half_pixel_centers": half}

            def resize(x, size):
                size = list(size)
                run = lambda: op(images=hide(x, None), size=tf.constant(size), **flags)
                record(
                    f"resize.resize_{name}",
                    [x, size],
                    run,
                    0 if name == "nearest_neighbor" else 8,
                    **flags,
                )

            for source, target in SIZES:
                resize(array(2, *source, 2), target)
            resize(array(1, 3, 4, 1, dtype=np.float64), (5, 6))
            resize(array(1, 3, 4, 1, dtype=np.float16), (5, 6))
            resize(np.abs(array(1, 3, 4, 3)).astype(np.uint8), (5, 6))
            resize(array(1, 3, 4, 1, dtype=np.int32), (2, 3))
            resize(array(0, 3, 4, 1), (2, 3))
            resize(array(1, 3, 4, 1), (0, 3))
            resize(array(1, 0, 4, 1), (2, 3))
            resize(array(3, 4, 1), (2, 3))
            for source, target in SIZES:
                dy = array(2, *target, 2)
                if name == "nearest_neighbor":
                    size = list(source)
                    dx = raw.ResizeNearestNeighborGrad(grads=dy, size=size, **flags)
                    record(f"resize_gradients.resize_{name}_grad", [dy, size], dx, 8, **flags)
                    continue
                for dtype in (np.float32, np.float64):
                    grad = raw.ResizeBilinearGrad if name == "bilinear" else raw.ResizeBicubicGrad
                    x = array(2, *source, 2, dtype=dtype)
                    dx = grad(grads=dy, original_image=tf.constant(x), **flags)
                    # Doubles gain nothing here: the weights are float32.
                    within = 8 if dtype == np.float32 else 2**31
                    record(f"resize_gradients.resize_{name}_grad", [dy, x], dx, within, **flags)
    for corners in (False, True):
        for source, target in [*SIZES, ((7, 9), (3, 2)), ((12, 5), (5, 5))]:
            x, size = array(2, *source, 2), list(target)
            record(
                "resize.resize_area",
                [x, size],
                raw.ResizeArea(images=x, size=size, align_corners=corners),
                8,
                align_corners=corners,
            )
    x = np.abs(array(1, 3, 4, 3)).astype(np.uint8)
    record("resize.resize_area", [x, [2, 3]], raw.ResizeArea(images=tf.constant(x), size=[2, 3]), 8)

    image = array(2, 5, 6, 2)
    boxes = [
        [0, 0, 1, 1],
        [0.2, 0.1, 0.9, 0.7],
        [1, 1, 0, 0],
        [-0.3, 0.5, 0.5, 1.4],
        [0.5, 0.5, 0.5, 0.5],
        [2, 2, 3, 3],
    ]
    boxes, index = np.array(boxes, np.float32), np.array([0, 1, 0, 1, 1, 0], np.int32)
    for method in ("bilinear", "nearest"):
        for size in ([4, 3], [1, 1], [7, 1], [5, 6]):
            keywords = {"method": method, "extrapolation_value": -5.0}
            out = raw.CropAndResize(
                image=image, boxes=boxes, box_ind=index, crop_size=size, **keywords
            )
            record("crops.crop_and_resize", [image, boxes, index, size], out, 8, **keywords)
            dy = array(6, *size, 2)
            shape = list(image.shape)
            for dtype in ("float32", "float64"):
                dx = raw.CropAndResizeGradImage(
                    grads=dy,
                    boxes=boxes,
                    box_ind=index,
                    image_size=shape,
                    T=tf.as_dtype(dtype),
                    method=method,
                )
                within = 8 if dtype == "float32" else 2**32
                record(
                    "crops.crop_and_resize_grad_image",
                    [dy, boxes, index, shape, dtype],
                    dx,
                    within,
                    method=method,
                )
            if method == "bilinear":
                db = raw.CropAndResizeGradBoxes(grads=dy, image=image, boxes=boxes, box_ind=index)
                record("crops.crop_and_resize_grad_boxes", [dy, image, boxes, index], db, 64)
    bytes_ = np.abs(image * 20).astype(np.uint8)
    record(
        "crops.crop_and_resize",
        [bytes_, boxes, index, [3, 3]],
        raw.CropAndResize(image=tf.constant(bytes_), boxes=boxes, box_ind=index, crop_size=[3, 3]),
        8,
    )
    for bad in (2, -1):
        wrong = np.array([0, bad], np.int32)
        run = lambda: raw.CropAndResize(
            image=image, boxes=boxes[:2], box_ind=hide(wrong, None), crop_size=[2, 2]
        )
        record("crops.crop_and_resize", [image, boxes[:2], wrong, [2, 2]], run)
    none = np.zeros((0, 4), np.float32)
    empty = np.zeros(0, np.int32)
    record(
        "crops.crop_and_resize",
        [image, none, empty, [2, 2]],
        raw.CropAndResize(image=image, boxes=none, box_ind=empty, crop_size=[2, 2]),
    )

    corners = rng.uniform(0, 1, (40, 4)).astype(np.float32)
    corners[5] = corners[6]
    scores = rng.permutation(40).astype(np.float32) / 40
    for n, iou, least in [
        (10, 0.5, -np.inf),
        (40, 0.1, 0.3),
        (40, 0.0, -np.inf),
        (40, 1.0, 0.5),
        (0, 0.5, 0.0),
        (3, 0.3, 2.0),
    ]:
        keywords = {"iou_threshold": iou, "score_threshold": least}
        fed = {"boxes": corners, "scores": scores, "max_output_size": n}
        record(
            "boxes.non_max_suppression",
            [corners, scores, n],
            raw.NonMaxSuppressionV3(**fed, **keywords),
            0,
            **keywords,
        )
        for sigma in (0.0, 0.5):
            out = raw.NonMaxSuppressionV5(soft_nms_sigma=sigma, **fed, **keywords)
            record(
                "boxes.non_max_suppression",
                [corners, scores, n],
                out[:2],
                8,
                soft_nms_sigma=sigma,
                **keywords,
            )
    run = lambda: raw.NonMaxSuppressionV3(
        boxes=corners, scores=scores, max_output_size=4, iou_threshold=1.5, score_threshold=0.0
    )
    record("boxes.non_max_suppression", [corners, scores, 4], run, iou_threshold=1.5)
    overlaps = rng.uniform(0, 1, (9, 9)).astype(np.float32)
    # TensorFlow 1.15.5 chooses a box again and again that does not overlap itself.
    overlaps = np.maximum(np.maximum(overlaps, overlaps.T), np.eye(9, dtype=np.float32))
    for n, most, least in [(9, 0.6, 0.0), (2, 0.9, 0.5)]:
        keywords = {"overlap_threshold": most, "score_threshold": least}
        out = raw.NonMaxSuppressionWithOverlaps(
            overlaps=overlaps, scores=scores[:9], max_output_size=n, **keywords
        )
        record(
            "boxes.non_max_suppression_with_overlaps", [overlaps, scores[:9], n], out, 0, **keywords
        )

    grid = np.array([0, 0.25, 0.5, 1], np.float32)
    colours = np.stack(np.meshgrid(grid, grid, grid), -1).reshape(8, 8, 3)
    noise = rng.uniform(0, 1, (2, 3, 4, 3)).astype(np.float32)
    for x in (colours, noise, noise[:0], noise.astype(np.float64), -noise, colours * 255):
        record("colour.rgb_to_hsv", [x], raw.RGBToHSV(images=tf.constant(x)), 8)
        record("colour.hsv_to_rgb", [x], raw.HSVToRGB(images=tf.constant(x)), 8)
    for x in (colours, noise, noise[:0]):
        for amount in (0.0, 0.3, -0.7, 1.0):
            record("colour.adjust_hue", [x, amount], raw.AdjustHue(images=x, delta=amount), 16)
        for amount in (0.0, 0.5, 1.7, 9.0):
            record(
                "colour.adjust_saturation",
                [x, amount],
                raw.AdjustSaturation(images=x, scale=amount),
                16,
            )
            if x.size:
                record(
                    "colour.adjust_contrast",
                    [x, amount],
                    raw.AdjustContrastv2(images=x, contrast_factor=amount),
                    16,
                )
    record(
        "colour.rgb_to_hsv",
        [noise[..., :2]],
        lambda: raw.RGBToHSV(images=hide(noise[..., :2], None)),
    )
