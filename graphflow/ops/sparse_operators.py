"""Python's operators on sparse tensors: the other operand is dense and broadcasts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.operators import TABLE
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms
from graphflow.ops.operators import FLOAT_OF


def _by_dense(op: str, label: str, floats: bool = False) -> Callable[[SparseTensor, Any], Any]:
    """The operator that makes nodes of this type; `floats` asks for floats where both are integers."""

    def apply(x: SparseTensor, y: Any) -> SparseTensor:
        with build.name_scope(None, label, [x, y]) as scope:
            y = convert(y, x.dtype.base_dtype, name="y")
            values = x.values
            wide = FLOAT_OF.get(x.dtype.base_dtype) if floats else None
            if wide is not None:
                values, y = idioms.cast(values, wide), idioms.cast(y, wide)
            out = getattr(raw, op)(x.indices, values, x.dense_shape, y, name=scope)
            return SparseTensor(x.indices, out, x.dense_shape)

    return apply


TABLE["sparse_mul"] = _by_dense("SparseDenseCwiseMul", "mul")
TABLE["sparse_div"] = _by_dense("SparseDenseCwiseDiv", "div")
TABLE["sparse_truediv"] = _by_dense("SparseDenseCwiseDiv", "truediv", floats=True)
