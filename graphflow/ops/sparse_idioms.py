"""TensorFlow's functions of SparseTensors that gradients need too."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import SparseTensor, SparseTensorValue


def as_sparse(value: Any) -> SparseTensor:
    """A SparseTensor, of its value where it is one."""
    if isinstance(value, SparseTensorValue):
        return SparseTensor.from_value(value)
    if not isinstance(value, SparseTensor):
        raise TypeError("Input must be a SparseTensor.")
    return value


def parts(x: SparseTensor) -> tuple[Tensor, Tensor, Tensor]:
    """The three tensors that ops take for a sparse one."""
    return x.indices, x.values, x.dense_shape


def sparse_slice(sp_input: Any, start: Any, size: Any, name: str | None = None) -> SparseTensor:
    """The part that begins at `start`, of at most the given size."""
    x = as_sparse(sp_input)
    start, size = convert(start, int64), convert(size, int64)
    with build.name_scope(name, "SparseSlice", [x]) as scope:
        return SparseTensor(*raw.SparseSlice(*parts(x), start, size, name=scope))


def dense_matmul(
    sp_a: Any, b: Any, adjoint_a: bool = False, adjoint_b: bool = False, name: str | None = None
) -> Tensor:
    """The product of a sparse and a dense matrix."""
    a = as_sparse(sp_a)
    with build.name_scope(name, "SparseTensorDenseMatMul", [a.indices, a.values, b]):
        b = convert(b, name="b")
        out: Tensor = raw.SparseTensorDenseMatMul(
            *parts(a), b, adjoint_a=adjoint_a, adjoint_b=adjoint_b
        )
        return out


def reorder(sp_input: Any, name: str | None = None) -> SparseTensor:
    """The same elements, in the order of their coordinates."""
    x = as_sparse(sp_input)
    indices, values = raw.SparseReorder(*parts(x), name=name)
    if x.shape.is_static and _readable(x.dense_shape):
        return SparseTensor(indices, values, x.shape.as_list())
    return SparseTensor(indices, values, raw.Identity(x.dense_shape))


#: the ops through which TensorFlow's Python can read the value of a shape
_READABLE = ("Cast", "Concat", "ConcatV2", "Const", "Fill", "Pack", "Rank", "Shape", "Size")


def _readable(shape: Tensor) -> bool:
    """Whether TensorFlow would see the static value of `shape`, so that both make the same nodes."""
    if shape.node.type in ("Shape", "Size", "Rank") or shape.shape.num_elements() == 0:
        return True
    inputs = shape.node.inputs[: 1 if shape.node.type == "StridedSlice" else None]
    return shape.node.type in (*_READABLE, "StridedSlice") and all(_readable(t) for t in inputs)


def check_inside(indices: Any, shape: Any) -> None:
    """ValueError where coordinates lie outside of the shape."""
    outside = ((indices < 0) | (indices >= np.asarray(shape))).any(1)
    if outside.any():
        at = int(outside.argmax())
        raise ValueError(
            f"indices[{at}] = {indices[at].tolist()} is out of bounds: "
            f"need 0 <= index < {np.asarray(shape).tolist()}"
        )
