"""Elementary functions that give the same bits on every machine, or at least those of its C library.

sine_cosine and logarithm are sinf, cosf and logf as ARM's optimized-routines compute them (and with them the
GNU C library from version 2.28 on): range reduction and polynomials in float64, one rounding at the end. The
numbers in the tables are ARM's, Copyright (c) 2017-2018 Arm Limited, MIT or Apache-2.0 WITH LLVM-exception;
the code is our own. They serve the arguments of Box-Muller: angles in [0, 120), normal numbers above 0.

The float64 functions are those of Python's math module, which are the C library's; lgamma is not among
those, so log_factorials follows Sun's fdlibm (Copyright (C) 1993 by Sun Microsystems, Inc. Permission to use,
copy, modify, and distribute this software is freely granted, provided that this notice is preserved).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Float32s = NDArray[np.float32]
Float64s = NDArray[np.float64]


def table(text: str) -> Float64s:
    """The numbers written in `text`, hexadecimally, so that none is rounded."""
    return np.array([float.fromhex(number) for number in text.split()])


COSINE = table(
    "1 -0x1.ffffffd0c621cp-2 0x1.55553e1068f19p-5 -0x1.6c087e89a359dp-10 0x1.99343027bf8c3p-16"
)
SINE = table("-0x1.555545995a603p-3 0x1.1107605230bc4p-7 -0x1.994eb3774cf24p-13")
LOGARITHM = table("-0x1.00ea348b88334p-2 0x1.5575b0be00b6ap-2 -0x1.ffffef20a4123p-2")
LOG_2 = float.fromhex("0x1.62e42fefa39efp-1")
# For c in the middle of each sixteenth of an octave: 1 / c and log c.
INVERSES = table(
    """0x1.661ec79f8f3bep+0 0x1.571ed4aaf883dp+0 0x1.49539f0f010bp+0 0x1.3c995b0b80385p+0
    0x1.30d190c8864a5p+0 0x1.25e227b0b8eap+0 0x1.1bb4a4a1a343fp+0 0x1.12358f08ae5bap+0
    0x1.0953f419900a7p+0 0x1p+0 0x1.e608cfd9a47acp-1 0x1.ca4b31f026aap-1
    0x1.b2036576afce6p-1 0x1.9c2d163a1aa2dp-1 0x1.886e6037841edp-1 0x1.767dcf5534862p-1"""
)
LOGARITHMS = table(
    """-0x1.57bf7808caadep-2 -0x1.2bef0a7c06ddbp-2 -0x1.01eae7f513a67p-2 -0x1.b31d8a68224e9p-3
    -0x1.6574f0ac07758p-3 -0x1.1aa2bc79c81p-3 -0x1.a4e76ce8c0e5ep-4 -0x1.1973c5a611cccp-4
    -0x1.252f438e10c1ep-5 0x0p+0 0x1.aa5aa5df25984p-5 0x1.c5e53aa362eb4p-4
    0x1.526e57720db08p-3 0x1.bc2860d22477p-3 0x1.1058bc8a07ee1p-2 0x1.4043057b6ee09p-2"""
)
# The first argument of the octave that the tables are laid out for.
OCTAVE = 0x3F330000
# sin and cos of x + quarter * pi / 2 are sin x or cos x with these signs.
SINE_SIGN = np.array([1.0, 1.0, -1.0, -1.0])
COSINE_SIGN = np.array([1.0, -1.0, -1.0, 1.0])
STIRLING = [
    4.18938533204672725052e-01,
    8.33333333333329678849e-02,
    -2.77777777728775536470e-03,
    7.93650558643019558500e-04,
    -5.95187557450339963135e-04,
    8.36339918996282139126e-04,
    -1.63092934096575273989e-03,
]
SMALL_LOG_FACTORIALS = np.array([math.log(math.factorial(n)) for n in range(7)])


def polynomial(x: Any, coefficients: Any) -> Any:
    """c0 + x (c1 + x (c2 + ...))."""
    total = coefficients[-1]
    for coefficient in coefficients[-2::-1]:
        total = coefficient + x * total
    return total


def sine_cosine(angle: Float32s) -> tuple[Float32s, Float32s]:
    """sinf(angle) and cosf(angle) for 0 <= angle < 120."""
    y = angle.astype(np.float64)
    turns = np.rint(y * (2 / np.pi))
    x = y - turns * (np.pi / 2)
    x2 = x * x
    x3, x4 = x2 * x, x2 * x2
    sine = (x + x3 * SINE[0]) + (x3 * x2) * (SINE[1] + x2 * SINE[2])
    cosine = ((COSINE[0] + x2 * COSINE[1]) + x4 * COSINE[2]) + (x4 * x2) * (
        COSINE[3] + x2 * COSINE[4]
    )
    quarter = turns.astype(np.int64) & 3
    swap = (quarter & 1).astype(np.bool_)
    first = np.where(swap, cosine, sine) * SINE_SIGN[quarter]
    second = np.where(swap, sine, cosine) * COSINE_SIGN[quarter]
    return first.astype(np.float32), second.astype(np.float32)


def logarithm(x: Float32s) -> Float32s:
    """logf(x) for normal x > 0."""
    bits = x.view(np.int32)
    from_octave = bits - np.int32(OCTAVE)
    place = from_octave >> 19 & 15
    exponent = from_octave >> 23
    z = (bits - (exponent << 23)).view(np.float32).astype(np.float64)
    r = z * INVERSES[place] - 1
    r2 = r * r
    y = (LOGARITHM[0] * r2 + (LOGARITHM[1] * r + LOGARITHM[2])) * r2
    return (y + ((LOGARITHMS[place] + exponent * LOG_2) + r)).astype(np.float32)


def _each(function: Callable[..., float]) -> Callable[..., Float64s]:
    """`function` of Python floats on each element of vectors."""

    def vectorised(*vectors: NDArray[Any]) -> Float64s:
        lists = [vector.tolist() for vector in vectors]
        return np.fromiter(map(function, *lists), np.float64, len(lists[0]))

    return vectorised


def _pow(x: float, y: float) -> float:
    try:
        return math.pow(x, y)
    except (OverflowError, ValueError):
        # Python refuses what C answers with infinity: a fraction to a very negative power.
        return math.inf


sines = _each(math.sin)
cosines = _each(math.cos)
logarithms = _each(math.log)
exponentials = _each(math.exp)
powers = _each(_pow)


def log_factorials(n: Float64s) -> Float64s:
    """log n! of whole numbers n >= 0, which is lgamma(x) with x = n + 1: (x - 1/2) (log x - 1) + w(1 / x)."""
    x = n + 1
    log_x = logarithms(x)
    z = 1 / x
    tail = STIRLING[0] + z * polynomial(z * z, STIRLING[1:])
    usual = (x - 0.5) * (log_x - 1) + tail
    few = SMALL_LOG_FACTORIALS[np.minimum(n, 6).astype(np.intp)]
    return np.where(n <= 6, few, np.where(x < 2.0**58, usual, x * (log_x - 1)))
