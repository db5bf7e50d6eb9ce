"""Values and shapes: tf.constant, tf.placeholder, tf.zeros, tf.shape, tf.reshape and their kin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import as_dtype, float32, int32
from graphflow.ir.indexed_slices import IndexedSlices, IndexedSlicesValue
from graphflow.ir.known import constant_value
from graphflow.ir.literal import as_array
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, TensorShape, as_shape, broadcast
from graphflow.ir.sparse_tensor import SparseTensor, SparseTensorValue, is_sparse
from graphflow.ops import idioms

__all__ = [
    "IndexedSlices",
    "IndexedSlicesValue",
    "SparseTensor",
    "SparseTensorValue",
    "broadcast_dynamic_shape",
    "broadcast_static_shape",
    "broadcast_to",
    "constant",
    "convert_to_tensor",
    "convert_to_tensor_or_indexed_slices",
    "convert_to_tensor_or_sparse_tensor",
    "dimension_at_index",
    "dimension_value",
    "ensure_shape",
    "expand_dims",
    "fill",
    "get_static_value",
    "guarantee_const",
    "identity",
    "identity_n",
    "is_tensor",
    "ones",
    "ones_like",
    "placeholder",
    "placeholder_with_default",
    "rank",
    "reshape",
    "shape",
    "shape_n",
    "size",
    "sparse_placeholder",
    "squeeze",
    "stop_gradient",
    "zeros",
    "zeros_like",
]


def constant(
    value: Any,
    dtype: Any = None,
    shape: Any = None,
    name: str = "Const",
    verify_shape: bool = False,
) -> Tensor:
    """A value that is part of the graph; where `shape` asks for more elements, the last is repeated."""
    target = None if dtype is None else as_dtype(dtype)
    _refuse_tensors(value)
    array = as_array(value, target)
    if shape is not None:
        array = _under_shape(array, [int(d) for d in as_shape(shape)], verify_shape)
    return const(array, as_dtype(array.dtype) if target is None else target.base_dtype, name)


def _refuse_tensors(value: Any) -> None:
    if hasattr(value, "_as_tensor"):
        raise TypeError(
            f"a constant is made of Python values or arrays, not of {value!r}; "
            "tf.identity or tf.convert_to_tensor take tensors"
        )
    if isinstance(value, list | tuple):
        for item in value:
            if isinstance(item, list | tuple) or hasattr(item, "_as_tensor"):
                _refuse_tensors(item)


def _under_shape(array: Any, shape: Sequence[int], verify: bool) -> Any:
    if list(array.shape) == list(shape):
        return array
    if verify:
        raise TypeError(f"Expected Tensor's shape: {tuple(shape)}, got {array.shape}.")
    count = math.prod(shape)
    if array.size > count:
        raise ValueError(
            f"Too many elements provided. Needed at most {count}, but received {array.size}"
        )
    if array.size == count:
        return array.reshape(shape)
    if not array.size:
        return np.zeros(shape, array.dtype)
    if array.size == 1:
        return np.broadcast_to(array.reshape(()), shape)
    filled = np.full(count, array.ravel()[-1], array.dtype)
    filled[: array.size] = array.ravel()
    return filled.reshape(shape)


def placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> Tensor:
    """A value that every run must be given."""
    out: Tensor = raw.Placeholder(dtype=as_dtype(dtype), shape=as_shape(shape), name=name)
    return out


def placeholder_with_default(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """A value that a run may be given; `input` otherwise."""
    out: Tensor = raw.PlaceholderWithDefault(input, shape=as_shape(shape), name=name)
    return out


def sparse_placeholder(dtype: Any, shape: Any = None, name: str | None = None) -> SparseTensor:
    """A sparse value that every run must be given."""
    within = (lambda part: None) if name is None else (lambda part: f"{name}/{part}")
    dense_shape, rank = None, None
    if shape is not None:
        rank = shape.shape[0] if isinstance(shape, Tensor) else len(shape)
        if isinstance(shape, Tensor) or None not in list(shape):
            dense_shape = convert(shape, dtype="int64", name=within("shape"))
    if dense_shape is None:
        dense_shape = placeholder("int64", [rank], within("shape"))
    values = placeholder(dtype, [None], within("values"))
    return SparseTensor(
        values=values,
        indices=placeholder("int64", [None, rank], within("indices")),
        dense_shape=dense_shape,
    )


def convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    preferred_dtype: Any = None,
    dtype_hint: Any = None,
) -> Tensor:
    """The tensor that `value` is or means."""
    return convert(
        value, dtype, name, one_of_two("dtype_hint", dtype_hint, "preferred_dtype", preferred_dtype)
    )


def convert_to_tensor_or_indexed_slices(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """IndexedSlices as they are, anything else as a tensor."""
    if not isinstance(value, IndexedSlices | SparseTensor):
        return convert(value, dtype, name)
    _check_dtype(ValueError, value, dtype)
    return value


def convert_to_tensor_or_sparse_tensor(
    value: Any, dtype: Any = None, name: str | None = None
) -> Any:
    """Sparse values as SparseTensors, anything else as a tensor."""
    if not is_sparse(value):
        return convert(value, dtype, name)
    if isinstance(value, SparseTensorValue):
        value = SparseTensor.from_value(value)
    _check_dtype(RuntimeError, value, dtype)
    return value


def _check_dtype(kind: type[Exception], value: Any, dtype: Any) -> None:
    if dtype is not None and not as_dtype(dtype).is_compatible_with(value.dtype):
        raise kind(f"requested dtype {as_dtype(dtype).name}, actual {value.dtype.name}: {value}")


def is_tensor(x: Any) -> bool:
    """Whether x is a tensor or a variable, sparse ones and slices included."""
    return hasattr(x, "_as_tensor") or isinstance(x, SparseTensor)


def get_static_value(tensor: Any, partial: bool = False) -> Any:
    """The value of a tensor where it is known when the graph is built, or None."""
    found = constant_value(tensor)
    return None if found is None else np.array(found)


# ---- shapes ---------------------------------------------------------------------------------------


def shape(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The sizes of a tensor."""
    if not is_sparse(input):
        return idioms.shape(input, name, out_type)
    with build.name_scope(name, "Shape", [input]):
        return idioms.cast(input.dense_shape, out_type)


