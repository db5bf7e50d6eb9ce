"""If and While in terms of Switch, Merge, Enter and Exit: bodies that write variables cannot be functions.

A function takes values. What assigns to a variable of TensorFlow 1 takes a reference to it, which only goes through
control flow of TensorFlow 1.
"""

from __future__ import annotations

from typing import Any

from graphflow.io.graphdef.node_writer import NodeWriter, needed_in
from graphflow.ir.dtype import bool_
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.control_flow import If, While


def takes_references(node: Node) -> bool:
    """Whether something in the bodies of a node needs a variable itself, not its value."""
    bodies = [v for v in node.op.__dict__.values() if isinstance(v, Graph)]
    return any(_refers(inner) or takes_references(inner) for body in bodies for inner in body.nodes)


def _refers(node: Node) -> bool:
    args = type(node.op).sig().inputs
    return any(a.is_ref for a in args) and any(t.node.type == "Arg" for t in node.inputs)


def can_be_flow(node: Node) -> bool:
    """Whether a node can be written so: histories and lists need functions."""
    op = node.op
    if isinstance(op, While):
        simple = op.cond is not None and not op.scanned and len(op.body.outputs) == op.carries
        return simple and op.carries > 0
    return isinstance(op, If)


def write_flow(writer: NodeWriter, node: Node) -> Any:
    """The messages of a node and of all that its bodies hold; the last one has its name and runs when all has run."""
    results = _write_if(writer, node) if isinstance(node.op, If) else _write_while(writer, node)
    writer.spelt.update(zip(node.outputs, results, strict=True))
    message = writer.add(node.name, "NoOp", [f"^{r.partition(':')[0]}" for r in results], {})
    message.device = node.device
    return message


def _through(
    writer: NodeWriter, op: str, name: str, tensor: Tensor, inputs: list[str], **attrs: Any
) -> str:
    """A node that lets a value, or a reference, through."""
    prefix = "Ref" if tensor.dtype._is_ref_dtype else ""
    writer.add(name, prefix + op, inputs, {"T": tensor.dtype.base_dtype, **attrs})
    return name


def _write_if(writer: NodeWriter, node: Node) -> list[str]:
    name, op = writer.functions.scope_of(node), node.op
    assert isinstance(op, If)
    before = [f"^{c.name}" for c in node.controls]
    condition = f"{name}/pred_id"
    writer.add(condition, "Identity", [writer.value(node.inputs[0]), *before], {"T": bool_})
    writer.add(f"{name}/switch", "Switch", [condition, condition], {"T": bool_})
    switches = [
        _through(writer, "Switch", f"{name}/switch_{i}", t, [writer.value(t), condition])
        for i, t in enumerate(node.inputs[1:])
    ]
    sides = []
    for body, side, port in ((op.else_branch, "f", ""), (op.then_branch, "t", ":1")):
        pivot = f"{name}/switch_{side}"
        writer.add(pivot, "Identity", [f"{name}/switch{port}"], {"T": bool_})
        writer.spelt.update(zip(body.inputs, (s + port for s in switches), strict=True))
        _write_body(writer, body, pivot, set())
        sides.append([writer.value(t) for t in body.outputs])
    results = []
    for k, (pair, tensor) in enumerate(zip(zip(*sides, strict=True), node.outputs, strict=True)):
        results.append(f"{name}/merge_{k}")
        writer.add(results[-1], "Merge", pair, {"N": 2, "T": tensor.dtype.base_dtype})
    return results


def _write_while(writer: NodeWriter, node: Node) -> list[str]:
    name, op = writer.functions.scope_of(node), node.op
    assert isinstance(op, While)
    assert op.cond is not None
    count, before = op.carries, [f"^{c.name}" for c in node.controls]
    frame = {"frame_name": name, "parallel_iterations": op.parallel_iterations}
    enters = [
        _through(
            writer,
            "Enter",
            f"{name}/enter_{i}",
            t,
            [writer.value(t), *before],
            is_constant=i >= count,
            **frame,
        )
        for i, t in enumerate(node.inputs)
    ]
    carried = [t.dtype.base_dtype for t in node.inputs[:count]]
    merges = [f"{name}/merge_{k}" for k in range(count)]
    for k, dtype in enumerate(carried):
        writer.add(merges[k], "Merge", [enters[k], f"{name}/next_{k}"], {"N": 2, "T": dtype})
    kept = enters[count:]
    writer.spelt.update(zip(op.cond.inputs, [*merges, *kept], strict=True))
    _write_body(writer, op.cond, merges[0], set(op.cond.inputs[count:]))
    writer.add(f"{name}/loop_cond", "LoopCond", [writer.value(op.cond.outputs[0])], {})
    switches = [f"{name}/switch_{k}" for k in range(count)]
    for k, dtype in enumerate(carried):
        writer.add(switches[k], "Switch", [merges[k], f"{name}/loop_cond"], {"T": dtype})
    pivot = f"{name}/iteration"
    writer.add(pivot, "Identity", [f"{switches[0]}:1"], {"T": carried[0]})
    writer.spelt.update(zip(op.body.inputs, [*(f"{s}:1" for s in switches), *kept], strict=True))
    _write_body(writer, op.body, pivot, set(op.body.inputs[count:]))
    results = []
    for k, dtype in enumerate(carried):
        value = writer.value(op.body.outputs[k])
        # a constant of the graph outside may be a result as it is
        writer.add(f"{name}/next_{k}", "NextIteration", [value, f"^{pivot}"], {"T": dtype})
        results.append(f"{name}/exit_{k}")
        writer.add(results[-1], "Exit", [switches[k]], {"T": dtype})
    return results


def _write_body(writer: NodeWriter, body: Graph, pivot: str, kept: set[Tensor]) -> None:
    """The nodes of a body that its results need; those that nothing of the body holds back wait for `pivot`."""
    needed = needed_in(body.outputs)
    for node in body.nodes:
        if node not in needed or node.type == "Arg":
            continue
        message = writer.write(node)
        if all(t in kept for t in node.inputs):
            message.input.append(f"^{pivot}")
