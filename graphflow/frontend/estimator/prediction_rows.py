"""The rows of the values that a model predicts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def chosen(predictions: Any, keys: Any) -> Any:
    if not keys:
        return predictions
    if not isinstance(predictions, dict):
        raise ValueError("predict_keys argument is not valid in case of non-dict predictions.")
    found = {k: v for k, v in predictions.items() if k in keys}
    if not found:
        raise ValueError(
            f"Expected to run at least one output from {predictions.keys()}, provided {keys}."
        )
    return found


def rows(found: dict[str, Any]) -> Iterator[dict[str, Any]]:
    counts = {len(v) for v in found.values()}
    if len(counts) > 1:
        raise ValueError("Batch length of predictions should be same.")
    for i in range(counts.pop() if counts else 0):
        yield {name: value[i] for name, value in found.items()}
