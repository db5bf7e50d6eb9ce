"""Linear maps of several inputs side by side, whose weights are variables of the current scope."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest, nn
from graphflow.frontend.initializers import constant_initializer
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops.arrays import concat


def _listed(args: Any) -> list[Any]:
    if args is None or (nest.is_sequence(args) and not args):
        raise ValueError("`args` must be specified")
    return list(args) if nest.is_sequence(args) else [args]


def _depth(args: list[Any]) -> int:
    """How many features all inputs have together."""
    shapes = [a.shape for a in args]
    for shape in shapes:
        if shape.rank != 2:
            raise ValueError(f"linear is expecting 2D arguments: {shapes}")
        if shape[1].value is None:
            raise ValueError(
                f"linear expects shape[1] to be provided for shape {shape}, but saw {shape[1]}"
            )
    return sum(shape[1].value for shape in shapes)


class Linear:
    """args side by side @ kernel + bias: the variables are made once, for arguments like `args`."""

    def __init__(
        self,
        args: Any,
        output_size: Any,
        build_bias: bool,
        bias_initializer: Any = None,
        kernel_initializer: Any = None,
    ) -> None:
        self._build_bias = build_bias
        listed = _listed(args)
        self._is_sequence = nest.is_sequence(args)
        depth, dtype = _depth(listed), listed[0].dtype
        with variable_scope(get_variable_scope()) as scope:
            self._weights = get_variable(
                "kernel", [depth, output_size], dtype=dtype, initializer=kernel_initializer
            )
            if build_bias:
                self._biases = _biases(scope, output_size, dtype, bias_initializer)

    def __call__(self, args: Any) -> Tensor:
        listed = args if self._is_sequence else [args]
        if len(listed) == 1:
            result = raw.MatMul(listed[0], self._weights)
        else:
            one = convert(1, int32)
            result = raw.MatMul(concat(listed, one), self._weights)
        return nn.bias_add(result, self._biases) if self._build_bias else result


def _biases(scope: Any, size: Any, dtype: Any, initializer: Any) -> Any:
    with variable_scope(scope) as inner:
        inner.set_partitioner(None)
        if initializer is None:
            initializer = constant_initializer(0.0, dtype=dtype)
        return get_variable("bias", [size], dtype=dtype, initializer=initializer)


def linear(
    args: Any,
    output_size: Any,
    bias: bool,
    bias_initializer: Any = None,
    kernel_initializer: Any = None,
) -> Tensor:
    """args side by side @ kernel, + bias if asked."""
    listed = _listed(args)
    depth, dtype = _depth(listed), listed[0].dtype
    with variable_scope(get_variable_scope()) as scope:
        weights = get_variable(
            "kernel", [depth, output_size], dtype=dtype, initializer=kernel_initializer
        )
        joined = listed[0] if len(listed) == 1 else concat(listed, 1)
        result: Tensor = raw.MatMul(joined, weights)
        if not bias:
            return result
        biases = _biases(scope, output_size, dtype, bias_initializer)
        return nn.bias_add(result, biases)


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn.python.ops.core_rnn_cell": {"_Linear": "Linear", "_linear": "linear"},
    "contrib.rnn.core_rnn_cell": {"_Linear": "Linear", "_linear": "linear"},
}