def shape_n(input: Any, out_type: Any = int32, name: str | None = None) -> Any:
    """The sizes of several tensors."""
    return raw.ShapeN(input, out_type=out_type, name=name)


def size(input: Any, name: str | None = None, out_type: Any = int32) -> Tensor:
    """The number of elements of a tensor."""
    if not is_sparse(input):
        return idioms.size(input, name, out_type)
    with build.name_scope(name, "Size", [input]) as scope:
        out: Tensor = raw.Prod(idioms.cast(input.dense_shape, out_type), 0, name=scope)
        return out


def rank(input: Any, name: str | None = None) -> Tensor:
    """The number of dimensions of a tensor."""
    if not is_sparse(input):
        return idioms.rank(input, name)
    with build.name_scope(name, "Rank", [input]) as scope:
        out: Tensor = raw.Size(input.dense_shape, name=scope)
        return out


def reshape(tensor: Any, shape: Any, name: str | None = None) -> Tensor:
    """The same elements in the same order under another shape."""
    out: Tensor = raw.Reshape(tensor, shape, name=name)
    return out


def squeeze(
    input: Any, axis: Any = None, name: str | None = None, squeeze_dims: Any = None
) -> Tensor:
    """The tensor without its dimensions of size 1."""
    axis = one_of_two("axis", axis, "squeeze_dims", squeeze_dims)
    axis = [] if axis is None else [axis] if np.isscalar(axis) else axis
    out: Tensor = raw.Squeeze(input, squeeze_dims=axis, name=name)
    return out


def expand_dims(input: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """The tensor with a dimension of size 1 put in."""
    axis = one_of_two("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("Must specify an axis argument to tf.expand_dims()")
    out: Tensor = raw.ExpandDims(input, axis, name=name)
    return out


def ensure_shape(x: Any, shape: Any, name: str | None = None) -> Tensor:
    """x, if it has the shape when the graph runs."""
    out: Tensor = raw.EnsureShape(x, shape=as_shape(shape), name=name)
    return out


def broadcast_to(input: Any, shape: Any, name: str | None = None) -> Tensor:
    """The tensor repeated where it must be to have the shape."""
    out: Tensor = raw.BroadcastTo(input, shape, name=name)
    return out


def broadcast_static_shape(shape_x: Any, shape_y: Any) -> TensorShape:
    """The shape that two known shapes broadcast to."""
    return broadcast(as_shape(shape_x), as_shape(shape_y))


def broadcast_dynamic_shape(shape_x: Any, shape_y: Any) -> Tensor:
    """The shape that two shapes broadcast to, computed when the graph runs."""
    out: Tensor = raw.BroadcastArgs(shape_x, shape_y)
    return out


def dimension_value(dimension: Any) -> int | None:
    """The size that a dimension is, as a number or None."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: TensorShape, index: int) -> Dimension:
    """One dimension of a shape, unknown where the rank is."""
    return Dimension(None) if shape.rank is None else Dimension(shape[index])


# ---- values of a given shape ------------------------------------------------------------------------


def zeros(shape: Any, dtype: Any = float32, name: str | None = None) -> Tensor:
    """Zeros of a given shape."""
    return idioms.zeros(shape, dtype, name)


def ones(shape: Any, dtype: Any = float32, name: str | None = None) -> Tensor:
    """Ones of a given shape."""
    return idioms.ones(shape, dtype, name)


def zeros_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Zeros of the shape of a tensor."""
    return idioms.zeros_like(tensor, dtype, name, optimize)


def ones_like(
    tensor: Any, dtype: Any = None, name: str | None = None, optimize: bool = True
) -> Tensor:
    """Ones of the shape of a tensor."""
    return idioms.ones_like(tensor, dtype, name, optimize)


def fill(dims: Any, value: Any, name: str | None = None) -> Tensor:
    """A tensor of a given shape, every element the same."""
    out: Tensor = raw.Fill(dims, value, name=name)
    return out


# ---- values as they are -----------------------------------------------------------------------------


def identity(input: Any, name: str | None = None) -> Tensor:
    """The same value, as a node of its own."""
    out: Tensor = raw.Identity(input, name=name)
    return out


def identity_n(input: Any, name: str | None = None) -> Any:
    """The same values, available when all of them are."""
    return raw.IdentityN(input, name=name)


def stop_gradient(input: Any, name: str | None = None) -> Tensor:
    """The same value, through which no gradient flows."""
    out: Tensor = raw.StopGradient(input, name=name)
    return out


def guarantee_const(input: Any, name: str | None = None) -> Tensor:
    """The same value, which the user vouches never changes."""
    out: Tensor = raw.GuaranteeConst(input, name=name)
    return out


NAMESPACES = {
    "sparse": {"SparseTensor": "SparseTensor", "placeholder": "sparse_placeholder"},
    "manip": ["reshape"],
}
