"""Checks that values are finite: tf.check_numerics, tf.verify_tensor_all_finite."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group, with_dependencies

__all__ = ["add_check_numerics_ops", "check_numerics", "verify_tensor_all_finite"]


def check_numerics(tensor: Any, message: str, name: str | None = None) -> Tensor:
    """The tensor, if all of it is finite when the graph runs."""
    out: Tensor = raw.CheckNumerics(tensor, message=message, name=name)
    return out


def verify_tensor_all_finite(
    t: Any = None,
    msg: str | None = None,
    name: str | None = None,
    x: Any = None,
    message: Any = None,
) -> Tensor:
    """The tensor, available after it has been checked to be finite."""
    x, message = one_of_two("x", x, "t", t), one_of_two("message", message, "msg", msg)
    with build.name_scope(name, "VerifyFinite", [x]):
        x = convert(x, name="x")
        with build.current_graph().colocate_with(x):
            out: Tensor = with_dependencies([check_numerics(x, message)], x)
            return out


def add_check_numerics_ops() -> Node:
    """A node that checks every float tensor of the graph, each after those made before it."""
    graph = build.current_graph()
    last: list[Tensor] = []
    for node in graph.get_operations():
        for output in node.outputs:
            if output.dtype.base_dtype.name in ("float16", "float32", "float64"):
                with graph.control_dependencies(last):
                    last = [check_numerics(output, f"{node.name}:{output.index}")]
    return group(*last)


assert_all_finite = verify_tensor_all_finite

NAMESPACES = {"debugging": ["assert_all_finite", "check_numerics"]}
