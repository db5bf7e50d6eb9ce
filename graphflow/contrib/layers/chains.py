"""repeat and stack: one layer applied several times."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir.convert import convert


def _name(layer: Any, otherwise: str) -> str:
    """What the scopes of a layer are called."""
    function = layer if hasattr(layer, "__name__") else getattr(layer, "func", None)
    return str(getattr(function, "__name__", otherwise))


def repeat(inputs: Any, repetitions: int, layer: Any, *args: Any, **kwargs: Any) -> Any:
    """A layer applied to inputs, to the result, and so on."""
    scope = kwargs.pop("scope", None)
    with variable_scope(scope, "Repeat", [inputs]):
        outputs = convert(inputs)
        name = _name(layer, "repeat") if scope is None else scope
        for number in range(1, repetitions + 1):
            outputs = layer(outputs, *args, **{**kwargs, "scope": f"{name}_{number}"})
        return outputs


def stack(inputs: Any, layer: Any, stack_args: Any, **kwargs: Any) -> Any:
    """A layer applied to inputs, to the result, and so on, each time with other arguments."""
    scope = kwargs.pop("scope", None)
    if not isinstance(stack_args, list | tuple):
        raise ValueError("stack_args need to be a list or tuple")
    with variable_scope(scope, "Stack", [inputs]):
        outputs = convert(inputs)
        name = _name(layer, "stack") if scope is None else scope
        for number, given in enumerate(stack_args, 1):
            own = given if isinstance(given, list | tuple) else [given]
            outputs = layer(outputs, *own, **{**kwargs, "scope": f"{name}_{number}"})
        return outputs


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["repeat", "stack"],
    "contrib.layers.python.layers": ["repeat", "stack"],
    "contrib.layers.python.layers.layers": ["repeat", "stack"],
    "contrib.slim": ["repeat", "stack"],
}
