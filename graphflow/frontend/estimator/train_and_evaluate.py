"""Training and evaluation in turns, in one process."""

from __future__ import annotations

import time
from typing import Any

from graphflow.frontend.estimator.estimator import Estimator
from graphflow.frontend.estimator.specs import EvalSpec, TrainSpec
from graphflow.frontend.platform import logging
from graphflow.frontend.train.saving_hooks import CheckpointSaverListener

NAMESPACES = {"estimator": ["Exporter", "FinalExporter", "LatestExporter", "train_and_evaluate"]}
__all__: list[str] = []


class Exporter:
    """Exports a model after evaluations."""

    @property
    def name(self) -> str:
        raise NotImplementedError

    def export(
        self,
        estimator: Any,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        raise NotImplementedError


class LatestExporter(Exporter):
    """Exports after each evaluation."""

    def __init__(
        self,
        name: str,
        serving_input_receiver_fn: Any,
        assets_extra: Any = None,
        as_text: bool = False,
        exports_to_keep: int | None = 5,
    ) -> None:
        self._name, self._receiver = name, serving_input_receiver_fn
        self._assets, self._as_text = assets_extra, as_text

    @property
    def name(self) -> str:
        return self._name

    def export(
        self,
        estimator: Any,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        return estimator.export_saved_model(
            export_path, self._receiver, self._assets, self._as_text, checkpoint_path
        )


class FinalExporter(LatestExporter):
    """Exports after the last evaluation."""

    def export(
        self,
        estimator: Any,
        export_path: str,
        checkpoint_path: str,
        eval_result: Any,
        is_the_final_export: bool,
    ) -> Any:
        if not is_the_final_export:
            return None
        return super().export(
            estimator, export_path, checkpoint_path, eval_result, is_the_final_export
        )


class _EvaluateAfterSaving(CheckpointSaverListener):
    """Evaluates each new checkpoint."""

    def __init__(self, estimator: Estimator, train: TrainSpec, spec: EvalSpec) -> None:
        self._estimator, self._train, self._spec = estimator, train, spec
        self._is_first, self._evaluated, self._at = True, -1, time.monotonic()
        self.results: tuple[Any, list[Any]] = (None, [])

    def after_save(self, session: Any, global_step_value: int) -> None:
        # the checkpoint of the beginning tells nothing
        if self._is_first:
            self._is_first = False
        elif time.monotonic() - self._at >= self._spec.throttle_secs:
            self.evaluate(int(global_step_value))

    def end(self, session: Any, global_step_value: int) -> None:
        if int(global_step_value) != self._evaluated:
            self.evaluate(int(global_step_value))

    def evaluate(self, step: int) -> None:
        spec, estimator = self._spec, self._estimator
        self._evaluated, self._at = step, time.monotonic()
        found = estimator.evaluate(spec.input_fn, spec.steps, spec.hooks, None, spec.name)
        path = estimator.latest_checkpoint()
        is_final = self._train.max_steps is not None and step >= self._train.max_steps
        exported = [
            e.export(estimator, f"{estimator.model_dir}/export/{e.name}", path, found, is_final)
            for e in _exporters(spec.exporters)
        ]
        self.results = found, exported


def _exporters(exporters: Any) -> list[Any]:
    if exporters is None:
        return []
    return [exporters] if isinstance(exporters, Exporter) else list(exporters)


def train_and_evaluate(estimator: Any, train_spec: Any, eval_spec: Any) -> Any:
    """Train, and evaluate each checkpoint that is saved; returns the last evaluation and what was exported."""
    checks = ((estimator, Estimator), (train_spec, TrainSpec), (eval_spec, EvalSpec))
    for value, kind in checks:
        if not isinstance(value, kind):
            raise TypeError(f"`{kind.__name__}` expected, got {type(value)}")
    listener = _EvaluateAfterSaving(estimator, train_spec, eval_spec)
    config = estimator.config
    logging.info(
        "Running training and evaluation locally; evaluations follow checkpoints, every %s.",
        config.save_checkpoints_steps or f"{config.save_checkpoints_secs} seconds",
    )
    estimator.train(
        train_spec.input_fn,
        hooks=list(train_spec.hooks or ()),
        max_steps=train_spec.max_steps,
        saving_listeners=[listener],
    )
    return listener.results
