"""Connectionist temporal classification: its loss, and decoders of what was learned with it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric import ctc
from graphflow.ops.windows import same_dim, with_rank

_T = "T: float32, float64 = float32"


def _rows_of(indices: Any, values: Any, rows: int) -> list[list[int]]:
    """The values of each row of a sparse matrix whose entries come in order."""
    found: list[list[int]] = [[] for _ in range(rows)]
    for row, value in zip(indices[:, 0].tolist(), values.tolist(), strict=True):
        if not 0 <= row < rows:
            raise ValueError(f"label row {row} is not in [0, {rows})")
        found[row].append(value)
    return found


def _sparse(sequences: list[list[int]]) -> tuple[Any, Any, Any]:
    """(indices, values, shape) of rows of different lengths."""
    places = [(row, i) for row, s in enumerate(sequences) for i in range(len(s))]
    indices = np.array(places, np.int64).reshape(-1, 2)
    values = np.array([label for s in sequences for label in s], np.int64)
    shape = np.array([len(sequences), max(map(len, sequences), default=0)], np.int64)
    return indices, values, shape


class CTCLoss(Op):
    """-log of the probability that the logits give to the labels; and the gradient of the logits."""

    signature = (
        "inputs:T, labels_indices:int64, labels_values:int32, sequence_length:int32 "
        f"-> loss:T, gradient:T | {_T}"
    )
    preprocess_collapse_repeated: bool = False
    ctc_merge_repeated: bool = True
    ignore_longer_outputs_than_inputs: bool = False

    def infer(self, x: Tensor, indices: Tensor, values: Tensor, lengths: Tensor) -> Any:
        times, rows, classes = with_rank("inputs", x, 3)
        same_dim(
            "the numbers of labels and their places",
            with_rank("labels_indices", indices, 2)[0],
            with_rank("labels_values", values, 1)[0],
        )
        rows = same_dim(
            "the rows of inputs and sequence_length",
            rows,
            with_rank("sequence_length", lengths, 1)[0],
        )
        return TensorShape.of((rows,)), TensorShape.of((times, rows, classes))

    def reference(self, x: Any, indices: Any, values: Any, lengths: Any) -> Any:
        labels = _rows_of(indices, values, x.shape[1])
        return ctc.ctc_loss(
            x,
            labels,
            lengths,
            self.preprocess_collapse_repeated,
            self.ctc_merge_repeated,
            self.ignore_longer_outputs_than_inputs,
        )

    def gradient(self, n: Node, g: Tensor, _: Tensor | None) -> Sequence[Tensor | None]:
        once = raw.PreventGradient(
            n.outputs[1],
            message="Currently there is no way to take the second derivative of ctc_loss due to the "
            "fused implementation's interaction with tf.gradients()",
        )
        return [raw.ExpandDims(g, -1) * once, None, None, None]


class CTCGreedyDecoder(Op):
    """The sequence that the best class of each moment spells, of each row."""

    signature = (
        "inputs:T, sequence_length:int32 -> decoded_indices:int64, decoded_values:int64, "
        f"decoded_shape:int64, log_probability:T | {_T}"
    )
    differentiable = False
    merge_repeated: bool = False

    def infer(self, x: Tensor, lengths: Tensor) -> Any:
        rows = same_dim(
            "the rows of inputs and sequence_length",
            with_rank("inputs", x, 3)[1],
            with_rank("sequence_length", lengths, 1)[0],
        )
        labels = TensorShape([None])
        return labels.concatenate(2), labels, TensorShape([2]), TensorShape.of((rows, 1))

    def reference(self, x: Any, lengths: Any) -> Any:
        found, scores = ctc.ctc_greedy_decode(x, lengths, self.merge_repeated)
        return *_sparse(found), scores


class CTCBeamSearchDecoder(Op, kw_only=True):
    """The likeliest sequences of each row, found by a search that keeps the best `beam_width` prefixes."""

    signature = (
        "inputs:T, sequence_length:int32 -> decoded_indices:top_paths*int64, "
        f"decoded_values:top_paths*int64, decoded_shape:top_paths*int64, log_probability:T | {_T}"
    )
    differentiable = False
    beam_width: int
    top_paths: int
    merge_repeated: bool = True

    def infer(self, x: Tensor, lengths: Tensor) -> Any:
        if not 0 < self.top_paths <= self.beam_width:
            raise ValueError(
                f"top_paths must be in [1, beam_width = {self.beam_width}], got {self.top_paths}"
            )
        rows = same_dim(
            "the rows of inputs and sequence_length",
            with_rank("inputs", x, 3)[1],
            with_rank("sequence_length", lengths, 1)[0],
        )
        paths = range(self.top_paths)
        lengths_of = [TensorShape([None]) for _ in paths]
        return (
            *(n.concatenate(2) for n in lengths_of),
            *lengths_of,
            *(TensorShape([2]) for _ in paths),
            TensorShape.of((rows, self.top_paths)),
        )

    def reference(self, x: Any, lengths: Any) -> Any:
        found, scores = ctc.ctc_beam_search(
            x, lengths, self.beam_width, self.top_paths, self.merge_repeated
        )
        indices, values, shapes = zip(*map(_sparse, found), strict=True)
        return *indices, *values, *shapes, scores
