"""The vocabulary as text: a `scalar` rule, read with it, prints the expression of a compiled loop.

    Mul().scalar(TEXT, x, y)   ->   np.float32(x * y)

Numba widens what it adds: every result is brought back to its type, which is how integers wrap. What no
operator means exactly is a function of graphflow_kernels.cpu.scalar, called `s` in the text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from graphflow.ir.dtype import DType


class Text(NamedTuple):
    """An expression and the type of its value."""

    text: str
    dtype: np.dtype[Any]


_BOOL = np.dtype(np.bool_)


def typed(dtype: np.dtype[Any], text: str) -> Text:
    """`text`, brought to a type."""
    return Text(f"np.{dtype.name}({text})", dtype)


def _infix(operator: str) -> Callable[[Text, Text], Text]:
    return lambda x, y: typed(x.dtype, f"{x.text} {operator} {y.text}")


def _question(form: str) -> Callable[..., Text]:
    return lambda *x: Text(f"({form.format(*(e.text for e in x))})", _BOOL)


def _call(name: str) -> Callable[..., Text]:
    """A function that numpy or math calls by this name."""
    return lambda *x: typed(x[0].dtype, f"{name}({', '.join(e.text for e in x)})")


def _division(name: str, of_floats: str) -> Callable[[Text, Text], Text]:
    """An integer function that can fail, or the text for floats."""

    def text(x: Text, y: Text) -> Text:
        if x.dtype.kind in "iu":
            return typed(x.dtype, f"s.{name}({x.text}, {y.text}, failed)")
        return typed(x.dtype, of_floats.format(x.text, y.text))

    return text


def _unsigned(dtype: np.dtype[Any]) -> str:
    return f"np.uint{8 * dtype.itemsize}"


class TextVocabulary:
    """The text reading of graphflow.ops.scalar.MEANING."""

    @staticmethod
    def constant(value: complex, like: Text) -> Text:
        # repr gives every bit back; inf and nan are names of numpy's
        number = repr(like.dtype.type(value).item())
        for word in ("inf", "nan"):
            number = number.replace(word, f"np.{word}")
        return typed(like.dtype, number)

    @staticmethod
    def cast(x: Text, dtype: DType) -> Text:
        want = dtype.numpy
        if x.dtype.kind == "c" and want.kind != "c":
            x = TextVocabulary.real(x)
        if want.kind == "b":
            return Text(f"({x.text} != 0)", _BOOL)
        if x.dtype.kind == "f" and want.kind in "iu":
            through = "to_int64" if want.itemsize == 8 or want == np.uint32 else "to_int32"
            through = "to_uint64" if want == np.uint64 else through
            return typed(want, f"s.{through}({x.text})")
        return typed(want, x.text)

    @staticmethod
    def select(c: Text, x: Text, y: Text) -> Text:
        return Text(f"({x.text} if {c.text} else {y.text})", x.dtype)

    @staticmethod
    def div(x: Text, y: Text) -> Text:
        return TextVocabulary.truncate_div(x, y)

    @staticmethod
    def abs(x: Text) -> Text:
        real = np.dtype(f"f{x.dtype.itemsize // 2}") if x.dtype.kind == "c" else x.dtype
        return typed(real, f"abs({x.text})" if x.dtype.kind != "u" else x.text)

    @staticmethod
    def sign(x: Text) -> Text:
        if x.dtype.kind == "c":
            return typed(x.dtype, f"s.sign_complex({x.text})")
        if x.dtype.kind in "iu":
            return typed(x.dtype, f"({x.text} > 0) - ({x.text} < 0)")
        return typed(x.dtype, f"s.sign_float({x.text}, np.{x.dtype.name}(1))")

    @staticmethod
    def round(x: Text) -> Text:
        return x if x.dtype.kind in "iu" else typed(x.dtype, f"np.rint({x.text})")

    @staticmethod
    def rsqrt(x: Text) -> Text:
        return typed(x.dtype, f"np.{x.dtype.name}(1) / np.sqrt({x.text})")

    @staticmethod
    def left_shift(x: Text, y: Text) -> Text:
        return typed(
            x.dtype, f"np.int64({x.text}) << s.clamped({y.text}, {8 * x.dtype.itemsize - 1})"
        )

    @staticmethod
    def right_shift(x: Text, y: Text) -> Text:
        wide = "np.uint64" if x.dtype.kind == "u" else "np.int64"
        count = f"{wide}(s.clamped({y.text}, {8 * x.dtype.itemsize - 1}))"
        return typed(x.dtype, f"{wide}({x.text}) >> {count}")

    @staticmethod
    def popcount(x: Text) -> Text:
        return typed(np.dtype(np.uint8), f"s.popcount(np.uint64({_unsigned(x.dtype)}({x.text})))")

    @staticmethod
    def complex(x: Text, y: Text) -> Text:
        dtype = np.result_type(x.dtype, np.complex64)
        return typed(dtype, f"complex({x.text}, {y.text})")

    @staticmethod
    def real(x: Text) -> Text:
        return (
            Text(f"{x.text}.real", np.dtype(f"f{x.dtype.itemsize // 2}"))
            if x.dtype.kind == "c"
            else x
        )

    @staticmethod
    def imag(x: Text) -> Text:
        if x.dtype.kind == "c":
            return Text(f"{x.text}.imag", np.dtype(f"f{x.dtype.itemsize // 2}"))
        return typed(x.dtype, "0")

    @staticmethod
    def conj(x: Text) -> Text:
        return typed(x.dtype, f"{x.text}.conjugate()") if x.dtype.kind == "c" else x

    @staticmethod
    def pow(x: Text, y: Text) -> Text:
        if x.dtype.kind in "iu":
            return typed(x.dtype, f"s.int_pow({x.text}, {y.text}, failed)")
        return typed(x.dtype, f"{x.text} ** {y.text}")

    @staticmethod
    def neg(x: Text) -> Text:
        return typed(x.dtype, f"-{x.text}")

    floor_div = staticmethod(_division("int_floor_div", "np.floor({0} / {1})"))
    floor_mod = staticmethod(_division("int_floor_mod", "s.float_floor_mod({0}, {1})"))
    truncate_div = staticmethod(_division("int_truncate_div", "{0} / {1}"))
    truncate_mod = staticmethod(_division("int_truncate_mod", "s.float_truncate_mod({0}, {1})"))
    add = staticmethod(_infix("+"))
    sub = staticmethod(_infix("-"))
    mul = staticmethod(_infix("*"))
    maximum = staticmethod(_call("s.maximum"))
    minimum = staticmethod(_call("s.minimum"))
    floor = staticmethod(_call("np.floor"))
    ceil = staticmethod(_call("np.ceil"))
    sqrt = staticmethod(_call("np.sqrt"))
    exp = staticmethod(_call("np.exp"))
    expm1 = staticmethod(_call("np.expm1"))
    log = staticmethod(_call("np.log"))
    log1p = staticmethod(_call("np.log1p"))
    sin = staticmethod(_call("np.sin"))
    cos = staticmethod(_call("np.cos"))
    tan = staticmethod(_call("np.tan"))
    asin = staticmethod(_call("np.arcsin"))
    acos = staticmethod(_call("np.arccos"))
    atan = staticmethod(_call("np.arctan"))
    atan2 = staticmethod(_call("np.arctan2"))
    sinh = staticmethod(_call("np.sinh"))
    cosh = staticmethod(_call("np.cosh"))
    tanh = staticmethod(_call("np.tanh"))
    asinh = staticmethod(_call("np.arcsinh"))
    acosh = staticmethod(_call("np.arccosh"))
    atanh = staticmethod(_call("np.arctanh"))
    erf = staticmethod(_call("math.erf"))
    erfc = staticmethod(_call("math.erfc"))
    lgamma = staticmethod(_call("s.lgamma"))
    is_nan = staticmethod(_question("{0} != {0}"))
    is_inf = staticmethod(_question("np.isinf({0})"))
    is_finite = staticmethod(_question("np.isfinite({0})"))
    equal = staticmethod(_question("{0} == {1}"))
    not_equal = staticmethod(_question("{0} != {1}"))
    less = staticmethod(_question("{0} < {1}"))
    less_equal = staticmethod(_question("{0} <= {1}"))
    greater = staticmethod(_question("{0} > {1}"))
    greater_equal = staticmethod(_question("{0} >= {1}"))
    logical_and = staticmethod(_question("{0} and {1}"))
    logical_or = staticmethod(_question("{0} or {1}"))
    logical_not = staticmethod(_question("not {0}"))
    bit_and = staticmethod(_infix("&"))
    bit_or = staticmethod(_infix("|"))
    bit_xor = staticmethod(_infix("^"))

    @staticmethod
    def bit_not(x: Text) -> Text:
        return typed(x.dtype, f"~{x.text}")


TEXT = TextVocabulary()
