"""Elements grouped by a key: windows, buckets of like lengths, one state a key."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.frontend.array_parts import where
from graphflow.frontend.checks import assert_less
from graphflow.frontend.data import map_builders, nesting
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.dataset import Dataset, DatasetSpec, DatasetV1Adapter
from graphflow.frontend.data.elements import declared, legacy_shapes
from graphflow.frontend.data.specs import TensorSpec
from graphflow.frontend.data.traced_functions import Traced, types_of
from graphflow.frontend.reduce import reduce_min
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.shape import TensorShape

NAMESPACES = {
    "data.experimental": [
        *("Reducer", "bucket_by_sequence_length", "group_by_reducer", "group_by_window"),
    ],
    "contrib.data": [
        *("Reducer", "bucket_by_sequence_length", "group_by_reducer", "group_by_window"),
    ],
}
__all__: list[str] = []

Function = Callable[..., Any]
Transformation = Callable[[Any], Dataset]
_KEY = TensorSpec([], int64)


def _check_key(traced: Traced, what: str) -> None:
    spec = traced.structure
    if not isinstance(spec, TensorSpec) or not spec.is_compatible_with(_KEY):
        raise ValueError(f"`{what}` must return a single tf.int64 scalar tensor.")


def group_by_window(
    key_func: Function,
    reduce_func: Function,
    window_size: Any = None,
    window_size_func: Function | None = None,
) -> Transformation:
    """What `reduce_func` makes of the elements of one key, so many at a time."""
    if (window_size is None) == (window_size_func is None):
        raise ValueError("Must pass either window_size or window_size_func.")
    if window_size_func is None:
        window_size_func = lambda key: convert(window_size, int64)  # noqa: E731
    size_func = window_size_func

    def apply(dataset: Any) -> Dataset:
        where = "tf.data.experimental.group_by_window()"
        spec = dataset.element_spec
        key = Traced(lambda *e: convert(key_func(*e), int64), where, spec)
        _check_key(key, "key_func")
        reduce = Traced(reduce_func, where, (_KEY, DatasetSpec(spec)))
        if not isinstance(reduce.structure, DatasetSpec):
            raise TypeError("`reduce_func` must return a `Dataset` object.")
        size = Traced(lambda k: convert(size_func(k), int64), where, _KEY)
        _check_key(size, "window_size_func")
        structure = reduce.structure.element_spec
        made = raw.GroupByWindowDataset(
            dataset._variant_tensor,
            key.captured,
            reduce.captured,
            size.captured,
            key_func=key.body,
            reduce_func=reduce.body,
            window_size_func=size.body,
            Tkey_func_other_arguments=types_of(key),
            Treduce_func_other_arguments=types_of(reduce),
            **declared(structure),
        )
        captured = (*key.captured, *reduce.captured, *size.captured)
        return DatasetV1Adapter(Made(made, structure, [dataset], captured))

    return apply


class Reducer:
    """How a state is made, how an element goes into it, and what it is in the end."""

    def __init__(self, init_func: Function, reduce_func: Function, finalize_func: Function) -> None:
        self._functions = (init_func, reduce_func, finalize_func)

    @property
    def init_func(self) -> Function:
        return self._functions[0]

    @property
    def reduce_func(self) -> Function:
        return self._functions[1]

    @property
    def finalize_func(self) -> Function:
        return self._functions[2]


def group_by_reducer(key_func: Function, reducer: Reducer) -> Transformation:
    """For each key, in order, what the reducer makes of all its elements."""

    def apply(dataset: Any) -> Dataset:
        where = "tf.data.experimental.group_by_reducer()"
        key = Traced(key_func, where, dataset.element_spec)
        _check_key(key, "key_func")
        init = Traced(reducer.init_func, where, _KEY)
        reduce, state = map_builders.stable_function(
            reducer.reduce_func, where, dataset, init.structure, lambda structure: structure
        )
        last = Traced(reducer.finalize_func, where, state)
        made = raw.ExperimentalGroupByReducerDataset(
            dataset._variant_tensor,
            *(f.captured for f in (key, init, reduce, last)),
            key_func=key.body,
            init_func=init.body,
            reduce_func=reduce.body,
            finalize_func=last.body,
            Tkey_func_other_arguments=types_of(key),
            Tinit_func_other_arguments=types_of(init),
            Treduce_func_other_arguments=types_of(reduce),
            **declared(last.structure),
        )
        captured = [t for f in (key, init, reduce, last) for t in f.captured]
        return DatasetV1Adapter(Made(made, last.structure, [dataset], captured))

    return apply


def bucket_by_sequence_length(
    element_length_func: Function,
    bucket_boundaries: Any,
    bucket_batch_sizes: Any,
    padded_shapes: Any = None,
    padding_values: Any = None,
    pad_to_bucket_boundary: bool = False,
    no_padding: bool = False,
    drop_remainder: bool = False,
) -> Transformation:
    """Batches of elements whose lengths lie between the same boundaries."""
    boundaries = list(bucket_boundaries)
    with build.name_scope(None, "bucket_by_seq_length"):
        if len(bucket_batch_sizes) != len(boundaries) + 1:
            raise ValueError("len(bucket_batch_sizes) must equal len(bucket_boundaries) + 1")
        batch_sizes = convert(bucket_batch_sizes, int64)

    def bucket(*element: Any) -> Any:
        length = element_length_func(*element)
        lowest, highest = np.iinfo(np.int32).min, np.iinfo(np.int32).max
        within = raw.LogicalAnd(
            raw.LessEqual([lowest, *boundaries], length), raw.Less(length, [*boundaries, highest])
        )
        return reduce_min(where(within))

    def size_of(key: Any) -> Any:
        return batch_sizes[key]

    def in_batches(key: Any, group: Any) -> Any:
        size = size_of(key)
        if no_padding:
            return group.batch(size, drop_remainder=drop_remainder)
        filler = None
        if pad_to_bucket_boundary:
            told = "When pad_to_bucket_boundary=True, elements must have length < max(bucket_boundaries)."
            last = convert(len(bucket_batch_sizes) - 1, int64)
            with current_graph().control_dependencies([assert_less(key, last, message=told)]):
                filler = convert(boundaries, int64)[key] - 1
        shapes = padded_shapes or legacy_shapes(group.element_spec)
        return group.padded_batch(
            size, _filled(shapes, filler), padding_values, drop_remainder=drop_remainder
        )

    def apply(dataset: Any) -> Dataset:
        found: Dataset = dataset.apply(
            group_by_window(bucket, in_batches, window_size_func=size_of)
        )
        return found

    return apply


def _filled(shapes: Any, filler: Any) -> Any:
    """Shapes as lists, unknown sizes as the filler."""

    def listed(shape: Any) -> list[Any]:
        return [filler if d is None else d for d in TensorShape(shape).as_list()]

    return nesting.mapped(listed, shapes)
