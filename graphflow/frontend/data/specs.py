"""What is known of a value before there is one: TensorSpec and its kin."""

from __future__ import annotations

from typing import Any

from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, float32, variant
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops.bodies import common_shape

__all__ = ["SparseTensorSpec", "TensorSpec", "TypeSpec"]
NAMESPACES = {
    "data.experimental": {
        "SparseTensorStructure": "sparse_structure",
        "Structure": "TypeSpec",
        "TensorStructure": "tensor_structure",
    }
}


class TypeSpec:
    """The kind of a value, and what is known of its parts."""

    @property
    def value_type(self) -> Any:
        """The class of such values."""
        raise NotImplementedError(f"{type(self).__name__}.value_type")

    def parts(self) -> tuple[Any, ...]:
        """What the spec says, to be compared."""
        raise NotImplementedError

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        other = spec_or_value if isinstance(spec_or_value, TypeSpec) else spec_of(spec_or_value)
        return type(self) is type(other) and self._fits(other)

    def _fits(self, other: Any) -> bool:
        return self.parts() == other.parts()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.parts() == other.parts()

    def __hash__(self) -> int:
        return hash((type(self), self.parts()))

    # ---- values as flat lists of tensors: what dataset ops pass on ---------------------------------

    def flat_specs(self) -> list[TensorSpec]:
        """The tensors that stand for a value."""
        raise NotImplementedError

    def to_tensors(self, value: Any) -> list[Tensor]:
        raise NotImplementedError

    def to_batched_tensors(self, value: Any) -> list[Tensor]:
        """The tensors whose rows stand for the rows of a value."""
        raise NotImplementedError

    def from_tensors(self, tensors: list[Tensor]) -> Any:
        raise NotImplementedError

    def batched(self, size: int | None) -> TypeSpec:
        """Several such values stacked."""
        raise NotImplementedError

    def unbatched(self) -> TypeSpec:
        """One row of such a value."""
        raise NotImplementedError

    def legacy(self) -> tuple[Any, Any, Any]:
        """Type, shape and class, as structures were told before there were specs."""
        return self, self, self


class TensorSpec(TypeSpec):
    """A tensor's shape and element type."""

    def __init__(self, shape: Any, dtype: Any = float32, name: str | None = None) -> None:
        self._shape, self._dtype, self._name = TensorShape(shape), as_dtype(dtype), name

    @classmethod
    def from_spec(cls, spec: Any, name: str | None = None) -> TensorSpec:
        return cls(spec.shape, spec.dtype, name or spec.name)

    @classmethod
    def from_tensor(cls, tensor: Any, name: str | None = None) -> TensorSpec:
        if not isinstance(tensor, Tensor):
            raise ValueError("`tensor` should be a tf.Tensor")
        return cls(tensor.shape, tensor.dtype, name or tensor.op.name)

    @property
    def value_type(self) -> Any:
        return Tensor

    @property
    def shape(self) -> TensorShape:
        return self._shape

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def name(self) -> str | None:
        return self._name

    def parts(self) -> tuple[Any, ...]:
        return _sizes(self._shape), self._dtype, self._name

    def is_compatible_with(self, spec_or_value: Any) -> bool:
        return (
            isinstance(spec_or_value, TensorSpec | Tensor)
            and self._dtype.is_compatible_with(spec_or_value.dtype)
            and self._shape.is_compatible_with(spec_or_value.shape)
        )

    def most_specific_compatible_type(self, other: TypeSpec) -> TensorSpec:
        """What holds of the values of both."""
        if not isinstance(other, TensorSpec) or self._dtype is not other.dtype:
            raise ValueError(f"Types are not compatible: {self!r} vs {other!r}")
        name = self._name if self._name == other.name else None
        return TensorSpec(common_shape(self._shape, other.shape), self._dtype, name)

    def __repr__(self) -> str:
        return f"TensorSpec(shape={self._shape}, dtype={self._dtype!r}, name={self._name!r})"

    def flat_specs(self) -> list[TensorSpec]:
        return [self]

    def to_tensors(self, value: Any) -> list[Tensor]:
        told = f"Value {value!r} is not convertible to a tensor with dtype {self._dtype} and shape {self._shape}."
        try:
            tensor = convert(value, self._dtype)
        except (TypeError, ValueError):
            raise ValueError(told) from None
        if not tensor.shape.is_compatible_with(self._shape):
            raise ValueError(told)
        return [tensor]

    def to_batched_tensors(self, value: Any) -> list[Tensor]:
        tensors = self.to_tensors(value)
        if tensors[0].shape.rank == 0:
            raise ValueError(f"Value {value} has insufficient rank for batching.")
        return tensors

    def from_tensors(self, tensors: list[Tensor]) -> Any:
        (tensor,) = tensors
        tensor.set_shape(self._shape)
        return tensor

    def batched(self, size: int | None) -> TensorSpec:
        return TensorSpec(TensorShape([size]).concatenate(self._shape), self._dtype)

    def unbatched(self) -> TensorSpec:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return TensorSpec(self._shape[1:], self._dtype)

    def legacy(self) -> tuple[Any, Any, Any]:
        return self._dtype, self._shape, Tensor


