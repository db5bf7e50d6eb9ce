"""slim.learning.create_train_op: a training step whose value is the loss."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.training import train_ops
from graphflow.frontend.clipping import global_norm
from graphflow.frontend.summary import summaries as summary
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.ir import build
from graphflow.ir.indexed_slices import IndexedSlices

clip_gradient_norms = train_ops.clip_gradient_norms
multiply_gradients = train_ops.multiply_gradients


def add_gradients_summaries(grads_and_vars: Any) -> list[Any]:
    """A histogram and the norm of each gradient."""
    found = []
    for gradient, variable in grads_and_vars:
        if gradient is not None:
            values = gradient.values if isinstance(gradient, IndexedSlices) else gradient
            name = f"{variable.op.name}/gradient"
            found.append(summary.histogram(name, values))
            found.append(summary.scalar(f"{name}_norm", global_norm([values])))
    return found


def create_train_op(
    total_loss: Any,
    optimizer: Any,
    global_step: Any = train_ops.USE_GLOBAL_STEP,
    update_ops: Any = None,
    variables_to_train: Any = None,
    clip_gradient_norm: Any = 0,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: Any = None,
    colocate_gradients_with_ops: bool = False,
    gradient_multipliers: Any = None,
    check_numerics: bool = True,
) -> Any:
    """The loss, available only after the updates and a step of the optimiser."""

    def transformed(gradients: Any) -> Any:
        if gradient_multipliers:
            with build.name_scope("multiply_grads"):
                gradients = multiply_gradients(gradients, gradient_multipliers)
        if clip_gradient_norm > 0:
            with build.name_scope("clip_grads"):
                gradients = clip_gradient_norms(gradients, clip_gradient_norm)
        return gradients

    return train_ops.create_train_op(
        total_loss,
        optimizer,
        global_step,
        update_ops,
        variables_to_train,
        transformed,
        summarize_gradients,
        gate_gradients,
        aggregation_method,
        colocate_gradients_with_ops,
        check_numerics,
    )


__all__: list[str] = []
NAMESPACES = {
    "contrib.slim.learning": [
        *("add_gradients_summaries", "clip_gradient_norms", "create_train_op"),
        "multiply_gradients",
    ]
}
