"""Python functions of elements as bodies: called once, with tensors that stand for any element."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

from graphflow.frontend.data.elements import (
    flat_specs,
    from_tensors,
    structure_of,
    to_tensors,
)
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ops.bodies import Body, loosened, seen_from
from graphflow.ops.dataset_elements import DatasetOp
from graphflow.ops.random import Random


class Traced:
    """A function of an element: its body, what it uses from outside, and the structure of what it returns."""

    def __init__(self, function: Callable[..., Any], where: str, structure: Any) -> None:
        self.structure: Any = None
        self._where = where
        graph = current_graph()
        self.body = Body(graph, "Placeholder")
        self.body.scope = _prefix(graph, where)
        ledger = graph.ledger
        before, ledger.count = ledger.count, 0
        try:
            with self.body.as_default():
                self._trace(function, structure)
        finally:
            # the nodes of a function are none of the graph's own: they count for themselves
            ledger.count = before
        self.captured = list(self.body.captures)
        self.body.inputs += self.body.captures.values()

    def _trace(self, function: Callable[..., Any], structure: Any) -> None:
        body = self.body
        for i, spec in enumerate(flat_specs(structure)):
            body.inputs.append(body.parameter(spec.dtype, loosened(spec.shape), f"args_{i}"))
        arguments = from_tensors(structure, body.inputs)
        if type(arguments) is not tuple:
            arguments = (arguments,)
        returned = function(*arguments)
        if isinstance(returned, list):
            returned = tuple(returned)
        try:
            self.structure = structure_of(returned)
        except (TypeError, ValueError):
            raise TypeError(
                f"Unsupported return value from function passed to {self._where}: {returned}."
            ) from None
        results = [seen_from(body, t) for t in to_tensors(self.structure, returned)]
        effects = [n for n in body.nodes if _has_effect(n)]
        with body.control_dependencies(effects):
            body.outputs = [raw.Identity(t) if effects else t for t in results]


def _has_effect(node: Node) -> bool:
    """Whether a node runs even where nobody uses its result."""
    return node.op.stateful and not isinstance(node.op, Random | DatasetOp)


def _prefix(graph: Graph, where: str) -> str:
    """A scope for the nodes of a function that no node of the graph has, without taking a name from the user's."""
    stem = where.removesuffix("()").replace(".", "_")
    made = graph.notes.setdefault("function_scopes", itertools.count())
    return f"{stem}_function_{next(made)}"


def types_of(function: Traced) -> list[DType]:
    """The types of what a function uses from outside."""
    return [t.dtype.base_dtype for t in function.captured]
