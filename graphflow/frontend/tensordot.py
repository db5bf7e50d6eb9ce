"""tf.tensordot: sums over chosen axes of two tensors, as one product of matrices."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, transpose
from graphflow.ops.matrix_idioms import matmul
from graphflow.ops.reduce_idioms import reduce_prod, sequence

__all__ = ["tensordot"]


def tensordot(a: Any, b: Any, axes: Any, name: str | None = None) -> Tensor:
    """The sum over axes[0] of a and axes[1] of b, or over the last axes of a and the first of b."""
    with build.name_scope(name, "Tensordot", [a, b, axes]) as scope:
        a, b = convert(a, name="a"), convert(b, name="b")
        a_axes, b_axes = _axes(a, axes)
        a_matrix, a_free, a_static = _as_matrix(a, a_axes, summed_first=False)
        b_matrix, b_free, b_static = _as_matrix(b, b_axes, summed_first=True)
        product = matmul(a_matrix, b_matrix)
        found: Tensor
        if isinstance(a_free, list) and isinstance(b_free, list):
            found = raw.Reshape(product, a_free + b_free, name=scope)
            return found
        sizes = [convert(free, dtype=int32) for free in (a_free, b_free)]
        found = raw.Reshape(product, concat(sizes, 0), name=scope)
        if a_static is not None and b_static is not None:
            found.set_shape(TensorShape([*a_static, *b_static]))
        return found


def _axes(a: Tensor, axes: Any) -> tuple[Any, Any]:
    """The axes of each operand that are summed over."""
    if isinstance(axes, int | np.integer):
        if axes < 0:
            raise ValueError("'axes' must be at least 0.")
        rank = a.shape.rank
        if rank is None:
            count = idioms.rank(a)
            return sequence(count - axes, count, dtype=int32), sequence(axes, dtype=int32)
        if axes > rank:
            raise ValueError(
                f"'axes' must not be larger than the number of dimensions of tensor {a}."
            )
        return list(range(rank - axes, rank)), list(range(axes))
    if not isinstance(axes, list | tuple):
        axes = convert(axes, name="axes", dtype=int32)
        return axes[0], axes[1]
    if len(axes) != 2:
        raise ValueError("'axes' must be an integer or have length 2.")
    first, second = axes
    if isinstance(first, int | np.integer) and isinstance(second, int | np.integer):
        first, second = [first], [second]
    if len(first) != len(second):
        raise ValueError(
            f"Different number of contraction axes 'a' and 'b', {len(first)} != {len(second)}."
        )
    return first, second


def _as_matrix(a: Tensor, axes: Any, summed_first: bool) -> tuple[Tensor, Any, Any]:
    """`a` as a matrix of its free and its summed axes, the sizes of the free ones, and what is known of them."""
    listed = isinstance(axes, list | tuple)
    flat: Any
    if listed and a.shape.is_static:
        sizes = a.shape.as_tuple()
        summed, free = _parted(axes, len(sizes))
        free_sizes = [sizes[i] for i in free]
        products = [math.prod(free_sizes), math.prod(sizes[i] for i in summed)]
        order = summed + free if summed_first else free + summed
        flat = products[::-1] if summed_first else products
        return raw.Reshape(transpose(a, order), flat), free_sizes, free_sizes
    known = None
    if listed and a.shape.rank is not None:
        dims = a.shape.dims
        assert dims is not None
        summed, free = _parted(axes, len(dims))
        known = [dims[i].value for i in free]
        axes, rest = convert(summed, dtype=int32, name="axes"), convert(free, int32, name="free")
        shape = idioms.shape(a)
    else:
        shape, rank = idioms.shape(a), idioms.rank(a)
        axes = convert(axes, dtype=int32, name="axes")
        axes = raw.Select(axes >= 0, axes, axes + rank)
        rest = raw.ListDiff(sequence(rank), axes)[0]
    free_shape, summed_shape = raw.GatherV2(shape, rest, 0), raw.GatherV2(shape, axes, 0)
    count, summed_count = reduce_prod(free_shape), reduce_prod(summed_shape)
    perm = concat([axes, rest] if summed_first else [rest, axes], 0)
    flat = stack([summed_count, count] if summed_first else [count, summed_count])
    return raw.Reshape(transpose(a, perm), flat), free_shape, known


def _parted(axes: Any, rank: int) -> tuple[list[int], list[int]]:
    """The summed axes counted from the front, and the others."""
    summed = [int(i) if i >= 0 else int(i) + rank for i in axes]
    return summed, [i for i in range(rank) if i not in summed]


NAMESPACES = {"linalg": ["tensordot"]}
