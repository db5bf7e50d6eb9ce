"""Nodes as NodeDef messages: most as they are, some that only graphflow has in terms of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from graphflow.io.graphdef.attributes import to_message
from graphflow.ir.dtype import as_dtype, int32, variant
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ops.control_flow import If

if TYPE_CHECKING:
    from graphflow.io.graphdef.function_writer import Functions


class NodeWriter:
    """Adds messages for nodes of one graph, or of one body, to a list of messages."""

    def __init__(
        self, messages: Any, functions: Functions, arguments: dict[Tensor, str] | None = None
    ) -> None:
        self.messages, self.functions = messages, functions
        #: how a function spells what it is given; None for a graph
        self.arguments = arguments
        #: how a graph spells what goes by another name there
        self.spelt: dict[Tensor, str] = {}

    def write(self, node: Node) -> Any:
        """The message of a node, after those of the helpers that it needs."""
        special = _SPECIAL.get(node.type)
        if special is not None:
            return special(self, node)
        inputs = [self.value(t) for t in node.inputs]
        attrs = attributes_of(node)
        if node.op.calls_later:
            for role, body in bodies_of(node):
                attrs[role] = self.functions.of_branch(node, body, role)
        return self.add(node.name, node.type, inputs, attrs, node)

    def add(
        self,
        name: str,
        op: str,
        inputs: Iterable[str],
        attrs: dict[str, Any],
        like: Node | None = None,
    ) -> Any:
        """One message; device, control edges and annotations are those of `like`."""
        message = self.messages.add(name=name, op=op)
        message.input.extend(inputs)
        fields: dict[str, str] = {}
        if like is not None:
            message.device = like.device
            message.input.extend(f"^{c.name}" for c in like.controls if c.type != "Arg")
            attrs = attrs | (like.extra or {})
            fields = like.op.fields
        for key in sorted(attrs):
            if attrs[key] is not None:
                message.attr[key].CopyFrom(to_message(attrs[key], fields.get(key, "")))
        return message

    def constant(self, name: str, value: Any) -> str:
        """A constant that helps to spell something."""
        literal = Literal(np.asarray(value))
        attrs = {"value": literal, "dtype": as_dtype(literal.array.dtype)}
        self.add(name, "Const", [], attrs)
        return self.output(name)

    def output(self, name: str, output: str = "output", index: int = 0) -> str:
        """How a message refers to an output of another one, which is its only one or the first of its kind."""
        if self.arguments is not None:
            return f"{name}:{output}:{index}"
        return f"{name}:{index}" if index else name

    def value(self, tensor: Tensor) -> str:
        """How a message refers to a tensor."""
        node = tensor.node
        if self.arguments is None:
            plain = f"{node.name}:{tensor.index}" if tensor.index else node.name
            return self.spelt.get(tensor, plain)
        given = self.arguments.get(tensor)
        if given is not None:
            return given
        return f"{node.name}:{_output_of(tensor)}"


def _output_of(tensor: Tensor) -> str:
    """The name of an output, and its number among those of that name."""
    node, at = tensor.node, 0
    attrs = node.type_attrs()
    for arg in type(node.op).sig().outputs:
        size = 1
        if arg.is_list:
            size = attrs[arg.count] if arg.count else len(attrs[arg.variable])
        if tensor.index < at + size:
            return f"{arg.name}:{tensor.index - at}"
        at += size
    raise AssertionError(f"{tensor} is none of the outputs of its op")


def attributes_of(node: Node) -> dict[str, Any]:
    """The attributes that TensorFlow's NodeDef of this op has: fields and types that follow from inputs."""
    return {k: v for k, v in node.type_attrs().items() if not isinstance(v, Graph)}


def bodies_of(node: Node) -> list[tuple[str, Graph]]:
    """The functions of a node by the attributes that hold them."""
    return [(k, v) for k, v in node.type_attrs().items() if isinstance(v, Graph)]


def needed_in(results: Sequence[Tensor]) -> set[Node]:
    """The nodes that these results need, in their own graph."""
    needed: set[Node] = set()
    todo: list[Node] = [t.node for t in results]
    while todo:
        node = todo.pop()
        if node not in needed:
            needed.add(node)
            todo.extend((*(t.node for t in node.inputs), *node.controls))
    return needed


# ---- what only graphflow has ---------------------------------------------------------------------------


