"""Tensors put together, taken apart and put in order: tf.concat, tf.stack, tf.split, tf.transpose."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import as_dtype, bool_, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, split, stack, transpose, unstack
from graphflow.ops.reduce_idioms import all_axes
from graphflow.ops.slice_keys import boolean_mask

__all__ = [
    "concat",
    "invert_permutation",
    "matrix_transpose",
    "meshgrid",
    "pad",
    "parallel_stack",
    "repeat",
    "reverse",
    "reverse_sequence",
    "reverse_v2",
    "roll",
    "sequence_mask",
    "split",
    "stack",
    "tile",
    "transpose",
    "unstack",
]


def parallel_stack(values: Any, name: str = "parallel_stack") -> Tensor:
    """Tensors of one known shape side by side, each copied as soon as it is there."""
    with build.current_graph().name_scope(name):
        row = convert(values[0]).shape
        shape = TensorShape([len(values)]).concatenate(row)
        rows = [raw.ExpandDims(v, 0) for v in values]
        out: Tensor = raw.ParallelConcat(rows, shape=shape)
        return out


def tile(input: Any, multiples: Any, name: str | None = None) -> Tensor:
    """The tensor repeated multiples[i] times along each dimension i."""
    out: Tensor = raw.Tile(input, multiples, name=name)
    return out


def matrix_transpose(a: Any, name: str = "matrix_transpose", conjugate: bool = False) -> Tensor:
    """The tensor with its last two axes exchanged."""
    with build.name_scope(name, None, [a]):
        a = convert(a, name="a")
        rank = a.shape.rank
        perm: Any
        if rank is None:
            count = idioms.rank(a)
            perm = concat((raw.Range(0, count - 2, 1), [count - 1, count - 2]), 0)
        elif rank < 2:
            raise ValueError(
                f"Argument 'a' should be a (batch) matrix, with rank >= 2.  Found: {a.shape}"
            )
        else:
            perm = [*range(rank - 2), rank - 1, rank - 2]
        return transpose(a, perm=perm, conjugate=conjugate)


def reverse(tensor: Any, axis: Any, name: str | None = None) -> Tensor:
    """The tensor with the elements along the given axes in the opposite order."""
    out: Tensor = raw.ReverseV2(tensor, axis, name=name)
    return out


reverse_v2 = reverse


def reverse_sequence(
    input: Any,
    seq_lengths: Any,
    seq_axis: int | None = None,
    batch_axis: int | None = None,
    name: str | None = None,
    seq_dim: int | None = None,
    batch_dim: int | None = None,
) -> Tensor:
    """Each entry along `batch_axis` with its first seq_lengths[i] elements reversed."""
    out: Tensor = raw.ReverseSequence(
        input,
        seq_lengths,
        seq_dim=one_of_two("seq_axis", seq_axis, "seq_dim", seq_dim),
        batch_dim=one_of_two("batch_axis", batch_axis, "batch_dim", batch_dim) or 0,
        name=name,
    )
    return out


def roll(input: Any, shift: Any, axis: Any, name: str | None = None) -> Tensor:
    """The tensor with its elements moved along the given axes, round and round."""
    out: Tensor = raw.Roll(input, shift, axis, name=name)
    return out


def invert_permutation(x: Any, name: str | None = None) -> Tensor:
    """y with y[x[i]] = i."""
    out: Tensor = raw.InvertPermutation(x, name=name)
    return out


def pad(
    tensor: Any,
    paddings: Any,
    mode: str = "CONSTANT",
    name: str | None = None,
    constant_values: Any = 0,
) -> Tensor:
    """The tensor with elements put before and after it in each dimension."""
    mode = mode.upper()
    out: Tensor
    if mode == "CONSTANT":
        if not hasattr(constant_values, "_as_tensor") and constant_values == 0:
            out = raw.Pad(tensor, paddings, name=name)
        else:
            out = raw.PadV2(tensor, paddings, constant_values, name=name)
    elif mode in ("REFLECT", "SYMMETRIC"):
        out = raw.MirrorPad(tensor, paddings, mode=mode, name=name)
    else:
        raise ValueError(f"Unknown padding mode: {mode}")
    return out


def meshgrid(*args: Any, **kwargs: Any) -> list[Tensor]:
    """The coordinates of a grid whose axes have the given values."""
    indexing, name = kwargs.pop("indexing", "xy"), kwargs.pop("name", "meshgrid")
    if kwargs:
        raise TypeError(f"'{next(iter(kwargs))}' is an invalid keyword argument for this function")
    if indexing not in ("xy", "ij"):
        raise ValueError("indexing parameter must be either 'xy' or 'ij'")
    with build.name_scope(name, "meshgrid", args):
        count = len(args)
        ones = (1,) * count
        out = [raw.Reshape(stack(x), (*ones[:i], -1, *ones[i + 1 :])) for i, x in enumerate(args)]
        sizes = [idioms.size(x) for x in args]
        dtype = convert(args[0]).dtype.base_dtype
        if indexing == "xy" and count > 1:
            out[0] = raw.Reshape(out[0], (1, -1, *ones[2:]))
            out[1] = raw.Reshape(out[1], (-1, 1, *ones[2:]))
            sizes[0], sizes[1] = sizes[1], sizes[0]
        whole = idioms.ones(sizes, dtype)
        return [x * whole for x in out]


def sequence_mask(
    lengths: Any, maxlen: Any = None, dtype: Any = bool_, name: str | None = None
) -> Tensor:
    """Row i is true in its first lengths[i] places."""
    with build.name_scope(name, "SequenceMask", [lengths, maxlen]):
        lengths = convert(lengths)
        if maxlen is None:
            maxlen = raw.Max(lengths, _axes(lengths))
            maxlen = raw.Maximum(constant(0, maxlen.dtype), maxlen)
        else:
            maxlen = convert(maxlen)
        if maxlen.shape.rank not in (None, 0):
            raise ValueError("maxlen must be scalar for sequence_mask")
        row = raw.Range(constant(0, maxlen.dtype), maxlen, constant(1, maxlen.dtype))
        column = raw.Cast(raw.ExpandDims(lengths, -1), DstT=maxlen.dtype)
        mask: Tensor = row < column
        if dtype is None or as_dtype(dtype).base_dtype is bool_:
            return mask
        out: Tensor = raw.Cast(mask, DstT=as_dtype(dtype))
        return out


def _axes(x: Tensor) -> Any:
    return raw.Range(0, idioms.rank(x), 1) if x.shape.rank is None else all_axes(x)


# ---- repeat ---------------------------------------------------------------------------------------


def repeat(input: Any, repeats: Any, axis: int | None = None, name: str | None = None) -> Tensor:
    """Each slice along an axis (or each element) repeated so many times."""
    if axis is None:
        input, axis = raw.Reshape(input, [-1]), 0
    if not isinstance(axis, int):
        raise TypeError(f"axis must be an int; got {type(axis).__name__}")
    with build.name_scope(name, "Repeat", [input, repeats]):
        data = convert(input, name="data")
        repeats = _whole(repeats)
        repeats.shape.with_rank_at_most(1)
        data = _with_an_axis(data)
        sizes = idioms.shape(data)
        axis = _positive(axis, data.shape.rank)
        if repeats.shape.rank == 1 and data.shape.dims is not None:
            data.shape.dims[axis].assert_is_compatible_with(repeats.shape[0])
        if repeats.shape.rank == 0:
            tiled = _tiled(raw.ExpandDims(data, axis + 1), axis + 1, repeats)
            whole = concat([sizes[:axis], [-1], sizes[axis + 1 :]], axis=0)
            out: Tensor = raw.Reshape(tiled, whole)
            return out
        return _repeated_by_row(data, sizes, repeats, axis)


def _repeated_by_row(data: Tensor, sizes: Tensor, repeats: Tensor, axis: int) -> Tensor:
    """As many repetitions as the greatest number asks for, less those too many."""
    if repeats.shape.rank != axis + 1:
        given, count = idioms.shape(repeats), idioms.rank(repeats)
        repeats = raw.BroadcastTo(repeats, concat([sizes[: axis + 1 - count], given], axis=0))
        repeats.set_shape([None] * (axis + 1))
    most = raw.Maximum(0, raw.Max(repeats, _axes(repeats)))
    mask = sequence_mask(repeats, most)
    tiled = _tiled(raw.ExpandDims(data, axis + 1), axis + 1, most)
    out: Tensor = boolean_mask(tiled, mask)
    if axis:
        out = raw.Reshape(out, concat([sizes[:axis], [-1], sizes[axis + 1 :]], axis=0))
    if data.shape.rank is not None:
        rows = 0 if repeats.shape.dims and repeats.shape.dims[0].value == 0 else None
        out.set_shape(data.shape[:axis].concatenate([rows]).concatenate(data.shape[axis + 1 :]))
    return out


def _whole(repeats: Any) -> Tensor:
    found = convert(repeats, name="repeats", hint=int32)
    if not found.dtype.is_integer:
        raise TypeError(f"repeats must be an integer tensor; dtype={found.dtype}")
    out: Tensor = raw.Cast(found, DstT=int32)
    return out


def _positive(axis: int, rank: int | None) -> int:
    if rank is None:
        if axis < 0:
            raise ValueError("axis may only be negative if ndims is statically known.")
        return axis
    if not -rank <= axis < rank:
        raise ValueError(f"axis={axis} out of bounds: expected {-rank}<=axis<{rank}")
    return axis % rank


def _tiled(data: Tensor, axis: int, multiple: Tensor) -> Tensor:
    rank = data.shape.rank
    multiples: Any
    if rank is not None:
        multiples = [1] * rank
        multiples[axis] = multiple
    else:
        ones = idioms.ones(idioms.rank(data), int32)
        multiples = concat([ones[:axis], [multiple], ones[axis + 1 :]], axis=0)
    return tile(data, multiples)


def _with_an_axis(data: Tensor) -> Tensor:
    if data.shape.rank is not None:
        return stack([data]) if data.shape.rank == 0 else data
    sizes, rank = idioms.shape(data), idioms.rank(data)
    out: Tensor = raw.Reshape(data, concat([[1], sizes], axis=0)[-rank:])
    return out


NAMESPACES = {
    "linalg": {"transpose": "matrix_transpose", "matrix_transpose": "matrix_transpose"},
    "manip": ["reverse", "roll", "tile"],
    "math": ["invert_permutation"],
}
