"""Tables in text files: a key and a value in each line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, OutOfRangeError
from graphflow.ir import doors
from graphflow.ir.dtype import DType
from graphflow.ir.literal import string_array
from graphflow.ops.reader_values import path_of

#: what a column may be instead: the whole line, or its number
WHOLE_LINE, LINE_NUMBER = -2, -1

#: (place in the line, element type)
Column = tuple[int, DType]


def read_table(name: bytes, columns: Sequence[Column], size: int, delimiter: str) -> list[Any]:
    """Keys and values from the first `size` lines of a file, from all of them where `size` is -1."""
    path = path_of(name)
    found: list[list[Any]] = [[] for _ in columns]
    count = position = 0
    with doors.enter("translated_errors")(path), open(path, "rb") as file:
        for line in file:
            if count == size:
                break
            position += len(line)
            text = line.removesuffix(b"\n").removesuffix(b"\r")
            if not text:
                raise InvalidArgumentError(
                    message=f"Invalid content in {path}: empty line found at position {position}."
                )
            for values, column in zip(found, columns, strict=True):
                values.append(_value(text, count, column, delimiter.encode(), columns, path))
            count += 1
    if size != -1 and count < size:
        raise InvalidArgumentError(
            message=f"Invalid vocab_size in {path}: expected {size} but got {count}."
        )
    if not count:
        raise OutOfRangeError(message=f"{path} is empty")
    return [
        string_array(values) if dtype.kind == "s" else np.array(values, dtype.numpy)
        for values, (_, dtype) in zip(found, columns, strict=True)
    ]


def _value(
    text: bytes, number: int, column: Column, delimiter: bytes, columns: Sequence[Column], path: str
) -> Any:
    """What a column of a line holds."""
    place, dtype = column
    if place == LINE_NUMBER:
        return number
    if place == WHOLE_LINE:
        field = text
    else:
        fields = text.split(delimiter)
        last = max(at for at, _ in columns)
        if last >= len(fields):
            raise InvalidArgumentError(
                message=f"Invalid number of columns in {path} line {number} ({text.decode(errors='replace')}) : "
                f"expected {last} got {len(fields)}"
            )
        field = fields[place]
    if dtype.kind == "s":
        return field
    try:
        return int(field) if dtype.is_integer else float(field)
    except ValueError:
        raise InvalidArgumentError(
            message=f"Field {field.decode(errors='replace')} in line {number} is not a valid {dtype.name}."
        ) from None
