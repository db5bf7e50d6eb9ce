"""Which variables a node writes, and which reads must see the value from before the run.

Within a run, a read of a variable that does not depend on an assignment of it sees the value from before
the run. TensorFlow left this open: what such a read saw depended on thread timing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor


def variable_of(tensor: Tensor) -> Node:
    """The node that holds the variable a reference refers to, looked up through bodies to the outside."""
    while True:
        node = tensor.node
        if node.inputs and _holds(node.inputs[0]):
            tensor = node.inputs[0]
            continue
        outer = captured(tensor)
        if outer is None:
            return node
        tensor = outer


def _holds(tensor: Tensor) -> bool:
    """Whether the tensor is a reference to a variable or a handle of one."""
    return tensor.dtype._is_ref_dtype or tensor.dtype.name == "resource"


def captured(tensor: Tensor) -> Tensor | None:
    """The outer tensor that an argument of a body stands for."""
    graph = tensor.graph
    if graph.outer is None or tensor.node.inputs:
        return None
    for outer, inner in graph.captures.items():
        if inner is tensor:
            return outer
    return None


def bodies(node: Node) -> list[Graph]:
    """The graphs that an op holds."""
    return [v for v in node.op.__dict__.values() if isinstance(v, Graph)]


def written(node: Node) -> set[Node]:
    """The variables that a run of this node may write, in its bodies too."""
    found: set[Node] = set()
    op = node.op
    if op.writes:
        sig = type(op).sig()
        if any(a.is_list for a in sig.inputs):
            found |= {variable_of(t) for t in node.inputs if _holds(t)}
        else:
            for arg, tensor in zip(sig.inputs, node.inputs, strict=True):
                if arg.name in op.writes:
                    found.add(variable_of(tensor))
    for body in bodies(node):
        found |= written_in(body.nodes)
    return found


def written_in(nodes: Iterable[Node]) -> set[Node]:
    """The variables that any of these nodes may write."""
    found: set[Node] = set()
    for node in nodes:
        if node.op.writes or any(True for _ in bodies(node)):
            found |= written(node)
    return found


def after_writes(nodes: Iterable[Node], dirty: set[Node]) -> dict[Node, set[Node]]:
    """For each node the variables that have been written by something it depends on, itself included.

    Nodes that no write precedes are left out. `dirty` are variables written before the first node.
    """
    seen: dict[Node, set[Node]] = {}
    for node in nodes:
        own = written(node) if node.op.writes or bodies(node) else set()
        merged: set[Node] | None = dirty or None
        for source in (*(t.node for t in node.inputs), *node.controls):
            theirs = seen.get(source)
            if theirs is not None and theirs is not merged:
                merged = theirs if merged is None else merged | theirs
        if own:
            merged = own if merged is None else merged | own
        if merged:
            seen[node] = merged
    return seen


def inputs_seen(
    node: Node, after: dict[Node, set[Node]], dirty: Collection[Node], fed: Collection[Tensor]
) -> Sequence[Tensor]:
    """The inputs of a node; in the place of an old value of a variable that it waits for a write of, the reference.

    A reference variable is read once, by the node called `read`, and TensorFlow hands on its very memory: a node
    that waits for a step of training, such as a moving average, sees what the step wrote.
    """
    waits = [
        after.get(source, dirty) for source in (*node.controls, *(t.node for t in node.inputs))
    ]
    if not any(waits):
        return node.inputs
    return [
        t.node.inputs[0] if _is_outdated(t, waits, after.get(t.node, dirty)) and t not in fed else t
        for t in node.inputs
    ]


def _is_outdated(tensor: Tensor, waits: Iterable[Collection[Node]], seen: Collection[Node]) -> bool:
    """Whether a tensor is a variable as it was read before a write that is waited for."""
    read = tensor.node
    if read.type != "Identity" or not read.inputs[0].dtype._is_ref_dtype:
        return False
    variable = variable_of(read.inputs[0])
    return variable not in seen and any(variable in w for w in waits)
