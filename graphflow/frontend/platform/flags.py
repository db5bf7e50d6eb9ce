"""tf.app.flags: command-line flags, defined where they are used and parsed when first read."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from graphflow.ir.report import did_you_mean

TRUE = ("true", "t", "1", "yes", "y")
FALSE = ("false", "f", "0", "no", "n")


class Error(Exception):
    """Something is wrong with a flag."""


class DuplicateFlagError(Error):
    """A flag was defined twice."""


class IllegalFlagValueError(Error):
    """A flag was given a value that it does not take."""


class UnrecognizedFlagError(Error):
    """The command line has a flag that nobody defined."""


class UnparsedFlagAccessError(Error):
    """A flag was read before the command line was parsed."""


class ValidationError(Error):
    """A flag's value was refused by its validator."""


class Flag:
    """One flag: how its text is read, its default and its value."""

    def __init__(
        self, name: str, default: Any, help_text: str, parse: Callable[[Any], Any], kind: str
    ) -> None:
        self.name, self.help, self._parse, self.kind = name, help_text, parse, kind
        self.default = None if default is None else parse(default)
        self.value = self.default
        self.present = 0
        self.multiple = False

    @property
    def boolean(self) -> bool:
        return self.kind == "boolean"

    def parse(self, text: Any) -> None:
        value = self.read(text)
        if self.multiple and self.present:
            self.value = [*(self.value or []), *value]
        else:
            self.value = value
        self.present += 1

    def read(self, text: Any) -> Any:
        try:
            return self._parse(text)
        except (TypeError, ValueError) as error:
            raise IllegalFlagValueError(f"flag --{self.name}={text}: {error}") from None


class FlagValues:
    """All flags of the program, as attributes."""

    def __init__(self) -> None:
        self.__dict__["_flags"] = {}
        self.__dict__["_parsed"] = False
        self.__dict__["_validators"] = []

    # ---- values ------------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        if name in ("__flags", "_FlagValues__flags"):
            # scripts of old look into this dictionary
            self._ensure_parsed()
            return self._flags
        flags = self.__dict__["_flags"]
        if name not in flags:
            hint = did_you_mean(name, flags)
            raise AttributeError(f"no flag is called {name!r}. {hint}".rstrip())
        self._ensure_parsed()
        return flags[name].value

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._flags:
            raise AttributeError(f"no flag is called {name!r}")
        self._flags[name].value = value
        self._flags[name].present += 1
        self._validate(name)

    def __delattr__(self, name: str) -> None:
        if name not in self._flags:
            raise AttributeError(name)
        del self._flags[name]

    def __getitem__(self, name: str) -> Flag:
        found: Flag = self._flags[name]
        return found

    def __setitem__(self, name: str, flag: Flag) -> None:
        if name in self._flags:
            raise DuplicateFlagError(f"The flag '{name}' is defined twice.")
        self._flags[name] = flag

    def __contains__(self, name: str) -> bool:
        return name in self._flags

    def __iter__(self) -> Iterator[str]:
        return iter(self._flags)

    def __len__(self) -> int:
        return len(self._flags)

    def __dir__(self) -> list[str]:
        return sorted(self._flags)

    def flag_values_dict(self) -> dict[str, Any]:
        return {name: flag.value for name, flag in self._flags.items()}

    def get_flag_value(self, name: str, default: Any) -> Any:
        value = self._flags[name].value if name in self._flags else None
        return default if value is None else value

    def set_default(self, name: str, value: Any) -> None:
        flag = self._flags[name]
        flag.default = flag.read(value)
        if not flag.present:
            flag.value = flag.default

    def is_parsed(self) -> bool:
        return bool(self._parsed)

    def mark_as_parsed(self) -> None:
        self.__dict__["_parsed"] = True

    def unparse_flags(self) -> None:
        for flag in self._flags.values():
            flag.value, flag.present = flag.default, 0
        self.__dict__["_parsed"] = False

    # ---- the command line ----------------------------------------------------------------------------

    def __call__(self, argv: Sequence[str], known_only: bool = False) -> list[str]:
        """Read the flags of a command line and return what is left of it, the program's name first."""
        if isinstance(argv, str):
            raise TypeError("argv should be a tuple/list of strings, not a string.")
        rest = [argv[0]] if argv else [""]
        items = list(argv[1:])
        at = 0
        while at < len(items):
            item = items[at]
            at += 1
            if item == "--":
                rest.extend(items[at:])
                break
            if not item.startswith("-") or item == "-":
                rest.append(item)
                continue
            name, equals, value = item.lstrip("-").partition("=")
            flag, negated = self._named(name)
            if flag is None:
                if not known_only:
                    hint = did_you_mean(name, self._flags)
                    raise UnrecognizedFlagError(
                        f"Unknown command line flag '{name}'. {hint}".rstrip()
                    )
                rest.append(item)
            elif flag.boolean and not equals:
                flag.parse(not negated)
            elif equals:
                flag.parse(value)
            elif at < len(items):
                flag.parse(items[at])
                at += 1
            else:
                raise Error(f"Missing value for flag --{name}")
        self.mark_as_parsed()
        for name in self._flags:
            self._validate(name)
        return rest

    def _named(self, name: str) -> tuple[Flag | None, bool]:
        flags = self._flags
        for spelling in (name, name.replace("-", "_")):
            if spelling in flags:
                return flags[spelling], False
            positive = spelling.removeprefix("no")
            if positive != spelling and positive in flags and flags[positive].boolean:
                return flags[positive], True
        return None, False

    def _ensure_parsed(self) -> None:
        if not self._parsed:
            # TensorFlow parses on first use, and leaves flags that are not ours to others
            self(sys.argv, known_only=True)

    def _parse_flags(self, args: Any = None) -> None:
        self(sys.argv if args is None else [sys.argv[0], *args], known_only=True)

    def _validate(self, changed: str) -> None:
        for names, check, message in self._validators:
            if changed in names and not check(
                {n: self._flags[n].value for n in names if n in self._flags}
            ):
                raise ValidationError(f"flag --{changed}: {message}")

    def add_validator(
        self, names: Sequence[str], check: Callable[[dict[str, Any]], bool], message: str
    ) -> None:
        self._validators.append((tuple(names), check, message))

    def get_help(self, prefix: str = "", include_special_flags: bool = True) -> str:
        """The flags with their defaults, a paragraph each."""
        lines = []
        for name in sorted(self._flags):
            flag = self._flags[name]
            spelt = f"--[no]{name}" if flag.boolean else f"--{name}"
            lines.append(f"{prefix}  {spelt}: {flag.help}")
            if flag.default is not None:
                lines.append(f"{prefix}    (default: {flag.default!r})")
        return "\n".join(lines)

    main_module_help = get_help


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


_PUBLIC = [
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
    "DuplicateFlagError",
    "Error",
    "FLAGS",
    "Flag",
    "FlagValues",
    "IllegalFlagValueError",
    "UnparsedFlagAccessError",
    "UnrecognizedFlagError",
    "ValidationError",
    "mark_flag_as_required",
    "mark_flags_as_required",
    "register_validator",
    "set_default",
    "validator",
]
NAMESPACES = {"app.flags": _PUBLIC, "flags": _PUBLIC}
