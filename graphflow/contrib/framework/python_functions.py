"""tf.contrib.framework.py_func: Python functions of structures, with keywords."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest, nest_paths, python_functions
from graphflow.ir.shape import as_shape


def py_func(
    func: Callable[..., Any],
    args: Any = (),
    kwargs: dict[str, Any] | None = None,
    output_types: Any = None,
    output_shapes: Any = None,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """What `func` returns for the arrays of its arguments, in the structure of `output_types`."""
    kwargs = {} if kwargs is None else kwargs
    for what, value, kind in (("args", args, list | tuple), ("kwargs", kwargs, dict)):
        if not isinstance(value, kind):
            raise TypeError(f"{what} must not be {type(value)}. args: {value}")
    types = output_types(*args, **kwargs) if callable(output_types) else output_types
    shapes = output_shapes(*args, **kwargs) if callable(output_shapes) else output_shapes
    structure = (args, kwargs)

    def call(*arrays: Any) -> list[Any]:
        given, named = nest.pack_sequence_as(structure, arrays)
        result = func(*given, **named)
        nest_paths.assert_shallow_structure(types, result)
        return nest.flatten(result)

    flat = python_functions.py_func(
        call, nest.flatten(structure), nest.flatten(types), stateful=stateful, name=name
    )
    if shapes is not None:
        known = nest.flatten(nest_paths.map_structure_up_to(types, as_shape, shapes))
        for tensor, shape in zip(flat, known, strict=False):
            tensor.set_shape(shape)
    return nest.pack_sequence_as(types, flat)


__all__: list[str] = []
NAMESPACES = {"contrib.framework": ["py_func"]}
