"""slim.model_analyzer: how large variables and nodes are."""

from __future__ import annotations

import sys
from typing import Any


def tensor_description(var: Any) -> str:
    """(type sizes), as in (float32_ref 3x4)."""
    return f"({var.dtype.name} {'x'.join(str(size) for size in var.shape)})"


def _told(lines: list[str], print_info: bool) -> None:
    if print_info:
        sys.stdout.write("\n".join(lines) + "\n")


def analyze_ops(graph: Any, print_info: bool = False) -> int:
    """How many elements all outputs of a graph have, those of unknown shape left out."""
    lines = ["---------", "Operations: name -> (type shapes) [size]", "---------"]
    total = 0
    for node in graph.get_operations():
        sizes = [out.shape.num_elements() or 0 for out in node.outputs]
        shown = ", ".join(tensor_description(out) for out in node.outputs if out.shape)
        lines.append(f"{node.name} \t-> {shown} [{sum(sizes)}]")
        total += sum(sizes)
    _told(lines, print_info)
    return total


def analyze_vars(variables: Any, print_info: bool = False) -> tuple[int, int]:
    """How many elements and bytes variables have."""
    lines = ["---------", "Variables: name (type shape) [size]", "---------"]
    total = size_in_bytes = 0
    for var in variables:
        size = var.shape.num_elements() or 0
        own = size * var.dtype.size
        lines.append(f"{var.name} {tensor_description(var)} [{size}, bytes: {own}]")
        total += size
        size_in_bytes += own
    lines += [
        f"Total size of variables: {total}",
        f"Total bytes of variables: {size_in_bytes}",
    ]
    _told(lines, print_info)
    return total, size_in_bytes


__all__: list[str] = []
NAMESPACES = {"contrib.slim.model_analyzer": ["analyze_ops", "analyze_vars", "tensor_description"]}
