"""Square roots, logarithms and exponentials of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import matrix_functions
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.linalg import SOLVED, square_matrices
from graphflow.ops.matrix_idioms import eye, matrix_transpose
from graphflow.ops.reduce_idioms import reduce_prod


class MatrixSquareRoot(Op):
    """The y with y y = x whose eigenvalues lie in the right half-plane."""

    signature = f"input:T -> output:T | T: {SOLVED}"

    def infer(self, x: Tensor) -> Any:
        return square_matrices(x)

    def reference(self, x: Any) -> Any:
        return matrix_functions.square_root(x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """Solves y dx + dx y = g, a system of as many equations as the matrix has elements."""
        y = n.outputs[0]
        shape = idioms.shape(y)
        size = shape[-1]
        count = reduce_prod(shape[0:-2])
        flat = raw.Reshape(eye(size, dtype=y.dtype), [-1])
        identities = raw.Reshape(raw.Tile(flat, [count]), shape)
        transposed = matrix_transpose(y)
        first = _kronecker(identities, transposed)
        second = _kronecker(y, identities)
        both = raw.Add(first, second)
        batch = raw.Slice(shape, [0], [raw.Sub(idioms.size(shape), 2)])
        column_shape = concat([batch, [size * size], [1]], 0)
        column = raw.Reshape(matrix_transpose(g), column_shape)
        solved = raw.Reshape(raw.MatrixSolve(both, column), shape)
        return [matrix_transpose(solved)]


def _kronecker(a: Tensor, b: Tensor) -> Tensor:
    """Each element of a times the whole of b."""
    a_shape, b_shape = idioms.shape(a), idioms.shape(b)
    a_size, b_size = a_shape[-1], b_shape[-1]
    batch = raw.Slice(a_shape, [0], [raw.Sub(idioms.size(a_shape), 2)])
    a_spread = concat([batch, [a_size], [1], [a_size], [1]], 0)
    b_spread = concat([batch, [1], [b_size], [1], [b_size]], 0)
    left, right = raw.Reshape(a, a_spread), raw.Reshape(b, b_spread)
    size = a_size * b_size
    shape = concat([batch, [size], [size]], 0)
    found: Tensor = raw.Reshape(left * right, shape)
    return found


class MatrixLogarithm(Op):
    """The y with exp(y) = x whose eigenvalues have imaginary parts in (-pi, pi]."""

    signature = "input:T -> output:T | T: complex"

    def infer(self, x: Tensor) -> Any:
        return square_matrices(x)

    def reference(self, x: Any) -> Any:
        return matrix_functions.logarithm(x)


class MatrixExponential(Op):
    """exp(x) = I + x + x x / 2 + ..."""

    signature = f"input:T -> output:T | T: {SOLVED}"

    def infer(self, x: Tensor) -> Any:
        return square_matrices(x)

    def reference(self, x: Any) -> Any:
        return matrix_functions.exponential(x)
