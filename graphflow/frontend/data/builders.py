"""The nodes of datasets: each builder gives the variant tensor and what is known of the elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.frontend.data import nesting
from graphflow.frontend.data.elements import (
    declared,
    flat_shapes,
    from_legacy,
    legacy_classes,
    legacy_shapes,
    legacy_types,
    normalized,
    structure_of,
    to_batched_tensors,
    to_tensors,
    unbatched,
)
from graphflow.frontend.data.specs import SparseTensorSpec, TensorSpec
from graphflow.frontend.framework import get_seed
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.dtype import string as string_type
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, TensorShape
from graphflow.ops.bodies import common_shape


class Made(NamedTuple):
    """A dataset as its node gives it."""

    variant: Tensor
    element_spec: Any
    #: the datasets that it is made of
    inputs: Sequence[Any] = ()
    #: what its functions use from outside
    captured: Sequence[Tensor] = ()


# ---- from values ---------------------------------------------------------------------------------------


def of_tensors(tensors: Any) -> Made:
    element = normalized(tensors)
    structure = structure_of(element)
    made = raw.TensorDataset(to_tensors(structure, element), output_shapes=flat_shapes(structure))
    return Made(made, structure)


def of_slices(tensors: Any) -> Made:
    element = normalized(tensors)
    whole = structure_of(element)
    rows = to_batched_tensors(whole, element)
    structure = unbatched(whole)
    count = Dimension(rows[0].shape[0])
    for other in rows[1:]:
        count.assert_is_compatible_with(Dimension(other.shape[0]))
    return Made(raw.TensorSliceDataset(rows, output_shapes=flat_shapes(structure)), structure)


def of_sparse_slices(sparse: Any) -> Made:
    spec = SparseTensorSpec.from_value(sparse)
    if isinstance(sparse, tuple):
        raise TypeError(f"`sparse_tensor` must be a `tf.SparseTensor` object. Was {sparse}.")
    rank = sparse.indices.shape[1] - 1
    structure = (
        TensorSpec([None, rank], int64),
        TensorSpec([None], spec.dtype),
        TensorSpec([rank], int64),
    )
    made = raw.SparseTensorSliceDataset(sparse.indices, sparse.values, sparse.dense_shape)
    return Made(made, structure)


def of_range(*args: Any) -> Made:
    if not 1 <= len(args) <= 3:
        raise ValueError(f"Invalid arguments to RangeDataset: {args}")
    start, stop, step = (0, args[0], 1) if len(args) == 1 else (*args, 1)[:3]
    ends = zip((start, stop, step), ("start", "stop", "step"), strict=True)
    structure = TensorSpec([], int64)
    made = raw.RangeDataset(*(convert(v, int64, n) for v, n in ends), **declared(structure))
    return Made(made, structure)


# ---- from other datasets: more, fewer, side by side -----------------------------------------------------


def zipped(datasets: Any) -> Made:
    flat = nesting.flatten(datasets)
    for one in flat:
        if not hasattr(one, "_variant_tensor"):
            hint = (
                " Nested structures do not support Python lists; please use a tuple instead."
                if isinstance(one, list)
                else ""
            )
            raise TypeError(
                "The argument to `Dataset.zip()` must be a nested structure of `Dataset` objects."
                + hint
            )
    structure = nesting.pack(datasets, [d.element_spec for d in flat])
    made = raw.ZipDataset([d._variant_tensor for d in flat], **declared(structure))
    return Made(made, structure, flat)


def concatenated(first: Any, second: Any) -> Made:
    for what, of in (("types", legacy_types), ("classes", legacy_classes)):
        ours, theirs = of(first.element_spec), of(second.element_spec)
        if ours != theirs:
            raise TypeError(
                f"Two datasets to concatenate have different {what} {ours} and {theirs}"
            )
    structure = in_common([first, second])
    made = raw.ConcatenateDataset(
        first._variant_tensor, second._variant_tensor, **declared(structure)
    )
    return Made(made, structure, [first, second])


def in_common(datasets: Sequence[Any]) -> Any:
    """The structure of elements that may come from any of several datasets."""
    first = datasets[0].element_spec
    shapes = legacy_shapes(first)
    for other in datasets[1:]:
        shapes = nesting.mapped(_in_common, shapes, legacy_shapes(other.element_spec))
    return from_legacy(legacy_types(first), shapes, legacy_classes(first))


def _in_common(a: Any, b: Any) -> Any:
    return common_shape(a, b) if isinstance(a, TensorShape) else a


def of_one(op: str, source: Any, *inputs: Any, **attrs: Any) -> Made:
    """A dataset whose elements are as those of its only source."""
    make = getattr(raw, op)
    structure = source.element_spec
    return Made(
        make(source._variant_tensor, *inputs, **attrs, **declared(structure)), structure, [source]
    )


def number_or_endless(count: Any, name: str = "count") -> Tensor:
    """A count, -1 where there is none."""
    return convert(-1 if count is None else count, int64, name)


def repeated(source: Any, count: Any) -> Made:
    return of_one("RepeatDataset", source, number_or_endless(count))


def shuffled(source: Any, buffer_size: Any, seed: Any, reshuffle: bool | None) -> Made:
    size = convert(buffer_size, int64, "buffer_size")
    return of_one(
        "ShuffleDataset",
        source,
        size,
        *seed_tensors(seed),
        reshuffle_each_iteration=True if reshuffle is None else reshuffle,
    )


def shuffled_and_repeated(source: Any, buffer_size: Any, count: Any, seed: Any) -> Made:
    size = convert(buffer_size, int64, "buffer_size")
    times = number_or_endless(count)
    return of_one("ShuffleAndRepeatDataset", source, size, *seed_tensors(seed), times)


def seed_tensors(seed: Any) -> tuple[Tensor, Tensor]:
    """A pair of seeds as tensors; two zeros would mean that none was given."""
    first, second = get_seed(seed)
    seed_tensor = convert(0 if first is None else first, int64, "seed")
    if second is None:
        return seed_tensor, convert(0, int64, "seed2")
    with build.name_scope(None, "seed2") as scope:
        second_tensor = convert(second, int64)
        neither = raw.LogicalAnd(raw.Equal(seed_tensor, 0), raw.Equal(second_tensor, 0))
        other = convert(2**31 - 1, int64)
        return seed_tensor, raw.Select(neither, other, second_tensor, name=scope)


def taken(source: Any, count: Any) -> Made:
    return of_one("TakeDataset", source, convert(count, int64, "count"))


def skipped(source: Any, count: Any) -> Made:
    return of_one("SkipDataset", source, convert(count, int64, "count"))


def shard(source: Any, num_shards: Any, index: Any) -> Made:
    count = convert(num_shards, int64, "num_shards")
    return of_one("ShardDataset", source, count, convert(index, int64, "index"))


def cached(source: Any, filename: Any) -> Made:
    return of_one("CacheDataset", source, convert(filename, string_type, "filename"))


def prefetched(source: Any, buffer_size: Any) -> Made:
    return of_one("PrefetchDataset", source, number_or_endless(buffer_size, "buffer_size"))


def interleaved_as_told(selector: Any, datasets: Sequence[Any]) -> Made:
    """Elements from several datasets, as the numbers of another one say."""
    first = datasets[0].element_spec
    for other in datasets[1:]:
        same_types = legacy_types(first) == legacy_types(other.element_spec)
        if not same_types or legacy_classes(first) != legacy_classes(other.element_spec):
            raise TypeError("All datasets must have the same type and class.")
    structure = in_common(datasets)
    made = raw.DirectedInterleaveDataset(
        selector._variant_tensor, [d._variant_tensor for d in datasets], **declared(structure)
    )
    return Made(made, structure, [selector, *datasets])


# ---- what is done to a pipeline before it is gone through --------------------------------------------------


def with_options_applied(dataset: Any, wrap: Any) -> Any:
    """The dataset as an iterator gets it; `wrap` makes a dataset of what a builder made."""
    options = dataset.options()
    threads = options.experimental_threading
    if threads.max_intra_op_parallelism is not None:
        name = "max_intra_op_parallelism"
        limit = convert(threads.max_intra_op_parallelism, int64, name)
        dataset = wrap(of_one("MaxIntraOpParallelismDataset", dataset, limit))
    if threads.private_threadpool_size is not None:
        count = convert(threads.private_threadpool_size, int64, "num_threads")
        dataset = wrap(of_one("PrivateThreadPoolDataset", dataset, count))
    rewrites = options.rewrites()
    if rewrites and not _uses_reference_variables(dataset):
        names = convert(np.array(rewrites, object), string_type, "optimizations")
        settings = options.rewrite_settings()
        made = of_one("OptimizeDataset", dataset, names, optimization_configs=settings)
        dataset = wrap(made)
    tuning = options.experimental_optimization
    if tuning.autotune is not False:
        attrs = {"cpu_budget": tuning.autotune_cpu_budget or 0}
        if tuning.autotune_algorithm:
            attrs["algorithm"] = tuning.autotune_algorithm
        dataset = wrap(of_one("ModelDataset", dataset, **attrs))
    return dataset


def _uses_reference_variables(dataset: Any) -> bool:
    """Whether functions of the pipeline look at variables of the old kind: TensorFlow leaves it alone then."""
    todo, seen = list(dataset._captured), set()
    while todo:
        tensor = todo.pop()
        if tensor.dtype._is_ref_dtype:
            return True
        if tensor not in seen:
            seen.add(tensor)
            todo.extend(tensor.node.inputs)
    return any(_uses_reference_variables(d) for d in dataset._inputs())
