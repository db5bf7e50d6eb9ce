"""Decorators that warn, once, of functions and arguments of old."""

from __future__ import annotations

import functools
import inspect
import logging
from collections.abc import Callable
from typing import Any

_log = logging.getLogger("tensorflow")
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _when(date: str | None) -> str:
    return "in a future version" if date is None else f"after {date}"


def _warner(
    applies: Callable[[dict[str, Any]], list[str]], message: str, warn_once: bool = True
) -> Decorator:
    """A decorator that warns of what `applies` finds among the arguments of a call."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        signature = inspect.signature(function)
        warned: set[str] = set()

        @functools.wraps(function)
        def warning(*args: Any, **kwargs: Any) -> Any:
            found = applies(dict(signature.bind_partial(*args, **kwargs).arguments))
            for name in found:
                if not (warn_once and name in warned):
                    warned.add(name)
                    where = f"{function.__module__}.{function.__qualname__}"
                    _log.warning(message.format(where=where, name=name))
            return function(*args, **kwargs)

        return warning

    return decorate


def deprecated(date: str | None, instructions: str, warn_once: bool = True) -> Decorator:
    """Calls of the function warn that it will go."""
    message = (
        "{where} is deprecated and will be removed "
        f"{_when(date)}.\nInstructions for updating:\n{_plain(instructions)}"
    )
    return _warner(lambda _: [""], message, warn_once)


def deprecated_args(
    date: str | None, instructions: str, *deprecated_arg_names_or_tuples: Any, **kwargs: Any
) -> Decorator:
    """Calls with these arguments warn that the arguments will go."""
    names = [n if isinstance(n, str) else n[0] for n in deprecated_arg_names_or_tuples]
    harmless = {n[0]: n[1:] for n in deprecated_arg_names_or_tuples if not isinstance(n, str)}
    message = (
        "calling {where} with {name} is deprecated and will be removed "
        f"{_when(date)}.\nInstructions for updating:\n{_plain(instructions)}"
    )

    def applies(given: dict[str, Any]) -> list[str]:
        return [n for n in names if n in given and given[n] not in harmless.get(n, ())]

    return _warner(applies, message, kwargs.get("warn_once", True))


def deprecated_arg_values(
    date: str | None, instructions: str, warn_once: bool = True, **deprecated_kwargs: Any
) -> Decorator:
    """Calls with these values of arguments warn that the values will go."""
    message = (
        "calling {where} with {name} is deprecated and will be removed "
        f"{_when(date)}.\nInstructions for updating:\n{_plain(instructions)}"
    )

    def applies(given: dict[str, Any]) -> list[str]:
        return [
            f"{name}={value}"
            for name, value in deprecated_kwargs.items()
            if name in given and given[name] == value
        ]

    return _warner(applies, message, warn_once)


def _plain(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": ["deprecated", "deprecated_arg_values", "deprecated_args"],
    "contrib.slim": ["deprecated", "deprecated_arg_values"],
    "python.util.deprecation": ["deprecated", "deprecated_arg_values", "deprecated_args"],
}
