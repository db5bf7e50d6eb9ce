"""Initialisers: objects that make the initial value of a variable from its shape."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.random import random_normal, random_uniform, truncated_normal
from graphflow.ir import raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import as_dtype, float32
from graphflow.ir.literal import as_array
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms

__all__ = [
    "constant_initializer",
    "glorot_normal_initializer",
    "glorot_uniform_initializer",
    "ones_initializer",
    "orthogonal_initializer",
    "random_normal_initializer",
    "random_uniform_initializer",
    "truncated_normal_initializer",
    "uniform_unit_scaling_initializer",
    "variance_scaling_initializer",
    "zeros_initializer",
]


class Initializer:
    """Makes an initial value: `initializer(shape, dtype)`."""

    #: the arguments that describe this initialiser, beside dtype
    options: tuple[str, ...] = ()
    dtype: Any = float32

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Any:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        """The arguments with which an equal initialiser is made."""
        return {k: getattr(self, k) for k in self.options} | {"dtype": as_dtype(self.dtype).name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)


def _sizes(shape: Any) -> list[Any]:
    return shape.as_list() if isinstance(shape, TensorShape) else list(shape)


class Zeros(Initializer):
    """Zeros."""

    def __init__(self, dtype: Any = float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return idioms.zeros(shape, dtype or self.dtype)


class Ones(Initializer):
    """Ones."""

    def __init__(self, dtype: Any = float32) -> None:
        self.dtype = as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return idioms.ones(shape, dtype or self.dtype)


class Constant(Initializer):
    """One value everywhere, or a list of values of which the last fills what is left."""

    options = ("value",)

    def __init__(self, value: Any = 0, dtype: Any = float32, verify_shape: bool = False) -> None:
        if not (
            isinstance(value, int | float | bool | complex | str | list | tuple)
            or hasattr(value, "dtype")
        ):
            raise TypeError(
                f"Invalid type for initial value: {type(value)} (expected Python scalar, list or numpy.ndarray)"
            )
        self.value, self.dtype, self._verify = value, as_dtype(dtype), verify_shape

    def __call__(
        self,
        shape: Any,
        dtype: Any = None,
        partition_info: Any = None,
        verify_shape: bool | None = None,
    ) -> Tensor:
        strict = self._verify if verify_shape is None else verify_shape
        return filled_constant(self.value, as_dtype(dtype or self.dtype), shape, strict)


def filled_constant(
    value: Any, dtype: Any, shape: Any, strict: bool = False, name: str = "Const"
) -> Tensor:
    """A Const of a given shape: the last of the values fills what is left."""
    array = as_array(value, dtype)
    sizes = TensorShape(shape).as_tuple()
    if strict and array.shape != sizes:
        raise TypeError(f"Expected Tensor's shape: {sizes}, got {array.shape}.")
    count = math.prod(sizes)
    if array.size > count:
        raise ValueError(
            f"Too many elements provided. Needed at most {count}, but received {array.size}"
        )
    flat = array.ravel()
    if flat.size < count:
        if not flat.size:
            raise ValueError(f"no values to fill the shape {sizes} with")
        padded = (
            flat[:1].repeat(count)
            if flat.size == 1
            else flat[[*range(flat.size), *[-1] * (count - flat.size)]]
        )
        flat = padded
    return const(flat.reshape(sizes), as_dtype(dtype), name)


class RandomUniform(Initializer):
    """Uniform in [minval, maxval)."""

    options = ("minval", "maxval", "seed")

    def __init__(
        self, minval: Any = 0, maxval: Any = None, seed: int | None = None, dtype: Any = float32
    ) -> None:
        self.minval, self.maxval, self.seed, self.dtype = minval, maxval, seed, as_dtype(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return random_uniform(shape, self.minval, self.maxval, dtype or self.dtype, seed=self.seed)


class RandomNormal(Initializer):
    """Normal."""

    options = ("mean", "stddev", "seed")

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 1.0, seed: int | None = None, dtype: Any = float32
    ) -> None:
        self.mean, self.stddev, self.seed, self.dtype = mean, stddev, seed, _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return random_normal(shape, self.mean, self.stddev, dtype or self.dtype, seed=self.seed)


class TruncatedNormal(RandomNormal):
    """Normal, redrawn beyond two standard deviations."""

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        return truncated_normal(shape, self.mean, self.stddev, dtype or self.dtype, seed=self.seed)


class UniformUnitScaling(Initializer):
    """Uniform, so scaled that a matrix product keeps the variance of its input."""

    options = ("factor", "seed")

    def __init__(self, factor: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.factor, self.seed, self.dtype = factor, seed, _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        inputs = max(math.prod(float(d) for d in _sizes(shape)[:-1]), 1.0)
        limit = math.sqrt(3 / inputs) * self.factor
        return random_uniform(shape, -limit, limit, dtype or self.dtype, seed=self.seed)


class VarianceScaling(Initializer):
    """Values whose variance is scale / fan: of the inputs, the outputs, or their mean."""

    options = ("scale", "mode", "distribution", "seed")

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
        dtype: Any = float32,
    ) -> None:
        if scale <= 0.0:
            raise ValueError("`scale` must be positive float.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(f"Invalid `mode` argument: {mode}")
        distribution = distribution.lower()
        if distribution not in ("normal", "uniform", "truncated_normal", "untruncated_normal"):
            raise ValueError(f"Invalid `distribution` argument: {distribution}")
        self.scale, self.mode, self.distribution = scale, mode, distribution
        self.seed, self.dtype = seed, _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        target = dtype or self.dtype
        fan_in, fan_out = fans(
            _sizes(partition_info.full_shape if partition_info is not None else shape)
        )
        fan = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2.0}[self.mode]
        scale = self.scale / max(1.0, fan)
        if self.distribution == "uniform":
            limit = math.sqrt(3.0 * scale)
            return random_uniform(shape, -limit, limit, target, seed=self.seed)
        if self.distribution == "untruncated_normal":
            return random_normal(shape, 0.0, math.sqrt(scale), target, seed=self.seed)
        # what truncation at two deviations leaves of a deviation of 1
        stddev = math.sqrt(scale) / 0.87962566103423978
        return truncated_normal(shape, 0.0, stddev, target, seed=self.seed)


def fans(shape: list[Any]) -> tuple[float, float]:
    """How many inputs and outputs a weight of this shape joins."""
    if not shape:
        return 1, 1
    if len(shape) == 1:
        return shape[0], shape[0]
    field = math.prod(float(d) for d in shape[:-2])
    return shape[-2] * field, shape[-1] * field


class Orthogonal(Initializer):
    """An orthogonal matrix: the Q of a random one."""

    options = ("gain", "seed")

    def __init__(self, gain: float = 1.0, seed: int | None = None, dtype: Any = float32) -> None:
        self.gain, self.seed, self.dtype = gain, seed, _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        sizes = _sizes(shape)
        if len(sizes) < 2:
            raise ValueError("The tensor to initialize must be at least two-dimensional")
        rows, columns = math.prod(sizes[:-1]), sizes[-1]
        a = random_normal(
            (max(rows, columns), min(rows, columns)), dtype=dtype or self.dtype, seed=self.seed
        )
        q, r = raw.Qr(a, full_matrices=False)
        signs = raw.Sign(raw.DiagPart(r))
        q = q * signs
        if rows < columns:
            q = raw.Transpose(q, [1, 0], name="matrix_transpose/transpose")
        scaled: Tensor = self.gain * raw.Reshape(q, sizes)
        return scaled


class Identity(Initializer):
    """The identity matrix."""

    options = ("gain",)

    def __init__(self, gain: float = 1.0, dtype: Any = float32) -> None:
        self.gain, self.dtype = gain, _floating(dtype)

    def __call__(self, shape: Any, dtype: Any = None, partition_info: Any = None) -> Tensor:
        sizes = _sizes(shape)
        if len(sizes) != 2:
            raise ValueError("Identity matrix initializer can only be used for 2D matrices.")
        target = as_dtype(dtype or self.dtype)
        diagonal = idioms.ones([min(sizes)], target)
        eye = (
            raw.MatrixDiag(diagonal)
            if sizes[0] == sizes[1]
            else raw.MatrixSetDiag(idioms.zeros(sizes, target), diagonal)
        )
        scaled: Tensor = self.gain * convert(eye)
        return scaled


def _floating(dtype: Any) -> Any:
    target = as_dtype(dtype).base_dtype
    if not target.is_floating:
        raise TypeError(f"Cannot create initializer for non-floating point type {target.name}.")
    return target


def _scaling(scale: float, mode: str, distribution: str) -> Any:
    class Scaled(VarianceScaling):
        def __init__(self, seed: int | None = None, dtype: Any = float32) -> None:
            super().__init__(scale, mode, distribution, seed, dtype)

        def get_config(self) -> dict[str, Any]:
            return {"seed": self.seed, "dtype": self.dtype.name}

    return Scaled


zeros_initializer, ones_initializer, constant_initializer = Zeros, Ones, Constant
random_uniform_initializer, random_normal_initializer = RandomUniform, RandomNormal
truncated_normal_initializer, orthogonal_initializer = TruncatedNormal, Orthogonal
uniform_unit_scaling_initializer, variance_scaling_initializer = UniformUnitScaling, VarianceScaling
glorot_uniform_initializer = _scaling(1.0, "fan_avg", "uniform")
glorot_normal_initializer = _scaling(1.0, "fan_avg", "truncated_normal")
he_uniform = _scaling(2.0, "fan_in", "uniform")
he_normal = _scaling(2.0, "fan_in", "truncated_normal")
lecun_uniform = _scaling(1.0, "fan_in", "uniform")
lecun_normal = _scaling(1.0, "fan_in", "truncated_normal")

NAMESPACES = {
    "initializers": {
        "constant": "Constant",
        "glorot_normal": "glorot_normal_initializer",
        "glorot_uniform": "glorot_uniform_initializer",
        "he_normal": "he_normal",
        "he_uniform": "he_uniform",
        "identity": "Identity",
        "lecun_normal": "lecun_normal",
        "lecun_uniform": "lecun_uniform",
        "ones": "Ones",
        "orthogonal": "Orthogonal",
        "random_normal": "RandomNormal",
        "random_uniform": "RandomUniform",
        "truncated_normal": "TruncatedNormal",
        "uniform_unit_scaling": "UniformUnitScaling",
        "variance_scaling": "VarianceScaling",
        "zeros": "Zeros",
    }
}
