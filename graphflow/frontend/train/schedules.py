"""Learning rates as functions of the step: each is a small graph with TensorFlow's nodes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any

from graphflow.frontend.cases import case
from graphflow.frontend.control_flow import cond
from graphflow.frontend.random import random_normal
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import int32, int64
from graphflow.ir.node import Tensor
from graphflow.ops.idioms import cast


class _Numbers:
    """What a schedule is made of: the rate it starts from, and other numbers in the type of that rate."""

    def __init__(self, learning_rate: Any, scope: str) -> None:
        self.rate = convert(learning_rate, name="initial_learning_rate")
        self.scope = scope

    def __call__(self, value: Any) -> Tensor:
        return cast(value, self.rate.dtype)


@contextmanager
def _schedule(learning_rate: Any, name: str | None, default: str) -> Any:
    with build.name_scope(name or default) as scope:
        yield _Numbers(learning_rate, scope)


def exponential_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate decay_rate^(global_step / decay_steps), the exponent rounded down if `staircase`."""
    with _schedule(learning_rate, name, "ExponentialDecay") as number:
        steps, factor = number(decay_steps), number(decay_rate)
        part = _part(number(global_step), steps, staircase)
        return raw.Mul(number.rate, raw.Pow(factor, part), name=number.scope)


def natural_exp_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate exp(-decay_rate global_step / decay_steps)."""
    factor = raw.Exp(raw.Neg(decay_rate))
    return exponential_decay(learning_rate, global_step, decay_steps, factor, staircase, name)


def inverse_time_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    decay_rate: Any,
    staircase: bool = False,
    name: str | None = None,
) -> Tensor:
    """learning_rate / (1 + decay_rate global_step / decay_steps)."""
    with _schedule(learning_rate, name, "InverseTimeDecay") as number:
        steps, factor = number(decay_steps), number(decay_rate)
        part = _part(number(global_step), steps, staircase)
        divisor = raw.Add(number(constant(1)), raw.Mul(factor, part))
        return raw.RealDiv(number.rate, divisor, name=number.scope)


def _part(step: Tensor, steps: Tensor, staircase: bool) -> Tensor:
    part = step / steps
    return raw.Floor(part) if staircase else part


def polynomial_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    end_learning_rate: Any = 0.0001,
    power: Any = 1.0,
    cycle: bool = False,
    name: str | None = None,
) -> Tensor:
    """(learning_rate - end) (1 - global_step / decay_steps)^power + end; `cycle` begins again and again."""
    with _schedule(learning_rate, name, "PolynomialDecay") as number:
        end, exponent = number(end_learning_rate), number(power)
        step, steps = number(global_step), number(decay_steps)
        if cycle:
            rounds = cond(raw.Equal(step, 0), lambda: 1.0, lambda: raw.Ceil(step / decay_steps))
            steps = raw.Mul(steps, rounds)
        else:
            step = raw.Minimum(step, decay_steps)
        part = step / steps
        scaled = raw.Mul(number.rate - end, raw.Pow(1 - part, exponent))
        return raw.Add(scaled, end, name=number.scope)


def piecewise_constant(
    x: Any, boundaries: Sequence[Any], values: Sequence[Any], name: str | None = None
) -> Tensor:
    """values[i] where boundaries[i-1] < x <= boundaries[i]."""
    edges, levels = [convert(b) for b in boundaries], [convert(v) for v in values]
    step = convert(x)
    kind, level = step.dtype.base_dtype, levels[0].dtype.base_dtype
    for i, edge in enumerate(edges):
        own = edge.dtype.base_dtype
        if own is int32 and kind is int64:
            edges[i] = cast(edge, kind)
        elif own is not kind:
            raise ValueError(f"Boundaries ({own}) must have the same dtype as x ({kind}).")
    for other in levels:
        if other.dtype.base_dtype is not level:
            raise ValueError(
                f"Values must all have one dtype ({level} and {other.dtype.base_dtype})."
            )
    if len(edges) != len(levels) - 1:
        raise ValueError(
            f"{len(edges)} boundaries part {len(edges) + 1} intervals: {len(levels)} values given"
        )
    with build.name_scope(name or "PiecewiseConstant"):
        step = convert(x)
        choices = [(step <= edges[0], _giving(levels[0])), (step > edges[-1], _giving(levels[-1]))]
        for low, high, value in zip(edges, edges[1:], levels[1:-1], strict=False):
            choices.append(((step > low) & (step <= high), _giving(value)))
        return case(choices, _giving(levels[0]), exclusive=True)


piecewise_constant_decay = piecewise_constant


def _giving(value: Tensor) -> Any:
    return lambda: value


def _half_cosine(fraction: Tensor, factor: Any = None) -> Tensor:
    """(1 + cos(pi fraction)) / 2, times a factor."""
    half = 0.5 if factor is None else 0.5 * factor
    return half * (1.0 + raw.Cos(constant(math.pi) * fraction))


def cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """learning_rate ((1 - alpha) (1 + cos(pi global_step / decay_steps)) / 2 + alpha)."""
    with _schedule(learning_rate, name, "CosineDecay") as number:
        steps = number(decay_steps)
        step = raw.Minimum(number(global_step), steps)
        return raw.Mul(number.rate, (1 - alpha) * _half_cosine(step / steps) + alpha)


def cosine_decay_restarts(
    learning_rate: Any,
    global_step: Any,
    first_decay_steps: Any,
    t_mul: float = 2.0,
    m_mul: float = 1.0,
    alpha: float = 0.0,
    name: str | None = None,
) -> Tensor:
    """cosine_decay again and again, each time `t_mul` as long and from `m_mul` of the rate before."""
    with _schedule(learning_rate, name, "SGDRDecay") as number:
        steps, lowest = number(first_decay_steps), number(alpha)
        longer, lower = number(t_mul), number(m_mul)
        done = number(global_step) / steps

        def alike() -> tuple[Tensor, Tensor]:
            rounds = raw.Floor(done)
            return rounds, done - rounds

        def longer_and_longer() -> tuple[Tensor, Tensor]:
            rounds = raw.Floor(raw.Log(1.0 - done * (1.0 - longer)) / raw.Log(longer))
            before = (1.0 - longer**rounds) / (1.0 - longer)
            return rounds, (done - before) / longer**rounds

        rounds, fraction = cond(raw.Equal(longer, 1.0), alike, longer_and_longer)
        decayed = (1 - lowest) * _half_cosine(fraction, lower**rounds) + lowest
        return raw.Mul(number.rate, decayed, name=number.scope)


def linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    num_periods: float = 0.5,
    alpha: float = 0.0,
    beta: float = 0.001,
    name: str | None = None,
) -> Tensor:
    """learning_rate ((alpha + 1 - p) (1 + cos(2 pi num_periods p)) / 2 + beta), p = global_step / decay_steps."""
    with _schedule(learning_rate, name, "LinearCosineDecay") as number:
        steps, periods = number(decay_steps), number(num_periods)
        low, lowest = number(alpha), number(beta)
        step = raw.Minimum(number(global_step), steps)
        linear = (steps - step) / steps
        part = step / steps
        wave = _half_cosine(2.0 * periods * part)
        return raw.Mul(number.rate, (low + linear) * wave + lowest, name=number.scope)


def noisy_linear_cosine_decay(
    learning_rate: Any,
    global_step: Any,
    decay_steps: Any,
    initial_variance: float = 1.0,
    variance_decay: float = 0.55,
    num_periods: float = 0.5,
    alpha: float = 0.0,
    beta: float = 0.001,
    name: str | None = None,
) -> Tensor:
    """linear_cosine_decay with noise of variance initial_variance / (1 + global_step)^variance_decay."""
    with _schedule(learning_rate, name, "NoisyLinearCosineDecay") as number:
        steps = number(decay_steps)
        variance, decay = number(initial_variance), number(variance_decay)
        periods, low, lowest = number(num_periods), number(alpha), number(beta)
        step = raw.Minimum(number(global_step), steps)
        linear = (steps - step) / steps
        deviation = raw.Sqrt(variance / raw.Pow(1.0 + step, decay))
        noisy = linear + random_normal(linear.shape, stddev=deviation)
        part = step / steps
        wave = _half_cosine(2.0 * periods * part)
        return raw.Mul(number.rate, (low + noisy) * wave + lowest, name=number.scope)


NAMESPACES = {
    "train": [
        "cosine_decay",
        "cosine_decay_restarts",
        "exponential_decay",
        "inverse_time_decay",
        "linear_cosine_decay",
        "natural_exp_decay",
        "noisy_linear_cosine_decay",
        "piecewise_constant",
        "piecewise_constant_decay",
        "polynomial_decay",
    ]
}
