"""The vocabulary: the only functions that a `scalar` rule may call, and what each of them means.

A rule is one expression over these functions, so that it can be read in several ways: here by numpy, elsewhere as the
text of a compiled loop. Python, numpy, LLVM and CUDA disagree about many of them; `MEANING` says what holds in every
reading, and one table-driven test holds every reading to it. What holds for all functions:

- Operands have one element type, and so has the result, unless `MEANING` says otherwise.
- 16-bit floats never get here: they are widened to float32 before a rule and rounded once after it.
- Integers wrap around. A NaN operand gives NaN, but for comparisons and for the branch not selected.
- Both branches of `select` are computed: no rule divides integers inside one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.numeric import casts, exact, special

#: every function of the vocabulary, and its meaning
MEANING: dict[str, str] = {
    # constants and types
    "constant": "constant(value, like): a Python number, rounded to the type of `like`",
    "cast": "cast(x, dtype): float to integer is cut towards zero, through a wider integer whose least number stands for "
    "NaN and for what does not fit (graphflow.numeric.casts); complex to real is the real part; to bool is x != 0",
    "select": "select(c, x, y): x where c holds, else y",
    # arithmetic
    "add": "x + y",
    "sub": "x - y",
    "mul": "x * y",
    "div": "x / y; of integers truncate_div",
    "floor_div": "floor(x / y), of floats the floor of the rounded quotient; "
    "integer division by zero is an error, least // -1 wraps to least",
    "floor_mod": "x - floor(x / y) * y: it has the sign of y; integer division by zero is an error",
    "truncate_div": "x / y cut towards zero; integer division by zero is an error, least / -1 wraps to least",
    "truncate_mod": "C's % and fmod: it has the sign of x; integer division by zero is an error",
    "pow": "x ** y; integers multiply with wrapping, a negative integer exponent is an error",
    "neg": "-x; the least integer stays",
    "abs": "|x|; the least integer stays; of complex numbers the modulus, which is real",
    "sign": "-1, 0 or 1; NaN of NaN; of complex numbers x / |x|, and 0 of 0",
    "maximum": "the greater one, x where they are equal (zeros of two signs); NaN if either is NaN",
    "minimum": "the smaller one, x where they are equal (zeros of two signs); NaN if either is NaN",
    # rounding: floats stay floats, -0.0 and infinities stay what they are
    "floor": "the next integer below",
    "ceil": "the next integer above",
    "round": "the nearest integer, half to even; integers stay",
    # powers, exponentials, logarithms
    "sqrt": "the square root: inf of inf, -0.0 of -0.0, NaN below zero",
    "rsqrt": "1 / sqrt(x): inf of 0, 0 of inf",
    "exp": "e ** x",
    "expm1": "e ** x - 1, exact near 0",
    "log": "the natural logarithm: -inf of 0, NaN below",
    "log1p": "log(1 + x), exact near 0",
    # angles
    "sin": "sine",
    "cos": "cosine",
    "tan": "tangent",
    "asin": "inverse sine",
    "acos": "inverse cosine",
    "atan": "inverse tangent",
    "atan2": "atan2(y, x): the angle of the point (x, y), by the signs of zeros too",
    "sinh": "hyperbolic sine",
    "cosh": "hyperbolic cosine",
    "tanh": "hyperbolic tangent",
    "asinh": "inverse hyperbolic sine",
    "acosh": "inverse hyperbolic cosine",
    "atanh": "inverse hyperbolic tangent",
    # special functions of real floats
    "erf": "the error function",
    "erfc": "1 - erf(x), exact where erf is near 1",
    "lgamma": "log |gamma(x)|; inf at the poles",
    # questions: the result is a bool
    "is_nan": "whether x is NaN",
    "is_inf": "whether x is an infinity",
    "is_finite": "whether x is a number",
    "equal": "x == y; False of NaN",
    "not_equal": "x != y; True of NaN",
    "less": "x < y",
    "less_equal": "x <= y",
    "greater": "x > y",
    "greater_equal": "x >= y",
    # logic, of bools
    "logical_and": "x and y",
    "logical_or": "x or y",
    "logical_not": "not x",
    # bits, of integers
    "bit_and": "x & y",
    "bit_or": "x | y",
    "bit_xor": "x ^ y",
    "bit_not": "~x",
    "left_shift": "x << y; y is clamped to 0 .. bits - 1",
    "right_shift": "x >> y, with the sign of x; y is clamped to 0 .. bits - 1",
    "popcount": "the number of ones in the two's complement, as uint8",
    # complex numbers
    "complex": "complex(x, y): x + iy of two real numbers",
    "real": "the real part",
    "imag": "the imaginary part",
    "conj": "the conjugate; a real number stays",
}


def _refusing(f: Any) -> Any:
    """f, whose complaint about an operand is an error of the run."""

    def checked(x: Any, y: Any) -> Any:
        try:
            return f(x, y)
        except ValueError as error:
            raise InvalidArgumentError(message=str(error)) from None

    return checked


def _complex(x: Any, y: Any) -> Any:
    out = np.empty(np.broadcast(x, y).shape, np.result_type(x, np.complex64))
    out.real, out.imag = x, y
    return out


def _popcount(x: Any) -> Any:
    # numpy counts the bits of |x|
    return np.bitwise_count(x.view(f"u{x.dtype.itemsize}"))


class Numpy:
    """The numpy reading: operands are arrays or numpy scalars, and so are the results."""

    @staticmethod
    def constant(value: complex, like: Any) -> Any:
        return like.dtype.type(value)

    @staticmethod
    def cast(x: Any, dtype: DType) -> Any:
        return casts.cast(x, dtype.numpy)

    @staticmethod
    def div(x: Any, y: Any) -> Any:
        return Numpy.truncate_div(x, y) if x.dtype.kind in "iu" else np.divide(x, y)

    @staticmethod
    def rsqrt(x: Any) -> Any:
        return x.dtype.type(1) / np.sqrt(x)

    select = staticmethod(np.where)
    add = staticmethod(np.add)
    sub = staticmethod(np.subtract)
    mul = staticmethod(np.multiply)
    floor_div = staticmethod(_refusing(exact.floor_div))
    floor_mod = staticmethod(_refusing(exact.floor_mod))
    truncate_div = staticmethod(_refusing(exact.truncate_div))
    truncate_mod = staticmethod(_refusing(exact.truncate_mod))
    pow = staticmethod(_refusing(exact.power))
    neg = staticmethod(np.negative)
    abs = staticmethod(np.abs)
    sign = staticmethod(exact.sign)
    maximum = staticmethod(exact.maximum)
    minimum = staticmethod(exact.minimum)
    floor = staticmethod(np.floor)
    ceil = staticmethod(np.ceil)
    round = staticmethod(exact.round_half_even)
    sqrt = staticmethod(np.sqrt)
    exp = staticmethod(np.exp)
    expm1 = staticmethod(np.expm1)
    log = staticmethod(np.log)
    log1p = staticmethod(np.log1p)
    sin = staticmethod(np.sin)
    cos = staticmethod(np.cos)
    tan = staticmethod(np.tan)
    asin = staticmethod(np.arcsin)
    acos = staticmethod(np.arccos)
    atan = staticmethod(np.arctan)
    atan2 = staticmethod(np.arctan2)
    sinh = staticmethod(np.sinh)
    cosh = staticmethod(np.cosh)
    tanh = staticmethod(np.tanh)
    asinh = staticmethod(np.arcsinh)
    acosh = staticmethod(np.arccosh)
    atanh = staticmethod(np.arctanh)
    erf = staticmethod(special.erf)
    erfc = staticmethod(special.erfc)
    lgamma = staticmethod(special.lgamma)
    is_nan = staticmethod(np.isnan)
    is_inf = staticmethod(np.isinf)
    is_finite = staticmethod(np.isfinite)
    equal = staticmethod(np.equal)
    not_equal = staticmethod(np.not_equal)
    less = staticmethod(np.less)
    less_equal = staticmethod(np.less_equal)
    greater = staticmethod(np.greater)
    greater_equal = staticmethod(np.greater_equal)
    logical_and = staticmethod(np.logical_and)
    logical_or = staticmethod(np.logical_or)
    logical_not = staticmethod(np.logical_not)
    bit_and = staticmethod(np.bitwise_and)
    bit_or = staticmethod(np.bitwise_or)
    bit_xor = staticmethod(np.bitwise_xor)
    bit_not = staticmethod(np.invert)
    left_shift = staticmethod(exact.left_shift)
    right_shift = staticmethod(exact.right_shift)
    popcount = staticmethod(_popcount)
    complex = staticmethod(_complex)
    real = staticmethod(np.real)
    imag = staticmethod(np.imag)
    conj = staticmethod(np.conj)


NUMPY = Numpy()