def _if(writer: NodeWriter, node: Node) -> Any:
    if writer.arguments is None and writer.functions.is_flow(node):
        return writer.functions.write_flow(writer, node)
    op = node.op
    assert isinstance(op, If)
    attrs = attributes_of(node)
    attrs["then_branch"] = writer.functions.of_branch(node, op.then_branch, "true")
    attrs["else_branch"] = writer.functions.of_branch(node, op.else_branch, "false")
    attrs["output_shapes"] = [t.shape for t in node.outputs]
    attrs["_lower_using_switch_merge"] = True
    return writer.add(node.name, node.type, map(writer.value, node.inputs), attrs, node)


def _while(writer: NodeWriter, node: Node) -> Any:
    if writer.arguments is None and writer.functions.is_flow(node):
        return writer.functions.write_flow(writer, node)
    return writer.functions.write_loop(writer, node)


def _absent(writer: NodeWriter, node: Node) -> Any:
    """What nobody looks at: zeros, or a list of nothing."""
    dtype = node.op.__dict__["dtype"]
    if dtype is variant:
        scope = writer.functions.scope_of(node)
        sizes = [writer.constant(f"{scope}/{k}", np.int32(-1)) for k in ("shape", "most")]
        attrs = {"element_dtype": int32, "shape_type": int32}
        writer.add(f"{scope}/list", "EmptyTensorList", sizes, attrs)
        made = writer.output(f"{scope}/list", "handle")
        return writer.add(node.name, "Identity", [made], {"T": variant}, node)
    zeros = {"value": Literal(node.op.reference()), "dtype": dtype}
    return writer.add(node.name, "Const", [], zeros, node)


def _renamed(op: str) -> Callable[[NodeWriter, Node], Any]:
    def write(writer: NodeWriter, node: Node) -> Any:
        inputs = [writer.value(t) for t in node.inputs]
        return writer.add(node.name, op, inputs, attributes_of(node), node)

    return write


def _alive(writer: NodeWriter, node: Node) -> Any:
    x = node.inputs[0]
    return writer.add(node.name, "Identity", [writer.value(x)], {"T": x.dtype.base_dtype}, node)


def _list_concat(writer: NodeWriter, node: Node) -> Any:
    """Rows of a list below other rows; their order does not matter to those who add them up."""
    first, rows = node.inputs
    name, dtype = writer.functions.scope_of(node), first.dtype.base_dtype
    shape = {"T": dtype, "out_type": int32}
    writer.add(f"{name}/shape", "Shape", [writer.value(first)], shape)
    edges = [writer.constant(f"{name}/{k}", np.array([v], np.int32)) for k, v in _REST]
    masks = dict.fromkeys(("ellipsis_mask", "new_axis_mask", "shrink_axis_mask", "begin_mask"), 0)
    attrs = {"T": int32, "Index": int32, "end_mask": 1, **masks}
    writer.add(f"{name}/rest", "StridedSlice", [writer.output(f"{name}/shape"), *edges], attrs)
    any_size = writer.constant(f"{name}/any", np.array([-1], np.int32))
    axis = writer.constant(f"{name}/axis", np.int32(0))
    joined = {"N": 2, "T": int32, "Tidx": int32}
    writer.add(
        f"{name}/element", "ConcatV2", [any_size, writer.output(f"{name}/rest"), axis], joined
    )
    none = writer.constant(f"{name}/none", np.zeros(0, np.int64))
    writer.add(
        f"{name}/rows",
        "TensorListConcatV2",
        [writer.value(rows), writer.output(f"{name}/element"), none],
        {"element_dtype": dtype, "shape_type": int32},
    )
    parts = [writer.value(first), writer.output(f"{name}/rows", "tensor"), axis]
    return writer.add(node.name, "ConcatV2", parts, {"N": 2, "T": dtype, "Tidx": int32}, node)


_REST: Sequence[tuple[str, int]] = (("begin", 1), ("end", 0), ("strides", 1))

_SPECIAL: dict[str, Callable[[NodeWriter, Node], Any]] = {
    "If": _if,
    "StatelessIf": _if,
    "While": _while,
    "StatelessWhile": _while,
    "Absent": _absent,
    "Alive": _alive,
    "ListAdd": _renamed("AddN"),
    "ListZerosLike": _renamed("ZerosLike"),
    "ListConcat": _list_concat,
}
