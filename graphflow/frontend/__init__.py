"""Floor 6: TensorFlow 1's public functions, made of raw ops; what users touch."""

from __future__ import annotations

import graphflow.ops  # noqa: F401  every public function makes nodes: the ops must be known by name
