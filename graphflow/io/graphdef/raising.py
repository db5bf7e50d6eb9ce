"""Control flow of TensorFlow 1 raised: Switch, Merge, Enter, Exit and NextIteration become If and While."""

from __future__ import annotations

from collections.abc import Sequence

from graphflow.io.graphdef.branches import raise_branches
from graphflow.io.graphdef.conditions import MERGES, SWITCHES, Conditions
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.frames import raise_loops
from graphflow.io.graphdef.loop import ENTERS, EXITS, NEXTS
from graphflow.io.graphdef.names import Spelling
from graphflow.io.graphdef.order import Piece, in_order

#: ops that never reach the graph
V1_CONTROL_FLOW = SWITCHES | MERGES | ENTERS | EXITS | NEXTS | {"LoopCond", "ControlTrigger"}
#: op -> how many of its outputs are its first input by another name
_PASSING = dict.fromkeys(SWITCHES, 2) | dict.fromkeys((*ENTERS, *NEXTS, "LoopCond"), 1)


def raise_control_flow(flat: Sequence[FlatNode], spelling: Spelling) -> list[Piece]:
    """The nodes of a file as pieces in an order in which they can be built: nodes, branches, loops."""
    for node in flat:
        for name in node.controls:
            spelling.waiters.setdefault(name, set()).add(node.name)
        if node.op in _PASSING:
            _check_inputs(node, 2 if node.op in SWITCHES else 1)
            for output in range(_PASSING[node.op]):
                spelling.aliases[node.name, output] = node.inputs[0]
        if node.op in EXITS:
            _check_inputs(node, 1)
    pieces = in_order(raise_loops(flat))
    spelling.conditions = Conditions(pieces)
    return raise_branches(pieces, spelling.conditions)


def _check_inputs(node: FlatNode, count: int) -> None:
    if len(node.inputs) != count:
        raise ValueError(
            f"Node '{node.name}' ({node.op}) takes {count} inputs, {len(node.inputs)} are given"
        )
