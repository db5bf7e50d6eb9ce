"""tf.contrib.learn: vocabularies of documents, small tables, files that are there already."""

from __future__ import annotations

from typing import Any

from graphflow.public import face


def __getattr__(name: str) -> Any:
    return face.lookup(__name__, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *face.members(__name__)})
