"""What is true of every well-formed graph, as one list."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.shape import TensorShape
from graphflow.ir.signature import split

Complaints = Iterator[str]


class InvalidGraph(ValueError):
    """A graph breaks an invariant; the text lists every breach."""


def position(graph: Graph, at: int, node: Node) -> Complaints:
    """A node knows its graph and its place in it."""
    if node.graph is not graph:
        yield "belongs to another graph"
    if node.id != at:
        yield f"stands at {at} but has the id {node.id}"


def name(graph: Graph, at: int, node: Node) -> Complaints:
    """Names are unique, and the ledger finds a node by its name."""
    if graph.ledger.nodes_by_name.get(node.name) is not node:
        yield "is not what the graph finds under its name"


def inputs_first(graph: Graph, at: int, node: Node) -> Complaints:
    """What a node needs stands before it, in the same graph."""
    for tensor in node.inputs:
        if tensor.node.graph is not graph:
            yield f"takes {tensor.name} from another graph"
        elif tensor.node.id >= at:
            yield f"takes {tensor.name}, which comes after it"
        elif tensor.node.outputs[tensor.index] is not tensor:
            yield f"takes a tensor that is not an output of '{tensor.node.name}'"
    for other in node.controls:
        if other.graph is not graph:
            yield f"waits for '{other.name}' of another graph"
        elif other.id >= at:
            yield f"waits for '{other.name}', which comes after it"


def signature(graph: Graph, at: int, node: Node) -> Complaints:
    """Inputs agree with the signature of the op in number and type."""
    sig = type(node.op).sig()
    if not any(a.is_list for a in sig.inputs) and len(node.inputs) != len(sig.inputs):
        yield f"has {len(node.inputs)} inputs, its op takes {len(sig.inputs)}"
        return
    bound = node.type_attrs()
    grouped = split(sig.inputs, node.inputs, bound)
    for arg, given in zip(sig.inputs, grouped, strict=True):
        for i, tensor in enumerate(given if arg.is_list else [given]):
            want = arg.dtype or bound[arg.variable]
            want = want[i] if isinstance(want, list | tuple) else want
            if tensor.dtype.base_dtype is not want:
                yield f"takes {tensor.dtype.name} for '{arg.name}', which is {want.name}"
            if arg.is_ref and not tensor.dtype._is_ref_dtype:
                yield f"takes a plain value for the reference '{arg.name}'"
            allowed = sig.allowed.get(arg.variable)
            if allowed is not None and tensor.dtype.base_dtype not in allowed:
                yield f"takes {tensor.dtype.name} for '{arg.name}', which its op does not allow"


def outputs(graph: Graph, at: int, node: Node) -> Complaints:
    """Outputs have the types that the op declares and shapes that agree with what it infers."""
    op = node.op
    bound = node.type_attrs()
    dtypes = op.result_types(node.inputs, bound)
    if [t.dtype for t in node.outputs] != dtypes[: len(node.outputs)]:
        yield f"has outputs {[t.dtype.name for t in node.outputs]}, its op declares {[d.name for d in dtypes]}"
        return
    for i, tensor in enumerate(node.outputs):
        if tensor.node is not node or tensor.index != i:
            yield f"has an output {i} that says it is {tensor.name}"
    try:
        shapes = op.infer(*split(type(op).sig().inputs, node.inputs, bound)) if dtypes else ()
    except ValueError as error:
        yield f"has inputs that its op refuses: {error}"
        return
    for tensor, shape in zip(
        node.outputs, [shapes] if isinstance(shapes, TensorShape) else shapes, strict=False
    ):
        if not tensor.shape.is_compatible_with(shape):
            yield f"has an output of shape {tensor.shape}, its op infers {shape}"


def attributes(graph: Graph, at: int, node: Node) -> Complaints:
    """An op has all its attributes, and no others."""
    if set(node.op.__dict__) != set(node.op.fields):
        yield f"has an op with attributes {sorted(node.op.__dict__)}, not {sorted(node.op.fields)}"


def inner_graphs(graph: Graph, at: int, node: Node) -> Complaints:
    """Bodies lie inside this graph and are well-formed themselves."""
    for value in node.op.__dict__.values():
        if isinstance(value, Graph):
            if value.outer is not graph:
                yield "holds a body that does not lie inside this graph"
            for tensor in (*value.inputs, *value.outputs):
                if tensor.graph is not value:
                    yield f"holds a body that gives or takes {tensor.name}, which is not in it"
            yield from problems(value)


#: every invariant of a graph, the more basic ones first: (graph, position, node) -> what is wrong
INVARIANTS: tuple[Callable[[Graph, int, Node], Complaints], ...] = (
    position,
    name,
    inputs_first,
    attributes,
    signature,
    outputs,
    inner_graphs,
)


def problems(graph: Graph) -> Complaints:
    """Every breach of an invariant, one text each."""
    for at, node in enumerate(graph.nodes):
        for invariant in INVARIANTS:
            found = list(invariant(graph, at, node))
            yield from (f"'{node.name}' ({node.type}) {c}  [{invariant.__name__}]" for c in found)
            if found:
                break  # the later ones take the earlier ones for granted


def verify(graph: Graph) -> None:
    """Raise InvalidGraph with every breach, if there is one."""
    found = list(problems(graph))
    if found:
        raise InvalidGraph(f"{len(found)} problems in the graph:\n  " + "\n  ".join(found))
