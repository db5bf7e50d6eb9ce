"""What a session keeps under a handle: queues, readers, tables. A handle's value is the thing itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, TypeVar

import numpy as np

from graphflow.errors import CancelledError, InvalidArgumentError
from graphflow.ir.node import Node

Kept = TypeVar("Kept", bound="Resource")


class Resource(Protocol):
    """A thing that a session keeps."""

    #: where the session keeps it
    key: Any


def session_resource(run: Any, node: Node, room: str, make: Callable[[str], Kept]) -> Kept:
    """The thing that a node names in this session, made when it is first asked for."""
    attrs = node.op.__dict__
    container, name = attrs.get("container", ""), attrs.get("shared_name") or node.name
    key = (room, container, name)
    with run.state.lock:
        found: Kept | None = run.resources.get(key)
        if found is None:
            if run.state.closed:
                raise CancelledError(message="Session has been closed.")
            found = run.resources[key] = make(name)
            found.key = key
        return found


def behind(handle: Any, kind: type[Kept]) -> Kept:
    """The thing behind a handle; handles that count as strings, or were picked from several, are in arrays."""
    found = handle[()] if isinstance(handle, np.ndarray) else handle
    if not isinstance(found, kind):
        raise InvalidArgumentError(
            message=f"this handle is of a {type(found).__name__}, a {kind.__name__} is wanted"
        )
    return found


def wrapped(value: Any) -> Any:
    """A handle in an array: one of several, or one that counts as a string."""
    array = np.empty((), object)
    array[()] = value
    return array
