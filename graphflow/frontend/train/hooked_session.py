"""A session with hooks around its runs, and a coordinator of the threads beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from typing import Any

from graphflow.frontend.platform.configuration import RunOptions
from graphflow.frontend.train.coordinator import Coordinator
from graphflow.frontend.train.session_run_hook import (
    SessionRunArgs,
    SessionRunContext,
    SessionRunHook,
    SessionRunValues,
)
from graphflow.io import protos


class StepContext:
    """What a step function of run_step_fn gets."""

    def __init__(self, session: Any, run_with_hooks_fn: Callable[..., Any]) -> None:
        self._session, self._run_with_hooks = session, run_with_hooks_fn

    @property
    def session(self) -> Any:
        """The session without hooks."""
        return self._session

    def run_with_hooks(self, *args: Any, **kwargs: Any) -> Any:
        return self._run_with_hooks(*args, **kwargs)

    def request_stop(self) -> None:
        """Leave the loop of steps."""
        raise StopIteration("step_fn has requested the iterations to stop.")


class HookedSession:
    """One session from its creation to its end."""

    def __init__(
        self,
        session: Any,
        hooks: Sequence[SessionRunHook],
        coord: Coordinator,
        stop_grace_period_secs: float,
    ) -> None:
        self.session, self.coord = session, coord
        self._hooks, self._grace = hooks, stop_grace_period_secs
        self._is_last = False

    @property
    def _sess(self) -> Any:
        return self.session

    def should_stop(self) -> bool:
        """Whether a hook or the coordinator wants it; an error that a thread reported is raised here."""
        self.coord.raise_requested_exception()
        return self.coord.should_stop() or self._is_last

    def close(self) -> None:
        """End the threads, then the session."""
        self.coord.request_stop()
        try:
            self.coord.join(stop_grace_period_secs=self._grace, ignore_live_threads=True)
        finally:
            self.session.close()

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """A run with what the hooks want to fetch and to feed."""
        if self._is_last:
            raise RuntimeError("Run called even after should_stop requested.")
        context = SessionRunContext(SessionRunArgs(fetches, feed_dict), self.session)
        options = RunOptions() if options is None else options
        wanted, feeds = self._requests(context, options)
        if feed_dict:
            _check_apart(feed_dict, feeds, "Same tensor is fed by a SessionRunHook and user.")
            feeds |= feed_dict
        if run_metadata is None and find_spec("google.protobuf") is not None:
            run_metadata = protos.RunMetadata()
        values = self.session.run(
            [fetches, list(wanted.values())],
            feed_dict=feeds,
            options=options,
            run_metadata=run_metadata,
        )
        results = dict(zip(wanted, values[1], strict=True))
        for i, hook in enumerate(self._hooks):
            hook.after_run(context, SessionRunValues(results.get(i), options, run_metadata))
        self._is_last = self._is_last or context.stop_requested
        return values[0]

    def _requests(
        self, context: SessionRunContext, options: Any
    ) -> tuple[dict[int, Any], dict[Any, Any]]:
        """What the hooks fetch, by their places, and what they feed."""
        wanted: dict[int, Any] = {}
        feeds: dict[Any, Any] = {}
        for i, hook in enumerate(self._hooks):
            request = hook.before_run(context)
            if request is None:
                continue
            if request.fetches is not None:
                wanted[i] = request.fetches
            if request.feed_dict:
                _check_apart(feeds, request.feed_dict, "Same tensor is fed by two hooks.")
                feeds.update(request.feed_dict)
            if request.options:
                options.trace_level = max(options.trace_level, request.options.trace_level)
                options.timeout_in_ms = max(options.timeout_in_ms, request.options.timeout_in_ms)
        return wanted, feeds


def _check_apart(one: Mapping[Any, Any], other: Mapping[Any, Any], message: str) -> None:
    both = [key for key in one if key in other]
    if both:
        raise RuntimeError(f"{message} Conflict(s): {both}")
