"""MonitoredSession: a session that restores itself, with hooks that save, log and stop."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Any

from graphflow import errors
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.train import hooked_session
from graphflow.frontend.train.coordinator import Coordinator
from graphflow.frontend.train.hooked_session import HookedSession
from graphflow.frontend.train.queue_runner import start_queue_runners
from graphflow.frontend.train.saving_hooks import CheckpointSaverHook, SummarySaverHook
from graphflow.frontend.train.scaffold import Scaffold
from graphflow.frontend.train.session_creators import (
    ChiefSessionCreator,
    SessionCreator,
    WorkerSessionCreator,
)
from graphflow.frontend.train.session_run_hook import SessionRunHook
from graphflow.frontend.train.step_hooks import StepCounterHook
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph

#: errors after which another session may succeed
_PREEMPTION = (errors.AbortedError, errors.UnavailableError)
#: exceptions that end a block as if it had come to its end
_ENDS = (errors.OutOfRangeError, StopIteration)


class _MonitoredSession:
    """What monitored sessions have in common."""

    StepContext = hooked_session.StepContext

    def __init__(
        self,
        session_creator: SessionCreator | None,
        hooks: Iterable[SessionRunHook] | None,
        should_recover: bool,
        stop_grace_period_secs: float = 120,
    ) -> None:
        self._was_finalized = current_graph().finalized
        self._hooks = list(hooks or ())
        for hook in self._hooks:
            hook.begin()
        self._creator = session_creator or ChiefSessionCreator()
        self._recovers, self._grace = should_recover, stop_grace_period_secs
        self._open: HookedSession | None = self._created()

    def _created(self) -> HookedSession:
        """A session, made again as long as that fails for a reason that may pass."""
        while True:
            try:
                session = self._creator.create_session()
                coord = Coordinator(clean_stop_exception_types=[])
                if current_graph().get_collection(GraphKeys.QUEUE_RUNNERS):
                    start_queue_runners(sess=session, coord=coord)
                for hook in self._hooks:
                    hook.after_create_session(session, coord)
                return HookedSession(session, self._hooks, coord, self._grace)
            except _PREEMPTION as error:
                if not self._recovers:
                    raise
                logging.info("Creating a session failed and is tried again: %s", error)

    @property
    def graph(self) -> Graph | None:
        if self._open is None:
            return None
        graph: Graph = self._open.session.graph
        return graph

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """A run with hooks before and after it."""
        return self._recovering(lambda s: s.run(fetches, feed_dict, options, run_metadata))

    def run_step_fn(self, step_fn: Callable[[Any], Any]) -> Any:
        """Call a function that runs parts of a step, with hooks and without."""
        names = tuple(inspect.signature(step_fn).parameters)
        if names != ("step_context",):
            raise ValueError(
                "`step_fn` may either have one `step_context` argument, or `self` and `step_context` "
                f"arguments if it's an instance method. Got {names} instead."
            )
        return self._recovering(lambda s: step_fn(self.StepContext(s.session, s.run)))

    def _recovering(self, action: Callable[[HookedSession], Any]) -> Any:
        while True:
            if self._open is None:
                raise RuntimeError("Session is already closed.")
            try:
                return action(self._open)
            except _PREEMPTION as error:
                if not self._recovers:
                    raise
                logging.info("An error was raised, a new session takes over: %s", error)
                self._open.close()
                self._open = self._created()

    def should_stop(self) -> bool:
        """Whether a hook asked for the end."""
        if self._open is None:
            return True
        try:
            return self._open.should_stop()
        except Exception:
            if not self._recovers:
                raise
            return True

    def close(self) -> None:
        self._close()

    def _close(self, failed: bool = False) -> None:
        if self._open is None:
            raise RuntimeError("Session is already closed.")
        try:
            if not failed:
                for hook in self._hooks:
                    hook.end(self._open.session)
        finally:
            try:
                self._open.close()
            finally:
                self._open = None
                if not self._was_finalized:
                    current_graph()._unsafe_unfinalize()

    def _is_closed(self) -> bool:
        return self._open is None

    def _tf_sess(self) -> Any:
        return None if self._open is None else self._open.session

    @property
    def _sess(self) -> Any:
        """Programs look through such attributes for the session inside."""
        return self._open

    def __enter__(self) -> Any:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> bool:
        failed = kind is not None and kind not in _ENDS
        self._close(failed)
        return not failed


class MonitoredSession(_MonitoredSession):
    """A session with hooks, which goes on with a new session after an error that may pass."""

    def __init__(
        self,
        session_creator: SessionCreator | None = None,
        hooks: Iterable[SessionRunHook] | None = None,
        stop_grace_period_secs: float = 120,
    ) -> None:
        super().__init__(session_creator, hooks, True, stop_grace_period_secs)


class SingularMonitoredSession(_MonitoredSession):
    """A session with hooks, which is a session and nothing else."""

    def __init__(
        self,
        hooks: Iterable[SessionRunHook] | None = None,
        scaffold: Scaffold | None = None,
        master: str = "",
        config: Any = None,
        checkpoint_dir: str | None = None,
        stop_grace_period_secs: float = 120,
        checkpoint_filename_with_path: str | None = None,
    ) -> None:
        creator = ChiefSessionCreator(
            scaffold, master, config, checkpoint_dir, checkpoint_filename_with_path
        )
        super().__init__(creator, hooks, False, stop_grace_period_secs)

    def raw_session(self) -> Any:
        """The session without hooks."""
        return self._tf_sess()


#: where a caller says nothing
USE_DEFAULT: Any = object()


def _chosen(one: Any, other: Any, default: tuple[Any, Any]) -> tuple[Any, Any]:
    """Two arguments of which one is enough: the other is None then; the defaults where none is given."""
    if one is USE_DEFAULT and other is USE_DEFAULT:
        return default
    return (None if one is USE_DEFAULT else one), (None if other is USE_DEFAULT else other)


def MonitoredTrainingSession(
    master: str = "",
    is_chief: bool = True,
    checkpoint_dir: str | None = None,
    scaffold: Scaffold | None = None,
    hooks: Iterable[SessionRunHook] | None = None,
    chief_only_hooks: Iterable[SessionRunHook] | None = None,
    save_checkpoint_secs: Any = USE_DEFAULT,
    save_summaries_steps: Any = USE_DEFAULT,
    save_summaries_secs: Any = USE_DEFAULT,
    config: Any = None,
    stop_grace_period_secs: float = 120,
    log_step_count_steps: int | None = 100,
    max_wait_secs: float = 7200,
    save_checkpoint_steps: Any = USE_DEFAULT,
    summary_dir: str | None = None,
) -> MonitoredSession:
    """A MonitoredSession that saves checkpoints and summaries into folders."""
    sum_steps, sum_secs = _chosen(save_summaries_steps, save_summaries_secs, (100, None))
    steps, secs = _chosen(save_checkpoint_steps, save_checkpoint_secs, (None, 600))
    scaffold = scaffold or Scaffold()
    if not is_chief:
        worker = WorkerSessionCreator(scaffold, master, config, max_wait_secs)
        return MonitoredSession(worker, hooks, stop_grace_period_secs)
    own = list(chief_only_hooks or ())
    folder = summary_dir or checkpoint_dir
    if folder and log_step_count_steps and log_step_count_steps > 0:
        own.append(StepCounterHook(output_dir=folder, every_n_steps=log_step_count_steps))
    if folder and _is_positive(sum_steps, sum_secs):
        own.append(
            SummarySaverHook(
                scaffold=scaffold, save_steps=sum_steps, save_secs=sum_secs, output_dir=folder
            )
        )
    if checkpoint_dir and _is_positive(steps, secs):
        own.append(
            CheckpointSaverHook(checkpoint_dir, save_steps=steps, save_secs=secs, scaffold=scaffold)
        )
    chief = ChiefSessionCreator(scaffold, master, config, checkpoint_dir)
    return MonitoredSession(chief, [*own, *(hooks or ())], stop_grace_period_secs)


def _is_positive(*values: Any) -> bool:
    return any(v and v > 0 for v in values)


NAMESPACES = {"train": ["MonitoredSession", "MonitoredTrainingSession", "SingularMonitoredSession"]}
