"""The gradient of a composition inside the gradient of an op."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.node import Tensor
from graphflow.ops import idioms


def pull_back(
    f: Callable[..., Sequence[Tensor]], sources: Sequence[Tensor], grads: Sequence[Tensor | None]
) -> list[Tensor | None]:
    """Build f(*sources), and the gradients of the sources from the gradients of its results."""
    nodes = build.current_graph().nodes
    start = len(nodes)
    results = f(*sources)
    made = nodes[start:]
    received: dict[Tensor, list[Tensor]] = {}
    for result, g in zip(results, grads, strict=True):
        if g is not None:
            received.setdefault(result, []).append(g)

    def total(tensor: Tensor) -> Tensor | None:
        parts = received.get(tensor, [])
        return raw.AddN(parts) if len(parts) > 1 else parts[0] if parts else None

    wanted = set(sources)
    for node in made:
        if any(i in wanted for i in node.inputs):
            wanted.update(node.outputs)
    for node in reversed(made):
        outputs: list[Any] = [total(out) for out in node.outputs]
        if not node.op.differentiable or all(g is None for g in outputs):
            continue
        if not any(i in wanted for i in node.inputs):
            continue
        outputs = [
            idioms.zeros_like(out) if g is None else g
            for out, g in zip(node.outputs, outputs, strict=True)
        ]
        for tensor, g in zip(node.inputs, node.op.gradient(node, *outputs), strict=True):
            if g is not None and tensor in wanted:
                received.setdefault(tensor, []).append(g)
    return [total(source) for source in sources]
