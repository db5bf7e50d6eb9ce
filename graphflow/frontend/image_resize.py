"""tf.image: images in other sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.image_checks import as_batch, check_image, dimensions, refuse_unless
from graphflow.frontend.image_crop import pad_to_bounding_box
from graphflow.frontend.math import round as nearest
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, float64, int32
from graphflow.ir.known import known_shape
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import with_dependencies


class ResizeMethod:
    """How resize_images fills the pixels in."""

    BILINEAR = 0
    NEAREST_NEIGHBOR = 1
    BICUBIC = 2
    AREA = 3


#: what each method is called, by number and by name
_METHODS: dict[Any, str] = {
    ResizeMethod.BILINEAR: "ResizeBilinear",
    ResizeMethod.NEAREST_NEIGHBOR: "ResizeNearestNeighbor",
    ResizeMethod.BICUBIC: "ResizeBicubic",
    ResizeMethod.AREA: "ResizeArea",
    "bilinear": "ResizeBilinear",
    "nearest": "ResizeNearestNeighbor",
    "bicubic": "ResizeBicubic",
    "area": "ResizeArea",
}


def resize_images(
    images: Any,
    size: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
    preserve_aspect_ratio: bool = False,
    name: str | None = None,
) -> Tensor:
    """The images in the size [height, width]; the same images where they have it."""
    with build.name_scope(name, "resize", [images, size]):
        images = convert(images, name="images")
        if images.shape.rank is None:
            raise ValueError("'images' contains no shape.")
        single = images.shape.rank == 3
        if single:
            images = raw.ExpandDims(images, 0)
        elif images.shape.rank != 4:
            raise ValueError("'images' must have either 3 or 4 dimensions.")
        try:
            size = convert(size, dtype=int32, name="size")
        except (TypeError, ValueError):
            raise ValueError("'size' must be a 1-D int32 Tensor") from None
        if not size.shape.is_compatible_with([2]):
            raise ValueError("'size' must be a 1-D Tensor of 2 elements: new_height, new_width")
        wanted = known_shape(size).as_list()
        if preserve_aspect_ratio:
            size = _within(images, wanted)
            wanted = known_shape(size).as_list()
        if None not in wanted and wanted == images.shape.as_list()[1:3]:
            resized = images
        else:
            if method not in _METHODS:
                raise ValueError("Resize method is not implemented.")
            op = getattr(raw, _METHODS[method])
            resized = op(images, size, align_corners=align_corners)
            resized.set_shape([None, *wanted, None])
        return raw.Squeeze(resized, squeeze_dims=[0]) if single else resized


resize = resize_images


def _within(images: Tensor, wanted: list[int | None]) -> Tensor:
    """The greatest size within the wanted one that keeps the ratio of height and width."""
    _, height, width, _ = dimensions(images, 4)
    scales = [
        idioms.cast(most, float32) / idioms.cast(now, float32)
        for most, now in zip(wanted, (height, width), strict=True)
    ]
    scale = raw.Minimum(*scales)
    sizes = [
        idioms.cast(nearest(scale * idioms.cast(now, float32)), int32) for now in (height, width)
    ]
    return convert(sizes, dtype=int32, name="size")


def resize_image_with_pad(
    image: Any,
    target_height: Any,
    target_width: Any,
    method: Any = ResizeMethod.BILINEAR,
    align_corners: bool = False,
) -> Tensor:
    """The image resized to fit into a size without a change of its ratio, with zeros around it."""
    with build.name_scope(None, "resize_image_with_pad", [image]):
        image, single = as_batch(convert(image, name="image"))
        checks = check_image(image)
        checks += refuse_unless(target_width > 0, "target_width must be > 0.")
        checks += refuse_unless(target_height > 0, "target_height must be > 0.")
        image = with_dependencies(checks, image)
        _, height, width, _ = dimensions(image, 4)
        doubles = [idioms.cast(v, float64) for v in (height, width, target_height, target_width)]
        rows, columns, most_rows, most_columns = doubles
        ratio = raw.Maximum(columns / most_columns, rows / most_rows)
        new_rows, new_columns = rows / ratio, columns / ratio
        new_height = idioms.cast(raw.Floor(new_rows), int32)
        new_width = idioms.cast(raw.Floor(new_columns), int32)
        above, ahead = (most_rows - new_rows) / 2, (most_columns - new_columns) / 2
        above, ahead = raw.Floor(above), raw.Floor(ahead)
        above = raw.Maximum(0, idioms.cast(above, int32))
        ahead = raw.Maximum(0, idioms.cast(ahead, int32))
        resized = resize_images(image, [new_height, new_width], method, align_corners)
        padded = pad_to_bounding_box(resized, above, ahead, target_height, target_width)
        if padded.shape.rank is None:
            raise ValueError("padded contains no shape.")
        dimensions(padded, 4)
        return raw.Squeeze(padded, squeeze_dims=[0]) if single else padded


def _resizer(op: str) -> Callable[..., Tensor]:
    def resized(
        images: Any,
        size: Any,
        align_corners: bool = False,
        name: str | None = None,
        half_pixel_centers: bool = False,
    ) -> Tensor:
        """The images in the size [height, width]."""
        found: Tensor = getattr(raw, op)(
            images,
            size,
            align_corners=align_corners,
            half_pixel_centers=half_pixel_centers,
            name=name,
        )
        return found

    return resized


resize_bicubic = _resizer("ResizeBicubic")
resize_bilinear = _resizer("ResizeBilinear")
resize_nearest_neighbor = _resizer("ResizeNearestNeighbor")


def resize_area(
    images: Any, size: Any, align_corners: bool = False, name: str | None = None
) -> Tensor:
    """The images in the size [height, width], each pixel the mean of the area that it covers."""
    return raw.ResizeArea(images, size, align_corners=align_corners, name=name)


def crop_and_resize(
    image: Any,
    boxes: Any,
    box_ind: Any = None,
    crop_size: Any = None,
    method: str = "bilinear",
    extrapolation_value: float = 0,
    name: str | None = None,
    box_indices: Any = None,
) -> Tensor:
    """Boxes of images, all resized to `crop_size`."""
    index = one_of_two("box_indices", box_indices, "box_ind", box_ind)
    return raw.CropAndResize(
        image,
        boxes,
        index,
        crop_size,
        method=method,
        extrapolation_value=extrapolation_value,
        name=name,
    )


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *("ResizeMethod", "crop_and_resize", "resize", "resize_area", "resize_bicubic"),
        *("resize_bilinear", "resize_image_with_pad", "resize_images", "resize_nearest_neighbor"),
    ]
}
