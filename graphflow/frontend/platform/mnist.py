"""The tutorials' MNIST reader: from files that are there, or, when asked to, from invented digits."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from graphflow import errors, settings
from graphflow.frontend.framework import get_seed
from graphflow.ir.dtype import as_dtype, float32, uint8

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
#: what the header of an idx file says of the number of dimensions
_IMAGES, _LABELS = 2051, 2049


class Datasets(NamedTuple):
    """The three parts of a data set."""

    train: Any
    validation: Any
    test: Any


class DataSet:
    """Images and labels, handed out in shuffled batches."""

    def __init__(
        self,
        images: Any,
        labels: Any,
        fake_data: bool = False,
        one_hot: bool = False,
        dtype: Any = float32,
        reshape: bool = True,
        seed: int | None = None,
    ) -> None:
        first, second = get_seed(seed)
        # TensorFlow seeds numpy's global generator here, and published losses depend on it
        np.random.seed(first if seed is None else second)  # noqa: NPY002
        target = as_dtype(dtype).base_dtype
        if target not in (uint8, float32):
            raise TypeError(f"Invalid image dtype {target!r}, expected uint8 or float32")
        self.one_hot, self._fake = one_hot, fake_data
        if fake_data:
            self._num_examples = 10000
        else:
            if len(images) != len(labels):
                raise ValueError(
                    f"images.shape: {np.shape(images)} labels.shape: {np.shape(labels)}"
                )
            self._num_examples = len(images)
            if reshape:
                images = images.reshape(len(images), int(np.prod(images.shape[1:])))
            if target is float32:
                images = np.multiply(images.astype(np.float32), 1.0 / 255.0)
        self._images, self._labels = images, labels
        self._epochs_completed = self._index_in_epoch = 0

    @property
    def images(self) -> Any:
        return self._images

    @property
    def labels(self) -> Any:
        return self._labels

    @property
    def num_examples(self) -> int:
        return self._num_examples

    @property
    def epochs_completed(self) -> int:
        return self._epochs_completed

    def next_batch(
        self, batch_size: int, fake_data: bool = False, shuffle: bool = True
    ) -> tuple[Any, Any]:
        """The next examples; an epoch's end is followed by a new order."""
        if fake_data or self._fake:
            label: Any = [1] + [0] * 9 if self.one_hot else 0
            return [[1] * 784 for _ in range(batch_size)], [label for _ in range(batch_size)]
        start, count = self._index_in_epoch, self._num_examples
        if self._epochs_completed == 0 and start == 0 and shuffle:
            self._shuffle()
        if start + batch_size <= count:
            self._index_in_epoch = start + batch_size
            rows = slice(start, start + batch_size)
            return self._images[rows], self._labels[rows]
        self._epochs_completed += 1
        left = self._images[start:], self._labels[start:]
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - (count - start)
        fresh = self._images[: self._index_in_epoch], self._labels[: self._index_in_epoch]
        return np.concatenate((left[0], fresh[0])), np.concatenate((left[1], fresh[1]))

    def _shuffle(self) -> None:
        order = np.arange(self._num_examples)
        np.random.shuffle(order)  # noqa: NPY002  the generator that TensorFlow uses
        self._images, self._labels = self._images[order], self._labels[order]


def read_data_sets(
    train_dir: str,
    fake_data: bool = False,
    one_hot: bool = False,
    dtype: Any = float32,
    reshape: bool = True,
    validation_size: int = 5000,
    seed: int | None = None,
    source_url: str = "",
) -> Datasets:
    """MNIST from the four idx files in `train_dir`; nothing is downloaded."""
    options: dict[str, Any] = {"dtype": dtype, "reshape": reshape, "seed": seed, "one_hot": one_hot}
    if fake_data:
        return Datasets(*(DataSet([], [], fake_data=True, **options) for _ in range(3)))
    found = [_path(train_dir, name) for name in FILES]
    missing = [n for n, path in zip(FILES, found, strict=True) if path is None]
    if not missing:
        train_images, train_labels = _images(found[0]), _labels(found[1], one_hot)
        test_images, test_labels = _images(found[2]), _labels(found[3], one_hot)
    elif settings.setting("GRAPHFLOW_MNIST") == "synthetic":
        train_images, train_labels = _invented(60000, 0, one_hot)
        test_images, test_labels = _invented(10000, 1, one_hot)
    else:
        raise errors.NotFoundError(
            None,
            None,
            f"MNIST is not in {os.path.abspath(train_dir)!r}: {', '.join(n + '.gz' for n in missing)} missing.\n"
            "  hint: put the four files there (graphflow downloads nothing), or set GRAPHFLOW_MNIST=synthetic "
            "for invented digits of the same shape",
        )
    if not 0 <= validation_size <= len(train_images):
        raise ValueError(
            f"Validation size should be between 0 and {len(train_images)}. Received: {validation_size}."
        )
    split = validation_size
    return Datasets(
        DataSet(train_images[split:], train_labels[split:], **options),
        DataSet(train_images[:split], train_labels[:split], **options),
        DataSet(test_images, test_labels, **options),
    )


def _path(folder: str, name: str) -> str | None:
    for ending in (".gz", ""):
        path = os.path.join(folder, name + ending)
        if os.path.exists(path):
            return path
    return None


def _read(path: Any, magic: int, dimensions: int) -> Any:
    opened: Callable[..., Any] = gzip.open if str(path).endswith(".gz") else open
    with opened(path, "rb") as file:
        start = file.read(4 * (1 + dimensions))
        header = np.frombuffer(start[: len(start) // 4 * 4], ">u4")
        if len(header) != 1 + dimensions or header[0] != magic:
            raise ValueError(f"{path} is no MNIST file: its header is {header.tolist()}")
        sizes = [int(n) for n in header[1:]]
        count = int(np.prod(sizes, dtype=np.int64))
        if count > 1 << 31:
            raise ValueError(f"{path} claims {sizes}, which is too large")
        data = np.frombuffer(file.read(count), np.uint8)
    if data.size != count:
        raise ValueError(f"{path} ends early: {data.size} of {count} bytes")
    return data.reshape(sizes)


def _images(path: Any) -> Any:
    return _read(path, _IMAGES, 3)[..., None]


def _labels(path: Any, one_hot: bool) -> Any:
    return _one_hot(_read(path, _LABELS, 1)) if one_hot else _read(path, _LABELS, 1)


def _one_hot(labels: Any) -> Any:
    return np.eye(10)[labels]


def _invented(count: int, seed: int, one_hot: bool) -> tuple[Any, Any]:
    """Ten smooth patterns with noise: easy to learn, and plainly no handwriting."""
    shapes, rng = np.random.default_rng(99), np.random.default_rng(seed)
    coarse = shapes.uniform(0, 1, (10, 7, 7))
    patterns = np.kron(coarse, np.ones((4, 4))) * 200
    labels = rng.integers(0, 10, count).astype(np.uint8)
    images = np.empty((count, 28, 28, 1), np.uint8)
    for at in range(0, count, 5000):
        part = labels[at : at + 5000]
        noisy = patterns[part] + rng.normal(0, 40, (len(part), 28, 28))
        images[at : at + 5000, ..., 0] = np.clip(noisy, 0, 255)
    return images, _one_hot(labels) if one_hot else labels


_PUBLIC = ["DataSet", "Datasets", "read_data_sets"]
NAMESPACES = {
    "examples.tutorials.mnist.input_data": _PUBLIC,
    "contrib.learn.datasets.mnist": _PUBLIC,
    "contrib.learn.python.learn.datasets.mnist": _PUBLIC,
}
