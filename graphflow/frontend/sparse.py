"""Sparse tensors under other coordinates, and from and to dense ones: tf.sparse.*."""

from __future__ import annotations

import math
import numbers
from collections.abc import Iterable, Sequence
from typing import Any

from graphflow.frontend.checks import assert_equal, assert_less_equal
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32, int32, int64
from graphflow.ir.known import constant_value, known_shape
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops import arrays, idioms
from graphflow.ops.arrays import concat
from graphflow.ops.dependencies import with_dependencies
from graphflow.ops.reduce_idioms import constant_for_gradient, sequence
from graphflow.ops.sparse_idioms import as_sparse, parts, reorder, sparse_slice

__all__ = [
    "sparse_concat",
    "sparse_fill_empty_rows",
    "sparse_merge",
    "sparse_reorder",
    "sparse_reset_shape",
    "sparse_reshape",
    "sparse_retain",
    "sparse_slice",
    "sparse_split",
    "sparse_tensor_to_dense",
    "sparse_to_dense",
    "sparse_to_indicator",
    "sparse_transpose",
]

sparse_reorder = reorder


def from_dense(tensor: Any, name: str | None = None) -> SparseTensor:
    """The elements of a tensor that are not zero."""
    with build.name_scope(name, "dense_to_sparse"):
        tensor = convert(tensor)
        zero = constant("" if tensor.dtype.kind == "s" else 0, tensor.dtype)
        indices = arrays.where(raw.NotEqual(tensor, zero))
        values = raw.GatherNd(tensor, indices)
        return SparseTensor(indices, values, idioms.shape(tensor, out_type=int64))


def eye(
    num_rows: Any, num_columns: Any = None, dtype: Any = float32, name: str | None = None
) -> SparseTensor:
    """A sparse matrix with ones on its diagonal."""
    with build.name_scope(name, "eye", [num_rows, num_columns]):
        rows = _size(num_rows, "num_rows")
        cols = rows if num_columns is None else _size(num_columns, "num_columns")
        count = raw.Minimum(rows, cols)
        places = sequence(count, dtype=int64)
        pairs = arrays.stack([places, places], axis=1)
        return SparseTensor(pairs, idioms.ones(count, dtype), [rows, cols])


def _size(value: Any, name: str) -> Tensor:
    if isinstance(value, numbers.Integral):
        return convert(value, int64, name=name)
    if not isinstance(value, Tensor):
        raise TypeError(f"{name} must be an integer value")
    return idioms.cast(value, int64)


def expand_dims(sp_input: Any, axis: Any = None, name: str | None = None) -> SparseTensor:
    """The sparse tensor with a dimension of size 1 put in."""
    rank = sp_input.dense_shape.shape[0]
    axis = -1 if axis is None else axis
    with build.name_scope(name, "expand_dims", [sp_input]):
        if isinstance(axis, numbers.Integral):
            axis = convert(axis, int32, name="axis")
        elif not isinstance(axis, Tensor):
            raise TypeError(
                "axis must be an integer value in range [-rank(sp_input) - 1, rank(sp_input)]"
            )
        at = raw.SelectV2(axis >= 0, axis, axis + rank + 1)
        rows = idioms.shape(sp_input.indices)[0]
        column = idioms.zeros([rows, 1], int64)
        before = raw.Slice(sp_input.indices, [0, 0], [-1, at])
        after = raw.Slice(sp_input.indices, [0, at], [-1, -1])
        indices = concat([before, column, after], axis=1)
        lead, rest = (
            raw.Slice(sp_input.dense_shape, [0], [at]),
            raw.Slice(sp_input.dense_shape, [at], [-1]),
        )
        one = convert([1], int64, name="new_shape")
        return SparseTensor(indices, sp_input.values, concat([lead, one, rest], axis=0))


