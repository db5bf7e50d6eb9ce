"""Summaries: TensorFlow's histograms, pictures and sounds."""

from __future__ import annotations

import io
import struct
import wave
import zlib
from typing import Any

import numpy as np
import PIL.Image
import pytest

from graphflow import errors
from graphflow.io import histogram, png, protos, summary_values, wav


def test_recorded_histograms(recorded: Any) -> None:
    cases = recorded.expected["summaries"]["histograms"]
    assert len(cases) == 10
    for values, coded in cases:
        want = protos.HistogramProto.FromString(recorded.decode(coded))
        assert summary_values.histogram("h", recorded.array(values)).histo == want


def test_histogram_buckets_hold_what_they_say() -> None:
    values = np.random.default_rng(0).standard_normal(5000) * 100
    made = histogram.histogram("h", values)
    below = -np.inf
    for limit, count in zip(made.bucket_limit, made.bucket, strict=True):
        assert np.sum((values >= below) & (values < limit)) == count
        below = limit
    assert made.num == sum(made.bucket) == 5000
    np.testing.assert_allclose(made.sum, values.sum())
    np.testing.assert_allclose(made.sum_squares, (values**2).sum())


def test_the_greatest_number_has_a_bucket() -> None:
    made = histogram.histogram("h", np.array([np.finfo(np.float64).max]))
    assert made.bucket[-1] == 1
    assert made.bucket_limit[-1] == np.finfo(np.float64).max


@pytest.mark.parametrize(
    ("values", "what"),
    [([1.0, np.nan], "Nan"), ([np.inf, np.nan], "Infinity"), ([-np.inf], "Infinity")],
)
def test_histograms_of_what_is_not_finite(values: list[float], what: str) -> None:
    with pytest.raises(
        errors.InvalidArgumentError, match=f"^{what} in summary histogram for: a/b$"
    ):
        summary_values.histogram("a/b", np.array(values, np.float32))


def pixels(image: Any) -> Any:
    decoded = np.asarray(PIL.Image.open(io.BytesIO(image.encoded_image_string)))
    return decoded.reshape(image.height, image.width, image.colorspace)


def test_recorded_images(recorded: Any, same: Any) -> None:
    cases = recorded.expected["summaries"]["images"]
    assert len(cases) > 80
    for batch, outputs, tags, wanted in cases:
        made = summary_values.images("im", recorded.array(batch), outputs)
        assert [value.tag for value in made] == tags
        for value, want in zip(made, wanted, strict=True):
            same(pixels(value.image), recorded.array(want))


def test_bad_pixels_take_the_given_colour() -> None:
    batch = np.full((1, 1, 2, 4), np.nan, np.float32)
    batch[0, 0, 1] = [0, 1, 2, 3]
    (value,) = summary_values.images("im", batch, 1, np.array([1, 2, 3, 4], np.uint8))
    assert pixels(value.image).tolist() == [[[1, 2, 3, 4], [0, 85, 170, 255]]]


@pytest.mark.parametrize(
    ("shape", "colour", "complaint"),
    [
        ((2, 2, 2), [255] * 4, r"Tensor must be 4-D with last dim 1, 3, or 4, not \[2, 2, 2\]"),
        ((1, 2, 2, 2), [255] * 4, "Tensor must be 4-D"),
        ((2, 0, 2, 1), [255] * 4, "non-zero dims"),
        (
            (1, 2, 2, 4),
            [255] * 3,
            "expected depth <= bad_color.size, got depth = 4, bad_color.size = 3",
        ),
        ((1, 2, 2, 1), [[255]], "expected depth"),
    ],
)
def test_what_is_no_image(shape: tuple[int, ...], colour: Any, complaint: str) -> None:
    with pytest.raises(errors.InvalidArgumentError, match=complaint):
        summary_values.images("im", np.zeros(shape, np.float32), 1, colour)


def test_an_empty_batch_has_no_images() -> None:
    assert summary_values.images("im", np.zeros((0, 2, 2, 1), np.uint8)) == []


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_png(channels: int) -> None:
    image = np.random.default_rng(channels).integers(0, 256, (7, 5, channels), np.uint8)
    data = png.encode(image)
    decoded = np.asarray(PIL.Image.open(io.BytesIO(data)))
    np.testing.assert_array_equal(decoded.reshape(image.shape), image)
    # every chunk: length, kind, data, checksum
    at = len(png.SIGNATURE)
    kinds = []
    while at < len(data):
        (size,) = struct.unpack_from(">I", data, at)
        kinds.append(data[at + 4 : at + 8])
        (checksum,) = struct.unpack_from(">I", data, at + 8 + size)
        assert zlib.crc32(data[at + 4 : at + 8 + size]) == checksum
        at += 12 + size
    assert kinds == [b"IHDR", b"IDAT", b"IEND"]


def test_recorded_sounds(recorded: Any) -> None:
    for batch, outputs, rate, tags, coded in recorded.expected["summaries"]["sounds"]:
        made = summary_values.audio("s", recorded.array(batch), rate, outputs)
        assert [value.tag for value in made] == tags
        assert [v.audio.SerializeToString() for v in made] == [recorded.decode(c) for c in coded]


def test_wav_is_what_python_reads() -> None:
    sound = np.array([[0.5, -0.5], [1.0, -1.0], [0.0, 0.25]])
    with wave.open(io.BytesIO(wav.encode(sound, 22050))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 22050, 2)
        samples = np.frombuffer(file.readframes(3), "<i2")
    assert samples.tolist() == [16384, -16384, 32767, -32768, 0, 8192]


@pytest.mark.parametrize(
    ("shape", "rate", "complaint"),
    [
        ((4,), 8000.0, r"Tensor must be 3-D or 2-D, got: \[4\]"),
        ((1, 0, 2), 8000.0, "num_frames"),
        ((1, 2, 0), 8000.0, "num_channels"),
        ((1, 2), 0.0, "sample_rate"),
        ((1, 2), -5.0, "sample_rate"),
        ((1, 2), float(1 << 33), "sample_rate"),
        ((1, 2), 4e9, "bytes_per_second"),
        ((1, 2), float("nan"), "sample_rate"),
        ((1, 2), float("inf"), "sample_rate"),
    ],
)
def test_what_is_no_sound(shape: tuple[int, ...], rate: float, complaint: str) -> None:
    with pytest.raises(errors.InvalidArgumentError, match=complaint):
        summary_values.audio("s", np.zeros(shape, np.float32), rate)


def test_recorded_text_and_tensor(recorded: Any) -> None:
    made = protos.Summary()
    made.value.append(summary_values.text("words", ["a", "b\u00e9"]))
    made.value.append(summary_values.tensor("tensor", np.array([[1, 2]], np.float16)))
    assert made.SerializeToString() == recorded.decode(recorded.expected["summaries"]["text"])


def test_scalar_and_merge() -> None:
    one = protos.Summary(value=[summary_values.scalar("a", np.float64(0.1))])
    two = protos.Summary(value=[summary_values.scalar("b", float("nan"))])
    assert one.value[0].simple_value == np.float32(0.1)
    merged = protos.Summary.FromString(
        summary_values.merge([one.SerializeToString(), two.SerializeToString()])
    )
    assert [value.tag for value in merged.value] == ["a", "b"]
    with pytest.raises(
        errors.InvalidArgumentError, match="Duplicate tag a found in summary inputs"
    ):
        summary_values.merge([one.SerializeToString()] * 2)
    with pytest.raises(errors.DataLossError):
        summary_values.merge([b"\xff"])
