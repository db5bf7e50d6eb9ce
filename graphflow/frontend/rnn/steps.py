"""One step of a recurrent network: examples whose sequence has ended keep their state and give zeros."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.array_parts import where
from graphflow.frontend.control_flow import cond
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build
from graphflow.ir.graph import Graph
from graphflow.ops.bodies import Body


class Ends:
    """When the sequences of a batch end: their lengths, the least and the greatest."""

    def __init__(self, lengths: Any, least: Any, greatest: Any) -> None:
        self.lengths, self.least, self.greatest = lengths, least, greatest


def step(
    time: Any,
    ends: Ends,
    zero_output: Any,
    state: Any,
    call_cell: Callable[[], Any],
    always_select: bool = False,
) -> tuple[Any, Any]:
    """Output and state after one step; unless `always_select`, a step in which all or none ended is a short one."""
    flat_state, flat_zeros = nest.flatten(state), nest.flatten(zero_output)
    ended = time >= ends.lengths

    def called() -> tuple[list[Any], list[Any]]:
        output, new_state = call_cell()
        nest.assert_same_structure(zero_output, output)
        nest.assert_same_structure(state, new_state)
        return nest.flatten(output), nest.flatten(new_state)

    def selected(output: list[Any], new_state: list[Any]) -> list[Any]:
        outputs = [kept(ended, z, o) for z, o in zip(flat_zeros, output, strict=True)]
        return outputs + [kept(ended, s, n) for s, n in zip(flat_state, new_state, strict=True)]

    def working() -> Any:
        output, new_state = called()
        return cond(
            time < ends.least, lambda: output + new_state, lambda: selected(output, new_state)
        )

    flat = (
        selected(*called())
        if always_select
        else cond(time >= ends.greatest, lambda: flat_zeros + flat_state, working)
    )
    output, after = flat[: len(flat_zeros)], flat[len(flat_zeros) :]
    for new, like in zip(output, flat_zeros, strict=True):
        new.set_shape(like.shape)
    for new, like in zip(after, flat_state, strict=True):
        if not isinstance(new, TensorArray):
            new.set_shape(like.shape)
    return nest.pack_sequence_as(zero_output, output), nest.pack_sequence_as(state, after)


def kept(ended: Any, old: Any, new: Any) -> Any:
    """The new value, the old one for the examples that have ended."""
    if isinstance(old, TensorArray) or old.shape.rank == 0:
        return new
    with build.current_graph().colocate_with(new):
        return where(ended, old, new)


def inside_loop() -> bool:
    """Whether new nodes belong to the body of a loop."""
    graph: Graph | None = build.current_graph()
    while graph is not None:
        if isinstance(graph, Body) and graph.label == "Enter":
            return True
        graph = graph.outer
    return False


def cache_beside_readers(scope: Any) -> None:
    """Variables of this scope are read where they are used, unless the scope says otherwise."""
    if not inside_loop() and scope.caching_device is None:
        scope.set_caching_device(lambda op: op.device)
