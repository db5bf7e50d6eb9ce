"""What a model function returns, and what train_and_evaluate is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphflow.frontend import nest
from graphflow.frontend.estimator.export_outputs import with_default_output
from graphflow.frontend.estimator.run_config import ModeKeys
from graphflow.frontend.train.scaffold import Scaffold
from graphflow.frontend.train.session_run_hook import SessionRunHook
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.node import Node

NAMESPACES = {"estimator": ["EstimatorSpec", "EvalSpec", "TrainSpec", "WarmStartSettings"]}
__all__: list[str] = []


class _Fields(NamedTuple):
    mode: Any
    predictions: Any = None
    loss: Any = None
    train_op: Any = None
    eval_metric_ops: Any = None
    export_outputs: Any = None
    training_chief_hooks: Any = None
    training_hooks: Any = None
    scaffold: Any = None
    evaluation_hooks: Any = None
    prediction_hooks: Any = None


class EstimatorSpec(_Fields):
    """The ops and tensors of a model, for one of the modes."""

    def __new__(
        cls,
        mode: str,
        predictions: Any = None,
        loss: Any = None,
        train_op: Any = None,
        eval_metric_ops: Any = None,
        export_outputs: Any = None,
        training_chief_hooks: Any = None,
        training_hooks: Any = None,
        scaffold: Any = None,
        evaluation_hooks: Any = None,
        prediction_hooks: Any = None,
    ) -> EstimatorSpec:
        if mode == ModeKeys.PREDICT:
            export_outputs = with_default_output(export_outputs, predictions)
        return super().__new__(
            cls,
            mode,
            checked_predictions(predictions, mode),
            checked_loss(loss, mode),
            checked_train_op(train_op, mode),
            _checked_metrics(eval_metric_ops),
            export_outputs,
            checked_hooks(training_chief_hooks),
            checked_hooks(training_hooks),
            _checked_scaffold(scaffold),
            checked_hooks(evaluation_hooks),
            checked_hooks(prediction_hooks),
        )

    def _replace(self, **kwds: Any) -> EstimatorSpec:
        if kwds.get("mode", self.mode) != self.mode:
            raise ValueError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(**{**self._asdict(), **kwds})


def checked_train_op(train_op: Any, mode: str) -> Any:
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ValueError("Missing train_op.")
        return None
    if hasattr(train_op, "_as_tensor") and hasattr(train_op, "initializer"):
        train_op = train_op.op
    if not isinstance(train_op, Node) and not hasattr(train_op, "_as_tensor"):
        raise TypeError(f"train_op must be Operation or Tensor, given: {train_op}")
    _check_graph("train_op", train_op)
    return train_op


def checked_loss(loss: Any, mode: str) -> Any:
    if loss is None:
        if mode in (ModeKeys.TRAIN, ModeKeys.EVAL):
            raise ValueError("Missing loss.")
        return None
    _check_tensor(loss, "loss")
    if loss.shape.num_elements() not in (None, 1):
        raise ValueError(f"Loss must be scalar, given: {loss}")
    _check_graph("loss", loss)
    return loss if loss.shape.is_compatible_with(()) else raw.Reshape(loss, [])


def checked_predictions(predictions: Any, mode: str) -> Any:
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ValueError("Missing predictions.")
        return {}
    if not isinstance(predictions, dict):
        _check_tensor(predictions, "predictions")
        _check_graph("prediction values", predictions)
        return predictions
    for name, value in predictions.items():
        _check_tensor(value, f"predictions[{name}]")
        _check_graph("prediction values", value)
    return dict(predictions)


def checked_hooks(hooks: Any) -> tuple[Any, ...]:
    found = tuple(hooks or ())
    for hook in found:
        if not isinstance(hook, SessionRunHook):
            raise TypeError(f"All hooks must be SessionRunHook instances, given: {hook}")
    return found


def _checked_metrics(metrics: Any) -> dict[str, Any]:
    if metrics is None:
        return {}
    if not isinstance(metrics, Mapping):
        raise TypeError(f"eval_metric_ops must be a dict, given: {metrics}")
    for name, value in metrics.items():
        if not isinstance(value, tuple) or len(value) != 2:
            raise TypeError(
                "Values of eval_metric_ops must be (metric_value, update_op) tuples, "
                f"given: {value} for key: {name}"
            )
        for part in nest.flatten(value):
            _check_graph("eval_metric_ops", part)
    return dict(metrics)


def _checked_scaffold(scaffold: Any) -> Scaffold:
    found = scaffold or Scaffold()
    if not isinstance(found, Scaffold):
        raise TypeError(f"scaffold must be tf.train.Scaffold. Given: {found}")
    return found


def _check_tensor(value: Any, name: str) -> None:
    if not hasattr(value, "_as_tensor"):
        raise TypeError(f"{name} must be Tensor, given: {value}")


def _check_graph(what: str, value: Any) -> None:
    if getattr(value, "graph", current_graph()) is not current_graph():
        raise ValueError(
            f'{what} with "{value.name}" must be from the default graph: it was made before the estimator '
            "made its graph, outside of model_fn and input_fn."
        )


class _TrainFields(NamedTuple):
    input_fn: Any
    max_steps: int | None = None
    hooks: Any = ()


class TrainSpec(_TrainFields):
    """What train_and_evaluate trains on, and how long."""

    def __new__(cls, input_fn: Any, max_steps: int | None = None, hooks: Any = None) -> TrainSpec:
        _check_input_fn(input_fn)
        if max_steps is not None and max_steps <= 0:
            raise ValueError(f"Must specify max_steps > 0, given: {max_steps}")
        return super().__new__(cls, input_fn, max_steps, checked_hooks(hooks))


class _EvalFields(NamedTuple):
    input_fn: Any
    steps: int | None
    name: str | None
    hooks: Any
    exporters: Any
    start_delay_secs: float
    throttle_secs: float


class EvalSpec(_EvalFields):
    """What train_and_evaluate evaluates on, and how often."""

    def __new__(
        cls,
        input_fn: Any,
        steps: int | None = 100,
        name: str | None = None,
        hooks: Any = None,
        exporters: Any = None,
        start_delay_secs: float = 120,
        throttle_secs: float = 600,
    ) -> EvalSpec:
        _check_input_fn(input_fn)
        if steps is not None and steps <= 0:
            raise ValueError(f"Must specify steps > 0, given: {steps}")
        if name is not None and not isinstance(name, str):
            raise TypeError(f"`name` must be string, given: {name}")
        for what, seconds in (
            ("start_delay_secs", start_delay_secs),
            ("throttle_secs", throttle_secs),
        ):
            if seconds < 0:
                raise ValueError(f"Must specify {what} >= 0, given: {seconds}")
        hooks = checked_hooks(hooks)
        return super().__new__(
            cls, input_fn, steps, name, hooks, exporters, start_delay_secs, throttle_secs
        )


def _check_input_fn(input_fn: Any) -> None:
    if not callable(input_fn):
        raise TypeError(f"`input_fn` must be callable, given: {input_fn}")


class WarmStartSettings(NamedTuple):
    """From which checkpoint, and which variables, a model starts."""

    ckpt_to_initialize_from: str
    vars_to_warm_start: Any = ".*"
    var_name_to_vocab_info: Any = None
    var_name_to_prev_var_name: Any = None
