"""tf.make_template: functions that make their variables at their first call, and use them ever after."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.scope_record import VariableScope
from graphflow.frontend.variable_scope import bare_variable_scope, unused_scope, variable_scope
from graphflow.ir import report
from graphflow.ir.build import current_graph

__all__ = ["make_template"]

_COUNTED = (GraphKeys.TRAINABLE_VARIABLES, GraphKeys.GLOBAL_VARIABLES)


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Any = None,
    **kwargs: Any,
) -> Template:
    """`func_` with `kwargs`, made a function that shares its variables between calls."""
    func = functools.partial(func_, **kwargs) if kwargs else func_
    return Template(name_, func, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """`func`, whose first call makes the variables and whose later calls reuse them."""

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Any = None,
    ) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._func, self._name = func, name
        self._unique_name, self._custom_getter = unique_name, custom_getter
        self._where = report.here()
        self._variable_scope: VariableScope | None = None
        if create_scope_now:
            # the scope of variables alone: nodes are named where the template is called
            with bare_variable_scope(unique_name or unused_scope(name), custom_getter) as scope:
                self._variable_scope = scope
        self._variables_created = False
        self._first_call = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if self._variable_scope is not None:
            with variable_scope(self._variable_scope, reuse=not self._first_call):
                return self._called(args, kwargs)
        with variable_scope(
            self._unique_name, self._name, custom_getter=self._custom_getter
        ) as scope:
            self._variable_scope = scope
            return self._called(args, kwargs)

    def _called(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        try:
            if self._variables_created:
                return self._again(args, kwargs)
            return self._first(args, kwargs)
        except Exception as error:
            # the call may be far away from the definition
            what = error.args[0] if error.args else ""
            error.args = (f"{what}\n  template of: {self._where}", *error.args[1:])
            raise

    def _first(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        self._first_call = False
        try:
            result = self._func(*args, **kwargs)
        except BaseException:
            self._first_call = True
            raise
        self._variables_created = True
        return result

    def _again(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        graph = current_graph()
        known = [len(graph.get_collection(key)) for key in _COUNTED]
        result = self._func(*args, **kwargs)
        made = [graph.get_collection(k)[n:] for k, n in zip(_COUNTED, known, strict=True)]
        if made[0]:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, "
                f"perhaps you used tf.Variable when you meant tf.get_variable: {made[0]}"
            )
        if made[1]:
            logging.info(
                "New variables created when calling a template after the first time, "
                "perhaps you used tf.Variable when you meant tf.get_variable: %s",
                made[1],
            )
        return result

    # ---- what it is --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        return self._variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The name of the scope, with the slash after which the names of its variables go on."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return name if not name or name.endswith("/") else name + "/"

    # ---- its variables: none before it was called --------------------------------------------------

    def _collected(self, key: str) -> list[Any]:
        if not self._variables_created:
            return []
        found: list[Any] = current_graph().get_collection(key, self.variable_scope_name)
        return found

    @property
    def trainable_variables(self) -> list[Any]:
        return self._collected(GraphKeys.TRAINABLE_VARIABLES)

    @property
    def global_variables(self) -> list[Any]:
        return self._collected(GraphKeys.GLOBAL_VARIABLES)

    @property
    def local_variables(self) -> list[Any]:
        return self._collected(GraphKeys.LOCAL_VARIABLES)

    @property
    def variables(self) -> list[Any]:
        return self.global_variables + self.local_variables

    @property
    def non_trainable_variables(self) -> list[Any]:
        trainable = set(self.trainable_variables)
        return [v for v in self.global_variables if v not in trainable]

    #: names of before
    var_scope = variable_scope
    weights = variables
    trainable_weights = trainable_variables
    non_trainable_weights = non_trainable_variables
