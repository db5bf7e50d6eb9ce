"""Doors: methods that TensorFlow put on graphs, nodes and shapes, though their work is done on upper floors.

The table says where; a door is opened when somebody walks through it, so floor 0 imports nothing above it.
"""

from __future__ import annotations

import functools
import importlib
from typing import Any

_ROOMS = {
    "example_from_json": "graphflow.io.tensor_bytes:example_from_json",
    "graph_def": "graphflow.io.graphdef.export:graph_def",
    "node_def": "graphflow.io.graphdef.export:node_def",
    "attr_value": "graphflow.io.graphdef.export:attr_value",
    "attr_content": "graphflow.io.graphdef.attributes:from_message",
    "op_def": "graphflow.io.graphdef.opdefs:op_def",
    "byte_stream": "graphflow.io.records:Stream",
    "merge_checkpoints": "graphflow.io.checkpoint_parts:merge",
    "read_example": "graphflow.io.examples:example",
    "read_fixed_records": "graphflow.io.plain_records:read_fixed_records",
    "read_lines": "graphflow.io.plain_records:read_lines",
    "read_records": "graphflow.io.records:read_records",
    "read_sequence_example": "graphflow.io.examples:sequence_example",
    "restore_checkpoint": "graphflow.io.checkpoint_parts:restore",
    "save_checkpoint": "graphflow.io.checkpoint_parts:save",
    "slice_shape": "graphflow.io.checkpoint_parts:slice_shape",
    "summary_audio": "graphflow.io.summary_bytes:audio",
    "summary_histogram": "graphflow.io.summary_bytes:histogram",
    "summary_images": "graphflow.io.summary_bytes:images",
    "summary_merged": "graphflow.io.summary_bytes:merged",
    "summary_scalars": "graphflow.io.summary_bytes:scalars",
    "summary_tensor": "graphflow.io.summary_bytes:tensor",
    "summary_unnamed_tensor": "graphflow.io.summary_bytes:unnamed_tensor",
    "TensorShapeProto": "graphflow.io.protos:TensorShapeProto",
    "tensor_bytes": "graphflow.io.tensor_bytes:to_bytes",
    "tensor_from_bytes": "graphflow.io.tensor_bytes:from_bytes",
    "text": "graphflow.ir.text:print_graph",
    "translated_errors": "graphflow.io.files:translated_errors",
    "write_file": "graphflow.io.files:write_atomically",
}


@functools.cache
def enter(name: str) -> Any:
    """What lies behind the door called `name`."""
    module, _, attribute = _ROOMS[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
