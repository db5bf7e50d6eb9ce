"""tf.raw_ops: every op as a function."""

from __future__ import annotations

from typing import Any

import graphflow.ops  # noqa: F401  so that every op is known by its name
from graphflow.ir import raw
from graphflow.public.face import names_of_tensorflow
from graphflow.public.missing import missing

__all__ = ["raw_ops"]


class _RawOps:
    """Makes a node of the op whose name it is asked for; TensorFlow's other ops fail when called."""

    def __getattr__(self, name: str) -> Any:
        try:
            return getattr(raw, name)
        except AttributeError:
            if f"raw_ops.{name}" in names_of_tensorflow():
                return missing(f"raw_ops.{name}")
            raise


raw_ops = _RawOps()
