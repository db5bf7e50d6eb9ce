"""TensorFlow's protocol buffers under their public names; the package protobuf is needed when one is used."""

from __future__ import annotations

from typing import Any

from graphflow.io import protos


def __getattr__(name: str) -> Any:
    return getattr(protos, name)


__all__ = [  # noqa: F822  the names are looked up when they are used
    "AttrValue",
    "Event",
    "GraphDef",
    "HistogramProto",
    "LogMessage",
    "MetaGraphDef",
    "NameAttrList",
    "NodeDef",
    "RunMetadata",
    "SessionLog",
    "Summary",
    "SummaryMetadata",
    "TensorInfo",
]
NAMESPACES = {
    "core.example.example_pb2": ["Example", "SequenceExample"],
    "core.example.feature_pb2": [
        "BytesList",
        "Feature",
        "FeatureList",
        "FeatureLists",
        "Features",
        "FloatList",
        "Int64List",
    ],
    "core.framework.attr_value_pb2": ["AttrValue", "NameAttrList"],
    "core.framework.graph_pb2": ["GraphDef"],
    "core.framework.node_def_pb2": ["NodeDef"],
    "core.framework.summary_pb2": ["HistogramProto", "Summary", "SummaryMetadata"],
    "core.framework.tensor_pb2": ["TensorProto"],
    "core.framework.tensor_shape_pb2": ["TensorShapeProto"],
    "core.framework.types_pb2": ["DataType"],
    "core.framework.variable_pb2": ["SaveSliceInfoDef", "VariableDef"],
    "core.protobuf.config_pb2": ["RunMetadata"],
    "core.protobuf.meta_graph_pb2": ["CollectionDef", "MetaGraphDef", "SignatureDef", "TensorInfo"],
    "core.protobuf.saved_model_pb2": ["SavedModel"],
    "core.protobuf.saver_pb2": ["SaverDef"],
    "core.util.event_pb2": ["Event", "LogMessage", "SessionLog", "TaggedRunMetadata"],
    "python.training.checkpoint_state_pb2": ["CheckpointState"],
    "summary": ["Event", "SessionLog", "Summary", "SummaryDescription", "TaggedRunMetadata"],
    "train": [
        "BytesList",
        "ClusterDef",
        "Example",
        "Feature",
        "FeatureList",
        "FeatureLists",
        "Features",
        "FloatList",
        "Int64List",
        "JobDef",
        "SaverDef",
        "SequenceExample",
        "ServerDef",
    ],
}
