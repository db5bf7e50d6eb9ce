"""Small tables in CSV files, and files that would have to be fetched."""

from __future__ import annotations

import csv
import os
from typing import Any, NamedTuple

import numpy as np

_NAMES = [
    *("Dataset", "Datasets", "load_csv_with_header", "load_csv_without_header"),
    "maybe_download",
]
NAMESPACES = {
    "contrib.learn.datasets.base": _NAMES,
    "contrib.learn.python.learn.datasets.base": _NAMES,
}
__all__: list[str] = []


class Dataset(NamedTuple):
    """Rows of numbers, and what each of them is."""

    data: Any
    target: Any


class Datasets(NamedTuple):
    """A table in three parts."""

    train: Any
    validation: Any
    test: Any


def load_csv_with_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """A table whose first line says how many rows and columns there are."""
    with open(filename, newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        count, width = int(header[0]), int(header[1])
        target = np.zeros(count, dtype=target_dtype)
        data = np.zeros((count, width), dtype=features_dtype)
        for i, row in enumerate(rows):
            target[i] = np.asarray(row.pop(target_column), dtype=target_dtype)
            data[i] = np.asarray(row, dtype=features_dtype)
    return Dataset(data, target)


def load_csv_without_header(
    filename: Any, target_dtype: Any, features_dtype: Any, target_column: int = -1
) -> Dataset:
    """A table from its first line on."""
    target, data = [], []
    with open(filename, newline="") as file:
        for row in csv.reader(file):
            target.append(row.pop(target_column))
            data.append(np.asarray(row, dtype=features_dtype))
    return Dataset(np.array(data), np.array(target, dtype=target_dtype).astype(target_dtype))


def maybe_download(filename: str, work_directory: str, source_url: str) -> str:
    """The path of a file that is there; graphflow fetches nothing."""
    path = os.path.join(work_directory, filename)
    if not os.path.exists(path):
        raise FileNotFoundError(
            f"{path} is not there, and graphflow fetches nothing from the network: get {source_url} and put it there"
        )
    return path
