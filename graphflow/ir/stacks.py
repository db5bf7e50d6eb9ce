"""The default graph and the default session of each thread."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphflow.ir.graph import Graph


class _Thread(threading.local):
    def __init__(self) -> None:
        self.graphs: list[Any] = []
        self.sessions: list[Any] = []


_thread = _Thread()


@contextmanager
def default_session(session: Any, enforce_nesting: bool = True) -> Iterator[Any]:
    """`session` is the default one inside the block."""
    _thread.sessions.append(session)
    try:
        yield session
    finally:
        if enforce_nesting and _thread.sessions[-1:] != [session]:
            raise AssertionError(
                f"Nesting violated for the stack of default sessions: {session!r} is not on top"
            )
        if session in _thread.sessions:
            at = len(_thread.sessions) - 1 - _thread.sessions[::-1].index(session)
            del _thread.sessions[at]


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
                "Cannot execute operation: no default session is registered. "
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
