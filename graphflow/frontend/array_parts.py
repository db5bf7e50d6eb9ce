"""Parts of tensors by position, by condition and by value: tf.gather, tf.where, tf.one_hot, tf.unique."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_batches import batch_gather_nd
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, float32, int32
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops import arrays, idioms
from graphflow.ops.reduce_idioms import constant_for_gradient
from graphflow.ops.slice_keys import boolean_mask

__all__ = [
    "boolean_mask",
    "dynamic_partition",
    "dynamic_stitch",
    "gather",
    "gather_nd",
    "one_hot",
    "scatter_nd",
    "setdiff1d",
    "slice",
    "sparse_mask",
    "strided_slice",
    "tensor_scatter_add",
    "tensor_scatter_nd_add",
    "tensor_scatter_nd_sub",
    "tensor_scatter_nd_update",
    "tensor_scatter_sub",
    "tensor_scatter_update",
    "unique",
    "unique_with_counts",
    "unravel_index",
    "where",
    "where_v2",
]


def slice(input_: Any, begin: Any, size: Any, name: str | None = None) -> Tensor:
    """The part that begins at `begin`, of the given size."""
    out: Tensor = raw.Slice(input_, begin, size, name=name)
    return out


def strided_slice(
    input_: Any,
    begin: Any,
    end: Any,
    strides: Any = None,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
    var: Any = None,
    name: str | None = None,
) -> Tensor:
    """x[begin:end:strides], with masks for what a Python slice spells without numbers."""
    if strides is None:
        strides = idioms.ones_like(begin)
    out: Tensor = raw.StridedSlice(
        input_,
        begin,
        end,
        strides,
        begin_mask=begin_mask,
        end_mask=end_mask,
        ellipsis_mask=ellipsis_mask,
        new_axis_mask=new_axis_mask,
        shrink_axis_mask=shrink_axis_mask,
        name=name,
    )
    return out


def gather(
    params: Any,
    indices: Any,
    validate_indices: Any = None,
    name: str | None = None,
    axis: Any = None,
    batch_dims: int = 0,
) -> Tensor:
    """The slices along an axis at the given indices."""
    if axis is None:
        axis = batch_dims
    known = constant_for_gradient(axis) if isinstance(axis, Tensor) else axis
    if known != 0:
        found: Tensor = raw.GatherV2(params, indices, axis, batch_dims=batch_dims, name=name)
        return found
    read = getattr(params, "sparse_read", None)
    if read is not None:
        rows: Tensor = read(indices, name=name)
        return rows
    out: Tensor = raw.GatherV2(params, indices, axis, name=name)
    return out


def gather_nd(params: Any, indices: Any, name: str | None = None, batch_dims: Any = 0) -> Tensor:
    """The elements or slices at the given coordinates."""
    known = constant_for_gradient(batch_dims) if isinstance(batch_dims, Tensor) else batch_dims
    if known is not None:
        batch_dims = int(known)
    if not isinstance(batch_dims, int) or batch_dims:
        return batch_gather_nd(params, indices, batch_dims, name)
    read = getattr(params, "gather_nd", None)
    if read is not None:
        found: Tensor = read(indices, name=name)
        return found
    out: Tensor = raw.GatherNd(params, indices, name=name)
    return out


def scatter_nd(indices: Any, updates: Any, shape: Any, name: str | None = None) -> Tensor:
    """Zeros of a shape with the updates added at the given coordinates."""
    out: Tensor = raw.ScatterNd(indices, updates, shape, name=name)
    return out


def tensor_scatter_update(
    tensor: Any, indices: Any, updates: Any, name: str | None = None
) -> Tensor:
    """The tensor with the updates at the given coordinates."""
    out: Tensor = raw.TensorScatterUpdate(tensor, indices, updates, name=name)
    return out


def tensor_scatter_add(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """The tensor with the updates added at the given coordinates."""
    out: Tensor = raw.TensorScatterAdd(tensor, indices, updates, name=name)
    return out


def tensor_scatter_sub(tensor: Any, indices: Any, updates: Any, name: str | None = None) -> Tensor:
    """The tensor with the updates subtracted at the given coordinates."""
    out: Tensor = raw.TensorScatterSub(tensor, indices, updates, name=name)
    return out


tensor_scatter_nd_update = tensor_scatter_update
tensor_scatter_nd_add = tensor_scatter_add
tensor_scatter_nd_sub = tensor_scatter_sub


def where(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """x where the condition holds, else y; of a condition alone the coordinates where it holds."""
    return _where(raw.Select, condition, x, y, name)


def where_v2(condition: Any, x: Any = None, y: Any = None, name: str | None = None) -> Tensor:
    """As `where`, and condition, x and y broadcast."""
    return _where(raw.SelectV2, condition, x, y, name)


def _where(select: Any, condition: Any, x: Any, y: Any, name: str | None) -> Tensor:
    if x is None and y is None:
        return arrays.where(condition, name)
    if x is None or y is None:
        raise ValueError("x and y must both be non-None or both be None.")
    out: Tensor = select(condition, x, y, name=name)
    return out


def one_hot(
    indices: Any,
    depth: Any,
    on_value: Any = None,
    off_value: Any = None,
    axis: int | None = None,
    dtype: Any = None,
    name: str | None = None,
) -> Tensor:
    """A new axis of size `depth` that is on_value at the index and off_value elsewhere."""
    with build.name_scope(name, "one_hot", [indices, depth, on_value, off_value]) as scope:
        given = [v if v is None else convert(v) for v in (on_value, off_value)]
        types = [None if t is None else t.dtype.base_dtype for t in given]
        wanted = None if dtype is None else as_dtype(dtype)
        for label, found in zip(("on_value", "off_value"), types, strict=True):
            if found is not None and wanted is not None and found is not wanted:
                raise TypeError(f"dtype {found} of {label} does not match dtype parameter {wanted}")
        if wanted is None:
            wanted = types[0] or types[1] or float32
        if on_value is None:
            on_value, types[0] = convert(1, wanted, name="on_value"), wanted
        if off_value is None:
            off_value, types[1] = convert(0, wanted, name="off_value"), wanted
        if types[0] is not types[1]:
            raise TypeError(
                f"dtype {types[0]} of on_value does not match dtype {types[1]} of off_value"
            )
        at = -1 if axis is None else axis
        out: Tensor = raw.OneHot(indices, depth, on_value, off_value, axis=at, name=scope)
        return out


def sparse_mask(a: IndexedSlices, mask_indices: Any, name: str | None = None) -> IndexedSlices:
    """IndexedSlices without the rows that are named."""
    with build.name_scope(name, "sparse_mask", [a, mask_indices]) as scope:
        rows, places = raw.ListDiff(a.indices, mask_indices)
        values = gather(a.values, places, name=scope)
        return IndexedSlices(values, rows, a.dense_shape)


def unique(x: Any, out_idx: Any = int32, name: str | None = None) -> Any:
    """(y, idx): the distinct elements of a vector, and which of them each element is."""
    return raw.Unique(x, out_idx=out_idx, name=name)


def unique_with_counts(x: Any, out_idx: Any = int32, name: str | None = None) -> Any:
    """As `unique`, and how often each comes."""
    return raw.UniqueWithCounts(x, out_idx=out_idx, name=name)


def unravel_index(indices: Any, dims: Any, name: str | None = None) -> Tensor:
    """The coordinates of flat places in a tensor of the given shape."""
    out: Tensor = raw.UnravelIndex(indices, dims, name=name)
    return out


def setdiff1d(x: Any, y: Any, index_dtype: Any = int32, name: str | None = None) -> Any:
    """(out, idx): the elements of x that are not in y, and their places."""
    return raw.ListDiff(x, y, out_idx=index_dtype, name=name)


def dynamic_partition(
    data: Any, partitions: Any, num_partitions: int, name: str | None = None
) -> list[Tensor]:
    """The rows of data, sorted into so many tensors by number."""
    out: list[Tensor] = raw.DynamicPartition(
        data, partitions, num_partitions=num_partitions, name=name
    )
    return out


def dynamic_stitch(indices: Any, data: Any, name: str | None = None) -> Tensor:
    """The rows of several tensors, each at the place its index names."""
    out: Tensor = raw.DynamicStitch(indices, data, name=name)
    return out


NAMESPACES = {"manip": ["gather_nd", "scatter_nd"], "sparse": {"mask": "sparse_mask"}}
