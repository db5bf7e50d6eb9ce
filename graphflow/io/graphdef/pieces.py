"""The pieces of a file put into a graph or a body, and what makes bodies of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from graphflow.io.graphdef.conditions import SWITCHES
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import build_node
from graphflow.ir import build
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import REGISTRY
from graphflow.ir.shape import TensorShape
from graphflow.ops.bodies import Arg, Body

#: passed through by name: see Spelling.aliases
_PASSING = SWITCHES | {"LoopCond"}


class ImportedBody(Body):
    """A body whose arguments are named under `label`."""

    def parameter(self, dtype: DType, shape: TensorShape, name: str) -> Tensor:
        made = build.add(self, Arg(dtype=dtype, shape=shape), [], {}, fresh(self, name))
        self.ledger.names.setdefault(made.name.lower(), 1)
        assert made.out is not None
        return made.out

    def argument(self, outer: Tensor) -> Tensor:
        last = outer.node.name.rpartition("/")[2]
        self.captures[outer] = made = self.parameter(
            outer.dtype, outer.shape, f"{self.label}/{last}"
        )
        return made


def build_pieces(pieces: Iterable[Any], names: Names) -> None:
    """Make the nodes of these pieces, which come in an order in which they can be made."""
    for piece in pieces:
        if not isinstance(piece, FlatNode):
            piece.build(names)
        elif piece.op == "ControlTrigger":
            build_node(replace(piece, op="NoOp", attrs={}), names)
        elif piece.op in names.library.functions or piece.op in names.library.makers:
            make = names.library.makers.get(piece.op, names.library.makers[""])
            make(piece, names)
        elif piece.op not in _PASSING:
            build_node(piece, names)


def add(graph: Graph, op: str, inputs: list[Any], name: str, **attrs: Any) -> Node:
    """A node that the file has no record of, put in to hold raised pieces together."""
    return build.restore(graph, REGISTRY[op], inputs, attrs, name)


def constant(graph: Graph, value: Any, name: str) -> Tensor:
    """A constant that the file has no record of."""
    array = np.asarray(value)
    node = add(graph, "Const", [], name, value=Literal(array), dtype=as_dtype(array.dtype))
    assert node.out is not None
    return node.out


def waited(body: Graph, nodes: Sequence[Node], name: str) -> Tensor:
    """A result that a body has once these nodes have run: whoever needs the body then runs them."""
    mark = constant(body, True, name)
    mark.node.controls = tuple(dict.fromkeys(nodes))
    return mark
