"""The nodes of datasets of batches, of windows, and of rows."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.data import nesting
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.elements import (
    batched,
    declared,
    flat_shapes,
    flat_types,
    from_legacy,
    legacy_classes,
    legacy_shapes,
    legacy_types,
    unbatched,
)
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int64, string, variant
from graphflow.ir.known import constant_value, known_shape
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Symbol, TensorShape, as_shape
from graphflow.ir.sparse_tensor import SparseTensor


def known_size(batch_size: Tensor, drop_remainder: Tensor) -> int | None:
    """The number of elements in every batch, where it is known."""
    dropped, size = constant_value(drop_remainder), constant_value(batch_size)
    return None if not dropped or size is None else int(size)


def in_batches(source: Any, batch_size: Any, drop_remainder: Any) -> Made:
    size = convert(batch_size, int64, "batch_size")
    drop = convert(drop_remainder, bool_, "drop_remainder")
    structure = batched(source.element_spec, known_size(size, drop))
    made = raw.BatchDatasetV2(source._variant_tensor, size, drop, **declared(structure))
    return Made(made, structure, [source])


def in_padded_batches(
    source: Any, batch_size: Any, padded_shapes: Any, padding_values: Any, drop_remainder: Any
) -> Made:
    spec = source.element_spec
    classes, types, shapes = legacy_classes(spec), legacy_types(spec), legacy_shapes(spec)
    if any(kind is SparseTensor for kind in nesting.flatten(classes)):
        raise TypeError("Batching of padded sparse tensors is not currently supported")
    size = convert(batch_size, int64, "batch_size")
    if padding_values is None:
        padding_values = nesting.mapped(_nothing, types)
    wanted = nesting.flatten_up_to(shapes, padded_shapes)
    sizes = [_shape_tensor(w, s) for w, s in zip(wanted, nesting.flatten(shapes), strict=True)]
    fills = nesting.flatten(nesting.mapped_up_to(shapes, _fill, padding_values, types))
    drop = convert(drop_remainder, bool_, "drop_remainder")
    lead = TensorShape([known_size(size, drop)])
    known = nesting.pack(shapes, [lead.concatenate(known_shape(s)) for s in sizes])
    structure = from_legacy(types, known, classes)
    made = raw.PaddedBatchDatasetV2(
        source._variant_tensor,
        size,
        sizes,
        fills,
        drop,
        output_shapes=flat_shapes(structure),
        N=len(sizes),
    )
    return Made(made, structure, [source])


def _nothing(dtype: Any) -> Any:
    """What fills up a batch where nothing else is said."""
    if dtype.base_dtype is string:
        return ""
    if dtype.base_dtype is variant:
        raise TypeError("Unable to create padding for field of type 'variant'")
    return dtype.base_dtype.numpy.type(0)


def _shape_tensor(wanted: Any, known: TensorShape) -> Tensor:
    """A padded shape as a vector, -1 where the largest element decides."""
    try:
        asked = as_shape(wanted)
        sizes = convert([-1 if d is None else d for d in asked.as_list()], int64)
    except (TypeError, ValueError):
        sizes = convert(wanted, hint=int64)
        if sizes.shape.rank not in (None, 1):
            raise ValueError(
                f"Padded shape {wanted} must be a 1-D tensor of tf.int64 values, but its shape was {sizes.shape}."
            ) from None
        if sizes.dtype is not int64:
            raise TypeError(
                f"Padded shape {wanted} must be a 1-D tensor of tf.int64 values, but its element type was "
                f"{sizes.dtype.name}."
            ) from None
        asked = known_shape(sizes)
    if not _holds(asked, known):
        raise ValueError(
            f"The padded shape {asked} is not compatible with the corresponding input component shape {known}."
        )
    return sizes


def _holds(wanted: TensorShape, known: TensorShape) -> bool:
    if wanted.known is None or known.known is None:
        return True
    return len(wanted.known) == len(known.known) and all(
        isinstance(w, Symbol) or isinstance(k, Symbol) or w >= k
        for w, k in zip(wanted.known, known.known, strict=True)
    )


def _fill(value: Any, dtype: Any) -> Tensor:
    fill = convert(value, name="padding_value")
    if not fill.shape.is_compatible_with(()):
        raise ValueError(f"Padding value should be a scalar, but is not: {value}")
    if fill.dtype is not dtype:
        raise TypeError(f"Padding value tensor ({fill}) does not match output type: {dtype}")
    return fill


def rows(source: Any, structure: Any) -> Made:
    """The rows of elements that have been made tensors whose rows stand for rows."""
    count = TensorShape([None])
    for shape in flat_shapes(structure):
        if shape.rank == 0:
            raise ValueError("Cannot unbatch an input with scalar components.")
        try:
            count = count.merge_with(shape[:1])
        except ValueError:
            raise ValueError(
                "Cannot unbatch an input whose components have different batch sizes."
            ) from None
    spec = unbatched(structure)
    made = raw.UnbatchDataset(source._variant_tensor, **declared(spec))
    return Made(made, spec, [source])


def in_windows(source: Any, given: tuple[Any, Any, Any], drop: Any, spec_of: Any) -> Made:
    """Windows of given size, shift and stride; `spec_of` makes a dataset's spec of its elements'."""
    names = ("size", "shift", "stride")
    sizes = [convert(v, int64, n) for v, n in zip(given, names, strict=True)]
    drop = convert(drop, bool_, "drop_remainder")
    structure = nesting.mapped(spec_of, source.element_spec)
    attrs = {"output_types": flat_types(structure), "output_shapes": flat_shapes(structure)}
    made = raw.WindowDataset(source._variant_tensor, *sizes, drop, **attrs)
    return Made(made, structure, [source])
