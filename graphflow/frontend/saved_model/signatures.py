"""Signatures: which tensors of a saved graph are the inputs and outputs of a use of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphflow.frontend.export_scopes import within_scope
from graphflow.frontend.saved_model import constants
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import as_dtype, float32, string
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import SparseTensor


def build_tensor_info(tensor: Any) -> Any:
    """A TensorInfo of a tensor, a sparse tensor or a variable."""
    info = protos.TensorInfo(dtype=as_dtype(tensor.dtype).as_datatype_enum)
    info.tensor_shape.CopyFrom(tensor.get_shape().as_proto())
    if isinstance(tensor, SparseTensor):
        info.coo_sparse.values_tensor_name = tensor.values.name
        info.coo_sparse.indices_tensor_name = tensor.indices.name
        info.coo_sparse.dense_shape_tensor_name = tensor.dense_shape.name
    else:
        info.name = tensor.name
    return info


def get_tensor_from_tensor_info(
    tensor_info: Any, graph: Graph | None = None, import_scope: str | None = None
) -> Any:
    """The tensor, or sparse tensor, that a TensorInfo names."""
    graph = graph or current_graph()

    def named(name: str) -> Tensor:
        return graph.get_tensor_by_name(within_scope(name, import_scope))

    encoding = tensor_info.WhichOneof("encoding")
    if encoding == "name":
        return named(tensor_info.name)
    if encoding == "coo_sparse":
        names = tensor_info.coo_sparse
        return SparseTensor(
            named(names.indices_tensor_name),
            named(names.values_tensor_name),
            named(names.dense_shape_tensor_name),
        )
    raise ValueError(f"Invalid TensorInfo.encoding: {encoding}")


def build_signature_def(
    inputs: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    method_name: str | None = None,
) -> Any:
    """A SignatureDef of TensorInfos."""
    made = protos.SignatureDef()
    for name, info in (inputs or {}).items():
        made.inputs[name].CopyFrom(info)
    for name, info in (outputs or {}).items():
        made.outputs[name].CopyFrom(info)
    if method_name is not None:
        made.method_name = method_name
    return made


def predict_signature_def(inputs: Mapping[str, Any], outputs: Mapping[str, Any]) -> Any:
    """The signature of a prediction from tensors."""
    if not inputs:
        raise ValueError("Prediction inputs cannot be None or empty.")
    if not outputs:
        raise ValueError("Prediction outputs cannot be None or empty.")
    return build_signature_def(
        {name: build_tensor_info(t) for name, t in inputs.items()},
        {name: build_tensor_info(t) for name, t in outputs.items()},
        constants.PREDICT_METHOD_NAME,
    )


def regression_signature_def(examples: Any, predictions: Any) -> Any:
    """The signature of a regression from serialised examples."""
    inputs = _of_examples("Regression", examples)
    if predictions is None:
        raise ValueError("Regression predictions cannot be None.")
    found = _typed(predictions, float32, "Regression output must be a float Tensor.")
    return build_signature_def(
        inputs, {constants.REGRESS_OUTPUTS: found}, constants.REGRESS_METHOD_NAME
    )


def classification_signature_def(examples: Any, classes: Any, scores: Any) -> Any:
    """The signature of a classification of serialised examples."""
    inputs = _of_examples("Classification", examples)
    if classes is None and scores is None:
        raise ValueError("Classification classes and scores cannot both be None.")
    outputs = {}
    if classes is not None:
        outputs[constants.CLASSIFY_OUTPUT_CLASSES] = _typed(
            classes, string, "Classification classes must be a string Tensor."
        )
    if scores is not None:
        outputs[constants.CLASSIFY_OUTPUT_SCORES] = _typed(
            scores, float32, "Classification scores must be a float Tensor."
        )
    return build_signature_def(inputs, outputs, constants.CLASSIFY_METHOD_NAME)


def _of_examples(use: str, examples: Any) -> dict[str, Any]:
    if examples is None:
        raise ValueError(f"{use} examples cannot be None.")
    wrong = f"{use} examples must be a string Tensor."
    if not isinstance(examples, Tensor):
        raise ValueError(wrong)
    return {constants.REGRESS_INPUTS: _typed(examples, string, wrong)}


def _typed(tensor: Any, dtype: Any, wrong: str) -> Any:
    info = build_tensor_info(tensor)
    if info.dtype != dtype.as_datatype_enum:
        raise ValueError(wrong)
    return info


#: method -> the inputs that must be there and the outputs that may be, with their types
_RULES = {
    constants.REGRESS_METHOD_NAME: {constants.REGRESS_OUTPUTS: float32},
    constants.CLASSIFY_METHOD_NAME: {
        constants.CLASSIFY_OUTPUT_CLASSES: string,
        constants.CLASSIFY_OUTPUT_SCORES: float32,
    },
}


def is_valid_signature(signature_def: Any) -> bool:
    """Whether a server of models could use the signature."""
    if signature_def is None or not signature_def.outputs:
        return False
    if signature_def.method_name == constants.PREDICT_METHOD_NAME:
        return bool(signature_def.inputs)
    allowed = _RULES.get(signature_def.method_name)
    inputs = {name: info.dtype for name, info in signature_def.inputs.items()}
    if allowed is None or inputs != {constants.REGRESS_INPUTS: string.as_datatype_enum}:
        return False
    return all(
        name in allowed and info.dtype == allowed[name].as_datatype_enum
        for name, info in signature_def.outputs.items()
    )


def op_signature_def(op: Any, key: str) -> Any:
    """A signature that names an op."""
    info = protos.TensorInfo(dtype=protos.DT_INVALID, name=op.name)
    info.tensor_shape.unknown_rank = True
    return build_signature_def(outputs={key: info})


def op_of_signature(meta_graph_def: Any, key: str, import_scope: str | None) -> Node | None:
    """The op that a signature under this key names."""
    if key not in meta_graph_def.signature_def:
        return None
    name = meta_graph_def.signature_def[key].outputs[key].name
    return current_graph().as_node(within_scope(name, import_scope))


_SIGNATURES = [
    "build_signature_def",
    "classification_signature_def",
    "is_valid_signature",
    "predict_signature_def",
    "regression_signature_def",
]
NAMESPACES = {
    "saved_model": [
        "build_signature_def",
        "build_tensor_info",
        "classification_signature_def",
        "get_tensor_from_tensor_info",
        "is_valid_signature",
        "predict_signature_def",
        "regression_signature_def",
    ],
    "saved_model.signature_def_utils": _SIGNATURES,
    "saved_model.utils": ["build_tensor_info", "get_tensor_from_tensor_info"],
    "python.saved_model.signature_def_utils": _SIGNATURES,
    "python.saved_model.utils": ["build_tensor_info", "get_tensor_from_tensor_info"],
}
