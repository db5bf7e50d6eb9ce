"""tf.nn: losses over very many classes, of which a few are drawn to stand for all that are wrong."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphflow.frontend.framework import get_seed
from graphflow.frontend.nn_embedding import as_parts, embedding_lookup
from graphflow.frontend.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
)
from graphflow.ir import build, raw
from graphflow.ir.dtype import int32, int64
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack


class Candidates(NamedTuple):
    """What a candidate sampler gives."""

    sampled_candidates: Tensor
    true_expected_count: Tensor
    sampled_expected_count: Tensor


class AccidentalHits(NamedTuple):
    """Where candidates are true classes."""

    indices: Tensor
    ids: Tensor
    weights: Tensor


def _candidates(
    op: str, true_classes: Any, seed: int | None, name: str | None, **attrs: Any
) -> Candidates:
    first, second = get_seed(seed)
    make = getattr(raw, op)
    return Candidates(*make(true_classes, seed=first or 0, seed2=second or 0, name=name, **attrs))


def uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Classes drawn alike."""
    return _candidates(
        "UniformCandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        seed=seed,
        name=name,
    )


def log_uniform_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Classes drawn after Zipf's law, small ones more often."""
    return _candidates(
        "LogUniformCandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        seed=seed,
        name=name,
    )


def learned_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Classes drawn as often as they have been true so far."""
    return _candidates(
        "LearnedUnigramCandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        seed=seed,
        name=name,
    )


def fixed_unigram_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    range_max: int,
    vocab_file: str = "",
    distortion: float = 1.0,
    num_reserved_ids: int = 0,
    num_shards: int = 1,
    shard: int = 0,
    unigrams: Any = (),
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """Classes drawn as often as given counts, or the last column of a file, tell."""
    return _candidates(
        "FixedUnigramCandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        range_max=range_max,
        vocab_file=vocab_file,
        distortion=distortion,
        num_reserved_ids=num_reserved_ids,
        num_shards=num_shards,
        shard=shard,
        unigrams=unigrams,
        seed=seed,
        name=name,
    )


def all_candidate_sampler(
    true_classes: Any,
    num_true: int,
    num_sampled: int,
    unique: bool,
    seed: int | None = None,
    name: str | None = None,
) -> Candidates:
    """All classes."""
    return _candidates(
        "AllCandidateSampler",
        true_classes,
        num_true=num_true,
        num_sampled=num_sampled,
        unique=unique,
        seed=seed,
        name=name,
    )


def compute_accidental_hits(
    true_classes: Any,
    sampled_candidates: Any,
    num_true: int,
    seed: int | None = None,
    name: str | None = None,
) -> AccidentalHits:
    """Where a candidate is a true class."""
    first, second = get_seed(seed)
    found = raw.ComputeAccidentalHits(
        true_classes,
        sampled_candidates,
        num_true=num_true,
        seed=first or 0,
        seed2=second or 0,
        name=name,
    )
    return AccidentalHits(*found)


def nce_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = False,
    partition_strategy: str = "mod",
    name: str = "nce_loss",
) -> Tensor:
    """Noise-contrastive estimation: true classes are to be told from drawn ones."""
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
        None,
    )
    losses = sigmoid_cross_entropy_with_logits(labels=targets, logits=logits, name="sampled_losses")
    return _sum_of_rows(losses)


def sampled_softmax_loss(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int = 1,
    sampled_values: Any = None,
    remove_accidental_hits: bool = True,
    partition_strategy: str = "mod",
    name: str = "sampled_softmax_loss",
    seed: int | None = None,
) -> Tensor:
    """The softmax cross entropy over the true and the drawn classes alone."""
    logits, targets = _sampled_logits(
        weights,
        biases,
        labels,
        inputs,
        num_sampled,
        num_classes,
        num_true,
        sampled_values,
        remove_accidental_hits,
        partition_strategy,
        name,
        seed,
    )
    targets = raw.StopGradient(targets, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels=targets, logits=logits)


def _sampled_logits(
    weights: Any,
    biases: Any,
    labels: Any,
    inputs: Any,
    num_sampled: int,
    num_classes: int,
    num_true: int,
    sampled_values: Any,
    remove_accidental_hits: bool,
    partition_strategy: str,
    name: str | None,
    seed: int | None,
) -> tuple[Tensor, Tensor]:
    """The logits of the true and the drawn classes, less the logarithms of their expected counts; their labels."""
    weights = as_parts(weights)
    with build.name_scope(name, "compute_sampled_logits", [*weights, biases, inputs, labels]):
        if labels.dtype.base_dtype is not int64:
            labels = idioms.cast(labels, int64)
        flat = raw.Reshape(labels, [-1])
        if sampled_values is None:
            sampled_values = log_uniform_candidate_sampler(
                labels, num_true, num_sampled, True, num_classes, seed
            )
        sampled, true_count, sampled_count = (raw.StopGradient(s) for s in sampled_values)
        sampled = idioms.cast(sampled, int64)
        ids = concat([flat, sampled], 0)
        rows = embedding_lookup(weights, ids, partition_strategy)
        rows = idioms.cast(rows, inputs.dtype)
        true_rows = raw.Slice(rows, [0, 0], stack([idioms.shape(flat)[0], -1]))
        sampled_rows = raw.Slice(rows, stack([idioms.shape(flat)[0], 0]), [-1, -1])
        sampled_logits = raw.MatMul(inputs, sampled_rows, transpose_b=True)
        shifts = embedding_lookup(biases, ids, partition_strategy)
        shifts = idioms.cast(shifts, inputs.dtype)
        true_shifts = raw.Slice(shifts, [0], idioms.shape(flat))
        sampled_shifts = raw.Slice(shifts, idioms.shape(flat), [-1])
        true_logits = _true_logits(inputs, true_rows, num_true)
        true_logits = true_logits + raw.Reshape(true_shifts, [-1, num_true])
        sampled_logits = sampled_logits + sampled_shifts
        if remove_accidental_hits:
            sampled_logits = _without_hits(sampled_logits, labels, sampled, num_sampled, num_true)
        true_logits = true_logits - raw.Log(true_count)
        sampled_logits = sampled_logits - raw.Log(sampled_count)
        logits = concat([true_logits, sampled_logits], 1)
        shares = idioms.ones_like(true_logits) / num_true
        return logits, concat([shares, idioms.zeros_like(sampled_logits)], 1)


def _true_logits(inputs: Any, rows: Tensor, num_true: int) -> Tensor:
    """The products of each input with the weights of its true classes."""
    width = idioms.shape(rows)[1:2]
    shape = concat([[-1, num_true], width], 0)
    products = raw.Mul(raw.ExpandDims(inputs, 1), raw.Reshape(rows, shape))
    matrix = raw.Reshape(products, concat([[-1], width], 0))
    return raw.Reshape(_sum_of_rows(matrix), [-1, num_true])


def _without_hits(
    logits: Tensor, labels: Tensor, sampled: Tensor, num_sampled: int, num_true: int
) -> Tensor:
    """The logits of drawn classes, those that are true ones made hopeless."""
    indices, ids, weights = compute_accidental_hits(labels, sampled, num_true)
    rows = raw.Reshape(indices, [-1, 1])
    columns = raw.Reshape(idioms.cast(ids, int32), [-1, 1])
    places = concat([rows, columns], 1, "sparse_indices")
    shape = concat([idioms.shape(labels)[:1], raw.ExpandDims(num_sampled, 0)], 0)
    weights = idioms.cast(weights, logits.dtype)
    return logits + raw.SparseToDense(places, shape, weights, 0.0, validate_indices=False)


def _sum_of_rows(x: Tensor) -> Tensor:
    """The sum of each row, by a product with ones."""
    ones = idioms.ones(stack([idioms.shape(x)[1], 1]), x.dtype)
    return raw.Reshape(raw.MatMul(x, ones), [-1])


_SAMPLERS = [
    *(
        "all_candidate_sampler",
        "fixed_unigram_candidate_sampler",
        "learned_unigram_candidate_sampler",
    ),
    *("log_uniform_candidate_sampler", "uniform_candidate_sampler"),
]

__all__: list[str] = []

NAMESPACES = {
    "nn": [*_SAMPLERS, "compute_accidental_hits", "nce_loss", "sampled_softmax_loss"],
    "random": _SAMPLERS,
}
