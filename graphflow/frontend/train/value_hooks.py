"""Hooks that look at values: log them, stop at NaN, feed, and fetch at the end."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.frontend.platform import logging
from graphflow.frontend.train.hook_timers import NeverTriggerTimer, SecondOrStepTimer
from graphflow.frontend.train.session_run_hook import SessionRunArgs, SessionRunHook
from graphflow.ir.build import current_graph


class LoggingTensorHook(SessionRunHook):
    """Logs the values of tensors every so many runs or seconds, or at the end."""

    def __init__(
        self,
        tensors: Any,
        every_n_iter: int | None = None,
        every_n_secs: float | None = None,
        at_end: bool = False,
        formatter: Callable[[Mapping[Any, Any]], str] | None = None,
    ) -> None:
        only_at_end = at_end and every_n_iter is None and every_n_secs is None
        if not only_at_end and (every_n_iter is None) == (every_n_secs is None):
            raise ValueError(
                "either at_end and/or exactly one of every_n_iter and every_n_secs must be provided."
            )
        if every_n_iter is not None and every_n_iter <= 0:
            raise ValueError(f"invalid every_n_iter={every_n_iter}.")
        self._tags = sorted(tensors) if isinstance(tensors, dict) else list(tensors)
        self._tensors = dict(tensors) if isinstance(tensors, dict) else {t: t for t in tensors}
        self._formatter, self._at_end = formatter, at_end
        self._timer = (
            NeverTriggerTimer() if only_at_end else SecondOrStepTimer(every_n_secs, every_n_iter)
        )

    def begin(self) -> None:
        self._timer.reset()
        self._count = 0
        self._current = {tag: _element(tensor) for tag, tensor in self._tensors.items()}

    def before_run(self, run_context: Any) -> Any:
        self._is_due = self._timer.should_trigger_for_step(self._count)
        return SessionRunArgs(self._current) if self._is_due else None

    def after_run(self, run_context: Any, run_values: Any) -> None:
        if self._is_due:
            self._log_tensors(run_values.results)
        self._count += 1

    def end(self, session: Any) -> None:
        if self._at_end:
            self._log_tensors(session.run(self._current))

    def _log_tensors(self, values: Mapping[Any, Any]) -> None:
        seconds, _ = self._timer.update_last_triggered_step(self._count)
        with np.printoptions(suppress=True):
            if self._formatter is not None:
                logging.info(self._formatter(values))
                return
            text = ", ".join(f"{tag} = {values[tag]}" for tag in self._tags)
            if seconds is None:
                logging.info("%s", text)
            else:
                logging.info("%s (%.3f sec)", text, seconds)


def _element(item: Any) -> Any:
    """What a tensor, or the name of one or of its node, means in the current graph."""
    graph = current_graph()
    if not isinstance(item, str):
        if getattr(item, "graph", None) is not graph:
            raise ValueError(f"Passed {item} is not in the current graph {graph}.")
        return item
    if ":" in item:
        return graph.as_graph_element(item)
    tensor = graph.get_tensor_by_name(item + ":0")
    if tensor.node.rest:
        raise ValueError(f"Name {item} is ambiguous: this operation has several outputs.")
    return tensor


class NanLossDuringTrainingError(RuntimeError):
    """The loss is no number any more."""

    def __str__(self) -> str:
        return "NaN loss during training."


class NanTensorHook(SessionRunHook):
    """Stops, or fails, when a loss is NaN."""

    def __init__(self, loss_tensor: Any, fail_on_nan_loss: bool = True) -> None:
        self._loss_tensor, self._fail_on_nan_loss = loss_tensor, fail_on_nan_loss

    def before_run(self, run_context: Any) -> Any:
        return SessionRunArgs(self._loss_tensor)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        if np.isnan(run_values.results):
            if self._fail_on_nan_loss:
                logging.error("Model diverged with loss = NaN.")
                raise NanLossDuringTrainingError
            logging.warning("Model diverged with loss = NaN.")
            run_context.request_stop()


class FinalOpsHook(SessionRunHook):
    """Runs something at the end, and keeps its values."""

    def __init__(self, final_ops: Any, final_ops_feed_dict: Any = None) -> None:
        self._final_ops, self._feed_dict = final_ops, final_ops_feed_dict
        self._values: Any = None

    @property
    def final_ops_values(self) -> Any:
        return self._values

    def end(self, session: Any) -> None:
        if self._final_ops is None:
            return
        try:
            self._values = session.run(self._final_ops, feed_dict=self._feed_dict)
        except (errors.OutOfRangeError, StopIteration):
            logging.warning(
                "What FinalOpsHook runs at the end depends on an input that is used up: "
                "it should read variables alone"
            )
            raise


class FeedFnHook(SessionRunHook):
    """Feeds each run what a function returns."""

    def __init__(self, feed_fn: Callable[[], Any]) -> None:
        self.feed_fn = feed_fn

    def before_run(self, run_context: Any) -> Any:
        return SessionRunArgs(fetches=None, feed_dict=self.feed_fn())


NAMESPACES = {
    "train": [
        "FeedFnHook",
        "FinalOpsHook",
        "LoggingTensorHook",
        "NanLossDuringTrainingError",
        "NanTensorHook",
    ]
}
