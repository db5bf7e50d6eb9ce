"""The nodes of datasets with functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.data import nesting
from graphflow.frontend.data.batch_builders import known_size
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.elements import (
    batched,
    declared,
    flat_types,
    from_legacy,
    from_tensors,
    legacy_classes,
    legacy_shapes,
    legacy_types,
    normalized,
    structure_of,
    to_tensors,
)
from graphflow.frontend.data.specs import TensorSpec
from graphflow.frontend.data.traced_functions import Traced
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32, int64
from graphflow.ops.bodies import common_shape

Function = Callable[..., Any]


def mapped(source: Any, function: Function, num_parallel_calls: Any) -> Made:
    f = Traced(function, "Dataset.map()", source.element_spec)
    attrs = {"f": f.body, **declared(f.structure)}
    if num_parallel_calls is None:
        made = raw.MapDataset(source._variant_tensor, f.captured, **attrs)
    else:
        calls = convert(num_parallel_calls, int32, "num_parallel_calls")
        made = raw.ParallelMapDataset(source._variant_tensor, f.captured, calls, **attrs)
    return Made(made, f.structure, [source], f.captured)


def mapped_in_batches(
    source: Any, function: Function, batch_size: Any, num_parallel_calls: Any, drop: Any
) -> Made:
    f = Traced(function, "tf.data.experimental.map_and_batch()", source.element_spec)
    size = convert(batch_size, int64, "batch_size")
    calls = convert(num_parallel_calls, int64, "num_parallel_calls")
    drop = convert(drop, bool_, "drop_remainder")
    structure = batched(f.structure, known_size(size, drop))
    attrs = {"f": f.body, "preserve_cardinality": True, **declared(structure)}
    variant = source._variant_tensor
    made = raw.MapAndBatchDataset(variant, f.captured, size, calls, drop, **attrs)
    return Made(made, structure, [source], f.captured)


def filtered(source: Any, predicate: Function) -> Made:
    return _while_true("FilterDataset", source, predicate, "Dataset.filter()")


def taken_while(source: Any, predicate: Function) -> Made:
    where = "tf.data.experimental.take_while()"
    return _while_true("TakeWhileDataset", source, predicate, where)


def _while_true(op: str, source: Any, predicate: Function, where: str) -> Made:
    f = Traced(predicate, where, source.element_spec)
    spec = f.structure
    if not isinstance(spec, TensorSpec) or not TensorSpec([], bool_).is_compatible_with(spec):
        raise ValueError(
            f"`predicate` return type must be convertible to a scalar boolean tensor. Was {spec}."
        )
    structure = source.element_spec
    attrs = {"predicate": f.body, **declared(structure)}
    made = getattr(raw, op)(source._variant_tensor, f.captured, **attrs)
    return Made(made, structure, [source], f.captured)


# ---- functions that return datasets ------------------------------------------------------------------------


def _of_datasets(source: Any, function: Function, where: str) -> tuple[Traced, Any]:
    """A function that returns a dataset, and the structure of that one's elements."""
    f = Traced(function, where, source.element_spec)
    if not hasattr(f.structure, "element_spec"):
        raise TypeError(f"`map_func` must return a `Dataset` object. Got {type(f.structure)}")
    return f, f.structure.element_spec


def flat_mapped(source: Any, function: Function) -> Made:
    f, structure = _of_datasets(source, function, "Dataset.flat_map()")
    attrs = {"f": f.body, **declared(structure)}
    made = raw.FlatMapDataset(source._variant_tensor, f.captured, **attrs)
    return Made(made, structure, [source], f.captured)


