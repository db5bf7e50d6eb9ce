"""What an op is called, takes and gives, as TensorFlow's OpDef message."""

from __future__ import annotations

import functools
from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.attributes import to_message
from graphflow.ir.op import Op
from graphflow.ir.signature import Arg

#: how fields are annotated -> how TensorFlow calls that
TYPES = {
    "int": "int",
    "float": "float",
    "bool": "bool",
    "str": "string",
    "DType": "type",
    "TensorShape": "shape",
    "Literal": "tensor",
    "Graph": "func",
    "tuple[int, ...]": "list(int)",
    "tuple[float, ...]": "list(float)",
    "tuple[bool, ...]": "list(bool)",
    "tuple[str, ...]": "list(string)",
    "tuple[DType, ...]": "list(type)",
    "tuple[TensorShape, ...]": "list(shape)",
}
#: attributes of types that Python values decide, though TensorFlow states no default
_UNDECIDED = ("T", "S", "shape_type")


@functools.cache
def op_def(cls: type[Op]) -> Any:
    """The OpDef of an op."""
    message = protos.OpDef(name=cls.type, is_stateful=cls.stateful)
    message.is_commutative = cls.commutative
    sig = cls.sig()
    for arg in sig.inputs:
        _add_argument(message.input_arg, arg)
    for arg in sig.outputs:
        _add_argument(message.output_arg, arg)
    for arg in (*sig.inputs, *sig.outputs):
        if arg.count and arg.count not in cls.fields:
            _add_attribute(message, arg.count, "int", minimum=1)
        if arg.variable and arg.variable not in cls.fields:
            is_types = arg.is_list and not arg.count
            _add_attribute(message, arg.variable, "list(type)" if is_types else "type")
    for name, annotation in cls.fields.items():
        plain = annotation.removesuffix(" | None")
        if plain in TYPES:
            _add_attribute(message, name, TYPES[plain])
    for attr in message.attr:
        allowed, default = sig.allowed.get(attr.name), sig.defaults.get(attr.name)
        if attr.name in _UNDECIDED:
            default = None
        if attr.name in cls.defaults:
            default = cls.defaults[attr.name]
        if allowed and attr.type == "type":
            kinds = sorted(allowed, key=lambda t: t.as_datatype_enum)
            attr.allowed_values.CopyFrom(to_message(kinds))
        if default is not None:
            attr.default_value.CopyFrom(to_message(default, cls.fields.get(attr.name, "")))
    return message


def _add_argument(messages: Any, arg: Arg) -> None:
    message = messages.add(name=arg.name, is_ref=arg.is_ref)
    if arg.dtype is not None:
        message.type = arg.dtype.as_datatype_enum
    if arg.count:
        message.number_attr = arg.count
    if arg.variable:
        if arg.is_list and not arg.count:
            message.type_list_attr = arg.variable
        else:
            message.type_attr = arg.variable


def _add_attribute(message: Any, name: str, kind: str, minimum: int | None = None) -> None:
    if any(a.name == name for a in message.attr):
        return
    attr = message.attr.add(name=name, type=kind)
    if minimum is not None:
        attr.has_minimum, attr.minimum = True, minimum
