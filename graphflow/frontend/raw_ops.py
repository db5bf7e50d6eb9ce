"""tf.raw_ops: every op as a function."""

from __future__ import annotations

import graphflow.ops  # noqa: F401  so that every op is known by its name
from graphflow.ir import raw as raw_ops

__all__ = ["raw_ops"]
