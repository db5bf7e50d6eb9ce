"""Session: runs parts of a graph, and keeps the values of variables from one run to the next."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.ir import stacks
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ir.node import Tensor
from graphflow.ir.pause import collector_paused
from graphflow.runtime.feeds import as_fed, feed_values, missing_feeds
from graphflow.runtime.fetches import Fetches
from graphflow.runtime.reference import ReferenceEngine
from graphflow.runtime.state import Run, State
from graphflow.runtime.trace import TracingEngine
from graphflow.schedule.placement import check_devices
from graphflow.schedule.plan import Plan, make_plan

ENGINES: dict[str, Callable[[], Any]] = {"reference": ReferenceEngine}


class BaseSession:
    """A graph, and the values that belong to one user of it."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        engine: str = "reference",
    ) -> None:
        if not isinstance(target, str | bytes):
            raise TypeError(f"target must be a string, but got {type(target)}")
        if target and target not in ("local", b"local"):
            raise errors.UnimplementedError(
                None,
                None,
                f"Session target {target!r}: graphflow runs in this process; leave the target out",
            )
        if graph is not None and not isinstance(graph, Graph):
            raise TypeError(f"graph must be a tf.Graph, but got {type(graph)}")
        if engine not in ENGINES:
            raise ValueError(
                f"no engine is called {engine!r}: there are {', '.join(sorted(ENGINES))}"
            )
        self._graph = (graph or current_graph()).outermost
        self._config = config
        self._engine = ENGINES[engine]()
        self._state = State()
        self._plans: dict[Any, Plan] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._partial: dict[str, Any] = {}

    # ---- what it is ------------------------------------------------------------------------------

    @property
    def graph(self) -> Graph:
        return self._graph

    @property
    def graph_def(self) -> Any:
        return self._graph.as_graph_def()

    @property
    def sess_str(self) -> str:
        return ""

    def list_devices(self) -> list[Any]:
        return ["/job:localhost/replica:0/task:0/device:CPU:0"]

    def as_default(self) -> Any:
        """This session is the default one inside the block; it stays open after it."""
        return stacks.default_session(self)

    def close(self) -> None:
        self._closed = self._state.closed = True
        for resource in list(self._state.resources.values()):
            closing = getattr(resource, "close_session", None)
            if closing is not None:
                closing()

    def reset(self) -> None:
        """Forget the values of all variables."""
        self._state = State()

    # ---- running -----------------------------------------------------------------------------------

    def run(
        self, fetches: Any, feed_dict: Any = None, options: Any = None, run_metadata: Any = None
    ) -> Any:
        """The values of `fetches`, in their structure; `feed_dict` gives values to tensors."""
        self._check_open()
        wanted = Fetches(self._graph, fetches)
        fed = feed_values(self._graph, feed_dict)
        if run_metadata is None or not getattr(options, "trace_level", 0):
            return wanted.rebuild(self._evaluate(wanted, fed, options))
        engine = TracingEngine()
        values = self._evaluate(wanted, fed, options, engine)
        engine.report(run_metadata)
        return wanted.rebuild(values)

    def _evaluate(
        self, wanted: Fetches, fed: dict[Tensor, Any], options: Any = None, engine: Any = None
    ) -> list[Any]:
        plan = self._plan(wanted, fed)
        if plan.unfed:
            raise missing_feeds(plan.unfed)
        given = [value for _, value in sorted(fed.items(), key=lambda kv: _order(kv[0]))]
        engine = engine or self._engine
        run = Run(self._state, engine, plan)
        run.deadline = self._deadline(options)
        values = engine.run(self._state, plan, given, run)
        taken = {id(v) for v in given}
        return [_handed_out(v, taken) for v in values]

    def _deadline(self, options: Any) -> float | None:
        """When a run that waits for a queue gives up."""
        patience = getattr(options, "timeout_in_ms", 0)
        patience = patience or getattr(self._config, "operation_timeout_in_ms", 0)
        return time.monotonic() + patience / 1000 if patience > 0 else None

    def _plan(self, wanted: Fetches, fed: dict[Tensor, Any]) -> Plan:
        feeds = tuple(sorted(fed, key=_order))
        key = (tuple(wanted.tensors), tuple(wanted.targets), feeds)
        plan = self._plans.get(key)
        if plan is None:
            direct = [t for t in wanted.tensors if t in fed]
            with collector_paused():
                plan = make_plan(wanted.tensors, wanted.targets, feeds)
            if not direct or plan.steps:
                check_devices(plan, self._config)
            with self._lock:
                self._plans[key] = plan
        return plan

    def make_callable(
        self, fetches: Any, feed_list: Any = None, accept_options: bool = False
    ) -> Callable[..., Any]:
        """A function of the values for `feed_list` that returns `fetches`: parsed once, quick to call."""
        if feed_list is not None and not isinstance(feed_list, list | tuple):
            raise TypeError("`feed_list` must be a list or tuple.")
        self._check_open()
        wanted = Fetches(self._graph, fetches)
        tensors = [self._graph.as_graph_element(f, allow_operation=False) for f in feed_list or ()]

        def call(*values: Any, **options: Any) -> Any:
            self._check_open()
            if len(values) != len(tensors):
                raise ValueError(f"Expected {len(tensors)} arguments, got {len(values)}")
            fed = {
                t: as_fed(t, v)
                for t, v in zip(tensors, values, strict=True)
                if isinstance(t, Tensor)
            }
            return wanted.rebuild(self._evaluate(wanted, fed))

        return call

    def partial_run_setup(self, fetches: Any, feeds: Any = None) -> str:
        """Declare fetches and feeds for a run that is fed in several steps."""
        self._check_open()
        allowed = Fetches(self._graph, fetches)
        tensors = {self._graph.as_graph_element(f, allow_operation=False) for f in feeds or ()}
        handle = f"partial_{len(self._partial)}"
        self._partial[handle] = (set(allowed.tensors) | set(allowed.targets), tensors, {}, {})
        return handle

    def partial_run(self, handle: str, fetches: Any, feed_dict: Any = None) -> Any:
        """Continue a run: values that were fed or computed before stay as they were."""
        if handle not in self._partial:
            raise ValueError(f"Invalid handle {handle!r}: partial_run_setup gives one")
        allowed, feedable, fed, seen = self._partial[handle]
        wanted = Fetches(self._graph, fetches)
        new = feed_values(self._graph, feed_dict)
        for tensor in new:
            if tensor not in feedable:
                raise errors.InvalidArgumentError(
                    None,
                    tensor.node,
                    f"The feed {tensor.name} was not specified in partial_run_setup.",
                )
            if tensor in fed:
                raise errors.InvalidArgumentError(
                    None, tensor.node, f"The feed {tensor.name} has already been fed."
                )
        items: list[Any] = [*wanted.tensors, *wanted.targets]
        for item in items:
            if item not in allowed:
                raise errors.InvalidArgumentError(
                    None, None, f"The fetch {item.name} was not specified in partial_run_setup."
                )
        fed.update(new)
        values = self._evaluate(wanted, {**seen, **fed})
        seen.update(zip(wanted.tensors, values, strict=True))
        return wanted.rebuild(values)

    def _check_open(self) -> None:
        if self._closed:
            raise RuntimeError("Attempted to use a closed Session.")
        if not self._graph.nodes:
            raise RuntimeError(
                "The Session graph is empty. Add operations to the graph before calling run()."
            )


