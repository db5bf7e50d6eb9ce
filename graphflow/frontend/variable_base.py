"""What all variables have in common, and which kind of them `tf.Variable(...)` makes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.safe_initial_values import initialized_value
from graphflow.frontend.save_slices import SaveSliceInfo
from graphflow.frontend.sliced_variables import assignable
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization, modes
from graphflow.io import protos
from graphflow.ir import stacks
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.operators import Operators
from graphflow.ir.shape import TensorShape

#: makes a variable from the arguments of tf.Variable; the room that knows all kinds puts itself here
default_creator: list[Callable[..., Any]] = []


class _Creating(type):
    """Calling Variable itself asks the creators that surround this line; calling a kind of it makes one."""

    def __call__(cls, *args: Any, **options: Any) -> Any:
        if cls is Variable:
            return _created(*args, **options)
        return super().__call__(*args, **options)


def creators() -> list[Callable[..., Any]]:
    """The creators of the current graph, the innermost last."""
    found: list[Callable[..., Any]] = current_graph().notes.setdefault("variable_creators", [])
    return found


def accessed(variable: Any) -> None:
    """Note that a trained variable behind a handle is read or written here."""
    if variable.trainable:
        for watched in current_graph().notes.get("variables_watched", ()):
            watched[variable] = None


@contextmanager
def accessed_variables() -> Iterator[dict[Any, None]]:
    """The trained variables behind handles that the lines inside read or write."""
    watching = current_graph().notes.setdefault("variables_watched", [])
    found: dict[Any, None] = {}
    watching.append(found)
    try:
        yield found
    finally:
        watching.remove(found)


def _created(
    initial_value: Any = None,
    trainable: bool | None = None,
    collections: Any = None,
    validate_shape: bool = True,
    caching_device: Any = None,
    name: str | None = None,
    variable_def: Any = None,
    dtype: Any = None,
    expected_shape: Any = None,
    import_scope: str | None = None,
    constraint: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
    shape: Any = None,
) -> Any:
    """A variable, made by the innermost creator, which may ask the next one."""
    options = dict(locals())
    creator = default_creator[0]
    for outer in creators():
        creator = functools.partial(outer, creator)
    return creator(**options)


class Variable(Operators, metaclass=_Creating):
    """A value that lives in a session from run to run.

    `tf.Variable(...)` makes one that is passed by reference, or by a handle with use_resource=True.
    """

    __array_priority__ = 100

    SaveSliceInfo = SaveSliceInfo

    #: the node that makes the reference or the handle gives it as this tensor
    _held: Tensor
    _initial_value: Tensor | None
    _initializer_op: Node | None

    def __init__(self, *args: Any, **options: Any) -> None:
        """The arguments are those of `_created`."""
        raise NotImplementedError(f"{type(self).__name__} does not say how it is built")

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any:
            """Calling Variable makes one of its kinds, which can do more."""

    def _note(
        self,
        trainable: bool | None,
        constraint: Any,
        synchronization: Any,
        aggregation: Any,
        name: Any,
    ) -> None:
        """Take down what no node shows."""
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        self._synchronization, self._aggregation, self._trainable = modes(
            synchronization, aggregation, trainable, name
        )
        self._constraint = constraint
        self._save_slice_info: Any = None
        self._update_uid = -1

    def _keys(self, collections: Any) -> list[Any]:
        """The collections that a new variable belongs to."""
        keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
        if not isinstance(keys, list | tuple | set):
            raise ValueError(
                "collections argument to Variable constructor must be a list, tuple, or set. "
                f"Got {keys} of type {type(keys)}"
            )
        if self._trainable and GraphKeys.TRAINABLE_VARIABLES not in keys:
            return [*keys, GraphKeys.TRAINABLE_VARIABLES]
        return list(keys)

    # ---- what it is --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._held.name

    @property
    def op(self) -> Node:
        return self._held.node

    @property
    def graph(self) -> Graph:
        return self._held.graph

    @property
    def device(self) -> str:
        return self._held.device

    @property
    def dtype(self) -> DType:
        raise NotImplementedError

    @property
    def shape(self) -> TensorShape:
        raise NotImplementedError

    @property
    def _shared_name(self) -> str:
        return self._held.node.name

    @property
    def trainable(self) -> bool:
        return self._trainable

    @property
    def synchronization(self) -> VariableSynchronization:
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        return self._aggregation

    @property
    def constraint(self) -> Any:
        return self._constraint

    @property
    def initializer(self) -> Any:
        return self._initializer_op

    @property
    def initial_value(self) -> Any:
        return self._initial_value

    def get_shape(self) -> TensorShape:
        return self.shape

    # ---- reading and writing -------------------------------------------------------------------------

    def value(self) -> Tensor:
        raise NotImplementedError

    def read_value(self) -> Tensor:
        raise NotImplementedError

    def _is_initialized(self) -> Tensor:
        raise NotImplementedError

    def initialized_value(self) -> Tensor:
        """The value, or the initial value while the variable has none."""
        return initialized_value(self)

    def load(self, value: Any, session: Any = None) -> None:
        """Give the variable a value at once, in a session; no node is made."""
        session = session or stacks.get_default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be established"
            )
        session.run(self.initializer, {self.initializer.inputs[1]: value})

    def __getitem__(self, key: Any) -> Any:
        """A part of the value, which has a method `assign`."""
        return assignable(self, super().__getitem__(key))

    # ---- messages ------------------------------------------------------------------------------------

    def _snapshot_name(self) -> str:
        raise NotImplementedError

    def to_proto(self, export_scope: str | None = None) -> Any:
        """A VariableDef, or None for a variable outside of the scope."""
        if export_scope is not None and not self._held.name.startswith(export_scope):
            return None
        names = {
            "variable_name": self._held.name,
            "initializer_name": self.initializer.name,
            "snapshot_name": self._snapshot_name(),
        }
        if self._initial_value is not None:
            names["initial_value_name"] = self._initial_value.name
        made = protos.VariableDef(
            **{field: without_scope(name, export_scope) for field, name in names.items()}
        )
        made.trainable = self._trainable
        made.synchronization = self._synchronization.value
        made.aggregation = self._aggregation.value
        if self._save_slice_info is not None:
            made.save_slice_info_def.MergeFrom(self._save_slice_info.to_proto(export_scope))
        return made

    def _restore(self, variable_def: Any, import_scope: str | None) -> Any:
        """Become the variable that a VariableDef describes; gives a function of a name in it."""
        graph = current_graph()

        def element(name: str) -> Any:
            return graph.as_graph_element(within_scope(name, import_scope))

        self._note(
            variable_def.trainable,
            None,
            variable_def.synchronization,
            variable_def.aggregation,
            variable_def.variable_name,
        )
        self._held = element(variable_def.variable_name)
        self._initializer_op = element(variable_def.initializer_name)
        initial = variable_def.initial_value_name
        self._initial_value = element(initial) if initial else None
        if variable_def.HasField("save_slice_info_def"):
            self._save_slice_info = SaveSliceInfo(
                save_slice_info_def=variable_def.save_slice_info_def, import_scope=import_scope
            )
        return element

    def _set_save_slice_info(self, save_slice_info: Any) -> None:
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self) -> Any:
        return self._save_slice_info

    # ---- Python ------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        return f"<tf.Variable '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __hash__(self) -> int:
        return id(self) >> 4

    def __eq__(self, other: object) -> bool:
        return self is other

    def __iter__(self) -> Any:
        raise TypeError("'Variable' object is not iterable.")

    def __bool__(self) -> bool:
        return bool(self.value())

    def __copy__(self) -> Variable:
        return self

    def __deepcopy__(self, memo: Any) -> Variable:
        raise NotImplementedError(
            "__deepcopy__() is only available when eager execution is enabled."
        )
