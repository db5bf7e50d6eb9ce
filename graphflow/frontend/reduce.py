"""Reductions, scans and the places of extremes: tf.reduce_sum, tf.cumsum, tf.argmax and their kin."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import fold

__all__ = [
    "arg_max",
    "arg_min",
    "argmax",
    "argmin",
    "count_nonzero",
    "cumprod",
    "cumsum",
    "reduce_all",
    "reduce_any",
    "reduce_logsumexp",
    "reduce_max",
    "reduce_mean",
    "reduce_min",
    "reduce_prod",
    "reduce_sum",
]


def _reduced(
    op: str,
    x: Any,
    axis: Any,
    keepdims: bool | None,
    name: str | None,
    reduction_indices: Any,
    keep_dims: bool | None,
) -> Any:
    axis = one_of_two("axis", axis, "reduction_indices", reduction_indices)
    keepdims = one_of_two("keepdims", keepdims, "keep_dims", keep_dims)
    return fold(op, x, axis, bool(keepdims), name)


def reduce_sum(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """The sum over some axes, or over all of them."""
    return _reduced("Sum", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_mean(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """The arithmetic mean over some axes, or over all of them."""
    return _reduced("Mean", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_prod(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """The product over some axes, or over all of them."""
    return _reduced("Prod", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_max(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """The largest element over some axes, or over all of them."""
    return _reduced("Max", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_min(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """The smallest element over some axes, or over all of them."""
    return _reduced("Min", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_all(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """Whether all elements over some axes, or over all of them, are true."""
    return _reduced("All", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_any(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """Whether some element over some axes, or over all of them, is true."""
    return _reduced("Any", input_tensor, axis, keepdims, name, reduction_indices, keep_dims)


def reduce_euclidean_norm(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """sqrt(sum |x|^2) over some axes, or over all of them."""
    return fold("EuclideanNorm", input_tensor, axis, bool(keepdims), name)


def reduce_variance(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """The mean squared distance from the mean."""
    with build.name_scope(name or "reduce_variance"):
        means = reduce_mean(input_tensor, axis, keepdims=True)
        return reduce_mean(raw.Square(input_tensor - means), axis, keepdims=keepdims)


def reduce_std(
    input_tensor: Any, axis: Any = None, keepdims: bool = False, name: str | None = None
) -> Any:
    """The square root of the variance."""
    with build.name_scope(name or "reduce_std"):
        return raw.Sqrt(reduce_variance(input_tensor, axis, keepdims))


def reduce_logsumexp(
    input_tensor: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
) -> Any:
    """log(sum(exp(x))), shifted by the largest element so that no exp overflows."""
    axis = one_of_two("axis", axis, "reduction_indices", reduction_indices)
    keep = bool(one_of_two("keepdims", keepdims, "keep_dims", keep_dims))
    x = convert(input_tensor)
    with build.name_scope(name, "ReduceLogSumExp", [x]) as scope:
        del scope
        largest = reduce_max(x, axis, keepdims=True)
        finite = raw.Select(raw.IsFinite(largest), largest, idioms.zeros_like(largest))
        shift = raw.StopGradient(finite)
        result = raw.Log(reduce_sum(raw.Exp(raw.Sub(x, shift)), axis, keepdims=keep))
        if not keep:
            shift = raw.Reshape(shift, idioms.shape(result))
        result = raw.Add(result, shift)
        if axis is None and not keep and not result.shape.is_static:
            result.set_shape(())
        return result


def count_nonzero(
    input_tensor: Any = None,
    axis: Any = None,
    keepdims: bool | None = None,
    dtype: Any = int64,
    name: str | None = None,
    reduction_indices: Any = None,
    keep_dims: bool | None = None,
    input: Any = None,
) -> Any:
    """How many elements are not zero (not the empty string)."""
    keep = bool(one_of_two("keepdims", keepdims, "keep_dims", keep_dims))
    x = one_of_two("input", input, "input_tensor", input_tensor)
    axis = one_of_two("axis", axis, "reduction_indices", reduction_indices)
    with build.name_scope(name, "count_nonzero", [x]):
        x = convert(x, name="input")
        zero = idioms.zeros([], dtype=x.dtype)
        counted = idioms.cast(raw.NotEqual(x, zero), int64)
        return idioms.cast(reduce_sum(counted, axis, keepdims=keep), dtype)


def argmax(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = int64,
) -> Any:
    """The place of the largest element along an axis."""
    axis = one_of_two("axis", axis, "dimension", dimension)
    return raw.ArgMax(input, 0 if axis is None else axis, output_type=output_type, name=name)


def argmin(
    input: Any,
    axis: Any = None,
    name: str | None = None,
    dimension: Any = None,
    output_type: Any = int64,
) -> Any:
    """The place of the smallest element along an axis."""
    axis = one_of_two("axis", axis, "dimension", dimension)
    return raw.ArgMin(input, 0 if axis is None else axis, output_type=output_type, name=name)


def arg_max(input: Any, dimension: Any, output_type: Any = int64, name: str | None = None) -> Any:
    """The place of the largest element along an axis."""
    return raw.ArgMax(input, dimension, output_type=output_type, name=name)


def arg_min(input: Any, dimension: Any, output_type: Any = int64, name: str | None = None) -> Any:
    """The place of the smallest element along an axis."""
    return raw.ArgMin(input, dimension, output_type=output_type, name=name)


def _scan(op: str, x: Any, axis: Any, exclusive: bool, reverse: bool, name: str | None) -> Any:
    with build.name_scope(name, op, [x]) as scope:
        x = convert(x, name="x")
        return getattr(raw, op)(x, axis, exclusive=exclusive, reverse=reverse, name=scope)


def cumsum(
    x: Any,
    axis: Any = 0,
    exclusive: bool = False,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """The sums of the elements so far."""
    return _scan("Cumsum", x, axis, exclusive, reverse, name)


def cumprod(
    x: Any,
    axis: Any = 0,
    exclusive: bool = False,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """The products of the elements so far."""
    return _scan("Cumprod", x, axis, exclusive, reverse, name)


def cumulative_logsumexp(
    x: Any,
    axis: Any = 0,
    exclusive: bool = False,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """log(sum(exp(x))) of the elements so far."""
    return _scan("CumulativeLogsumexp", x, axis, exclusive, reverse, name)


NAMESPACES = {
    "math": [
        *(name for name in __all__ if not name.startswith("arg_")),
        "cumulative_logsumexp",
        "reduce_euclidean_norm",
        "reduce_std",
        "reduce_variance",
    ]
}
