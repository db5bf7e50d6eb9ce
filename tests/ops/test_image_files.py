"""Image files, against what TensorFlow 1.15.5 reads in them; and what is written, read back."""

from __future__ import annotations

import io
import json
import zlib
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import graphflow as tf
from graphflow.numeric import png

DATA = np.load(Path(__file__).parent.parent / "data" / "ops" / "image_files.npz")
RAISED: dict[str, str] = json.loads(str(DATA["raised"]))
CALLS = [k for k in DATA.files if k.count("/") == 2]
#: TensorFlow makes one bit a channel opaque with 1 instead of 255
CALLS = [k for k in CALLS if not (k.startswith("bits/") and '"channels": 4' in k)]
#: the transform that TensorFlow takes for colours stored at half the resolution differs by so much
ROUGH = 8


def _result(key: str) -> Any:
    name, op, attrs = key.split("/")
    with tf.Graph().as_default(), tf.Session() as session:
        make = getattr(tf.raw_ops, op)
        return session.run(make(contents=DATA[f"file/{name}"].tobytes(), **json.loads(attrs)))


@pytest.mark.parametrize("key", CALLS)
def test_reads_what_was_recorded(key: str) -> None:
    found, want = _result(key), DATA[key]
    assert found.dtype == want.dtype
    assert found.shape == want.shape
    name, _, attrs = key.split("/")
    exact = name != "jpeg" or "ACCURATE" in attrs or "Shape" in key or '"channels": 1' in attrs
    apart = np.abs(found.astype(int) - want.astype(int))
    assert apart.max() <= (0 if exact else ROUGH)


@pytest.mark.parametrize("key", RAISED)
def test_refuses_what_was_refused(key: str) -> None:
    with pytest.raises(getattr(tf.errors, RAISED[key])):
        _result(key)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("size", [(1, 1), (5, 7), (16, 3)])
def test_png_comes_back(dtype: Any, channels: int, size: tuple[int, int]) -> None:
    rng = np.random.default_rng(channels)
    steps = rng.integers(0, 9, (*size, channels)).cumsum(1)
    pixels = (steps * (1 if dtype is np.uint8 else 777)).astype(dtype)
    data = png.encode(pixels)
    if dtype is np.uint16:
        np.testing.assert_array_equal(png.decode_16_bits(data), pixels)
    if dtype is np.uint8 or channels == 1:
        with Image.open(io.BytesIO(data)) as image:
            np.testing.assert_array_equal(np.asarray(image).reshape(pixels.shape), pixels)


def test_every_filter_is_undone() -> None:
    pixels = np.random.default_rng(0).integers(0, 1 << 16, (5, 6, 3)).astype(np.uint16)
    rows = pixels.astype(">u2").view(np.uint8).reshape(5, -1).astype(int)
    step, lines = 6, []
    for y, row in enumerate(rows.tolist()):
        above = rows[y - 1].tolist() if y else [0] * len(row)
        stored = []
        for x, value in enumerate(row):
            a = row[x - step] if x >= step else 0
            b, c = above[x], above[x - step] if x >= step else 0
            p = a + b - c
            nearest = min((a, b, c), key=lambda v: abs(p - v))
            stored.append((value - (0, a, b, (a + b) // 2, nearest)[y]) % 256)
        lines.append(bytes([y, *stored]))
    head, _, tail = png.encode(pixels).partition(b"IDAT")
    body = zlib.compress(b"".join(lines))
    chunk = b"IDAT" + body
    data = head[:-4] + len(body).to_bytes(4, "big") + chunk + zlib.crc32(chunk).to_bytes(4, "big")
    np.testing.assert_array_equal(png.decode_16_bits(data + tail[-12:]), pixels)


@pytest.mark.parametrize("image", [np.zeros((0, 3, 3)), np.zeros((2, 3, 5)), np.zeros((2, 3, 0))])
def test_no_png_of_such_an_image(image: Any) -> None:
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.image.encode_png(tf.constant(image.astype(np.uint8))))


def test_a_damaged_png_is_refused_whatever_is_wrong() -> None:
    data = bytearray(DATA["file/rgb16"].tobytes())
    rng = np.random.default_rng(0)
    for _ in range(300):
        broken = bytearray(data)
        for at in rng.integers(8, len(data), 3):
            broken[at] = rng.integers(256)
        with suppress(ValueError):
            assert png.decode_16_bits(bytes(broken)).ndim == 3


def test_jpeg_comes_back_nearly() -> None:
    image = np.stack(np.meshgrid(np.arange(0, 240, 6), np.arange(0, 240, 8)), -1)
    image = np.concatenate([image, image[..., :1]], -1).astype(np.uint8)
    with tf.Session() as session:
        for quality in (95, tf.constant(90)):
            if quality == 95:
                data = tf.image.encode_jpeg(image, quality=quality, chroma_downsampling=False)
                shown = tf.image.decode_jpeg(data)
            else:
                shown = tf.image.adjust_jpeg_quality(image, quality)
            apart = np.abs(session.run(shown).astype(int) - image)
            assert apart.mean() < 3
        gray = session.run(tf.image.decode_jpeg(tf.image.encode_jpeg(image[..., :1], "grayscale")))
        assert gray.shape == (*image.shape[:2], 1)


@pytest.mark.parametrize("name", ["rgb", "jpeg_444", "bmp", "gif", "gif_one"])
def test_decode_image_finds_the_format(name: str) -> None:
    data = DATA[f"file/{name}"].tobytes()
    with tf.Session() as session:
        found = session.run(tf.image.decode_image(data))
        floats = session.run(tf.image.decode_image(data, dtype=tf.float32))
    assert found.ndim == (4 if "gif" in name else 3)
    np.testing.assert_allclose(floats, found / np.float32(255), rtol=1e-6)


def test_decode_image_refuses_what_is_none() -> None:
    with tf.Session() as session, pytest.raises(tf.errors.InvalidArgumentError):
        session.run(tf.image.decode_image(b"no image at all"))
