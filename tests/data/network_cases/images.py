"""The functions of tf.image."""

from __future__ import annotations

import numpy as np

CASES = {}
#: these are other nodes here: branches are functions, and shapes are known better
VALUES_ONLY = ["ssim_dyn", "turned", "mirrored", "coded"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).rand(*s).astype(dtype)


@_case
def sizes(tf):
    x = tf.placeholder(tf.float32, [None, 5, 4, 2])
    return (
        [
            tf.image.resize_images(x, [3, 3]),
            tf.image.resize_images(x, [5, 4]),
            tf.image.resize(x, (7, 7), tf.image.ResizeMethod.NEAREST_NEIGHBOR, align_corners=True),
            tf.image.resize_images(x, [7, 3], method="bicubic", name="n"),
            tf.image.resize_images(x, [2, 2], 3),
            tf.image.resize_bilinear(x, [3, 3]),
            tf.image.resize_nearest_neighbor(x, [3, 3], name="z"),
            tf.image.resize_area(x, [3, 3], True),
            tf.image.resize_bicubic(x, [9, 9], half_pixel_centers=True),
        ],
        {x: X(2, 5, 4, 2)},
    )


@_case
def sizes3(tf):
    x = tf.placeholder(tf.uint8, [5, 4, 3])
    s = tf.placeholder(tf.int32, [2])
    return (
        [
            tf.image.resize_images(x, [3, 3]),
            tf.image.resize_images(x, s),
            tf.image.resize_images(x, [5, 4]),
        ],
        {x: (X(5, 4, 3) * 255).astype(np.uint8), s: [2, 3]},
    )


@_case
def aspect(tf):
    x = tf.constant(X(1, 6, 4, 1))
    y = tf.placeholder(tf.float32, [None, None, None, 1])
    return (
        [
            tf.image.resize_images(x, [3, 3], preserve_aspect_ratio=True),
            tf.image.resize_images(y, [3, 3], preserve_aspect_ratio=True),
        ],
        {y: X(1, 6, 4, 1)},
    )


@_case
def size_bad(tf):
    return tf.image.resize_images(X(1, 6, 4, 1), [3])


@_case
def size_bad2(tf):
    return tf.image.resize_images(X(6, 4), [3, 3])


@_case
def size_bad3(tf):
    return tf.image.resize_images(X(1, 6, 4, 1), [3, 3], method=9)


@_case
def size_bad4(tf):
    return tf.image.resize_images(tf.placeholder(tf.float32), [3, 3])


@_case
def size_bad5(tf):
    return tf.image.resize_images(X(1, 6, 4, 1), ["a", "b"])


@_case
def crops(tf):
    x = tf.constant(X(2, 6, 5, 3))
    y = tf.constant(X(6, 5, 3))
    return [
        tf.image.crop_to_bounding_box(x, 1, 2, 3, 2),
        tf.image.crop_to_bounding_box(y, 0, 0, 6, 5),
        tf.image.pad_to_bounding_box(x, 1, 2, 8, 9),
        tf.image.pad_to_bounding_box(y, 0, 0, 6, 6),
        tf.image.central_crop(x, 0.5),
        tf.image.central_crop(y, 0.7),
        tf.image.central_crop(y, 1.0),
        tf.image.resize_image_with_crop_or_pad(x, 4, 8),
        tf.image.resize_with_crop_or_pad(y, 9, 2),
    ]


@_case
def crops_dyn(tf):
    x = tf.placeholder(tf.float32, [None, None, None, 3])
    y = tf.placeholder(tf.float32, [None, None, 3])
    return (
        [
            tf.image.crop_to_bounding_box(x, 1, 2, 3, 2),
            tf.image.pad_to_bounding_box(y, 1, 2, 8, 9),
            tf.image.central_crop(x, 0.5),
            tf.image.central_crop(y, 0.5),
            tf.image.resize_image_with_crop_or_pad(x, 4, 8),
            tf.image.resize_image_with_crop_or_pad(y, 9, 2),
        ],
        {x: X(2, 6, 5, 3), y: X(6, 5, 3)},
    )


@_case
def crops_unk(tf):
    y = tf.placeholder(tf.float32)
    return (
        [
            tf.image.crop_to_bounding_box(y, 1, 2, 3, 2),
            tf.image.resize_image_with_crop_or_pad(y, 9, 2),
        ],
        {y: X(6, 5, 3)},
    )


