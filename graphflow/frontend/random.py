"""Random numbers: tf.random_uniform and its kin, with TensorFlow 1's nodes, seeds and values."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.framework import get_seed
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, bfloat16, float16, float32, float64, int32, int64
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms

__all__ = [
    "multinomial",
    "random_gamma",
    "random_normal",
    "random_poisson",
    "random_shuffle",
    "random_uniform",
    "truncated_normal",
]


def _shape_tensor(shape: Any) -> Tensor:
    if isinstance(shape, Tensor):
        return shape
    if isinstance(shape, TensorShape) and shape.is_static:
        shape = shape.as_list()
    empty = isinstance(shape, list | tuple) and not shape
    return convert(shape, int32 if empty else None, "shape")


def _seeds(seed: Any) -> dict[str, int]:
    first, second = get_seed(seed)
    return {"seed": first or 0, "seed2": second or 0}


def random_uniform(
    shape: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Uniform in [minval, maxval): floats or, with an integer dtype, integers."""
    target = as_dtype(dtype)
    if target not in (float16, bfloat16, float32, float64, int32, int64):
        raise ValueError(f"Invalid dtype {target!r}")
    if maxval is None:
        if target.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {target!r}")
        maxval = 1
    with build.name_scope(name, "random_uniform", [shape, minval, maxval]) as scope:
        sizes = _shape_tensor(shape)
        low, high = convert(minval, target, "min"), convert(maxval, target, "max")
        if target.is_integer:
            found: Tensor = raw.RandomUniformInt(sizes, low, high, name=scope, **_seeds(seed))
            return found
        drawn = raw.RandomUniform(sizes, dtype=target, **_seeds(seed))
        return _shifted(drawn * (high - low), low, scope)


def _shifted(x: Tensor, by: Tensor, scope: str) -> Tensor:
    moved: Tensor = raw.Add(x, by, name=scope)
    return moved


def _normal(
    op: str, default: str, shape: Any, mean: Any, stddev: Any, dtype: Any, seed: Any, name: Any
) -> Tensor:
    target = as_dtype(dtype)
    with build.name_scope(name, default, [shape, mean, stddev]) as scope:
        sizes = _shape_tensor(shape)
        middle, spread = convert(mean, target, "mean"), convert(stddev, target, "stddev")
        drawn = getattr(raw, op)(sizes, dtype=target, **_seeds(seed))
        return _shifted(drawn * spread, middle, scope)


def random_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normally distributed values."""
    return _normal("RandomStandardNormal", "random_normal", shape, mean, stddev, dtype, seed, name)


def truncated_normal(
    shape: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normally distributed values, redrawn beyond two standard deviations from the mean."""
    return _normal("TruncatedNormal", "truncated_normal", shape, mean, stddev, dtype, seed, name)


