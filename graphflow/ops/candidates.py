"""Candidate samplers: classes that stand for all others in a sampled loss."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric.random import candidates
from graphflow.numeric.random.philox import Stream
from graphflow.numeric.random.samplers import (
    FixedUnigramSampler,
    LearnedUnigramSampler,
    LogUniformSampler,
    UniformSampler,
)
from graphflow.ops.windows import same_dim, with_rank

_RESULTS = "sampled_candidates:int64, true_expected_count:float32, sampled_expected_count:float32"


class _Candidates(Op, abstract=True, kw_only=True):
    """`num_sampled` classes, and how often the true ones and these are expected."""

    signature = f"true_classes:int64 -> {_RESULTS}"
    stateful = True
    num_true: int
    num_sampled: int
    unique: bool

    def infer(self, true_classes: Tensor) -> Any:
        for name, least in (("num_true", self.num_true), ("num_sampled", self.num_sampled)):
            if least < 1:
                raise ValueError(f"attribute '{name}' must be at least 1, got {least}")
        rows, columns = with_rank("true_classes", true_classes, 2)
        same_dim("num_true and the columns of true_classes", self.num_true, columns)
        drawn = TensorShape.of((self.num_sampled,))
        return drawn, TensorShape.of((rows, self.num_true)), drawn


class AllCandidateSampler(_Candidates):
    """The classes 0 ... num_sampled - 1, each expected once."""

    seed: int = 0
    seed2: int = 0

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return tuple(candidates.all_candidates(inputs[0], self.num_sampled))


class _Drawn(_Candidates, abstract=True, kw_only=True):
    """Candidates drawn from a distribution over the classes 0 ... range_max - 1."""

    range_max: int
    seed: int = 0
    seed2: int = 0

    def sampler(self) -> Any:
        """The distribution, as it is before anything was drawn."""
        raise NotImplementedError

    def start(self) -> tuple[Stream, Any]:
        """What a session keeps of this node."""
        seeded = self.seed or self.seed2
        stream = Stream(self.seed, self.seed2) if seeded else Stream.nondeterministic()
        return stream, self.sampler()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        stream, sampler = run.stream(node, self.start)
        with run.state.lock:
            return tuple(
                candidates.sample_candidates(
                    stream, sampler, inputs[0], self.num_sampled, self.unique
                )
            )


class UniformCandidateSampler(_Drawn):
    """All classes alike."""

    def sampler(self) -> Any:
        return UniformSampler(self.range_max)


class LogUniformCandidateSampler(_Drawn):
    """Small classes more often, after Zipf's law."""

    def sampler(self) -> Any:
        return LogUniformSampler(self.range_max)


class LearnedUnigramCandidateSampler(_Drawn):
    """Classes as often as they have been true so far."""

    def sampler(self) -> Any:
        return LearnedUnigramSampler(self.range_max)


class ThreadUnsafeUnigramCandidateSampler(LearnedUnigramCandidateSampler):
    """LearnedUnigramCandidateSampler under another name."""


class FixedUnigramCandidateSampler(_Candidates, kw_only=True):
    """Classes as often as given counts, or the last column of a file, tell."""

    range_max: int
    vocab_file: str = ""
    distortion: float = 1.0
    num_reserved_ids: int = 0
    num_shards: int = 1
    shard: int = 0
    unigrams: tuple[float, ...] = ()
    seed: int = 0
    seed2: int = 0

    start = _Drawn.start
    execute = _Drawn.execute

    def infer(self, true_classes: Tensor) -> Any:
        if bool(self.vocab_file) == bool(self.unigrams):
            raise ValueError("exactly one of vocab_file and unigrams must be given")
        return super().infer(true_classes)

    def sampler(self) -> Any:
        counts = _counts_in(Path(self.vocab_file)) if self.vocab_file else self.unigrams
        return FixedUnigramSampler(
            self.range_max,
            np.array(counts, np.float32),
            self.distortion,
            self.num_reserved_ids,
            self.num_shards,
            self.shard,
        )


def _counts_in(path: Path) -> list[float]:
    """The last column of a file of comma-separated values."""
    with path.open(encoding="utf-8", newline="") as file:
        try:
            return [float(row[-1]) for row in csv.reader(file) if row]
        except ValueError as error:
            raise InvalidArgumentError(
                message=f"{path}: the last column must be numbers: {error}"
            ) from None


class ComputeAccidentalHits(Op, kw_only=True):
    """Where a candidate is a true class: its row, its place, and the weight that takes it out."""

    signature = (
        "true_classes:int64, sampled_candidates:int64 -> indices:int32, ids:int64, weights:float32"
    )
    num_true: int
    seed: int = 0
    seed2: int = 0

    def infer(self, true_classes: Tensor, sampled: Tensor) -> Any:
        _, columns = with_rank("true_classes", true_classes, 2)
        same_dim("num_true and the columns of true_classes", self.num_true, columns)
        with_rank("sampled_candidates", sampled, 1)
        hits = TensorShape([None])
        return hits, hits, hits

    def reference(self, true_classes: Any, sampled: Any) -> Any:
        return candidates.accidental_hits(true_classes, sampled)
