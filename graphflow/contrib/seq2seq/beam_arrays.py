"""Arrays that a cell wrote step by step, brought into the order of the beams that the search ended with."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import expand_dims
from graphflow.frontend.array_joins import sequence_mask, tile
from graphflow.frontend.array_parts import gather_nd, where
from graphflow.frontend.assertions import Assert
from graphflow.frontend.reduce import reduce_max
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node
from graphflow.ops import idioms
from graphflow.ops.arrays import stack, transpose
from graphflow.ops.reduce_idioms import sequence


def sorted_array(t: Any, parents: Any, lengths: Any, batch_size: Any, beam_width: int) -> Any:
    """The stacked array in the order of the last beams; what is no array, or cannot be sorted, stays as it is."""
    if not isinstance(t, TensorArray):
        return t
    shape = t.element_shape
    if shape.rank is None or shape.rank < 1:
        return t
    batch = constant_value(batch_size)
    if not _may_be_beams(shape, None if batch is None else int(batch), beam_width):
        return t
    stacked = t.stack()
    with build.current_graph().control_dependencies([_check(stacked, batch_size, beam_width)]):
        return gather_tree_from_array(stacked, parents, lengths)


def _may_be_beams(shape: Any, batch: int | None, beam_width: int) -> bool:
    """Whether elements of this shape may hold something for each beam."""
    first = shape[0].value
    if batch is None or first is None:
        return True
    second = shape[1].value if shape.rank >= 2 else None
    whole = first == batch * beam_width
    return whole and (second is None or (first == batch and second == beam_width))


def _check(t: Any, batch_size: Any, beam_width: int) -> Node:
    shape = idioms.shape(t)
    if t.shape.rank == 2:
        holds = raw.Equal(shape[1], batch_size * beam_width)
    else:
        merged = raw.Equal(shape[1], batch_size * beam_width)
        batch = raw.Equal(shape[1], batch_size)
        holds = raw.LogicalOr(merged, raw.LogicalAnd(batch, raw.Equal(shape[2], beam_width)))
    message = (
        "TensorArray reordering expects elements to be reshapable to [batch_size, beam_size, -1] "
        f"which is incompatible with the dynamic shape of {t.name} elements. Consider setting "
        "reorder_tensor_arrays to False to disable TensorArray reordering during the beam search."
    )
    found: Node = Assert(holds, [message])
    return found


def gather_tree_from_array(t: Any, parent_ids: Any, sequence_length: Any) -> Any:
    """Entry [time, batch, beam] of the result is what the beam's ancestor at that time wrote."""
    steps, batch, width = (
        size.value or idioms.shape(parent_ids)[i] for i, size in enumerate(parent_ids.shape)
    )
    beams = expand_dims(expand_dims(sequence(width), 0), 0)
    beams = tile(beams, [steps, batch, 1])
    longest = idioms.cast(reduce_max(sequence_length, axis=1), int32)
    ancestors = raw.GatherTree(beams, parent_ids, longest, width + 1)
    inside = transpose(sequence_mask(sequence_length, maxlen=steps), perm=[2, 0, 1])
    ancestors = where(inside, ancestors, beams)
    times = tile(raw.Reshape(sequence(steps), [-1, 1, 1]), [1, batch, width])
    examples = tile(raw.Reshape(sequence(batch), [-1, 1, 1]), [1, steps, width])
    examples = transpose(examples, perm=[1, 0, 2])
    indices = stack([times, examples, ancestors], -1)
    shape = idioms.shape(t)
    flat = raw.Reshape(t, [steps, batch, width, -1])
    return raw.Reshape(gather_nd(flat, indices), shape)


__all__: list[str] = []