def parameterized_truncated_normal(
    shape: Any,
    means: Any = 0.0,
    stddevs: Any = 1.0,
    minvals: Any = -2.0,
    maxvals: Any = 2.0,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Normally distributed values, redrawn outside of [minvals, maxvals]."""
    target = as_dtype(dtype)
    values = [shape, means, stddevs, minvals, maxvals]
    with build.name_scope(name, "parameterized_truncated_normal", values):
        sizes = _shape_tensor(shape)
        ends = zip(
            (means, stddevs, minvals, maxvals),
            ("means", "stddevs", "minvals", "maxvals"),
            strict=True,
        )
        parameters = [convert(v, target, n) for v, n in ends]
        drawn: Tensor = raw.ParameterizedTruncatedNormal(sizes, *parameters, **_seeds(seed))
        return drawn


def random_shuffle(value: Any, seed: int | None = None, name: str | None = None) -> Tensor:
    """The rows of a tensor in random order."""
    shuffled: Tensor = raw.RandomShuffle(value, name=name, **_seeds(seed))
    return shuffled


def multinomial(
    logits: Any,
    num_samples: Any,
    seed: int | None = None,
    name: str | None = None,
    output_dtype: Any = None,
) -> Tensor:
    """Classes drawn by unnormalised log-probabilities, for each row."""
    with build.name_scope(name, "multinomial", [logits]):
        return _multinomial(logits, num_samples, output_dtype, seed)


def categorical(
    logits: Any,
    num_samples: Any,
    dtype: Any = None,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Classes drawn by unnormalised log-probabilities, for each row."""
    with build.name_scope(name, "categorical", [logits]):
        return _multinomial(logits, num_samples, dtype, seed)


def _multinomial(logits: Any, num_samples: Any, dtype: Any, seed: int | None) -> Tensor:
    rows = convert(logits, name="logits")
    target = int64 if dtype is None else as_dtype(dtype)
    drawn: Tensor = raw.Multinomial(rows, num_samples, output_dtype=target, **_seeds(seed))
    return drawn


def random_gamma(
    shape: Any,
    alpha: Any,
    beta: Any = None,
    dtype: Any = float32,
    seed: int | None = None,
    name: str | None = None,
) -> Tensor:
    """Gamma distributed values, for each parameter pair; the smallest positive number at least."""
    target = as_dtype(dtype)
    with build.name_scope(name, "random_gamma", [shape, alpha, beta]):
        sizes = convert(shape, int32, "shape")
        concentration = convert(alpha, target, "alpha")
        rate = convert(1 if beta is None else beta, target, "beta")
        spread = concentration + idioms.zeros_like(rate)
        tiny = target.numpy.type(_tiny(target))
        drawn = raw.RandomGamma(sizes, spread, **_seeds(seed))
        positive: Tensor = raw.Maximum(tiny, drawn / rate)
        return positive


def _tiny(dtype: Any) -> float:
    return float(np.finfo(dtype.numpy).tiny)


def random_poisson(
    lam: Any, shape: Any, dtype: Any = float32, seed: int | None = None, name: str | None = None
) -> Tensor:
    """Poisson distributed counts, for each rate."""
    with build.name_scope(name, "random_poisson", [lam, shape]):
        sizes = convert(shape, int32, "shape")
        drawn: Tensor = raw.RandomPoissonV2(sizes, lam, dtype=as_dtype(dtype), **_seeds(seed))
        return drawn


def stateless_uniform(
    shape: Any,
    seed: Any,
    minval: Any = 0,
    maxval: Any = None,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """Uniform in [minval, maxval), by a seed that is a tensor: the same seed gives the same values."""
    target = as_dtype(dtype)
    if maxval is None:
        if target.is_integer:
            raise ValueError(f"Must specify maxval for integer dtype {target!r}")
        maxval = 1
    with build.name_scope(name, "stateless_random_uniform", [shape, seed, minval, maxval]) as scope:
        sizes = _shape_tensor(shape)
        low, high = convert(minval, target, "min"), convert(maxval, target, "max")
        if target.is_integer:
            found: Tensor = raw.StatelessRandomUniformInt(sizes, seed, low, high, name=scope)
            return found
        drawn = raw.StatelessRandomUniform(sizes, seed, dtype=target)
        return _shifted(drawn * (high - low), low, scope)


def _stateless_normal(
    op: str, default: str, shape: Any, seed: Any, mean: Any, stddev: Any, dtype: Any, name: Any
) -> Tensor:
    target = as_dtype(dtype)
    with build.name_scope(name, default, [shape, seed, mean, stddev]) as scope:
        sizes = _shape_tensor(shape)
        middle, spread = convert(mean, target, "mean"), convert(stddev, target, "stddev")
        drawn = getattr(raw, op)(sizes, seed, dtype=target)
        return _shifted(drawn * spread, middle, scope)


def stateless_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """Normally distributed values, by a seed that is a tensor."""
    scope = "stateless_random_normal"
    return _stateless_normal("StatelessRandomNormal", scope, shape, seed, mean, stddev, dtype, name)


def stateless_truncated_normal(
    shape: Any,
    seed: Any,
    mean: Any = 0.0,
    stddev: Any = 1.0,
    dtype: Any = float32,
    name: str | None = None,
) -> Tensor:
    """Normally distributed values within two standard deviations, by a seed that is a tensor."""
    scope = "stateless_truncated_normal"
    return _stateless_normal(
        "StatelessTruncatedNormal", scope, shape, seed, mean, stddev, dtype, name
    )


def stateless_multinomial(
    logits: Any, num_samples: Any, seed: Any, output_dtype: Any = int64, name: str | None = None
) -> Tensor:
    """Classes drawn by unnormalised log-probabilities, by a seed that is a tensor."""
    with build.name_scope(name, "stateless_multinomial", [logits, seed]):
        rows = convert(logits, name="logits")
        drawn: Tensor = raw.StatelessMultinomial(
            rows, num_samples, seed, output_dtype=as_dtype(output_dtype)
        )
        return drawn


def stateless_categorical(
    logits: Any, num_samples: Any, seed: Any, dtype: Any = int64, name: str | None = None
) -> Tensor:
    """Classes drawn by unnormalised log-probabilities, by a seed that is a tensor."""
    with build.name_scope(name, "stateless_categorical", [logits, seed]):
        rows = convert(logits, name="logits")
        drawn: Tensor = raw.StatelessMultinomial(
            rows, num_samples, seed, output_dtype=as_dtype(dtype)
        )
        return drawn


#: tf.random.* under names of its own: {name there: name here}
NAMESPACES = {
    "random": {
        "categorical": "categorical",
        "gamma": "random_gamma",
        "multinomial": "multinomial",
        "normal": "random_normal",
        "poisson": "random_poisson",
        "shuffle": "random_shuffle",
        "stateless_categorical": "stateless_categorical",
        "stateless_multinomial": "stateless_multinomial",
        "stateless_normal": "stateless_normal",
        "stateless_truncated_normal": "stateless_truncated_normal",
        "stateless_uniform": "stateless_uniform",
        "truncated_normal": "truncated_normal",
        "uniform": "random_uniform",
    }
}
