"""Products of matrices and of batches of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape, broadcast
from graphflow.ops import idioms
from graphflow.ops.arrays import transpose
from graphflow.ops.matrix_idioms import matmul
from graphflow.ops.reduce_idioms import conj, reduce_sum

_MULTIPLIED = "T: floating, int32, int64, complex"


def _product(a: Any, b: Any, dtype: Any) -> Any:
    """a @ b; half-width floats are multiplied in float32 and rounded once."""
    if a.dtype.itemsize == 2 or b.dtype.itemsize == 2:
        a, b = a.astype(np.float32), b.astype(np.float32)
    with np.errstate(all="ignore"):
        return np.matmul(a, b).astype(dtype, copy=False)


def _inner(left: Dim, right: Dim, a: TensorShape, b: TensorShape) -> None:
    """The two sizes that a product sums over must be one."""
    if isinstance(left, int) and isinstance(right, int) and left != right:
        raise ValueError(
            f"Dimensions must be equal, but are {left} and {right}: shapes {a} and {b} do not chain"
        )


class MatMul(Op):
    """product[i, j] = sum_k a[i, k] b[k, j]."""

    signature = f"a:T, b:T -> product:T | {_MULTIPLIED}"
    transpose_a: bool = False
    transpose_b: bool = False

    def infer(self, a: Tensor, b: Tensor) -> Any:
        left, right = a.shape.with_rank(2).known, b.shape.with_rank(2).known
        assert left is not None
        assert right is not None
        rows, over = reversed(left) if self.transpose_a else left
        also, columns = reversed(right) if self.transpose_b else right
        _inner(over, also, a.shape, b.shape)
        return TensorShape.of((rows, columns))

    def reference(self, a: Any, b: Any) -> Any:
        if a.ndim != 2 or b.ndim != 2:
            raise ValueError(
                f"In[0] and In[1] must be matrices, their shapes are {a.shape} and {b.shape}"
            )
        left, right = (a.T if self.transpose_a else a), (b.T if self.transpose_b else b)
        if left.shape[1] != right.shape[0]:
            raise ValueError(
                f"Matrix size-incompatible: In[0]: {list(a.shape)}, In[1]: {list(b.shape)}"
            )
        return _product(left, right, a.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        a, b = (conj(t) for t in n.inputs)
        return [_multiplied(step, {"a": a, "b": b, "g": g}) for step in self._steps()]

    def _steps(self) -> Sequence[tuple[str, str, bool, bool]]:
        """For each operand: the two factors of its gradient, and whether each is transposed."""
        return _FLAT[self.transpose_a, self.transpose_b]


_FLAT: dict[tuple[bool, bool], Sequence[tuple[str, str, bool, bool]]] = {
    (False, False): (("g", "b", False, True), ("a", "g", True, False)),
    (False, True): (("g", "b", False, False), ("g", "a", True, False)),
    (True, False): (("b", "g", False, True), ("a", "g", False, False)),
    (True, True): (("b", "g", True, True), ("g", "a", True, True)),
}


def _multiplied(step: tuple[str, str, bool, bool], factors: dict[str, Tensor]) -> Tensor:
    left, right, transpose_a, transpose_b = step
    found: Tensor = raw.MatMul(
        factors[left], factors[right], transpose_a=transpose_a, transpose_b=transpose_b
    )
    return found


class SparseMatMul(Op):
    """a @ b for matrices with many zeros, which it may skip."""

    signature = "a:Ta, b:Tb -> product:float32 | Ta: float32, bfloat16 = float32; Tb: float32, bfloat16 = float32"
    transpose_a: bool = False
    transpose_b: bool = False
    a_is_sparse: bool = False
    b_is_sparse: bool = False

    infer = MatMul.infer

    def reference(self, a: Any, b: Any) -> Any:
        plain = MatMul(self.transpose_a, self.transpose_b)
        return plain.reference(a.astype(np.float32), b.astype(np.float32))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        a, b = n.inputs
        factors = {"a": a, "b": b, "g": g}
        sparse = {"a": self.a_is_sparse, "b": self.b_is_sparse, "g": g.node.type == "ReluGrad"}
        found = []
        for (left, right, transpose_a, transpose_b), wanted in zip(
            _FLAT[self.transpose_a, self.transpose_b], (a, b), strict=True
        ):
            second = transpose(factors[right]) if transpose_b else factors[right]
            product = matmul(
                factors[left],
                second,
                transpose_a=transpose_a,
                a_is_sparse=sparse[left],
                b_is_sparse=sparse[right],
            )
            found.append(idioms.cast(product, wanted.dtype))
        return found


class _Batched(Op, abstract=True):
    signature = f"x:T, y:T -> output:T | {_MULTIPLIED}"
    adj_x: bool = False
    adj_y: bool = False
    #: whether batches of different shapes broadcast
    broadcasts: ClassVar[bool]

    def infer(self, x: Tensor, y: Tensor) -> Any:
        left, right = x.shape.with_rank_at_least(2).known, y.shape.with_rank_at_least(2).known
        if left is None or right is None:
            return UNKNOWN
        rows, over = _last_two(left, self.adj_x)
        also, columns = _last_two(right, self.adj_y)
        _inner(over, also, x.shape, y.shape)
        batches = TensorShape.of(left[:-2]), TensorShape.of(right[:-2])
        batch = broadcast(*batches) if self.broadcasts else batches[0].merge_with(batches[1])
        assert batch.known is not None
        return TensorShape.of((*batch.known, rows, columns))

    def reference(self, x: Any, y: Any) -> Any:
        if x.ndim < 2 or y.ndim < 2:
            raise ValueError(
                f"In[0] and In[1] ndims must be >= 2, their shapes are {x.shape} and {y.shape}"
            )
        left, right = _adjoint(x) if self.adj_x else x, _adjoint(y) if self.adj_y else y
        if left.shape[-1] != right.shape[-2]:
            raise ValueError(
                f"In[0] mismatch In[1] shape: {list(x.shape)} and {list(y.shape)} do not chain"
            )
        if not self.broadcasts and left.shape[:-2] != right.shape[:-2]:
            raise ValueError(f"the batches of {list(x.shape)} and {list(y.shape)} differ")
        return _product(left, right, x.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        factors = {"x": n.inputs[0], "y": n.inputs[1], "g": g}
        return [
            matmul(factors[left], factors[right], adjoint_a=adjoint_a, adjoint_b=adjoint_b)
            for left, right, adjoint_a, adjoint_b in _STACKED[self.adj_x, self.adj_y]
        ]


_STACKED: dict[tuple[bool, bool], Sequence[tuple[str, str, bool, bool]]] = {
    (False, False): (("g", "y", False, True), ("x", "g", True, False)),
    (False, True): (("g", "y", False, False), ("g", "x", True, False)),
    (True, False): (("y", "g", False, True), ("x", "g", False, False)),
    (True, True): (("y", "g", True, True), ("g", "x", True, True)),
}


def _last_two(dims: tuple[Dim, ...], swapped: bool) -> tuple[int | Symbol, int | Symbol]:
    return (dims[-1], dims[-2]) if swapped else (dims[-2], dims[-1])


def _adjoint(x: Any) -> Any:
    swapped = np.swapaxes(x, -1, -2)
    return swapped.conj() if x.dtype.kind == "c" else swapped


class BatchMatMul(_Batched):
    """One product for each pair of matrices of two batches of the same shape."""

    broadcasts = False


class BatchMatMulV2(_Batched):
    """One product for each pair of matrices of two batches that broadcast."""

    broadcasts = True

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y = n.inputs
        gx, gy = super().gradient(n, g)
        if x.shape.is_static and x.shape == y.shape:
            return [gx, gy]
        sx, sy = idioms.shape(x), idioms.shape(y)
        rx, ry = raw.BroadcastGradientArgs(sx[:-2], sy[:-2])
        return [
            raw.Reshape(reduce_sum(gx, rx), sx),
            raw.Reshape(reduce_sum(gy, ry), sy),
        ]
