"""Values of raised control flow by the names they had: outputs of Switch, second outputs of Merge, insides of branches.

They have no node of their own outside of a body. One is made when somebody asks for the value by name.
"""

from __future__ import annotations

from collections.abc import Collection

from graphflow.io.graphdef.flat import Endpoint
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.pieces import add
from graphflow.ir.graph import STAND_INS
from graphflow.ir.node import Tensor
from graphflow.ops.bodies import seen_from


def stand_in(names: Names, own: Collection[str]) -> None:
    """Let the graph find the values of a file that have no node."""
    names.graph.notes.setdefault(STAND_INS, []).append(_StandIns(names, own))


class _StandIns:
    """What one file has besides its nodes."""

    def __init__(self, names: Names, own: Collection[str]) -> None:
        self._names, self._own = names, own
        self._originals = {full: name for name, full in names.spelling.renamed.items()}
        self._found: dict[Endpoint, Tensor | None] = {}

    def _name(self, full: str) -> str | None:
        """The name in the file of what is called so in the graph."""
        spelling = self._names.spelling
        name = self._originals.get(full) or full.removeprefix(spelling.prefix)
        return name if name in self._own and spelling.full(name) == full else None

    def make(self, full: str) -> None:
        """Make the node of that name, if it was put off."""
        name = self._name(full)
        if name is not None:
            self._names.made(name)

    def tensor(self, full: str, index: int) -> Tensor | None:
        """The tensor that was an output of the node of that name."""
        name = self._name(full)
        if name is None:
            return None
        endpoint = name, index
        if endpoint not in self._found:
            self._found[endpoint] = _found(self._names, endpoint)
        return self._found[endpoint]


def _found(names: Names, endpoint: Endpoint) -> Tensor | None:
    """The value of an endpoint, which fails to run where its branch is not taken; None for what lies in a loop."""
    graph, spelling = names.graph, names.spelling
    try:
        value = seen_from(graph, names.tensor(*endpoint, endpoint[0]))
    except ValueError:
        return None
    state = None if spelling.conditions is None else spelling.conditions.endpoint(endpoint)
    if not state or spelling.conditions is None:
        return value
    predicates = spelling.conditions.predicates
    conditions = [seen_from(graph, names.tensor(*predicates[p], endpoint[0])) for p, _ in state]
    label = fresh(graph, f"{spelling.full(endpoint[0])}/alive")
    branches = [bool(branch) for _, branch in state]
    return add(graph, "Alive", [value, conditions], label, branches=branches).outputs[0]
