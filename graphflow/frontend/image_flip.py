"""tf.image: images mirrored and turned, or not, as chance has it."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.control_flow import case, cond
from graphflow.frontend.image_checks import checked_image
from graphflow.frontend.math import round as nearest
from graphflow.frontend.random import random_uniform
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import arrays, idioms


def flip_left_right(image: Any) -> Tensor:
    """The image, or each of a batch, mirrored from left to right."""
    return _flip(image, 1, "flip_left_right")


def flip_up_down(image: Any) -> Tensor:
    """The image, or each of a batch, upside down."""
    return _flip(image, 0, "flip_up_down")


def _axis_of(image: Tensor, axis: int) -> int:
    """Where an axis of single images is in this image or batch."""
    if image.shape.rank in (3, None):
        return axis
    if image.shape.rank == 4:
        return axis + 1
    raise ValueError("'image' must have either 3 or 4 dimensions.")


def _flip(image: Any, axis: int, scope: str) -> Tensor:
    with build.name_scope(None, scope, [image]):
        image = checked_image(convert(image, name="image"))
        mirrored = raw.ReverseV2(image, [_axis_of(image, axis)])
        return mirrored if image.shape.rank == 4 else _shaped_like(image, mirrored)


def _shaped_like(image: Tensor, y: Tensor) -> Tensor:
    y.set_shape([None, None, None] if image.shape.known is None else image.shape)
    return y


def random_flip_left_right(image: Any, seed: int | None = None) -> Tensor:
    """flip_left_right with the probability 1/2."""
    return _random_flip(image, 1, seed, "random_flip_left_right")


def random_flip_up_down(image: Any, seed: int | None = None) -> Tensor:
    """flip_up_down with the probability 1/2."""
    return _random_flip(image, 0, seed, "random_flip_up_down")


def _random_flip(image: Any, axis: int, seed: int | None, scope_name: str) -> Tensor:
    with build.name_scope(None, scope_name, [image]) as scope:
        image = checked_image(convert(image, name="image"))
        axis = _axis_of(image, axis)
        if image.shape.rank != 4:
            chance = random_uniform([], 0, 1.0, seed=seed)
            mirror = raw.Less(chance, 0.5)
            y = cond(mirror, lambda: raw.ReverseV2(image, [axis]), lambda: image, name=scope)
            return _shaped_like(image, y)
        count = idioms.shape(image)[0]
        chance = random_uniform([count], 0, 1.0, seed=seed)
        flips = nearest(raw.Reshape(chance, [count, 1, 1, 1]))
        flips = idioms.cast(flips, image.dtype)
        mirrored = raw.ReverseV2(image, [axis])
        return flips * mirrored + (1 - flips) * image


def rot90(image: Any, k: Any = 1, name: str | None = None) -> Tensor:
    """The image, or each of a batch, turned k times by 90 degrees to the left."""
    with build.name_scope(name, "rot90", [image, k]) as scope:
        image = checked_image(convert(image, name="image"))
        k = convert(k, dtype=int32, name="k")
        k.shape.assert_has_rank(0)
        k = raw.FloorMod(k, 4)
        rows, columns = _axis_of(image, 0), _axis_of(image, 1)
        order = [0, 2, 1, 3] if rows else [1, 0, 2]

        def once() -> Tensor:
            return arrays.transpose(raw.ReverseV2(image, [columns]), order)

        def twice() -> Tensor:
            return raw.ReverseV2(image, [rows, columns])

        def thrice() -> Tensor:
            return raw.ReverseV2(arrays.transpose(image, order), [columns])

        turns = [(raw.Equal(k, n), turn) for n, turn in ((1, once), (2, twice), (3, thrice))]
        y = case(turns, default=lambda: image, exclusive=True, name=scope)
        shape = y.shape if rows else image.shape
        y.set_shape([shape[0], None, None, shape[3]] if rows else [None, None, shape[2]])
        return y


def transpose(image: Any, name: str | None = None) -> Tensor:
    """The image, or each of a batch, with rows and columns exchanged."""
    with build.name_scope(name, "transpose", [image]):
        image = checked_image(convert(image, name="image"))
        order = [0, 2, 1, 3] if _axis_of(image, 0) else [1, 0, 2]
        return arrays.transpose(image, order, name=name)


transpose_image = transpose

__all__: list[str] = []

NAMESPACES = {
    "image": [
        *("flip_left_right", "flip_up_down", "random_flip_left_right", "random_flip_up_down"),
        *("rot90", "transpose", "transpose_image"),
    ]
}
