"""Functions in graphs: bodies that an op hands on, to be called for elements that come when its run is over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.ir.graph import Graph
from graphflow.ops.dataset_elements import DatasetOp


class FunctionOp(DatasetOp, abstract=True):
    """A dataset op with functions; each is given its arguments first, and then what it uses from outside."""

    interned = False
    calls_later = True

    @staticmethod
    def function(run: Any, body: Graph, given: Sequence[Any]) -> Callable[..., list[Any]]:
        """A body as a Python function of its own arguments."""
        call = run.function(body)
        kept = list(given)

        def function(*arguments: Any) -> list[Any]:
            found: list[Any] = call([*arguments, *kept])
            return found

        return function
