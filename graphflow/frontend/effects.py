"""What a graph prints, and what time it is: tf.Print, tf.print, tf.timestamp."""

from __future__ import annotations

import builtins
import logging
import os
import pprint
import random
import sys
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.platform import logging as tf_logging
from graphflow.frontend.strings import format as string_format
from graphflow.ir import raw
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import is_sparse

__all__ = ["Print", "print", "timestamp"]


def timestamp(name: str | None = None) -> Tensor:
    """Seconds since 1970, when the node runs."""
    found: Tensor = raw.Timestamp(name=name)
    return found


def Print(
    input_: Any,
    data: Any,
    message: str | None = None,
    first_n: int | None = None,
    summarize: int | None = None,
    name: str | None = None,
) -> Tensor:
    """The input; when it is computed, the first elements of `data` are printed to standard error."""
    found: Tensor = raw.Print(
        input_,
        data,
        message=message or "",
        first_n=-1 if first_n is None else first_n,
        summarize=3 if summarize is None else summarize,
        name=name,
    )
    return found


def print(
    *inputs: Any,
    output_stream: Any = None,
    summarize: int = 3,
    sep: str = " ",
    end: str = os.linesep,
    name: str | None = None,
) -> Node:
    """An op that prints its inputs, tensors among them, when it runs."""
    stream = _stream(sys.stderr if output_stream is None else output_stream)
    whole = inputs[0] if builtins.len(inputs) == 1 else None
    if isinstance(whole, Tensor) and whole.shape.rank == 0 and whole.dtype.base_dtype is string:
        text: Any = whole
    else:
        text = _formatted(inputs, summarize, sep, f"{name}_format" if name else None)
    node: Node = raw.PrintV2(text, output_stream=stream, end=end, name=name)
    return node


_LEVELS = {
    logging.INFO: "log(info)",
    logging.WARNING: "log(warning)",
    logging.ERROR: "log(error)",
    tf_logging.info: "log(info)",
    tf_logging.warn: "log(warning)",
    tf_logging.error: "log(error)",
    logging.info: "log(info)",
    logging.warning: "log(warning)",
    logging.error: "log(error)",
}


def _stream(given: Any) -> str:
    """The name of a stream, of a level of the log, or of a file."""
    if isinstance(given, str) and given.startswith("file://"):
        return given
    if given is sys.stdout:
        return "stdout"
    if given is sys.stderr:
        return "stderr"
    found = _LEVELS.get(given)
    if found is None:
        raise ValueError(
            f"Unsupported output stream, logging level, or file.{given}. Supported streams are sys.stdout, "
            "sys.stderr, tf.logging.info, tf.logging.warning, tf.logging.error. "
            "File needs to be in the form of 'file://<filepath>'."
        )
    return found


def _formatted(inputs: tuple[Any, ...], summarize: int, sep: str, name: str | None) -> Tensor:
    """The inputs as text, in which the tensors have places."""
    plain = nest.map_structure(lambda x: "" if _is_tensor(x) else x, inputs)
    place = _unused(" ".join(pprint.pformat(x) for x in plain))
    tensors: list[Any] = []
    parts = [_part(item, place, tensors) for item in inputs]
    template = sep.join(parts).replace(f"'{place}'", place)
    return string_format(template, tensors, placeholder=place, summarize=summarize, name=name)


def _is_tensor(value: Any) -> bool:
    return hasattr(value, "_as_tensor") or is_sparse(value)


def _unused(text: str) -> str:
    """A mark for the places of tensors that the text does not hold by itself."""
    place, digits = "{}", random.Random(5)
    while place in text:
        place += str(digits.randint(0, 9))
    return place


def _part(item: Any, place: str, tensors: list[Any]) -> str:
    """One input as text; its tensors are appended to `tensors`."""
    places = []
    for leaf in nest.flatten(item):
        if is_sparse(leaf):
            tensors.extend([leaf.indices, leaf.values, leaf.dense_shape])
            places.append(f"SparseTensor(indices={place}, values={place}, shape={place})")
        elif _is_tensor(leaf):
            tensors.append(leaf)
            places.append(place)
        else:
            places.append(leaf)
    if isinstance(item, str):
        return item
    return pprint.pformat(nest.pack_sequence_as(item, places))
