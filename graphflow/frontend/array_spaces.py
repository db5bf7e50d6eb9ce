"""Blocks moved between space, batch and depth; windows; bands and diagonals."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.reduce_idioms import constant_for_gradient

__all__ = [
    "batch_to_space",
    "batch_to_space_nd",
    "depth_to_space",
    "diag",
    "diag_part",
    "extract_image_patches",
    "extract_volume_patches",
    "matrix_band_part",
    "matrix_diag",
    "matrix_diag_part",
    "matrix_set_diag",
    "required_space_to_batch_paddings",
    "space_to_batch",
    "space_to_batch_nd",
    "space_to_depth",
]


def space_to_batch_nd(
    input: Any, block_shape: Any, paddings: Any, name: str | None = None
) -> Tensor:
    """Places in a block become batch entries."""
    out: Tensor = raw.SpaceToBatchND(input, block_shape, paddings, name=name)
    return out


def batch_to_space_nd(input: Any, block_shape: Any, crops: Any, name: str | None = None) -> Tensor:
    """Batch entries become places in a block."""
    out: Tensor = raw.BatchToSpaceND(input, block_shape, crops, name=name)
    return out


def _square(block: Any) -> Any:
    return np.array([block, block], dtype=np.int64)


def space_to_batch(
    input: Any,
    paddings: Any,
    block_size: Any = None,
    name: str | None = None,
    block_shape: Any = None,
) -> Tensor:
    """`space_to_batch_nd` of images with square blocks."""
    block = one_of_two("block_shape", block_shape, "block_size", block_size)
    out = space_to_batch_nd(input, _square(block), paddings, name)
    out.set_shape(out.shape.with_rank(4))
    return out


def batch_to_space(
    input: Any,
    crops: Any,
    block_size: Any,
    name: str | None = None,
    block_shape: Any = None,
) -> Tensor:
    """`batch_to_space_nd` of images with square blocks."""
    block = one_of_two("block_shape", block_shape, "block_size", block_size)
    out = batch_to_space_nd(input, _square(block), crops, name)
    out.set_shape(out.shape.with_rank(4))
    return out


def space_to_depth(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """Places in a square block become channels."""
    out: Tensor = raw.SpaceToDepth(input, block_size=block_size, data_format=data_format, name=name)
    return out


def depth_to_space(
    input: Any, block_size: int, name: str | None = None, data_format: str = "NHWC"
) -> Tensor:
    """Channels become places in a square block."""
    out: Tensor = raw.DepthToSpace(input, block_size=block_size, data_format=data_format, name=name)
    return out


def required_space_to_batch_paddings(
    input_shape: Any, block_shape: Any, base_paddings: Any = None, name: str | None = None
) -> tuple[Any, Any]:
    """(paddings, crops) that make sizes divisible by their blocks, and undo it."""
    scope = "required_space_to_batch_paddings"
    with build.name_scope(name, scope, [input_shape, block_shape]):
        sizes = convert(input_shape, int32, name="input_shape")
        blocks = convert(block_shape, int32, name="block_shape")
        blocks.shape.assert_is_fully_defined()
        blocks.shape.assert_has_rank(1)
        (count,) = blocks.shape.as_tuple()
        if count == 0:
            return idioms.zeros([0, 2], int32), idioms.zeros([0, 2], int32)
        sizes.shape.assert_is_compatible_with([count])
        if base_paddings is None:
            base = idioms.zeros([count, 2], int32)
        else:
            base = convert(base_paddings, int32, name="base_paddings")
            base.shape.assert_is_compatible_with([count, 2])
        numbers = [constant_for_gradient(t) for t in (sizes, blocks, base)]
        known = all(v is not None for v in numbers)
        size, block, pads = numbers if known else (sizes, blocks, base)
        before, after = pads[:, 0], pads[:, 1]
        whole = size + before + after
        extra = (block - whole % block) % block
        end = after + extra
        paddings = stack([[before[i], end[i]] for i in range(count)], name="paddings")
        crops = stack([[0, extra[i]] for i in range(count)], name="crops")
        return paddings, crops


def extract_image_patches(
    images: Any,
    ksizes: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    sizes: Any = None,
) -> Tensor:
    """Sliding windows laid out as channels."""
    ksizes = one_of_two("sizes", sizes, "ksizes", ksizes)
    return extract_patches(images, ksizes, strides, rates, padding, name)


def extract_patches(
    images: Any, sizes: Any, strides: Any, rates: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Sliding windows laid out as channels."""
    out: Tensor = raw.ExtractImagePatches(
        images, ksizes=sizes, strides=strides, rates=rates, padding=padding, name=name
    )
    return out


def extract_volume_patches(
    input: Any, ksizes: Any, strides: Any, padding: Any, name: str | None = None
) -> Tensor:
    """Sliding windows of volumes laid out as channels."""
    out: Tensor = raw.ExtractVolumePatches(
        input, ksizes=ksizes, strides=strides, padding=padding, name=name
    )
    return out


# ---- matrices -------------------------------------------------------------------------------------


def matrix_band_part(input: Any, num_lower: Any, num_upper: Any, name: str | None = None) -> Tensor:
    """The matrices with zeros outside a band about the diagonal; negative means no bound."""
    out: Tensor = raw.MatrixBandPart(input, num_lower, num_upper, name=name)
    return out


def diag(diagonal: Any, name: str | None = None) -> Tensor:
    """A tensor of twice the rank that is zero but where its two halves of coordinates agree."""
    out: Tensor = raw.Diag(diagonal, name=name)
    return out


def diag_part(input: Any, name: str | None = None) -> Tensor:
    """The elements where the two halves of coordinates agree."""
    out: Tensor = raw.DiagPart(input, name=name)
    return out


def matrix_diag(
    diagonal: Any,
    name: str | None = "diag",
    k: Any = 0,
    num_rows: Any = -1,
    num_cols: Any = -1,
    padding_value: Any = 0,
) -> Tensor:
    """Matrices with the given diagonals; as in TensorFlow 1.15, arguments beyond the first two rest."""
    out: Tensor = raw.MatrixDiag(diagonal, name=name)
    return out


def matrix_diag_part(
    input: Any, name: str | None = "diag_part", k: Any = 0, padding_value: Any = 0
) -> Tensor:
    """The diagonals of matrices."""
    out: Tensor = raw.MatrixDiagPart(input, name=name)
    return out


def matrix_set_diag(input: Any, diagonal: Any, name: str | None = "set_diag", k: Any = 0) -> Tensor:
    """The matrices with other diagonals."""
    out: Tensor = raw.MatrixSetDiag(input, diagonal, name=name)
    return out


NAMESPACES = {
    "nn": ["depth_to_space", "space_to_batch", "space_to_depth"],
    "manip": ["batch_to_space_nd", "space_to_batch_nd"],
    "image": ["extract_image_patches", "extract_patches"],
    "linalg": {
        "band_part": "matrix_band_part",
        "diag": "matrix_diag",
        "diag_part": "matrix_diag_part",
        "set_diag": "matrix_set_diag",
        "tensor_diag": "diag",
        "tensor_diag_part": "diag_part",
    },
}