def sparse_concat(
    axis: Any,
    sp_inputs: Sequence[Any],
    name: str | None = None,
    expand_nonconcat_dim: bool = False,
    concat_dim: Any = None,
    expand_nonconcat_dims: bool | None = None,
) -> SparseTensor:
    """Sparse tensors one after the other along an axis."""
    widen = expand_nonconcat_dim if expand_nonconcat_dims is None else expand_nonconcat_dims
    axis = one_of_two("axis", axis, "concat_dim", concat_dim)
    if not isinstance(sp_inputs, list | tuple):
        raise TypeError("Inputs must be a list or tuple.")
    xs = [as_sparse(x) for x in sp_inputs]
    if len(xs) == 1:
        return xs[0]
    shapes = [x.dense_shape for x in xs]
    if widen:
        shapes = _widened(shapes, axis)
    indices, values, shape = raw.SparseConcat(
        [x.indices for x in xs], [x.values for x in xs], shapes, concat_dim=axis, name=name
    )
    known = [constant_for_gradient(s) for s in shapes]
    if all(k is not None for k in known):
        whole = known[0].copy()
        whole[axis] = sum(int(k[axis]) for k in known if k is not None)
        shape = convert(whole)
    return SparseTensor(indices, values, shape)


def _widened(shapes: list[Tensor], axis: int) -> list[Tensor]:
    """Every shape with the greatest size in all dimensions but the axis."""
    rows = concat([raw.Reshape(s, [1, -1]) for s in shapes], 0)
    most = raw.Max(rows, 0)
    last = axis == -1
    return [
        concat(
            [
                most[:axis],
                s[-1:] if last else s[axis : axis + 1],
                [] if last else most[axis + 1 :],
            ],
            0,
        )
        for s in shapes
    ]


def sparse_split(
    keyword_required: Any = None,
    sp_input: Any = None,
    num_split: int | None = None,
    axis: Any = None,
    name: str | None = None,
    split_dim: Any = None,
) -> list[SparseTensor]:
    """So many parts of a sparse tensor along an axis; arguments go by keyword."""
    if keyword_required is not None:
        raise ValueError("Keyword arguments are required for this function.")
    axis = one_of_two("axis", axis, "split_dim", split_dim)
    for label, value in (("sp_input", sp_input), ("num_split", num_split), ("axis", axis)):
        if value is None:
            raise ValueError(f"{label} is required")
    x = as_sparse(sp_input)
    pieces = raw.SparseSplit(axis, *parts(x), num_split=num_split, name=name)
    return [SparseTensor(*piece) for piece in zip(*pieces, strict=True)]


def sparse_reshape(sp_input: Any, shape: Any, name: str | None = None) -> SparseTensor:
    """The same elements under another shape."""
    x = as_sparse(sp_input)
    shape = idioms.cast(shape, int64)
    with build.name_scope(name, "SparseReshape", [x]) as scope:
        indices, found = raw.SparseReshape(x.indices, x.dense_shape, shape, name=scope)
        static = _static_reshape(x, shape)
        if static is not None:
            found = constant(static, int64)
        return SparseTensor(indices, raw.Identity(x.values), found)


def _static_reshape(x: SparseTensor, shape: Tensor) -> list[int] | None:
    """The new shape where it is known, checked against the old one."""
    wanted, given = known_shape(shape).dims, constant_value(shape)
    if wanted is None or not x.shape.is_static:
        return None
    if given is not None and (given == -1).sum() > 1:
        raise ValueError(f"At most one dimension can be inferred (-1). Found: {given}")
    count = x.shape.num_elements() or 0
    blanks = [i for i, d in enumerate(wanted) if d.value is None]
    if len(blanks) > 1:
        return None
    sizes = [d.value or 0 for d in wanted]
    if blanks:
        rest = math.prod(d.value for d in wanted if d.value is not None)
        sizes[blanks[0]] = count // rest if rest else 0
    if math.prod(sizes) != count:
        raise ValueError(
            f"Cannot reshape a tensor with {count} elements to shape "
            f"{[d.value for d in wanted]} ({math.prod(sizes)} elements)."
        )
    return sizes


