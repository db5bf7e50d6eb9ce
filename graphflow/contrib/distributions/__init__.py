"""tf.contrib.distributions: kinds of random variables beside those of tf.distributions."""

from __future__ import annotations

from typing import Any

from graphflow.public import face


def __getattr__(name: str) -> Any:
    return face.lookup(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *face.members(__name__)})
