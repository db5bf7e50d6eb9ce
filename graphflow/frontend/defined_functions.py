"""function.Defun: Python functions of tensors of declared types, with a gradient of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.custom_gradient import custom_gradient
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype
from graphflow.ir.node import Tensor

NAMESPACES = {"python.framework.function": ["Defun"]}
__all__: list[str] = []


class Defun:
    """Decorator: the nodes of the function are made anew at every call."""

    def __init__(self, *input_types: Any, **options: Any) -> None:
        self._types = [as_dtype(t) for t in input_types]
        self._options = options

    def __call__(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return DefinedFunction(func, self._types, self._options)


class DefinedFunction:
    """A function that converts what it is given to its declared types."""

    def __init__(self, func: Callable[..., Any], types: list[Any], options: dict[str, Any]) -> None:
        self._func, self._types = func, types
        self._grad_func = options.get("grad_func")
        self._python_grad_func = options.get("python_grad_func")
        self.name = options.get("func_name") or getattr(func, "__name__", "function")
        self.__name__, self.__doc__ = self.name, func.__doc__

    def __call__(self, *args: Any, **options: Any) -> Any:
        if self._types and len(args) != len(self._types):
            raise ValueError(
                f"Expected number of arguments: {len(self._types)}, received: {len(args)}"
            )
        with build.name_scope(options.get("name"), self.name, list(args)):
            types = self._types or [None] * len(args)
            tensors = [convert(a, t) for a, t in zip(args, types, strict=True)]
            if self._grad_func is None and self._python_grad_func is None:
                return self._func(*tensors)
            return custom_gradient(self._with_gradient)(*tensors)

    def _with_gradient(self, *tensors: Tensor) -> Any:
        result = self._func(*tensors)

        def gradient(*grads: Any) -> Any:
            if self._python_grad_func is not None:
                node = nest.flatten(result)[0].op
                return self._python_grad_func(node, *grads)
            assert self._grad_func is not None
            return self._grad_func(*tensors, *grads)

        return result, gradient
