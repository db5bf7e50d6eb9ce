"""How optimisers change a variable: one rule each, of one element, read by every Apply op.

A rule takes the old values of the variable and its slots, the hyper-parameters and the gradient, and returns the
new values. Its argument names are the input names of TensorFlow's ops.
"""

from __future__ import annotations

from typing import Any

import numpy as np


def gradient_descent(var: Any, alpha: Any, delta: Any) -> tuple[Any, ...]:
    """var - alpha g."""
    return (var - alpha * delta,)


def momentum(
    var: Any, accum: Any, lr: Any, grad: Any, momentum: Any, use_nesterov: bool = False
) -> tuple[Any, ...]:
    """a' = momentum a + g; var - lr a', or with Nesterov's look ahead var - lr (g + momentum a')."""
    accum = accum * momentum + grad
    if use_nesterov:
        return var - (grad * lr + accum * momentum * lr), accum
    return var - accum * lr, accum


def adam(
    var: Any, m: Any, v: Any, beta1_power: Any, beta2_power: Any, lr: Any, beta1: Any, beta2: Any,
    epsilon: Any, grad: Any, use_nesterov: bool = False,
) -> tuple[Any, ...]:  # fmt: skip
    """m' = m + (g - m)(1 - b1); v' = v + (g² - v)(1 - b2); var - alpha m' / (sqrt v' + eps).

    alpha = lr sqrt(1 - b2^t) / (1 - b1^t): epsilon stands outside of the bias correction.
    """
    one = var.dtype.type(1)
    alpha = lr * np.sqrt(one - beta2_power) / (one - beta1_power)
    m = m + (grad - m) * (one - beta1)
    v = v + (np.square(grad) - v) * (one - beta2)
    step = grad * (one - beta1) + beta1 * m if use_nesterov else m
    return var - (step * alpha) / (np.sqrt(v) + epsilon), m, v


def ada_max(
    var: Any,
    m: Any,
    v: Any,
    beta1_power: Any,
    lr: Any,
    beta1: Any,
    beta2: Any,
    epsilon: Any,
    grad: Any,
) -> tuple[Any, ...]:
    """m' = m + (g - m)(1 - b1); v' = max(b2 v, |g|); var - lr / (1 - b1^t) m' / (v' + eps)."""
    one = var.dtype.type(1)
    m = m + (grad - m) * (one - beta1)
    v = np.maximum(beta2 * v, np.abs(grad))
    return var - lr / (one - beta1_power) * (m / (v + epsilon)), m, v


def adagrad(var: Any, accum: Any, lr: Any, grad: Any, update_slots: bool = True) -> tuple[Any, ...]:
    """a' = a + g²; var - lr g / sqrt a'."""
    if update_slots:
        accum = accum + np.square(grad)
    return var - grad * lr / np.sqrt(accum), accum


def adagrad_v2(
    var: Any, accum: Any, lr: Any, epsilon: Any, grad: Any, update_slots: bool = True
) -> tuple[Any, ...]:
    """a' = a + g²; var - lr g / (sqrt a' + eps)."""
    if update_slots:
        accum = accum + np.square(grad)
    return var - grad * lr / (np.sqrt(accum) + epsilon), accum


def adadelta(
    var: Any, accum: Any, accum_update: Any, lr: Any, rho: Any, epsilon: Any, grad: Any
) -> tuple[Any, ...]:
    """a' = rho a + (1 - rho) g²; d = sqrt(u + eps) / sqrt(a' + eps) g; var - lr d; u' = rho u + (1 - rho) d²."""
    one = var.dtype.type(1)
    accum = accum * rho + np.square(grad) * (one - rho)
    update = np.sqrt(accum_update + epsilon) / np.sqrt(accum + epsilon) * grad
    accum_update = accum_update * rho + np.square(update) * (one - rho)
    return var - update * lr, accum, accum_update