def _order(tensor: Tensor) -> tuple[int, int]:
    return tensor.node.id, tensor.index


def _handed_out(value: Any, taken: set[int]) -> Any:
    """A result as users get it: scalars as numpy scalars, and arrays that are theirs alone."""
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim == 0:
        return value[()]
    # constants, variables, feeds and what was handed out already belong to somebody
    own = (
        value.base is None
        and value.flags.owndata
        and value.flags.writeable
        and id(value) not in taken
    )
    taken.add(id(value))
    return value if own else value.copy()


class Session(BaseSession):
    """`with tf.Session() as sess: sess.run(...)`."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        engine: str = "reference",
    ) -> None:
        super().__init__(target, graph, config, engine)
        self._contexts: list[Any] = []

    def __enter__(self) -> Session:
        if self._contexts:
            raise RuntimeError(
                "Session context managers are not re-entrant. Use `Session.as_default()` instead."
            )
        for context in (self._graph.as_default(), self.as_default()):
            context.__enter__()
            self._contexts.append(context)
        return self

    def __exit__(self, *error: Any) -> None:
        while self._contexts:
            self._contexts.pop().__exit__(*error)
        self.close()

    @staticmethod
    def reset(target: str, containers: Any = None, config: Any = None) -> None:  # type: ignore[override]  # TensorFlow's
        """Accepted for TensorFlow's sake: without a server there is nothing to reset."""


class InteractiveSession(BaseSession):
    """A session that makes itself and its graph the default ones, for shells and notebooks."""

    def __init__(
        self,
        target: str = "",
        graph: Graph | None = None,
        config: Any = None,
        engine: str = "reference",
    ) -> None:
        super().__init__(target, graph, config, engine)
        stacks.push_session(self)
        self._given = graph
        if graph is not None:
            stacks.graph_stack().append(graph)

    def close(self) -> None:
        super().close()
        stacks.drop_session(self)
        graphs = stacks.graph_stack()
        if self._given is not None and self._given in graphs:
            graphs.remove(self._given)
        self._given = None


get_default_session = stacks.get_default_session


__all__ = ["InteractiveSession", "Session", "get_default_session"]
