"""Weights beside values: of the same shape, or of size 1 where they stand for many."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.control_flow import Assert, cond
from graphflow.frontend.sets import set_difference
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.dependencies import no_op

_REFUSAL = "weights can not be broadcast to values."


def assert_broadcastable(weights: Any, values: Any) -> Node:
    """A node that fails unless the weights are a scalar, or of the rank of the values with sizes equal to theirs or 1."""
    with build.name_scope(None, "assert_broadcastable", (weights, values)) as scope:
        weights, weights_shape, weights_rank = _measured("weights", weights)
        values, values_shape, values_rank = _measured("values", values)
        ranks = weights.shape.rank, values.shape.rank
        if None not in ranks:
            if ranks[0] == 0:
                return no_op("static_scalar_check_success")
            if ranks[0] != ranks[1]:
                raise ValueError(
                    f"{_REFUSAL} values.rank={ranks[1]}. weights.rank={ranks[0]}. "
                    f"values.shape={values.shape}. weights.shape={weights.shape}."
                )
            sizes = constant_value(weights_shape), constant_value(values_shape)
            if all(s is not None for s in sizes):
                _check(*sizes)
                return no_op("static_dims_check_success")
        is_scalar = raw.Equal(0, weights_rank, name="is_scalar")
        shown = [
            *(_REFUSAL, "weights.shape=", weights.name, weights_shape),
            *("values.shape=", values.name, values_shape, "is_scalar=", is_scalar),
        ]
        valid = cond(
            is_scalar,
            lambda: is_scalar,
            lambda: _same_rank(weights_rank, weights_shape, values_rank, values_shape),
            name="is_valid_shape",
        )
        return Assert(valid, shown, name=scope)


def _measured(name: str, value: Any) -> tuple[Tensor, Tensor, Tensor]:
    with build.name_scope(None, name, (value,)) as scope:
        tensor = convert(value, name=scope)
        return tensor, idioms.shape(tensor, name="shape"), idioms.rank(tensor, name="rank")


def _check(weights: Any, values: Any) -> None:
    for axis, (ours, theirs) in enumerate(zip(weights, values, strict=True)):
        if ours not in (1, theirs):
            raise ValueError(
                f"{_REFUSAL} Mismatch at dim {axis}. values.shape={values} weights.shape={weights}."
            )


def _same_rank(
    weights_rank: Tensor, weights_shape: Tensor, values_rank: Tensor, values_shape: Tensor
) -> Any:
    values = (weights_rank, weights_shape, values_rank, values_shape)
    with build.name_scope(None, "has_valid_nonscalar_shape", values) as scope:
        same = raw.Equal(values_rank, weights_rank, name="is_same_rank")
        return cond(
            same, lambda: _valid_sizes(weights_shape, values_shape), lambda: same, name=scope
        )


def _valid_sizes(weights_shape: Tensor, values_shape: Tensor) -> Tensor:
    """Whether every size of the weights is 1 or that of the values."""
    with build.name_scope(None, "has_invalid_dims", (weights_shape, values_shape)) as scope:
        column = raw.ExpandDims(values_shape, -1)
        allowed = concat((column, idioms.ones_like(column)), 1)
        invalid = set_difference(raw.ExpandDims(weights_shape, -1), allowed)
        count = idioms.size(invalid.values, name="num_invalid_dims")
        equal: Tensor = raw.Equal(0, count, name=scope)
        return equal


def broadcast_weights(weights: Any, values: Any) -> Tensor:
    """The weights in the shape of the values."""
    with build.name_scope(None, "broadcast_weights", (weights, values)) as scope:
        values = convert(values, name="values")
        weights = convert(weights, dtype=values.dtype.base_dtype, name="weights")
        settled = weights.shape.is_static and values.shape.is_static
        if settled and weights.shape.is_compatible_with(values.shape):
            return weights
        with build.current_graph().control_dependencies([assert_broadcastable(weights, values)]):
            spread: Tensor = raw.Mul(weights, idioms.ones_like(values), name=scope)
            return spread


__all__: list[str] = []
NAMESPACES = {
    "python.ops.weights_broadcast_ops": ["assert_broadcastable", "broadcast_weights"],
}
