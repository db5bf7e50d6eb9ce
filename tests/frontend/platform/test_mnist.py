"""The MNIST reader on files of its format, and its batches against numpy's own shuffle."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from graphflow.examples.tutorials.mnist import input_data

import graphflow as tf


def write(folder: Path, count: int = 60, tests: int = 10) -> None:
    rng = np.random.default_rng(0)
    for prefix, n in (("train", count), ("t10k", tests)):
        images = rng.integers(0, 256, (n, 28, 28), np.uint8)
        labels = rng.integers(0, 10, n, np.uint8)
        for name, data in (("images-idx3", images), ("labels-idx1", labels)):
            magic = 2048 + data.ndim
            head = np.array([magic, *data.shape], ">u4").tobytes()
            (folder / f"{prefix}-{name}-ubyte.gz").write_bytes(gzip.compress(head + data.tobytes()))


def test_files(tmp_path: Path) -> None:
    write(tmp_path)
    mnist = input_data.read_data_sets(str(tmp_path), one_hot=True, validation_size=20)
    assert mnist.train.num_examples == 40
    assert mnist.validation.images.shape == (20, 784)
    assert mnist.test.labels.shape == (10, 10)
    assert mnist.test.labels.dtype == np.float64
    assert mnist.train.images.dtype == np.float32
    assert 0 <= mnist.train.images.min() < mnist.train.images.max() <= 1


def test_batches_are_shuffled_by_numpys_generator(tmp_path: Path) -> None:
    write(tmp_path)
    tf.set_random_seed(3)
    train = input_data.read_data_sets(str(tmp_path), validation_size=0).train
    np.random.seed(3)  # noqa: NPY002
    before = train.images
    order = np.arange(60)
    np.random.shuffle(order)  # noqa: NPY002
    np.random.seed(3)  # noqa: NPY002
    first, _ = train.next_batch(50)
    np.testing.assert_array_equal(first, before[order][:50])
    images, labels = train.next_batch(50)
    assert images.shape == (50, 784)
    assert labels.shape == (50,)
    assert train.epochs_completed == 1
    np.testing.assert_array_equal(images[:10], before[order][50:])


def test_nothing_is_downloaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(tf.errors.NotFoundError, match="GRAPHFLOW_MNIST=synthetic"):
        input_data.read_data_sets(str(tmp_path))
    monkeypatch.setenv("GRAPHFLOW_MNIST", "synthetic")
    mnist = input_data.read_data_sets(str(tmp_path))
    assert (mnist.train.num_examples, mnist.validation.num_examples) == (55000, 5000)
    assert mnist.test.images.shape == (10000, 784)


@pytest.mark.parametrize("cut", [3, 10, 100])
def test_broken_files_are_refused(tmp_path: Path, cut: int) -> None:
    write(tmp_path)
    path = tmp_path / "train-images-idx3-ubyte.gz"
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())[:cut]))
    with pytest.raises(ValueError, match="train-images"):
        input_data.read_data_sets(str(tmp_path))
