"""Which results of a body are asked for: the others are not computed, as if each were a node of its own.

What a gradient once wanted of a forward body, a run without that gradient does not compute.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.schedule.needed import needed


def asked_outputs(node: Node, used: Collection[Tensor], waited: Collection[Node]) -> set[int]:
    """The outputs of an If or a While that somebody looks at; what waits for the node waits for its own results."""
    found = {i for i, t in enumerate(node.outputs) if t in used}
    if node.op.calls_later:
        return found
    return found | _own(node) if node in waited or not found else found


def _own(node: Node) -> set[int]:
    """The outputs that a node had before gradients asked for more."""
    if node.op.loops:
        return set(range(node.op.__dict__["carries"]))
    branches = [g for g in node.op.__dict__.values() if isinstance(g, Graph)]
    both = zip(*(b.outputs for b in branches), strict=True)
    return {i for i, ts in enumerate(both) if all(t.node.type != "Absent" for t in ts)}


def asked_results(node: Node, outputs: set[int]) -> dict[Graph, set[int]]:
    """For each body the results that these outputs come from, in this iteration or in an earlier one."""
    op = node.op.__dict__
    if node.op.calls_later:
        return {b: set(range(len(b.outputs))) for b in op.values() if isinstance(b, Graph)}
    if not node.op.loops:
        return {body: outputs for body in op.values() if isinstance(body, Graph)}
    cond, body, carries = op["cond"], op["body"], op["carries"]
    asked = set(outputs)
    if cond is not None:
        asked |= _arguments(cond, cond.outputs, carries)
    while True:
        more = _arguments(body, [body.outputs[i] for i in asked], carries) - asked
        if not more:
            break
        asked |= more
    found = {body: asked}
    if cond is not None:
        found[cond] = {0}
    return found


def _arguments(body: Graph, results: Iterable[Tensor], count: int) -> set[int]:
    """Which of the first arguments of a body these results depend on."""
    results = list(results)
    used = {t for n in needed(results, set(body.inputs)) for t in n.inputs} | set(results)
    return {i for i, t in enumerate(body.inputs[:count]) if t in used}
