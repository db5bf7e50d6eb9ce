"""slim.learning.train: runs a training step again and again, and keeps checkpoints and summaries in a folder."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from graphflow import errors
from graphflow.frontend.framework import get_default_graph
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.math import floormod
from graphflow.frontend.summary.summaries import merge_all
from graphflow.frontend.summary.writer import FileWriter
from graphflow.frontend.train.checkpoint_files import latest_checkpoint
from graphflow.frontend.train.coordinator import Coordinator
from graphflow.frontend.train.global_step import get_or_create_global_step
from graphflow.frontend.train.queue_runner import start_queue_runners
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.variable_collections import (
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ops.dependencies import group, no_op
from graphflow.session import Session

_log = logging.getLogger("tensorflow")
#: stands for what the graph itself provides
_USUAL: Any = 0


def train_step(
    sess: Any, train_op: Any, global_step: Any, train_step_kwargs: dict[str, Any]
) -> tuple[Any, Any]:
    """One step: the loss, and whether it was the last one."""
    started = time.perf_counter()
    loss, step = sess.run([train_op, global_step])
    seconds = time.perf_counter() - started
    if "should_log" in train_step_kwargs and sess.run(train_step_kwargs["should_log"]):
        _log.info("global step %d: loss = %.4f (%.3f sec/step)", step, loss, seconds)
    stop = train_step_kwargs.get("should_stop")
    return loss, False if stop is None else sess.run(stop)


def train(
    train_op: Any,
    logdir: Any,
    train_step_fn: Callable[..., Any] = train_step,
    train_step_kwargs: Any = _USUAL,
    log_every_n_steps: int = 1,
    graph: Any = None,
    master: str = "",
    is_chief: bool = True,
    global_step: Any = None,
    number_of_steps: int | None = None,
    init_op: Any = _USUAL,
    init_feed_dict: Any = None,
    local_init_op: Any = _USUAL,
    init_fn: Callable[[Any], Any] | None = None,
    ready_op: Any = _USUAL,
    summary_op: Any = _USUAL,
    save_summaries_secs: float = 600,
    summary_writer: Any = _USUAL,
    startup_delay_steps: int = 0,
    saver: Any = None,
    save_interval_secs: float = 600,
    sync_optimizer: Any = None,
    session_config: Any = None,
    session_wrapper: Callable[[Any], Any] | None = None,
    trace_every_n_steps: int | None = None,
    ignore_live_threads: bool = False,
) -> Any:
    """The loss of the last step. A checkpoint in the folder is taken up where it ends."""
    if train_op is None:
        raise ValueError("train_op cannot be None.")
    if logdir is None:
        given = {
            "summary_op": summary_op is not _USUAL,
            "saver": saver is not None,
            "trace_every_n_steps": trace_every_n_steps is not None,
        }
        for name, is_given in given.items():
            if is_given:
                raise ValueError(f"Cannot provide {name} because logdir=None")
    if sync_optimizer is not None:
        raise NotImplementedError(
            "slim.learning.train: there is one process, nothing to synchronise"
        )
    if number_of_steps is not None and number_of_steps <= 0:
        raise ValueError("`number_of_steps` must be either None or a positive number.")
    graph = graph or get_default_graph()
    with graph.as_default():
        if global_step is None:
            global_step = get_or_create_global_step()
        saver = saver or Saver()
        with graph.name_scope("init_ops"):
            if init_op is _USUAL:
                init_op = global_variables_initializer()
            if ready_op is _USUAL:
                ready_op = report_uninitialized_variables()
            if local_init_op is _USUAL:
                local_init_op = group(local_variables_initializer(), _tables_initializer(graph))
        if summary_op is _USUAL:
            summary_op = merge_all()
        if train_step_kwargs is _USUAL:
            train_step_kwargs = _step_options(
                graph, global_step, number_of_steps, log_every_n_steps
            )
    folder = _Folder(
        logdir, saver, summary_op, global_step, save_interval_secs, save_summaries_secs
    )
    coordinator = Coordinator()
    with Session(target=master, graph=graph, config=session_config) as sess:
        if not folder.restored(sess):
            if init_op is not None:
                sess.run(init_op, init_feed_dict)
            if init_fn is not None:
                init_fn(sess)
        if local_init_op is not None:
            sess.run(local_init_op)
        missing = [] if ready_op is None else sess.run(ready_op)
        if len(missing):
            raise RuntimeError(f"Init operations did not make model ready: no value for {missing}")
        if summary_writer is not None and logdir is not None:
            folder.writer = (
                FileWriter(logdir, graph) if summary_writer is _USUAL else summary_writer
            )
            train_step_kwargs["summary_writer"] = folder.writer
        running = sess if session_wrapper is None else session_wrapper(sess)
        threads = (
            start_queue_runners(sess, coordinator)
            if graph.get_collection(GraphKeys.QUEUE_RUNNERS)
            else []
        )
        loss = None
        try:
            while not coordinator.should_stop():
                loss, stop = train_step_fn(running, train_op, global_step, train_step_kwargs)
                if stop:
                    break
                folder.visit(sess)
        except errors.OutOfRangeError as error:
            _log.info("Caught OutOfRangeError. Stopping Training. %s", error)
        folder.leave(sess)
        coordinator.request_stop()
        coordinator.join(threads, ignore_live_threads=ignore_live_threads)
    return loss


def _tables_initializer(graph: Any) -> Any:
    """A node that fills all tables."""
    tables = graph.get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*tables, name="init_all_tables") if tables else no_op("init_all_tables")


def _step_options(graph: Any, global_step: Any, steps: int | None, every: int) -> dict[str, Any]:
    """Nodes that say when to stop and when to tell of a step."""
    options: dict[str, Any] = {}
    with graph.name_scope("train_step"):
        options["should_stop"] = raw.GreaterEqual(global_step, steps) if steps else constant(False)
        if every > 0:
            options["should_log"] = raw.Equal(floormod(global_step, every), 0)
    return options


@dataclass
class _Folder:
    """The folder of one training: checkpoints and summaries, each after so many seconds."""

    path: Any
    saver: Any
    summary_op: Any
    global_step: Any
    between_saves: float
    between_summaries: float
    writer: Any = None

    def __post_init__(self) -> None:
        self._saved = self._summarised = time.monotonic()

    def restored(self, sess: Any) -> bool:
        """Whether there was a checkpoint; its values are the variables' now."""
        found = None if self.path is None else latest_checkpoint(self.path)
        if found is None:
            return False
        self.saver.restore(sess, found)
        return True

    def visit(self, sess: Any) -> None:
        """Save what is due."""
        if self.path is None:
            return
        now = time.monotonic()
        if self.between_saves and now - self._saved >= self.between_saves:
            self._saved = now
            self._save(sess)
        due = self.between_summaries and now - self._summarised >= self.between_summaries
        if due and self.writer is not None and self.summary_op is not None:
            self._summarised = now
            text, step = sess.run([self.summary_op, self.global_step])
            self.writer.add_summary(text, step)

    def _save(self, sess: Any) -> None:
        os.makedirs(self.path, exist_ok=True)
        self.saver.save(sess, os.path.join(self.path, "model.ckpt"), global_step=self.global_step)

    def leave(self, sess: Any) -> None:
        """The last checkpoint."""
        if self.path is not None:
            self._save(sess)
            if self.writer is not None:
                self.writer.close()


__all__: list[str] = []
NAMESPACES = {"contrib.slim.learning": ["train", "train_step"]}
