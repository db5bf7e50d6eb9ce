"""tf.quantization.quantize_and_dequantize: floats on the steps of an integer range."""

from __future__ import annotations

from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Tensor


def quantize_and_dequantize(
    input: Any,
    input_min: Any,
    input_max: Any,
    signed_input: bool = True,
    num_bits: int = 8,
    range_given: bool = False,
    round_mode: str = "HALF_TO_EVEN",
    name: str | None = None,
    narrow_range: bool = False,
) -> Tensor:
    """The input on the nearest step of an integer range of so many bits."""
    out: Tensor = raw.QuantizeAndDequantizeV2(
        input,
        input_min,
        input_max,
        signed_input=signed_input,
        num_bits=num_bits,
        range_given=range_given,
        round_mode=round_mode,
        narrow_range=narrow_range,
        name=name,
    )
    return out


NAMESPACES = {"quantization": ["quantize_and_dequantize"]}
