"""Which outputs of a node in a function are called what: bodies of functions speak of outputs by name."""

from __future__ import annotations

from typing import Any

from graphflow.io.graphdef.flat import FlatNode
from graphflow.ir.op import REGISTRY

#: name of an output -> (number of its first tensor, how many there are)
Places = dict[str, tuple[int, int]]

#: ops that never reach the graph: their outputs, or the attribute with the types of a single list
_NAMED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(("Switch", "RefSwitch"), ("output_false", "output_true")),
    **dict.fromkeys(("Merge", "RefMerge"), ("output", "value_index")),
    **dict.fromkeys(("Enter", "RefEnter", "Exit", "RefExit"), ("output",)),
    **dict.fromkeys(("NextIteration", "RefNextIteration", "LoopCond"), ("output",)),
}
_LISTED = {
    **dict.fromkeys(("PartitionedCall", "StatefulPartitionedCall", "RemoteCall"), "Tout"),
    **dict.fromkeys(("If", "StatelessIf", "Case", "StatelessCase", "SymbolicGradient"), "Tout"),
    **dict.fromkeys(("While", "StatelessWhile"), "T"),
}


def output_places(node: FlatNode, functions: dict[str, Any]) -> Places:
    """The outputs of a node by name."""
    if node.op in _NAMED:
        return {name: (i, 1) for i, name in enumerate(_NAMED[node.op])}
    if node.op in _LISTED:
        types = node.attrs.get(_LISTED[node.op])
        return {"output": (0, len(types) if isinstance(types, tuple) else 0)}
    if node.op in functions:
        outputs = functions[node.op].signature.output_arg
        return {arg.name: (i, 1) for i, arg in enumerate(outputs)}
    if node.op not in REGISTRY:
        return {}
    places: Places = {}
    at = 0
    cls = REGISTRY[node.op]
    for arg in cls.sig().outputs:
        size = 1
        if arg.is_list:
            key = arg.count or arg.variable
            said = node.attrs.get(key, cls.defaults.get(key, 0))
            size = said if isinstance(said, int) else len(said) if isinstance(said, tuple) else 0
        places[arg.name] = at, size
        at += size
    return places
