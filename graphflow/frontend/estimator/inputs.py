"""Input functions of arrays and of pandas' tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from graphflow.frontend.data.dataset import Dataset
from graphflow.ir.dtype import as_dtype
from graphflow.ir.literal import string_array
from graphflow.ir.shape import TensorShape

NAMESPACES = {
    "estimator.inputs": ["numpy_input_fn", "pandas_input_fn"],
}
__all__: list[str] = []

_generator = np.random.default_rng()


def numpy_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
) -> Callable[[], Any]:
    """A function that gives the next rows of arrays in each run."""
    _check_shuffle(shuffle)

    def input_fn() -> Any:
        named = isinstance(x, Mapping)
        if not named and not isinstance(x, np.ndarray):
            raise TypeError(f"x must be a dict or array; got {type(x).__name__}")
        if named and not x:
            raise ValueError("x cannot be an empty dict")
        features = {k: np.asarray(v) for k, v in x.items()} if named else {"": x}
        if y is None:
            targets: dict[Any, Any] | None = None
        elif isinstance(y, Mapping):
            if not y:
                raise ValueError("y cannot be empty dict, use None instead.")
            targets = {k: np.asarray(v) for k, v in y.items()}
        else:
            targets = {"": np.asarray(y)}
        found = _batches(features, targets, batch_size, num_epochs, bool(shuffle))
        first, second = found if targets is not None else (found, None)
        first = first if named else first[""]
        if second is None:
            return first
        return first, (second if isinstance(y, Mapping) else second[""])

    return input_fn


def pandas_input_fn(
    x: Any,
    y: Any = None,
    batch_size: int = 128,
    num_epochs: int | None = 1,
    shuffle: bool | None = None,
    queue_capacity: int = 1000,
    num_threads: int = 1,
    target_column: str = "target",
) -> Callable[[], Any]:
    """A function that gives the next rows of a table in each run."""
    _check_shuffle(shuffle)
    if not isinstance(target_column, str):
        raise TypeError("target_column must be a string type")
    if y is not None and not x.index.equals(y.index):
        raise ValueError(
            f"Index for x and y are mismatched.\nIndex for x: {x.index}\nIndex for y: {y.index}\n"
        )
    features = {str(name): _column(x[name]) for name in x}
    if y is None:
        return numpy_input_fn(features, None, batch_size, num_epochs, shuffle)
    several = hasattr(y, "columns")
    targets: Any = {str(n): _column(y[n]) for n in y} if several else _column(y)
    return numpy_input_fn(features, targets, batch_size, num_epochs, shuffle)


def _column(series: Any) -> Any:
    return np.asarray(series)


def _check_shuffle(shuffle: Any) -> None:
    if not isinstance(shuffle, bool):
        raise ValueError(
            "shuffle must be provided and explicitly set as boolean "
            f"(it is recommended to set it as True for training); got {shuffle}"
        )


def _batches(
    features: dict[Any, Any],
    targets: dict[Any, Any] | None,
    batch_size: int,
    num_epochs: int | None,
    shuffle: bool,
) -> Any:
    """The next rows of all columns, as tensors."""
    columns = [*features.values(), *(targets or {}).values()]
    counts = {len(c) for c in columns}
    if len(counts) != 1:
        raise ValueError(
            "Length of tensors in x and y is mismatched. All elements in x and y must have the same "
            f"length: {sorted(counts)}"
        )
    arrays = [string_array(c) if c.dtype.kind in "OSU" else c for c in columns]

    def batches() -> Iterator[tuple[Any, ...]]:
        for rows in _rows(len(arrays[0]), batch_size, num_epochs, shuffle):
            yield tuple(a[rows] for a in arrays)

    types = tuple(as_dtype(a.dtype) for a in arrays)
    shapes = tuple(TensorShape([None, *a.shape[1:]]) for a in arrays)
    flat = Dataset.from_generator(batches, types, shapes).make_one_shot_iterator().get_next()
    first = dict(zip(features, flat, strict=False))
    if targets is None:
        return first
    return first, dict(zip(targets, flat[len(features) :], strict=True))


def _rows(
    count: int, batch_size: int, num_epochs: int | None, shuffle: bool
) -> Iterator[np.ndarray[Any, Any]]:
    """The numbers of the rows of each batch; a batch may reach from one epoch into the next."""
    held = np.zeros(0, np.int64)
    epoch = 0
    while num_epochs is None or epoch < num_epochs:
        order = _generator.permutation(count) if shuffle else np.arange(count)
        held = np.concatenate([held, order])
        epoch += 1
        while len(held) >= batch_size:
            yield held[:batch_size]
            held = held[batch_size:]
        if not count:
            break
    if len(held):
        yield held
