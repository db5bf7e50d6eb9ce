"""Attributes of ops as AttrValue messages and back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow import errors
from graphflow.io import protos, tensor_proto
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.literal import Literal
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape, as_shape


def to_message(value: Any, annotation: str = "") -> Any:
    """The AttrValue of a Python value; `annotation` is how the op declares the attribute."""
    message = protos.AttrValue()
    if isinstance(value, list | tuple):
        _fill_list(message.list, value, annotation)
        message.list.SetInParent()
        return message
    if isinstance(value, Literal):
        message.tensor.CopyFrom(tensor_proto.from_array(value.array))
    elif annotation == "float" and not isinstance(value, bool):
        message.f = value
    else:
        _fill_one(message, value)
    return message


def _fill_one(message: Any, value: Any) -> None:
    if isinstance(value, bool):
        message.b = value
    elif isinstance(value, int):
        message.i = value
    elif isinstance(value, float):
        message.f = value
    elif isinstance(value, str | bytes):
        message.s = value.encode() if isinstance(value, str) else value
    elif isinstance(value, DType):
        message.type = value.as_datatype_enum
    elif isinstance(value, TensorShape):
        message.shape.CopyFrom(value.as_proto())
    elif hasattr(value, "DESCRIPTOR"):
        message.CopyFrom(value)
    else:
        raise errors.InvalidArgumentError(
            message=f"an attribute of type {type(value).__name__} fits no AttrValue"
        )


def _fill_list(message: Any, values: Any, annotation: str) -> None:
    for value in values:
        if isinstance(value, bool):
            message.b.append(value)
        elif isinstance(value, float) or "float" in annotation:
            message.f.append(value)
        elif isinstance(value, int):
            message.i.append(value)
        elif isinstance(value, str | bytes):
            message.s.append(value.encode() if isinstance(value, str) else value)
        elif isinstance(value, DType):
            message.type.append(value.as_datatype_enum)
        else:
            message.shape.append(as_shape(value).as_proto())


def from_message(message: Any) -> Any:
    """The Python value of an AttrValue."""
    kind = message.WhichOneof("value")
    if kind is None:
        return None
    if kind == "list":
        return _from_list(message.list)
    found = getattr(message, kind)
    return _READERS.get(kind, lambda value: value)(found)


def _dtype(enum: int) -> DType:
    try:
        return as_dtype(enum)
    except TypeError:
        raise errors.InvalidArgumentError(
            message=f"no element type has the number {enum}"
        ) from None


def _tensor(proto: Any) -> Literal:
    return Literal(tensor_proto.to_array(proto))


def _shape(proto: Any) -> TensorShape:
    if any(d.size < -1 for d in proto.dim):
        raise errors.InvalidArgumentError(
            message=f"a shape with a negative size: {[d.size for d in proto.dim]}"
        )
    return TensorShape(proto)


_READERS: dict[str, Callable[[Any], Any]] = {
    "type": _dtype,
    "shape": _shape,
    "tensor": _tensor,
}


def _from_list(message: Any) -> tuple[Any, ...]:
    for kind in ("s", "i", "f", "b"):
        values = getattr(message, kind)
        if values:
            return tuple(values)
    if message.type:
        return tuple(_dtype(t) for t in message.type)
    if message.shape:
        return tuple(_shape(s) for s in message.shape)
    if message.tensor:
        return tuple(_tensor(t) for t in message.tensor)
    return tuple(message.func)


def normalised(cls: type[Op], name: str, value: Any) -> Any:
    """An attribute from a file in the form the op takes it."""
    annotation = cls.fields[name]
    if annotation.startswith("str") and isinstance(value, bytes):
        return value.decode("utf-8", "surrogateescape")
    if annotation.startswith("tuple") and value is None:
        return ()
    return value
