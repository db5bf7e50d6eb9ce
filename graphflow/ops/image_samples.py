"""Random parts of images, and glimpses of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.known import known_list
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Dim, Symbol, TensorShape
from graphflow.numeric.random.distorted_box import Box, sample_distorted_box
from graphflow.numeric.random.philox import Stream
from graphflow.ops.windows import same_dim, with_rank

_SAMPLE = "begin:T, size:T, bboxes:float32 | T: uint8, int8, int16, int32, int64"


class _DistortedBox(Op, abstract=True):
    """What all versions of the sampler share."""

    stateful = True
    differentiable = False
    #: the attributes, which a subclass states in the order that TensorFlow gives them
    seed: int = 0
    seed2: int = 0

    def infer(self, image_size: Tensor, boxes: Tensor, *_: Tensor) -> Any:
        same_dim("the sizes of an image and 3", with_rank("image_size", image_size, 1)[0], 3)
        same_dim("the numbers of a box and 4", with_rank("bounding_boxes", boxes, 3)[2], 4)
        return TensorShape((3,)), TensorShape((3,)), TensorShape((1, 1, 4))

    def start(self) -> Stream:
        seeded = self.seed or self.seed2
        return Stream(self.seed, self.seed2) if seeded else Stream.nondeterministic()

    def sample(self, run: Any, node: Node, image_size: Any, boxes: Any, covered: float) -> Any:
        """The corner and the size of a random part, and the part as a box of shares."""
        attrs = self.__dict__
        height, width = int(image_size[0]), int(image_size[1])
        stream = run.stream(node, self.start)
        with run.state.lock:
            found = sample_distorted_box(
                stream,
                height,
                width,
                _objects(boxes, height, width, attrs["use_image_if_no_bounding_boxes"]),
                covered,
                attrs["aspect_ratio_range"],
                attrs["area_range"],
                attrs["max_attempts"],
            )
        kind = image_size.dtype
        begin = np.array([found.top, found.left, 0], kind)
        size = np.array([found.bottom - found.top, found.right - found.left, -1], kind)
        shares = np.array(found, np.float32) / np.array([height, width] * 2, np.float32)
        return begin, size, shares.reshape(1, 1, 4)


def _objects(boxes: Any, height: int, width: int, image_if_none: bool) -> list[Box]:
    corners = boxes.reshape(-1, 4)
    if not ((corners >= 0) & (corners <= 1)).all():
        raise InvalidArgumentError(
            message=f"All bounding box coordinates must be in [0.0, 1.0], got {corners.tolist()}"
        )
    pixels = (corners * np.array([height, width] * 2, np.float32)).astype(np.int64)
    if not len(pixels):
        if not image_if_none:
            raise InvalidArgumentError(
                message="No bounding boxes provided as input. One must enable "
                "use_image_if_no_bounding_boxes if you wish to not provide any bounding boxes."
            )
        return [Box(0, 0, height, width)]
    return [Box(*row) for row in pixels.tolist()]


class SampleDistortedBoundingBox(_DistortedBox):
    """A random part of an image that covers enough of one of the given boxes."""

    signature = f"image_size:T, bounding_boxes:float32 -> {_SAMPLE}"
    min_object_covered: float = 0.10000000149011612
    aspect_ratio_range: tuple[float, ...] = (0.75, 1.3300000429153442)
    area_range: tuple[float, ...] = (0.05000000074505806, 1.0)
    max_attempts: int = 100
    use_image_if_no_bounding_boxes: bool = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        image_size, boxes = inputs
        return self.sample(run, node, image_size, boxes, self.min_object_covered)


class SampleDistortedBoundingBoxV2(_DistortedBox):
    """SampleDistortedBoundingBox with the share to be covered as an input."""

    signature = f"image_size:T, bounding_boxes:float32, min_object_covered:float32 -> {_SAMPLE}"
    aspect_ratio_range: tuple[float, ...] = (0.75, 1.3300000429153442)
    area_range: tuple[float, ...] = (0.05000000074505806, 1.0)
    max_attempts: int = 100
    use_image_if_no_bounding_boxes: bool = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        image_size, boxes, covered = inputs
        return self.sample(run, node, image_size, boxes, float(covered))


class ExtractGlimpse(Op):
    """The window of each image around a point; what lies outside of the image is noise."""

    signature = "input:float32, size:int32, offsets:float32 -> glimpse:float32"
    differentiable = False
    by_value = True
    centered: bool = True
    normalized: bool = True
    uniform_noise: bool = True
    noise: str = "uniform"

    def infer(self, x: Tensor, size: Tensor, offsets: Tensor) -> Any:
        batch, _, _, depth = with_rank("input", x, 4)
        rows, two = with_rank("offsets", offsets, 2)
        same_dim("the numbers of an offset and 2", two, 2)
        batch = same_dim("the batches of input and offsets", batch, rows)
        same_dim("the number of sizes and 2", with_rank("size", size, 1)[0], 2)
        known = known_list(size)
        sizes: list[Dim] = [Symbol(), Symbol()] if known is None else list(known)
        return TensorShape.of((batch, *sizes, depth))

    def reference(self, x: Any, size: Any, offsets: Any) -> Any:
        height, width = (int(v) for v in size)
        if height <= 0 or width <= 0:
            raise InvalidArgumentError(
                message=f"the size of a glimpse must be positive, got {size.tolist()}"
            )
        glimpses = self._noise((len(x), height, width, x.shape[3]), x)
        for image, offset, glimpse in zip(x, offsets, glimpses, strict=True):
            sides = zip(offset.tolist(), image.shape[:2], (height, width), strict=True)
            parts = [_overlap(self._start(at, n, g), n, g) for at, n, g in sides]
            glimpse[parts[0][0], parts[1][0]] = image[parts[0][1], parts[1][1]]
        return glimpses

    def _start(self, offset: float, size: int, glimpse: int) -> int:
        """Where a glimpse starts along one axis."""
        at = np.float32(offset)
        if self.normalized:
            at = at * np.float32(size)
        if self.centered:
            at = (at + np.float32(size)) / np.float32(2)
        return int(at - np.float32(glimpse) / np.float32(2))

    def _noise(self, shape: tuple[int, ...], x: Any) -> Any:
        if self.uniform_noise and self.noise == "uniform":
            return np.random.default_rng().random(shape, np.float32)
        if self.noise == "zero":
            return np.zeros(shape, np.float32)
        spread = np.random.default_rng().standard_normal(shape, np.float32)
        return spread * x.std() + x.mean() if x.size else spread


def _overlap(start: int, size: int, glimpse: int) -> tuple[slice, slice]:
    """The part of a glimpse that lies in the image, and the part of the image that it shows."""
    first, last = max(0, start), min(size, start + glimpse)
    if last <= first:
        return slice(0, 0), slice(0, 0)
    return slice(first - start, last - start), slice(first, last)