@_case
def crops_tensor(tf):
    y = tf.constant(X(6, 5, 3))
    t = tf.placeholder(tf.int32, [])
    return (
        [
            tf.image.crop_to_bounding_box(y, t, 0, t, 2),
            tf.image.pad_to_bounding_box(y, t, t, 9, 9),
            tf.image.resize_image_with_crop_or_pad(y, t, t),
        ],
        {t: 2},
    )


@_case
def crop_bad(tf):
    return tf.image.crop_to_bounding_box(X(6, 5, 3), 4, 0, 3, 2)


@_case
def crop_bad2(tf):
    return tf.image.pad_to_bounding_box(X(6, 5, 3), 4, 0, 3, 2)


@_case
def crop_bad3(tf):
    return tf.image.central_crop(X(6, 5, 3), 0.0)


@_case
def crop_bad4(tf):
    return tf.image.crop_to_bounding_box(X(6, 5), 4, 0, 3, 2)


@_case
def crop_bad5(tf):
    return tf.image.resize_image_with_crop_or_pad(X(6, 5, 3), 0, 3)


@_case
def crop_bad6(tf):
    return tf.image.crop_to_bounding_box(np.zeros((0, 5, 3), np.float32), 0, 0, 3, 2)


@_case
def with_pad(tf):
    x = tf.constant(X(2, 6, 5, 3))
    y = tf.placeholder(tf.float32, [None, None, 3])
    return (
        [
            tf.image.resize_image_with_pad(x, 4, 8),
            tf.image.resize_image_with_pad(y, 9, 2, method=1),
        ],
        {y: X(6, 5, 3)},
    )


@_case
def flips(tf):
    x = tf.constant(X(2, 3, 4, 3))
    y = tf.placeholder(tf.float32, [3, 4, 3])
    return (
        [
            tf.image.flip_left_right(x),
            tf.image.flip_up_down(y),
            tf.image.transpose_image(x),
            tf.image.transpose(y, name="t"),
        ],
        {y: X(3, 4, 3)},
    )


@_case
def flips_dyn(tf):
    x = tf.placeholder(tf.float32, [None, None, None, 3])
    y = tf.placeholder(tf.float32)
    return (
        [tf.image.flip_left_right(x), tf.image.flip_up_down(y)],
        {x: X(2, 3, 4, 3), y: X(3, 4, 3)},
    )


@_case
def flip_bad(tf):
    return tf.image.flip_left_right(X(2, 3))


@_case
def flip_bad5(tf):
    return tf.image.flip_left_right(X(2, 3, 3, 3, 3))


@_case
def rand_flip4(tf):
    tf.set_random_seed(4)
    x = tf.constant(X(5, 3, 4, 3))
    return [tf.image.random_flip_left_right(x), tf.image.random_flip_up_down(x, seed=2)]


@_case
def adjust(tf):
    x = tf.constant(X(2, 3, 4, 3))
    u = tf.constant((X(2, 3, 4, 3) * 255).astype(np.uint8))
    o = []
    for v in (x, u):
        o += [
            tf.image.adjust_brightness(v, 0.2),
            tf.image.adjust_contrast(v, 1.5),
            tf.image.adjust_gamma(v, 2, 1.1),
            tf.image.adjust_hue(v, 0.2),
            tf.image.adjust_saturation(v, 0.5, name="s"),
            tf.image.per_image_standardization(v),
        ]
    return o


@_case
def adjust_dyn(tf):
    x = tf.placeholder(tf.float32, [None, None, 3])
    return (
        [tf.image.per_image_standardization(x), tf.image.adjust_gamma(x, tf.constant(2.0))],
        {x: X(3, 4, 3)},
    )


@_case
def gamma_bad(tf):
    return tf.image.adjust_gamma(X(3, 4, 3), -1)


@_case
def rand_adjust(tf):
    tf.set_random_seed(4)
    x = tf.constant(X(3, 4, 3))
    return [
        tf.image.random_brightness(x, 0.3),
        tf.image.random_contrast(x, 0.3, 1.2),
        tf.image.random_hue(x, 0.3, seed=3),
        tf.image.random_saturation(x, 0.5, 2.0),
    ]


@_case
def rand_bad(tf):
    return tf.image.random_contrast(X(3, 4, 3), 1.0, 0.5)


@_case
def rand_bad2(tf):
    return tf.image.random_hue(X(3, 4, 3), 0.7)


