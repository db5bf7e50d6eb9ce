"""Tensors as messages, and what is known of tensors when a graph is built."""

from __future__ import annotations

from typing import Any

from graphflow.io import protos, tensor_proto
from graphflow.ir.dtype import as_dtype
from graphflow.ir.known import constant_value as known_constant
from graphflow.ir.known import known_shape
from graphflow.ir.literal import as_array
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, TensorShape

__all__ = ["make_ndarray", "make_tensor_proto"]
NAMESPACES = {
    "contrib.util": [
        *("constant_value", "make_ndarray", "make_tensor_proto"),
        *("ops_used_by_graph_def", "stripped_op_list_for_graph"),
    ],
    "python.framework.meta_graph": ["ops_used_by_graph_def", "stripped_op_list_for_graph"],
    "python.framework.tensor_util": {
        "MakeNdarray": "make_ndarray",
        "ShapeEquals": "ShapeEquals",
        "TensorShapeProtoToList": "TensorShapeProtoToList",
        "constant_value": "constant_value",
        "constant_value_as_shape": "constant_value_as_shape",
        "make_tensor_proto": "make_tensor_proto",
    },
    "python.framework.tensor_shape": {
        "as_dimension": "as_dimension",
        "matrix": "matrix",
        "scalar": "scalar",
        "unknown_shape": "unknown_shape",
        "vector": "vector",
    },
    "python.framework.common_shapes": {
        "scalar_shape": "scalar_shapes",
        "unchanged_shape": "unchanged_shapes",
        "unknown_shape": "unknown_shapes",
    },
}


def make_tensor_proto(
    values: Any,
    dtype: Any = None,
    shape: Any = None,
    verify_shape: bool = False,
    allow_broadcast: bool = False,
) -> Any:
    """The TensorProto of Python values; in a larger shape the last one is repeated."""
    if verify_shape and allow_broadcast:
        raise ValueError("verify_shape and allow_broadcast are not both allowed.")
    if isinstance(values, protos.TensorProto):
        return values
    target = None if dtype is None else as_dtype(dtype)
    array = as_array(values, target)
    sizes = None if shape is None else tuple(int(d) for d in shape)
    if sizes is not None and verify_shape and tuple(sizes) != array.shape:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    return tensor_proto.from_array(array, target, sizes)


def make_ndarray(tensor: Any) -> Any:
    """The array that a TensorProto stands for."""
    return tensor_proto.make_ndarray(tensor)


def constant_value(tensor: Any, partial: bool = False) -> Any:
    """The value of a tensor that is known before the graph runs, or None."""
    if not isinstance(tensor, Tensor) and not hasattr(tensor, "_as_tensor"):
        return tensor
    if not isinstance(tensor, Tensor):
        return None
    return known_constant(tensor)


def constant_value_as_shape(tensor: Tensor) -> TensorShape:
    """The shape that a vector of sizes spells, as far as it is known."""
    return known_shape(tensor)


def ShapeEquals(tensor_proto: Any, shape: Any) -> bool:
    """Whether a TensorProto has that shape."""
    sizes = [d.size for d in tensor_proto.tensor_shape.dim]
    wanted = [d.size for d in shape.dim] if hasattr(shape, "dim") else list(shape)
    return sizes == wanted


def TensorShapeProtoToList(shape: Any) -> list[int]:
    return [dim.size for dim in shape.dim]


def ops_used_by_graph_def(graph_def: Any) -> set[str]:
    """The types of the nodes of a message, those in its functions too."""
    found = {node.op for node in graph_def.node}
    for function in graph_def.library.function:
        found |= {node.op for node in function.node_def}
    return found - {f.signature.name for f in graph_def.library.function}


def stripped_op_list_for_graph(graph_def: Any) -> Any:
    """The definitions of the ops that a message uses."""
    made = protos.OpList()
    for name in sorted(ops_used_by_graph_def(graph_def)):
        made.op.add(name=name)
    return made


# ---- shapes by name --------------------------------------------------------------------------------


def as_dimension(value: Any) -> Dimension:
    return value if isinstance(value, Dimension) else Dimension(value)


def unknown_shape(ndims: int | None = None) -> TensorShape:
    return TensorShape(None) if ndims is None else TensorShape([None] * ndims)


def scalar() -> TensorShape:
    return TensorShape([])


def vector(length: Any) -> TensorShape:
    return TensorShape([length])


def matrix(rows: Any, cols: Any) -> TensorShape:
    return TensorShape([rows, cols])


def scalar_shapes(op: Any = None) -> list[TensorShape]:
    return [TensorShape([])]


def unchanged_shapes(op: Any) -> list[TensorShape]:
    return [op.inputs[0].shape]


def unknown_shapes(op: Any) -> list[TensorShape]:
    return [TensorShape(None) for _ in op.outputs]
