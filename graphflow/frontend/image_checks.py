"""What functions of images ask of their arguments: now where shapes are known, else when the graph runs."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.checks import assert_equal, assert_greater_equal, assert_positive
from graphflow.frontend.control_flow import Assert
from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import unstack
from graphflow.ops.dependencies import with_dependencies

_POSITIVE = ["all dims of 'image.shape' must be > 0."]


def is_symbolic(x: Any) -> bool:
    """Whether x has its value only when the graph runs."""
    return hasattr(x, "_as_tensor")


def refuse_unless(condition: Any, message: str) -> list[Any]:
    """A ValueError now, or a check that the run makes."""
    if is_symbolic(condition):
        return [Assert(condition, [message])]
    if not condition:
        raise ValueError(message)
    return []


def check_image(image: Tensor) -> list[Any]:
    """The checks that an image, or a batch of them, has at least three dimensions, all positive."""
    shape = image.shape if image.shape.known is not None else TensorShape([None] * 3)
    if len(shape) < 3:
        raise ValueError("'image' must be at least three-dimensional.")
    if 0 in (shape.known or ()):
        raise ValueError(f"all dims of 'image.shape' must be > 0: {shape}")
    if shape.is_static:
        return []
    return [
        assert_positive(idioms.shape(image), _POSITIVE),
        assert_greater_equal(
            idioms.rank(image), 3, message="'image' must be at least three-dimensional."
        ),
    ]


def checked_image(image: Tensor) -> Tensor:
    """The image, after its checks."""
    found: Tensor = with_dependencies(check_image(image), image)
    return found


def checked_grayscale(image: Any) -> Any:
    """The image, after the check that it has one channel."""
    shape = image.shape if image.shape.known is not None else TensorShape([None] * 2)
    if len(shape) < 2:
        raise ValueError("A grayscale image must be at least two-dimensional.")
    checks = []
    if shape.is_static:
        if shape[-1] != 1:
            raise ValueError("Last dimension of a grayscale image should be size 1.")
    else:
        checks = [
            assert_equal(
                idioms.shape(image)[-1],
                1,
                message="Last dimension of a grayscale image should be size 1.",
            ),
            assert_greater_equal(
                idioms.rank(image), 3, message="A grayscale image must be at least two-dimensional."
            ),
        ]
    return with_dependencies(checks, image)


def as_batch(image: Tensor) -> tuple[Tensor, bool]:
    """An image as a batch of one, and whether it was a single one."""
    if image.shape.rank == 4:
        return image, False
    if image.shape.rank not in (3, None):
        raise ValueError("'image' must have either 3 or 4 dimensions.")
    batch = raw.ExpandDims(image, 0)
    if image.shape.rank is None:
        batch.set_shape([None] * 4)
    return batch, True


def dimensions(image: Tensor, rank: int) -> list[Any]:
    """The sizes of an image: numbers where they are known, else scalars."""
    if image.shape.is_static:
        return image.shape.as_list()
    known = image.shape.with_rank(rank).as_list()
    sizes = unstack(idioms.shape(image), rank)
    return [s if s is not None else d for s, d in zip(known, sizes, strict=True)]
