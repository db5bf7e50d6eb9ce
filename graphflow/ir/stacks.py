"""The default graph and the default session of each thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphflow.ir.graph import Graph


class _Thread(threading.local):
    def __init__(self) -> None:
        self.graphs: list[Any] = []
        self.sessions: list[Any] = []


_thread = _Thread()


class default_session:
    """`session` is the default one inside the block."""

    def __init__(self, session: Any, enforce_nesting: bool = True) -> None:
        self._session = session
        #: False lets blocks of two sessions overlap
        self.enforce_nesting = enforce_nesting

    def __enter__(self) -> Any:
        push_session(self._session)
        return self._session

    def __exit__(self, *_: object) -> None:
        if self.enforce_nesting and _thread.sessions[-1:] != [self._session]:
            raise AssertionError(
                f"Nesting violated for the stack of default sessions: {self._session!r} is not on top"
            )
        drop_session(self._session)


def push_session(session: Any) -> None:
    """From now on `session` is the default one of this thread."""
    _thread.sessions.append(session)


def drop_session(session: Any) -> None:
    """Undo the last push of `session`, wherever it lies."""
    for at in range(len(_thread.sessions) - 1, -1, -1):
        if _thread.sessions[at] is session:
            del _thread.sessions[at]
            return


def get_default_session() -> Any:
    return _thread.sessions[-1] if _thread.sessions else None


def graph_stack() -> list[Any]:
    """The graphs made default in this thread, innermost last."""
    return _thread.graphs


def session_for(graph: Graph, session: Any, spelling: str) -> Any:
    """The session to run something of `graph` in, or ValueError."""
    if session is None:
        session = get_default_session()
        if session is None:
            raise ValueError(
                "Cannot evaluate this: No default session is registered. "
                f"Use `with sess.as_default()` or pass an explicit session: `{spelling}`."
            )
        if session.graph is not graph.outermost:
            raise ValueError(
                "Cannot use the default session: its graph is not the one that holds this tensor. "
                f"Pass an explicit session: `{spelling}`."
            )
    elif session.graph is not graph.outermost:
        raise ValueError(
            "Cannot use the given session: its graph is not the one that holds this tensor."
        )
    return session
