"""Floats on the steps of an integer range: QuantizeAndDequantize, whose gradient passes through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op


def stepped(
    x: Any,
    low: Any,
    high: Any,
    bits: int,
    signed: bool,
    given: bool,
    narrow: bool = False,
    half_up: bool = False,
) -> Any:
    """round(x * scale) / scale, with a scale that fits the range into so many bits."""
    if not 0 < bits < 63:
        raise ValueError(f"num_bits is out of range: {bits} with signed_input {signed}")
    wide = x.astype(np.float32) if x.dtype.itemsize == 2 else x
    one = wide.dtype.type
    if given:
        if low > high:
            raise ValueError(f"Invalid range: input_min {low} > input_max {high}")
        least, most = one(low), one(high)
    elif not x.size:
        return x
    else:
        least, most = wide.min(), wide.max()
    first = -(1 << (bits - 1)) + narrow if signed else 0
    last = (1 << (bits - 1)) - 1 if signed else (1 << bits) - 1
    largest = np.finfo(wide.dtype).max
    with np.errstate(all="ignore"):
        from_least = one(first) / least if first * least > 0 else largest
        from_most = one(last) / most if last * most > 0 else largest
        if from_least < from_most:
            scale, step = from_least, least / one(first)
            most = one(last) * step
        else:
            scale, step = from_most, most / one(last)
            least = one(first) * step
        clamped = np.maximum(np.minimum(wide, most), least) if given else wide
        scaled = clamped * scale
        rounded = np.floor(scaled + one(0.5)) if half_up else np.rint(scaled)
        return (rounded * step).astype(x.dtype)


class QuantizeAndDequantize(Op):
    """x on the steps of an integer range that attributes give."""

    signature = "input:T -> output:T | T: floating"
    signed_input: bool = True
    num_bits: int = 8
    range_given: bool = False
    input_min: float = 0.0
    input_max: float = 0.0

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        return stepped(
            x, self.input_min, self.input_max, self.num_bits, self.signed_input, self.range_given
        )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g]


class QuantizeAndDequantizeV2(Op):
    """x on the steps of an integer range."""

    signature = "input:T, input_min:T, input_max:T -> output:T | T: floating"
    signed_input: bool = True
    num_bits: int = 8
    range_given: bool = False
    round_mode: str = "HALF_TO_EVEN"
    narrow_range: bool = False

    def infer(self, x: Tensor, low: Tensor, high: Tensor) -> Any:
        if self.round_mode not in ("HALF_TO_EVEN", "HALF_UP"):
            raise ValueError(f"round_mode must be HALF_TO_EVEN or HALF_UP, not {self.round_mode}")
        low.shape.with_rank_at_most(0)
        high.shape.with_rank_at_most(0)
        return x.shape

    def reference(self, x: Any, low: Any, high: Any) -> Any:
        half_up = self.round_mode == "HALF_UP"
        return stepped(
            *(x, low[()], high[()], self.num_bits, self.signed_input, self.range_given),
            *(self.narrow_range, half_up),
        )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g, None, None]


class QuantizeAndDequantizeV3(Op):
    """x on the steps of an integer range of so many bits."""

    signature = "input:T, input_min:T, input_max:T, num_bits:int32 -> output:T | T: floating"
    signed_input: bool = True
    range_given: bool = True
    narrow_range: bool = False

    def infer(self, x: Tensor, low: Tensor, high: Tensor, bits: Tensor) -> Any:
        for scalar in (low, high, bits):
            scalar.shape.with_rank_at_most(0)
        return x.shape

    def reference(self, x: Any, low: Any, high: Any, bits: Any) -> Any:
        return stepped(
            *(x, low[()], high[()], int(bits), self.signed_input, self.range_given),
            self.narrow_range,
        )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g, None, None, None]
