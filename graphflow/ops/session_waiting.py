"""Waiting in line at a thing that a session keeps; the session's end and a deadline end it."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphflow.errors import CancelledError, DeadlineExceededError


class Turn:
    """A place in a line."""

    cancelled = False


class Waiting:
    """A thing at which threads wait, each line of them in the order in which they came."""

    key: Any = None

    def __init__(self) -> None:
        self._ended = False
        self._changed = threading.Condition()

    @contextmanager
    def _turn(self, line: deque[Turn]) -> Iterator[Turn]:
        """A place in a line, until the block ends."""
        turn = Turn()
        with self._changed:
            line.append(turn)
            try:
                yield turn
            finally:
                line.remove(turn)
                self._changed.notify_all()

    def _wait(self, run: Any, turn: Turn, ready: Callable[[], bool], what: str) -> None:
        """Wait until `ready`; an error if the session or the time ends first."""
        while not (turn.cancelled or self._ended or run.state.closed):
            if ready():
                return
            left = None if run.deadline is None else run.deadline - time.monotonic()
            if left is not None and left <= 0:
                raise DeadlineExceededError(message="Timed out waiting for notification")
            self._changed.wait(left)
        raise CancelledError(message=f"{what} operation was cancelled")

    def close_session(self) -> None:
        """Wake everybody who waits: the session is gone."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()
