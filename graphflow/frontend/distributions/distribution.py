"""What all distributions have: samples, densities and moments, each as nodes in a scope of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from graphflow.frontend.array import rank, reshape, shape
from graphflow.frontend.array_joins import concat
from graphflow.frontend.distributions.divergences import cross_entropy, kl_divergence
from graphflow.frontend.distributions.parameters import pick_vector
from graphflow.frontend.math import exp, log, log1p, sqrt, square
from graphflow.frontend.reduce import reduce_prod
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape

NAMESPACES = {
    "distributions": [
        *("Distribution", "FULLY_REPARAMETERIZED", "NOT_REPARAMETERIZED"),
        "ReparameterizationType",
    ],
    "contrib.distributions": [
        *("Distribution", "FULLY_REPARAMETERIZED", "NOT_REPARAMETERIZED"),
        "ReparameterizationType",
    ],
}
__all__: list[str] = []


class ReparameterizationType:
    """Whether a gradient flows through samples to the parameters."""

    def __init__(self, rep_type: str) -> None:
        self._rep_type = rep_type

    def __repr__(self) -> str:
        return f"<Reparameterization Type: {self._rep_type}>"


FULLY_REPARAMETERIZED = ReparameterizationType("FULLY_REPARAMETERIZED")
NOT_REPARAMETERIZED = ReparameterizationType("NOT_REPARAMETERIZED")


class Distribution:
    """Random variables of one kind: a batch of them, each of which may be an array itself (an event)."""

    def __init__(
        self,
        dtype: Any,
        reparameterization_type: ReparameterizationType,
        validate_args: bool,
        allow_nan_stats: bool,
        parameters: dict[str, Any] | None = None,
        graph_parents: list[Any] | None = None,
        name: str | None = None,
    ) -> None:
        parents = graph_parents or []
        for i, parent in enumerate(parents):
            if not hasattr(parent, "_as_tensor"):
                raise ValueError(f"Graph parent item {i} is not a Tensor; {parent}.")
        if not name or name[-1] != "/":
            with build.name_scope(name or type(self).__name__) as scope:
                name = scope
        self._dtype, self._reparameterization_type = dtype, reparameterization_type
        self._validate_args, self._allow_nan_stats = validate_args, allow_nan_stats
        self._parameters, self._graph_parents, self._name = parameters or {}, list(parents), name

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtype(self) -> Any:
        return self._dtype

    @property
    def parameters(self) -> dict[str, Any]:
        """What the distribution was made with."""
        hidden = ("self", "__class__")
        return {k: v for k, v in self._parameters.items() if k not in hidden}

    @property
    def reparameterization_type(self) -> ReparameterizationType:
        return self._reparameterization_type

    @property
    def allow_nan_stats(self) -> bool:
        return self._allow_nan_stats

    @property
    def validate_args(self) -> bool:
        return self._validate_args

    def copy(self, **override_parameters_kwargs: Any) -> Any:
        """The same kind of distribution with some parameters changed."""
        make: Any = type(self)
        return make(**{**self.parameters, **override_parameters_kwargs})

    def __repr__(self) -> str:
        return (
            f"<tf.distributions.{type(self).__name__} '{self.name}' batch_shape={self.batch_shape} "
            f"event_shape={self.event_shape} dtype={self.dtype.name}>"
        )

    @contextmanager
    def _name_scope(self, name: str | None = None, values: Any = ()) -> Iterator[str]:
        with (
            build.name_scope(self.name),
            build.name_scope(name, None, [*values, *self._graph_parents]) as scope,
        ):
            yield scope

    # ---- shapes ------------------------------------------------------------------------------------------

    @classmethod
    def param_shapes(cls, sample_shape: Any, name: str = "DistributionParamShapes") -> Any:
        """The shapes of parameters with which a sample has this shape."""
        with build.name_scope(name, None, [sample_shape]):
            return cls._param_shapes(sample_shape)

    @classmethod
    def param_static_shapes(cls, sample_shape: Any) -> dict[str, TensorShape]:
        """As `param_shapes`, for a shape that is known."""
        if isinstance(sample_shape, TensorShape):
            if not sample_shape.is_static:
                raise ValueError("TensorShape sample_shape must be fully defined")
            sample_shape = sample_shape.as_list()
        found = {}
        for name, sizes in cls.param_shapes(sample_shape).items():
            known = constant_value(sizes)
            if known is None:
                raise ValueError("sample_shape must be a fully-defined TensorShape or list/tuple")
            found[name] = TensorShape([int(d) for d in known])
        return found

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Any]:
        raise NotImplementedError("_param_shapes not implemented")

    @property
    def batch_shape(self) -> TensorShape:
        return as_shape(self._batch_shape())

    @property
    def event_shape(self) -> TensorShape:
        return as_shape(self._event_shape())

    def batch_shape_tensor(self, name: str = "batch_shape_tensor") -> Tensor:
        with self._name_scope(name):
            return _known_or(self.batch_shape, "batch_shape", self._batch_shape_tensor)

    def event_shape_tensor(self, name: str = "event_shape_tensor") -> Tensor:
        with self._name_scope(name):
            return _known_or(self.event_shape, "event_shape", self._event_shape_tensor)

    def is_scalar_event(self, name: str = "is_scalar_event") -> Tensor:
        with self._name_scope(name):
            found = _is_scalar(self.event_shape, self.event_shape_tensor)
            return convert(found, name="is_scalar_event")

    def is_scalar_batch(self, name: str = "is_scalar_batch") -> Tensor:
        with self._name_scope(name):
            found = _is_scalar(self.batch_shape, self.batch_shape_tensor)
            return convert(found, name="is_scalar_batch")

    # ---- samples -------------------------------------------------------------------------------------------

    def sample(self, sample_shape: Any = (), seed: Any = None, name: str = "sample") -> Tensor:
        """Samples: an array of this shape of batches of events."""
        return self._call_sample_n(sample_shape, seed, name)

    def _call_sample_n(self, sample_shape: Any, seed: Any, name: str, **options: Any) -> Tensor:
        with self._name_scope(name, [sample_shape]):
            sizes = convert(sample_shape, int32, "sample_shape")
            sizes, count = _as_vector(sizes, "sample_shape")
            drawn = self._sample_n(count, seed, **options)
            rest = shape(drawn)[1:]
            samples = reshape(drawn, concat([sizes, rest], 0))
            return self._with_known_shape(samples, sizes)

    def _with_known_shape(self, samples: Tensor, sizes: Tensor) -> Tensor:
        known = constant_value(sizes)
        lead = None if known is None else TensorShape([int(d) for d in known])
        if lead is not None:
            whole = lead.concatenate(self.batch_shape).concatenate(self.event_shape)
            if whole.is_compatible_with(samples.shape):
                samples.set_shape(whole)
        return samples

    # ---- functions of a value --------------------------------------------------------------------------------

    def _of_value(
        self, value: Any, name: str, of: str, otherwise: Callable[[Any], Tensor] | None = None
    ) -> Tensor:
        """What the method called `of` says of a value, or what another one says."""
        with self._name_scope(name, [value]):
            tensor = convert(value, name="value", hint=self.dtype)
            try:
                found: Tensor = getattr(self, of)(tensor)
                return found
            except NotImplementedError as error:
                if otherwise is None:
                    raise
                try:
                    return otherwise(tensor)
                except NotImplementedError:
                    raise error from None

    def log_prob(self, value: Any, name: str = "log_prob") -> Tensor:
        return self._of_value(value, name, "_log_prob", lambda x: log(self._prob(x)))

    def prob(self, value: Any, name: str = "prob") -> Tensor:
        return self._of_value(value, name, "_prob", lambda x: exp(self._log_prob(x)))

    def log_cdf(self, value: Any, name: str = "log_cdf") -> Tensor:
        return self._of_value(value, name, "_log_cdf", lambda x: log(self._cdf(x)))

    def cdf(self, value: Any, name: str = "cdf") -> Tensor:
        return self._of_value(value, name, "_cdf", lambda x: exp(self._log_cdf(x)))

    def log_survival_function(self, value: Any, name: str = "log_survival_function") -> Tensor:
        return self._of_value(value, name, "_log_survival_function", lambda x: log1p(-self.cdf(x)))

    def survival_function(self, value: Any, name: str = "survival_function") -> Tensor:
        return self._of_value(value, name, "_survival_function", lambda x: 1.0 - self.cdf(x))

    def quantile(self, value: Any, name: str = "quantile") -> Tensor:
        return self._of_value(value, name, "_quantile")

    # ---- numbers -------------------------------------------------------------------------------------------------

    def entropy(self, name: str = "entropy") -> Tensor:
        with self._name_scope(name):
            return self._entropy()

    def mean(self, name: str = "mean") -> Tensor:
        with self._name_scope(name):
            return self._mean()

    def mode(self, name: str = "mode") -> Tensor:
        with self._name_scope(name):
            return self._mode()

    def covariance(self, name: str = "covariance") -> Tensor:
        with self._name_scope(name):
            return self._covariance()

    def variance(self, name: str = "variance") -> Tensor:
        with self._name_scope(name):
            return _either(self._variance, lambda: square(self._stddev()))

    def stddev(self, name: str = "stddev") -> Tensor:
        with self._name_scope(name):
            return _either(self._stddev, lambda: sqrt(self._variance()))

    def cross_entropy(self, other: Distribution, name: str = "cross_entropy") -> Tensor:
        with self._name_scope(name):
            return cross_entropy(self, other, self.allow_nan_stats)

    def kl_divergence(self, other: Distribution, name: str = "kl_divergence") -> Tensor:
        with self._name_scope(name):
            return kl_divergence(self, other, self.allow_nan_stats)

    # ---- what a kind of distribution says of itself ----------------------------------------------------------------

    def _missing(self, what: str) -> NotImplementedError:
        return NotImplementedError(f"{what} is not implemented: {type(self).__name__}")

    def _batch_shape(self) -> Any:
        return TensorShape(None)

    def _event_shape(self) -> Any:
        return TensorShape(None)

    def _batch_shape_tensor(self) -> Tensor:
        raise self._missing("batch_shape_tensor")

    def _event_shape_tensor(self) -> Tensor:
        raise self._missing("event_shape_tensor")

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        raise self._missing("sample_n")

    def _log_prob(self, value: Tensor) -> Tensor:
        raise self._missing("log_prob")

    def _prob(self, value: Tensor) -> Tensor:
        raise self._missing("prob")

    def _log_cdf(self, value: Tensor) -> Tensor:
        raise self._missing("log_cdf")

    def _cdf(self, value: Tensor) -> Tensor:
        raise self._missing("cdf")

    def _log_survival_function(self, value: Tensor) -> Tensor:
        raise self._missing("log_survival_function")

    def _survival_function(self, value: Tensor) -> Tensor:
        raise self._missing("survival_function")

    def _quantile(self, value: Tensor) -> Tensor:
        raise self._missing("quantile")

    def _entropy(self) -> Tensor:
        raise self._missing("entropy")

    def _mean(self) -> Tensor:
        raise self._missing("mean")

    def _mode(self) -> Tensor:
        raise self._missing("mode")

    def _variance(self) -> Tensor:
        raise self._missing("variance")

    def _stddev(self) -> Tensor:
        raise self._missing("stddev")

    def _covariance(self) -> Tensor:
        raise self._missing("covariance")


def _either(first: Callable[[], Tensor], second: Callable[[], Tensor]) -> Tensor:
    try:
        return first()
    except NotImplementedError as error:
        try:
            return second()
        except NotImplementedError:
            raise error from None


def _known_or(known: TensorShape, name: str, otherwise: Callable[[], Tensor]) -> Tensor:
    return convert(known.as_list(), int32, name) if known.is_static else otherwise()


def _is_scalar(known: TensorShape, sizes: Callable[[], Tensor]) -> Any:
    if known.rank is not None:
        return known.rank == 0
    vector = sizes()
    if vector.shape.rank is not None and vector.shape[0].value is not None:
        return vector.shape.as_list() == [0]
    return raw.Equal(shape(vector)[0], 0)


def _as_vector(sizes: Tensor, name: str) -> tuple[Tensor, Any]:
    """A sample shape as a vector, and the number of samples: a number where it is known."""
    known = constant_value(sizes)
    count = reduce_prod(sizes) if known is None else np.prod(known, dtype=np.int32)
    dims = sizes.shape.rank
    if dims is None:
        one = np.array([1], np.int32)
        wanted = pick_vector(raw.Equal(rank(sizes), 0), one, shape(sizes))
        return reshape(sizes, wanted), count
    if dims == 0:
        if known is not None:
            return convert(np.array([known], np.int32), name=name), count
        return reshape(sizes, [1]), count
    if dims != 1:
        raise ValueError("Input is neither scalar nor vector.")
    return sizes, count
