"""Sizes of states and outputs: a batch size in front of what a cell says of one example."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims
from graphflow.ir.convert import const
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import sequence


def sizes_joined(prefix: Any, suffix: Any) -> Tensor:
    """The vector of the sizes in `prefix` and then those in `suffix`."""
    (front, _), (back, _) = _vector(prefix, "prefix"), _vector(suffix, "suffix")
    if front is None or back is None:
        raise ValueError(f"Provided a prefix or suffix of None: {prefix} and {suffix}")
    return concat((front, back), 0)


def shape_joined(prefix: Any, suffix: Any) -> TensorShape:
    """What is known of these sizes when the graph is built."""
    (_, front), (_, back) = _vector(prefix, "prefix"), _vector(suffix, "suffix")
    return front.concatenate(back)


def _vector(sizes: Any, what: str) -> tuple[Tensor | None, TensorShape]:
    """Sizes as a vector, None where some are unknown, and as a static shape."""
    if isinstance(sizes, Tensor):
        known = constant_value(sizes)
        if sizes.shape.rank == 0:
            sizes = expand_dims(sizes, 0)
        elif sizes.shape.rank != 1:
            raise ValueError(
                f"{what} tensor must be either a scalar or vector, but saw tensor: {sizes}"
            )
        if known is None:
            return sizes, TensorShape(None)
        return sizes, TensorShape(np.reshape(known, -1).tolist())
    shape = as_shape(sizes)
    # a node of its own each time, used or not: TensorFlow makes it too
    vector = const(np.array(shape.as_tuple(), np.int32), int32) if shape.is_static else None
    return vector, shape


def zeros_of_sizes(batch_size: Any, sizes: Any, dtype: Any) -> Any:
    """Zeros for a batch, in the structure of `sizes`."""

    def zeros(size: Any) -> Tensor:
        made = idioms.zeros(sizes_joined(batch_size, size), dtype)
        made.set_shape(shape_joined(batch_size, size))
        return made

    return nest.map_structure(zeros, sizes)


def known_shape(size: Any) -> TensorShape:
    """What is known of a size, or of a tensor that holds it."""
    return as_shape(constant_value(size) if isinstance(size, Tensor) else size)


def batch_size_of(flat_input: Any) -> Any:
    """The batch size of time-major inputs: an int where one of them tells it, else a tensor."""
    for x in flat_input:
        if x.shape.rank is None:
            continue
        if x.shape.rank < 2:
            raise ValueError(f"Expected input tensor {x} to have rank at least 2")
        known = x.shape[1].value
        if known is not None:
            return known
    return idioms.shape(flat_input[0])[1]


def time_and_batch_swapped(x: Tensor) -> Tensor:
    """The tensor with its first two axes swapped; what has not two stays as it is."""
    shape = x.shape
    if shape.rank is not None and shape.rank < 2:
        return x
    rest = sequence(2, idioms.rank(x))
    swapped = transpose(x, concat(([1, 0], rest), axis=0))
    if shape.known is not None:
        batch, time, *others = shape.known
        swapped.set_shape(TensorShape.of((time, batch, *others)))
    return swapped


def state_dtype(explicit: Any, state: Any) -> Any:
    """The type of a state, which all its parts share."""
    if explicit is not None:
        return explicit
    if not nest.is_sequence(state):
        return state.dtype
    found = [part.dtype for part in nest.flatten(state)]
    if not found:
        raise ValueError("Unable to infer dtype from empty state.")
    if any(dtype != found[0] for dtype in found):
        raise ValueError(
            "State has tensors of different inferred_dtypes. Unable to infer a "
            "single representative dtype."
        )
    return found[0]


def check_cell(what: str, cell: Any) -> None:
    """TypeError unless `cell` has what the loops ask of a cell."""
    wanted: list[tuple[Callable[[], bool], str]] = [
        (lambda: _has(cell, "output_size"), "'output_size' property is missing"),
        (lambda: _has(cell, "state_size"), "'state_size' property is missing"),
        (
            lambda: _has(cell, "get_initial_state") or _has(cell, "zero_state"),
            "either 'zero_state' or 'get_initial_state' method is required",
        ),
        (lambda: callable(cell), "is not callable"),
    ]
    lacks = [text for holds, text in wanted if not holds()]
    if lacks:
        raise TypeError(f"The argument {what!r} ({cell}) is not an RNNCell: {', '.join(lacks)}.")


def _has(cell: Any, name: str) -> bool:
    try:
        getattr(cell, name)
    except AttributeError:
        return False
    return True


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": {
        "best_effort_input_batch_size": "batch_size_of",
        "transpose_batch_time": "time_and_batch_swapped",
    },
    "python.ops.rnn": {
        "_best_effort_input_batch_size": "batch_size_of",
        "_concat": "sizes_joined",
        "_transpose_batch_time": "time_and_batch_swapped",
    },
    "python.ops.rnn_cell_impl": {
        "_zero_state_tensors": "zeros_of_sizes",
        "assert_like_rnncell": "check_cell",
    },
}
