"""Fetches of any structure: lists, tuples, namedtuples, dicts, names, variables, sparse tensors, ops."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from graphflow.ir import report
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices, IndexedSlicesValue
from graphflow.ir.node import Node, Tensor

#: puts values back into the structure that was fetched
Rebuild = Callable[[Sequence[Any]], Any]


class Fetches:
    """The tensors and nodes behind a structure of fetches, and the way back."""

    __slots__ = ("rebuild", "targets", "tensors")

    def __init__(self, graph: Graph, structure: Any) -> None:
        self.tensors: list[Tensor] = []
        self.targets: list[Node] = []
        self._index(graph, structure)

    def _index(self, graph: Graph, structure: Any) -> None:
        places: dict[Tensor, int] = {}
        nodes: dict[Node, None] = {}
        self.rebuild = _walk(graph, structure, places, nodes)
        self.tensors.extend(places)
        self.targets.extend(nodes)


def _walk(graph: Graph, item: Any, places: dict[Tensor, int], nodes: dict[Node, None]) -> Rebuild:
    if item is None:
        raise TypeError(
            "Fetch argument None has invalid type <class 'NoneType'>: nothing to fetch there"
        )
    if isinstance(item, list):
        parts = [_walk(graph, i, places, nodes) for i in item]
        return lambda values: [p(values) for p in parts]
    if isinstance(item, tuple):
        parts = [_walk(graph, i, places, nodes) for i in item]
        make = type(item)._make if hasattr(item, "_make") else type(item)
        return lambda values: make(p(values) for p in parts)
    if isinstance(item, Mapping):
        keys = list(item)
        parts = [_walk(graph, item[k], places, nodes) for k in keys]
        kind: Any = type(item)
        return lambda values: kind(zip(keys, (p(values) for p in parts), strict=True))
    if hasattr(item, "__attrs_attrs__"):
        names = [a.name for a in item.__attrs_attrs__]
        parts = [_walk(graph, getattr(item, n), places, nodes) for n in names]
        kind = type(item)
        return lambda values: kind(*(p(values) for p in parts))
    if isinstance(item, IndexedSlices):
        members = [item.values, item.indices, item.dense_shape]
        parts = [_walk(graph, m, places, nodes) for m in members if m is not None]
        padding = (None,) * (3 - len(parts))
        return lambda values: IndexedSlicesValue(*(p(values) for p in parts), *padding)
    if hasattr(item, "_fetch_components"):
        # a composite, such as a SparseTensor, says what it is made of and how values become one again
        members, build = item._fetch_components()
        parts = [_walk(graph, m, places, nodes) for m in members]
        return lambda values: build(*(p(values) for p in parts))
    return _leaf(_element(graph, item), places, nodes)


def _leaf(element: Tensor | Node, places: dict[Tensor, int], nodes: dict[Node, None]) -> Rebuild:
    if isinstance(element, Node):
        nodes[element] = None
        return lambda values: None
    at = places.setdefault(element, len(places))
    return lambda values: values[at]


def _element(graph: Graph, item: Any) -> Tensor | Node:
    try:
        element = graph.as_graph_element(item)
    except TypeError as error:
        raise TypeError(
            f"Fetch argument {item!r} has invalid type {type(item)}, must be a string or Tensor. ({error})"
        ) from None
    except ValueError as error:
        raise ValueError(
            f"Fetch argument {item!r} cannot be interpreted as a Tensor. ({error})"
        ) from None
    except KeyError as error:
        name = str(item).partition(":")[0]
        hint = report.did_you_mean(name, graph.ledger.nodes_by_name)
        why = error.args[0].removesuffix(hint).rstrip()
        raise ValueError(
            report.problem(
                f"Fetch argument {item!r} cannot be interpreted as a Tensor. ({why})",
                at=report.here(),
                hint=hint,
                then="[op.name for op in sess.graph.get_operations()] lists every name",
            )
        ) from None
    node = element if isinstance(element, Node) else element.node
    if node.graph is not graph and isinstance(element, Tensor):
        found = graph.outside_of_nodes(node.name, element.index)
        if found is not None:
            return found
    while isinstance(element, Node) and node.graph is not graph and node.graph.stand_in is not None:
        element = node = node.graph.stand_in(node)
    if node.graph is not graph:
        raise ValueError(
            report.problem(
                f"Fetch argument {item!r} lives inside a branch or loop body and has no value outside of it.",
                at=node.where,
                hint="return it from the body, and fetch what tf.cond or tf.while_loop returns",
                then="",
            )
        )
    if node in graph.unfetchable:
        raise ValueError(f"Operation '{node.name}' has been marked as not fetchable.")
    return element
