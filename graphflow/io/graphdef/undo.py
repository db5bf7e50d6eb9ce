"""An import that fails leaves the graph as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph


@contextmanager
def undone_on_error() -> Iterator[None]:
    """Take back all nodes made inside the block in the current graph if it ends in an error."""
    graph = current_graph()
    size, count, names = len(graph.nodes), graph.ledger.count, dict(graph.ledger.names)
    try:
        yield
    except BaseException:
        forget(graph, size)
        graph.ledger.count = count
        graph.ledger.names.clear()
        graph.ledger.names.update(names)
        raise


def forget(graph: Graph, size: int = 0) -> None:
    """Take back the nodes of a graph from the `size`th on, and those of the bodies that they hold."""
    for node in graph.nodes[size:]:
        graph.ledger.nodes_by_name.pop(node.name, None)
        for value in node.op.__dict__.values():
            if isinstance(value, Graph):
                forget(value)
    del graph.nodes[size:]
