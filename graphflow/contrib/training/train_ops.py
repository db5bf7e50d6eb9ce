"""Training ops: the loss, available when a step has been made; and what may be done with gradients before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphflow.frontend.clipping import clip_by_norm, global_norm
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.summary import summaries
from graphflow.frontend.train.global_step import get_or_create_global_step
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.frontend.variable_collections import trainable_variables
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import no_op, with_dependencies

Pairs = list[tuple[Any, Any]]

#: where a caller says nothing: the graph's own step
USE_GLOBAL_STEP: Any = 0


def create_train_op(
    total_loss: Any,
    optimizer: Optimizer,
    global_step: Any = USE_GLOBAL_STEP,
    update_ops: Iterable[Any] | None = None,
    variables_to_train: list[Any] | None = None,
    transform_grads_fn: Callable[[Pairs], Pairs] | None = None,
    summarize_gradients: bool = False,
    gate_gradients: int = Optimizer.GATE_OP,
    aggregation_method: int | None = None,
    colocate_gradients_with_ops: bool = False,
    check_numerics: bool = True,
) -> Tensor:
    """The loss, computed after the updates of layers and available after one step of the optimizer."""
    graph = current_graph()
    if global_step is USE_GLOBAL_STEP:
        global_step = get_or_create_global_step()
    known = dict.fromkeys(graph.get_collection(GraphKeys.UPDATE_OPS))
    updates = known if update_ops is None else dict.fromkeys(update_ops)
    if not known.keys() <= updates.keys():
        logging.warning("update_ops in create_train_op does not contain all of UPDATE_OPS")
    if updates:
        with graph.control_dependencies(updates):
            barrier = no_op("update_barrier")
        total_loss = with_dependencies([barrier], total_loss)
    variables = trainable_variables() if variables_to_train is None else variables_to_train
    if not variables:
        raise ValueError("create_train_op: there are no variables to train")
    grads = optimizer.compute_gradients(
        total_loss,
        variables,
        gate_gradients=gate_gradients,
        aggregation_method=aggregation_method,
        colocate_gradients_with_ops=colocate_gradients_with_ops,
    )
    if transform_grads_fn is not None:
        grads = transform_grads_fn(grads)
    if summarize_gradients:
        with graph.name_scope("summarize_grads"):
            add_gradients_summaries(grads)
    step = optimizer.apply_gradients(grads, global_step=global_step)
    with graph.name_scope("train_op"):
        if check_numerics:
            total_loss = raw.CheckNumerics(total_loss, message="LossTensor is inf or nan")
        train_op: Tensor = with_dependencies([step], total_loss)
    train_ops = graph.get_collection_ref(GraphKeys.TRAIN_OP)
    if train_op not in train_ops:
        train_ops.append(train_op)
    return train_op


def _mapped(grad: Any, change: Callable[[Any], Any]) -> Any:
    """A changed gradient; of slices the values are changed."""
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(change(grad.values), grad.indices, grad.dense_shape)
    return change(grad)


def _times(factor: Tensor) -> Callable[[Any], Any]:
    return lambda g: g * factor


def add_gradients_summaries(grads_and_vars: Pairs) -> list[Tensor]:
    """Histograms and norms of gradients."""
    made = []
    for grad, var in grads_and_vars:
        if grad is None:
            logging.info("Var %s has no gradient", var.op.name)
            continue
        values = grad.values if isinstance(grad, IndexedSlices) else grad
        made.append(summaries.histogram(var.op.name + "_gradient", values))
        made.append(summaries.scalar(var.op.name + "_gradient_norm", global_norm([values])))
    return made


def clip_gradient_norms(gradients_to_variables: Pairs, max_norm: Any) -> Pairs:
    """Gradients of which none has a greater norm."""
    return [
        (None if grad is None else _mapped(grad, lambda g: clip_by_norm(g, max_norm)), var)
        for grad, var in gradients_to_variables
    ]


def clip_gradient_norms_fn(max_norm: Any) -> Callable[[Pairs], Pairs]:
    """clip_gradient_norms as a function of the gradients alone."""
    return lambda gradients_to_variables: clip_gradient_norms(gradients_to_variables, max_norm)


def multiply_gradients(grads_and_vars: Pairs, gradient_multipliers: Mapping[Any, Any]) -> Pairs:
    """Gradients times the factors of their variables, which are named by themselves or by their names."""
    if not isinstance(grads_and_vars, list):
        raise ValueError("`grads_and_vars` must be a list.")
    if not gradient_multipliers:
        raise ValueError("`gradient_multipliers` is empty.")
    if not isinstance(gradient_multipliers, dict):
        raise ValueError("`gradient_multipliers` must be a dict.")
    made = []
    for grad, var in grads_and_vars:
        key = next((k for k in (var, var.op.name) if k in gradient_multipliers), None)
        if key is not None:
            if grad is None:
                raise ValueError("Requested multiple of `None` gradient.")
            factor = convert(gradient_multipliers[key], dtype=grad.dtype)
            grad = _mapped(grad, _times(factor))
        made.append((grad, var))
    return made


NAMESPACES = {
    "contrib.training": [
        "add_gradients_summaries",
        "clip_gradient_norms",
        "clip_gradient_norms_fn",
        "create_train_op",
        "multiply_gradients",
    ]
}
