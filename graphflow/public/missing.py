"""Names of TensorFlow that graphflow does not have: they exist, and fail when used, saying what is missing.

Most programs mention such names in branches that never run, in annotations or in isinstance tests, so a
missing name is a class: it can be named, tested against and inherited from; only calling it fails.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class MissingName(type):
    """The class of classes that stand for missing names."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        shown = "tf." + cls.__dict__.get("_path", getattr(cls, "_path", cls.__name__))
        raise NotImplementedError(
            f"{shown} is a name of TensorFlow 1.15 that graphflow does not have. "
            "It failed here because it was called; naming it is harmless."
        )

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return missing(f"graphflow.{cls._path}.{name}")


def missing(path: str) -> Any:
    """A stand-in for the name at a dotted path such as "graphflow.keras.layers.GRU"."""
    path = path.removeprefix("graphflow.")
    return MissingName(
        path.rpartition(".")[2], (), {"_path": path, "__doc__": f"tf.{path}: not in graphflow."}
    )


def near_hint(name: str, names: Iterable[str]) -> str:
    """'; did you mean ...?' with the names nearest to `name`."""
    near = difflib.get_close_matches(name, list(names), 3, 0.7)
    return f"; did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
