"""What a session keeps between runs: variables, random streams, queues and tables."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.ir import report
from graphflow.ir.node import Node


class Ref:
    """A handle of one variable of a session."""

    __slots__ = ("key", "node")

    def __init__(self, key: Hashable, node: Node) -> None:
        self.key = key
        self.node = node

    def __repr__(self) -> str:
        return f"Ref({self.node.name})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Ref) and self.key == other.key

    def __hash__(self) -> int:
        return hash(self.key)


class State:
    """The values of one session."""

    def __init__(self) -> None:
        #: arrays are replaced, never written into: a reader keeps what it has read
        self.variables: dict[Hashable, np.ndarray[Any, Any]] = {}
        self.streams: dict[str, Any] = {}
        self.resources: dict[Any, Any] = {}
        #: nobody may wait any more: the session is closed
        self.closed = False
        #: one write at a time, so that counters shared by threads count right
        self.lock = threading.RLock()


class Run:
    """One run of a session: what ops with state see of the world."""

    def __init__(self, state: State, engine: Any, plan: Any) -> None:
        self.state = state
        self.engine = engine
        self.plan = plan
        self.resources = state.resources
        self.streams = state.streams
        #: when waiting ends, by the monotonic clock; None for never
        self.deadline: float | None = None
        #: lives as long as the run: tensor arrays
        self.scratch: dict[Any, Any] = {}
        #: values from before the run of the variables that this run writes
        self.before: dict[Hashable, Any] = {}
        #: variables that end with the run; None where one has no value yet
        self.temporaries: dict[Hashable, Any] = {}
        for node in plan.writes:
            key = variable_key(node)
            self.before[key] = state.variables.get(key)

    def call(self, body: Any, args: Any) -> list[Any]:
        """The results of a body for these arguments."""
        return self.engine.call(self, self.plan.bodies[body], args)

    def function(self, body: Any) -> Function:
        """The body as a function, which may be called when this run is over."""
        return Function(self.state, self.engine, self.plan.bodies[body])

    def variable(self, ref: Ref) -> np.ndarray[Any, Any]:
        """The value of a variable as it is now."""
        value = self.state.variables.get(ref.key)
        if value is None:
            value = self.temporaries.get(ref.key)
            if value is None:
                raise self.uninitialized(ref)
        return value

    def variable_before(self, ref: Ref) -> np.ndarray[Any, Any]:
        """The value of a variable from before the run; one that had none then may have got one in the run."""
        value: np.ndarray[Any, Any] | None = self.before.get(ref.key)
        return self.variable(ref) if value is None else value

    def is_initialized(self, ref: Ref) -> bool:
        return ref.key in self.state.variables

    def assign(self, ref: Ref, value: Any) -> None:
        """Give a variable a new value: a copy of its own, which nobody can write into."""
        kept = np.array(value)
        kept.flags.writeable = False
        home = self.temporaries if ref.key in self.temporaries else self.state.variables
        home[ref.key] = kept

    def temporary(self, name: str, node: Node) -> Ref:
        """The handle of a new variable that ends with the run."""
        ref = Ref((name,), node)
        self.temporaries[ref.key] = None
        return ref

    def forget(self, ref: Any) -> bool:
        """Take the value from a variable, or forget another thing behind a handle; whether there was one."""
        if not isinstance(ref, Ref):
            return self.resources.pop(getattr(ref, "key", None), None) is not None
        temporary = self.temporaries.pop(ref.key, None)
        kept = self.state.variables.pop(ref.key, None)
        return temporary is not None or kept is not None

    def uninitialized(self, ref: Ref, node: Node | None = None) -> errors.FailedPreconditionError:
        reader = node or ref.node
        return errors.FailedPreconditionError(
            None,
            reader,
            report.problem(
                f"Attempting to use uninitialized value {ref.node.name}",
                reader.type,
                reader.name,
                reader.where,
                (),
                "run tf.global_variables_initializer() first, or restore a checkpoint; values belong to a session, "
                "so each new session starts without any",
                "sess.run(tf.report_uninitialized_variables()) lists them all",
            ),
        )

    def ref(self, node: Node) -> Ref:
        """The handle of the variable that a VariableV2 node holds."""
        return Ref(variable_key(node), node)

    def stream(self, node: Node, make: Callable[[], Any]) -> Any:
        """The state that a node keeps in this session, made at its first run."""
        found = self.streams.get(node.name)
        if found is None:
            with self.state.lock:
                found = self.streams.setdefault(node.name, make())
        return found


class Function:
    """A body that is run again and again, each time as a run of its own; what its nodes keep is the function's."""

    def __init__(self, state: State, engine: Any, plan: Any) -> None:
        self.state, self.engine, self.plan = state, engine, plan
        self.streams: dict[str, Any] = {}

    def __call__(self, args: Any) -> list[Any]:
        """The results for these arguments."""
        run = Run(self.state, self.engine, self.plan)
        run.streams = self.streams
        found: list[Any] = self.engine.call(run, self.plan, args)
        return found


def variable_key(node: Node) -> Hashable:
    """Two nodes with one shared name are one variable."""
    attrs = node.op.__dict__
    return (attrs.get("container", ""), attrs.get("shared_name") or node.name)
