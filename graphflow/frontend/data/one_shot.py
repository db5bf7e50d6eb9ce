"""The nodes of a dataset, copied into a body: a one-shot iterator makes its dataset by itself."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.assertions import Assert
from graphflow.ops.bodies import Body, uncounted
from graphflow.ops.dataset_elements import DatasetOp


def factory_of(dataset: Any) -> Body:
    """A body whose result is the dataset as an iterator gets it; it takes nothing from outside."""
    graph = current_graph()
    made = graph.notes.setdefault("dataset_factories", itertools.count())
    body = Body(graph)
    body.scope = f"Dataset_factory_{next(made)}"
    copy = _Copy(body)
    body.capture = copy.tensor
    with uncounted(graph):
        with body.as_default():
            final = dataset._apply_options()
        body.outputs = [copy.tensor(final._variant_tensor)]
    return body


class _Copy:
    """Nodes of other graphs as nodes of a body."""

    def __init__(self, body: Graph) -> None:
        self.body = body
        self.nodes: dict[Node, Node] = {}

    def tensor(self, tensor: Tensor) -> Tensor:
        """The copy of a tensor, with all that it is computed from."""
        if tensor.graph is self.body:
            return tensor
        for node in _in_order(tensor.node, self.nodes):
            _check(node)
            self.node(node)
        return self.nodes[tensor.node].outputs[tensor.index]

    def node(self, node: Node) -> None:
        inputs = [self.nodes[t.node].outputs[t.index] for t in node.inputs]
        attrs = dict(node.op.__dict__)
        inner = {k: self._body(v) for k, v in attrs.items() if isinstance(v, Graph)}
        op = node.op.replace(**inner) if inner else node.op
        name = f"{self.body.scope}/{node.name}"
        with self.body.control_dependencies([self.nodes[c] for c in node.controls]):
            self.nodes[node] = build.add(self.body, op, inputs, dict(node.type_attrs()), name)

    def _body(self, inner: Graph) -> Body:
        """A copy of a function."""
        made = Body(self.body, "Placeholder")
        copy = _Copy(made)
        for node in inner.nodes:
            copy.node(node)
        made.inputs = [copy.nodes[t.node].outputs[t.index] for t in inner.inputs]
        made.outputs = [copy.nodes[t.node].outputs[t.index] for t in inner.outputs]
        for outer, argument in inner.captures.items():
            if outer.node in self.nodes:
                outer = self.nodes[outer.node].outputs[outer.index]
            made.captures[outer] = copy.nodes[argument.node].outputs[argument.index]
        return made


def _in_order(last: Node, done: Iterable[Node]) -> list[Node]:
    """A node and what it needs, in the order in which they were made."""
    found: set[Node] = set()
    seen = set(done)
    todo = [last]
    while todo:
        node = todo.pop()
        if node in seen or node in found:
            continue
        found.add(node)
        todo.extend(node.controls)
        todo.extend(t.node for t in node.inputs)
    return sorted(found, key=lambda n: n.id)


def _check(node: Node) -> None:
    """ValueError for a node that a dataset factory cannot repeat."""
    if node.op.must_be_fed:
        raise ValueError(
            f"Cannot capture a placeholder (name:{node.name}, type:{node.type}) by value."
        )
    stateful = node.op.stateful or any(t.dtype._is_ref_dtype for t in node.outputs)
    if stateful and not isinstance(node.op, DatasetOp | Assert):
        raise ValueError(
            "Failed to create a one-shot iterator for a dataset. `Dataset.make_one_shot_iterator()` does not "
            "support datasets that capture stateful objects, such as a `Variable` or `LookupTable`. In these cases, "
            "use `Dataset.make_initializable_iterator()`. (Original error: Cannot capture a stateful node "
            f"(name:{node.name}, type:{node.type}) by value.)"
        )
