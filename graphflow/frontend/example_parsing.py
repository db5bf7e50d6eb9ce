"""tf.parse_example, tf.parse_single_example, tf.parse_tensor and their like."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.assertions import Assert
from graphflow.frontend.example_features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    SparseFeature,
    VarLenFeature,
    Wanted,
    scope_name,
    sparse_tensors,
    wanted,
    with_coordinates,
    with_open_sequences,
)
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ir.shape import as_shape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import with_dependencies

__all__ = [
    "decode_json_example",
    "parse_example",
    "parse_single_example",
    "parse_tensor",
    "serialize_tensor",
]
NAMESPACES = {
    "io": [
        "decode_json_example",
        "parse_example",
        "parse_single_example",
        "parse_tensor",
        "serialize_tensor",
    ]
}

_KINDS = (VarLenFeature, SparseFeature, FixedLenFeature, FixedLenSequenceFeature)


def parse_example(
    serialized: Any,
    features: dict[str, Any],
    name: str | None = None,
    example_names: Any = None,
) -> dict[str, Any]:
    """The features of a batch of Examples, by key."""
    if not features:
        raise ValueError(f"Missing: features was {features}.")
    opened = with_open_sequences(features)
    found = _parse(serialized, example_names, wanted(opened, _KINDS), name)
    return with_coordinates(opened, found)


def _parse(serialized: Any, names: Any, look: Wanted, name: str | None) -> dict[str, Any]:
    with build.name_scope(name, "ParseExample", [serialized, names]):
        look.check_keys()
        shapes = [as_shape(shape) for shape in look.dense_shapes]
        defaults = look.default_tensors()
        indices, values, sizes, dense = raw.ParseExample(
            serialized,
            [] if names is None else names,
            look.sparse_keys,
            look.dense_keys,
            defaults,
            sparse_types=look.sparse_types,
            dense_shapes=shapes,
            name=name,
        )
        tensors = [*sparse_tensors(indices, values, sizes), *dense]
        return dict(zip(look.sparse_keys + look.dense_keys, tensors, strict=True))


def parse_single_example(
    serialized: Any,
    features: dict[str, Any],
    name: str | None = None,
    example_names: Any = None,
) -> dict[str, Any]:
    """The features of one Example, by key."""
    if not features:
        raise ValueError("Missing features.")
    opened = with_open_sequences(features)
    look = wanted(opened, _KINDS)
    if example_names is None:
        found = _parse_single(serialized, look, name)
    else:
        found = _parse_named(serialized, example_names, look, name)
    return with_coordinates(opened, found)


def _parse_single(serialized: Any, look: Wanted, name: str | None) -> dict[str, Any]:
    with build.name_scope(name, "ParseSingleExample", [serialized]):
        serialized = convert(serialized, name="serialized")
        look.check_keys()
        shapes = [as_shape(shape) for shape in look.dense_shapes]
        indices, values, sizes, dense = raw.ParseSingleExample(
            serialized,
            look.default_tensors(),
            num_sparse=len(look.sparse_keys),
            sparse_keys=look.sparse_keys,
            dense_keys=look.dense_keys,
            sparse_types=look.sparse_types,
            dense_shapes=shapes,
            name=name,
        )
        tensors = [*sparse_tensors(indices, values, sizes), *dense]
        return dict(zip(look.sparse_keys + look.dense_keys, tensors, strict=True))


def _parse_named(serialized: Any, names: Any, look: Wanted, name: str | None) -> dict[str, Any]:
    """One Example that has a name, as a batch of one."""
    with build.name_scope(name, "ParseSingleExample", [serialized, names]):
        serialized = raw.ExpandDims(_scalar(serialized, "serialized"), 0)
        names = raw.ExpandDims(_scalar(names, "names"), 0)
        found = _parse(serialized, names, look, name)
        for key in look.dense_keys:
            found[key] = raw.Squeeze(
                found[key], squeeze_dims=[0], name=f"Squeeze_{scope_name(key)}"
            )
        for key in look.sparse_keys:
            sparse, part = found[key], scope_name(key)
            found[key] = SparseTensor(
                raw.Slice(sparse.indices, [0, 1], [-1, -1], name=f"Slice_Indices_{part}"),
                sparse.values,
                raw.Slice(sparse.dense_shape, [1], [-1], name=f"Squeeze_Shape_{part}"),
            )
        return found


def _scalar(value: Any, what: str) -> Tensor:
    tensor = convert(value)
    if tensor.shape.ndims is None:
        message, title = f"Input {what} must be a scalar", what.capitalize()
        check = Assert(raw.Equal(idioms.rank(tensor), 0), [message], name=f"{title}IsScalar")
        checked: Tensor = with_dependencies([check], tensor, name=f"{title}Dependencies")
        return checked
    if tensor.shape.ndims:
        raise ValueError(f"Input {what} must be a scalar")
    return tensor


def parse_tensor(serialized: Any, out_type: Any, name: str | None = None) -> Tensor:
    """The tensor whose TensorProto these are the bytes of."""
    found: Tensor = raw.ParseTensor(serialized, out_type=out_type, name=name)
    return found


def serialize_tensor(tensor: Any, name: str | None = None) -> Tensor:
    """The bytes of the TensorProto of a tensor."""
    found: Tensor = raw.SerializeTensor(tensor, name=name)
    return found


def decode_json_example(json_examples: Any, name: str | None = None) -> Tensor:
    """The bytes of the Example that each string spells as JSON."""
    found: Tensor = raw.DecodeJSONExample(json_examples, name=name)
    return found
