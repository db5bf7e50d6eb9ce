"""slim.summaries: summaries under the names of what they show."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.effects import Print
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.nn import zero_fraction
from graphflow.frontend.summary import summaries as summary
from graphflow.ir.build import current_graph


def _name(tensor: Any, name: str | None, *around: str | None) -> str:
    prefix, postfix = around
    parts = (prefix, name or tensor.op.name, postfix)
    return "/".join(part for part in parts if part)


def _printed(op: Any, tensor: Any, name: str, print_summary: bool) -> Any:
    if print_summary:
        op = Print(op, [tensor], name)
        current_graph().add_to_collection(GraphKeys.SUMMARIES, op)
    return op


def add_histogram_summary(tensor: Any, name: str | None = None, prefix: str | None = None) -> Any:
    """A histogram of a tensor."""
    return summary.histogram(_name(tensor, name, prefix, None), tensor)


def add_image_summary(
    tensor: Any,
    name: str | None = None,
    prefix: str | None = None,
    print_summary: bool = False,
) -> Any:
    """The first images of a batch."""
    name = _name(tensor, name, prefix, None)
    op = summary.image(name, tensor, collections=[] if print_summary else None)
    return _printed(op, tensor, name, print_summary)


def add_scalar_summary(
    tensor: Any,
    name: str | None = None,
    prefix: str | None = None,
    print_summary: bool = False,
) -> Any:
    """A number, which may also be printed."""
    collections: Any = [] if print_summary else None
    name = _name(tensor, name, prefix, None)
    op = summary.scalar(name, tensor, collections=collections)
    return _printed(op, tensor, name, print_summary)


def add_zero_fraction_summary(
    tensor: Any,
    name: str | None = None,
    prefix: str | None = None,
    print_summary: bool = False,
) -> Any:
    """The share of elements that are 0."""
    name = _name(tensor, name, prefix, "Fraction_of_Zero_Values")
    return add_scalar_summary(zero_fraction(tensor), name, print_summary=print_summary)


def add_histogram_summaries(tensors: Any, prefix: str | None = None) -> list[Any]:
    return [add_histogram_summary(tensor, prefix=prefix) for tensor in tensors]


def add_image_summaries(tensors: Any, prefix: str | None = None) -> list[Any]:
    return [add_image_summary(tensor, prefix=prefix) for tensor in tensors]


def add_scalar_summaries(
    tensors: Any, prefix: str | None = None, print_summary: bool = False
) -> list[Any]:
    return [add_scalar_summary(t, prefix=prefix, print_summary=print_summary) for t in tensors]


def add_zero_fraction_summaries(tensors: Any, prefix: str | None = None) -> list[Any]:
    return [add_zero_fraction_summary(tensor, prefix=prefix) for tensor in tensors]


__all__: list[str] = []
NAMESPACES = {
    "contrib.slim.summaries": [
        *("add_histogram_summaries", "add_histogram_summary", "add_image_summaries"),
        *("add_image_summary", "add_scalar_summaries", "add_scalar_summary"),
        *("add_zero_fraction_summaries", "add_zero_fraction_summary"),
    ]
}
