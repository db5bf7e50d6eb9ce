"""While as TensorFlow has it: one list of loop variables, which includes what graphflow keeps apart.

Loop variables, in this order: those of the loop; its histories, as TensorLists that grow; what stays the same; lists
that are gone through; and where there are such, the number of the iteration.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.function_writer import Functions, FunctionWriter, function_name
from graphflow.io.graphdef.node_writer import NodeWriter
from graphflow.ir.dtype import DType, bool_, int32, variant
from graphflow.ir.node import Node
from graphflow.ir.shape import SCALAR
from graphflow.ops.control_flow import While


def write_loop(writer: NodeWriter, node: Node) -> Any:
    """The message of a While, after those of the first values of its histories."""
    return _Loop(writer, node).written()


class _Loop:
    """A While, in parts: what goes round in TensorFlow's order."""

    def __init__(self, writer: NodeWriter, node: Node) -> None:
        op = node.op
        assert isinstance(op, While)
        self.writer, self.node, self.op = writer, node, op
        self.scope = writer.functions.scope_of(node)
        ends = len(node.inputs) - op.scanned
        self.carried = node.inputs[: op.carries]
        self.kept = node.inputs[op.carries : ends]
        self.lists = node.inputs[ends:]
        self.histories = op.body.outputs[op.carries :]

    def written(self) -> Any:
        writer, node = self.writer, self.node
        inputs = [
            *map(writer.value, self.carried),
            *self._first_histories(),
            *map(writer.value, (*self.kept, *self.lists)),
        ]
        types = [t.dtype.base_dtype for t in self.carried]
        shapes = [t.shape for t in node.outputs[: len(self.carried)]]
        types += [variant] * len(self.histories)
        shapes += [SCALAR] * len(self.histories)
        types += [t.dtype.base_dtype for t in (*self.kept, *self.lists)]
        shapes += [t.shape for t in (*self.kept, *self.lists)]
        if self.lists:
            inputs.append(self._first_number())
            types.append(int32)
            shapes.append(SCALAR)
        attrs = {
            "T": types,
            "cond": self._condition(types),
            "body": self._body(types),
            "output_shapes": shapes,
            "parallel_iterations": self.op.parallel_iterations,
            "_lower_using_switch_merge": True,
        }
        return writer.add(node.name, node.type, inputs, attrs, node)

    def _first_histories(self) -> list[str]:
        """Lists without elements, or with a place for each iteration where their number is known."""
        writer, name = self.writer, self.scope
        if not self.histories:
            return []
        shape = writer.constant(f"{name}/element_shape", np.int32(-1))
        if self.lists:
            op, size = "TensorListReserve", self._length(writer, writer.value(self.lists[0]), name)
        else:
            op, size = "EmptyTensorList", writer.constant(f"{name}/most", np.int32(-1))
        found = []
        for k, tensor in enumerate(self.histories):
            made = f"{name}/history_{k}"
            attrs = {"element_dtype": tensor.dtype.base_dtype, "shape_type": int32}
            writer.add(made, op, [shape, size], attrs)
            found.append(writer.output(made, "handle"))
        return found

    def _length(self, writer: NodeWriter, handle: str, name: str) -> str:
        writer.add(f"{name}/length", "TensorListLength", [handle], {})
        return writer.output(f"{name}/length", "length")

    def _first_number(self) -> str:
        writer, name = self.writer, self.scope
        if not self.op.reverse:
            return writer.constant(f"{name}/first", np.int32(0))
        if not self.histories:
            self._length(writer, writer.value(self.lists[0]), name)
        one = writer.constant(f"{name}/one", np.int32(1))
        length = writer.output(f"{name}/length", "length")
        writer.add(f"{name}/first", "Sub", [length, one], {"T": int32})
        return writer.output(f"{name}/first", "z")

    def _arguments(self, function: FunctionWriter, types: list[DType], body: Any) -> list[str]:
        """One argument for each loop variable; those of the body are given theirs."""
        count, own = len(self.carried), body.inputs if body is not None else []
        names = [t.node.name for t in own]
        labels = [
            *names[:count],
            *["history"] * len(self.histories),
            *names[count : count + len(self.kept)],
            *["list"] * len(self.lists),
            "iteration",
        ]
        labels += ["variable"] * len(types)
        made = [function.argument(label, t) for label, t in zip(labels, types, strict=False)]
        if body is not None:
            places = [*made[:count], *made[count + len(self.histories) :]]
            assert function.nodes.arguments is not None
            function.nodes.arguments.update(
                zip(own, places[: count + len(self.kept)], strict=False)
            )
        return made

    def _condition(self, types: list[DType]) -> FunctionName:
        function = self._function("cond")
        made = self._arguments(function, types, self.op.cond)
        nodes = function.nodes
        if self.op.cond is not None:
            function.write_body(self.op.cond, self.op.cond.outputs)
            function.result(nodes.value(self.op.cond.outputs[0]), bool_)
            return function.finish()
        name = self.scope
        if self.op.reverse:
            end, op = nodes.constant(f"{name}/end", np.int32(0)), "GreaterEqual"
        else:
            end, op = self._length(nodes, made[-1 - len(self.lists)], name), "Less"
        nodes.add(f"{name}/goes_on", op, [made[-1], end], {"T": int32})
        function.result(nodes.output(f"{name}/goes_on", "z"), bool_)
        return function.finish()

    def _body(self, types: list[DType]) -> FunctionName:
        function, body = self._function("body"), self.op.body
        made = self._arguments(function, types, body)
        nodes, count = function.nodes, len(self.carried)
        lists = made[len(made) - 1 - len(self.lists) : -1] if self.lists else []
        elements = body.inputs[len(body.inputs) - len(self.lists) :]
        for handle, element in zip(lists, elements, strict=True):
            name = element.node.name
            attrs = {"element_dtype": element.dtype.base_dtype}
            shape = nodes.constant(f"{name}/element_shape", np.int32(-1))
            nodes.add(name, "TensorListGetItem", [handle, made[-1], shape], attrs)
            assert nodes.arguments is not None
            nodes.arguments[element] = nodes.output(name, "item")
        function.write_body(body, body.outputs)
        results = [nodes.value(t) for t in body.outputs[:count]]
        for k, tensor in enumerate(self.histories):
            handle, value = made[count + k], nodes.value(tensor)
            inputs = [handle, made[-1], value] if self.lists else [handle, value]
            op = "TensorListSetItem" if self.lists else "TensorListPushBack"
            name = f"{self.scope}/history_{k}"
            nodes.add(name, op, inputs, {"element_dtype": tensor.dtype.base_dtype})
            results.append(nodes.output(name, "output_handle"))
        results.extend(made[len(results) :])
        if self.lists:
            name = f"{self.scope}/next"
            step = nodes.constant(f"{name}/step", np.int32(-1 if self.op.reverse else 1))
            nodes.add(name, "AddV2", [made[-1], step], {"T": int32})
            results[-1] = nodes.output(name, "z")
        for value, dtype in zip(results, types, strict=True):
            function.result(value, dtype)
        return function.finish()

    def _function(self, role: str) -> FunctionWriter:
        functions: Functions = self.writer.functions
        return FunctionWriter(functions, function_name(self.node, role))
