"""Parts of a GraphDef: what some nodes need, and what inference does not need."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from graphflow.io import protos


def node_name(text: str) -> str:
    """The node that an input names: "x" of "^x" and of "x:1"."""
    return text[1:] if text.startswith("^") else text.partition(":")[0]


def check_graph_def(graph_def: Any) -> None:
    """TypeError for what is no GraphDef."""
    if getattr(getattr(graph_def, "DESCRIPTOR", None), "name", "") != "GraphDef":
        raise TypeError("graph_def must be a graph_pb2.GraphDef proto.")


def _needs(node: Any) -> list[str]:
    """The nodes that a node uses, or is to be placed beside."""
    found = [node_name(i) for i in node.input]
    if "_class" in node.attr:
        groups = (g.decode("utf-8", "replace") for g in node.attr["_class"].list.s)
        found.extend(g.removeprefix("loc:@") for g in groups if g.startswith("loc:@"))
    return found


def extract_sub_graph(graph_def: Any, dest_nodes: Iterable[str]) -> Any:
    """The nodes that these nodes need, in their order, with the functions of the whole."""
    check_graph_def(graph_def)
    if isinstance(dest_nodes, str):
        raise TypeError("dest_nodes must be a list.")
    wanted = list(dest_nodes)
    nodes = {n.name: n for n in graph_def.node}
    for name in wanted:
        if name not in nodes:
            raise AssertionError(f"{name} is not in graph")
    kept: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in kept:
            kept.add(name)
            wanted.extend(_needs(nodes[name]) if name in nodes else ())
    missing = sorted(kept - nodes.keys())
    if missing:
        raise KeyError(f"nodes of the graph use what it does not have: {missing[:3]}")
    out = protos.GraphDef()
    out.node.extend(n for n in graph_def.node if n.name in kept)
    out.library.CopyFrom(graph_def.library)
    out.versions.CopyFrom(graph_def.versions)
    return out


def remove_training_nodes(input_graph: Any, protected_nodes: Sequence[str] | None = None) -> Any:
    """The graph without CheckNumerics, and without each Identity that no control edge holds."""
    kept = set(protected_nodes or ())
    checks = {n.name: n for n in input_graph.node if n.op == "CheckNumerics" and n.name not in kept}
    nodes = [_without(n, checks) for n in input_graph.node if n.name not in checks]
    waited = {i[1:] for n in nodes for i in n.input if i.startswith("^")}
    passing = {
        n.name: n.input[0]
        for n in nodes
        if n.op == "Identity"
        and n.name not in kept | waited
        and n.input
        and not any(i.startswith("^") for i in n.input)
    }
    out = protos.GraphDef()
    for node in nodes:
        if node.name not in passing:
            inputs = [_followed(i, passing) for i in node.input]
            del node.input[:]
            node.input.extend(inputs)
            out.node.append(node)
    return out


def _without(node: Any, removed: Collection[str]) -> Any:
    """A copy of a node without the inputs that are removed nodes, as TensorFlow takes them out."""
    copied = protos.NodeDef()
    copied.CopyFrom(node)
    del copied.input[:]
    copied.input.extend(i for i in node.input if i.removeprefix("^") not in removed)
    return copied


def _followed(text: str, passing: dict[str, str]) -> str:
    """Where the value of an input really comes from."""
    seen = set()
    while text in passing and text not in seen:
        seen.add(text)
        text = passing[text]
    return text
