"""arg_scope: default arguments for functions, for as long as a block lasts."""

from __future__ import annotations

import contextvars
import functools
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

#: key of a function -> the arguments that it is given unless the call gives others
Scope = dict[str, dict[str, Any]]

_current: contextvars.ContextVar[Scope | None] = contextvars.ContextVar("arg_scope", default=None)
#: key of a decorated function -> the names of its arguments that have defaults
_decorated: dict[str, tuple[str, ...]] = {}


def current_arg_scope() -> Scope:
    """The arguments that hold here."""
    return _current.get() or {}


def arg_scope_func_key(op: Any) -> str:
    """What a function is called in scopes."""
    return str(getattr(op, "_key_op", str(op)))


def has_arg_scope(func: Any) -> bool:
    """Whether a function takes arguments from scopes."""
    return arg_scope_func_key(func) in _decorated


def arg_scoped_arguments(func: Any) -> tuple[str, ...]:
    """The names of the arguments that a scope can give."""
    if not has_arg_scope(func):
        raise AssertionError(f"{func} is not decorated with @add_arg_scope")
    return _decorated[arg_scope_func_key(func)]


def add_arg_scope(func: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: lets arg_scope give arguments to a function."""
    key = arg_scope_func_key(func)
    found = inspect.signature(func).parameters.values()
    _decorated[key] = tuple(p.name for p in found if p.default is not p.empty)

    @functools.wraps(func)
    def scoped(*args: Any, **kwargs: Any) -> Any:
        scope = _current.get()
        if scope and key in scope:
            kwargs = scope[key] | kwargs
        return func(*args, **kwargs)

    scoped.__dict__["_key_op"] = key
    return scoped


@contextmanager
def arg_scope(list_ops_or_scope: Any, **kwargs: Any) -> Iterator[Scope]:
    """`with arg_scope([conv2d], padding="VALID"):` calls inside have these arguments unless they give others.

    What `as` binds can be given to another arg_scope to bring the same arguments back.
    """
    if isinstance(list_ops_or_scope, dict):
        if kwargs:
            raise ValueError(
                "When attempting to re-use a scope by suppling a dictionary, kwargs must be empty."
            )
        scope = dict(list_ops_or_scope)
    elif isinstance(list_ops_or_scope, list | tuple):
        scope = dict(current_arg_scope())
        for op in list_ops_or_scope:
            if not has_arg_scope(op):
                where, name = getattr(op, "__module__", ""), getattr(op, "__name__", op)
                raise ValueError(f"{where}.{name} is not decorated with @add_arg_scope")
            key = arg_scope_func_key(op)
            scope[key] = scope.get(key, {}) | kwargs
    else:
        raise TypeError("list_ops_or_scope must either be a list/tuple or reused scope (i.e. dict)")
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": [
        *("add_arg_scope", "arg_scope", "arg_scoped_arguments", "current_arg_scope"),
        "has_arg_scope",
    ],
    "contrib.framework.python.ops": [
        *("add_arg_scope", "arg_scope", "arg_scope_func_key", "arg_scoped_arguments"),
        *("current_arg_scope", "has_arg_scope"),
    ],
    "contrib.slim": [
        *("add_arg_scope", "arg_scope", "arg_scope_func_key", "arg_scoped_arguments"),
        *("current_arg_scope", "has_arg_scope"),
    ],
}
