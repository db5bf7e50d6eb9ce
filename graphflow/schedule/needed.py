"""Pruning: the nodes that given results need when given tensors are fed."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from graphflow.ir.node import Node, Tensor


def needed(results: Iterable[Node | Tensor], fed: Collection[Tensor]) -> list[Node]:
    """Every node that must run, in the order of the graph; a fed tensor cuts off what makes it."""
    marked: set[Node] = set()
    todo: list[Node] = []
    for result in results:
        if isinstance(result, Node):
            todo.append(result)
        elif result not in fed:
            todo.append(result.node)
    while todo:
        node = todo.pop()
        if node in marked:
            continue
        marked.add(node)
        todo.extend(node.controls)
        if fed:
            todo.extend(t.node for t in node.inputs if t not in fed)
        else:
            todo.extend(t.node for t in node.inputs)
    # the ids of a graph are in topological order: no sort over edges is needed
    return sorted(marked, key=lambda n: n.id)
