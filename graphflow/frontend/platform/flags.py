"""tf.app.flags: command-line flags, defined where they are used and parsed when first read."""

from __future__ import annotations

import csv
from collections.abc import Callable
from typing import Any

from graphflow.frontend.platform.flag_values import (
    DuplicateFlagError,
    Error,
    Flag,
    FlagValues,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
    ValidationError,
)

TRUE = ("true", "t", "1", "yes", "y")
FALSE = ("false", "f", "0", "no", "n")


FLAGS = FlagValues()


def _define(
    name: str, default: Any, help_text: str, parse: Callable[[Any], Any], kind: str, flags: Any
) -> Flag:
    flag = Flag(name, default, help_text or "", parse, kind)
    (FLAGS if flags is None else flags)[name] = flag
    return flag


def _truth(value: Any) -> bool:
    if isinstance(value, str):
        if value.lower() in TRUE:
            return True
        if value.lower() in FALSE:
            return False
    elif value in (0, 1):
        return bool(value)
    raise ValueError("Non-boolean argument to boolean flag")


def _whole(value: Any) -> int:
    if isinstance(value, str):
        return int(value, 16 if value.lower().lstrip("-").startswith("0x") else 10)
    if isinstance(value, float) and not value.is_integer():
        raise TypeError(f"Expect argument to be a string or int, found {type(value)}")
    return int(value)


def _items(value: Any) -> list[str]:
    if isinstance(value, list | tuple):
        return list(value)
    if not value:
        return []
    return [item.strip() for item in next(csv.reader([value], strict=True))]


def _many(parse: Callable[[Any], Any]) -> Callable[[Any], list[Any]]:
    def several(value: Any) -> list[Any]:
        return [parse(v) for v in value] if isinstance(value, list | tuple) else [parse(value)]

    return several


def DEFINE_string(name: str, default: Any, help: Any, flag_values: Any = None, **args: Any) -> Flag:
    """A flag of any text."""
    return _define(name, default, help, str, "string", flag_values)


def DEFINE_boolean(
    name: str, default: Any, help: Any, flag_values: Any = None, **args: Any
) -> Flag:
    """A flag that is given as --name or --noname."""
    return _define(name, default, help, _truth, "boolean", flag_values)


DEFINE_bool = DEFINE_boolean


def _bounded(parse: Callable[[Any], Any], lower: Any, upper: Any) -> Callable[[Any], Any]:
    def checked(value: Any) -> Any:
        number = parse(value)
        if (lower is not None and number < lower) or (upper is not None and number > upper):
            raise ValueError(f"{number} is not in [{lower}, {upper}]")
        return number

    return checked


def DEFINE_integer(
    name: str,
    default: Any,
    help: Any,
    lower_bound: Any = None,
    upper_bound: Any = None,
    flag_values: Any = None,
    **args: Any,
) -> Flag:
    """A flag of a whole number."""
    return _define(
        name, default, help, _bounded(_whole, lower_bound, upper_bound), "integer", flag_values
    )


def DEFINE_float(
    name: str,
    default: Any,
    help: Any,
    lower_bound: Any = None,
    upper_bound: Any = None,
    flag_values: Any = None,
    **args: Any,
) -> Flag:
    """A flag of a number."""
    return _define(
        name, default, help, _bounded(float, lower_bound, upper_bound), "float", flag_values
    )


def DEFINE_list(name: str, default: Any, help: Any, flag_values: Any = None, **args: Any) -> Flag:
    """A flag of texts between commas."""
    return _define(name, default, help, _items, "list", flag_values)


def DEFINE_spaceseplist(
    name: str, default: Any, help: Any, flag_values: Any = None, **args: Any
) -> Flag:
    """A flag of texts between spaces."""

    def words(value: Any) -> list[str]:
        return value.split() if isinstance(value, str) else list(value)

    return _define(name, default, help, words, "list", flag_values)


def DEFINE_enum(
    name: str,
    default: Any,
    enum_values: Any,
    help: Any,
    flag_values: Any = None,
    **args: Any,
) -> Flag:
    """A flag of one of some texts."""

    def one(value: Any) -> str:
        if value not in enum_values:
            raise ValueError(f"value should be one of <{'|'.join(enum_values)}>")
        return str(value)

    return _define(name, default, help, one, "enum", flag_values)


def _define_multi(
    name: str, default: Any, help_text: Any, parse: Callable[[Any], Any], flags: Any
) -> Flag:
    flag = _define(name, default, help_text, _many(parse), "multi", flags)
    flag.multiple = True
    return flag


def DEFINE_multi_string(
    name: str, default: Any, help: Any, flag_values: Any = None, **args: Any
) -> Flag:
    return _define_multi(name, default, help, str, flag_values)


def DEFINE_multi_integer(
    name: str, default: Any, help: Any, flag_values: Any = None, **args: Any
) -> Flag:
    return _define_multi(name, default, help, _whole, flag_values)


def DEFINE_multi_float(
    name: str, default: Any, help: Any, flag_values: Any = None, **args: Any
) -> Flag:
    return _define_multi(name, default, help, float, flag_values)


def mark_flag_as_required(flag_name: str, flag_values: Any = None) -> None:
    """The program does not start without this flag."""
    mark_flags_as_required([flag_name], flag_values)


def mark_flags_as_required(flag_names: Any, flag_values: Any = None) -> None:
    flags = FLAGS if flag_values is None else flag_values
    for name in flag_names:
        flags.add_validator([name], lambda values: None not in values.values(), "must have a value")


def register_validator(
    flag_name: str, checker: Any, message: str = "Flag validation failed", flag_values: Any = None
) -> None:
    """`checker(value)` must hold."""
    flags = FLAGS if flag_values is None else flag_values
    flags.add_validator([flag_name], lambda values: checker(values[flag_name]), message)


def validator(
    flag_name: str, message: str = "Flag validation failed", flag_values: Any = None
) -> Any:
    def decorate(checker: Any) -> Any:
        register_validator(flag_name, checker, message, flag_values)
        return checker

    return decorate


def set_default(flag_holder: Any, value: Any) -> None:
    FLAGS.set_default(flag_holder.name, value)


_CLASSES = (
    DuplicateFlagError,
    Error,
    Flag,
    FlagValues,
    IllegalFlagValueError,
    UnparsedFlagAccessError,
    UnrecognizedFlagError,
    ValidationError,
)
_PUBLIC = [c.__name__ for c in _CLASSES] + [
    "DEFINE_bool",
    "DEFINE_boolean",
    "DEFINE_enum",
    "DEFINE_float",
    "DEFINE_integer",
    "DEFINE_list",
    "DEFINE_multi_float",
    "DEFINE_multi_integer",
    "DEFINE_multi_string",
    "DEFINE_spaceseplist",
    "DEFINE_string",
    "FLAGS",
    "mark_flag_as_required",
    "mark_flags_as_required",
    "register_validator",
    "set_default",
    "validator",
]
NAMESPACES = {"app.flags": _PUBLIC, "flags": _PUBLIC}
