"""tf.linalg.LinearOperator and its kin: matrices that are only written out where somebody asks for that."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.array_joins import matrix_transpose
from graphflow.frontend.linalg import (
    matmul,
    matrix_determinant,
    matrix_solve,
    matrix_triangular_solve,
    slogdet,
)
from graphflow.frontend.reduce import reduce_prod, reduce_sum
from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import DType, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.arrays import concat
from graphflow.ops.operators import absolute
from graphflow.ops.reduce_idioms import conj

__all__: list[str] = []


class LinearOperator:
    """A matrix, or a batch of them, by what it does to vectors."""

    def __init__(
        self,
        dtype: DType,
        graph_parents: Any = None,
        is_non_singular: bool | None = None,
        is_self_adjoint: bool | None = None,
        is_positive_definite: bool | None = None,
        is_square: bool | None = None,
        name: str | None = None,
    ) -> None:
        self.dtype, self.graph_parents = dtype, list(graph_parents or ())
        if is_positive_definite:
            if is_non_singular is False:
                raise ValueError("A positive definite matrix is always non-singular.")
            is_non_singular = True
        if is_non_singular:
            if is_square is False:
                raise ValueError("A non-singular matrix is always square.")
            is_square = True
        if is_self_adjoint:
            if is_square is False:
                raise ValueError("A self-adjoint matrix is always square.")
            is_square = True
        self.is_non_singular, self.is_self_adjoint = is_non_singular, is_self_adjoint
        self.is_positive_definite, self._is_square = is_positive_definite, is_square
        self.name = name or type(self).__name__

    @property
    def is_square(self) -> bool | None:
        if self.domain_dimension == self.range_dimension:
            return True
        return self._is_square

    @property
    def shape(self) -> TensorShape:
        raise NotImplementedError(f"{type(self).__name__} does not say its shape")

    @property
    def batch_shape(self) -> TensorShape:
        return self.shape[:-2]

    @property
    def domain_dimension(self) -> Any:
        return self.shape.with_rank_at_least(1)[-1]

    @property
    def range_dimension(self) -> Any:
        return self.shape.with_rank_at_least(2)[-2]

    @property
    def tensor_rank(self) -> int | None:
        return self.shape.ndims

    def shape_tensor(self, name: str = "shape_tensor") -> Tensor:
        with self._scope(name):
            if self.shape.is_fully_defined():
                return const(self.shape.as_list(), int32, "Const")
            return self._sizes()

    def to_dense(self, name: str = "to_dense") -> Tensor:
        with self._scope(name):
            return self._dense()

    def matmul(
        self, x: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "matmul"
    ) -> Any:
        with self._scope(name):
            return self._product(convert(x, self.dtype, "x"), adjoint, adjoint_arg)

    def matvec(self, x: Any, adjoint: bool = False, name: str = "matvec") -> Tensor:
        with self._scope(name):
            column = expand_dims(convert(x, self.dtype, "x"), -1)
            return squeeze(self.matmul(column, adjoint=adjoint), -1)

    def solve(
        self, rhs: Any, adjoint: bool = False, adjoint_arg: bool = False, name: str = "solve"
    ) -> Any:
        self._only_square("solve")
        with self._scope(name):
            return self._solution(convert(rhs, self.dtype, "rhs"), adjoint, adjoint_arg)

    def solvevec(self, rhs: Any, adjoint: bool = False, name: str = "solve") -> Tensor:
        self._only_square("solve")
        with self._scope(name):
            column = expand_dims(convert(rhs, self.dtype, "rhs"), -1)
            return squeeze(self.solve(column, adjoint=adjoint), -1)

    def determinant(self, name: str = "det") -> Tensor:
        self._only_square("determinant")
        with self._scope(name):
            return self._determinant()

    def log_abs_determinant(self, name: str = "log_abs_det") -> Tensor:
        self._only_square("determinant")
        with self._scope(name):
            return self._log_abs_determinant()

    def diag_part(self, name: str = "diag_part") -> Tensor:
        with self._scope(name):
            return self._diagonal()

    def trace(self, name: str = "trace") -> Tensor:
        with self._scope(name):
            return reduce_sum(self.diag_part(), axis=-1)

    def add_to_tensor(self, x: Any, name: str = "add_to_tensor") -> Tensor:
        with self._scope(name):
            return self._sum(convert(x, self.dtype, "x"))

    def _scope(self, name: str) -> AbstractContextManager[Any]:
        return build.name_scope(f"{self.name}/{name}", None, self.graph_parents)

    def _only_square(self, what: str) -> None:
        if self.is_square is False:
            raise NotImplementedError(
                f"{what} is for square matrices: {self.name} has the shape {self.shape}"
            )

    def _sizes(self) -> Tensor:
        sizes: Tensor = raw.Shape(self.graph_parents[0])
        return sizes

    def _dense(self) -> Tensor:
        raise NotImplementedError(f"{type(self).__name__} cannot be written out")

    def _product(self, x: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        return matmul(self.to_dense(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _solution(self, rhs: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        return matrix_solve(self.to_dense(), _turned(rhs, adjoint_arg), adjoint=adjoint)

    def _determinant(self) -> Tensor:
        return matrix_determinant(self.to_dense())

    def _log_abs_determinant(self) -> Tensor:
        return slogdet(self.to_dense())[1]

    def _diagonal(self) -> Tensor:
        return raw.MatrixDiagPart(self.to_dense(), name="diag_part")

    def _sum(self, x: Tensor) -> Tensor:
        return self.to_dense() + x


class _OfTensor(LinearOperator):
    """An operator that is told by one tensor."""

    def __init__(self, value: Any, argument: str, rank: int, traits: dict[str, Any]) -> None:
        name = traits["name"]
        with build.name_scope(name, None, [value]):
            self._value: Tensor = convert(value, None, argument)
        found = self._value.shape.ndims
        if found is not None and found < rank:
            raise ValueError(
                f"Argument {argument} must have at least {rank} dimension{'s' * (rank > 1)}.  "
                f"Found: {self._value}"
            )
        super().__init__(self._value.dtype, [self._value], **traits)

    @property
    def shape(self) -> TensorShape:
        return self._value.shape


class LinearOperatorFullMatrix(_OfTensor):
    """Any matrix."""

    def __init__(
        self,
        matrix: Any,
        is_non_singular: bool | None = None,
        is_self_adjoint: bool | None = None,
        is_positive_definite: bool | None = None,
        is_square: bool | None = None,
        name: str = "LinearOperatorFullMatrix",
    ) -> None:
        traits = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": is_square,
            "name": name,
        }
        super().__init__(matrix, "matrix", 2, traits)

    def to_dense(self, name: str = "to_dense") -> Tensor:
        return self._value

    def _solution(self, rhs: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        with build.name_scope("MatrixSolveWithBroadcast"):
            return super()._solution(rhs, adjoint, adjoint_arg)


class LinearOperatorLowerTriangular(_OfTensor):
    """The lower triangle of a matrix, zero above its diagonal."""

    def __init__(
        self,
        tril: Any,
        is_non_singular: bool | None = None,
        is_self_adjoint: bool | None = None,
        is_positive_definite: bool | None = None,
        is_square: bool | None = None,
        name: str = "LinearOperatorLowerTriangular",
    ) -> None:
        if is_square is False:
            raise ValueError("Only square lower triangular operators supported at this time.")
        traits = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": True,
            "name": name,
        }
        super().__init__(tril, "tril", 2, traits)

    def _dense(self) -> Tensor:
        triangle: Tensor = raw.MatrixBandPart(self._value, -1, 0)
        return triangle

    def _product(self, x: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        return matmul(self._dense(), x, adjoint_a=adjoint, adjoint_b=adjoint_arg)

    def _solution(self, rhs: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        triangle = self._dense()
        rhs = _turned(rhs, adjoint_arg)
        with build.name_scope("MatrixTriangularSolve"):
            return matrix_triangular_solve(triangle, rhs, lower=True, adjoint=adjoint)

    def _of_diagonal(self) -> Tensor:
        return raw.MatrixDiagPart(self._value, name="diag_part")

    def _determinant(self) -> Tensor:
        return reduce_prod(self._of_diagonal(), axis=[-1])

    def _log_abs_determinant(self) -> Tensor:
        return reduce_sum(raw.Log(absolute(self._of_diagonal())), axis=[-1])


class LinearOperatorDiag(_OfTensor):
    """A diagonal matrix: each element of a vector scaled by a number of its own."""

    def __init__(
        self,
        diag: Any,
        is_non_singular: bool | None = None,
        is_self_adjoint: bool | None = None,
        is_positive_definite: bool | None = None,
        is_square: bool | None = None,
        name: str = "LinearOperatorDiag",
    ) -> None:
        if is_square is False:
            raise ValueError("Only square diagonal operators currently supported.")
        traits = {
            "is_non_singular": is_non_singular,
            "is_self_adjoint": is_self_adjoint,
            "is_positive_definite": is_positive_definite,
            "is_square": True,
            "name": name,
        }
        super().__init__(diag, "diag", 1, traits)
        if not self.dtype.is_complex and self.is_self_adjoint is None:
            self.is_self_adjoint = True

    @property
    def diag(self) -> Tensor:
        return self._value

    @property
    def shape(self) -> TensorShape:
        return self._value.shape.concatenate(self._value.shape[-1:])

    def diag_part(self, name: str = "diag_part") -> Tensor:
        return self._value

    def _sizes(self) -> Tensor:
        sizes = super()._sizes()
        return concat((sizes, sizes[-1:]), axis=0)

    def matvec(self, x: Any, adjoint: bool = False, name: str = "matvec") -> Tensor:
        with self._scope(name):
            return self._scales(adjoint) * convert(x, self.dtype, "x")

    def _scales(self, adjoint: bool) -> Tensor:
        return conj(self._value) if adjoint else self._value

    def _dense(self) -> Tensor:
        return raw.MatrixDiag(self._value, name="diag")

    def _product(self, x: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        scales, x = self._scales(adjoint), _turned(x, adjoint_arg)
        return expand_dims(scales, -1) * x

    def _solution(self, rhs: Tensor, adjoint: bool, adjoint_arg: bool) -> Tensor:
        scales, rhs = self._scales(adjoint), _turned(rhs, adjoint_arg)
        return rhs * expand_dims(1.0 / scales, -1)

    def _determinant(self) -> Tensor:
        return reduce_prod(self._value, axis=[-1])

    def _log_abs_determinant(self) -> Tensor:
        return reduce_sum(raw.Log(absolute(self._value)), axis=[-1])

    def _sum(self, x: Tensor) -> Tensor:
        total = raw.MatrixDiagPart(x, name="diag_part") + self._value
        return raw.MatrixSetDiag(x, total, name="set_diag")


def _turned(x: Tensor, adjoint: bool) -> Tensor:
    """x, or its adjoint where that is asked for."""
    return matrix_transpose(conj(x)) if adjoint else x


NAMESPACES = {
    "linalg": [
        "LinearOperator",
        "LinearOperatorDiag",
        "LinearOperatorFullMatrix",
        "LinearOperatorLowerTriangular",
    ]
}
