"""Assignments in a text, such as "rate=0.1,sizes=[1,2],sizes[0]=3": what the values are, by the types they must have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_ASSIGNMENT = re.compile(
    r"""(?P<name>[a-zA-Z][\w\.]*) (\[\s*(?P<index>\d+)\s*\])? \s*=\s*
    ((?P<value>[^,\[]*) | \[(?P<values>[^\]]*)\]) ($|,\s*)""",
    re.VERBOSE,
)
_TRUTHS = {"true": True, "True": True, "false": False, "False": False}


def parse_values(
    values: str, type_map: Mapping[str, type], ignore_unknown: bool = False
) -> dict[str, Any]:
    """name -> value, list of values, or {index: value}; every name must have a type."""
    found: dict[str, Any] = {}
    at = 0
    while at < len(values):
        match = _ASSIGNMENT.match(values, at)
        if match is None:
            raise ValueError(f"Malformed hyperparameter value: {values[at:]}")
        at = match.end()
        name = match["name"]
        if name in type_map:
            _put(found, match, type_map[name], values)
        elif not ignore_unknown:
            raise ValueError(f"Unknown hyperparameter type for {name}")
    return found


def _put(found: dict[str, Any], match: re.Match[str], kind: type, text: str) -> None:
    name, index = match["name"], match["index"]

    def parsed(value: str) -> Any:
        try:
            return _reader(kind)(value)
        except ValueError:
            raise ValueError(
                f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{value}' in {text}"
            ) from None

    if match["values"] is not None:
        if index is not None:
            raise ValueError("Assignment of a list to a list index.")
        _check_new(name, found, text)
        found[name] = [parsed(v) for v in re.split("[ ,]", match["values"]) if v]
        return
    value = parsed(match["value"])
    if not index:
        _check_new(name, found, text)
        found[name] = value
        return
    elements = found.setdefault(name, {})
    if not isinstance(elements, dict):
        _check_new(name, found, text)
    _check_new(int(index), elements, text, f"{name}[{index}]")
    elements[int(index)] = value


def _check_new(key: Any, found: Mapping[Any, Any], text: str, name: str = "") -> None:
    if key in found:
        raise ValueError(f"Multiple assignments to variable '{name or key}' in {text}")


def _reader(kind: type) -> Callable[[str], Any]:
    return _truth if kind is bool else kind


def _truth(value: str) -> bool:
    known = _TRUTHS.get(value)
    return bool(int(value)) if known is None else known


NAMESPACES = {"contrib.training": ["parse_values"]}