def sparse_to_dense(
    sparse_indices: Any,
    output_shape: Any,
    sparse_values: Any,
    default_value: Any = 0,
    validate_indices: bool = True,
    name: str | None = None,
) -> Tensor:
    """A dense tensor of the default with values at the given coordinates."""
    out: Tensor = raw.SparseToDense(
        sparse_indices,
        output_shape,
        sparse_values,
        default_value,
        validate_indices=validate_indices,
        name=name,
    )
    return out


def sparse_tensor_to_dense(
    sp_input: Any, default_value: Any = None, validate_indices: bool = True, name: str | None = None
) -> Tensor:
    """The dense tensor that a sparse one stands for."""
    x = as_sparse(sp_input)
    default = idioms.zeros([], x.dtype) if default_value is None else default_value
    return sparse_to_dense(x.indices, x.dense_shape, x.values, default, validate_indices, name)


def sparse_to_indicator(sp_input: Any, vocab_size: Any, name: str | None = None) -> Tensor:
    """A dense tensor that is true at each of the ids that the last dimension lists."""
    x = as_sparse(sp_input)
    with build.name_scope(name, "SparseToIndicator", [x]) as scope:
        count = idioms.shape(x.indices)[0]
        marks = raw.Fill(raw.ExpandDims(count, 0), True)
        marked = sparse_merge(x, SparseTensor(x.indices, marks, x.dense_shape), vocab_size, scope)
        return sparse_tensor_to_dense(marked, False, validate_indices=False, name=scope)


def sparse_merge(
    sp_ids: Any,
    sp_values: Any,
    vocab_size: Any,
    name: str | None = None,
    already_sorted: bool = False,
) -> SparseTensor:
    """Values at coordinates of which the last are the ids that go with them."""
    ids, sizes = _ids_and_sizes(sp_ids, vocab_size)
    with build.name_scope(name, "SparseMerge", [*ids, sp_values]):
        ids, values = [as_sparse(i) for i in ids], as_sparse(sp_values)
        columns = []
        for one in ids:
            column = one.values if one.dtype is int64 else idioms.cast(one.values, int64)
            columns.append(raw.ExpandDims(column, 1))
        sizes = [idioms.cast(s, int64) for s in sizes]
        indices = concat([ids[0].indices[:, :-1], *columns], 1)
        shape = concat([ids[0].dense_shape[:-1], sizes], 0)
        merged = SparseTensor(indices, values.values, shape)
        if already_sorted:
            return merged
        ordered = reorder(merged)
        return SparseTensor(ordered.indices, ordered.values, shape)


def _ids_and_sizes(sp_ids: Any, vocab_size: Any) -> tuple[list[Any], list[Any]]:
    single = is_sparse(sp_ids)
    for what, value in (("sp_ids", sp_ids), ("vocab_size", vocab_size)):
        if not single and not isinstance(value, Iterable):
            raise TypeError(f"{what} has to be a list thereof. Found {type(value)}")
    ids, sizes = ([sp_ids], [vocab_size]) if single else (list(sp_ids), list(vocab_size))
    for size in sizes:
        if not isinstance(size, Tensor | numbers.Integral):
            raise TypeError(f"vocab_size has to be a Tensor or Python int. Found {type(size)}")
    if len(ids) != len(sizes):
        raise ValueError("sp_ids and vocab_size have to have equal lengths.")
    return ids, sizes


def sparse_retain(sp_input: Any, to_retain: Any) -> SparseTensor:
    """The elements that are marked."""
    x = as_sparse(sp_input)
    marks = convert(to_retain)
    marks.shape.assert_has_rank(1)
    x.values.shape.assert_is_compatible_with(marks.shape)
    kept = raw.Reshape(arrays.where(marks), [-1])
    indices, values = raw.GatherV2(x.indices, kept, 0), raw.GatherV2(x.values, kept, 0)
    return SparseTensor(indices, values, raw.Identity(x.dense_shape))


