"""The same elements in another order: Transpose, ReverseV2, Roll and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_list, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric.sequences import invert_permutation, reverse_sequence
from graphflow.ops import arrays
from graphflow.ops.dims import axis_within, refusal


def _permutation(perm: Sequence[int], rank: int) -> list[int]:
    """The permutation counted from the front, or ValueError where it is none."""
    if len(perm) != rank:
        raise ValueError(f"perm must have one entry for each of {rank} dimensions, it is {perm}")
    order = [p + rank if p < 0 else p for p in perm]
    if sorted(order) != list(range(rank)):
        raise ValueError(f"perm {list(perm)} is not a permutation of 0 ... {rank - 1}")
    return order


class Transpose(Op):
    """y[i, j, ...] = x with its axes in the order `perm`."""

    signature = "x:T, perm:Tperm -> y:T | Tperm: index = int32"
    by_value = True

    def infer(self, x: Tensor, perm: Tensor) -> Any:
        count = perm.shape.with_rank(1).num_elements()
        rank = count if x.shape.rank is None else x.shape.rank
        if rank is None:
            return UNKNOWN
        if count not in (None, rank):
            raise refusal(
                f"perm has {count} entries for a tensor of rank {rank}: {x.shape}",
                f"perm names every axis once: {list(range(rank))} in some order",
            )
        order = known_list(perm)
        if order is None:
            # of a vector there is one order, and of a matrix at most two
            return x.shape if rank < 2 and x.shape.known is not None else TensorShape([None] * rank)
        if x.shape.known is None:
            return TensorShape([None] * rank)
        order = [p + rank if p < 0 else p for p in order]
        if any(not 0 <= p < rank for p in order):
            raise ValueError(f"perm dim {order} out of range of input rank {rank}")
        return TensorShape.of(tuple(x.shape.known[p] for p in order))

    def known(self, x: Tensor, perm: Tensor) -> Any:
        value, order = known_value(x), known_list(perm)
        return None if value is None or order is None else value.transpose(order)

    def reference(self, x: Any, perm: Any) -> Any:
        return x.transpose(_permutation(perm.tolist(), x.ndim))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [arrays.transpose(g, raw.InvertPermutation(n.inputs[1])), None]


class ConjugateTranspose(Transpose):
    """y[i, j, ...] = conj(x) with its axes in the order `perm`."""

    def known(self, x: Tensor, perm: Tensor) -> Any:
        return None

    def reference(self, x: Any, perm: Any) -> Any:
        return np.conj(super().reference(x, perm))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        inverse = raw.InvertPermutation(n.inputs[1])
        return [arrays.transpose(g, inverse, conjugate=True), None]


class InvertPermutation(Op):
    """y[x[i]] = i."""

    signature = "x:T -> y:T | T: index = int32"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape.with_rank(1)

    def known(self, x: Tensor) -> Any:
        value = known_list(x)
        return None if value is None else self.reference(np.array(value, int))

    def reference(self, x: Any) -> Any:
        return invert_permutation(x)


_REVERSIBLE = (
    "T: uint8, int8, uint16, int16, int32, int64, bool, half, float, double, complex64, "
    "complex128, string"
)


class Reverse(Op):
    """The tensor with the elements along the dimensions that are marked in the opposite order."""

    signature = f"tensor:T, dims:bool -> output:T | {_REVERSIBLE}"

    def infer(self, x: Tensor, dims: Tensor) -> Any:
        count = dims.shape.with_rank(1).num_elements()
        if count is not None and count > 8:
            raise ValueError(f"reverse takes 8 dimensions at most, not {count}")
        return x.shape if count is None else x.shape.with_rank(count)

    def reference(self, x: Any, dims: Any) -> Any:
        if len(dims) != x.ndim:
            raise ValueError(f"dims has {len(dims)} entries for a tensor of rank {x.ndim}")
        return np.flip(x, tuple(np.flatnonzero(dims)))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.Reverse(g, n.inputs[1]), None]


class ReverseV2(Op):
    """The tensor with the elements along the given axes in the opposite order."""

    signature = f"tensor:T, axis:Tidx -> output:T | {_REVERSIBLE}, bfloat16; Tidx: index = int32"

    def infer(self, x: Tensor, axes: Tensor) -> Any:
        axes.shape.with_rank(1)
        spelt = known_list(axes)
        if spelt is not None and x.shape.rank is not None:
            _distinct_axes(spelt, x.shape.rank)
        return x.shape

    def known(self, x: Tensor, axes: Tensor) -> Any:
        value, spelt = known_value(x), known_list(axes)
        return None if value is None or spelt is None else np.flip(value, tuple(spelt))

    def reference(self, x: Any, axes: Any) -> Any:
        return np.flip(x, _distinct_axes(axes.tolist(), x.ndim))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.ReverseV2(g, n.inputs[1]), None]


def _distinct_axes(axes: Sequence[int], rank: int) -> tuple[int, ...]:
    found: list[int] = []
    for axis in axes:
        if not -rank <= axis < rank:
            raise ValueError(f"'axis' {axis} is out of valid range [{-rank}, {rank - 1}]")
        if axis % rank in found:
            raise ValueError(f"axis {axis % rank} specified more than once.")
        found.append(axis % rank)
    return tuple(found)


class Roll(Op):
    """y[i + shift] = x[i] along the given axes, round and round."""

    signature = "input:T, shift:Tshift, axis:Taxis -> output:T | Tshift: index; Taxis: index"

    def infer(self, x: Tensor, shift: Tensor, axis: Tensor) -> Any:
        shift.shape.with_rank_at_most(1)
        axis.shape.with_rank_at_most(1)
        return x.shape.with_rank_at_least(1)

    def reference(self, x: Any, shift: Any, axis: Any) -> Any:
        if shift.shape != axis.shape:
            raise ValueError(
                f"shift and axis must have the same size: {shift.shape} and {axis.shape}"
            )
        axes = [axis_within(a, x.ndim) for a in np.ravel(axis)]
        shifts: dict[Any, int] = dict.fromkeys(axes, 0)
        for at, by in zip(axes, np.ravel(shift).tolist(), strict=True):
            shifts[at] += by
        for at, by in shifts.items():
            x = np.roll(x, by % max(1, x.shape[at]), at)
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.Roll(g, -n.inputs[1], n.inputs[2]), None, None]


class ReverseSequence(Op):
    """Entry i along `batch_dim` with its first seq_lengths[i] elements along `seq_dim` reversed."""

    signature = "input:T, seq_lengths:Tlen -> output:T | Tlen: index = int64"
    seq_dim: int
    batch_dim: int = 0

    def infer(self, x: Tensor, lengths: Tensor) -> Any:
        known = lengths.shape.with_rank(1).known
        assert known is not None
        dims = x.shape.known
        if dims is None:
            return UNKNOWN
        for name, axis in (("seq_dim", self.seq_dim), ("batch_dim", self.batch_dim)):
            if axis >= len(dims):
                raise ValueError(f"{name} must be < input rank: {axis} vs. {len(dims)}")
        batch = dims[self.batch_dim]
        if isinstance(batch, int) and isinstance(known[0], int) and batch != known[0]:
            raise ValueError(f"there are {known[0]} lengths for {batch} sequences")
        if isinstance(batch, Symbol):
            at = self.batch_dim % len(dims)
            return TensorShape.of((*dims[:at], known[0], *dims[at + 1 :]))
        return x.shape

    def reference(self, x: Any, lengths: Any) -> Any:
        return reverse_sequence(x, lengths, self.seq_dim, self.batch_dim)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        turned = raw.ReverseSequence(g, n.inputs[1], seq_dim=self.seq_dim, batch_dim=self.batch_dim)
        return [turned, None]
