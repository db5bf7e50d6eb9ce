"""ResourceVariable: a variable behind a handle, which every use reads anew."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.resource_methods import ResourceMethods
from graphflow.frontend.safe_initial_values import guarded
from graphflow.frontend.variable_base import accessed
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape, as_shape


class BaseResourceVariable(ResourceMethods):
    """A variable behind a handle that exists already."""

    #: what a fetch of the variable runs
    _graph_element: Tensor
    #: the value on another device, which uses read instead
    _cached_value: Tensor | None = None
    _shape: TensorShape
    _dtype: DType

    # ---- what it is --------------------------------------------------------------------------------

    @property
    def handle(self) -> Tensor:
        return self._held

    @property
    def _handle(self) -> Tensor:
        return self._held

    @property
    def _gradient_source(self) -> Tensor:
        """What gradients are taken by: reads come and go, the handle stays."""
        return self._held

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        return self._shape

    @property
    def create(self) -> Any:
        return self._initializer_op

    def set_shape(self, shape: Any) -> None:
        raise NotImplementedError("ResourceVariable does not implement set_shape()")

    def numpy(self) -> Any:
        raise NotImplementedError("numpy() is only available when eager execution is enabled.")

    # ---- reading -----------------------------------------------------------------------------------

    def value(self) -> Tensor:
        """The value here and now, read by a node of its own."""
        if self._cached_value is not None:
            return self._cached_value
        graph = current_graph()
        with graph.colocate_with(None), graph.device(self._held.device):
            return self._read()

    def _read(self) -> Tensor:
        accessed(self)
        tensor: Tensor = raw.ReadVariableOp(self._held, dtype=self._dtype)
        return tensor

    def read_value(self) -> Tensor:
        """The value here and now, wherever the surrounding lines want it."""
        graph = current_graph()
        with graph.name_scope("Read"), graph.device(self._held.device):
            value = self._read()
        tensor: Tensor = raw.Identity(value)
        return tensor

    def is_initialized(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.VarIsInitializedOp(self._held, name=name)
        return tensor

    def _is_initialized(self) -> Tensor:
        return self.is_initialized()

    def _as_tensor(self, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
        if dtype is not None and not dtype.is_compatible_with(self._dtype):
            raise ValueError(
                f"Incompatible type conversion requested to type '{dtype.name}' for variable "
                f"of type '{self._dtype.name}'"
            )
        return self.value()

    def _as_graph_element(self) -> Tensor:
        return self._graph_element

    def eval(self, session: Any = None) -> Any:
        return self._graph_element.eval(session=session)

    # ---- writing -----------------------------------------------------------------------------------

    def _lazy_read(self, op: Node) -> UnreadVariable:
        accessed(self)
        return UnreadVariable(self, op)

    def _after_cached(self) -> AbstractContextManager[Any]:
        """What is written is written after the cached value has been read."""
        cached = self._cached_value
        return nullcontext() if cached is None else current_graph().control_dependencies([cached])

    def _snapshot_name(self) -> str:
        return (self._graph_element if self._cached_value is None else self._cached_value).name

    def to_proto(self, export_scope: str | None = None) -> Any:
        """A VariableDef, or None for a variable outside of the scope."""
        made = super().to_proto(export_scope)
        if made is not None:
            made.is_resource = True
        return made


class ResourceVariable(BaseResourceVariable):
    """A variable behind a handle.

    Building one makes TensorFlow's nodes: the initial value, `VarHandleOp`, `VarIsInitializedOp`,
    `AssignVariableOp` and `ReadVariableOp`.
    """

    #: tf.cast to the type that it has gives the variable back, unread
    _casts_to_itself = True

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        dtype: Any = None,
        variable_def: Any = None,
        import_scope: str | None = None,
        constraint: Any = None,
        distribute_strategy: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._describe(variable_def, import_scope)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        self._note(trainable, constraint, synchronization, aggregation, name)
        keys = self._keys(collections)
        with init_scope():
            from_function = callable(initial_value)
            values = [] if from_function else [initial_value]
            with build.name_scope(name, "Variable", values) as scope:
                first = initial_value if from_function else lambda: initial_value
                self._build(first, scope, dtype, shape, caching_device)
                self.graph.add_to_collections(keys, self)

    def _build(
        self, initial_value: Any, scope: str, dtype: Any, shape: Any, caching_device: Any
    ) -> None:
        graph, name = current_graph(), scope[:-1]
        # all of it lies beside a handle that does not exist yet
        with graph._attr_scope({"_class": [f"loc:@{name}".encode()]}):
            with graph.name_scope("Initializer"), graph.device(None):
                first = convert(initial_value(), dtype, "initial_value")
            if first.graph is not graph:
                raise ValueError(
                    f"Initializer for variable {scope} is from inside a control-flow construct, such as a loop "
                    "or conditional. When creating a variable inside a loop or conditional, use a lambda as the "
                    "initializer."
                )
            self._shape = first.shape if shape is None else as_shape(shape)
            if not first.shape.is_compatible_with(self._shape):
                raise ValueError(
                    f"The initial value's shape ({first.shape}) is not compatible with the explicitly "
                    f"supplied `shape` argument ({self._shape})."
                )
            self._initial_value, self._dtype = first, first.dtype.base_dtype
            self._held = raw.VarHandleOp(
                shape=self._shape,
                dtype=self._dtype,
                shared_name=name,
                container=graph.containers[-1] if graph.containers else "",
                name=scope,
            )
        with graph.name_scope("IsInitialized"):
            self._is_initialized_op = raw.VarIsInitializedOp(self._held)
        device = self._held.device
        with (
            graph.name_scope("Assign") as assign,
            graph.colocate_with(None),
            graph.device(device),
        ):
            self._initializer_op = raw.AssignVariableOp(
                self._held, guarded(name, first), name=assign
            )
        with graph.name_scope("Read"):
            with graph.device(device):
                self._graph_element = raw.ReadVariableOp(self._held, dtype=self._dtype)
            if caching_device is not None:
                with graph.colocate_with(None), graph.device(caching_device):
                    self._cached_value = raw.Identity(self._graph_element)

    def _describe(self, variable_def: Any, import_scope: str | None) -> None:
        """Become the variable of a message."""
        if not variable_def.is_resource:
            raise ValueError("Trying to restore Variable as ResourceVariable.")
        element = self._restore(variable_def, import_scope)
        self._shape, self._dtype = self._held.node.attr("shape"), self._held.node.attr("dtype")
        snapshot = element(variable_def.snapshot_name or f"{self.op.name}/Read/ReadVariableOp:0")
        if snapshot.node.type != "ReadVariableOp":
            self._cached_value = snapshot
        while snapshot.node.type != "ReadVariableOp":
            if not snapshot.node.inputs:
                raise ValueError(
                    f"the snapshot {variable_def.snapshot_name} of {self.name} reads no variable"
                )
            snapshot = snapshot.node.inputs[0]
        self._graph_element = snapshot

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> ResourceVariable:
        """The variable that a VariableDef describes, in the current graph."""
        return ResourceVariable(variable_def=variable_def, import_scope=import_scope)


class UnreadVariable(BaseResourceVariable):
    """A variable just written: whoever looks at it reads it after that."""

    def __init__(self, written: BaseResourceVariable, op: Node) -> None:
        self._held, self._shape, self._dtype = written.handle, written.shape, written.dtype
        self._note(None, None, None, None, op.name)
        self._initial_value = self._initializer_op = None
        self._parent_op = op
        self._graph_element = self._read()

    @property
    def name(self) -> str:
        return self._parent_op.name

    @property
    def op(self) -> Node:
        return self._parent_op

    def value(self) -> Tensor:
        return self._read()

    def read_value(self) -> Tensor:
        return self._read()

    def _read(self) -> Tensor:
        with current_graph().control_dependencies([self._parent_op]):
            tensor: Tensor = raw.ReadVariableOp(self._held, dtype=self._dtype)
            return tensor
