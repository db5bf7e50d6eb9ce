"""Datasets of what Python generators yield."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graphflow.frontend.data import nesting
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.elements import declared
from graphflow.frontend.data.specs import TensorSpec
from graphflow.frontend.data.traced_functions import Traced, types_of
from graphflow.frontend.python_functions import numpy_function
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int32, int64
from graphflow.ir.literal import string_array
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape

_WHERE = "Dataset.from_generator()"


class _Generators:
    """The generators that are being gone through, by their numbers."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self._function = function
        self._lock = threading.Lock()
        self._numbers = itertools.count()
        self._waiting: dict[int, tuple[Any, ...]] = {}
        self._running: dict[int, Iterator[Any]] = {}

    def number(self, *args: Any) -> Any:
        with self._lock:
            found = next(self._numbers)
        self._waiting[found] = args
        return np.array(found, np.int64)

    def next(self, number: int) -> Any:
        if number not in self._running:
            self._running[number] = iter(self._function(*self._waiting.pop(number)))
        return next(self._running[number])

    def end(self, number: int) -> Any:
        self._running.pop(number, None)
        return np.array(0, np.int64)


def generated(
    of_tensors: Callable[[Any], Any],
    wrap: Callable[[Made], Any],
    generator: Any,
    output_types: Any,
    output_shapes: Any,
    args: Any,
) -> Any:
    """A dataset of what `generator(*args)` yields, anew in each iteration."""
    if not callable(generator):
        raise TypeError("`generator` must be callable.")
    if output_shapes is None:
        output_shapes = nesting.mapped(lambda _: TensorShape(None), output_types)
    else:
        output_shapes = nesting.mapped_up_to(output_types, as_shape, output_shapes)
    tensors = [convert(a, name=f"args_{i}") for i, a in enumerate(args or ())]
    types = [as_dtype(t) for t in nesting.flatten(output_types)]
    shapes = nesting.flatten(output_shapes)
    generators = _Generators(generator)

    def values(number: Any) -> list[Any]:
        return _checked(generators.next(int(number)), output_types, types, shapes)

    def start(_: Tensor) -> Any:
        return numpy_function(generators.number, tensors, int64)

    def following(number: Tensor) -> Any:
        found = numpy_function(values, [number], types)
        for tensor, shape in zip(found, shapes, strict=True):
            tensor.set_shape(shape)
        return nesting.pack(output_types, found)

    def end(number: Tensor) -> Any:
        return numpy_function(generators.end, [number], int64)

    def elements(dummy: Tensor) -> Any:
        init = Traced(start, _WHERE, TensorSpec([], int32))
        step = Traced(following, _WHERE, TensorSpec([], int64))
        last = Traced(end, _WHERE, TensorSpec([], int64))
        made = raw.GeneratorDataset(
            [dummy, *init.captured],
            step.captured,
            last.captured,
            init_func=init.body,
            next_func=step.body,
            finalize_func=last.body,
            Tinit_func_args=[int32, *types_of(init)],
            Tnext_func_args=types_of(step),
            **declared(step.structure),
        )
        return wrap(Made(made, step.structure))

    return of_tensors(0).flat_map(elements)


def _checked(
    value: Any, output_types: Any, types: list[DType], shapes: list[TensorShape]
) -> list[Any]:
    """A yielded element as arrays of the declared types and shapes."""
    try:
        leaves = nesting.flatten_up_to(output_types, value)
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that did not match the expected structure. The expected structure "
            f"was {output_types}, but the yielded element was {value}."
        ) from None
    return [_array(*given) for given in zip(leaves, types, shapes, strict=True)]


def _array(value: Any, dtype: DType, shape: TensorShape) -> Any:
    try:
        array = string_array(value) if dtype.kind == "s" else np.asarray(value, dtype=dtype.numpy)
    except (TypeError, ValueError):
        raise TypeError(
            "`generator` yielded an element that could not be converted to the expected type. The expected type "
            f"was {dtype.name}, but the yielded element was {value}."
        ) from None
    if not shape.is_compatible_with(array.shape):
        raise ValueError(
            f"`generator` yielded an element of shape {array.shape} where an element of shape {shape} was expected."
        )
    return array
