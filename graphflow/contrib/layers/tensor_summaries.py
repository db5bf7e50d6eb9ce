"""Summaries of activations, weights and whatever else is in a collection."""

from __future__ import annotations

import functools
import re
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.reduce import reduce_mean
from graphflow.frontend.summary import summaries as summary
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import float32
from graphflow.ops import idioms


def summarize_tensor(tensor: Any, tag: str | None = None) -> Any:
    """A scalar summary of a number, a histogram of anything else; None for text and bools."""
    if tensor.dtype.base_dtype.name in ("string", "bool"):
        return None
    tag = tag or f"{tensor.op.name}_summary"
    return summary.scalar(tag, tensor) if tensor.shape.rank == 0 else summary.histogram(tag, tensor)


def _share(name: str, op: Any, compare: Any, bound: float) -> None:
    inputs = op.op.inputs[0]
    beyond = compare(inputs, idioms.cast(bound, inputs.dtype))
    share = reduce_mean(idioms.cast(beyond, float32, name="ToFloat"))
    summary.scalar(f"{op.op.name}/{name}", share)


def summarize_activation(op: Any) -> Any:
    """A histogram of an activation, and how much of it is cut off."""
    if op.op.type in ("Relu", "Softplus", "Relu6"):
        _share("zeros", op, raw.Less, 0.0)
    if op.op.type == "Relu6":
        _share("sixes", op, raw.Greater, 6.0)
    return summary.histogram(f"{op.op.name}/activation", op)


def summarize_tensors(tensors: Any, summarizer: Any = summarize_tensor) -> list[Any]:
    """A summary of each."""
    return [summarizer(tensor) for tensor in tensors]


def summarize_collection(
    collection: Any, name_filter: str | None = None, summarizer: Any = summarize_tensor
) -> list[Any]:
    """A summary of each tensor of a collection whose name matches."""
    tensors = [
        tensor
        for tensor in current_graph().get_collection(collection)
        if name_filter is None or re.match(name_filter, tensor.op.name)
    ]
    return summarize_tensors(tensors, summarizer)


def summarize_activations(
    name_filter: str | None = None, summarizer: Any = summarize_activation
) -> list[Any]:
    """A summary of each activation."""
    return summarize_collection(GraphKeys.ACTIVATIONS, name_filter, summarizer)


summarize_variables = functools.partial(summarize_collection, GraphKeys.GLOBAL_VARIABLES)
summarize_weights = functools.partial(summarize_collection, GraphKeys.WEIGHTS)
summarize_biases = functools.partial(summarize_collection, GraphKeys.BIASES)

__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("summarize_activation", "summarize_activations", "summarize_collection"),
        *("summarize_tensor", "summarize_tensors"),
    ],
    "contrib.layers.summaries": [
        *("summarize_activation", "summarize_activations", "summarize_biases"),
        *("summarize_collection", "summarize_tensor", "summarize_tensors"),
        *("summarize_variables", "summarize_weights"),
    ],
    "contrib.slim": [
        *("summarize_activation", "summarize_activations", "summarize_biases"),
        *("summarize_collection", "summarize_tensor", "summarize_tensors"),
        *("summarize_variables", "summarize_weights"),
    ],
}
