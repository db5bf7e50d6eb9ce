"""The files that match patterns, at the time when the graph runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.assertions import Assert
from graphflow.frontend.strings import reduce_join
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64, string
from graphflow.ir.node import Tensor
from graphflow.ops import idioms


def matching_files(file_pattern: Any) -> tuple[Tensor, Callable[[], Tensor]]:
    """The names, checked to be at least one, and what makes a node of their number."""
    pattern = convert(file_pattern, string, "file_pattern")
    files = raw.MatchingFiles(pattern)
    some = raw.Greater(idioms.shape(files)[0], 0, name="match_not_empty")
    joined = reduce_join(pattern, separator=", ")
    message = raw.Add("No files matched pattern: ", joined, name="message")
    check = Assert(some, [message], summarize=1, name="assert_not_empty")
    with current_graph().control_dependencies([check]):
        found: Tensor = raw.Identity(files)

    def count() -> Tensor:
        size: Tensor = raw.Maximum(raw.Shape(found, out_type=int64)[0], 1)
        return size

    return found, count
