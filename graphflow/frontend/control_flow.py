"""Control flow, as TensorFlow gathers it under one name."""

from __future__ import annotations

from graphflow.frontend.assertions import Assert
from graphflow.frontend.branch_building import cond
from graphflow.frontend.cases import case, switch_case
from graphflow.frontend.control_edges import group, no_op, tuple
from graphflow.frontend.loop_building import while_loop
from graphflow.ops.dependencies import with_dependencies as with_dependencies

__all__ = ["Assert", "case", "cond", "group", "no_op", "switch_case", "tuple", "while_loop"]
NAMESPACES = {
    "debugging": ["Assert"],
    "python.ops.control_flow_ops": [
        *("Assert", "case", "cond", "group", "no_op", "switch_case", "tuple", "while_loop"),
        "with_dependencies",
    ],
}