class SparseTensorSpec(TypeSpec):
    """A sparse tensor's shape and element type."""

    def __init__(self, shape: Any = None, dtype: Any = float32) -> None:
        self._shape, self._dtype = as_shape(shape), as_dtype(dtype)

    @classmethod
    def from_value(cls, value: Any) -> SparseTensorSpec:
        if not is_sparse(value):
            raise TypeError("Expected SparseTensor or SparseTensorValue")
        if isinstance(value, SparseTensor):
            return cls(value.shape, value.dtype)
        return cls(list(value.dense_shape), as_dtype(getattr(value.values, "dtype", float32)))

    @property
    def value_type(self) -> Any:
        return SparseTensor

    @property
    def shape(self) -> TensorShape:
        return self._shape

    @property
    def dtype(self) -> DType:
        return self._dtype

    def parts(self) -> tuple[Any, ...]:
        return _sizes(self._shape), self._dtype

    def _fits(self, other: SparseTensorSpec) -> bool:
        return self._dtype is other.dtype and self._shape.is_compatible_with(other.shape)

    def __repr__(self) -> str:
        return f"SparseTensorSpec({self._shape!r}, {self._dtype!r})"

    def flat_specs(self) -> list[TensorSpec]:
        return [TensorSpec(None, variant)]

    def to_tensors(self, value: Any) -> list[Tensor]:
        sparse = _as_sparse(value)
        parts = (sparse.indices, sparse.values, sparse.dense_shape)
        return [raw.SerializeSparse(*parts, out_type=variant)]

    def to_batched_tensors(self, value: Any) -> list[Tensor]:
        sparse = _as_sparse(value)
        if self._shape.merge_with(sparse.shape).rank == 0:
            raise ValueError("Unbatching a sparse tensor is only supported for rank >= 1")
        parts = (sparse.indices, sparse.values, sparse.dense_shape)
        return [raw.SerializeManySparse(*parts, out_type=variant)]

    def from_tensors(self, tensors: list[Tensor]) -> Any:
        (serialized,) = tensors
        sparse = SparseTensor(*raw.DeserializeSparse(serialized, dtype=self._dtype))
        rank = self._shape.rank
        sparse.indices.set_shape([None, rank])
        sparse.dense_shape.set_shape([rank])
        return sparse

    def batched(self, size: int | None) -> SparseTensorSpec:
        return SparseTensorSpec(TensorShape([size]).concatenate(self._shape), self._dtype)

    def unbatched(self) -> SparseTensorSpec:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a tensor is only supported for rank >= 1")
        return SparseTensorSpec(self._shape[1:], self._dtype)

    def legacy(self) -> tuple[Any, Any, Any]:
        return self._dtype, self._shape, SparseTensor


def _as_sparse(value: Any) -> SparseTensor:
    return value if isinstance(value, SparseTensor) else SparseTensor.from_value(value)


def _sizes(shape: TensorShape) -> tuple[int | None, ...] | None:
    return None if shape.known is None else tuple(shape.as_list())


def spec_of(value: Any) -> TypeSpec | None:
    """The spec of a value that is something of a graph already; None for plain Python values."""
    if isinstance(value, Tensor):
        return TensorSpec(value.shape, value.dtype)
    if is_sparse(value):
        return SparseTensorSpec.from_value(value)
    found: TypeSpec | None = getattr(value, "_type_spec", None)
    return found


def tensor_structure(dtype: Any, shape: Any) -> TensorSpec:
    return TensorSpec(shape, dtype)


def sparse_structure(dtype: Any, shape: Any) -> SparseTensorSpec:
    return SparseTensorSpec(shape, dtype)
