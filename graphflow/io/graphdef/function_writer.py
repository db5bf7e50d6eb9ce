"""Bodies of If and While as functions in the library of a GraphDef."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.names import scopes_of
from graphflow.io.graphdef.node_writer import NodeWriter, needed_in
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor


class Functions:
    """Writes functions into a library, each under a name of its own; knows who writes what is no function."""

    def __init__(
        self,
        library: Any,
        write_loop: Callable[[NodeWriter, Node], Any],
        is_flow: Callable[[Node], bool],
        write_flow: Callable[[NodeWriter, Node], Any],
    ) -> None:
        self.library, self.write_loop = library, write_loop
        self.is_flow, self.write_flow = is_flow, write_flow
        self._scopes: set[str] | None = None

    def scope_of(self, node: Node) -> str:
        """A scope for what helps to write a node, in which the graph has nothing: its own name where that will do."""
        if self._scopes is None:
            names = node.graph.ledger.nodes_by_name
            self._scopes = {scope for name in names for scope in scopes_of(name)}
        scope, count = node.name, itertools.count(1)
        while scope in self._scopes:
            scope = f"{node.name}/parts_{next(count)}"
        return scope

    def of_branch(self, node: Node, body: Graph, role: str) -> FunctionName:
        """The function of a branch."""
        writer = FunctionWriter(self, function_name(node, role))
        for argument in body.inputs:
            writer.give(argument)
        writer.write_body(body, body.outputs)
        for tensor in body.outputs:
            writer.result(writer.nodes.value(tensor), tensor.dtype.base_dtype)
        return writer.finish()


def function_name(node: Node, role: str) -> str:
    """A name for a body of a node, which is as unique as the name of the node."""
    return f"{re.sub('_', '__', node.name).replace('/', '_')}_{role}"


class FunctionWriter:
    """One function as it is put together."""

    def __init__(self, functions: Functions, name: str) -> None:
        self.message = protos.FunctionDef()
        self.message.signature.name = name
        self.functions = functions
        self.nodes = NodeWriter(self.message.node_def, functions, {})
        self._taken: set[str] = set()

    def argument(self, name: str, dtype: DType) -> str:
        """One more argument: what nodes call it."""
        stem = re.sub("[^a-z0-9_]+", "_", name.rpartition("/")[2].lower())
        if not re.match("[a-z]", stem):
            stem = "a" + stem
        chosen, count = stem, 0
        while chosen in self._taken:
            count += 1
            chosen = f"{stem}_{count}"
        self._taken.add(chosen)
        self.message.signature.input_arg.add(name=chosen, type=dtype.base_dtype.as_datatype_enum)
        return chosen

    def give(self, tensor: Tensor) -> None:
        """One more argument, for a tensor of the body."""
        assert self.nodes.arguments is not None
        self.nodes.arguments[tensor] = self.argument(tensor.node.name, tensor.dtype)

    def write_body(self, body: Graph, results: Sequence[Tensor]) -> None:
        """The nodes of a body that its results need: a function would run others too, if they have state."""
        needed = needed_in(results)
        stateful = False
        for node in body.nodes:
            if node in needed and node.type != "Arg":
                self.nodes.write(node)
                stateful |= node.op.stateful
        self.message.signature.is_stateful |= stateful

    def result(self, value: str, dtype: DType) -> None:
        """One more result."""
        name = f"result_{len(self.message.ret)}"
        self.message.signature.output_arg.add(name=name, type=dtype.base_dtype.as_datatype_enum)
        self.message.ret[name] = value

    def finish(self) -> FunctionName:
        """Put the function into the library."""
        self.functions.library.function.append(self.message)
        return FunctionName(self.message.signature.name, {})
