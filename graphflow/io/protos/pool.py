"""Makes the message classes, in a descriptor pool that nobody else sees.

A process may hold TensorFlow or TensorBoard as well: their pool and this one never meet, though the
messages bear the same names.
"""

from __future__ import annotations

import threading
from typing import Any

from graphflow.io.protos.schema import Field, Schema, load

PACKAGE = "tensorflow"

#: The names of the types in a schema, and their numbers in a descriptor.
_SCALARS = {
    "double": 1,
    "float": 2,
    "int64": 3,
    "uint64": 4,
    "int32": 5,
    "fixed64": 6,
    "fixed32": 7,
    "bool": 8,
    "string": 9,
    "bytes": 12,
    "uint32": 13,
    "sint64": 18,
}
_MESSAGE, _ENUM = 11, 14
_OPTIONAL, _REPEATED = 1, 3

_lock = threading.Lock()
_pool: Any = None


def _set_type(schema: Schema, scope: str, name: str, target: Any) -> None:
    if name in _SCALARS:
        target.type = _SCALARS[name]
    elif name.startswith("google."):
        target.type, target.type_name = _MESSAGE, "." + name
    else:
        full = schema.resolve(name, scope)
        target.type = _ENUM if full in schema.enums else _MESSAGE
        target.type_name = f".{PACKAGE}.{full}"


def _add_map(schema: Schema, scope: str, field: Field, message: Any, target: Any) -> None:
    """A map is, on the wire, a repeated message of a key and a value."""
    entry_name = "".join(part.capitalize() for part in field.name.split("_")) + "Entry"
    entry = message.nested_type.add(name=entry_name)
    entry.options.map_entry = True
    for number, (name, of_type) in enumerate((("key", field.key), ("value", field.type)), 1):
        part = entry.field.add(name=name, number=number, label=_OPTIONAL)
        _set_type(schema, scope, of_type, part)
    target.label, target.type = _REPEATED, _MESSAGE
    target.type_name = f".{PACKAGE}.{scope}.{entry_name}"


def _add_fields(schema: Schema, name: str, fields: list[Field], message: Any) -> None:
    oneofs: list[str] = []
    for field in fields:
        target = message.field.add(name=field.name, number=field.number)
        target.label = _REPEATED if field.repeated else _OPTIONAL
        if field.key:
            _add_map(schema, name, field, message, target)
            continue
        _set_type(schema, name, field.type, target)
        if field.oneof:
            if field.oneof not in oneofs:
                oneofs.append(field.oneof)
                message.oneof_decl.add(name=field.oneof)
            target.oneof_index = oneofs.index(field.oneof)


def _build(descriptor_pb2: Any) -> Any:
    schema = load()
    file = descriptor_pb2.FileDescriptorProto(
        name="graphflow/tensorflow.proto", package=PACKAGE, syntax="proto3"
    )
    file.dependency.append("google/protobuf/any.proto")
    messages: dict[str, Any] = {}
    # Sorted, so that a message comes before those nested in it.
    for name in sorted(schema.messages):
        outer, _, last = name.rpartition(".")
        siblings = messages[outer].nested_type if outer else file.message_type
        messages[name] = siblings.add(name=last)
        _add_fields(schema, name, schema.messages[name], messages[name])
    for name, values in schema.enums.items():
        outer, _, last = name.rpartition(".")
        siblings = messages[outer].enum_type if outer else file.enum_type
        enum = siblings.add(name=last)
        for value, number in values:
            enum.value.add(name=value, number=number)
    return file


def pool() -> Any:
    """The private pool, built at the first call."""
    global _pool
    with _lock:
        if _pool is None:
            try:
                from google.protobuf import any_pb2, descriptor_pb2, descriptor_pool
            except ImportError as error:
                raise ImportError(
                    "TensorFlow's graphs, events and examples are protocol buffers, which need the "
                    "package protobuf: pip install 'graphflow-compiler[interop]'"
                ) from error
            made = descriptor_pool.DescriptorPool()
            made.AddSerializedFile(any_pb2.DESCRIPTOR.serialized_pb)
            made.AddSerializedFile(_build(descriptor_pb2).SerializeToString())
            _pool = made
        return _pool


def message_class(name: str) -> Any:
    """The class of the message called `name`."""
    descriptor = pool().FindMessageTypeByName(f"{PACKAGE}.{name}")
    from google.protobuf import message_factory

    made = _with_nested(message_factory.GetMessageClass, descriptor)
    made.__module__ = __package__  # where pickle finds it again
    return made


def _with_nested(class_of: Any, descriptor: Any) -> Any:
    """The class of a message, with its nested ones as attributes: protobuf's plain Python omits them."""
    made = class_of(descriptor)
    for nested in descriptor.nested_types:
        if not hasattr(made, nested.name):
            setattr(made, nested.name, _with_nested(class_of, nested))
    return made


def enum_wrapper(name: str) -> Any:
    """What names and numbers the values of the enum called `name`."""
    descriptor = pool().FindEnumTypeByName(f"{PACKAGE}.{name}")
    from google.protobuf.internal import enum_type_wrapper

    return enum_type_wrapper.EnumTypeWrapper(descriptor)
