"""Reads of variables that have become constants."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.io import protos, tensor_proto


def constant(name: str, dtype: int, value: Any) -> Any:
    """A Const node."""
    node = protos.NodeDef(name=name, op="Const")
    node.attr["dtype"].type = dtype
    array = np.asarray(value)
    node.attr["value"].tensor.CopyFrom(tensor_proto.from_array(array, dtype, array.shape))
    return node


def frozen_read(node: Any, axis_output: str = "") -> list[Any]:
    """ReadVariableOp as Identity; ResourceGather as a gather along an axis, which is spelt with `axis_output`."""
    source, *rest = node.input
    made = protos.NodeDef(name=node.name, op="Identity")
    made.input.append(source)
    if "_class" in node.attr:
        made.attr["_class"].CopyFrom(node.attr["_class"])
    if node.op == "ReadVariableOp":
        made.input.extend(rest)
        made.attr["T"].CopyFrom(node.attr["dtype"])
        return [made]
    if node.attr["batch_dims"].i != 0:
        raise ValueError("batch_dims != 0 is not supported by freeze_graph.")
    indices = node.attr["Tindices"].type
    axis = constant(f"{node.name}/axis", indices, 0)
    made.op = "GatherV2"
    made.input.extend([rest[0], axis.name + axis_output, *rest[1:]])
    made.attr["Tparams"].CopyFrom(node.attr["dtype"])
    made.attr["Tindices"].type = made.attr["Taxis"].type = indices
    return [axis, made]
