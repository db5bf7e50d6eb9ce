"""Gamma values with scale 1 by Marsaglia and Tsang's method (ACM TOMS 26(3), 2000)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import unit_double
from graphflow.numeric.random.libm import logarithms, powers
from graphflow.numeric.random.normal import box_muller_double
from graphflow.numeric.random.per_parameter import Outputs
from graphflow.numeric.random.philox import Stream, Words32
from graphflow.numeric.random.shapes import Shape

# In place of 0, which has no logarithm.
LEAST = np.finfo(np.float64).tiny


class Pairs:
    """Doubles that come two from a block, for each output; of each two the second is used first."""

    def __init__(self, outputs: Outputs, convert: Callable[[Words32], NDArray[np.float64]]) -> None:
        self._outputs = outputs
        self._convert = convert
        self._spare = np.empty(outputs.block.size)
        self._has_spare = np.zeros(outputs.block.size, np.bool_)

    def next(self, which: NDArray[np.intp]) -> NDArray[np.float64]:
        """The next double of each of these outputs."""
        values = self._spare[which]
        empty = ~self._has_spare[which]
        words = self._outputs.next_blocks(which[empty])
        fresh = self._convert(words.reshape(-1))
        values[empty] = fresh[1::2]
        self._spare[which[empty]] = fresh[0::2]
        self._has_spare[which] = empty
        return values


@np.errstate(all="ignore")
def random_gamma(stream: Stream, shape: Shape, alpha: NDArray[Any]) -> NDArray[Any]:
    """d v^3 with d = alpha - 1/3, v = 1 + x / sqrt(9 d), x normal, in the type of `alpha`.

    Accepted if u < 1 - 0.0331 x^4 or log u < x^2 / 2 + d (1 - v^3 + log v^3). Below 1 it is the value for
    alpha + 1, times u^(1 / alpha); at 1 it is -log(1 - u). An alpha without meaning gives NaN.
    """
    if alpha.dtype.name not in ("float16", "float32", "float64"):
        raise ValueError(f"no gamma values of type {alpha.dtype}: float16, float32 or float64")
    outputs = Outputs(stream, shape, alpha)
    a = outputs.parameter
    values = np.empty(a.size)
    plain = np.flatnonzero(a == 1)
    # The second double of the first block.
    values[plain] = -logarithms(1 - unit_double(outputs.next_blocks(plain))[:, 1])

    normals, uniforms = Pairs(outputs, box_muller_double), Pairs(outputs, unit_double)
    small = a < 1
    d = a + np.where(small, 2.0 / 3, -1.0 / 3)
    c = 1.0 / 3 / np.sqrt(d)
    todo = np.flatnonzero(a != 1)
    while todo.size:
        x = normals.next(todo)
        v = 1 + c[todo] * x
        # Not v > 0: NaN goes on, and is the result.
        tried = ~(v <= 0)
        which, x, v = todo[tried], x[tried], v[tried]
        v = v * v * v
        u = uniforms.next(which)
        good = u < 1 - 0.0331 * (x * x) * (x * x)
        unsure = ~good
        u, x, w = u[unsure], x[unsure], v[unsure]
        height = 0.5 * x * x + d[which[unsure]] * (1 - w + logarithms(np.maximum(w, LEAST)))
        good[unsure] = logarithms(np.maximum(u, LEAST)) < height
        done = which[good]
        values[done] = d[done] * v[good]
        boosted = done[small[done]]
        values[boosted] *= without_subnormals(powers(uniforms.next(boosted), 1 / a[boosted]))
        tried[tried] = good
        todo = todo[~tried]
    return without_subnormals(outputs.arranged(without_subnormals(values), alpha.dtype))


def without_subnormals(values: NDArray[Any]) -> NDArray[Any]:
    """`values`, in place, as a processor makes them that flushes subnormal results; float16 has its own way."""
    if values.dtype != np.float16:
        values[np.abs(values) < np.finfo(values.dtype).tiny] = 0
    return values
