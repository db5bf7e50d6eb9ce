"""RefVariable: TensorFlow's class around VariableV2, Assign and the read that most uses go through."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.batch_scatter import batch_scatter_update
from graphflow.frontend.framework import init_scope
from graphflow.frontend.safe_initial_values import guarded
from graphflow.frontend.variable_base import Variable
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape


class RefVariable(Variable):
    """A variable that ops refer to by reference.

    Building one makes TensorFlow's nodes: the initial value, `VariableV2`, `Assign` and `read`.
    """

    _snapshot: Tensor

    def __init__(
        self,
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
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if variable_def is not None:
            if initial_value is not None:
                raise ValueError("variable_def and initial_value are mutually exclusive.")
            self._snapshot = self._restore(variable_def, import_scope)(variable_def.snapshot_name)
            return
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        self._note(trainable, constraint, synchronization, aggregation, name)
        keys = self._keys(collections)
        with init_scope():
            self._build(initial_value, name, validate_shape, caching_device, dtype, shape)
            self.graph.add_to_collections(keys, self)

    def _build(
        self,
        initial_value: Any,
        name: str | None,
        validate_shape: bool,
        caching_device: Any,
        dtype: Any,
        shape: Any,
    ) -> None:
        from_function = callable(initial_value)
        with build.name_scope(name, "Variable", [] if from_function else [initial_value]) as scope:
            graph = build.current_graph()
            if from_function:
                # the initial value lies beside a variable that does not exist yet
                beside = {"_class": [f"loc:@{scope[:-1]}".encode()]}
                with graph._attr_scope(beside):
                    with graph.name_scope("Initializer"), graph.device(None):
                        first = convert(initial_value(), dtype, "initial_value")
                    self._held = _reference(first, scope, validate_shape, shape)
            else:
                first = convert(initial_value, dtype, "initial_value")
                self._held = _reference(first, scope, validate_shape, shape)
            if validate_shape and not first.shape.is_static:
                raise ValueError(
                    f"initial_value must have a shape specified: {first}. "
                    "validate_shape=False allows a variable of unknown shape"
                )
            self._initial_value = first
            value = guarded(scope[:-1], first)
            self._initializer_op = raw.Assign(self._held, value, validate_shape=validate_shape).node
            if caching_device is not None:
                with graph.device(caching_device):
                    self._snapshot = raw.Identity(self._held, name="read")
            else:
                with graph.colocate_with(self._held.node):
                    self._snapshot = raw.Identity(self._held, name="read")

    @staticmethod
    def from_proto(variable_def: Any, import_scope: str | None = None) -> RefVariable:
        """The variable that a VariableDef describes, in the current graph."""
        return RefVariable(variable_def=variable_def, import_scope=import_scope)

    # ---- what it is --------------------------------------------------------------------------------

    @property
    def dtype(self) -> DType:
        return self._held.dtype

    @property
    def shape(self) -> TensorShape:
        return self._held.shape

    @property
    def _variable(self) -> Tensor:
        return self._held

    def set_shape(self, shape: Any) -> None:
        self._held.set_shape(shape)
        self._snapshot.set_shape(shape)

    def _snapshot_name(self) -> str:
        return self._snapshot.name

    # ---- reading -----------------------------------------------------------------------------------

    def value(self) -> Tensor:
        """The value as most uses read it: the node called `read`, made with the variable."""
        return self._snapshot

    def read_value(self) -> Tensor:
        """The value as it is here and now: under control dependencies it is read after them."""
        tensor: Tensor = raw.Identity(self._held, name="read")
        return tensor

    def _is_initialized(self) -> Tensor:
        tensor: Tensor = raw.IsVariableInitialized(self._held)
        return tensor

    def _as_tensor(self, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
        return self._held if as_ref else self._snapshot

    def _as_graph_element(self) -> Tensor:
        return self._held

    def _ref(self) -> Tensor:
        return self._held

    def eval(self, session: Any = None) -> Any:
        return self._held.eval(session=session)

    # ---- writing -----------------------------------------------------------------------------------

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.Assign(self._held, value, use_locking=use_locking, name=name), read_value
        )

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.AssignAdd(self._held, delta, use_locking=use_locking, name=name), read_value
        )

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.AssignSub(self._held, delta, use_locking=use_locking, name=name), read_value
        )

    def count_up_to(self, limit: int) -> Tensor:
        tensor: Tensor = raw.CountUpTo(self._held, limit=limit)
        return tensor

    def _scatter(self, op: str, sparse_delta: Any, use_locking: bool, name: str | None) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        return getattr(raw, op)(
            self._held,
            sparse_delta.indices,
            sparse_delta.values,
            use_locking=use_locking,
            name=name,
        )

    def scatter_add(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterAdd", sparse_delta, use_locking, name)

    def scatter_sub(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterSub", sparse_delta, use_locking, name)

    def scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterUpdate", sparse_delta, use_locking, name)

    def scatter_mul(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterMul", sparse_delta, use_locking, name)

    def scatter_div(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterDiv", sparse_delta, use_locking, name)

    def scatter_max(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterMax", sparse_delta, use_locking, name)

    def scatter_min(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ScatterMin", sparse_delta, use_locking, name)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return batch_scatter_update(
            self, sparse_delta.indices, sparse_delta.values, use_locking, name
        )

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdAdd(self._held, indices, updates, use_locking=True, name=name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdSub(self._held, indices, updates, use_locking=True, name=name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdUpdate(self._held, indices, updates, use_locking=True, name=name)

    def _scatter_nd_update(self, indices: Any, updates: Any, use_locking: bool) -> Any:
        return raw.ScatterNdUpdate(self._held, indices, updates, use_locking=use_locking)

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: str | None, **masks: int
    ) -> Any:
        return raw.StridedSliceAssign(self._held, begin, end, strides, value, name=name, **masks)


def _reference(first: Tensor, scope: str, validate_shape: bool, shape: Any) -> Tensor:
    """The node that holds the variable, by the shape and type of its first value."""
    if shape is None:
        shape = first.shape if validate_shape else TensorShape(None)
    tensor: Tensor = raw.VariableV2(shape=as_shape(shape), dtype=first.dtype.base_dtype, name=scope)
    return tensor


def _effect(written: Any, read_value: bool) -> Any:
    return written if read_value else written.node
