"""tf.py_func: Python functions of arrays as nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ops.python_functions import token_of

__all__ = ["numpy_function", "py_func"]


def py_func(
    func: Callable[..., Any],
    inp: Any,
    Tout: Any,
    stateful: bool = True,
    name: str | None = None,
) -> Any:
    """What `func` returns for the arrays of `inp`: a tensor, or a list where Tout is one."""
    if not callable(func):
        raise ValueError(f"Expected func to be callable, got func of type {type(func)}")
    several = isinstance(Tout, list | tuple)
    make = raw.PyFunc if stateful else raw.PyFuncStateless
    token = token_of(current_graph(), func)
    result = make(inp, token=token, Tout=Tout if several else [Tout], name=name)
    return result if several else result[0]


def numpy_function(func: Callable[..., Any], inp: Any, Tout: Any, name: str | None = None) -> Any:
    """What `func` returns for the arrays of `inp`."""
    return py_func(func, inp, Tout, True, name)
