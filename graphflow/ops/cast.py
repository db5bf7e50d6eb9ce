"""From one element type to another: by value, and by bits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, UnimplementedError
from graphflow.ir import build
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.known import known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.numeric import casts
from graphflow.ops import idioms
from graphflow.ops.elementwise import Elementwise

_BITS = "number, qint8, quint8, qint16, quint16, qint32"


class Cast(Elementwise):
    """y = x as another type."""

    signature = "x:SrcT -> y:DstT"
    DstT: DType
    Truncate: bool = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.cast(x, self.DstT)

    def reference(self, x: Any) -> Any:
        if "O" in (x.dtype.kind, self.DstT.numpy.kind):
            raise UnimplementedError(
                message=f"Cast to {self.DstT.name} is not supported for strings"
            )
        return casts.cast(x, self.DstT.numpy, self.Truncate)

    def known(self, x: Tensor) -> Any:
        found = known_value(x)
        if found is None or x.dtype.kind in "so" or self.DstT.kind in "so":
            return None
        if found.dtype != object:
            return self.reference(found)
        # a size stays itself, though its name be cast to a float and back
        return found if x.dtype.kind in "iuf" and self.DstT.kind in "iuf" else None

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        source = n.inputs[0].dtype.base_dtype
        return [cast(g, source) if {source.kind, g.dtype.kind} <= {"f", "c"} else None]


def cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """x as another type; of a SparseTensor and of IndexedSlices the values."""
    target = as_dtype(dtype).base_dtype
    if hasattr(x, "handle") and hasattr(x, "_as_tensor") and x.dtype is target:
        return x  # a resource variable is not read for a cast to its own type
    if not isinstance(x, SparseTensor | IndexedSlices):
        return idioms.cast(x, target, name)
    with build.name_scope(name, "Cast", [x.values]) as scope:
        return type(x)(x.indices, idioms.cast(x.values, target, scope), x.dense_shape)


class Bitcast(Op):
    """The same bits read as another type; elements of another size merge or split the last axis."""

    signature = f"input:T -> output:type | T: {_BITS}; type: {_BITS}"
    fields = {"type": "DType"}  # noqa: RUF012  `type` is the name of an op everywhere else
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        target: DType = self.__dict__["type"]
        known = x.shape.known
        source_size, target_size = x.dtype.size, target.size
        if known is None or source_size == target_size:
            return x.shape
        if source_size > target_size:
            return TensorShape.of((*known, source_size // target_size))
        ratio = target_size // source_size
        if not known or (isinstance(known[-1], int) and known[-1] != ratio):
            raise ValueError(
                f"the last dimension of {x.shape} must be {ratio} to make one {target.name} of it"
            )
        return TensorShape.of(known[:-1])

    def reference(self, x: Any) -> Any:
        target = self.__dict__["type"].numpy
        x = np.ascontiguousarray(x).reshape(x.shape)
        if x.dtype.itemsize == target.itemsize:
            return x.view(target)
        if x.dtype.itemsize > target.itemsize:
            return x[..., None].view(target)
        if not x.ndim or x.shape[-1] != target.itemsize // x.dtype.itemsize:
            raise InvalidArgumentError(
                message=f"Cannot bitcast from {x.dtype} to {target}: shape {list(x.shape)}"
            )
        return x.view(target)[..., 0]
