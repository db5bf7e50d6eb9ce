"""The types of references to variables, by name: float32_ref and its kin."""

from __future__ import annotations

from typing import Any

from graphflow.ir.dtype import as_dtype


def __getattr__(name: str) -> Any:
    stem, reference, rest = name.partition("_ref")
    if not reference or rest or name.startswith("_"):
        raise AttributeError(name)
    try:
        return as_dtype(stem).ref
    except TypeError as error:
        raise AttributeError(str(error)) from None
