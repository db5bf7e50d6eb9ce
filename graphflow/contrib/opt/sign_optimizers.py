"""Optimisers that compare the signs of a gradient and of its running mean, and how that wears off."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import group
from graphflow.ops.idioms import cast

Decay = Callable[[Any], Tensor]


class _SignOptimizer(RuleOptimizer):
    slots = {"m": "m"}  # noqa: RUF012

    def _set(self, learning_rate: Any, beta: Any, sign_decay_fn: Decay | None) -> None:
        self._lr, self._beta, self._sign_decay_fn = learning_rate, beta, sign_decay_fn
        self._sign_decay: Any = 1.0

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        if self._sign_decay_fn is not None:
            self._sign_decay = convert(self._sign_decay_fn(global_step), name="sign_decay")
        return super().apply_gradients(grads_and_vars, global_step, name)

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "m", self._name)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        dtype = var.dtype.base_dtype
        rate, strength, beta = self._cast_all(dtype)
        m = self.get_slot(var, "m")
        kept = m * beta
        mean = raw.Assign(m, kept + grad * (1 - beta), use_locking=self._use_locking)
        sign = raw.Sign(grad.values)
        agreement = raw.GatherV2(raw.Sign(mean), grad.indices, 0) * sign
        decay = cast(self._tensors["sign_decay"], dtype)
        factor = self._factor(strength, decay, agreement)
        update = raw.ScatterSub(
            var, grad.indices, rate * factor * grad.values, use_locking=self._use_locking
        )
        return group(update, mean)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        raise NotImplementedError(f"{self._name} takes no slices for variables behind handles")

    def _cast_all(self, dtype: Any) -> tuple[Any, Any, Any]:
        """The rate, the strength of the signs and the decay of the mean."""
        raise NotImplementedError

    def _factor(self, strength: Any, decay: Any, agreement: Any) -> Any:
        """By how much a step grows or shrinks."""
        raise NotImplementedError


class PowerSignOptimizer(_SignOptimizer):
    """Steps times base^(decay sign(g) sign(m))."""

    rule = "PowerSign"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "learning_rate"),
        "beta": ("_beta", "beta"),
        "logbase": ("_logbase", "logbase"),
        "sign_decay": ("_sign_decay", "sign_decay"),
    }

    def __init__(
        self,
        learning_rate: Any = 0.1,
        base: float = math.e,
        beta: Any = 0.9,
        sign_decay_fn: Decay | None = None,
        use_locking: bool = False,
        name: str = "PowerSignOptimizer",
    ) -> None:
        super().__init__(use_locking, name)
        self._set(learning_rate, beta, sign_decay_fn)
        self._logbase = math.log(base)

    def _cast_all(self, dtype: Any) -> tuple[Any, Any, Any]:
        rate, beta, logbase = (cast(self._tensors[n], dtype) for n in ("lr", "beta", "logbase"))
        self._e = cast(math.e, dtype)
        return rate, logbase, beta

    def _factor(self, strength: Any, decay: Any, agreement: Any) -> Any:
        return raw.Pow(self._e, strength * decay * agreement)


class AddSignOptimizer(_SignOptimizer):
    """Steps times alpha + decay sign(g) sign(m)."""

    rule = "AddSign"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "learning_rate"),
        "beta": ("_beta", "beta"),
        "alpha": ("_alpha", "alpha"),
        "sign_decay": ("_sign_decay", "sign_decay"),
    }

    def __init__(
        self,
        learning_rate: Any = 0.1,
        alpha: Any = 1.0,
        beta: Any = 0.9,
        sign_decay_fn: Decay | None = None,
        use_locking: bool = False,
        name: str = "AddSignOptimizer",
    ) -> None:
        super().__init__(use_locking, name)
        self._set(learning_rate, beta, sign_decay_fn)
        self._alpha = alpha

    def _cast_all(self, dtype: Any) -> tuple[Any, Any, Any]:
        rate, alpha, beta = (cast(self._tensors[n], dtype) for n in ("lr", "alpha", "beta"))
        return rate, alpha, beta

    def _factor(self, strength: Any, decay: Any, agreement: Any) -> Any:
        return strength + decay * agreement


def _needed(global_step: Any) -> Any:
    if global_step is None:
        raise ValueError("global_step is required for a decay.")
    return global_step


def get_linear_decay_fn(decay_steps: Any) -> Decay:
    """1 at the first step, 0 after `decay_steps`."""

    def linear_decay_fn(global_step: Any) -> Tensor:
        step = raw.Minimum(_needed(global_step), decay_steps)
        left = cast(decay_steps, int32) - cast(step, int32)
        part = cast(left, float32) / cast(decay_steps, float32)
        tensor: Tensor = raw.Maximum(0.0, part)
        return tensor

    return linear_decay_fn


def get_cosine_decay_fn(
    decay_steps: Any, num_periods: float = 0.5, zero_after: float | None = None
) -> Decay:
    """A cosine wave between 1 and 0."""

    def cosine_decay_fn(global_step: Any) -> Tensor:
        step = raw.Minimum(_needed(global_step), decay_steps)
        part = cast(step, float32) / cast(decay_steps, float32)
        fraction = 2.0 * num_periods * part
        wave = _wave(fraction)
        if zero_after is None:
            return wave
        return raw.Select(raw.GreaterEqual(fraction, 2 * zero_after), 0.0, wave)

    return cosine_decay_fn


def get_restart_decay_fn(
    decay_steps: Any, num_periods: float = 1, zero_after: float | None = None
) -> Decay:
    """Half a cosine wave again and again."""

    def restart_decay_fn(global_step: Any) -> Tensor:
        step = raw.Minimum(_needed(global_step), decay_steps)
        rest = raw.FloorMod(num_periods * cast(step, float32), decay_steps)
        wave = _wave(rest / cast(decay_steps, float32))
        if zero_after is None:
            return wave
        done = cast(num_periods * step, float32) / cast(decay_steps, float32)
        return raw.Select(raw.GreaterEqual(done, zero_after), 0.0, wave)

    return restart_decay_fn


def _wave(fraction: Tensor) -> Tensor:
    return 0.5 * (1.0 + raw.Cos(constant(math.pi) * fraction))


NAMESPACES = {
    "contrib.opt": ["AddSignOptimizer", "PowerSignOptimizer"],
    "contrib.opt.python.training.sign_decay": [
        "get_cosine_decay_fn",
        "get_linear_decay_fn",
        "get_restart_decay_fn",
    ],
}
