"""powf, log1pf and expm1f with the bits of the GNU C library (2.28 to 2.40), on every machine.

power follows ARM's optimized-routines (numbers: Copyright (c) 2017-2018 Arm Limited, MIT or Apache-2.0 WITH
LLVM-exception), in float64. log1p and expm1 follow Sun's fdlibm (Copyright (C) 1993 by Sun Microsystems, Inc.
Permission to use, copy, modify, and distribute this software is freely granted, provided that this notice is
preserved), in float32, each step rounded. The code is our own, and covers what candidate sampling asks for.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.libm import INVERSES, OCTAVE, polynomial, table

Float32s = NDArray[np.float32]

LOG2 = table(
    """0x1.27616c9496e0bp-2 -0x1.71969a075c67ap-2 0x1.ec70a6ca7baddp-2
    -0x1.7154748bef6c8p-1 0x1.71547652ab82bp0"""
)
EXP2 = table("0x1.c6af84b912394p-5 0x1.ebfce50fac4f3p-3 0x1.62e42ff0c52d6p-1")


def _floats(*bits: int) -> Float32s:
    return np.array(bits, np.uint32).view(np.float32)


LOG1P = _floats(0x3F2AAAAB, 0x3ECCCCCD, 0x3E924925, 0x3E638E29, 0x3E3A3325, 0x3E1CD04F, 0x3E178897)
EXPM1 = _floats(0xBD088889, 0x3AD00D01, 0xB8A670CD, 0x36867E54, 0xB457EDBB)
# log 2 in two parts, and 1 / log 2.
LOG_2_HIGH, LOG_2_LOW, PER_LOG_2 = _floats(0x3F317180, 0x3717F7D1, 0x3FB8AA3B)
ONE, HALF = np.float32(1), np.float32(0.5)


@np.errstate(all="ignore")
def log1p_of_minus(p: Float32s) -> Float32s:
    """log1pf(-p) for 0 <= p <= 1; NaN elsewhere.

    With 1 - p = 2^k (1 + f) and s = f / (2 + f): log(1 + f) = f - f^2 / 2 + s (f^2 / 2 + s^2 R(s^2)).
    """
    near = p.view(np.int32) <= 0x3E95F61F
    u = ONE - p
    bits = u.view(np.int32)
    fraction = bits & 0x7FFFFF
    upper = fraction >= 0x3504F7
    k = np.where(near, 0, (bits >> 23) - 127 + upper).astype(np.float32)
    lost = np.where(near, 0, (-p - (u - ONE)) / u).astype(np.float32)
    reduced = (fraction | np.where(upper, 0x3F000000, 0x3F800000).astype(np.int32)).view(np.float32)
    f = np.where(near, -p, reduced - ONE)
    power_of_two = ~near & (np.where(upper, (0x800000 - fraction) >> 2, fraction) == 0)

    half_square = HALF * f * f
    s = f / (np.float32(2) + f)
    z = s * s
    rest = k * LOG_2_LOW + lost
    short = half_square * (ONE - np.float32(2 / 3) * f) - rest
    whole = half_square - (s * (half_square + z * polynomial(z, LOG1P)) + rest)
    result = k * LOG_2_HIGH - (np.where(power_of_two, short, whole) - f)
    result = np.where(p < np.float32(2**-29), -p - p * p * HALF, result)
    result = np.where(p == 1, -np.inf, result)
    return np.where(p <= 1, result, np.nan).astype(np.float32)


@np.errstate(all="ignore")
def expm1(x: Float32s) -> Float32s:
    """expm1f(x) for x <= 0, by way of r = x - k log 2 and a polynomial in r^2 / 2."""
    size = np.abs(x).view(np.int32)
    reduces, once = size > 0x3EB17218, size < 0x3F851592
    k = np.where(once, -1, np.trunc(PER_LOG_2 * x - HALF))
    k = np.where(reduces, k, 0).astype(np.float32)
    high = np.where(once, x + LOG_2_HIGH, x - k * LOG_2_HIGH)
    low = k * LOG_2_LOW
    r = np.where(reduces, high - low, x)
    lost = np.where(reduces, (high - r) - low, np.float32(0))

    half = HALF * r
    z = r * half
    r1 = ONE + z * polynomial(z, EXPM1)
    t = np.float32(3) - r1 * half
    e = z * ((r1 - t) / (np.float32(6) - r * t))
    near = r - (r * e - z)
    e = (r * (e - lost) - lost) - z
    halved = HALF * (r - e) - HALF
    far = np.ldexp(ONE - (e - r), k.astype(np.int32)) - ONE
    result = np.where(k == 0, near, np.where(k == -1, halved, far))
    result = np.where(size < 0x33000000, x, result)
    # From -27 log 2 on the result is -1; NaN has a greater size still, and stays.
    return np.where((size >= 0x4195B844) & (x < 0), np.float32(-1), result)


@np.errstate(all="ignore")
def power(x: Float32s, y: float) -> Float32s:
    """powf(x, y) = 2^(y log2 x) for x = 0 and normal x > 0; powers of others come from float64."""
    bits = x.view(np.int32)
    from_octave = bits - np.int32(OCTAVE)
    place, exponent = from_octave >> 19 & 15, from_octave >> 23
    z = (bits - (exponent << 23)).view(np.float32).astype(np.float64)
    r = z * INVERSES[place] - 1
    r2 = r * r
    log2_c = np.array([-math.log2(inverse) for inverse in INVERSES])
    low = (LOG2[2] * r + LOG2[3]) * r2 + (LOG2[4] * r + (log2_c[place] + exponent))
    log2 = (LOG2[0] * r + LOG2[1]) * (r2 * r2) + low

    target = y * log2
    steps = np.rint(target * 32)
    r = target - steps / 32
    n = steps.astype(np.int32)
    part = np.array([2.0 ** (i / 32) for i in range(32)])[n & 31]
    scaled = ((EXP2[0] * r + EXP2[1]) * (r * r) + (EXP2[2] * r + 1)) * np.ldexp(part, n >> 5)
    usual = (x >= np.finfo(np.float32).tiny) & (x < np.inf)
    usual &= np.abs(target) < 1000
    return np.where(usual, scaled, np.power(x.astype(np.float64), y)).astype(np.float32)
