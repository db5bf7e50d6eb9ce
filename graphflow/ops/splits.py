"""One tensor into several: Unpack, Split, SplitV."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir.known import known_list, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.ops import arrays
from graphflow.ops.dims import axis_within, constant_axis, refusal


class Unpack(Op):
    """The slices of a tensor along an axis, each without that axis."""

    signature = "value:T -> output:num*T"
    num: int
    axis: int = 0

    def infer(self, x: Tensor) -> Any:
        dims = x.shape.known
        if dims is None:
            return (UNKNOWN,) * self.num
        at = axis_within(self.axis, len(dims))
        if dims[at] != self.num and not isinstance(dims[at], Symbol):
            raise ValueError(f"Dimension {at} must be {self.num} but is {dims[at]}")
        return (TensorShape.of(dims[:at] + dims[at + 1 :]),) * self.num

    def known(self, x: Tensor) -> Any:
        value = known_value(x)
        return None if value is None else self.reference(value)

    def reference(self, x: Any) -> Any:
        at = axis_within(self.axis, x.ndim)
        if x.shape[at] != self.num:
            raise ValueError(f"Input shape axis {at} must equal {self.num}, got shape {x.shape}")
        return tuple(np.moveaxis(x, at, 0))

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return [arrays.stack(grads, self.axis)]


class Split(Op):
    """So many equal parts of a tensor along an axis."""

    signature = "split_dim:int32, value:T -> output:num_split*T"
    by_value = True
    num_split: int

    def infer(self, axis: Tensor, x: Tensor) -> Any:
        if self.num_split < 1:
            raise ValueError(f"num_split must be at least 1, got {self.num_split}")
        dims = x.shape.known
        if dims is None:
            return (UNKNOWN,) * self.num_split
        at = constant_axis(axis, len(dims))
        if at is None:
            return (TensorShape([None] * len(dims)),) * self.num_split
        size = dims[at]
        if isinstance(size, int):
            if size % self.num_split:
                raise refusal(
                    f"Dimension size must be evenly divisible by {self.num_split} but is {size}",
                    "a list of sizes makes parts that differ: tf.split(x, [2, 3], axis)",
                )
            size //= self.num_split
        elif self.num_split > 1:
            size = Symbol()
        return (TensorShape.of((*dims[:at], size, *dims[at + 1 :])),) * self.num_split

    def known(self, axis: Tensor, x: Tensor) -> Any:
        value, at = known_value(x), known_value(axis)
        return None if value is None or at is None else self.reference(at, value)

    def reference(self, axis: Any, x: Any) -> Any:
        at = axis_within(axis, x.ndim)
        if x.shape[at] % self.num_split:
            raise ValueError(
                "Number of ways to split should evenly divide the split dimension, "
                f"but got split_dim {at} (size = {x.shape[at]}) and num_split {self.num_split}"
            )
        return tuple(np.split(x, self.num_split, at))

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return [None, arrays.concat(list(grads), n.inputs[0])]


class SplitV(Op):
    """Parts of given sizes of a tensor along an axis; a size of -1 is what is left."""

    signature = (
        "value:T, size_splits:Tlen, split_dim:int32 -> output:num_split*T | Tlen: index = int64"
    )
    by_value = True
    num_split: int

    def infer(self, x: Tensor, sizes: Tensor, axis: Tensor) -> Any:
        if self.num_split < 1:
            raise ValueError(f"num_split must be at least 1, got {self.num_split}")
        count = sizes.shape.with_rank(1).num_elements()
        if count not in (None, self.num_split):
            raise ValueError(f"{count} sizes are given for {self.num_split} parts")
        dims = x.shape.known
        if dims is None:
            return (UNKNOWN,) * self.num_split
        at, spelt = constant_axis(axis, len(dims)), known_list(sizes)
        if at is None:
            return (TensorShape([None] * len(dims)),) * self.num_split
        parts: Sequence[Dim]
        if spelt is None:
            parts = [dims[at]] if self.num_split == 1 else [Symbol() for _ in range(self.num_split)]
        else:
            parts = _completed(spelt, dims[at])
        return tuple(TensorShape.of((*dims[:at], p, *dims[at + 1 :])) for p in parts)

    def known(self, x: Tensor, sizes: Tensor, axis: Tensor) -> Any:
        value, spelt, at = known_value(x), known_value(sizes), known_value(axis)
        if value is None or spelt is None or at is None:
            return None
        return self.reference(value, spelt, at)

    def reference(self, x: Any, sizes: Any, axis: Any) -> Any:
        if len(sizes) != self.num_split:
            raise ValueError(f"{len(sizes)} sizes are given for {self.num_split} parts")
        at = axis_within(axis, x.ndim)
        parts = _completed([int(s) for s in sizes], x.shape[at])
        return tuple(np.split(x, np.cumsum(parts[:-1], dtype=int), at))

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return [arrays.concat(list(grads), n.inputs[2]), None, None]


def _completed(parts: list[int], size: Dim) -> list[Any]:
    """The sizes of the parts, a -1 replaced by what is left of `size`."""
    blanks = [i for i, p in enumerate(parts) if p == -1]
    if len(blanks) > 1:
        raise ValueError(f"There can only be one -1 in the input: {parts}")
    if any(p < -1 for p in parts):
        raise ValueError(f"Split size must be >= 0, got {parts}")
    used = sum(p for p in parts if p != -1)
    if isinstance(size, Symbol):
        return [Symbol() if p == -1 else p for p in parts]
    if (used > size) if blanks else (used != size):
        raise ValueError(
            "Determined shape must either match input shape along split_dim exactly if fully "
            f"specified, or be less than the size of the input along split_dim if not fully "
            f"specified. Got: {used}, the size is {size}"
        )
    return [size - used if p == -1 else p for p in parts]
