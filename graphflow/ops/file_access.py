"""Files as nodes: ReadFile, WriteFile, MatchingFiles."""

from __future__ import annotations

import fnmatch
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from graphflow.ir import doors
from graphflow.ir.literal import string_array
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.reader_values import path_of


def _scalar(tensor: Tensor) -> None:
    if tensor.shape.rank not in (None, 0):
        raise ValueError(f"Shape must be rank 0 but is rank {tensor.shape.rank}")


class ReadFile(Op):
    """What a file holds."""

    signature = "filename:string -> contents:string"
    differentiable = False

    def infer(self, name: Tensor) -> Any:
        _scalar(name)
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        path = path_of(inputs[0].item())
        with doors.enter("translated_errors")(path):
            return string_array(Path(path).read_bytes())


class WriteFile(Op):
    """A file of this name holds these bytes afterwards; folders are made for it."""

    signature = "filename:string, contents:string ->"
    stateful = True
    differentiable = False

    def infer(self, name: Tensor, contents: Tensor) -> Any:
        _scalar(name)
        _scalar(contents)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        path = path_of(inputs[0].item())
        with doors.enter("translated_errors")(path):
            folder = os.path.dirname(path)
            if folder:
                os.makedirs(folder, exist_ok=True)
            doors.enter("write_file")(path, inputs[1].item())
        return ()


class MatchingFiles(Op):
    """The names of the files that match one of several patterns, in order."""

    signature = "pattern:string -> filenames:string"
    differentiable = False

    def infer(self, pattern: Tensor) -> Any:
        pattern.shape.with_rank_at_most(1)
        return TensorShape([None])

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        names = [os.fsencode(p) for one in np.ravel(inputs[0]) for p in matching(path_of(one))]
        return string_array(sorted(names))


_WILD = re.compile(r"[*?\[\\]")


def matching(pattern: str) -> list[str]:
    """The paths that match a pattern; `*` stands for any name, hidden ones too, but for no slash."""
    if not _WILD.search(pattern):
        return [pattern] if os.path.exists(pattern) else []
    parts = pattern.split("/")
    first = next(i for i, part in enumerate(parts) if _WILD.search(part))
    folder = "/".join(parts[:first]) or ("/" if pattern.startswith("/") else "")
    return list(_below(folder, parts[first:]))


def _below(folder: str, parts: list[str]) -> Iterator[str]:
    """The paths below a folder whose names match part by part."""
    try:
        names = sorted(os.listdir(folder or "."))
    except OSError:
        return
    for name in names:
        if not fnmatch.fnmatchcase(name, parts[0]):
            continue
        path = name if not folder else folder.rstrip("/") + "/" + name
        if len(parts) == 1:
            yield path
        elif os.path.isdir(path):
            yield from _below(path, parts[1:])
