"""Steps of long short-term memories and gated recurrent units, and their gradients.

The gates of the memory lie side by side in the order i, ci, f, o: input, what comes in, forget, output.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, Any]


def sigmoid(x: Array) -> Array:
    """1 / (1 + exp(-x))."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-x))


class Peepholes(NamedTuple):
    """How much of the memory the gates i, f and o see."""

    i: Array
    f: Array
    o: Array


class LSTMStep(NamedTuple):
    """The gates, the memory `cs` and its tanh `co`, and what is given out."""

    i: Array
    cs: Array
    f: Array
    o: Array
    ci: Array
    co: Array
    h: Array


class LSTMStepGrad(NamedTuple):
    """Gradients: of the memory before, of the gates side by side, of the peepholes."""

    cs_prev: Array
    gates: Array
    peepholes: Peepholes


def lstm_step(
    x: Array,
    cs_prev: Array,
    h_prev: Array,
    w: Array,
    b: Array,
    peepholes: Peepholes | None,
    forget_bias: float,
    cell_clip: float,
) -> LSTMStep:
    """cs = ci i + cs_prev f, h = o tanh(cs); the memory is clipped where `cell_clip` is positive."""
    i, ci, f, o = np.split(np.concatenate([x, h_prev], 1) @ w + b, 4, axis=1)
    if peepholes is not None:
        i = i + cs_prev * peepholes.i
        f = f + cs_prev * peepholes.f
    i, ci, f = sigmoid(i), np.tanh(ci), sigmoid(f + forget_bias)
    cs = ci * i + cs_prev * f
    if cell_clip > 0:
        cs = np.clip(cs, -cell_clip, cell_clip)
    if peepholes is not None:
        o = o + cs * peepholes.o
    o, co = sigmoid(o), np.tanh(cs)
    return LSTMStep(i, cs, f, o, ci, co, o * co)


def lstm_step_grad(
    step: LSTMStep, cs_prev: Array, cs_grad: Array, h_grad: Array, peepholes: Peepholes | None
) -> LSTMStepGrad:
    """The gradients of one step; clipping counts as the identity."""
    i, cs, f, o, ci, co, _ = step
    do = o * (1 - o) * h_grad * co
    dcs = (1 - co * co) * h_grad * o + cs_grad
    if peepholes is not None:
        dcs = dcs + do * peepholes.o
    dci = (1 - ci * ci) * dcs * i
    df = f * (1 - f) * dcs * cs_prev
    di = i * (1 - i) * dcs * ci
    before = dcs * f
    none = np.zeros(cs.shape[1], cs.dtype)
    seen = Peepholes(none, none, none)
    if peepholes is not None:
        before = before + di * peepholes.i + df * peepholes.f
        seen = Peepholes((di * cs_prev).sum(0), (df * cs_prev).sum(0), (do * cs).sum(0))
    return LSTMStepGrad(before, np.concatenate([di, dci, df, do], 1), seen)


class GRUStep(NamedTuple):
    """The gates r and u, the candidate c, and the next state."""

    r: Array
    u: Array
    c: Array
    h: Array


def gru_step(x: Array, h_prev: Array, w_ru: Array, w_c: Array, b_ru: Array, b_c: Array) -> GRUStep:
    """h = u h_prev + (1 - u) c."""
    gates = sigmoid(np.concatenate([x, h_prev], 1) @ w_ru + b_ru)
    r, u = np.split(gates, 2, axis=1)
    c = np.tanh(np.concatenate([x, h_prev * r], 1) @ w_c + b_c)
    return GRUStep(r, u, c, u * h_prev + (1 - u) * c)


def gru_step_grad(
    x: Array, h_prev: Array, w_ru: Array, w_c: Array, r: Array, u: Array, c: Array, d_h: Array
) -> tuple[Array, Array, Array, Array]:
    """The gradients of x, of h_prev, of what goes into the candidate and into the gates."""
    depth = x.shape[1]
    d_c = d_h * (1 - u) * (1 - c * c)
    d_u = d_h * (h_prev - c) * u * (1 - u)
    of_candidate = d_c @ w_c.T
    d_hr = of_candidate[:, depth:]
    d_r = d_hr * h_prev * r * (1 - r)
    gates = np.concatenate([d_r, d_u], 1)
    of_gates = gates @ w_ru.T
    d_x = of_candidate[:, :depth] + of_gates[:, :depth]
    return d_x, of_gates[:, depth:] + d_hr * r + d_h * u, d_c, gates
