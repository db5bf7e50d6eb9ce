"""The flags of a program: their values, the command line they come from, and what can be wrong with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from graphflow.ir.report import did_you_mean


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
