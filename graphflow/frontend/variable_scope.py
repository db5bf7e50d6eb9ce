"""Variable scopes: names, sharing and defaults for variables made by get_variable."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

from graphflow.frontend.framework import name_scope as open_name_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.scope_record import AUTO_REUSE, VariableScope
from graphflow.frontend.variable_store import VariableStore
from graphflow.ir import build
from graphflow.ir.build import current_graph

__all__ = [
    "get_local_variable",
    "get_variable",
    "get_variable_scope",
    "variable_op_scope",
    "variable_scope",
]


#: what a scope hands down, as attributes of VariableScope and arguments of variable_scope
_INHERITED = (
    "initializer",
    "regularizer",
    "caching_device",
    "partitioner",
    "custom_getter",
    "dtype",
    "use_resource",
)


class _Scopes:
    """The current scope of a graph, and how often each name was opened."""

    def __init__(self) -> None:
        self.current = VariableScope(False)
        self.store = VariableStore()
        self.opened: dict[str, int] = {}

    def close_below(self, name: str) -> None:
        for key in self.opened:
            if not name or key.startswith(name + "/"):
                self.opened[key] = 0


def _scopes() -> _Scopes:
    notes = current_graph().notes
    if "variable_scope" not in notes:
        notes["variable_scope"] = _Scopes()
    found: _Scopes = notes["variable_scope"]
    return found


def get_variable_scope() -> VariableScope:
    """The variable scope that surrounds this line."""
    return _scopes().current


def _get_default_variable_store() -> VariableStore:
    return _scopes().store


def get_variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    validate_shape: bool = True,
    use_resource: bool | None = None,
    custom_getter: Any = None,
    constraint: Any = None,
    synchronization: Any = None,
    aggregation: Any = None,
) -> Any:
    """The variable `name` of the current scope: a new one, or a shared one where the scope says reuse."""
    scopes = _scopes()
    return scopes.current.get_variable(
        scopes.store,
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=collections,
        caching_device=caching_device,
        partitioner=partitioner,
        validate_shape=validate_shape,
        use_resource=use_resource,
        custom_getter=custom_getter,
        constraint=constraint,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def get_local_variable(name: str, *args: Any, **options: Any) -> Any:
    """get_variable for a variable that is neither trained nor saved."""
    collections = [*(options.pop("collections", None) or ()), GraphKeys.LOCAL_VARIABLES]
    options |= {"trainable": False, "collections": list(dict.fromkeys(collections))}
    return get_variable(name, *args, **options)


class variable_scope:
    """`with tf.variable_scope("layer"):` variables and nodes inside are named under it."""

    def __init__(
        self,
        name_or_scope: Any,
        default_name: str | None = None,
        values: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        reuse: Any = None,
        dtype: Any = None,
        use_resource: bool | None = None,
        constraint: Any = None,
        auxiliary_name_scope: bool = True,
    ) -> None:
        if default_name is None and name_or_scope is None:
            raise TypeError("If default_name is None then name_or_scope is required")
        if reuse not in (None, True, False, AUTO_REUSE):
            raise ValueError(
                f"The reuse parameter must be True or False or None or AUTO_REUSE, not {reuse!r}"
            )
        if not isinstance(auxiliary_name_scope, bool):
            raise TypeError(
                f"The auxiliary_name_scope must be `True` or `False`, while get {auxiliary_name_scope}"
            )
        self._name_or_scope, self._default_name, self._values = name_or_scope, default_name, values
        # True and AUTO_REUSE are wishes; False is no wish, and reuse is inherited
        self._reuse = None if reuse is False else reuse
        self._given = {
            "initializer": initializer,
            "regularizer": regularizer,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "custom_getter": custom_getter,
            "dtype": dtype,
            "use_resource": use_resource,
        }
        self._constraint = constraint
        self._auxiliary = auxiliary_name_scope
        self._open: list[Any] = []

    def __enter__(self) -> VariableScope:
        manager = self._enter()
        scope: VariableScope = manager.__enter__()
        self._open.append(manager)
        return scope

    def __exit__(self, *error: Any) -> Any:
        return self._open.pop().__exit__(*error)

    @contextmanager
    def _enter(self) -> Any:
        graph = build.graph_of(list(self._values) if self._values is not None else [])
        with graph.as_default():
            given = self._name_or_scope
            if given is not None and not isinstance(given, str | VariableScope):
                raise TypeError("VariableScope: name_or_scope must be a string or VariableScope.")
            if given is None and self._reuse:
                raise ValueError("reuse=True cannot be used without a name_or_scope")
            with self._names(given) as entered:
                if isinstance(given, VariableScope):
                    with self._jumped(given) as scope:
                        yield scope
                else:
                    name = unused_scope(str(self._default_name)) if given is None else given
                    with self._prolonged(name, entered) as scope:
                        yield scope

    @contextmanager
    def _names(self, given: Any) -> Any:
        """The name scope that comes with the variable scope."""
        if not self._auxiliary:
            here = current_graph().get_name_scope()
            with open_name_scope(here + "/" if here else here) as entered:
                yield entered
            return
        name = (
            self._default_name
            if given is None
            else given
            if isinstance(given, str)
            else given.name.split("/")[-1]
        )
        if not name:
            yield None
            return
        with open_name_scope(name) as entered:
            yield entered

    @contextmanager
    def _jumped(self, given: VariableScope) -> Any:
        """An existing scope again, wherever we are."""
        scopes = _scopes()
        scope = self._derived(
            given, given.name, given.original_name_scope, self._reuse or given.reuse
        )
        before, counts = scopes.current, dict(scopes.opened)
        scopes.opened[scope.name] = scopes.opened.get(scope.name, 0) + 1
        counts[scope.name] = scopes.opened[scope.name]
        scopes.current = scope
        try:
            yield scope
        finally:
            self._leave(scopes, scope, before)
            scopes.opened = counts

    @contextmanager
    def _prolonged(self, name: str, entered: str | None) -> Any:
        """A scope inside the current one."""
        scopes = _scopes()
        outer = scopes.current
        full = f"{outer.name}/{name}" if outer.name else name
        scope = self._derived(
            outer, full, name if entered is None else entered, self._reuse or outer.reuse
        )
        scopes.opened[full] = scopes.opened.get(full, 0) + 1
        scopes.current = scope
        try:
            yield scope
        finally:
            self._leave(scopes, scope, outer)
            scopes.close_below(full)

    def _leave(self, scopes: _Scopes, scope: VariableScope, before: VariableScope) -> None:
        if scopes.current is not scope:
            raise RuntimeError("Improper nesting of variable_scope.")
        scopes.current = before

    def _derived(
        self, base: VariableScope, name: str, name_scope: str, reuse: Any
    ) -> VariableScope:
        options = {key: getattr(base, key) for key in _INHERITED}
        options |= {key: value for key, value in self._given.items() if value is not None}
        getter, outer = self._given["custom_getter"], base.custom_getter
        if getter is not None and outer is not None:
            options["custom_getter"] = _nested_getter(getter, outer)
        return VariableScope(
            reuse, name, name_scope=name_scope, constraint=self._constraint, **options
        )


def _nested_getter(inner: Callable[..., Any], outer: Callable[..., Any]) -> Callable[..., Any]:
    """The inner getter, whose getter is the outer one."""

    def getter(true_getter: Callable[..., Any], *args: Any, **options: Any) -> Any:
        def through(*a: Any, **o: Any) -> Any:
            return outer(true_getter, *a, **o)

        return inner(through, *args, **options)

    return getter


def unused_scope(prefix: str) -> str:
    """`prefix`, numbered where the current scope has opened it before."""
    scopes = _scopes()
    name = f"{scopes.current.name}/{prefix}" if scopes.current.name else prefix
    if not scopes.opened.get(name):
        return prefix
    number = 1
    while scopes.opened.get(f"{name}_{number}"):
        number += 1
    return f"{prefix}_{number}"


@contextmanager
def bare_variable_scope(name: str, custom_getter: Any = None) -> Any:
    """A variable scope inside the current one that opens no name scope."""
    scope = variable_scope(name, custom_getter=custom_getter)
    with scope._prolonged(name, None) as entered:
        yield entered


@contextmanager
def variable_op_scope(
    values: Any, name_or_scope: Any, default_name: str | None = None, **options: Any
) -> Any:
    """variable_scope with its arguments in the order of old."""
    with variable_scope(name_or_scope, default_name, values, **options) as scope:
        yield scope
