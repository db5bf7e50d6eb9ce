"""Bands and diagonals of matrices: MatrixBandPart, MatrixDiag, MatrixSetDiag, Diag."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric import matrices
from graphflow.numeric.room import check_room
from graphflow.ops import arrays, idioms
from graphflow.ops.reduce_idioms import fold


class MatrixBandPart(Op):
    """x[i, j] where i - j <= num_lower and j - i <= num_upper, else 0; negative means no bound."""

    signature = "input:T, num_lower:Tindex, num_upper:Tindex -> band:T | Tindex: index = int64"

    def infer(self, x: Tensor, lower: Tensor, upper: Tensor) -> Any:
        lower.shape.with_rank_at_most(0)
        upper.shape.with_rank_at_most(0)
        x.shape.with_rank_at_least(2)
        return x.shape

    def reference(self, x: Any, lower: Any, upper: Any) -> Any:
        return matrices.matrix_band_part(x, int(lower), int(upper))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.MatrixBandPart(g, *n.inputs[1:]), None, None]


_NUMERIC = "T: bfloat16, half, float, double, int32, int64, complex64, complex128"


class Diag(Op):
    """y[i, i] = x[i] for coordinates i, 0 elsewhere."""

    signature = f"diagonal:T -> output:T | {_NUMERIC}"

    def infer(self, x: Tensor) -> Any:
        x.shape.with_rank_at_least(1)
        return x.shape.concatenate(x.shape)

    def reference(self, x: Any) -> Any:
        check_room((x.size, x.size), x.dtype.itemsize)
        return matrices.diag(x)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.DiagPart(g)]


class DiagPart(Op):
    """y[i] = x[i, i] for coordinates i."""

    signature = f"input:T -> diagonal:T | {_NUMERIC}"

    def infer(self, x: Tensor) -> Any:
        rank = x.shape.rank
        if rank is None:
            return UNKNOWN
        if rank % 2 or rank == 0:
            raise ValueError(f"Input must have even and non-zero rank, input rank is {rank}")
        return x.shape[: rank // 2].merge_with(x.shape[rank // 2 :])

    def reference(self, x: Any) -> Any:
        return matrices.diag_part(x)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.Diag(g)]


class MatrixDiag(Op):
    """y[..., i, i] = x[..., i], 0 elsewhere."""

    signature = "diagonal:T -> output:T"

    def infer(self, x: Tensor) -> Any:
        x.shape.with_rank_at_least(1)
        return x.shape if x.shape.known is None else x.shape.concatenate(x.shape[-1:])

    def reference(self, x: Any) -> Any:
        check_room((x.size, x.shape[-1] if x.ndim else 1), x.dtype.itemsize)
        return matrices.matrix_diag(x)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.MatrixDiagPart(g, name="diag_part")]


class MatrixDiagPart(Op):
    """y[..., i] = x[..., i, i]."""

    signature = "input:T -> diagonal:T"

    def infer(self, x: Tensor) -> Any:
        dims = x.shape.with_rank_at_least(2).known
        return UNKNOWN if dims is None else TensorShape.of((*dims[:-2], smaller(*dims[-2:])))

    def reference(self, x: Any) -> Any:
        return matrices.matrix_diag_part(x)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        x = n.inputs[0]
        matrix = None if x.shape.known is None else x.shape.known[-2:]
        if matrix is not None and isinstance(matrix[0], int) and matrix[0] == matrix[1]:
            return [raw.MatrixDiag(g, name="diag")]
        return [raw.MatrixSetDiag(idioms.zeros_like(x), g, name="set_diag")]


def smaller(rows: Dim, cols: Dim) -> Dim:
    """The length of the main diagonal."""
    if rows is cols:
        return rows
    known = isinstance(rows, int) and isinstance(cols, int)
    return min(rows, cols) if known else Symbol()  # type: ignore[type-var, unused-ignore]  # ints


class MatrixSetDiag(Op):
    """x with x[..., i, i] replaced by diagonal[..., i]."""

    signature = "input:T, diagonal:T -> output:T"

    def infer(self, x: Tensor, diagonal: Tensor) -> Any:
        dims = x.shape.with_rank_at_least(2).known
        part = diagonal.shape.with_rank_at_least(1).known
        if dims is None:
            if part is None:
                return UNKNOWN
            return TensorShape.of((*part[:-1], Symbol(), Symbol()))
        wanted = TensorShape.of((*dims[:-2], smaller(*dims[-2:])))
        batch = wanted.merge_with(diagonal.shape)[:-1]
        return batch.concatenate(x.shape[-2:])

    def reference(self, x: Any, diagonal: Any) -> Any:
        return matrices.matrix_set_diag(x, diagonal)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[0].shape.merge_with(g.shape)
        part = n.inputs[1].shape
        matrix = x[-2:]
        batch = x[:-2].merge_with(part[:-1])
        sizes: Any
        if batch.is_static and matrix.is_static:
            sizes = [*batch.as_list(), min(matrix.as_tuple())]
        else:
            with build.current_graph().colocate_with(g):
                shape, rank = idioms.shape(g), idioms.rank(g)
                lead = raw.Slice(shape, [0], [rank - 2])
                last = raw.Slice(shape, [rank - 2], [2])
                sizes = arrays.concat([lead, [fold("Min", last)]], 0)
        nothing = idioms.zeros(sizes, dtype=g.dtype)
        dx = raw.MatrixSetDiag(g, nothing, name="set_diag")
        return [dx, raw.MatrixDiagPart(g, name="diag_part")]
