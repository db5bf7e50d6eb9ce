"""What is computed: an op is a class, its fields are its attributes, its methods say everything about it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, dataclass_transform

import numpy as np

from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ir.signature import Signature, parse

if TYPE_CHECKING:
    from graphflow.ir.node import Node, Tensor

#: Every op by the name that TensorFlow gives it.
REGISTRY: dict[str, type[Op]] = {}

_REQUIRED: Any = object()


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _whole(value: Any) -> int:
    if isinstance(value, str | bytes):
        raise TypeError(f"expected an int, got {value!r}")
    return int(value)


def _single(value: Any) -> float:
    # TensorFlow keeps such attributes in 32 bits, also for ops on float64
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def _truth(value: Any) -> bool:
    if not isinstance(value, bool | int | np.bool_ | np.integer):
        raise TypeError(f"expected a bool, got {value!r}")
    return bool(value)


def _wholes(value: Any) -> tuple[int, ...]:
    return tuple(int(v) for v in value)


def _optional(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else f(value)


def _element(value: Any) -> DType:
    """A type that an op computes with: that of a variable, `float32_ref`, stands for what the variable holds."""
    return as_dtype(value).base_dtype


#: How a field's annotation brings a value into the one form that ops compare and hash.
NORMAL: dict[str, Callable[[Any], Any]] = {
    "int": _whole,
    "bool": _truth,
    "float": _single,
    "str": _text,
    "DType": _element,
    "DType | None": _optional(_element),
    "DTypeOrRef": as_dtype,
    "TensorShape": as_shape,
    "TensorShape | None": _optional(as_shape),
    "tuple[int, ...]": _wholes,
    "tuple[float, ...]": lambda v: tuple(_single(x) for x in v),
    "tuple[bool, ...]": lambda v: tuple(bool(x) for x in v),
    "tuple[str, ...]": lambda v: tuple(_text(x) for x in v),
    "tuple[DType, ...]": lambda v: tuple(_element(x) for x in v),
    "tuple[TensorShape, ...]": lambda v: tuple(as_shape(x) for x in v),
}


@dataclass_transform(frozen_default=True, kw_only_default=False)
class Op:
    """What is computed. A frozen record of attributes; equal ops are one object where they can be.

    A subclass states its `signature`, its fields (annotated, in the order and with the names of
    TensorFlow's attributes), and the methods `infer`, `reference` or `execute`, and `gradient`.
    Facts are class attributes.
    """

    #: TensorFlow's name of the op: the class's own unless it says otherwise
    type: ClassVar[str]
    #: inputs -> outputs | constraints; see graphflow.ir.signature
    signature: ClassVar[str] = "->"
    fields: ClassVar[dict[str, str]] = {}
    defaults: ClassVar[dict[str, Any]] = {}
    commutative: ClassVar[bool] = False
    #: the op has state or an effect: it is never folded, merged, or moved past another run
    stateful: ClassVar[bool] = False
    #: False says on purpose that no gradient flows through this op
    differentiable: ClassVar[bool] = True
    #: the op has no value of its own: every run that needs it must feed it
    must_be_fed: ClassVar[bool] = False
    #: names of the resource inputs that the op reads as variables: it gets the value
    reads: ClassVar[tuple[str, ...]] = ()
    #: the op runs a body of its own again and again
    loops: ClassVar[bool] = False
    #: the op hands its bodies on as functions, which are called when its own run may be over
    calls_later: ClassVar[bool] = False
    #: `gradient` copes with None for an output that the result does not depend on
    takes_none: ClassVar[bool] = False
    #: `infer` looks at the values of inputs (a shape, an axis), not at their types alone
    by_value: ClassVar[bool] = False
    #: equal ops are one object; False for ops that hold arrays, graphs or functions
    interned: ClassVar[bool] = True
    #: for an op with several lists of inputs: the field that has as many items as a count or a list of types
    measured_by: ClassVar[dict[str, str]] = {}
    #: the output is the same variable as input 0
    forwards_ref: ClassVar[bool] = False
    #: names of the reference inputs that a run of this op writes
    writes: ClassVar[tuple[str, ...]] = ()

    _pool: ClassVar[dict[Any, Any]] = {}
    _signature: ClassVar[Signature | None] = None

    def __init_subclass__(cls, abstract: bool = False, kw_only: bool = False) -> None:
        # `kw_only` speaks to type checkers: required attributes may then follow optional ones, as TensorFlow's order wants
        fields, defaults = dict(cls.fields), dict(cls.defaults)
        for name, annotation in cls.__annotations__.items():
            if annotation.startswith("ClassVar"):
                continue
            fields[name] = annotation
            default = cls.__dict__.get(name, _REQUIRED)
            if default is not _REQUIRED:
                defaults[name] = default
        cls.fields, cls.defaults, cls._signature = fields, defaults, None
        if abstract:
            return
        if "type" not in cls.__dict__:
            cls.type = cls.__name__
        if cls.type in REGISTRY:
            raise ValueError(
                f"op {cls.type!r} is defined twice: by {REGISTRY[cls.type]} and by {cls}"
            )
        REGISTRY[cls.type] = cls

    def __new__(cls, *args: Any, **attrs: Any) -> Any:
        if not args and not attrs and cls.interned:
            op = Op._pool.get(cls)
            if op is not None:
                return op
        values = cls._values(args, attrs)
        if not cls.interned:
            op = object.__new__(cls)
            op.__dict__.update(zip(cls.fields, values, strict=True))
            return op
        key = (cls, *values)
        op = Op._pool.get(key)
        if op is None:
            op = object.__new__(cls)
            op.__dict__.update(zip(cls.fields, values, strict=True))
            Op._pool[key] = op
            if not args and not attrs:
                Op._pool[cls] = op
        return op

    @classmethod
    def _values(cls, args: tuple[Any, ...], attrs: dict[str, Any]) -> list[Any]:
        given = dict(zip(cls.fields, args, strict=False))
        if len(args) > len(cls.fields):
            raise TypeError(f"{cls.type} has {len(cls.fields)} attributes, {len(args)} given")
        for name in attrs:
            if name not in cls.fields:
                near = difflib.get_close_matches(name, cls.fields, 1)
                hint = (
                    f"; did you mean {near[0]!r}?"
                    if near
                    else f"; it has {list(cls.fields) or 'none'}"
                )
                raise TypeError(f"{cls.type} has no attribute {name!r}{hint}")
        given.update(attrs)
        values = []
        for name, annotation in cls.fields.items():
            value = given[name] if name in given else cls.defaults.get(name, _REQUIRED)
            if value is _REQUIRED:
                raise TypeError(f"{cls.type} needs the attribute {name!r}")
            normal = NORMAL.get(annotation)
            try:
                values.append(value if normal is None else normal(value))
            except (TypeError, ValueError) as error:
                raise TypeError(f"attribute {name!r} of {cls.type}: {error}") from None
        return values

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"an op is frozen: cannot set {name!r} of {self}")

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        return type(self) is type(other) and not self.interned and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        if self.interned:
            return id(self) >> 4
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        inner = ", ".join(f"{k}={v!r}" for k, v in self.attrs())
        return f"{type(self).type}({inner})"

    def attrs(self) -> Iterator[tuple[str, Any]]:
        """The attributes in their order."""
        for name in self.fields:
            yield name, self.__dict__[name]

    def replace(self, **attrs: Any) -> Any:
        """The same op with some attributes changed."""
        return type(self)(**(self.__dict__ | attrs))

    @classmethod
    def sig(cls) -> Signature:
        """The parsed signature."""
        found = cls.__dict__.get("_signature")
        if found is None:
            found = cls._signature = parse(cls.signature)
        return found

    # ---- what a subclass says -------------------------------------------------------------------

    def infer(self, *inputs: Any) -> Any:
        """The shape of the output (a tuple of shapes for several) from the inputs, or ValueError."""
        return () if not self.sig().outputs else TensorShape(None)

    def result_types(self, inputs: Sequence[Any], bound: dict[str, Any]) -> list[DType]:
        """The element types of the outputs, from the signature, the fields and the bound variables."""
        types: list[DType] = []
        for arg in self.sig().outputs:
            found: Any = arg.dtype
            if found is None and arg.variable:
                found = self.__dict__.get(arg.variable)
                if found is None:
                    found = bound.get(arg.variable) or self.sig().defaults.get(arg.variable)
            if not arg.is_list:
                types.append(found.ref if arg.is_ref else found)
            elif arg.count:
                size = self.__dict__.get(arg.count, bound.get(arg.count))
                types.extend([found.ref if arg.is_ref else found] * (size or 0))
            else:
                types.extend(found or ())
        return types

    def known(self, *inputs: Any) -> Any:
        """What is known of the output's value at build time: an object array of ints and Symbols."""
        return None

    def carried_into(self, body: Any, inputs: Sequence[Tensor]) -> dict[Tensor, Tensor]:
        """The inputs that a body of this op sees unchanged, with the arguments through which it sees them."""
        return {}

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        """The gradient of each input from the gradients of the outputs, as nodes."""
        raise LookupError(f"No gradient defined for operation '{n.name}' (op type: {n.type})")

    def reference(self, *inputs: Any) -> Any:
        """The value of the output (a tuple for several) in numpy: the meaning of the op."""
        raise NotImplementedError(f"{type(self).type} has no reference")

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        """As `reference`, for an op with state or with an effect; `run` is the run it happens in."""
        return self.reference(*inputs)


def lookup(name: str) -> type[Op]:
    """The op class that TensorFlow calls `name`."""
    found = REGISTRY.get(name)
    if found is None:
        near = difflib.get_close_matches(name, REGISTRY, 1)
        raise LookupError(
            f"no op is called {name!r}" + (f"; did you mean {near[0]!r}?" if near else "")
        )
    return found
