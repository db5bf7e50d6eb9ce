"""Nodes and tensors: an op applied, and what comes out of it. They are TensorFlow's Operation and Tensor."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Any

from graphflow.ir import doors, stacks
from graphflow.ir.dtype import DType
from graphflow.ir.op import Op
from graphflow.ir.operators import Operators
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ir.where import Place, place

if TYPE_CHECKING:
    from graphflow.ir.graph import Graph


class TensorType:
    """A dtype and a shape."""

    __slots__ = ("dtype", "shape")

    def __init__(self, dtype: DType, shape: TensorShape) -> None:
        self.dtype = dtype
        self.shape = shape

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, TensorType)
            and self.dtype is other.dtype
            and self.shape == other.shape
        )

    def __hash__(self) -> int:
        return hash((self.dtype, self.shape))

    def __repr__(self) -> str:
        return f"{self.dtype.name}{self.shape}"


class Tensor(Operators):
    """One output of a node."""

    __slots__ = ("dtype", "index", "node", "shape")

    #: numpy must leave `array * tensor` to the tensor
    __array_priority__ = 100

    def __init__(self, node: Node, index: int, dtype: DType, shape: TensorShape) -> None:
        self.node = node
        self.index = index
        self.dtype = dtype
        self.shape = shape

    @property
    def type(self) -> TensorType:
        return TensorType(self.dtype, self.shape)

    @property
    def op(self) -> Node:
        return self.node

    @property
    def value_index(self) -> int:
        return self.index

    @property
    def graph(self) -> Graph:
        return self.node.graph

    @property
    def name(self) -> str:
        return f"{self.node.name}:{self.index}"

    @property
    def device(self) -> str:
        return self.node.device

    @property
    def _shape(self) -> TensorShape:
        return self.shape

    def get_shape(self) -> TensorShape:
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """State what is known of the shape beyond what was inferred."""
        try:
            self.shape = self.shape.merge_with(as_shape(shape))
        except ValueError as error:
            raise ValueError(f"set_shape of {self}: {error}") from None

    def consumers(self) -> list[Node]:
        return [n for n in self.graph.nodes if any(t is self for t in n.inputs)]

    def eval(self, feed_dict: Any = None, session: Any = None) -> Any:
        """The value of this tensor in the default session or in the one given."""
        return stacks.session_for(self.graph, session, "eval(session=sess)").run(self, feed_dict)

    def __str__(self) -> str:
        shape = "" if self.shape.known is None else f", shape={self.shape}"
        device = f", device={self.device}" if self.device else ""
        return f'Tensor("{self.name}"{shape}, dtype={self.dtype.name}{device})'

    def __repr__(self) -> str:
        return f"<tf.Tensor '{self.name}' shape={self.shape} dtype={self.dtype.name}>"

    def __hash__(self) -> int:
        return id(self) >> 4

    def __eq__(self, other: object) -> bool:
        return self is other

    def __copy__(self) -> Tensor:
        return self

    def __iter__(self) -> Any:
        raise TypeError(
            f"Tensor objects are only iterable when eager execution is enabled: {self} is a symbol, "
            "its rows exist when the graph runs. To iterate over it use tf.map_fn, tf.unstack or tf.split."
        )

    def __bool__(self) -> bool:
        raise TypeError(
            f"Using a `tf.Tensor` as a Python `bool` is not allowed: {self} has no value yet. "
            "Use `if t is not None:` to test if a tensor is defined, and tf.cond to decide by its value."
        )

    __nonzero__ = __bool__

    def __len__(self) -> int:
        raise TypeError(
            f"len is not well defined for symbolic Tensors ({self.name}); use tf.shape(x)[0]"
        )

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise NotImplementedError(
            f"Cannot convert a symbolic Tensor ({self.name}) to a numpy array."
        )

    def _as_tensor(self, dtype: DType | None, name: str, as_ref: bool) -> Tensor:
        return self


class Node:
    """An op applied to inputs, under a name, in a graph."""

    __slots__ = (
        "code",
        "controls",
        "device",
        "extra",
        "grad_of",
        "graph",
        "id",
        "inputs",
        "lasti",
        "name",
        "op",
        "out",
        "rest",
    )

    op: Op
    name: str
    graph: Graph
    #: position in the graph: every input has a smaller one
    id: int
    inputs: tuple[Tensor, ...]
    #: nodes that run before this one though no value flows
    controls: tuple[Node, ...]
    device: str
    #: the first output, and the others: most nodes have one, and this saves an object each
    out: Tensor | None
    rest: tuple[Tensor, ...]
    #: the node whose gradient this one computes
    grad_of: Node | None
    #: attributes outside the op: `_class` (colocation), `_output_shapes`, what an imported file carried
    extra: dict[str, Any] | None
    code: CodeType | None
    lasti: int

    @property
    def type(self) -> str:
        return type(self.op).type

    @property
    def outputs(self) -> list[Tensor]:
        return [] if self.out is None else [self.out, *self.rest]

    def values(self) -> tuple[Tensor, ...]:
        return tuple(self.outputs)

    @property
    def control_inputs(self) -> list[Node]:
        return list(self.controls)

    @property
    def where(self) -> Place | None:
        """The user's line that made this node."""
        return place(self.code, self.lasti)

    @property
    def traceback(self) -> list[tuple[str, int, str, str]]:
        at = self.where
        return [] if at is None else [(at.file, at.line, at.function, at.text)]

    @property
    def node_def(self) -> Any:
        return doors.enter("node_def")(self)

    @property
    def op_def(self) -> Any:
        return doors.enter("op_def")(type(self.op))

    @property
    def _id(self) -> int:
        return self.id + 1

    @property
    def _inputs(self) -> list[Tensor]:
        return list(self.inputs)

    def attr(self, name: str) -> Any:
        """The attribute `name`: the op's own, one that follows from the inputs, or one carried along."""
        if self.extra is not None and name in self.extra:
            return self.extra[name]
        if name in self.op.fields:
            return self.op.__dict__[name]
        inferred = self.type_attrs()
        if name in inferred:
            return inferred[name]
        raise ValueError(f"Operation '{self.name}' has no attr named '{name}'.")

    def get_attr(self, name: str) -> Any:
        """The attribute as TensorFlow's Python gives it: texts as bytes; arrays, shapes and functions as messages."""
        value = self.attr(name)
        if isinstance(value, list | tuple):
            return [_as_message(v) for v in value]
        if hasattr(value, "nodes"):
            return self.node_def.attr[name].func
        return _as_message(value)

    def type_attrs(self) -> dict[str, Any]:
        """The attributes that the inputs decide: type variables and list lengths."""
        sig = type(self.op).sig()
        found: dict[str, Any] = {k: self.op.__dict__[k] for k in self.op.fields}
        at = 0
        for position, arg in enumerate(sig.inputs):
            if not arg.is_list:
                if arg.variable and arg.variable not in found:
                    found[arg.variable] = self.inputs[at].dtype.base_dtype
                at += 1
                continue
            later = sum(1 for a in sig.inputs[position + 1 :] if not a.is_list)
            measure = self.op.measured_by.get(arg.count or arg.variable)
            if measure is not None:
                size = len(self.op.__dict__[measure])
            elif arg.count and arg.count in found:
                size = found[arg.count]
            elif arg.variable in found and not arg.count:
                size = len(found[arg.variable])
            else:
                # lists of one count have one length
                alike = sum(1 for a in sig.inputs[position:] if a.is_list and a.count == arg.count)
                size = (len(self.inputs) - at - later) // alike
            types = [t.dtype.base_dtype for t in self.inputs[at : at + size]]
            if arg.count:
                found[arg.count] = size
                if arg.variable and types:
                    found.setdefault(arg.variable, types[0])
            else:
                found.setdefault(arg.variable, types)
            at += size
        return found

    def colocation_groups(self) -> list[bytes]:
        groups = (self.extra or {}).get("_class")
        return list(groups) if groups else [f"loc:@{self.name}".encode()]

    def run(self, feed_dict: Any = None, session: Any = None) -> None:
        """Run this node in the default session or in the one given."""
        stacks.session_for(self.graph, session, "run(session=sess)").run(self, feed_dict)

    def _add_control_input(self, node: Node) -> None:
        self._add_control_inputs([node])

    def _add_control_inputs(self, nodes: list[Node]) -> None:
        for node in nodes:
            if node.graph is not self.graph or node.id >= self.id:
                raise ValueError(
                    f"cannot make '{self.name}' wait for '{node.name}', which was made after it: "
                    "create it inside tf.control_dependencies instead"
                )
        self.controls = tuple(dict.fromkeys((*self.controls, *nodes)))

    def _set_attr(self, name: str, value: Any) -> None:
        if hasattr(value, "WhichOneof"):  # TensorFlow's AttrValue
            value = doors.enter("attr_content")(value)
        self.extra = {**(self.extra or {}), name: value}

    def _set_device(self, device: Any) -> None:
        self.device = str(device)

    def __repr__(self) -> str:
        return f"<tf.Operation '{self.name}' type={self.type}>"

    def __str__(self) -> str:
        try:
            return str(self.node_def)
        except ImportError:  # messages are an extra
            return repr(self)


def _as_message(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode()
    if hasattr(value, "array"):
        return doors.enter("attr_value")(value).tensor
    return value.as_proto() if isinstance(value, TensorShape) else value
