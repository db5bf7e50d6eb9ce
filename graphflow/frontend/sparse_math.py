"""Arithmetic on sparse tensors: sums, products, softmax."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import broadcast
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops.reduce_idioms import sequence
from graphflow.ops.sparse_idioms import as_sparse, dense_matmul, parts

__all__ = [
    "sparse_add",
    "sparse_maximum",
    "sparse_minimum",
    "sparse_reduce_max",
    "sparse_reduce_max_sparse",
    "sparse_reduce_sum",
    "sparse_reduce_sum_sparse",
    "sparse_softmax",
    "sparse_tensor_dense_matmul",
]

sparse_tensor_dense_matmul = dense_matmul


def sparse_add(a: Any, b: Any, threshold: Any = None, thresh: Any = None) -> Any:
    """The sum of two tensors of which one or both are sparse."""
    threshold = one_of_two("threshold", threshold, "thresh", thresh)
    if not is_sparse(a) and not is_sparse(b):
        raise TypeError("At least one input should be SparseTensor; do you mean to use tf.add()?")
    if not (is_sparse(a) and is_sparse(b)):
        sp, dense = (b, a) if is_sparse(b) else (a, b)
        out: Tensor = raw.SparseTensorDenseAdd(sp.indices, sp.values, sp.dense_shape, dense)
        return out
    a, b = as_sparse(a), as_sparse(b)
    real = a.values.dtype.real_dtype.base_dtype
    least = convert(0 if threshold is None else threshold, real, name="threshold")
    indices, values, shape = raw.SparseAdd(*parts(a), *parts(b), least)
    a.shape.assert_is_compatible_with(b.shape)
    static = broadcast(a.shape, b.shape)
    return SparseTensor(indices, values, list(static.as_tuple()) if static.is_static else shape)


def _axes(x: SparseTensor, axis: Any) -> Any:
    """The axes of a reduction, all where `axis` is None."""
    if axis is not None:
        return axis
    rank = x.dense_shape.shape.num_elements()
    if rank is None:
        return sequence(0, raw.Size(x.dense_shape, name="Rank"))
    return const(list(range(rank)), int32)


def _reduced(op: str, x: Any, axis: Any, keepdims: Any, reduction_axes: Any, keep_dims: Any) -> Any:
    keepdims = one_of_two("keepdims", keepdims, "keep_dims", keep_dims)
    if axis is not None and reduction_axes is not None:
        raise ValueError("Can't specify both axis' and 'reduction_indices'.")
    axes = _axes(x, reduction_axes if axis is None else axis)
    return getattr(raw, op)(*parts(x), axes, keep_dims=bool(keepdims))


def sparse_reduce_sum(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The sum of the elements over the axes, as a dense tensor."""
    out: Tensor = _reduced("SparseReduceSum", sp_input, axis, keepdims, reduction_axes, keep_dims)
    return out


def sparse_reduce_max(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> Tensor:
    """The greatest of the elements over the axes, as a dense tensor."""
    out: Tensor = _reduced("SparseReduceMax", sp_input, axis, keepdims, reduction_axes, keep_dims)
    return out


def sparse_reduce_sum_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """The sum of the elements over the axes."""
    op = "SparseReduceSumSparse"
    return SparseTensor(*_reduced(op, sp_input, axis, keepdims, reduction_axes, keep_dims))


def sparse_reduce_max_sparse(
    sp_input: Any,
    axis: Any = None,
    keepdims: bool | None = None,
    reduction_axes: Any = None,
    keep_dims: bool | None = None,
) -> SparseTensor:
    """The greatest of the elements over the axes."""
    op = "SparseReduceMaxSparse"
    return SparseTensor(*_reduced(op, sp_input, axis, keepdims, reduction_axes, keep_dims))


def sparse_softmax(sp_input: Any, name: str | None = None) -> SparseTensor:
    """Softmax over the elements that are there in each row."""
    with build.name_scope(name, "SparseSoftmax", [sp_input.indices, sp_input.values]):
        values = raw.SparseSoftmax(*parts(sp_input))
        return SparseTensor(sp_input.indices, values, sp_input.dense_shape)


def _extreme(op: str, a: Any, b: Any, name: str | None) -> SparseTensor:
    with build.name_scope(name, op, [a.indices, a.values, b.indices, b.values]) as scope:
        indices, values = getattr(raw, op)(*parts(a), *parts(b), name=scope)
    return SparseTensor(indices, values, a.dense_shape)


def sparse_maximum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The greater of two sparse tensors, element by element."""
    return _extreme("SparseSparseMaximum", sp_a, sp_b, name)


def sparse_minimum(sp_a: Any, sp_b: Any, name: str | None = None) -> SparseTensor:
    """The lesser of two sparse tensors, element by element."""
    return _extreme("SparseSparseMinimum", sp_a, sp_b, name)


NAMESPACES = {
    "sparse": {
        "add": "sparse_add",
        "matmul": "sparse_tensor_dense_matmul",
        "maximum": "sparse_maximum",
        "minimum": "sparse_minimum",
        "reduce_max": "sparse_reduce_max",
        "reduce_max_sparse": "sparse_reduce_max_sparse",
        "reduce_sum": "sparse_reduce_sum",
        "reduce_sum_sparse": "sparse_reduce_sum_sparse",
        "softmax": "sparse_softmax",
        "sparse_dense_matmul": "sparse_tensor_dense_matmul",
    }
}
