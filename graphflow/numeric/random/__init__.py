"""Random numbers with the bits of TensorFlow 1: arrays in, arrays out, and a stream for each kernel."""

from graphflow.numeric.random.candidates import (
    Candidates,
    accidental_hits,
    all_candidates,
    sample_candidates,
)
from graphflow.numeric.random.dataset_shuffle import EpochSeeds, dataset_shuffle
from graphflow.numeric.random.gamma import random_gamma
from graphflow.numeric.random.multinomial import multinomial
from graphflow.numeric.random.normal import random_standard_normal, truncated_normal
from graphflow.numeric.random.philox import Stream, Words
from graphflow.numeric.random.poisson import random_poisson
from graphflow.numeric.random.samplers import (
    FixedUnigramSampler,
    LearnedUnigramSampler,
    LogUniformSampler,
    Sampler,
    UniformSampler,
)
from graphflow.numeric.random.seeds import get_seed
from graphflow.numeric.random.shuffle import queue_index, random_shuffle
from graphflow.numeric.random.truncated import parameterized_truncated_normal
from graphflow.numeric.random.uniform import random_uniform, random_uniform_int

__all__ = [
    "Candidates",
    "EpochSeeds",
    "FixedUnigramSampler",
    "LearnedUnigramSampler",
    "LogUniformSampler",
    "Sampler",
    "Stream",
    "UniformSampler",
    "Words",
    "accidental_hits",
    "all_candidates",
    "dataset_shuffle",
    "get_seed",
    "multinomial",
    "parameterized_truncated_normal",
    "queue_index",
    "random_gamma",
    "random_poisson",
    "random_shuffle",
    "random_standard_normal",
    "random_uniform",
    "random_uniform_int",
    "sample_candidates",
    "truncated_normal",
]
