"""The diagonal ops of later files: bands of diagonals, with padding and, from version 3 on, alignment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_list, known_scalar
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import diagonal_bands as bands
from graphflow.ops import idioms

Gradients = Sequence[Tensor | None]


def _ends(k: Tensor) -> tuple[int, int] | None:
    found = known_list(k)
    return None if found is None else (found[0], found[-1])


def _part_shape(shape: TensorShape, k: Tensor) -> TensorShape:
    """The shape of the packed band of matrices of a shape."""
    ends = _ends(k)
    if shape.known is None or ends is None:
        return UNKNOWN
    *batch, rows, columns = shape.with_rank_at_least(2).known or ()
    low, high = ends
    width: Any = Symbol()
    if isinstance(rows, int) and isinstance(columns, int):
        width = bands.longest(low, high, rows, columns)
    return TensorShape.of((*batch, *(() if low == high else (high - low + 1,)), width))


class _Band(Op, abstract=True):
    """An op on bands; before version 3 all diagonals lie to the left."""

    by_value = True

    def alignment(self) -> str:
        return str(self.__dict__.get("align", "LEFT_LEFT"))

    def made(self, op: str, *inputs: Any) -> Tensor:
        """An op of the same version and alignment."""
        attrs = {"align": self.alignment()} if "align" in self.fields else {}
        version = "V3" if "align" in self.fields else "V2"
        node: Tensor = getattr(raw, op + version)(*inputs, **attrs)
        return node


class MatrixDiagV2(_Band):
    """Matrices of padding_value with the given band of diagonals."""

    signature = "diagonal:T, k:int32, num_rows:int32, num_cols:int32, padding_value:T -> output:T"

    def infer(
        self, diagonal: Tensor, k: Tensor, rows: Tensor, columns: Tensor, padding: Tensor
    ) -> Any:
        ends, sizes = _ends(k), [known_scalar(rows), known_scalar(columns)]
        shape = diagonal.shape.known
        if shape is None or ends is None:
            return UNKNOWN
        batch, width = shape[: -1 if ends[0] == ends[1] else -2], shape[-1]
        if not isinstance(width, int) or None in sizes:
            return TensorShape([*batch, *(s if s is not None and s >= 0 else None for s in sizes)])
        return TensorShape(
            [*batch, *bands.matrix_sizes(*ends, width, *(int(s or 0) for s in sizes))]
        )

    def reference(self, diagonal: Any, k: Any, rows: Any, columns: Any, padding: Any) -> Any:
        return bands.matrix_diag(diagonal, k, int(rows), int(columns), padding, self.alignment())

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        zero = idioms.cast(0, g.dtype)
        return [self.made("MatrixDiagPart", g, n.inputs[1], zero), None, None, None, None]


class MatrixDiagV3(MatrixDiagV2):
    """As MatrixDiagV2, with an alignment."""

    align: str = "RIGHT_LEFT"


class MatrixDiagPartV2(_Band):
    """The band of diagonals of each matrix."""

    signature = "input:T, k:int32, padding_value:T -> diagonal:T"

    def infer(self, x: Tensor, k: Tensor, padding: Tensor) -> Any:
        return _part_shape(x.shape, k)

    def reference(self, x: Any, k: Any, padding: Any) -> Any:
        return bands.diag_part(x, k, padding, self.alignment())

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        zeros = idioms.zeros_like(n.inputs[0])
        return [self.made("MatrixSetDiag", zeros, g, n.inputs[1]), None, None]


class MatrixDiagPartV3(MatrixDiagPartV2):
    """As MatrixDiagPartV2, with an alignment."""

    align: str = "RIGHT_LEFT"


class MatrixSetDiagV2(_Band):
    """Each matrix with its band of diagonals replaced."""

    signature = "input:T, diagonal:T, k:int32 -> output:T"

    def infer(self, x: Tensor, diagonal: Tensor, k: Tensor) -> Any:
        return x.shape.with_rank_at_least(2)

    def reference(self, x: Any, diagonal: Any, k: Any) -> Any:
        return bands.set_diag(x, diagonal, k, self.alignment())

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        _, diagonal, k = n.inputs
        rest = self.made("MatrixSetDiag", g, idioms.zeros_like(diagonal), k)
        return [rest, self.made("MatrixDiagPart", g, k, idioms.cast(0, g.dtype)), None]


class MatrixSetDiagV3(MatrixSetDiagV2):
    """As MatrixSetDiagV2, with an alignment."""

    align: str = "RIGHT_LEFT"
