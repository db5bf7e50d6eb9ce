"""GatherTree: the sequences of words that the beams of a search ended with."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op


class GatherTree(Op):
    """For each beam its words from the first step on, found by going back from parent to parent; then end_token."""

    signature = (
        "step_ids:T, parent_ids:T, max_sequence_lengths:int32, end_token:T -> beams:T | T: int32"
    )
    differentiable = False

    def infer(self, steps: Tensor, parents: Tensor, lengths: Tensor, end: Tensor) -> Any:
        shape = steps.shape.with_rank(3).merge_with(parents.shape.with_rank(3))
        end.shape.assert_has_rank(0)
        return shape.merge_with([None, lengths.shape.with_rank(1)[0].value, None])

    def reference(self, steps: Any, parents: Any, lengths: Any, end: Any) -> Any:
        if steps.ndim != 3 or steps.shape != parents.shape:
            raise ValueError(
                f"step_ids.shape == {steps.shape} and parent_ids.shape == {parents.shape}: "
                "both must be [max_time, batch_size, beam_width]"
            )
        max_time, batch, width = steps.shape
        if lengths.shape != (batch,):
            raise ValueError(f"batch size dimensions differ: {lengths.shape} and {batch}")
        beams = np.full_like(steps, end)
        rows = np.arange(batch)[:, None]
        last = np.minimum(lengths, max_time) - 1
        at = np.tile(np.arange(width), (batch, 1))
        for time in range(max_time - 1, -1, -1):
            begun = last >= time
            # only above its last step is a sequence read, so only there must parents be beams
            _check(at, begun & (last > time), time, width)
            safe = np.where(begun[:, None], at, 0)
            beams[time] = np.where(begun[:, None], steps[time][rows, safe], end)
            at = np.where(begun[:, None], parents[time][rows, safe], at)
        ended = np.cumsum(beams == end, axis=0) > 0
        return np.where(ended, end, beams)


def _check(parents: Any, wanted: Any, time: int, width: int) -> None:
    wrong = np.argwhere(wanted[:, None] & ((parents < 0) | (parents >= width)))
    if len(wrong):
        batch, beam = wrong[0]
        raise InvalidArgumentError(
            message=f"Saw invalid parent id {parents[batch, beam]} at (batch, time, beam) == "
            f"({batch}, {time}, {beam}): there are {width} beams"
        )
