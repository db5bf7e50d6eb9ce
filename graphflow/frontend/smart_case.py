"""smart_case: case that decides at once where a predicate is known when the graph is built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.cases import chain
from graphflow.frontend.layers.smart_cond import smart_cond

__all__: list[str] = []
NAMESPACES = {"contrib.framework": ["smart_case"]}


def smart_case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    name: str = "smart_case",
) -> Any:
    """As case, where predicates that are known, or Python bools, are decided at once."""
    return chain(smart_cond, pred_fn_pairs, default, exclusive, name, python_bools=True)
