"""Initialisers by name, and tf.keras.initializers: "glorot_uniform" in the place of an initialiser."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import initializers
from graphflow.frontend.initializers import (
    Constant,
    Identity,
    Ones,
    Orthogonal,
    UniformUnitScaling,
    VarianceScaling,
    Zeros,
    glorot_normal_initializer,
    glorot_uniform_initializer,
    he_normal,
    he_uniform,
    lecun_normal,
    lecun_uniform,
)
from graphflow.frontend.initializers import RandomNormal as _RandomNormal
from graphflow.frontend.initializers import RandomUniform as _RandomUniform
from graphflow.frontend.initializers import TruncatedNormal as _TruncatedNormal
from graphflow.frontend.layers.by_name import ByName
from graphflow.ir.dtype import float32


class RandomNormal(_RandomNormal):
    """Normal, with the narrow deviation that suits weights."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


class RandomUniform(_RandomUniform):
    """Uniform, in the narrow range that suits weights."""

    def __init__(
        self,
        minval: Any = -0.05,
        maxval: Any = 0.05,
        seed: int | None = None,
        dtype: Any = float32,
    ) -> None:
        super().__init__(minval, maxval, seed, dtype)


class TruncatedNormal(_TruncatedNormal):
    """Normal, redrawn beyond two standard deviations, with the narrow deviation that suits weights."""

    def __init__(
        self, mean: Any = 0.0, stddev: Any = 0.05, seed: int | None = None, dtype: Any = float32
    ) -> None:
        super().__init__(mean, stddev, seed, dtype)


Initializer = initializers.Initializer
constant, identity, ones, orthogonal, zeros = Constant, Identity, Ones, Orthogonal, Zeros
normal = random_normal = RandomNormal
uniform = random_uniform = RandomUniform
truncated_normal = TruncatedNormal
glorot_normal, glorot_uniform = glorot_normal_initializer, glorot_uniform_initializer

_known = ByName(
    "initializer",
    {
        "Constant": Constant,
        "GlorotNormal": glorot_normal,
        "GlorotUniform": glorot_uniform,
        "Identity": Identity,
        "Ones": Ones,
        "Orthogonal": Orthogonal,
        "RandomNormal": RandomNormal,
        "RandomUniform": RandomUniform,
        "TruncatedNormal": TruncatedNormal,
        "UniformUnitScaling": UniformUnitScaling,
        "VarianceScaling": VarianceScaling,
        "Zeros": Zeros,
        "constant": Constant,
        "glorot_normal": glorot_normal,
        "glorot_uniform": glorot_uniform,
        "he_normal": he_normal,
        "he_uniform": he_uniform,
        "identity": Identity,
        "lecun_normal": lecun_normal,
        "lecun_uniform": lecun_uniform,
        "normal": RandomNormal,
        "one": Ones,
        "ones": Ones,
        "orthogonal": Orthogonal,
        "random_normal": RandomNormal,
        "random_uniform": RandomUniform,
        "truncated_normal": TruncatedNormal,
        "uniform": RandomUniform,
        "zero": Zeros,
        "zeros": Zeros,
    },
)
deserialize, get, serialize = _known.deserialize, _known.get, _known.serialize

__all__: list[str] = []
NAMESPACES = {
    "keras.initializers": [
        *("Constant", "Identity", "Initializer", "Ones", "Orthogonal", "RandomNormal"),
        *("RandomUniform", "TruncatedNormal", "VarianceScaling", "Zeros", "constant"),
        *("deserialize", "get", "glorot_normal", "glorot_uniform", "he_normal", "he_uniform"),
        *("identity", "lecun_normal", "lecun_uniform", "normal", "ones", "orthogonal"),
        *("random_normal", "random_uniform", "serialize", "truncated_normal", "uniform", "zeros"),
    ]
}
