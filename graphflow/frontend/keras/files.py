"""Data that TensorFlow would fetch from the net: taken from the folder where it would keep them."""

from __future__ import annotations

import os
import tarfile
import zipfile
from typing import Any

import numpy as np

NAMESPACES = {
    "keras": {"__version__": "VERSION"},
    "keras.datasets.mnist": {"load_data": "mnist"},
    "keras.utils": ["get_file"],
}
__all__: list[str] = []

#: the Keras whose names these are, as TensorFlow 1.15 says it
VERSION = "2.2.4-tf"


def get_file(
    fname: str,
    origin: str,
    untar: bool = False,
    md5_hash: str | None = None,
    file_hash: str | None = None,
    cache_subdir: str = "datasets",
    hash_algorithm: str = "auto",
    extract: bool = False,
    archive_format: Any = "auto",
    cache_dir: str | None = None,
) -> str:
    """Where the file lies, under ~/.keras if no folder is given. graphflow fetches none."""
    folder = os.path.join(os.path.expanduser(cache_dir or "~/.keras"), cache_subdir)
    path = os.path.join(folder, fname)
    packed = path + ".tar.gz" if untar else path
    if not os.path.exists(packed) and not (untar and os.path.exists(path)):
        raise FileNotFoundError(
            f"graphflow does not use the network: fetch {origin} yourself, and keep it as {packed}"
        )
    if untar:
        if not os.path.exists(path):
            _unpack(packed, folder)
    elif extract:
        _unpack(packed, folder)
    return path


def _unpack(path: str, folder: str) -> None:
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as tar:
            tar.extractall(folder, filter="data")
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            archive.extractall(folder)


def mnist(path: str = "mnist.npz") -> Any:
    """The digits, to train with and to test with."""
    origin = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/mnist.npz"
    with np.load(get_file(path, origin), allow_pickle=False) as file:
        train, test = ((file[f"x_{part}"], file[f"y_{part}"]) for part in ("train", "test"))
    return train, test
