"""tf.summary.scalar, histogram, image and their kin: nodes that make summaries."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import graphflow.ops  # noqa: F401  it makes the ops known by their names
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.io import protos
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, string
from graphflow.ir.node import Tensor

_ILLEGAL = re.compile(r"[^-/\w\.]")


def clean_tag(name: str | None) -> str | None:
    """A name with what scopes cannot hold replaced."""
    if name is None:
        return None
    legal = _ILLEGAL.sub("_", name).lstrip("/")
    if legal != name:
        logging.info("Summary name %s is illegal; using %s instead.", name, legal)
    return legal


@contextmanager
def summary_scope(
    name: str | None,
    family: str | None = None,
    default_name: str | None = None,
    values: Sequence[Any] = (),
) -> Iterator[tuple[str, str]]:
    """The tag and the scope of a summary; the tag is the scope, with the family before it again."""
    name, family = clean_tag(name), clean_tag(family)
    base = name if family is None else f"{family}/{name}"
    with build.name_scope(base, default_name, values) as scope:
        own = scope.rstrip("/")
        yield (own if family is None else f"{family}/{own}"), scope


def _collected(
    summary: Tensor, collections: Iterable[Any] | None, default: Sequence[Any]
) -> Tensor:
    for key in default if collections is None else collections:
        current_graph().add_to_collection(key, summary)
    return summary


_DEFAULT = (GraphKeys.SUMMARIES,)


def scalar(
    name: str, tensor: Any, collections: Iterable[Any] | None = None, family: str | None = None
) -> Tensor:
    """A number over the steps."""
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = raw.ScalarSummary(tag, tensor, name=scope)
        return _collected(made, collections, _DEFAULT)


def histogram(
    name: str, values: Any, collections: Iterable[Any] | None = None, family: str | None = None
) -> Tensor:
    """The distribution of numbers over the steps."""
    with summary_scope(name, family, "HistogramSummary", [values]) as (tag, scope):
        made = raw.HistogramSummary(tag, values, name=scope)
        return _collected(made, collections, _DEFAULT)


def image(
    name: str,
    tensor: Any,
    max_outputs: int = 3,
    collections: Iterable[Any] | None = None,
    family: str | None = None,
) -> Tensor:
    """The first images of a batch of [batch, height, width, channels]."""
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = raw.ImageSummary(tag, tensor, max_images=max_outputs, name=scope)
        return _collected(made, collections, _DEFAULT)


def audio(
    name: str,
    tensor: Any,
    sample_rate: Any,
    max_outputs: int = 3,
    collections: Iterable[Any] | None = None,
    family: str | None = None,
) -> Tensor:
    """The first sounds of a batch of [batch, frames] or [batch, frames, channels]."""
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        rate = convert(sample_rate, float32, "sample_rate")
        made = raw.AudioSummaryV2(tag, tensor, rate, max_outputs=max_outputs, name=scope)
        return _collected(made, collections, _DEFAULT)


def text(name: str, tensor: Tensor, collections: Iterable[Any] | None = None) -> Tensor:
    """Strings, which TensorBoard reads as Markdown."""
    if tensor.dtype is not string:
        raise ValueError(f"Expected tensor {tensor.name} to have dtype string, got {tensor.dtype}")
    plugin = protos.SummaryMetadata.PluginData(plugin_name="text")
    metadata = protos.SummaryMetadata(plugin_data=plugin)
    return tensor_summary(name, tensor, summary_metadata=metadata, collections=collections)


def tensor_summary(
    name: str,
    tensor: Any,
    summary_description: str | None = None,
    collections: Iterable[Any] | None = None,
    summary_metadata: Any = None,
    family: str | None = None,
    display_name: str | None = None,
) -> Tensor:
    """Any tensor, for the plugin of TensorBoard that the metadata name."""
    metadata = protos.SummaryMetadata() if summary_metadata is None else summary_metadata
    if summary_description is not None:
        metadata.summary_description = summary_description
    if display_name is not None:
        metadata.display_name = display_name
    with summary_scope(name, family, values=[tensor]) as (tag, scope):
        made = raw.TensorSummaryV2(tag, tensor, metadata.SerializeToString(), name=scope)
        return _collected(made, collections, _DEFAULT)


def merge(
    inputs: Sequence[Any], collections: Iterable[Any] | None = None, name: str | None = None
) -> Tensor:
    """One summary of several."""
    name = clean_tag(name)
    with build.name_scope(name, "Merge", inputs):
        return _collected(raw.MergeSummary(inputs, name=name), collections, ())


def merge_all(
    key: str = GraphKeys.SUMMARIES, scope: str | None = None, name: str | None = None
) -> Tensor | None:
    """One summary of all that were made so far, or None."""
    made = current_graph().get_collection(key, scope)
    return merge(made, name=name) if made else None


def get_summary_description(node_def: Any) -> Any:
    """The SummaryDescription of a node of type TensorSummary."""
    if node_def.op != "TensorSummary":
        raise ValueError(f"Can't get_summary_description on {node_def.op}")
    from google.protobuf import json_format

    described = node_def.attr["description"].s.decode()
    return json_format.Parse(described, protos.SummaryDescription())


NAMESPACES = {
    "summary": [
        "audio",
        "get_summary_description",
        "histogram",
        "image",
        "merge",
        "merge_all",
        "scalar",
        "tensor_summary",
        "text",
    ]
}
