"""What an exported model takes and gives."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphflow.frontend.array import placeholder
from graphflow.frontend.example_parsing import parse_example
from graphflow.frontend.saved_model.signatures import (
    classification_signature_def,
    predict_signature_def,
    regression_signature_def,
)
from graphflow.ir.dtype import string
from graphflow.ir.node import Tensor

NAMESPACES = {
    "estimator.export": [
        *("ClassificationOutput", "ExportOutput", "PredictOutput", "RegressionOutput"),
        *("ServingInputReceiver", "TensorServingInputReceiver"),
        *("build_parsing_serving_input_receiver_fn", "build_raw_serving_input_receiver_fn"),
    ],
}
__all__: list[str] = []

DEFAULT_KEY = "serving_default"


class ExportOutput:
    """A result of an exported model."""

    def as_signature_def(self, receiver_tensors: dict[str, Tensor]) -> Any:
        raise NotImplementedError


class PredictOutput(ExportOutput):
    """Any tensors."""

    def __init__(self, outputs: Any) -> None:
        self.outputs = outputs if isinstance(outputs, dict) else {"output": outputs}

    def as_signature_def(self, receiver_tensors: dict[str, Tensor]) -> Any:
        return predict_signature_def(receiver_tensors, self.outputs)


class ClassificationOutput(ExportOutput):
    """Classes, how good they are, or both."""

    def __init__(self, scores: Any = None, classes: Any = None) -> None:
        if scores is None and classes is None:
            raise ValueError("At least one of scores and classes must be set.")
        self.scores, self.classes = scores, classes

    def as_signature_def(self, receiver_tensors: dict[str, Tensor]) -> Any:
        (examples,) = receiver_tensors.values()
        return classification_signature_def(examples, self.classes, self.scores)


class RegressionOutput(ExportOutput):
    """Numbers."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def as_signature_def(self, receiver_tensors: dict[str, Tensor]) -> Any:
        (examples,) = receiver_tensors.values()
        return regression_signature_def(examples, self.value)


def with_default_output(export_outputs: Any, predictions: Any) -> dict[str, ExportOutput]:
    """The outputs with one under the name that servers ask for."""
    if export_outputs is None:
        return {DEFAULT_KEY: PredictOutput(predictions)}
    if not isinstance(export_outputs, dict):
        raise TypeError(f"export_outputs must be dict, given: {export_outputs}")
    for value in export_outputs.values():
        if not isinstance(value, ExportOutput):
            raise TypeError(
                f"Values in export_outputs must be ExportOutput objects. Given: {export_outputs}"
            )
    if DEFAULT_KEY in export_outputs:
        return export_outputs
    if len(export_outputs) == 1:
        (only,) = export_outputs.values()
        return {**export_outputs, DEFAULT_KEY: only}
    raise ValueError(
        f"Multiple export_outputs were provided, but none of them is specified as the default: name one {DEFAULT_KEY!r}"
    )


class _Receiver(NamedTuple):
    features: Any
    receiver_tensors: Any
    receiver_tensors_alternatives: Any = None


class ServingInputReceiver(_Receiver):
    """The features that a model sees, and the tensors that a server feeds."""

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> ServingInputReceiver:
        if features is None:
            raise ValueError("features must be defined.")
        named = features if isinstance(features, dict) else {"feature": features}
        return super().__new__(cls, named, _named(receiver_tensors), receiver_tensors_alternatives)


class TensorServingInputReceiver(_Receiver):
    """As ServingInputReceiver, for a model whose features are one tensor."""

    def __new__(
        cls, features: Any, receiver_tensors: Any, receiver_tensors_alternatives: Any = None
    ) -> TensorServingInputReceiver:
        if features is None:
            raise ValueError("features must be defined.")
        return super().__new__(
            cls, features, _named(receiver_tensors), receiver_tensors_alternatives
        )


def _named(receiver_tensors: Any) -> dict[str, Any]:
    if isinstance(receiver_tensors, dict):
        return receiver_tensors
    return {"input": receiver_tensors}


def build_raw_serving_input_receiver_fn(
    features: Any, default_batch_size: int | None = None
) -> Any:
    """A function that makes a placeholder for each feature."""

    def receiver() -> ServingInputReceiver:
        made = {}
        for name, tensor in features.items():
            sizes = tensor.shape.as_list()
            sizes[0] = default_batch_size
            made[name] = placeholder(tensor.dtype, sizes, tensor.op.name)
        return ServingInputReceiver(made, dict(made))

    return receiver


def build_parsing_serving_input_receiver_fn(
    feature_spec: Any, default_batch_size: int | None = None
) -> Any:
    """A function that parses serialised examples."""

    def receiver() -> ServingInputReceiver:
        examples = placeholder(string, [default_batch_size], "input_example_tensor")
        return ServingInputReceiver(parse_example(examples, feature_spec), {"examples": examples})

    return receiver
