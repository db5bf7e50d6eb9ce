"""Supervisor: the older way to keep a training going, with threads that save and sum up."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any

from graphflow import errors
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.summary.summaries import merge_all
from graphflow.frontend.summary.writer import FileWriter
from graphflow.frontend.train.coordinator import Coordinator, LooperThread
from graphflow.frontend.train.global_step import global_step as value_of
from graphflow.frontend.train.meta_graph import export_meta_graph, write_message
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.train.scaffold import tables_initializer
from graphflow.frontend.train.session_manager import SessionManager
from graphflow.frontend.train.supervisor_threads import (
    SVStepCounterThread,
    SVSummaryThread,
    SVTimerCheckpointThread,
)
from graphflow.frontend.variable_collections import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ops.dependencies import group


class Supervisor:
    """Initialises or restores a session, and saves it and its summaries from time to time."""

    USE_DEFAULT: Any = 0

    def __init__(
        self,
        graph: Graph | None = None,
        ready_op: Any = USE_DEFAULT,
        ready_for_local_init_op: Any = USE_DEFAULT,
        is_chief: bool = True,
        init_op: Any = USE_DEFAULT,
        init_feed_dict: Any = None,
        local_init_op: Any = USE_DEFAULT,
        logdir: str | None = None,
        summary_op: Any = USE_DEFAULT,
        saver: Any = USE_DEFAULT,
        global_step: Any = USE_DEFAULT,
        save_summaries_secs: float = 120,
        save_model_secs: float = 600,
        recovery_wait_secs: float = 30,
        stop_grace_secs: float = 120,
        checkpoint_basename: str = "model.ckpt",
        session_manager: SessionManager | None = None,
        summary_writer: Any = USE_DEFAULT,
        init_fn: Callable[[Any], Any] | None = None,
        local_init_run_options: Any = None,
    ) -> None:
        self._graph = graph or current_graph()
        with self._graph.as_default():
            self.ready_op = _given(ready_op, GraphKeys.READY_OP, report_uninitialized_variables)
            self.ready_for_local_init_op = _given(
                ready_for_local_init_op, GraphKeys.READY_FOR_LOCAL_INIT_OP, lambda: None
            )
            self.init_op = _given(init_op, GraphKeys.INIT_OP, global_variables_initializer)
            local = _given(local_init_op, GraphKeys.LOCAL_INIT_OP, _local_init_op)
            self.saver = _given(saver, GraphKeys.SAVERS, _saver)
            self.summary_op = _given(summary_op, GraphKeys.SUMMARY_OP, merge_all)
            self.global_step = _given(global_step, GraphKeys.GLOBAL_STEP, _global_step)
        self.init_feed_dict, self._init_fn = init_feed_dict, init_fn
        self.is_chief, self._grace = is_chief, stop_grace_secs
        self.coord = Coordinator()
        self._logdir = logdir if is_chief else None
        self.save_summaries_secs = save_summaries_secs if is_chief else None
        self.save_model_secs = save_model_secs if is_chief else None
        self.save_path = os.path.join(self._logdir, checkpoint_basename) if self._logdir else None
        self.summary_writer = self._writer(summary_writer) if is_chief else None
        self._graph_is_written = False
        self.session_manager = session_manager or SessionManager(
            local_init_op=local,
            ready_op=self.ready_op,
            ready_for_local_init_op=self.ready_for_local_init_op,
            graph=self._graph,
            recovery_wait_secs=recovery_wait_secs,
            local_init_run_options=local_init_run_options,
        )
        self._check_devices()
        self._graph.finalize()

    def _writer(self, given: Any) -> Any:
        if given is not Supervisor.USE_DEFAULT:
            return given
        return FileWriter(self._logdir) if self._logdir else None

    def _check_devices(self) -> None:
        if not self.is_chief:
            for op in self._graph.get_operations():
                if op.type in ("Variable", "VariableV2") and not op.device:
                    raise ValueError(
                        f"When using replicas, all Variables must have their device set: {op!r}"
                    )

    # ---- sessions ----------------------------------------------------------------------------------

    @contextmanager
    def managed_session(
        self,
        master: str = "",
        config: Any = None,
        start_standard_services: bool = True,
        close_summary_writer: bool = True,
    ) -> Iterator[Any]:
        """A session for the block; OutOfRangeError ends it like the end of the block."""
        sess = None
        try:
            sess = self.prepare_or_wait_for_session(
                master, config, start_standard_services=start_standard_services
            )
            yield sess
        except Exception as error:
            self.request_stop(error)
        finally:
            try:
                self.stop(close_summary_writer=close_summary_writer)
            finally:
                if sess is not None:
                    sess.close()

    def prepare_or_wait_for_session(
        self,
        master: str = "",
        config: Any = None,
        wait_for_checkpoint: bool = False,
        max_wait_secs: float = 7200,
        start_standard_services: bool = True,
    ) -> Any:
        """A session that is ready to work, with the threads beside it started."""
        self.coord.clear_stop()
        if self.summary_writer:
            self.summary_writer.reopen()
        if self.is_chief:
            sess = self.session_manager.prepare_session(
                master,
                init_op=self.init_op,
                saver=self.saver,
                checkpoint_dir=self._logdir,
                wait_for_checkpoint=wait_for_checkpoint,
                max_wait_secs=max_wait_secs,
                config=config,
                init_feed_dict=self.init_feed_dict,
                init_fn=self._init_fn,
            )
            self._write_graph()
            if start_standard_services:
                logging.info("Starting standard services.")
                self.start_standard_services(sess)
        else:
            sess = self.session_manager.wait_for_session(master, config, max_wait_secs)
        if start_standard_services:
            logging.info("Starting queue runners.")
            self.start_queue_runners(sess)
        return sess

    def _write_graph(self) -> None:
        nodes = self._graph.as_graph_def(add_shapes=True) if self._logdir else None
        if self._logdir:
            write_message(nodes, os.path.join(self._logdir, "graph.pbtxt"), as_text=True)
        if self.summary_writer and not self._graph_is_written:
            self.summary_writer.add_graph(self._graph)
            saver_def = self.saver.saver_def if self.saver else None
            self.summary_writer.add_meta_graph(
                export_meta_graph(graph=self._graph, graph_def=nodes, saver_def=saver_def)
            )
            self._graph_is_written = True

    # ---- threads -----------------------------------------------------------------------------------

    def start_standard_services(self, sess: Any) -> list[Any] | None:
        """Start the threads that save checkpoints and summaries."""
        if not self.is_chief:
            raise RuntimeError("Only chief supervisor can start standard services.")
        if not self._logdir:
            logging.warning("Standard services need a 'logdir' passed to the SessionManager")
            return None
        if self.global_step is not None and self.summary_writer:
            started = protos.SessionLog(status=protos.SessionLog.START)
            self.summary_writer.add_session_log(started, value_of(sess, self.global_step))
        threads: list[LooperThread] = []
        if self.save_summaries_secs and self.summary_writer:
            if self.summary_op is not None:
                threads.append(SVSummaryThread(self, sess))
            if self.global_step is not None:
                threads.append(SVStepCounterThread(self, sess))
        if self.saver and self.save_model_secs:
            threads.append(SVTimerCheckpointThread(self, sess))
        for thread in threads:
            thread.start()
        return threads

    def start_queue_runners(
        self, sess: Any, queue_runners: Sequence[Any] | None = None
    ) -> list[Any]:
        """Start the threads that fill the queues."""
        if queue_runners is None:
            queue_runners = self._graph.get_collection(GraphKeys.QUEUE_RUNNERS)
        threads: list[Any] = []
        for runner in queue_runners:
            threads += runner.create_threads(sess, coord=self.coord, daemon=True, start=True)
        return threads

    def loop(
        self,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """A thread that calls a function until the end."""
        return LooperThread.loop(self.coord, timer_interval_secs, target, args, kwargs)

    def stop(
        self,
        threads: Sequence[Any] | None = None,
        close_summary_writer: bool = True,
        ignore_live_threads: bool = False,
    ) -> None:
        """End the threads; an error that one of them reported is raised here."""
        self.coord.request_stop()
        try:
            self.coord.join(
                threads, stop_grace_period_secs=self._grace, ignore_live_threads=ignore_live_threads
            )
        finally:
            if close_summary_writer and self.summary_writer:
                stopped = protos.SessionLog(status=protos.SessionLog.STOP)
                self.summary_writer.add_session_log(stopped)
                self.summary_writer.close()
                self._graph_is_written = False

    def request_stop(self, ex: Any = None) -> None:
        self.coord.request_stop(ex=ex)

    def should_stop(self) -> bool:
        return self.coord.should_stop()

    def stop_on_exception(self) -> AbstractContextManager[None]:
        return self.coord.stop_on_exception()

    def wait_for_stop(self) -> None:
        self.coord.wait_for_stop()

    def summary_computed(self, sess: Any, summary: Any, global_step: Any = None) -> None:
        """Write a summary that the program computed itself."""
        if not self.summary_writer:
            raise RuntimeError("Writing a summary requires a summary writer.")
        if global_step is None and self.global_step is not None:
            global_step = value_of(sess, self.global_step)
        self.summary_writer.add_summary(summary, global_step)

    # the names of old
    PrepareSession = prepare_or_wait_for_session
    StartQueueRunners = start_queue_runners
    StartStandardServices = start_standard_services
    Stop = stop
    RequestStop = request_stop
    Loop = loop
    ShouldStop = should_stop
    StopOnException = stop_on_exception
    WaitForStop = wait_for_stop
    SummaryComputed = summary_computed


def _given(value: Any, key: str, default: Callable[[], Any]) -> Any:
    """The argument; or the first member of a collection, made where there is none."""
    if value is not Supervisor.USE_DEFAULT:
        return value
    found = current_graph().get_collection(key)
    if found:
        return found[0]
    made = default()
    if made is not None:
        current_graph().add_to_collection(key, made)
    return made


def _local_init_op() -> Any:
    return group(local_variables_initializer(), tables_initializer())


def _saver() -> Saver | None:
    return Saver() if global_variables() else None


def _global_step() -> Any:
    try:
        step = current_graph().get_tensor_by_name("global_step:0")
    except KeyError:
        return None
    if step.dtype.base_dtype.name in ("int32", "int64"):
        return step
    logging.warning("Found 'global_step' is not an int type: %s", step.dtype)
    return None


def basic_train_loop(
    supervisor: Supervisor,
    train_step_fn: Callable[..., Any],
    args: Sequence[Any] | None = None,
    kwargs: dict[str, Any] | None = None,
    master: str = "",
) -> None:
    """Call a function with a session until the supervisor is asked to stop."""
    while True:
        try:
            with supervisor.managed_session(master) as sess:
                while not supervisor.should_stop():
                    train_step_fn(sess, *(args or ()), **(kwargs or {}))
            return
        except errors.AbortedError as error:
            logging.info("The session was aborted, a new one takes over: %s", error)


NAMESPACES = {"train": ["Supervisor", "basic_train_loop"]}
