"""Lists of unequal lengths as one array, numbers of classes as rows: tf.keras.preprocessing.sequence, tf.keras.utils."""

from __future__ import annotations

from typing import Any

import numpy as np

NAMESPACES = {
    "keras.preprocessing.sequence": ["pad_sequences"],
    "keras.utils": ["normalize", "to_categorical"],
}
__all__: list[str] = []

_ENDS = ("pre", "post")


def pad_sequences(
    sequences: Any,
    maxlen: int | None = None,
    dtype: Any = "int32",
    padding: str = "pre",
    truncating: str = "pre",
    value: Any = 0.0,
) -> Any:
    """The sequences as rows of one length: cut, or filled up with `value`, at one of their ends."""
    if not hasattr(sequences, "__len__"):
        raise ValueError("`sequences` must be iterable.")
    for row in sequences:
        if not hasattr(row, "__len__"):
            raise ValueError(f"`sequences` must be a list of iterables. Found non-iterable: {row}")
    filled = [row for row in sequences if len(row)]
    if maxlen is None:
        maxlen = max(len(row) for row in sequences)
    if isinstance(value, str) and dtype is not object and not np.issubdtype(dtype, np.str_):
        raise ValueError(
            f"`dtype` {dtype} is not compatible with `value`'s type: {type(value)}\n"
            "You should set `dtype=object` for variable length strings."
        )
    rest = np.shape(filled[0])[1:] if filled else ()
    found = np.full((len(sequences), maxlen, *rest), value, dtype)
    for i, row in enumerate(sequences):
        if not len(row):
            continue
        if truncating not in _ENDS:
            raise ValueError(f'Truncating type "{truncating}" not understood')
        # row[-0:] is the whole row, as in TensorFlow
        cut = np.asarray(row[-maxlen:] if truncating == "pre" else row[:maxlen], dtype)
        if cut.shape[1:] != rest:
            raise ValueError(
                f"Shape of sample {cut.shape[1:]} of sequence at position {i} "
                f"is different from expected shape {rest}"
            )
        if padding not in _ENDS:
            raise ValueError(f'Padding type "{padding}" not understood')
        found[i, slice(-len(cut), None) if padding == "pre" else slice(len(cut))] = cut
    return found


def to_categorical(y: Any, num_classes: int | None = None, dtype: Any = "float32") -> Any:
    """Numbers of classes as rows of zeros with a one."""
    classes = np.array(y, dtype=int)
    shape = classes.shape
    if len(shape) > 1 and shape[-1] == 1:
        shape = shape[:-1]
    classes = classes.ravel()
    count = num_classes or int(classes.max()) + 1
    found = np.zeros((len(classes), count), dtype)
    found[np.arange(len(classes)), classes] = 1
    return found.reshape((*shape, count))


def normalize(x: Any, axis: int = -1, order: Any = 2) -> Any:
    """The vectors along an axis, scaled to length one."""
    length = np.atleast_1d(np.linalg.norm(x, order, axis))
    length[length == 0] = 1
    return x / np.expand_dims(length, axis)
