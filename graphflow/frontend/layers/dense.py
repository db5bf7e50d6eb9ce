"""Dense: activation(inputs @ kernel + bias)."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers import activations, constraints, named_initializers, regularizers
from graphflow.frontend.layers.functions import function_of
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn import bias_add
from graphflow.frontend.sparse_math import sparse_tensor_dense_matmul
from graphflow.frontend.tensordot import tensordot
from graphflow.ir import raw
from graphflow.ir.dtype import as_dtype
from graphflow.ir.shape import as_shape
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops import idioms

_ZEROS = zeros_initializer()


class Dense(Layer):
    """activation(inputs @ kernel + bias), over the last axis of the inputs."""

    def __init__(
        self,
        units: int,
        activation: Any = None,
        use_bias: bool = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = _ZEROS,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            trainable=trainable,
            name=name,
            activity_regularizer=regularizers.get(activity_regularizer),
            **kwargs,
        )
        self.units = int(units)
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = named_initializers.get(kernel_initializer)
        self.bias_initializer = named_initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.supports_masking = True
        self.input_spec = InputSpec(min_ndim=2)
        self.kernel: Any = None
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        dtype = as_dtype(self.dtype or "float32")
        if not (dtype.is_floating or dtype.is_complex):
            raise TypeError(f"Unable to build `Dense` layer with non-floating point dtype {dtype}")
        size = as_shape(input_shape)[-1].value
        if size is None:
            raise ValueError(
                "The last dimension of the inputs to `Dense` should be defined. Found `None`."
            )
        self.input_spec = InputSpec(min_ndim=2, axes={-1: size})
        self.kernel = self.add_weight(
            "kernel",
            shape=[size, self.units],
            initializer=self.kernel_initializer,
            regularizer=self.kernel_regularizer,
            constraint=self.kernel_constraint,
            dtype=self.dtype,
            trainable=True,
        )
        if self.use_bias:
            self.bias = self.add_weight(
                "bias",
                shape=[self.units],
                initializer=self.bias_initializer,
                regularizer=self.bias_regularizer,
                constraint=self.bias_constraint,
                dtype=self.dtype,
                trainable=True,
            )
        self.built = True

    def call(self, inputs: Any) -> Any:
        rank = inputs.shape.rank
        if rank is not None and rank > 2:
            outputs = tensordot(inputs, self.kernel, [[rank - 1], [0]])
            outputs.set_shape([*inputs.shape.as_list()[:-1], self.units])
        elif is_sparse(inputs):
            outputs = sparse_tensor_dense_matmul(cast(inputs, self.dtype), self.kernel)
        else:
            outputs = raw.MatMul(idioms.cast(inputs, self.dtype), self.kernel)
        if self.use_bias:
            outputs = bias_add(outputs, self.bias)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape: Any) -> Any:
        shape = as_shape(input_shape).with_rank_at_least(2)
        if shape[-1].value is None:
            raise ValueError(
                f"The innermost dimension of input_shape must be defined, but saw: {input_shape}"
            )
        return shape[:-1].concatenate(self.units)


dense = function_of(Dense, "dense")

__all__: list[str] = []
NAMESPACES = {
    "layers": ["Dense", "dense"],
    "python.layers.core": {
        "Dense": "Dense",
        "FullyConnected": "Dense",
        "dense": "dense",
        "fully_connected": "dense",
    },
}