def rms_prop(
    var: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> tuple[Any, ...]:
    """s' = s + (g² - s)(1 - rho); d' = momentum d + lr g / sqrt(s' + eps); var - d'."""
    ms = ms + (np.square(grad) - ms) * (var.dtype.type(1) - rho)
    mom = mom * momentum + (grad * lr) / np.sqrt(epsilon + ms)
    return var - mom, ms, mom


def centered_rms_prop(
    var: Any, mg: Any, ms: Any, mom: Any, lr: Any, rho: Any, momentum: Any, epsilon: Any, grad: Any
) -> tuple[Any, ...]:
    """As rms_prop, with the variance s' - mean² of the gradient in place of s'."""
    one = var.dtype.type(1)
    ms = ms + (np.square(grad) - ms) * (one - rho)
    mg = mg + (grad - mg) * (one - rho)
    mom = mom * momentum + lr * grad / np.sqrt((ms - np.square(mg)) + epsilon)
    return var - mom, mg, ms, mom


def ftrl(
    var: Any, accum: Any, linear: Any, grad: Any, lr: Any, l1: Any, l2: Any, lr_power: Any
) -> tuple[Any, ...]:
    """Follow the regularised leader, with l1 and l2."""
    return ftrl_v2(var, accum, linear, grad, lr, l1, l2, var.dtype.type(0), lr_power)


def ftrl_v2(
    var: Any,
    accum: Any,
    linear: Any,
    grad: Any,
    lr: Any,
    l1: Any,
    l2: Any,
    l2_shrinkage: Any,
    lr_power: Any,
) -> tuple[Any, ...]:
    """a' = a + g²; z' = z + (g + 2 shrinkage var) - (a'^-p - a^-p) / lr var; var from z', l1 and l2."""
    two = var.dtype.type(2)
    shrunk = grad + two * l2_shrinkage * var
    new_accum = accum + np.square(grad)
    old_power, new_power = np.power(accum, -lr_power), np.power(new_accum, -lr_power)
    linear = linear + shrunk - (new_power - old_power) / lr * var
    quadratic = new_power / lr + two * l2
    clipped = np.clip(linear, -l1, l1)
    return np.where(np.abs(linear) > l1, (clipped - linear) / quadratic, 0), new_accum, linear


def _shrunk(proximal: Any, rate: Any, l1: Any, l2: Any) -> Any:
    """The proximal step: sign(p) max(|p| - rate l1, 0) / (1 + rate l2)."""
    scale = proximal.dtype.type(1) + l2 * rate
    if l1 > 0:
        return np.sign(proximal) * np.maximum(np.abs(proximal) - rate * l1, 0) / scale
    return proximal / scale


def proximal_gradient_descent(
    var: Any, alpha: Any, l1: Any, l2: Any, delta: Any
) -> tuple[Any, ...]:
    """Gradient descent followed by the proximal step of l1 and l2."""
    return (_shrunk(var - delta * alpha, alpha, l1, l2),)


def proximal_adagrad(var: Any, accum: Any, lr: Any, l1: Any, l2: Any, grad: Any) -> tuple[Any, ...]:
    """Adagrad followed by the proximal step of l1 and l2."""
    accum = accum + np.square(grad)
    rate = lr / np.sqrt(accum)
    return _shrunk(var - grad * rate, rate, l1, l2), accum


def adagrad_da(
    var: Any, gradient_accumulator: Any, gradient_squared_accumulator: Any, grad: Any, lr: Any, l1: Any,
    l2: Any, global_step: Any,
) -> tuple[Any, ...]:  # fmt: skip
    """Adagrad with dual averaging: the variable follows from the sums of all gradients so far."""
    sums = gradient_accumulator + grad
    squares = gradient_squared_accumulator + np.square(grad)
    steps = var.dtype.type(global_step)
    top = sums
    if l1 > 0:
        top = np.sign(sums) * np.maximum(np.abs(sums) - l1 * steps, 0)
    return -lr * top / (l2 * steps * lr + np.sqrt(squares)), sums, squares


def add_sign(
    var: Any, m: Any, lr: Any, alpha: Any, sign_decay: Any, beta: Any, grad: Any
) -> tuple[Any, ...]:
    """m' = beta m + (1 - beta) g; var - lr (alpha + decay sign(g) sign(m')) g."""
    m = m * beta + grad * (var.dtype.type(1) - beta)
    return var - lr * (alpha + sign_decay * np.sign(grad) * np.sign(m)) * grad, m


def power_sign(
    var: Any, m: Any, lr: Any, logbase: Any, sign_decay: Any, beta: Any, grad: Any
) -> tuple[Any, ...]:
    """m' = beta m + (1 - beta) g; var - lr exp(logbase decay sign(g) sign(m')) g."""
    m = m * beta + grad * (var.dtype.type(1) - beta)
    return var - lr * np.exp(logbase * sign_decay * np.sign(grad) * np.sign(m)) * grad, m
