"""optimize_loss: a training step from a loss and the name of an optimiser."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.clipping import clip_by_global_norm, global_norm
from graphflow.frontend.initializers import constant_initializer, zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.random import truncated_normal
from graphflow.frontend.summary import summaries as summary
from graphflow.frontend.train.adam import AdamOptimizer
from graphflow.frontend.train.adaptive import AdagradOptimizer, RMSPropOptimizer
from graphflow.frontend.train.descent import GradientDescentOptimizer, MomentumOptimizer
from graphflow.frontend.train.global_step import assert_global_step, get_global_step
from graphflow.frontend.train.moving_averages import assign_moving_average
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.frontend.train.regularised import FtrlOptimizer
from graphflow.frontend.type_checks import assert_scalar
from graphflow.frontend.variable_collections import trainable_variables
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import with_dependencies

OPTIMIZER_CLS_NAMES: dict[str, Callable[..., Any]] = {
    "Adagrad": AdagradOptimizer,
    "Adam": AdamOptimizer,
    "Ftrl": FtrlOptimizer,
    "Momentum": lambda learning_rate: MomentumOptimizer(learning_rate, momentum=0.9),
    "RMSProp": RMSPropOptimizer,
    "SGD": GradientDescentOptimizer,
}
OPTIMIZER_SUMMARIES = [
    "learning_rate",
    "loss",
    "gradients",
    "gradient_norm",
    "global_gradient_norm",
]


def optimize_loss(
    loss: Any,
    global_step: Any,
    learning_rate: Any,
    optimizer: Any,
    gradient_noise_scale: float | None = None,
    gradient_multipliers: Any = None,
    clip_gradients: Any = None,
    learning_rate_decay_fn: Any = None,
    update_ops: Any = None,
    variables: Any = None,
    name: Any = None,
    summaries: Any = None,
    colocate_gradients_with_ops: bool = False,
    increment_global_step: bool = True,
) -> Any:
    """The loss, available only after the variables have taken a step that makes it smaller."""
    loss = convert(loss)
    assert_scalar(loss)
    if global_step is None:
        global_step = get_global_step()
    else:
        assert_global_step(global_step)
    with variable_scope(name, "OptimizeLoss", [loss, global_step]):
        if update_ops is None:
            update_ops = dict.fromkeys(current_graph().get_collection(GraphKeys.UPDATE_OPS))
        if update_ops:
            loss = with_dependencies(list(update_ops), loss)
        rate = None if learning_rate is None else _rate(learning_rate)
        wanted = _wanted(summaries)
        if learning_rate is not None and learning_rate_decay_fn is not None:
            if global_step is None:
                raise ValueError("global_step is required for learning_rate_decay_fn.")
            rate = learning_rate_decay_fn(rate, global_step)
            if "learning_rate" in wanted:
                summary.scalar("learning_rate", rate)
        made = _optimizer(optimizer, rate)
        gradients = made.compute_gradients(
            loss,
            trainable_variables() if variables is None else variables,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gradient_noise_scale is not None:
            gradients = _noisy(gradients, gradient_noise_scale)
        if gradient_multipliers is not None:
            gradients = _multiplied(gradients, gradient_multipliers)
            if not gradients:
                raise ValueError(
                    "Empty list of (gradient, var) pairs encountered. This is most likely to be "
                    "caused by an improper value of gradient_multipliers."
                )
        norms = {"global_gradient_norm", "gradient_norm"} & set(wanted)
        if norms:
            _norm_summary("gradient_norm", gradients)
        gradients = _clipped(gradients, clip_gradients)
        if "loss" in wanted:
            summary.scalar("loss", loss)
        _gradient_summaries(gradients, wanted)
        if clip_gradients is not None and norms:
            _norm_summary("clipped_gradient_norm", gradients)
        updates = made.apply_gradients(
            gradients, global_step=global_step if increment_global_step else None, name="train"
        )
        return with_dependencies([updates], loss)


def _rate(learning_rate: Any) -> Any:
    """The learning rate as a tensor, or as a variable that begins with it."""
    if isinstance(learning_rate, Tensor) and learning_rate.shape.rank == 0:
        return learning_rate
    if not isinstance(learning_rate, float):
        raise ValueError(
            "Learning rate should be 0d Tensor or float. "
            f"Got {learning_rate} of type {type(learning_rate)}"
        )
    if learning_rate < 0.0:
        raise ValueError("Invalid learning_rate %s.", learning_rate)
    initializer = constant_initializer(learning_rate)
    return get_variable("learning_rate", [], trainable=False, initializer=initializer)


def _wanted(summaries: Any) -> Any:
    if summaries is None:
        return ["loss", "learning_rate", "global_gradient_norm"]
    for one in summaries:
        if one not in OPTIMIZER_SUMMARIES:
            raise ValueError(
                f"Summaries should be one of [{', '.join(OPTIMIZER_SUMMARIES)}], you provided {one}."
            )
    return summaries


def _optimizer(given: Any, rate: Any) -> Any:
    """The optimiser that `given` is, names or makes."""
    if isinstance(given, Optimizer):
        return given
    named = isinstance(given, str)
    made_of_rate = isinstance(given, type) and issubclass(given, Optimizer)
    if (named or made_of_rate) and rate is None:
        what = "string" if named else "class"
        raise ValueError(
            f"Learning rate is None, but should be specified if optimizer is {what} ({given})."
        )
    if named:
        if given not in OPTIMIZER_CLS_NAMES:
            raise ValueError(
                f"Optimizer name should be one of [{', '.join(OPTIMIZER_CLS_NAMES)}], "
                f"you provided {given}."
            )
        return OPTIMIZER_CLS_NAMES[given](learning_rate=rate)
    if made_of_rate:
        return given(learning_rate=rate)
    made = (given() if rate is None else given(rate)) if callable(given) else None
    if not isinstance(made, Optimizer):
        raise ValueError(
            "Unrecognized optimizer: should be string, subclass of Optimizer, instance of subclass "
            f"of Optimizer or function with one argument. Got {given}."
        )
    return made


def _norm_summary(name: str, gradients: Any) -> None:
    summary.scalar(f"global_norm/{name}", global_norm([g for g, _ in gradients]))


def _gradient_summaries(gradients: Any, wanted: Any) -> None:
    for gradient, variable in gradients:
        values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
        if values is None:
            continue
        name = variable.name.replace(":", "_")
        if "gradients" in wanted:
            summary.histogram(f"gradients/{name}", values)
        if "gradient_norm" in wanted:
            summary.scalar(f"gradient_norm/{name}", global_norm([values]))


def _clipped(gradients: Any, clip: Any) -> Any:
    if isinstance(clip, float):
        values, variables = zip(*gradients, strict=True)
        clipped, _ = clip_by_global_norm(values, clip)
        return list(zip(clipped, variables, strict=True))
    if callable(clip):
        return clip(gradients)
    if clip is not None:
        raise ValueError(f"Unknown type {type(clip)} for clip_gradients")
    return gradients


def _noisy(gradients: Any, scale: float) -> list[Any]:
    found = []
    for gradient, variable in gradients:
        if gradient is not None:
            sparse = isinstance(gradient, IndexedSlices)
            shape = gradient.dense_shape if sparse else gradient.shape
            gradient = gradient + truncated_normal(shape) * scale
        found.append((gradient, variable))
    return found


def _multiplied(gradients: Any, multipliers: Any) -> list[Any]:
    found = []
    for gradient, variable in gradients:
        factor = multipliers.get(variable, multipliers.get(variable.name))
        if gradient is not None and factor is not None:
            if isinstance(gradient, IndexedSlices):
                values = gradient.values * factor
                gradient = IndexedSlices(values, gradient.indices, gradient.dense_shape)
            else:
                gradient = gradient * idioms.cast(factor, gradient.dtype)
        found.append((gradient, variable))
    return found


def adaptive_clipping_fn(
    std_factor: float = 2.0,
    decay: Any = 0.95,
    static_max_norm: float | None = None,
    global_step: Any = None,
    report_summary: bool = False,
    epsilon: float = 1e-8,
    name: Any = None,
) -> Callable[[Any], list[Any]]:
    """A function that clips gradients whose norm lies so many deviations above what it was before."""

    def gradient_clipping(grads_and_vars: Any) -> list[Any]:
        norm = global_norm([g for g, _ in grads_and_vars])
        most, log_mean = _usual_norm(norm, std_factor, decay, global_step, epsilon, name)
        if report_summary:
            summary.scalar("global_norm/adaptive_max_gradient_norm", most)
        below, ones = norm < most, idioms.ones_like(norm)
        factor = raw.Select(below, ones, raw.Exp(log_mean) / norm)
        if static_max_norm is not None:
            factor = raw.Minimum(static_max_norm / norm, factor)
        return [(_times(g, factor), v) for g, v in grads_and_vars]

    return gradient_clipping


def _times(gradient: Any, factor: Any) -> Any:
    if isinstance(gradient, IndexedSlices):
        return IndexedSlices(gradient.values * factor, gradient.indices, gradient.dense_shape)
    return None if gradient is None else gradient * factor


def _usual_norm(
    norm: Any, std_factor: float, decay: Any, global_step: Any, epsilon: float, name: Any
) -> tuple[Any, Any]:
    """exp(mean + std_factor * deviation) of the logarithms of norms so far, and their mean."""
    with variable_scope(name, "AdaptiveMaxNorm", [norm]):
        log_norm = raw.Log(norm + epsilon)

        def average(name: str, value: Any) -> Any:
            kept = get_variable(
                name,
                shape=value.shape,
                dtype=value.dtype,
                initializer=zeros_initializer(),
                trainable=False,
            )
            return assign_moving_average(kept, value, decay, zero_debias=False)

        if global_step is not None:
            # in the first steps there is little to average
            n = idioms.cast(global_step, float32)
            decay = raw.Minimum(decay, n / (n + 1.0))
        mean = average("mean", log_norm)
        square = average("sq_mean", raw.Square(log_norm))
        deviation = raw.Sqrt(raw.Maximum(epsilon, square - raw.Square(mean)))
        return raw.Exp(mean + std_factor * deviation), mean


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["OPTIMIZER_CLS_NAMES", "OPTIMIZER_SUMMARIES", "optimize_loss"],
    "contrib.layers.python.layers.optimizers": [
        *("OPTIMIZER_CLS_NAMES", "OPTIMIZER_SUMMARIES", "adaptive_clipping_fn", "optimize_loss"),
    ],
    "contrib.slim": [
        *("OPTIMIZER_CLS_NAMES", "OPTIMIZER_SUMMARIES", "adaptive_clipping_fn", "optimize_loss"),
    ],
}
