"""tf.bitwise: the bits of integers."""

from __future__ import annotations

from graphflow.frontend.generated import binary, take_names, unary

bitwise_and = binary("BitwiseAnd")
bitwise_or = binary("BitwiseOr")
bitwise_xor = binary("BitwiseXor")
invert = unary("Invert")
left_shift = binary("LeftShift")
right_shift = binary("RightShift")

__all__: list[str] = []
NAMESPACES = {
    "bitwise": ["bitwise_and", "bitwise_or", "bitwise_xor", "invert", "left_shift", "right_shift"]
}
take_names(globals())
