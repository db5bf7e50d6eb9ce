"""SessionRunHook: what is called before and after each run of a monitored session."""

from __future__ import annotations

from typing import Any, NamedTuple


class SessionRunHook:
    """Called at the stages of a monitored session; each method may be left as it is."""

    def begin(self) -> None:
        """Before the session is made: the graph may still grow."""

    def after_create_session(self, session: Any, coord: Any) -> None:
        """When the session is new; the graph is final."""

    def before_run(self, run_context: SessionRunContext) -> Any:
        """Before a run: a SessionRunArgs with what it shall fetch besides, or None."""
        return None

    def after_run(self, run_context: SessionRunContext, run_values: SessionRunValues) -> None:
        """After a run, with the values of what was asked for."""

    def end(self, session: Any) -> None:
        """Before the session is closed, unless it ended by an exception."""


class SessionRunArgs(NamedTuple):
    """What a hook adds to a run."""

    fetches: Any
    feed_dict: Any = None
    options: Any = None


class SessionRunContext:
    """The run that a hook is called for."""

    def __init__(self, original_args: SessionRunArgs, session: Any) -> None:
        self._original_args, self._session = original_args, session
        self._stop_requested = False

    @property
    def original_args(self) -> SessionRunArgs:
        return self._original_args

    @property
    def session(self) -> Any:
        return self._session

    @property
    def stop_requested(self) -> bool:
        return self._stop_requested

    def request_stop(self) -> None:
        """Let this run be the last one."""
        self._stop_requested = True


class SessionRunValues(NamedTuple):
    """The values of what a hook asked for."""

    results: Any
    options: Any
    run_metadata: Any


NAMESPACES = {
    "python.training.session_run_hook": [
        "SessionRunArgs",
        "SessionRunContext",
        "SessionRunHook",
        "SessionRunValues",
    ],
    "train": ["SessionRunArgs", "SessionRunContext", "SessionRunHook", "SessionRunValues"],
}
