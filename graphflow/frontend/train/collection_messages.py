"""Which collections are saved as messages, and how their members become messages and are made of them again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.train.queue_runner import QueueRunner
from graphflow.frontend.variables import from_proto as variable_from_proto


class Messages(NamedTuple):
    """The message of a collection: its name, `to_proto(member, export_scope=...)` and the way back."""

    message: str
    to_proto: Callable[..., Any]
    from_proto: Callable[..., Any]


_registered: dict[str, Messages] = {}

#: collections whose members are variables, each the same object in all of them
VARIABLE_COLLECTIONS = frozenset(
    [
        GraphKeys.GLOBAL_VARIABLES,
        GraphKeys.LOCAL_VARIABLES,
        GraphKeys.METRIC_VARIABLES,
        GraphKeys.MODEL_VARIABLES,
        GraphKeys.MOVING_AVERAGE_VARIABLES,
        GraphKeys.TRAINABLE_VARIABLES,
        GraphKeys.GLOBAL_STEP,
    ]
)


def register(key: str, messages: Messages) -> None:
    """From now on the members of this collection are saved as messages."""
    _registered[key] = messages


def messages_of(key: Any) -> Messages | None:
    """How the members of a collection are saved, or None where their names are enough."""
    return _registered.get(key) if isinstance(key, str) else None


def _to_proto(member: Any, export_scope: str | None = None) -> Any:
    return member.to_proto(export_scope=export_scope)


register(
    GraphKeys.QUEUE_RUNNERS,
    Messages("QueueRunnerDef", _to_proto, QueueRunner.from_proto),
)
for _key in VARIABLE_COLLECTIONS:
    register(_key, Messages("VariableDef", _to_proto, variable_from_proto))
