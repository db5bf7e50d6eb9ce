"""Variable: TensorFlow's class around VariableV2, Assign and the read that most uses go through."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.safe_initial_values import guarded, initialized_value
from graphflow.ir import build, raw, stacks
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.operators import Operators
from graphflow.ir.shape import TensorShape, as_shape


class Variable(Operators):
    """A value that lives in a session from run to run.

    Building one makes TensorFlow's nodes: the initial value, `VariableV2`, `Assign` and `read`.
    """

    __array_priority__ = 100

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
        use_resource: bool | None = None,
        synchronization: Any = None,
        aggregation: Any = None,
        shape: Any = None,
    ) -> None:
        if initial_value is None:
            raise ValueError("initial_value must be specified.")
        if constraint is not None and not callable(constraint):
            raise ValueError("The `constraint` argument must be a callable.")
        keys = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
        if not isinstance(keys, list | tuple | set):
            raise ValueError(
                f"collections argument to Variable constructor must be a list, tuple, or set. Got {keys!r}"
            )
        self._trainable = True if trainable is None else bool(trainable)
        if self._trainable and GraphKeys.TRAINABLE_VARIABLES not in keys:
            keys = [*keys, GraphKeys.TRAINABLE_VARIABLES]
        self._constraint = constraint
        self._save_slice_info: Any = None
        self._update_uid = -1
        with init_scope():
            self._build(initial_value, name, validate_shape, caching_device, dtype, shape)
            self.graph.add_to_collections(list(keys), self)

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
                        self._initial_value = convert(initial_value(), dtype, "initial_value")
                    self._variable = self._holder(scope, validate_shape, shape)
            else:
                self._initial_value = convert(initial_value, dtype, "initial_value")
                self._variable = self._holder(scope, validate_shape, shape)
            if validate_shape and not self._initial_value.shape.is_static:
                raise ValueError(
                    f"initial_value must have a shape specified: {self._initial_value}. "
                    "validate_shape=False allows a variable of unknown shape"
                )
            value = guarded(scope[:-1], self._initial_value)
            self._initializer_op: Node = raw.Assign(
                self._variable, value, validate_shape=validate_shape
            ).node
            with graph.colocate_with(self._variable.node):
                if caching_device is None:
                    self._snapshot: Tensor = raw.Identity(self._variable, name="read")
                else:
                    with graph.device(caching_device):
                        self._snapshot = raw.Identity(self._variable, name="read")

    def _holder(self, scope: str, validate_shape: bool, shape: Any) -> Tensor:
        if shape is None:
            shape = self._initial_value.shape if validate_shape else TensorShape(None)
        dtype = self._initial_value.dtype.base_dtype
        tensor: Tensor = raw.VariableV2(shape=as_shape(shape), dtype=dtype, name=scope)
        return tensor

    # ---- what it is --------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        return self._variable.name

    @property
    def op(self) -> Node:
        return self._variable.node

    @property
    def graph(self) -> Graph:
        return self._variable.graph

    @property
    def device(self) -> str:
        return self._variable.device

    @property
    def dtype(self) -> DType:
        return self._variable.dtype

    @property
    def shape(self) -> TensorShape:
        return self._variable.shape

    @property
    def _shared_name(self) -> str:
        return self._variable.node.name

    def get_shape(self) -> TensorShape:
        return self.shape

    def set_shape(self, shape: Any) -> None:
        self._variable.set_shape(shape)
        self._snapshot.set_shape(shape)

    @property
    def trainable(self) -> bool:
        return self._trainable

    @property
    def constraint(self) -> Any:
        return self._constraint

    @property
    def initializer(self) -> Node:
        return self._initializer_op

    @property
    def initial_value(self) -> Tensor:
        return self._initial_value

    # ---- reading -----------------------------------------------------------------------------------

    def value(self) -> Tensor:
        """The value as most uses read it: the node called `read`, made with the variable."""
        return self._snapshot

    def read_value(self) -> Tensor:
        """The value as it is here and now: under control dependencies it is read after them."""
        tensor: Tensor = raw.Identity(self._variable, name="read")
        return tensor

    def initialized_value(self) -> Tensor:
        """The value, or the initial value while the variable has none."""
        return initialized_value(self)

    def _as_tensor(self, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
        return self._variable if as_ref else self._snapshot

    def _as_graph_element(self) -> Tensor:
        return self._variable

    def _ref(self) -> Tensor:
        return self._variable

    def eval(self, session: Any = None) -> Any:
        return self._variable.eval(session=session)

    def load(self, value: Any, session: Any = None) -> None:
        """Give the variable a value at once, in a session; no node is made."""
        session = session or stacks.get_default_session()
        if session is None:
            raise ValueError(
                "Either session argument should be provided or default session should be established"
            )
        session.run(self._initializer_op, {self._initializer_op.inputs[1]: value})

    # ---- writing -----------------------------------------------------------------------------------

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.Assign(self._variable, value, use_locking=use_locking, name=name), read_value
        )

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.AssignAdd(self._variable, delta, use_locking=use_locking, name=name), read_value
        )

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        return _effect(
            raw.AssignSub(self._variable, delta, use_locking=use_locking, name=name), read_value
        )

    def count_up_to(self, limit: int) -> Tensor:
        tensor: Tensor = raw.CountUpTo(self._variable, limit=limit)
        return tensor

    def _scatter(self, op: str, sparse_delta: Any, use_locking: bool, name: str | None) -> Any:
        scatter = getattr(raw, op)
        return scatter(
            self._variable,
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

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdAdd(self._variable, indices, updates, use_locking=True, name=name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdSub(self._variable, indices, updates, use_locking=True, name=name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return raw.ScatterNdUpdate(self._variable, indices, updates, use_locking=True, name=name)

    def gather_nd(self, indices: Any, name: str | None = None) -> Any:
        return raw.GatherNd(self, indices, name=name)

    def sparse_read(self, indices: Any, name: str | None = None) -> Any:
        return raw.GatherV2(self, indices, 0, name=name)

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
        return bool(self._snapshot)

    def __copy__(self) -> Variable:
        return self

    class SaveSliceInfo:
        """Which part of a larger variable this one is."""

        def __init__(
            self,
            full_name: str | None = None,
            full_shape: Any = None,
            var_offset: Any = None,
            var_shape: Any = None,
            save_slice_info_def: Any = None,
            import_scope: str | None = None,
        ) -> None:
            self.full_name, self.full_shape = full_name, full_shape
            self.var_offset, self.var_shape = var_offset, var_shape

        @property
        def spec(self) -> str:
            sizes = " ".join(str(d) for d in self.full_shape) + " "
            parts = zip(self.var_offset, self.var_shape, strict=True)
            return sizes + ":".join(f"{o},{s}" for o, s in parts)

    def _set_save_slice_info(self, save_slice_info: Any) -> None:
        self._save_slice_info = save_slice_info

    def _get_save_slice_info(self) -> Any:
        return self._save_slice_info


def _effect(written: Any, read_value: bool) -> Any:
    return written if read_value else written.node