@_case
def convert(tf):
    u = tf.constant((X(2, 3) * 255).astype(np.uint8))
    f = tf.constant(X(2, 3) * 1.2 - 0.1)
    i = tf.constant((X(2, 3) * 30000).astype(np.int16))
    c = tf.image.convert_image_dtype
    return [
        c(u, tf.float32),
        c(u, tf.uint8),
        c(u, tf.uint16),
        c(u, tf.int16, saturate=True),
        c(i, tf.uint8),
        c(i, tf.uint8, saturate=True),
        c(f, tf.uint8),
        c(f, tf.uint8, saturate=True, name="q"),
        c(f, tf.float64),
        c(f, tf.float16),
        c(i, tf.int32),
        c(u, tf.float16),
        c(f, tf.int16),
    ]


@_case
def convert_bad(tf):
    return tf.image.convert_image_dtype(X(2, 3), tf.bool)


@_case
def gray(tf):
    x = tf.constant(X(2, 3, 4, 3))
    u = tf.placeholder(tf.uint8, [None, None, 3])
    return (
        [
            tf.image.rgb_to_grayscale(x),
            tf.image.rgb_to_grayscale(u, name="g"),
            tf.image.grayscale_to_rgb(tf.constant(X(2, 3, 1))),
            tf.image.rgb_to_yiq(x),
            tf.image.yiq_to_rgb(x),
            tf.image.rgb_to_yuv(x),
            tf.image.yuv_to_rgb(x),
        ],
        {u: (X(3, 4, 3) * 255).astype(np.uint8)},
    )


@_case
def gray_dyn(tf):
    x = tf.placeholder(tf.float32, [None, None, None, 1])
    return ([tf.image.grayscale_to_rgb(x)], {x: X(2, 3, 4, 1)})


@_case
def gray_bad(tf):
    return tf.image.grayscale_to_rgb(tf.constant(X(2, 3, 3)))


@_case
def measures(tf):
    x = tf.constant(X(2, 12, 13, 3))
    y = tf.constant(X(2, 12, 13, 3, seed=1))
    return [
        tf.image.total_variation(x),
        tf.image.total_variation(x[0], name="v"),
        tf.image.psnr(x, y, 1.0),
        *list(tf.image.image_gradients(x)),
        tf.image.sobel_edges(x),
    ]


@_case
def ssim(tf):
    x = tf.constant(X(2, 12, 13, 3))
    y = tf.constant(X(2, 12, 13, 3, seed=1))
    return [tf.image.ssim(x, y, 1.0)]


@_case
def ssim_dyn(tf):
    x = tf.placeholder(tf.uint8, [None, None, None, 3])
    y = tf.constant((X(2, 12, 13, 3, seed=1) * 255).astype(np.uint8))
    return (
        [tf.image.ssim(x, y, 255, filter_size=5, k1=0.02)],
        {x: (X(2, 12, 13, 3) * 255).astype(np.uint8)},
    )


@_case
def psnr_bad(tf):
    return tf.image.psnr(X(3, 4, 3), X(3, 5, 3), 1.0)


@_case
def var_bad(tf):
    return tf.image.total_variation(tf.constant(X(3, 4)))


@_case
def turned(tf):
    x = tf.constant(X(2, 3, 4, 2))
    k = tf.placeholder(tf.int32, [])
    y = tf.placeholder(tf.float32, [None, None, 2])
    return (
        [
            tf.image.rot90(x),
            tf.image.rot90(x, k=2),
            tf.image.rot90(x[0], -1),
            tf.image.rot90(x, k),
            tf.image.rot90(y, k, name="r"),
        ],
        {k: 7, y: X(3, 2, 2)},
    )


@_case
def mirrored(tf):
    tf.set_random_seed(4)
    x = tf.constant(X(3, 4, 3))
    return [tf.image.random_flip_left_right(x, seed=i) for i in range(6)] + [
        tf.image.random_flip_up_down(x, seed=i) for i in range(6)
    ]


@_case
def coded(tf):
    x = tf.constant((X(5, 6, 3) * 255).astype(np.uint8))
    p = tf.image.encode_png(x)
    return [
        tf.image.decode_png(p),
        tf.image.decode_png(p, 1, tf.uint16),
        tf.image.decode_image(p),
        tf.image.decode_image(p, dtype=tf.float32, channels=4),
        tf.image.is_jpeg(p),
    ]
