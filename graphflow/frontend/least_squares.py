"""tf.matrix_solve_ls: the normal equations, or one op where they would not fit the cache."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.control_flow import cond
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import complex128
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.matrix_idioms import cholesky_solve, gram_cholesky, matmul

__all__ = ["matrix_solve_ls"]

#: above this size in bytes, a batch of small matrices is solved by one op and not by a composition
_CACHE = 256000


def matrix_solve_ls(
    matrix: Any,
    rhs: Any,
    l2_regularizer: Any = 0.0,
    fast: bool = True,
    name: str | None = None,
) -> Any:
    """The x that makes |matrix x - rhs|^2 + l2_regularizer |x|^2 least."""
    matrix = convert(matrix, name="matrix")
    if matrix.dtype.base_dtype is complex128 and l2_regularizer != 0:
        raise NotImplementedError(
            "matrix_solve_ls is currently disabled for complex128 and l2_regularizer != 0 "
            "due to poor accuracy."
        )
    if not fast or _is_large(matrix):
        return raw.MatrixSolveLs(matrix, rhs, l2_regularizer, fast=fast, name=name)
    with build.name_scope(name, "matrix_solve_ls", [matrix, rhs, l2_regularizer]):
        known = matrix.shape[-2:]
        if known.is_static:
            rows, columns = known.as_tuple()
            return (_tall if rows >= columns else _wide)(matrix, rhs, l2_regularizer)
        sizes = idioms.shape(matrix)[-2:]
        return cond(
            raw.GreaterEqual(sizes[-2], sizes[-1]),
            lambda: _tall(matrix, rhs, l2_regularizer),
            lambda: _wide(matrix, rhs, l2_regularizer),
        )


def _is_large(matrix: Tensor) -> bool:
    if not matrix.shape.is_static:
        return False
    *batch, rows, columns = matrix.shape.as_tuple()
    count = TensorShape(tuple(batch)).num_elements() or 0
    size = count * rows * columns * matrix.dtype.size
    return size > _CACHE and count > min(rows, columns)


def _tall(matrix: Tensor, rhs: Any, regularizer: Any) -> Any:
    factor = gram_cholesky(matrix, regularizer, first_kind=True)
    return cholesky_solve(factor, matmul(matrix, rhs, adjoint_a=True))


def _wide(matrix: Tensor, rhs: Any, regularizer: Any) -> Any:
    factor = gram_cholesky(matrix, regularizer, first_kind=False)
    return matmul(matrix, cholesky_solve(factor, rhs), adjoint_a=True)


lstsq = matrix_solve_ls

NAMESPACES = {"linalg": ["lstsq"]}