def sparse_reset_shape(sp_input: Any, new_shape: Any = None) -> SparseTensor:
    """The same elements in a whole of another size, by default the least that holds them."""
    x = as_sparse(sp_input)
    indices, values, shape = (raw.Identity(part) for part in parts(x))
    if new_shape is None:
        top = raw.Max(indices, 0)
        zero = constant(0, int64)
        return SparseTensor(
            indices, values, raw.Maximum(zero, raw.Add(top, idioms.ones_like(shape)))
        )
    wanted = convert(new_shape)
    wanted.shape.assert_has_rank(1)
    wanted = idioms.cast(wanted, int64)
    wanted.shape.assert_is_compatible_with(shape.shape)
    known = constant_for_gradient(wanted)
    if known is None or not x.shape.is_static:
        return SparseTensor(indices, values, _no_smaller(shape, wanted))
    if not all(a <= b for a, b in zip(x.shape.as_tuple(), known, strict=True)):
        raise ValueError(
            "Requested new_shape should have dimension sizes >= sp_input.shape.  "
            f"Found new_shape ({known}), sp_input.shape ({x.shape})."
        )
    return SparseTensor(indices, values, known)


def _no_smaller(shape: Tensor, wanted: Tensor) -> Tensor:
    """The wanted shape, if it is as long as the other and nowhere smaller."""
    same_rank = assert_equal(idioms.shape(shape), idioms.shape(wanted))
    wanted = with_dependencies([same_rank], wanted)
    checked: Tensor = with_dependencies([assert_less_equal(shape, wanted)], wanted)
    return checked


def sparse_fill_empty_rows(
    sp_input: Any, default_value: Any, name: str | None = None
) -> tuple[SparseTensor, Tensor]:
    """The elements with a default in each row that has none, and which rows those are."""
    x = as_sparse(sp_input)
    with build.name_scope(name, "SparseFillEmptyRows", [x]):
        default = convert(default_value, x.values.dtype)
        indices, values, empty, _ = raw.SparseFillEmptyRows(
            x.indices, x.values, x.dense_shape, default
        )
        return SparseTensor(indices, values, x.dense_shape), empty


def sparse_transpose(sp_input: Any, perm: Any = None, name: str | None = None) -> SparseTensor:
    """The sparse tensor with its axes in another order, by default reversed."""
    with build.name_scope(name, "SparseTranspose", [sp_input]):
        if perm is None:
            rank = raw.Size(sp_input.dense_shape, name="Rank")
            perm = rank - 1 - sequence(0, rank, 1)
        columns = arrays.transpose(sp_input.indices)
        indices = arrays.transpose(raw.GatherV2(columns, perm, 0))
        order = constant_for_gradient(convert(perm))
        if order is not None and sp_input.shape.is_static:
            old = sp_input.shape.as_tuple()
            shape: Any = [old[p] for p in order]
        else:
            shape = raw.GatherV2(sp_input.dense_shape, perm, 0)
        return reorder(SparseTensor(indices, sp_input.values, shape))


NAMESPACES = {
    "sparse": {
        "concat": "sparse_concat",
        "expand_dims": "expand_dims",
        "eye": "eye",
        "fill_empty_rows": "sparse_fill_empty_rows",
        "from_dense": "from_dense",
        "merge": "sparse_merge",
        "reorder": "sparse_reorder",
        "reset_shape": "sparse_reset_shape",
        "reshape": "sparse_reshape",
        "retain": "sparse_retain",
        "slice": "sparse_slice",
        "split": "sparse_split",
        "to_dense": "sparse_tensor_to_dense",
        "to_indicator": "sparse_to_indicator",
        "transpose": "sparse_transpose",
    }
}
