"""What is looked for in Examples: FixedLenFeature, VarLenFeature, SparseFeature, FixedLenSequenceFeature."""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphflow.frontend.sparse import sparse_merge
from graphflow.ir import raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import DType, as_dtype, int64, string
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ir.sparse_tensor import SparseTensor

__all__ = ["FixedLenFeature", "FixedLenSequenceFeature", "SparseFeature", "VarLenFeature"]
NAMESPACES = {
    "io": ["FixedLenFeature", "FixedLenSequenceFeature", "SparseFeature", "VarLenFeature"]
}

_LOG = logging.getLogger("tensorflow")


class VarLenFeature(NamedTuple):
    """Any number of values, as a sparse tensor."""

    dtype: Any


class SparseFeature(NamedTuple):
    """Values whose coordinates stand in other features."""

    index_key: Any
    value_key: str
    dtype: Any
    size: Any
    already_sorted: bool = False


class FixedLenFeature(NamedTuple):
    """A block of values of a known shape."""

    shape: Any
    dtype: Any
    default_value: Any = None


class FixedLenSequenceFeature(NamedTuple):
    """Any number of blocks of values of a known shape."""

    shape: Any
    dtype: Any
    allow_missing: bool = False
    default_value: Any = None


@dataclass
class Wanted:
    """Features as the ops want them: keys, types, shapes and defaults."""

    sparse_keys: list[str] = field(default_factory=list)
    sparse_types: list[DType] = field(default_factory=list)
    dense_keys: list[str] = field(default_factory=list)
    dense_types: list[DType] = field(default_factory=list)
    dense_shapes: list[Any] = field(default_factory=list)
    #: by key; None where a list may be missing
    defaults: dict[str, Any] = field(default_factory=dict)

    def add(self, key: str, feature: Any) -> None:
        """Look for one more feature."""
        if isinstance(feature, SparseFeature):
            self._add_coordinates(key, feature)
            return
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}.")
        dtype = as_dtype(feature.dtype)
        if isinstance(feature, VarLenFeature):
            self.sparse_keys.append(key)
            self.sparse_types.append(dtype)
            return
        if feature.shape is None:
            raise ValueError(f"Missing shape for feature {key}.")
        if isinstance(feature, FixedLenFeature):
            _check_fixed(key, feature)
        elif feature.allow_missing:
            self.defaults[key] = None
        self.dense_keys.append(key)
        self.dense_shapes.append(feature.shape)
        self.dense_types.append(dtype)
        if feature.default_value is not None:
            self.defaults[key] = feature.default_value

    def _add_coordinates(self, key: str, feature: SparseFeature) -> None:
        for what in ("index_key", "value_key"):
            if not getattr(feature, what):
                raise ValueError(f"Missing {what} for SparseFeature {feature}.")
        if not feature.dtype:
            raise ValueError(f"Missing type for feature {key}.")
        keys = feature.index_key
        if isinstance(keys, str):
            keys = [keys]
        elif len(keys) > 1:
            _LOG.warning(
                "SparseFeature is a complicated feature config and should only be used after "
                "careful consideration of VarLenFeature."
            )
        for index_key in sorted(keys):
            self._add_column(index_key, int64)
        self._add_column(feature.value_key, as_dtype(feature.dtype))

    def _add_column(self, key: str, dtype: DType) -> None:
        if key not in self.sparse_keys:
            self.sparse_keys.append(key)
            self.sparse_types.append(dtype)
            return
        found = self.sparse_types[self.sparse_keys.index(key)]
        if found is not dtype:
            raise ValueError(f"Conflicting type {found} vs {dtype} for feature {key}.")

    def check_keys(self) -> None:
        """Refuse a key that is wanted both as dense and as sparse."""
        both = set(self.dense_keys) & set(self.sparse_keys)
        if both:
            raise ValueError(f"Dense and sparse keys must not intersect; intersection: {both}")

    def default_tensors(self) -> list[Tensor]:
        """The defaults of the dense features: empty ones where a feature is required."""
        found = []
        for key, dtype, shape in zip(
            self.dense_keys, self.dense_types, self.dense_shapes, strict=True
        ):
            value, sizes = self.defaults.get(key), as_shape(shape)
            if sizes.ndims and sizes[0].value is None:
                found.append(_padding(key, value, dtype))
            else:
                found.append(default_tensor(key, value, dtype, sizes))
        return found


