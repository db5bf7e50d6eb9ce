"""The threads beside a supervised session: they save checkpoints, summaries and speed from time to time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from graphflow.frontend.platform import logging
from graphflow.frontend.train.coordinator import LooperThread
from graphflow.frontend.train.global_step import global_step as value_of
from graphflow.io import protos

if TYPE_CHECKING:
    from graphflow.frontend.train.supervisor import Supervisor


class SVSummaryThread(LooperThread):
    """Writes the summaries from time to time."""

    def __init__(self, sv: Supervisor, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self) -> None:
        step = None
        if self._sv.global_step is None:
            summary = self._sess.run(self._sv.summary_op)
        else:
            summary, step = self._sess.run([self._sv.summary_op, self._sv.global_step])
        if self._sv.summary_writer:
            logging.info("Recording summary at step %s.", step)
            self._sv.summary_writer.add_summary(summary, step)


class SVStepCounterThread(LooperThread):
    """Writes how fast the steps go."""

    def __init__(self, sv: Supervisor, sess: Any, step_counter: Any = None) -> None:
        super().__init__(sv.coord, sv.save_summaries_secs)
        self._sv, self._sess = sv, sess
        self._counter = sv.global_step if step_counter is None else step_counter
        self._tag = f"{self._counter.op.name}/sec"

    def start_loop(self) -> None:
        self._last_time = time.time()
        self._last_step = value_of(self._sess, self._counter)

    def run_loop(self) -> None:
        step, now = value_of(self._sess, self._counter), time.time()
        seconds = now - self._last_time
        speed = (step - self._last_step) / seconds if seconds > 0 else float("inf")
        self._last_step, self._last_time = step, now
        if self._sv.summary_writer:
            value = protos.Summary.Value(tag=self._tag, simple_value=speed)
            self._sv.summary_writer.add_summary(protos.Summary(value=[value]), step)
        logging.info("%s: %g", self._tag, speed)


class SVTimerCheckpointThread(LooperThread):
    """Saves a checkpoint from time to time."""

    def __init__(self, sv: Supervisor, sess: Any) -> None:
        super().__init__(sv.coord, sv.save_model_secs)
        self._sv, self._sess = sv, sess

    def run_loop(self) -> None:
        logging.info("Saving checkpoint to path %s", self._sv.save_path)
        self._sv.saver.save(self._sess, self._sv.save_path, global_step=self._sv.global_step)
        if self._sv.summary_writer and self._sv.global_step is not None:
            log = protos.SessionLog(
                status=protos.SessionLog.CHECKPOINT, checkpoint_path=self._sv.save_path
            )
            step = value_of(self._sess, self._sv.global_step)
            self._sv.summary_writer.add_session_log(log, step)
