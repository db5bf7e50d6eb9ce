"""Attributes of ops as AttrValue messages and back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graphflow import errors
from graphflow.io import protos, tensor_proto
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.literal import Literal
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape, as_shape


class FunctionName(NamedTuple):
    """A function of the file, with values for its attributes."""

    name: str
    attrs: dict[str, Any]


class Parameter(NamedTuple):
    """Inside a function: the attribute of that name of whoever calls it."""

    name: str


# ---- out ---------------------------------------------------------------------------------------------


def to_message(value: Any, annotation: str = "") -> Any:
    """The AttrValue of a Python value; `annotation` is how the op declares the attribute."""
    message = protos.AttrValue()
    if isinstance(value, list | tuple) and not isinstance(value, FunctionName | Parameter):
        message.list.SetInParent()
        for item in value:
            field, stored = _stored(item, annotation)
            getattr(message.list, field).append(stored)
        return message
    field, stored = _stored(value, annotation)
    if hasattr(stored, "DESCRIPTOR"):
        getattr(message, field).CopyFrom(stored)
        getattr(message, field).SetInParent()
    else:
        setattr(message, field, stored)
    return message


def _stored(value: Any, annotation: str) -> tuple[str, Any]:
    """The field of AttrValue that holds a value, and the form it has there."""
    if "float" in annotation and not isinstance(value, bool):
        return "f", value
    for kinds, field, form in _FORMS:
        if isinstance(value, kinds):
            return field, form(value)
    if hasattr(value, "DESCRIPTOR"):
        found = _MESSAGES.get(value.DESCRIPTOR.name)
        if found is not None:
            return found, value
    raise errors.InvalidArgumentError(
        message=f"an attribute of type {type(value).__name__} fits no AttrValue: {value!r}"
    )


def _name_attr_list(value: FunctionName) -> Any:
    message = protos.NameAttrList(name=value.name)
    for key, attr in value.attrs.items():
        message.attr[key].CopyFrom(to_message(attr))
    return message


def _tensor(array: Any) -> Any:
    """The message of an array; where one element is repeated, it is written once."""
    if array.size > 1 and not any(array.strides):
        return tensor_proto.from_array(array.ravel()[0], array.dtype, array.shape)
    return tensor_proto.from_array(array)


def _same(value: Any) -> Any:
    return value


def _bytes(value: str) -> bytes:
    return value.encode("utf-8", "surrogateescape")


#: Python types in the order in which they are tried: a bool is an int
_FORMS: Sequence[tuple[Any, str, Callable[[Any], Any]]] = (
    (bool, "b", _same),
    (int, "i", _same),
    (float, "f", _same),
    (bytes, "s", _same),
    (str, "s", _bytes),
    (DType, "type", lambda t: t.as_datatype_enum),
    (TensorShape, "shape", lambda s: s.as_proto()),
    (Literal, "tensor", lambda v: _tensor(v.array)),
    (FunctionName, "func", _name_attr_list),
    (Parameter, "placeholder", lambda p: p.name),
)
_MESSAGES = {"TensorShapeProto": "shape", "TensorProto": "tensor", "NameAttrList": "func"}


# ---- in ----------------------------------------------------------------------------------------------


def from_message(message: Any) -> Any:
    """The Python value of an AttrValue."""
    kind = message.WhichOneof("value")
    if kind is None:
        return None
    if kind == "list":
        for field in ("s", "i", "f", "b", "type", "shape", "tensor", "func"):
            values = getattr(message.list, field)
            if values:
                return tuple(_READERS[field](v) for v in values)
        return ()
    return _READERS[kind](getattr(message, kind))


def _dtype(enum: int) -> DType:
    try:
        return as_dtype(enum)
    except TypeError:
        raise errors.InvalidArgumentError(
            message=f"no element type of graphflow has the number {enum}"
        ) from None


def _shape(proto: Any) -> TensorShape:
    sizes = [d.size for d in proto.dim]
    if any(size < -1 for size in sizes):
        raise errors.InvalidArgumentError(message=f"a shape with a negative size: {sizes}")
    if len(sizes) > 254:
        raise errors.InvalidArgumentError(message=f"a shape with {len(sizes)} dimensions")
    return TensorShape(proto)


def _function(proto: Any) -> FunctionName:
    return FunctionName(proto.name, {k: from_message(v) for k, v in sorted(proto.attr.items())})


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys("sifb", _same),
    "type": _dtype,
    "shape": _shape,
    "tensor": lambda proto: Literal(tensor_proto.to_array(proto)),
    "func": _function,
    "placeholder": Parameter,
}


def normalised(cls: type[Op], name: str, value: Any) -> Any:
    """An attribute from a file in the form the op takes it."""
    annotation = cls.fields[name]
    if annotation == "TensorShape" or annotation.startswith("TensorShape |"):
        return as_shape(value)
    if annotation.startswith("str") and isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    return value
