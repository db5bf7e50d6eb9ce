"""Hooks that write: checkpoints, summaries, and what traced runs report."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.platform.configuration import RunOptions
from graphflow.frontend.summary.writer import FileWriterCache
from graphflow.frontend.timeline import Timeline
from graphflow.frontend.train.hook_timers import SecondOrStepTimer
from graphflow.frontend.train.meta_graph import export_meta_graph, write_message
from graphflow.frontend.train.session_run_hook import SessionRunArgs
from graphflow.frontend.train.step_hooks import StepHook
from graphflow.io import protos
from graphflow.io.files import write_atomically
from graphflow.ir.build import current_graph


class CheckpointSaverListener:
    """Called around each checkpoint; each method may be left as it is."""

    def begin(self) -> None:
        """Before the session is made."""

    def before_save(self, session: Any, global_step_value: Any) -> None:
        """Before a checkpoint is saved."""

    def after_save(self, session: Any, global_step_value: Any) -> Any:
        """After a checkpoint was saved; True stops the training."""

    def end(self, session: Any, global_step_value: Any) -> None:
        """Before the session is closed."""


class CheckpointSaverHook(StepHook):
    """Saves a checkpoint when the session begins, every so many steps or seconds, and at the end."""

    def __init__(
        self,
        checkpoint_dir: str,
        save_secs: float | None = None,
        save_steps: int | None = None,
        saver: Any = None,
        checkpoint_basename: str = "model.ckpt",
        scaffold: Any = None,
        listeners: Iterable[CheckpointSaverListener] | None = None,
    ) -> None:
        logging.info("Create CheckpointSaverHook.")
        if saver is not None and scaffold is not None:
            raise ValueError("You cannot provide both saver and scaffold.")
        self._saver, self._scaffold, self._checkpoint_dir = saver, scaffold, checkpoint_dir
        self._save_path = os.path.join(checkpoint_dir, checkpoint_basename)
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)
        self._listeners = list(listeners or ())
        self._steps_per_run = 1

    def _set_steps_per_run(self, steps_per_run: int) -> None:
        self._steps_per_run = steps_per_run

    def begin(self) -> None:
        self._summary_writer = FileWriterCache.get(self._checkpoint_dir)
        super().begin()
        for listener in self._listeners:
            listener.begin()

    def after_create_session(self, session: Any, coord: Any) -> None:
        step = session.run(self._global_step_tensor)
        graph = current_graph()
        nodes = graph.as_graph_def(add_shapes=True)
        write_message(nodes, os.path.join(self._checkpoint_dir, "graph.pbtxt"), as_text=True)
        saver_def = self._chosen_saver().saver_def
        self._summary_writer.add_graph(graph)
        self._summary_writer.add_meta_graph(
            export_meta_graph(graph_def=nodes, saver_def=saver_def, graph=graph)
        )
        self._save(session, step)
        self._timer.update_last_triggered_step(step)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        if self._timer.should_trigger_for_step(run_values.results + self._steps_per_run):
            step = run_context.session.run(self._global_step_tensor)
            if self._timer.should_trigger_for_step(step):
                self._timer.update_last_triggered_step(step)
                if self._save(run_context.session, step):
                    run_context.request_stop()

    def end(self, session: Any) -> None:
        step = session.run(self._global_step_tensor)
        if step != self._timer.last_triggered_step():
            self._save(session, step)
        for listener in self._listeners:
            listener.end(session, step)

    def _save(self, session: Any, step: Any) -> bool:
        """Save a checkpoint; whether a listener wants training to stop."""
        logging.info("Saving checkpoints for %d into %s.", step, self._save_path)
        for listener in self._listeners:
            listener.before_save(session, step)
        self._chosen_saver().save(session, self._save_path, global_step=step)
        log = protos.SessionLog(
            status=protos.SessionLog.CHECKPOINT, checkpoint_path=self._save_path
        )
        self._summary_writer.add_session_log(log, step)
        stops = [listener.after_save(session, step) for listener in self._listeners]
        return any(stops)

    def _chosen_saver(self) -> Any:
        if self._saver is not None:
            return self._saver
        if self._scaffold is not None:
            return self._scaffold.saver
        savers = current_graph().get_collection(GraphKeys.SAVERS)
        if len(savers) != 1:
            raise RuntimeError(
                f"{len(savers)} items in collection {GraphKeys.SAVERS}: "
                "say which saver or scaffold CheckpointSaverHook shall use"
            )
        self._saver = savers[0]
        return self._saver


class SummarySaverHook(StepHook):
    """Writes summaries every so many steps or seconds."""

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str | None = None,
        summary_writer: Any = None,
        scaffold: Any = None,
        summary_op: Any = None,
    ) -> None:
        if (scaffold is None) == (summary_op is None):
            raise ValueError("Exactly one of scaffold or summary_op must be provided.")
        self._summary_op, self._summary_writer = summary_op, summary_writer
        self._output_dir, self._scaffold = output_dir, scaffold
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        if self._summary_writer is None and self._output_dir:
            self._summary_writer = FileWriterCache.get(self._output_dir)
        self._next_step: Any = None
        super().begin()

    def before_run(self, run_context: Any) -> Any:
        self._is_due = self._next_step is None or self._timer.should_trigger_for_step(
            self._next_step
        )
        wanted = {"global_step": self._global_step_tensor}
        summaries = self._summaries() if self._is_due else None
        return SessionRunArgs(wanted | ({"summary": summaries} if summaries else {}))

    def _summaries(self) -> list[Any] | None:
        chosen = self._scaffold.summary_op if self._summary_op is None else self._summary_op
        return chosen if chosen is None or isinstance(chosen, list) else [chosen]

    def after_run(self, run_context: Any, run_values: Any) -> None:
        if not self._summary_writer:
            return
        step = run_values.results["global_step"] + 1
        if self._is_due:
            step = run_context.session.run(self._global_step_tensor)
            if self._next_step is None:
                started = protos.SessionLog(status=protos.SessionLog.START)
                self._summary_writer.add_session_log(started, step)
            self._timer.update_last_triggered_step(step)
            for summary in run_values.results.get("summary", ()):
                self._summary_writer.add_summary(summary, step)
        self._next_step = step + 1

    def end(self, session: Any = None) -> None:
        if self._summary_writer:
            self._summary_writer.flush()


class ProfilerHook(StepHook):
    """Traces a run every so many steps or seconds, and writes what took how long."""

    def __init__(
        self,
        save_steps: int | None = None,
        save_secs: float | None = None,
        output_dir: str = "",
        show_dataflow: bool = True,
        show_memory: bool = False,
    ) -> None:
        self._output_dir = output_dir
        self._writer = FileWriterCache.get(output_dir)
        self._show = {"show_dataflow": show_dataflow, "show_memory": show_memory}
        self._timer = SecondOrStepTimer(every_secs=save_secs, every_steps=save_steps)

    def begin(self) -> None:
        self._next_step: Any = None
        super().begin()

    def before_run(self, run_context: Any) -> Any:
        self._is_due = self._next_step is not None and self._timer.should_trigger_for_step(
            self._next_step
        )
        options = RunOptions(trace_level=RunOptions.FULL_TRACE) if self._is_due else None
        return SessionRunArgs({"global_step": self._global_step_tensor}, options=options)

    def after_run(self, run_context: Any, run_values: Any) -> None:
        stale = run_values.results["global_step"]
        if self._next_step is None:
            self._timer.update_last_triggered_step(stale)
        step = stale + 1
        if self._is_due:
            step = run_context.session.run(self._global_step_tensor)
            self._timer.update_last_triggered_step(step)
            path = os.path.join(self._output_dir, f"timeline-{step}.json")
            logging.info("Saving timeline for %d into '%s'.", step, path)
            trace = Timeline(run_values.run_metadata.step_stats)
            write_atomically(path, trace.generate_chrome_trace_format(**self._show).encode())
            self._writer.add_run_metadata(run_values.run_metadata, f"step_{step}")
        self._next_step = step + 1


NAMESPACES = {
    "train": ["CheckpointSaverHook", "CheckpointSaverListener", "ProfilerHook", "SummarySaverHook"]
}
