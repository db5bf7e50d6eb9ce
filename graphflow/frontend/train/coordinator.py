"""Coordinator: threads that stop together, and the first error that any of them met."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from graphflow import errors
from graphflow.frontend.platform import logging

__all__: list[str] = []


class Coordinator:
    """Tells threads when to stop, waits for them, and hands on the first error that was reported."""

    def __init__(self, clean_stop_exception_types: Iterable[type] | None = None) -> None:
        clean = (errors.OutOfRangeError,) if clean_stop_exception_types is None else None
        self._clean = clean or tuple(clean_stop_exception_types or ())
        self._lock = threading.Lock()
        self._stop_event = threading.Event()
        self._error: BaseException | None = None
        self._joined = False
        self._registered: set[threading.Thread] = set()

    @property
    def joined(self) -> bool:
        return self._joined

    def request_stop(self, ex: Any = None) -> None:
        """Ask all threads to stop; `ex` is why, an exception or sys.exc_info() of one."""
        error = ex[1] if isinstance(ex, tuple) else ex
        if error is not None and not isinstance(error, BaseException):
            error = ValueError(
                f"ex must be a tuple or sys.exc_info must return the current exception: {ex!r}"
            )
        if isinstance(error, self._clean):
            error = None
        with self._lock:
            if self._joined and error is not None:
                raise error
            if self._stop_event.is_set():
                return
            if error is not None and self._error is None:
                logging.info("Error reported to Coordinator: %s, %s", type(error), error)
                self._error = error
            self._stop_event.set()

    def clear_stop(self) -> None:
        """Forget that a stop was asked for: a new set of threads may begin."""
        with self._lock:
            self._joined, self._error = False, None
            self._stop_event.clear()

    def should_stop(self) -> bool:
        return self._stop_event.is_set()

    @contextmanager
    def stop_on_exception(self) -> Iterator[None]:
        """An exception in the block asks all threads to stop, and goes no further."""
        try:
            yield
        except BaseException:
            self.request_stop(ex=sys.exc_info())

    def wait_for_stop(self, timeout: float | None = None) -> bool:
        """Wait until a stop is asked for; whether it was."""
        return self._stop_event.wait(timeout)

    def register_thread(self, thread: threading.Thread) -> None:
        """A thread that `join` waits for."""
        with self._lock:
            self._registered.add(thread)

    def join(
        self,
        threads: Iterable[threading.Thread] | None = None,
        stop_grace_period_secs: float = 120,
        ignore_live_threads: bool = False,
    ) -> None:
        """Wait for the threads; once a stop is asked for, not longer than the grace period."""
        with self._lock:
            waited = list(self._registered.union(threads or ()))
        while any(t.is_alive() for t in waited) and not self._stop_event.is_set():
            self._await_change(waited)
        until = time.monotonic() + stop_grace_period_secs
        for thread in waited:
            if thread.is_alive():
                thread.join(max(0.0, until - time.monotonic()))
        stragglers = [t.name for t in waited if t.is_alive()]
        with self._lock:
            self._joined, self._registered = True, set()
            if self._error is not None:
                raise self._error
        if stragglers:
            text = "Coordinator stopped with threads still running: " + " ".join(stragglers)
            if not ignore_live_threads:
                raise RuntimeError(text)
            logging.info(text)

    def _await_change(self, threads: list[threading.Thread]) -> None:
        """Return when a stop is asked for or, soon after, when the threads have ended."""
        if not self._stop_event.wait(0.01):
            alive = next((t for t in threads if t.is_alive()), None)
            if alive is not None:
                alive.join(0.05)

    def raise_requested_exception(self) -> None:
        """Raise the error that was reported, if there is one."""
        with self._lock:
            if self._error is not None:
                raise self._error


class LooperThread(threading.Thread):
    """A thread that calls a function again and again, in steps of time if asked to."""

    def __init__(
        self,
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any] | None = None,
        args: Any = None,
        kwargs: Any = None,
    ) -> None:
        if not isinstance(coord, Coordinator):
            raise ValueError(f"'coord' argument must be a Coordinator: {coord}")
        super().__init__(daemon=True)
        if target is None and (args or kwargs):
            raise ValueError("'args' and 'kwargs' argument require that you also pass 'target'")
        self._coord, self._timer_interval_secs = coord, timer_interval_secs
        self._function, self._arguments, self._options = target, args or (), kwargs or {}
        coord.register_thread(self)

    @staticmethod
    def loop(
        coord: Coordinator,
        timer_interval_secs: float | None,
        target: Callable[..., Any],
        args: Any = None,
        kwargs: Any = None,
    ) -> LooperThread:
        """A LooperThread that has been started."""
        looper = LooperThread(coord, timer_interval_secs, target, args, kwargs)
        looper.start()
        return looper

    def run(self) -> None:
        with self._coord.stop_on_exception():
            self.start_loop()
            if self._timer_interval_secs is None:
                while not self._coord.should_stop():
                    self.run_loop()
            else:
                due = time.monotonic()
                while not self._coord.wait_for_stop(max(0.0, due - time.monotonic())):
                    due += self._timer_interval_secs
                    self.run_loop()
            self.stop_loop()

    def start_loop(self) -> None:
        """Called once, when the thread starts."""

    def stop_loop(self) -> None:
        """Called once, when the thread stops."""

    def run_loop(self) -> None:
        """Called again and again."""
        if self._function is not None:
            self._function(*self._arguments, **self._options)


NAMESPACES = {"train": ["Coordinator", "LooperThread"]}
