"""Namespaces such as `tf.nn`: modules that look their members up in a table when they are first used."""

from __future__ import annotations

import functools
import importlib
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from graphflow.public import python_paths
from graphflow.public.missing import missing, near_hint
from graphflow.public.table import HOMES

_ROOT = "graphflow"
_ABSENT: Any = object()
#: namespaces that are another's second name
_SAME = {f"{_ROOT}.compat.v1": _ROOT}


@functools.cache
def _children() -> dict[str, dict[str, str]]:
    """namespace -> {member: "module:attribute", or "" where the member is a namespace}."""
    found: dict[str, dict[str, str]] = {_ROOT: {}}
    for module, names in HOMES.items():
        for public, attribute in names.items():
            space, _, last = f"{_ROOT}.{public}".rpartition(".")
            found.setdefault(space, {})[last] = f"{module}:{attribute}"
    for public, home in python_paths.NAMES.items():
        space, _, last = f"{_ROOT}.{public}".rpartition(".")
        found.setdefault(space, {})[last] = home
    for space in list(found):
        while space != _ROOT:
            space, _, last = space.rpartition(".")
            found.setdefault(space, {}).setdefault(last, "")
    return found


@functools.cache
def names_of_tensorflow() -> frozenset[str]:
    """Every public name of TensorFlow 1.15.5, dotted."""
    text = Path(__file__).with_name("tensorflow-1.15.5.txt").read_text(encoding="utf-8")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


@functools.cache
def _spaces_of_tensorflow() -> dict[str, frozenset[str]]:
    """namespace -> its members in TensorFlow; only what has members of its own is a namespace."""
    found: dict[str, set[str]] = {}
    for name in names_of_tensorflow():
        space, _, last = f"{_ROOT}.{name}".rpartition(".")
        found.setdefault(space, set()).add(last)
        while space != _ROOT:
            space, _, last = space.rpartition(".")
            found.setdefault(space, set()).add(last)
    return {space: frozenset(members) for space, members in found.items()}


def is_namespace(path: str) -> bool:
    """Whether "graphflow.nn" and the like name a module of the public face."""
    return (
        path in _children()
        or path in _spaces_of_tensorflow()
        or path in _SAME
        or python_paths.is_module(path.removeprefix(_ROOT + "."))
    )


def members(space: str) -> list[str]:
    """What the namespace holds, the names that are still missing left out."""
    return sorted(_children().get(space, ()))


def lookup(space: str, name: str) -> Any:
    """The member `name` of a namespace, imported now; AttributeError with a hint where there is none."""
    if name.startswith("__") and name.endswith("__"):
        if space in _SAME and name == "__version__":
            return getattr(sys.modules[_ROOT], name)
        if not _children().get(space, {}).get(name):
            raise AttributeError(name)
    own, space = space, _SAME.get(space, space)
    home = _children().get(space, {}).get(name)
    value: Any = _ABSENT
    if home:
        value = _imported(home)
    else:
        path = f"{space}.{name}"
        if is_namespace(path) or (space == _ROOT and importlib.util.find_spec(path) is not None):
            value = importlib.import_module(path)
        elif path.removeprefix(_ROOT + ".") in names_of_tensorflow():
            value = missing(path)
        else:
            value = _of_module(space.removeprefix(_ROOT + "."), name)
    if value is _ABSENT:
        shown = "tf" + space.removeprefix(_ROOT)
        known = {*_children().get(space, ()), *_spaces_of_tensorflow().get(space, ())}
        raise AttributeError(f"module {shown!r} has no attribute {name!r}{near_hint(name, known)}")
    setattr(sys.modules[own], name, value)
    return value


def _imported(home: str) -> Any:
    """What lies at "module:attribute"."""
    module, _, attribute = home.partition(":")
    return functools.reduce(getattr, attribute.split("."), importlib.import_module(module))


def _of_module(path: str, name: str) -> Any:
    """A name of one of TensorFlow's own modules, from where its names are; a stand-in where it is nowhere."""
    if not python_paths.is_module(path):
        return _ABSENT
    for source in python_paths.sources(path):
        if source.startswith(_ROOT + "."):
            value = getattr(importlib.import_module(source), name, _ABSENT)
            if value is not _ABSENT:
                return value
            continue
        home = _children().get(f"{_ROOT}.{source}".rstrip("."), {}).get(name)
        if home:
            return _imported(home)
    return missing(f"{path}.{name}")


class Namespace(ModuleType):
    """A module of the public face."""

    def __getattr__(self, name: str) -> Any:
        return lookup(self.__name__, name)

    def __setattr__(self, name: str, value: Any) -> None:
        # a module that is imported shall not hide a function of the same name beside it
        if not isinstance(value, Namespace) or not _children().get(self.__name__, {}).get(name):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*self.__dict__, *members(self.__name__)})


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Lets `import graphflow.contrib.slim` find a namespace that is no file."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(_ROOT + ".") or not is_namespace(fullname):
            return None
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType:
        module = Namespace(spec.name, f"The public names of tf{spec.name.removeprefix(_ROOT)}.")
        module.__path__ = []
        return module

    def exec_module(self, module: ModuleType) -> None:
        """The members come when they are asked for."""


def install() -> None:
    """Make the namespaces importable, after all that are files."""
    if not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.append(_Finder())
