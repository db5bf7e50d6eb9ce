"""Tensors as bytes and back, and Examples that are written as JSON."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import DataLossError, InvalidArgumentError
from graphflow.ir.doors import enter
from graphflow.ir.dtype import DType
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape


class SerializeTensor(Op):
    """The bytes of the TensorProto of a tensor."""

    signature = "tensor:T -> serialized:string"
    differentiable = False

    def infer(self, tensor: Tensor) -> Any:
        return SCALAR

    def reference(self, tensor: Any) -> Any:
        return _scalar(enter("tensor_bytes")(tensor))


class ParseTensor(Op):
    """The tensor whose TensorProto these are the bytes of."""

    signature = "serialized:string -> output:out_type"
    differentiable = False
    out_type: DType

    def infer(self, serialized: Tensor) -> Any:
        return TensorShape(None)

    def reference(self, serialized: Any) -> Any:
        if serialized.ndim:
            raise ValueError(f"Expected `serialized` to be a scalar, got {serialized.shape}")
        try:
            dtype, found = enter("tensor_from_bytes")(serialized.item())
        except DataLossError as error:
            raise InvalidArgumentError(
                message=f"Could not parse `serialized` as TensorProto: {error.message}"
            ) from error
        if dtype is not self.out_type:
            raise ValueError(
                f"Type mismatch between parsed tensor ({dtype.name}) "
                f"and dtype ({self.out_type.name})"
            )
        return found


class DecodeJSONExample(Op):
    """The bytes of the Example that each string spells as JSON."""

    signature = "json_examples:string -> binary_examples:string"
    differentiable = False

    def infer(self, json_examples: Tensor) -> Any:
        return json_examples.shape

    def reference(self, json_examples: Any) -> Any:
        out = np.empty(json_examples.size, object)
        out[:] = [enter("example_from_json")(text) for text in json_examples.ravel().tolist()]
        return out.reshape(json_examples.shape)


def _scalar(value: bytes) -> Any:
    out = np.empty((), object)
    out[()] = value
    return out
