"""GraphDefs in and out: tf.import_graph_def, tf.graph_util, tf.io.write_graph."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import Any

from graphflow.frontend.platform import logging
from graphflow.io.files import write_atomically
from graphflow.io.graphdef import freezing
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.io.graphdef.subgraphs import extract_sub_graph as extract_sub_graph
from graphflow.io.graphdef.subgraphs import remove_training_nodes as remove_training_nodes
from graphflow.ir.dtype import int32, string
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.shape import TensorShape

__all__ = ["import_graph_def"]

#: ops of variables
_VARIABLE_OPS = frozenset(
    [
        *("Assign", "AssignAdd", "AssignSub", "Queue", "ScatterAdd", "ScatterSub", "ScatterUpdate"),
        *("TruncatedNormal", "Variable", "VariableV2"),
    ]
)
#: op -> attribute that decides whether only the CPU has it
_ON_CPU = {"DynamicStitch": "T", "ParallelDynamicStitch": "T", "Cast": "SrcT"}


def must_run_on_cpu(node: Any, pin_variables_on_cpu: bool = False) -> bool:
    """Whether TensorFlow has no GPU kernel for a node: constants of texts and of int32, and what works on these."""
    message = node.node_def if isinstance(node, Node) else node
    if pin_variables_on_cpu and message.op in _VARIABLE_OPS:
        return True
    if message.op == "Const":
        return message.attr["dtype"].type in (string.as_datatype_enum, int32.as_datatype_enum)
    attr = _ON_CPU.get(message.op)
    return attr is not None and message.attr[attr].type == int32.as_datatype_enum


def tensor_shape_from_node_def_name(graph: Graph, input_name: str) -> TensorShape:
    """The shape of the tensor that an input of a NodeDef names."""
    name = input_name if ":" in input_name else input_name + ":0"
    return graph.get_tensor_by_name(name).shape


def convert_variables_to_constants(
    sess: Any,
    input_graph_def: Any,
    output_node_names: Sequence[str],
    variable_names_whitelist: Collection[str] | None = None,
    variable_names_blacklist: Collection[str] | None = None,
) -> Any:
    """The part of a graph that the outputs need, with the values of its variables as constants."""
    counted: list[int] = []

    def read(names: list[str]) -> Sequence[Any]:
        counted.append(len(names))
        values: Sequence[Any] = sess.run(names)
        return values

    frozen = freezing.convert_variables_to_constants(
        read,
        input_graph_def,
        output_node_names,
        variable_names_whitelist,
        variable_names_blacklist,
    )
    count = sum(counted)
    logging.info("Froze %d variables.", count)
    logging.info("Converted %d variables to const ops.", count)
    return frozen


def write_graph(graph_or_graph_def: Any, logdir: str, name: str, as_text: bool = True) -> str:
    """Write a graph, or a GraphDef, into a file; returns its path."""
    message = graph_or_graph_def
    if isinstance(message, Graph):
        message = message.as_graph_def()
    os.makedirs(logdir, exist_ok=True)
    path = os.path.join(logdir, name)
    if as_text:
        from google.protobuf import text_format

        text: str = text_format.MessageToString(message)
        write_atomically(path, text.encode())
    else:
        write_atomically(path, message.SerializeToString())
    return path


_UTILITIES = [
    "convert_variables_to_constants",
    "extract_sub_graph",
    "import_graph_def",
    "must_run_on_cpu",
    "remove_training_nodes",
    "tensor_shape_from_node_def_name",
]
NAMESPACES = {
    "graph_util": _UTILITIES,
    "io": ["write_graph"],
    "train": ["write_graph"],
    "python.framework.graph_io": ["write_graph"],
    "python.framework.graph_util": _UTILITIES,
    "python.framework.graph_util_impl": [u for u in _UTILITIES if u != "import_graph_def"],
    "python.framework.importer": ["import_graph_def"],
}
