"""Training in which some inputs are what the decoder chose itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.contrib.seq2seq.sampling import bernoulli_sample, categorical_sample
from graphflow.contrib.seq2seq.training_inputs import TrainingHelper, rows_of
from graphflow.frontend import nest
from graphflow.frontend.array_parts import gather_nd, scatter_nd, where
from graphflow.frontend.control_flow import cond
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.reduce import reduce_all, reduce_any
from graphflow.frontend.rnn.sizes import time_and_batch_swapped
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def embedding_function(embedding: Any) -> Callable[[Any], Any]:
    """The function from numbers to rows: `embedding` itself, or a look-up in it."""
    if callable(embedding):
        return embedding
    return lambda ids: embedding_lookup(embedding, ids)


def _probability(given: Any) -> Any:
    probability = convert(given, name="sampling_probability")
    if probability.shape.rank not in (0, 1):
        raise ValueError(
            "sampling_probability must be either a scalar or a vector. "
            f"saw shape: {probability.shape}"
        )
    return probability


def _places(mask: Any) -> Any:
    return idioms.cast(where(mask), int32)


def _scattered(places: Any, values: Any, shape: Any) -> Any:
    return scatter_nd(indices=places, updates=values, shape=shape)


class ScheduledEmbeddingTrainingHelper(TrainingHelper):
    """With a given probability, an input is the embedding of a class drawn by the last output."""

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        embedding: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        scheduling_seed: int | None = None,
        name: str | None = None,
    ) -> None:
        values = [embedding, sampling_probability]
        with build.name_scope(name, "ScheduledEmbeddingSamplingWrapper", values):
            self._embedding_fn = embedding_function(embedding)
            self._sampling_probability = _probability(sampling_probability)
            self._seed, self._scheduling_seed = seed, scheduling_seed
            super().__init__(inputs, sequence_length, time_major=time_major, name=name)

    def sample(
        self, time: Any, outputs: Any, state: Any = None, name: str | None = None, **_: Any
    ) -> Any:
        values = [time, outputs, state]
        with build.name_scope(name, "ScheduledEmbeddingTrainingHelperSample", values):
            chosen = bernoulli_sample(
                probs=self._sampling_probability,
                dtype=bool_,
                sample_shape=self.batch_size,
                seed=self._scheduling_seed,
            )
            drawn = categorical_sample(logits=outputs, seed=self._seed)
            return where(chosen, drawn, raw.Fill([self.batch_size], -1))

    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any = None,
        name: str | None = None,
        **_: Any,
    ) -> tuple[Any, Any, Any]:
        values = [time, outputs, state, sample_ids]
        with build.name_scope(name, "ScheduledEmbeddingTrainingHelperNextInputs", values):
            finished, given, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name
            )

            def mixed() -> Any:
                sampled, others = _places(sample_ids > -1), _places(sample_ids <= -1)
                ids = gather_nd(sample_ids, sampled)
                kept = gather_nd(given, others)
                embedded = self._embedding_fn(ids)
                shape = idioms.shape(given)
                return _scattered(sampled, embedded, shape) + _scattered(others, kept, shape)

            return finished, cond(reduce_all(finished), lambda: given, mixed), state


class ScheduledOutputTrainingHelper(TrainingHelper):
    """With a given probability, an input is the last output, or what a function makes of it."""

    def __init__(
        self,
        inputs: Any,
        sequence_length: Any,
        sampling_probability: Any,
        time_major: bool = False,
        seed: int | None = None,
        next_inputs_fn: Callable[[Any], Any] | None = None,
        auxiliary_inputs: Any = None,
        name: str | None = None,
    ) -> None:
        values = [inputs, auxiliary_inputs, sampling_probability]
        with build.name_scope(name, "ScheduledOutputTrainingHelper", values):
            self._sampling_probability = _probability(sampling_probability)
            joined, self._auxiliary_input_tas = inputs, None
            if auxiliary_inputs is not None:
                inputs = convert(inputs, name="inputs")
                others = convert(auxiliary_inputs, name="auxiliary_inputs")
                joined = nest.map_structure(lambda x, y: concat((x, y), -1), inputs, others)
                if not time_major:
                    others = nest.map_structure(time_and_batch_swapped, others)
                self._auxiliary_input_tas = nest.map_structure(rows_of, others)
            self._seed, self._next_inputs_fn = seed, next_inputs_fn
            super().__init__(joined, sequence_length, time_major=time_major, name=name)

    def sample(
        self, time: Any, outputs: Any, state: Any = None, name: str | None = None, **_: Any
    ) -> Any:
        values = [time, outputs, state]
        with build.name_scope(name, "ScheduledOutputTrainingHelperSample", values):
            return bernoulli_sample(
                probs=self._sampling_probability, sample_shape=self.batch_size, seed=self._seed
            )

    def _with_auxiliary(self, outputs: Any, time: Any, places: Any = None) -> Any:
        """Outputs with the auxiliary inputs of the next step beside them."""
        if self._auxiliary_input_tas is None:
            return outputs
        next_time = time + 1
        others = nest.map_structure(lambda a: a.read(next_time), self._auxiliary_input_tas)
        if places is not None:
            others = gather_nd(others, places)
        return nest.map_structure(lambda x, y: concat((x, y), -1), outputs, others)

    def next_inputs(
        self,
        time: Any,
        outputs: Any,
        state: Any,
        sample_ids: Any = None,
        name: str | None = None,
        **_: Any,
    ) -> tuple[Any, Any, Any]:
        values = [time, outputs, state, sample_ids]
        with build.name_scope(name, "ScheduledOutputTrainingHelperNextInputs", values):
            finished, given, state = super().next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=sample_ids, name=name
            )
            chosen = idioms.cast(sample_ids, bool_)

            def mixed() -> Any:
                if self._next_inputs_fn is None:
                    return where(chosen, self._with_auxiliary(outputs, time), given)
                sampled, others = _places(chosen), _places(raw.LogicalNot(chosen))
                own = gather_nd(outputs, sampled)
                kept = gather_nd(given, others)
                made = self._with_auxiliary(self._next_inputs_fn(own), time, sampled)
                shape = idioms.shape(given)
                return _scattered(sampled, made, shape) + _scattered(others, kept, shape)

            ended = reduce_all(finished)
            none = raw.LogicalNot(reduce_any(chosen))
            return finished, cond(raw.LogicalOr(ended, none), lambda: given, mixed), state


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["ScheduledEmbeddingTrainingHelper", "ScheduledOutputTrainingHelper"],
    "contrib.seq2seq.python.ops.helper": [
        *("ScheduledEmbeddingTrainingHelper", "ScheduledOutputTrainingHelper"),
    ],
}