def _check_fixed(key: str, feature: FixedLenFeature) -> None:
    shape = as_shape(feature.shape)
    if feature.shape and shape.ndims and shape[0].value is None:
        raise ValueError(
            f"First dimension of shape for feature {key} unknown. "
            "Consider using FixedLenSequenceFeature."
        )
    if not shape.is_fully_defined():
        raise ValueError(
            f"All dimensions of shape for feature {key} need to be "
            f"known but received {feature.shape}."
        )


def scope_name(key: str) -> str:
    """A key as part of a node's name."""
    return re.sub(r"[^A-Za-z0-9_.\-/]", "_", key)


def _padding(key: str, value: Any, dtype: DType) -> Tensor:
    if value is None:
        return convert("" if dtype is string else 0, dtype)
    padding = convert(value, dtype, name=f"padding_{scope_name(key)}")
    scalar: Tensor = raw.Reshape(padding, [])
    return scalar


def default_tensor(key: str, value: Any, dtype: DType, shape: Any = None) -> Tensor:
    """The default of one feature, brought into its shape if one is given."""
    if value is None:
        return constant([], dtype)
    if isinstance(value, Tensor):
        return value
    default = convert(value, dtype, name=f"key_{scope_name(key)}")
    if shape is None:
        return default
    sizes = shape.as_list() if isinstance(shape, TensorShape) else shape
    shaped: Tensor = raw.Reshape(default, sizes)
    return shaped


def wanted(features: dict[str, Any] | None, kinds: Sequence[type]) -> Wanted:
    """What `features` look for, which are of some `kinds` only."""
    found = Wanted()
    for key in sorted(features or ()):
        feature = (features or {})[key]
        if not isinstance(
            feature, VarLenFeature | SparseFeature | FixedLenFeature | FixedLenSequenceFeature
        ):
            raise ValueError(f"Invalid feature {key}:{feature}.")
        if type(feature) not in kinds and not isinstance(feature, tuple(kinds)):
            raise ValueError(f"Unsupported {type(feature).__name__} {feature}.")
        found.add(key, feature)
    return found


def with_open_sequences(features: dict[str, Any]) -> dict[str, Any]:
    """The same features, the sequences with a first dimension of any size."""
    opened = dict(features)
    for key, feature in features.items():
        if isinstance(feature, FixedLenSequenceFeature):
            if not feature.allow_missing:
                raise ValueError(
                    "Unsupported: FixedLenSequenceFeature requires allow_missing to be True."
                )
            opened[key] = feature._replace(shape=[None, *feature.shape])
    return opened


def sparse_tensors(indices: Any, values: Any, shapes: Any) -> list[SparseTensor]:
    """The sparse tensors that an op gives as three lists."""
    return [SparseTensor(*parts) for parts in zip(indices, values, shapes, strict=True)]


def with_coordinates(features: dict[str, Any], found: dict[str, Any]) -> dict[str, Any]:
    """The tensors of `features`, those of SparseFeatures put together."""
    out = dict(found)
    for key in sorted(features):
        feature = features[key]
        if not isinstance(feature, SparseFeature):
            continue
        if isinstance(feature.index_key, str):
            ids = out[feature.index_key]
        else:
            ids = [out[index_key] for index_key in feature.index_key]
        out[key] = sparse_merge(
            ids, out[feature.value_key], feature.size, already_sorted=feature.already_sorted
        )
    return {key: tensor for key, tensor in out.items() if key in features}
