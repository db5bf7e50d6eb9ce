"""tf.image: parts of images, and images within larger ones."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_joins import pad
from graphflow.frontend.control_flow import Assert
from graphflow.frontend.image_checks import (
    as_batch,
    check_image,
    dimensions,
    is_symbolic,
    refuse_unless,
)
from graphflow.frontend.random import random_uniform
from graphflow.frontend.reduce import reduce_all
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float64, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.dependencies import with_dependencies


def central_crop(image: Any, central_fraction: float) -> Tensor:
    """The middle of the image: a fraction of its height and of its width."""
    with build.name_scope(None, "central_crop", [image]):
        image = convert(image, name="image")
        if central_fraction <= 0.0 or central_fraction > 1.0:
            raise ValueError("central_fraction must be within (0, 1]")
        if central_fraction == 1.0:
            return image
        with_dependencies(check_image(image), image)
        rank = image.shape.rank
        if rank not in (3, 4):
            raise ValueError(
                f"`image` should either be a Tensor with rank = 3 or rank = 4. Had rank = {rank}."
            )
        sizes = [_size(image, rank - 3), _size(image, rank - 2)]
        starts = [_margin(size, central_fraction) for size in sizes]
        lengths = [size - start * 2 for size, start in zip(sizes, starts, strict=True)]
        batch = rank == 4
        begin = stack([0, *starts, 0] if batch else [*starts, 0])
        size = stack([-1, *lengths, -1] if batch else [*lengths, -1])
        cropped = raw.Slice(image, begin, size)
        known = [None if isinstance(n, Tensor) else n for n in lengths]
        cropped.set_shape([*image.shape.known[: rank - 3], *known, image.shape.known[-1]])
        return cropped


def _size(image: Tensor, axis: int) -> Any:
    known = image.shape.as_list()[axis]
    return idioms.shape(image)[axis] if known is None else known


def _margin(size: Any, fraction: float) -> Any:
    if isinstance(size, Tensor):
        whole = idioms.cast(size, float64)
        return idioms.cast((whole - whole * fraction) / 2, int32)
    return int((float(size) - float(size) * fraction) / 2)


def _known(*sizes: Any) -> list[Any]:
    return [None if is_symbolic(s) else s for s in sizes]


def pad_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """The image at an offset in zeros of the target's size."""
    with build.name_scope(None, "pad_to_bounding_box", [image]):
        image, single = as_batch(convert(image, name="image"))
        checks = check_image(image)
        batch, height, width, depth = dimensions(image, 4)
        after_width = target_width - offset_width - width
        after_height = target_height - offset_height - height
        checks += refuse_unless(offset_height >= 0, "offset_height must be >= 0")
        checks += refuse_unless(offset_width >= 0, "offset_width must be >= 0")
        checks += refuse_unless(after_width >= 0, "width must be <= target - offset")
        checks += refuse_unless(after_height >= 0, "height must be <= target - offset")
        image = with_dependencies(checks, image)
        amounts = [0, 0, offset_height, after_height, offset_width, after_width, 0, 0]
        padded = pad(image, raw.Reshape(stack(amounts), [4, 2]))
        padded.set_shape(_known(batch, target_height, target_width, depth))
        return raw.Squeeze(padded, squeeze_dims=[0]) if single else padded


def crop_to_bounding_box(
    image: Any, offset_height: Any, offset_width: Any, target_height: Any, target_width: Any
) -> Tensor:
    """The box of the target's size at an offset of the image."""
    with build.name_scope(None, "crop_to_bounding_box", [image]):
        image, single = as_batch(convert(image, name="image"))
        checks = check_image(image)
        batch, height, width, depth = dimensions(image, 4)
        checks += refuse_unless(offset_width >= 0, "offset_width must be >= 0.")
        checks += refuse_unless(offset_height >= 0, "offset_height must be >= 0.")
        checks += refuse_unless(target_width > 0, "target_width must be > 0.")
        checks += refuse_unless(target_height > 0, "target_height must be > 0.")
        checks += refuse_unless(
            width >= (target_width + offset_width), "width must be >= target + offset."
        )
        checks += refuse_unless(
            height >= (target_height + offset_height), "height must be >= target + offset."
        )
        image = with_dependencies(checks, image)
        begin = stack([0, offset_height, offset_width, 0])
        cropped = raw.Slice(image, begin, stack([-1, target_height, target_width, -1]))
        cropped.set_shape(_known(batch, target_height, target_width, depth))
        return raw.Squeeze(cropped, squeeze_dims=[0]) if single else cropped


def resize_image_with_crop_or_pad(image: Any, target_height: Any, target_width: Any) -> Tensor:
    """The image in another size, its middle cut out or zeros put around it."""
    with build.name_scope(None, "resize_image_with_crop_or_pad", [image]):
        image, single = as_batch(convert(image, name="image"))
        checks = check_image(image)
        checks += refuse_unless(target_width > 0, "target_width must be > 0.")
        checks += refuse_unless(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        if is_symbolic(target_height):
            target_height = with_dependencies(checks, target_height)
        if is_symbolic(target_width):
            target_width = with_dependencies(checks, target_width)
        _, height, width, _ = dimensions(image, 4)
        more = target_width - width
        crop_left, pad_left = _greatest(-more // 2, 0), _greatest(more // 2, 0)
        more = target_height - height
        crop_top, pad_top = _greatest(-more // 2, 0), _greatest(more // 2, 0)
        kept_height, kept_width = _least(target_height, height), _least(target_width, width)
        cropped = crop_to_bounding_box(image, crop_top, crop_left, kept_height, kept_width)
        resized = pad_to_bounding_box(cropped, pad_top, pad_left, target_height, target_width)
        if resized.shape.rank is None:
            raise ValueError("resized contains no shape.")
        _, height, width, _ = dimensions(resized, 4)
        checks = refuse_unless(_same(height, target_height), "resized height is not correct.")
        checks += refuse_unless(_same(width, target_width), "resized width is not correct.")
        resized = with_dependencies(checks, resized)
        return raw.Squeeze(resized, squeeze_dims=[0]) if single else resized


resize_with_crop_or_pad = resize_image_with_crop_or_pad


def _greatest(x: Any, y: Any) -> Any:
    return raw.Maximum(x, y) if is_symbolic(x) or is_symbolic(y) else max(x, y)


def _least(x: Any, y: Any) -> Any:
    return raw.Minimum(x, y) if is_symbolic(x) or is_symbolic(y) else min(x, y)


def _same(x: Any, y: Any) -> Any:
    return raw.Equal(x, y) if is_symbolic(x) or is_symbolic(y) else x == y


def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """A box of the given size at a random place of a tensor."""
    with build.name_scope(name, "random_crop", [value, size]) as scope:
        value = convert(value, name="value")
        size = convert(size, dtype=int32, name="size")
        shape = idioms.shape(value)
        told = ["Need value.shape >= size, got ", shape, size]
        check = Assert(reduce_all(shape >= size), told, summarize=1000)
        shape = with_dependencies([check], shape)
        limit = shape - size + 1
        drawn = random_uniform(
            idioms.shape(shape), dtype=size.dtype, maxval=size.dtype.max, seed=seed
        )
        return raw.Slice(value, drawn % limit, size, name=scope)


__all__: list[str] = ["random_crop"]

NAMESPACES = {
    "image": [
        *("central_crop", "crop_to_bounding_box", "pad_to_bounding_box"),
        *("random_crop", "resize_image_with_crop_or_pad", "resize_with_crop_or_pad"),
    ]
}
