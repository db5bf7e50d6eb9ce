"""graphflow: a static dataflow-graph compiler and executor in the TensorFlow-1 style.

`import graphflow as tf` serves TensorFlow-1 programs. Names are looked up when they are used, so the import
itself is quick; `graphflow.public` says where each one lives.
"""

from __future__ import annotations

from typing import Any

from graphflow.public import face

#: the version of TensorFlow whose names and numbers these are: programs look at it to choose between spellings
__version__ = "1.15.5"

face.install()


def __getattr__(name: str) -> Any:
    return face.lookup("graphflow", name)


def __dir__() -> list[str]:
    return sorted({*globals(), *face.members("graphflow")})
