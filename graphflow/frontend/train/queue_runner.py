"""QueueRunner: threads that keep a queue filled."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Sequence
from typing import Any

from graphflow import errors
from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.train.coordinator import Coordinator
from graphflow.io import protos
from graphflow.ir import stacks
from graphflow.ir.build import current_graph
from graphflow.session import BaseSession

__all__: list[str] = []


class QueueRunner:
    """The ops that fill a queue, one thread for each, and those that close it."""

    def __init__(
        self,
        queue: Any = None,
        enqueue_ops: Sequence[Any] | None = None,
        close_op: Any = None,
        cancel_op: Any = None,
        queue_closed_exception_types: tuple[type[errors.OpError], ...] | None = None,
        queue_runner_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        if queue_runner_def is not None:
            if queue is not None or enqueue_ops:
                raise ValueError("queue_runner_def and queue are mutually exclusive.")
            self._describe(queue_runner_def, import_scope)
        else:
            if queue is None or not enqueue_ops:
                raise ValueError("Must provide queue and enqueue_ops.")
            self._closed_by = _exception_types(queue_closed_exception_types)
            self._queue, self._enqueue_ops = queue, list(enqueue_ops)
            self._close_op = queue.close() if close_op is None else close_op
            self._cancel_op = (
                queue.close(cancel_pending_enqueues=True) if cancel_op is None else cancel_op
            )
        self._lock = threading.Lock()
        #: how many threads of each session are still at it
        self._running: weakref.WeakKeyDictionary[Any, int] = weakref.WeakKeyDictionary()
        self._exceptions_raised: list[BaseException] = []

    @property
    def queue(self) -> Any:
        return self._queue

    @property
    def enqueue_ops(self) -> list[Any]:
        return self._enqueue_ops

    @property
    def close_op(self) -> Any:
        return self._close_op

    @property
    def cancel_op(self) -> Any:
        return self._cancel_op

    @property
    def queue_closed_exception_types(self) -> tuple[type[errors.OpError], ...]:
        return self._closed_by

    @property
    def exceptions_raised(self) -> list[BaseException]:
        """What threads without a coordinator failed with."""
        return self._exceptions_raised

    @property
    def name(self) -> str:
        name: str = self._queue.name
        return name

    # ---- threads -----------------------------------------------------------------------------------

    def create_threads(
        self,
        sess: Any,
        coord: Coordinator | None = None,
        daemon: bool = False,
        start: bool = False,
    ) -> list[threading.Thread]:
        """Threads that fill the queue until it is closed or the coordinator says stop; none if some run already."""
        with self._lock:
            if self._running.get(sess, 0) > 0:
                return []
            self._running[sess] = len(self._enqueue_ops)
            self._exceptions_raised = []
        threads = [
            threading.Thread(
                target=self._run,
                args=(sess, op, coord),
                name=f"QueueRunnerThread-{self.name}-{op.name}",
            )
            for op in self._enqueue_ops
        ]
        if coord is not None:
            threads.append(
                threading.Thread(
                    target=self._close_on_stop,
                    args=(sess, coord),
                    name=f"QueueRunnerThread-{self.name}-close_on_stop",
                )
            )
        for thread in threads:
            if coord is not None:
                coord.register_thread(thread)
            thread.daemon = daemon or thread.daemon
            if start:
                thread.start()
        return threads

    def _run(self, sess: Any, enqueue_op: Any, coord: Coordinator | None) -> None:
        """Enqueue until the queue is closed, there is nothing more, or a stop is asked for."""
        try:
            enqueue = sess.make_callable(enqueue_op)
            while coord is None or not coord.should_stop():
                enqueue()
            self._leave(sess)
        except self._closed_by:
            if self._leave(sess) == 0:
                self._quietly(sess, self._close_op)
        except Exception as error:
            self._leave(sess)
            if coord is not None:
                coord.request_stop(error)
                return
            logging.error("Exception in QueueRunner: %s", error)
            with self._lock:
                self._exceptions_raised.append(error)
            raise

    def _leave(self, sess: Any) -> int:
        """One thread fewer; how many remain."""
        with self._lock:
            self._running[sess] -= 1
            return self._running[sess]

    def _close_on_stop(self, sess: Any, coord: Coordinator) -> None:
        coord.wait_for_stop()
        self._quietly(sess, self._cancel_op)

    def _quietly(self, sess: Any, op: Any) -> None:
        """Run an op of the end: that the session is closed already, or the queue, is no matter."""
        try:
            sess.run(op)
        except Exception as error:
            logging.debug("Ignored exception: %s", error)

    # ---- messages ------------------------------------------------------------------------------------

    def to_proto(self, export_scope: str | None = None) -> Any:
        """A QueueRunnerDef, or None for a queue outside of the scope."""
        if export_scope is not None and not self.name.startswith(export_scope):
            return None
        return protos.QueueRunnerDef(
            queue_name=without_scope(self.name, export_scope),
            enqueue_op_name=[without_scope(op.name, export_scope) for op in self._enqueue_ops],
            close_op_name=without_scope(self._close_op.name, export_scope),
            cancel_op_name=without_scope(self._cancel_op.name, export_scope),
            queue_closed_exception_types=[t.code for t in self._closed_by],
        )

    @staticmethod
    def from_proto(queue_runner_def: Any, import_scope: str | None = None) -> QueueRunner:
        """The runner that a QueueRunnerDef describes, in the current graph."""
        return QueueRunner(queue_runner_def=queue_runner_def, import_scope=import_scope)

    def _describe(self, message: Any, import_scope: str | None) -> None:
        graph = current_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(within_scope(name, import_scope))

        self._queue = element(message.queue_name)
        self._enqueue_ops = [element(name) for name in message.enqueue_op_name]
        self._close_op, self._cancel_op = (
            element(message.close_op_name),
            element(message.cancel_op_name),
        )
        self._closed_by = tuple(
            errors.exception_type_from_error_code(code)
            for code in message.queue_closed_exception_types
        ) or (errors.OutOfRangeError,)


def _exception_types(given: Any) -> tuple[type[errors.OpError], ...]:
    """The errors that say that there is nothing more to enqueue."""
    if given is None:
        return (errors.OutOfRangeError,)
    if (
        not isinstance(given, tuple)
        or not given
        or not all(isinstance(t, type) and issubclass(t, errors.OpError) for t in given)
    ):
        raise TypeError(
            "queue_closed_exception_types, when provided, must be a tuple of tf.error types, "
            f"but saw: {given}"
        )
    return given


def add_queue_runner(qr: QueueRunner, collection: Any = GraphKeys.QUEUE_RUNNERS) -> None:
    """A runner that start_queue_runners starts."""
    current_graph().add_to_collection(collection, qr)


def start_queue_runners(
    sess: Any = None,
    coord: Coordinator | None = None,
    daemon: bool = True,
    start: bool = True,
    collection: Any = GraphKeys.QUEUE_RUNNERS,
) -> list[threading.Thread]:
    """Start the threads of all the graph's queue runners."""
    if sess is None:
        sess = stacks.get_default_session()
        if sess is None:
            raise ValueError(
                "Cannot start queue runners: No default session is registered. Use `with sess.as_default()` "
                "or pass an explicit session to tf.start_queue_runners(sess=sess)"
            )
    if not isinstance(sess, BaseSession):
        if type(sess).__name__ in ("MonitoredSession", "SingularMonitoredSession"):
            return []  # those start them by themselves
        raise TypeError(f"sess must be a `tf.Session` object. Given class: {type(sess)}")
    runners = sess.graph.get_collection(collection)
    if not runners:
        logging.warning(
            "`tf.train.start_queue_runners()` was called when no queue runners were defined. "
            "You can safely remove the call to this deprecated function."
        )
    with sess.graph.as_default():
        return [
            thread
            for runner in runners
            for thread in runner.create_threads(sess, coord=coord, daemon=daemon, start=start)
        ]


NAMESPACES = {
    "train": ["QueueRunner", "add_queue_runner", "start_queue_runners"],
    "train.queue_runner": ["QueueRunner", "add_queue_runner", "start_queue_runners"],
}
