"""TensorFlow's small compositions around matrices that gradients need; made of raw ops alone.

Each returns what TensorFlow 1.15's function of the same name returns and creates the same nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bfloat16, float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import conj


def matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    adjoint_a: bool = False,
    adjoint_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Any:
    """The product of matrices, or of batches of matrices that broadcast."""
    with build.name_scope(name, "MatMul", [a, b]) as scope:
        for label, transposed, adjoint in (
            ("a", transpose_a, adjoint_a),
            ("b", transpose_b, adjoint_b),
        ):
            if transposed and adjoint:
                raise ValueError(f"Only one of transpose_{label} and adjoint_{label} can be True.")
        a, b = convert(a, name="a"), convert(b, name="b")
        batched = any(t.shape.rank is None or t.shape.rank > 2 for t in (a, b))
        if batched and not a_is_sparse and not b_is_sparse:
            # a transposed batch is the adjoint of the conjugate
            a, b = (conj(t) if flip else t for t, flip in ((a, transpose_a), (b, transpose_b)))
            adjoints = {"adj_x": adjoint_a or transpose_a, "adj_y": adjoint_b or transpose_b}
            return raw.BatchMatMulV2(a, b, **adjoints, name=scope)
        a, b = (conj(t) if flip else t for t, flip in ((a, adjoint_a), (b, adjoint_b)))
        flips = {"transpose_a": transpose_a or adjoint_a, "transpose_b": transpose_b or adjoint_b}
        types = {a.dtype.base_dtype, b.dtype.base_dtype}
        mixed = bfloat16 in types and len(types) == 2
        if mixed or ((a_is_sparse or b_is_sparse) and types <= {bfloat16, float32}):
            sparse = {"a_is_sparse": a_is_sparse, "b_is_sparse": b_is_sparse}
            product = raw.SparseMatMul(a, b, **flips, **sparse, name=scope)
            return idioms.cast(product, bfloat16) if types == {bfloat16} else product
        return raw.MatMul(a, b, **flips, name=scope)


def matrix_transpose(a: Any, name: str | None = "matrix_transpose", conjugate: bool = False) -> Any:
    """The last two axes swapped."""
    with build.name_scope(name, None, [a]):
        a = convert(a, name="a")
        rank = a.shape.rank
        perm: Any
        if rank is None:
            count = idioms.rank(a)
            front = raw.Range(0, count - 2, 1)
            perm = concat([front, [count - 1, count - 2]], 0)
        elif rank < 2:
            raise ValueError(
                f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {a.shape}"
            )
        else:
            perm = [*range(rank - 2), rank - 1, rank - 2]
        return transpose(a, perm, conjugate=conjugate)


def adjoint(matrix: Any, name: str | None = None) -> Any:
    """The conjugate of the matrix transposed."""
    with build.name_scope(name, "adjoint", [matrix]):
        return matrix_transpose(convert(matrix, name="matrix"), conjugate=True)


def eye(
    num_rows: Any,
    num_columns: Any = None,
    batch_shape: Any = None,
    dtype: Any = float32,
    name: str | None = None,
) -> Any:
    """Ones on the main diagonal of each matrix of a batch, zeros beside it."""
    with build.name_scope(name, "eye", [num_rows, num_columns, batch_shape]):
        square = num_columns is None
        batch = [] if batch_shape is None else batch_shape
        columns = num_rows if num_columns is None else num_columns
        ones_shape: Any
        shape: Any
        if isinstance(num_rows, Tensor) or isinstance(columns, Tensor):
            length = raw.Minimum(num_rows, columns)
        else:
            for size in (num_rows, columns):
                if not isinstance(size, int | np.integer):
                    raise TypeError("num_rows and num_columns must be positive integer values.")
            square = num_rows == columns
            length = min(num_rows, columns)
        if isinstance(batch, Tensor) or isinstance(length, Tensor):
            batch = convert(batch, name="shape", dtype=int32)
            ones_shape = concat((batch, [length]), 0)
            if not square:
                shape = concat((batch, [num_rows, columns]), 0)
        else:
            ones_shape = [*batch, length]
            shape = [*batch, num_rows, columns]
        ones = idioms.ones(ones_shape, dtype)
        if square:
            return diag(ones)
        return set_diag(idioms.zeros(shape, dtype), ones)


def diag(diagonal: Any) -> Any:
    """Matrices with the given diagonals and zeros beside them."""
    return raw.MatrixDiag(diagonal, name="diag")


def diag_part(matrix: Any) -> Any:
    """The main diagonals of matrices."""
    return raw.MatrixDiagPart(matrix, name="diag_part")


def set_diag(matrix: Any, diagonal: Any) -> Any:
    """The matrices with other main diagonals."""
    return raw.MatrixSetDiag(matrix, diagonal, name="set_diag")


def cholesky_solve(chol: Any, rhs: Any, name: str | None = None) -> Any:
    """The x with l l* x = rhs."""
    with build.name_scope(name, "cholesky_solve", [chol, rhs]):
        y = raw.MatrixTriangularSolve(chol, rhs, adjoint=False, lower=True)
        return raw.MatrixTriangularSolve(chol, y, adjoint=True, lower=True)


def gram_cholesky(matrix: Tensor, regularizer: Any, first_kind: bool) -> Any:
    """The Cholesky factor of a* a (the first kind) or of a a*, plus a multiple of the identity."""
    gram = matmul(matrix, matrix, adjoint_a=first_kind, adjoint_b=not first_kind)
    if isinstance(regularizer, Tensor) or regularizer != 0:
        sizes = idioms.shape(matrix)
        batch, side = sizes[:-2], -1 if first_kind else -2
        identity = eye(sizes[side], batch_shape=batch, dtype=matrix.dtype)
        small = matrix.shape[side]
        identity.set_shape(matrix.shape[:-2].concatenate([small, small]))
        gram = gram + regularizer * identity
    return raw.Cholesky(gram)
