"""PyFunc: a node that calls a Python function, which the graph knows by a token.

The functions live beside the graph, never in a message: a graph read from a file has tokens and no functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.graph import Graph
from graphflow.ir.literal import string_array
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN

#: which class of error an exception of the function becomes; UnknownError where none is named
_CLASSES: tuple[tuple[type[BaseException], type[errors.OpError]], ...] = (
    (ValueError, errors.InvalidArgumentError),
    (TypeError, errors.InvalidArgumentError),
    (StopIteration, errors.OutOfRangeError),
    (MemoryError, errors.ResourceExhaustedError),
    (NotImplementedError, errors.UnimplementedError),
)


def functions(graph: Graph) -> dict[str, Callable[..., Any]]:
    """The functions of a graph by their tokens."""
    found: dict[str, Callable[..., Any]] = graph.notes.setdefault("python_functions", {})
    return found


def token_of(graph: Graph, function: Callable[..., Any]) -> str:
    """A new token for a function."""
    table = functions(graph)
    token = f"pyfunc_{len(table)}"
    table[token] = function
    return token


class PyFunc(Op):
    """What a Python function of arrays returns."""

    signature = "input:[Tin] -> output:[Tout]"
    stateful = True
    differentiable = False
    token: str
    Tout: tuple[DType, ...]

    def infer(self, xs: Sequence[Tensor]) -> Any:
        return (UNKNOWN,) * len(self.Tout)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        function = functions(node.graph).get(self.token)
        if function is None:
            raise errors.InvalidArgumentError(
                message=f"ValueError: callback {self.token} is not found: functions do not travel with a graph "
                "that is read from a file or a message"
            )
        try:
            returned = function(*map(_argument, inputs[0]))
        except (Exception, SystemExit) as error:
            raise _failure(error) from error
        return self._checked(_values(returned))

    def _checked(self, values: list[Any]) -> list[Any]:
        """The values as arrays of the declared types."""
        if len(values) != len(self.Tout):
            raise errors.InvalidArgumentError(
                message=f"{self.token} returns {len(values)} values, but expects to see {len(self.Tout)} values."
            )
        arrays = [_array(value) for value in values]
        for i, (array, dtype) in enumerate(zip(arrays, self.Tout, strict=True)):
            found = as_dtype(array.dtype)
            if found is not dtype.base_dtype:
                raise errors.InvalidArgumentError(
                    message=f"{i}-th value returned by {self.token} is {found.name}, but expects {dtype.name}"
                )
        return arrays


class PyFuncStateless(PyFunc):
    """What a Python function returns that gives the same for the same arrays."""

    stateful = False


def _argument(value: Any) -> Any:
    """An array of the function's own; a scalar as a scalar, text as bytes."""
    return value[()] if isinstance(value, np.ndarray) and value.ndim == 0 else np.array(value)


def _failure(error: BaseException) -> errors.OpError:
    kind = next((k for e, k in _CLASSES if isinstance(error, e)), errors.UnknownError)
    return kind(message=f"{type(error).__name__}: {error}")


def _values(returned: Any) -> list[Any]:
    if returned is None:
        return []
    return list(returned) if isinstance(returned, list | tuple) else [returned]


def _array(value: Any) -> Any:
    """A value as an array that nobody else holds."""
    try:
        array = np.array(value, order="C")
    except ValueError:
        array = np.array(value, dtype=object)
    if array.dtype.kind in "SU":
        return string_array(array)
    if array.dtype.kind == "O":
        odd = next((v for v in array.ravel() if not isinstance(v, str | bytes)), None)
        if odd is not None or not all(isinstance(v, str | bytes) for v in array.ravel()):
            raise errors.InternalError(message=f"Unsupported object type {type(odd).__name__}")
        return string_array(array)
    return array.astype(array.dtype.newbyteorder("="), copy=False)
