"""TensorFlow's protobuf messages, each made when it is first asked for: ``protos.GraphDef()``."""

from __future__ import annotations

from typing import Any

from graphflow import errors
from graphflow.io.protos import pool, schema


def parse(name: str, data: bytes) -> Any:
    """The message called `name` in `data`; bytes that hold none are a `DataLossError`."""
    made = globals().get(name) or __getattr__(name)
    from google.protobuf import message

    try:
        return made.FromString(data)
    except message.DecodeError as error:
        raise errors.DataLossError(message=f"these bytes are no {name}: {error}") from error


def __getattr__(name: str) -> Any:
    tables = schema.load()
    made: Any
    if name in tables.messages:
        made = pool.message_class(name)
    elif name in tables.enums:
        made = pool.enum_wrapper(name)
    else:
        # An enum's values are known by their own names too, as in protoc's modules.
        for enum, values in tables.enums.items():
            if "." not in enum and (number := dict(values).get(name)) is not None:
                made = number
                break
        else:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = made
    return made


def __dir__() -> list[str]:
    tables = schema.load()
    top = [name for name in (*tables.messages, *tables.enums) if "." not in name]
    return sorted({*globals(), *top})
