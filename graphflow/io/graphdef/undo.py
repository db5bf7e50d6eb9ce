"""An import that fails leaves the graph as it was."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from graphflow.ir.build import current_graph
from graphflow.ir.ledger import Ledger


@contextmanager
def undone_on_error() -> Iterator[None]:
    """Take back all nodes made inside the block in the current graph if it ends in an error."""
    graph = current_graph()
    size, names = len(graph.nodes), dict(graph.ledger.names)
    before = Made(graph.ledger)
    try:
        yield
    except BaseException:
        del graph.nodes[size:]
        before.restore()
        graph.ledger.names.clear()
        graph.ledger.names.update(names)
        raise


class Made:
    """What a ledger knew of nodes at some time."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._size, self._count = len(ledger.nodes_by_name), ledger.count

    def restore(self) -> None:
        """Forget the nodes that were made since then, in whatever body: they are the last ones."""
        while len(self._ledger.nodes_by_name) > self._size:
            self._ledger.nodes_by_name.popitem()
        self._ledger.count = self._count