def interleaved(
    source: Any, function: Function, cycle_length: Any, block_length: Any, calls: Any
) -> Made:
    f, structure = _of_datasets(source, function, "Dataset.interleave()")
    inputs = [
        source._variant_tensor,
        f.captured,
        convert(cycle_length, int64, "cycle_length"),
        convert(block_length, int64, "block_length"),
    ]
    attrs = {"f": f.body, **declared(structure)}
    if calls is None:
        made = raw.InterleaveDataset(*inputs, **attrs)
    else:
        inputs.append(convert(calls, int64, "num_parallel_calls"))
        made = raw.ParallelInterleaveDatasetV2(*inputs, **attrs)
    return Made(made, structure, [source], f.captured)


def interleaved_by_threads(
    source: Any,
    function: Function,
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: Any = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Made:
    """The older way to go through several datasets in turns."""
    f, structure = _of_datasets(source, function, "tf.data.experimental.parallel_interleave()")
    output = 2 * block_length if buffer_output_elements is None else buffer_output_elements
    ahead = 2 * cycle_length if prefetch_input_elements is None else prefetch_input_elements
    inputs = (
        convert(cycle_length, int64, "cycle_length"),
        convert(block_length, int64, "block_length"),
        convert(sloppy, bool_, "sloppy"),
        convert(output, int64, "buffer_output_elements"),
        convert(ahead, int64, "prefetch_input_elements"),
    )
    attrs = {"f": f.body, **declared(structure)}
    made = raw.ParallelInterleaveDataset(source._variant_tensor, f.captured, *inputs, **attrs)
    return Made(made, structure, [source], f.captured)


# ---- functions with a state -----------------------------------------------------------------------------------


def stable_function(
    function: Function, where: str, source: Any, state: Any, of_result: Function
) -> tuple[Traced, Any]:
    """The function of a state and an element, traced for a state whose shape it keeps; `of_result` finds the new one."""
    while True:
        f = Traced(function, where, (state, source.element_spec))
        new = of_result(f.structure)
        for what, of in (("classes", legacy_classes), ("types", legacy_types)):
            old, found = (nesting.flatten(of(s)) for s in (state, new))
            if old != found:
                raise TypeError(
                    f"The element {what} for the new state must match the initial state. "
                    f"Expected {of(state)}; got {of(new)}."
                )
        shapes = nesting.flatten(legacy_shapes(state))
        weaker = [
            common_shape(a, b)
            for a, b in zip(shapes, nesting.flatten(legacy_shapes(new)), strict=True)
        ]
        if all(_says_as_much(w, s) for w, s in zip(weaker, shapes, strict=True)):
            return f, state
        packed = nesting.pack(state, weaker)
        state = from_legacy(legacy_types(state), packed, legacy_classes(state))


def _says_as_much(weaker: Any, shape: Any) -> bool:
    if shape.rank is None:
        return True
    return weaker.rank is not None and weaker.as_list() == shape.as_list()


def scanned(source: Any, initial_state: Any, function: Function) -> Made:
    first = normalized(initial_state)
    f, state = stable_function(
        function,
        "tf.data.experimental.scan()",
        source,
        structure_of(first),
        _first_of_pair,
    )
    structure = f.structure[1]
    attrs = {
        "f": f.body,
        "Tstate": flat_types(state),
        "preserve_cardinality": True,
        **declared(structure),
    }
    made = raw.ScanDataset(source._variant_tensor, to_tensors(state, first), f.captured, **attrs)
    return Made(made, structure, [source], f.captured)


def _first_of_pair(structure: Any) -> Any:
    if not isinstance(structure, tuple) or len(structure) != 2:
        raise TypeError(
            "The scan function must return a pair comprising the new state and the output value."
        )
    return structure[0]


def reduced(source: Any, initial_state: Any, function: Function) -> Any:
    """The last state as a structure of tensors."""
    with build.name_scope(None, "initial_state"):
        first = normalized(initial_state)
    f, state = stable_function(
        function, "reduce()", source, structure_of(first), lambda structure: structure
    )
    attrs = {"f": f.body, "Tstate": flat_types(state), **declared(state)}
    found = raw.ReduceDataset(source._variant_tensor, to_tensors(state, first), f.captured, **attrs)
    return from_tensors(state, found)
