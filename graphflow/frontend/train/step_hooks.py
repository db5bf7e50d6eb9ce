"""Hooks that watch the global step: when to stop, how fast it goes, what to wait for."""

from __future__ import annotations

import logging as levels
import time
from typing import Any

from graphflow.frontend.platform import logging
from graphflow.frontend.summary.writer import FileWriterCache
from graphflow.frontend.train.global_step import get_global_step, global_step_read
from graphflow.frontend.train.hook_timers import SecondOrStepTimer
from graphflow.frontend.train.session_run_hook import SessionRunArgs, SessionRunHook
from graphflow.io import protos


class StepHook(SessionRunHook):
    """A hook that needs the global step."""

    _global_step_tensor: Any

    def begin(self) -> None:
        self._global_step_tensor = global_step_read()
        if self._global_step_tensor is None:
            raise RuntimeError(f"Global step should be created to use {type(self).__name__}.")

    def before_run(self, run_context: Any) -> Any:
        return SessionRunArgs(self._global_step_tensor)


class StopAtStepHook(StepHook):
    """Stops after `num_steps` steps of this session, or when the global step is `last_step`."""

    def __init__(self, num_steps: int | None = None, last_step: int | None = None) -> None:
        if num_steps is None and last_step is None:
            raise ValueError("One of num_steps or last_step must be specified.")
        if num_steps is not None and last_step is not None:
            raise ValueError("Only one of num_steps or last_step can be specified.")
        self._num_steps, self._last_step = num_steps, last_step

    def after_create_session(self, session: Any, coord: Any) -> None:
        if self._last_step is None:
            assert self._num_steps is not None
            self._last_step = session.run(self._global_step_tensor) + self._num_steps

    def after_run(self, run_context: Any, run_values: Any) -> None:
        # the step was read before this run changed it: look again only when the end may be there
        if run_values.results + 1 >= self._last_step:
            step = run_context.session.run(self._global_step_tensor)
            if step >= self._last_step:
                run_context.request_stop()


class StepCounterHook(StepHook):
    """Logs and records how many steps are made in a second."""

    def __init__(
        self,
        every_n_steps: int | None = 100,
        every_n_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
    ) -> None:
        if (every_n_steps is None) == (every_n_secs is None):
            raise ValueError("exactly one of every_n_steps and every_n_secs should be provided.")
        self._timer = SecondOrStepTimer(every_steps=every_n_steps, every_secs=every_n_secs)
        self._summary_writer, self._output_dir = summary_writer, output_dir
        self._before: Any = None
        self._steps_per_run = 1

    def _set_steps_per_run(self, steps_per_run: int) -> None:
        self._steps_per_run = steps_per_run

    def begin(self) -> None:
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        super().begin()
        self._summary_tag = get_global_step().op.name + "/sec"

    def after_run(self, run_context: Any, run_values: Any) -> None:
        stale = run_values.results
        if self._timer.should_trigger_for_step(stale + self._steps_per_run):
            step = run_context.session.run(self._global_step_tensor)
            if self._timer.should_trigger_for_step(step):
                seconds, steps = self._timer.update_last_triggered_step(step)
                if seconds is not None:
                    self._log_and_record(steps, seconds, step)
        if stale == self._before:
            logging.log_first_n(
                levels.WARNING,
                "It seems that global step (tf.train.get_global_step) has not been increased: it is %s. "
                "Give it to Optimizer.apply_gradients or Optimizer.minimize.",
                5,
                stale,
            )
        self._before = stale

    def _log_and_record(self, elapsed_steps: Any, elapsed_time: float, global_step: Any) -> None:
        speed = float(elapsed_steps / elapsed_time) if elapsed_time else float("inf")
        if self._summary_writer is not None:
            value = protos.Summary.Value(tag=self._summary_tag, simple_value=speed)
            self._summary_writer.add_summary(protos.Summary(value=[value]), global_step)
        logging.info("%s: %g", self._summary_tag, speed)


class GlobalStepWaiterHook(StepHook):
    """Waits before the first run until the global step has come so far."""

    def __init__(self, wait_until_step: int) -> None:
        self._wait_until_step = wait_until_step
        self._is_started = False

    def begin(self) -> None:
        self._is_started = False
        super().begin()

    def before_run(self, run_context: Any) -> Any:
        if not self._is_started and self._wait_until_step > 0:
            logging.info("Waiting for global step %d before training.", self._wait_until_step)
            while run_context.session.run(self._global_step_tensor) < self._wait_until_step:
                time.sleep(0.5)
        self._is_started = True
        return None


NAMESPACES = {"train": ["GlobalStepWaiterHook", "StepCounterHook", "StopAtStepHook"]}
