"""tf.nn: connectionist temporal classification."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops.arrays import transpose


def ctc_loss(
    labels: Any,
    inputs: Any = None,
    sequence_length: Any = None,
    preprocess_collapse_repeated: bool = False,
    ctc_merge_repeated: bool = True,
    ignore_longer_outputs_than_inputs: bool = False,
    time_major: bool = True,
    logits: Any = None,
) -> Tensor:
    """-log of the probability that the logits [time, batch, classes] give to the sparse labels."""
    if not is_sparse(labels):
        raise TypeError("Expected labels (first argument) to be a SparseTensor")
    inputs = one_of_two("logits", logits, "inputs", inputs)
    if not time_major:
        inputs = transpose(inputs, [1, 0, 2])
    loss, _ = raw.CTCLoss(
        inputs,
        labels.indices,
        labels.values,
        sequence_length,
        preprocess_collapse_repeated=preprocess_collapse_repeated,
        ctc_merge_repeated=ctc_merge_repeated,
        ignore_longer_outputs_than_inputs=ignore_longer_outputs_than_inputs,
    )
    return loss


def ctc_greedy_decoder(
    inputs: Any, sequence_length: Any, merge_repeated: bool = True
) -> tuple[list[Any], Tensor]:
    """The sequence that the best class of each moment spells, of each row."""
    indices, values, shape, scores = raw.CTCGreedyDecoder(
        inputs, sequence_length, merge_repeated=merge_repeated
    )
    return [SparseTensor(indices, values, shape)], scores


def ctc_beam_search_decoder(
    inputs: Any,
    sequence_length: Any,
    beam_width: int = 100,
    top_paths: int = 1,
    merge_repeated: bool = True,
) -> tuple[list[Any], Tensor]:
    """The likeliest sequences of each row."""
    indices, values, shapes, scores = raw.CTCBeamSearchDecoder(
        inputs,
        sequence_length,
        beam_width=beam_width,
        top_paths=top_paths,
        merge_repeated=merge_repeated,
    )
    return [SparseTensor(*p) for p in zip(indices, values, shapes, strict=True)], scores


def ctc_beam_search_decoder_v2(
    inputs: Any, sequence_length: Any, beam_width: int = 100, top_paths: int = 1
) -> tuple[list[Any], Tensor]:
    """The likeliest sequences of each row, in which labels may repeat."""
    return ctc_beam_search_decoder(inputs, sequence_length, beam_width, top_paths, False)


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("ctc_beam_search_decoder", "ctc_beam_search_decoder_v2", "ctc_greedy_decoder", "ctc_loss")
    ]
}
