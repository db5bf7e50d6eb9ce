"""tf_inspect, tf_decorator and function_utils: looking at Python functions through their decorators."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

NAMESPACES = {
    "python.util.function_utils": [
        *("fn_args", "get_func_code", "get_func_name", "has_kwargs"),
    ],
    "python.util.tf_decorator": ["make_decorator", "unwrap"],
    "python.util.tf_inspect": ["ArgSpec", "getargspec"],
}
__all__: list[str] = []


class ArgSpec(NamedTuple):
    """What a function takes by name or position."""

    args: list[str]
    varargs: str | None
    keywords: str | None
    defaults: tuple[Any, ...] | None


def getargspec(func: Any) -> ArgSpec:
    """The arguments of a function, without those that can only be given by name."""
    found = inspect.getfullargspec(func)
    return ArgSpec(found.args, found.varargs, found.varkw, found.defaults)


def fn_args(fn: Any) -> tuple[str, ...]:
    """The names of the arguments; of a method or a partial function those that are still to be given."""
    if isinstance(fn, functools.partial):
        given = set((fn.keywords or {}).keys())
        return tuple(a for a in fn_args(fn.func)[len(fn.args) :] if a not in given)
    call = fn if inspect.isroutine(fn) or inspect.isclass(fn) else type(fn).__call__
    names = inspect.getfullargspec(call).args
    bound = inspect.ismethod(fn) or call is not fn
    return tuple(names[1:] if bound and names else names)


def has_kwargs(fn: Any) -> bool:
    """Whether a function takes any names."""
    if isinstance(fn, functools.partial):
        fn = fn.func
    elif not inspect.isroutine(fn):
        if not callable(fn):
            raise TypeError(f"fn should be a function-like object, but is of type {type(fn)}.")
        fn = type(fn).__call__
    return inspect.getfullargspec(fn).varkw is not None


def get_func_name(func: Any) -> str:
    """The name of a function or of what stands for one."""
    _, inner = unwrap(func)
    if isinstance(inner, functools.partial):
        return get_func_name(inner.func)
    name: str = getattr(inner, "__name__", type(inner).__name__)
    return name


def get_func_code(func: Any) -> Any:
    return getattr(unwrap(func)[1], "__code__", None)


def make_decorator(
    target: Callable[..., Any], decorator_func: Callable[..., Any], *_: Any, **__: Any
) -> Callable[..., Any]:
    """The decorating function, made to look like the decorated one."""
    return functools.wraps(target)(decorator_func)


def unwrap(maybe_decorated: Any) -> tuple[list[Any], Any]:
    """The decorators around a function, and the function."""
    decorators = []
    while hasattr(maybe_decorated, "__wrapped__"):
        decorators.append(maybe_decorated)
        maybe_decorated = maybe_decorated.__wrapped__
    return decorators, maybe_decorated
