"""Nodes that make summaries: serialised messages, whose bytes come through a door of graphflow.ir.doors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import doors
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR


class _Summary(Op, abstract=True):
    """A scalar string: one serialised Summary."""

    differentiable = False

    def infer(self, *inputs: Any) -> Any:
        return SCALAR


def _made(kind: str, *arguments: Any) -> Any:
    return np.array(doors.enter(f"summary_{kind}")(*arguments), object)


def _tag(tag: Any) -> bytes:
    if tag.ndim:
        raise ValueError(f"tag must be scalar, not of shape {list(tag.shape)}")
    name: bytes = tag[()]
    return name


class ScalarSummary(_Summary):
    """A number for each tag."""

    signature = "tags:string, values:T -> summary:string | T: real"

    def reference(self, tags: Any, values: Any) -> Any:
        return _made("scalars", tags, values)


class HistogramSummary(_Summary):
    """The distribution of numbers."""

    signature = "tag:string, values:T -> summary:string | T: real = float32"

    def reference(self, tag: Any, values: Any) -> Any:
        return _made("histogram", _tag(tag), values)


class ImageSummary(_Summary):
    """The first images of a batch."""

    signature = (
        "tag:string, tensor:T -> summary:string | T: uint8 float16 float32 float64 = float32"
    )
    interned = False
    max_images: int = 3
    bad_color: Literal = Literal(np.array([255, 0, 0, 255], np.uint8))

    def infer(self, tag: Tensor, tensor: Tensor) -> Any:
        if self.max_images < 1:
            raise ValueError(f"max_images is {self.max_images}, it must be at least 1")
        return SCALAR

    def reference(self, tag: Any, batch: Any) -> Any:
        return _made("images", _tag(tag), batch, self.max_images, self.bad_color.array)


class AudioSummaryV2(_Summary):
    """The first sounds of a batch."""

    signature = "tag:string, tensor:float32, sample_rate:float32 -> summary:string"
    max_outputs: int = 3

    def infer(self, tag: Tensor, tensor: Tensor, rate: Tensor) -> Any:
        if self.max_outputs < 1:
            raise ValueError(f"max_outputs is {self.max_outputs}, it must be at least 1")
        return SCALAR

    def reference(self, tag: Any, batch: Any, rate: Any) -> Any:
        return _made("audio", _tag(tag), batch, float(rate), self.max_outputs)


class AudioSummary(_Summary):
    """The first sounds of a batch, at a rate that is an attribute."""

    signature = "tag:string, tensor:float32 -> summary:string"
    sample_rate: float
    max_outputs: int = 3

    def reference(self, tag: Any, batch: Any) -> Any:
        return _made("audio", _tag(tag), batch, self.sample_rate, self.max_outputs)


class TensorSummaryV2(_Summary):
    """Any tensor, for the plugin of TensorBoard that the metadata name."""

    signature = "tag:string, tensor:T, serialized_summary_metadata:string -> summary:string"

    def reference(self, tag: Any, tensor: Any, metadata: Any) -> Any:
        return _made("tensor", _tag(tag), tensor, metadata[()])


class TensorSummary(_Summary):
    """Any tensor, under the name of the node."""

    signature = "tensor:T -> summary:string"
    description: str = ""
    labels: tuple[str, ...] = ()
    display_name: str = ""

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return _made("unnamed_tensor", node.name, inputs[0])


class MergeSummary(_Summary):
    """All values of some summaries in one."""

    signature = "inputs:N*string -> summary:string"

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        if not inputs:
            raise ValueError("there is nothing to merge: inputs needs at least 1 summary")
        return SCALAR

    def reference(self, inputs: Sequence[Any]) -> Any:
        return _made("merged", [data for x in inputs for data in x.reshape(-1).tolist()])
