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
    spelling = names.spelling
    originals = {full: name for name, full in spelling.renamed.items()}
    made: dict[Endpoint, Tensor] = {}

    def resolve(full: str, index: int) -> Tensor | None:
        name = originals.get(full) or full.removeprefix(spelling.prefix)
        endpoint = name, index
        if name not in own or spelling.full(name) != full:
            return None
        if endpoint not in made:
            found = _found(names, endpoint)
            if found is None:
                return None
            made[endpoint] = found
        return made[endpoint]

    names.graph.notes.setdefault(STAND_INS, []).append(resolve)


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
