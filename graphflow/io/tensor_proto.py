"""Arrays as TensorProto messages and back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import protos
from graphflow.ir import dtype as dtypes

Array = npt.NDArray[Any]

#: What a message may claim to stand for; no message is larger, nor a tensor that it holds raw.
GREATEST_BYTES = 1 << 31
#: The same where a short message makes a long tensor by repeating its last value after others.
GREATEST_REPETITION_BYTES = 1 << 28
_GREATEST_RANK = 64

#: The field that holds the values of each type, by name.
_FIELDS = {
    "float32": "float_val",
    "float64": "double_val",
    "string": "string_val",
    "complex64": "scomplex_val",
    "complex128": "dcomplex_val",
    "int64": "int64_val",
    "uint32": "uint32_val",
    "uint64": "uint64_val",
    "bool": "bool_val",
    "float16": "half_val",
    "bfloat16": "half_val",
}
_FIELDS |= dict.fromkeys(("int32", "int16", "int8", "uint16", "uint8"), "int_val")
_FIELDS |= dict.fromkeys(("qint32", "qint16", "qint8", "quint16", "quint8"), "int_val")

#: The types whose arrays TensorFlow writes as raw bytes.
_RAW = {
    *("float32", "float64", "int64", "int32", "int16", "int8", "uint64", "uint32", "uint8"),
    *("qint32", "qint16", "qint8", "quint16", "quint8"),
}


def _invalid(message: str) -> errors.InvalidArgumentError:
    return errors.InvalidArgumentError(message=f"Cannot parse tensor from proto: {message}")


def _field_of(dtype: dtypes.DType) -> str:
    field = _FIELDS.get(dtype.name)
    if field is None:
        raise errors.UnimplementedError(message=f"A TensorProto of {dtype.name} holds no array")
    return field


def element_type(proto: Any) -> dtypes.DType:
    """The type of the elements of `proto`."""
    try:
        return dtypes.as_dtype(proto.dtype).base_dtype
    except TypeError:
        raise _invalid(f"the unknown DataType {proto.dtype}") from None


def _shape(proto: Any, itemsize: int) -> tuple[int, ...]:
    shape = tuple(dim.size for dim in proto.tensor_shape.dim)
    if proto.tensor_shape.unknown_rank or any(size < 0 for size in shape):
        raise _invalid(f"the shape {list(shape)} is not fully known")
    if len(shape) > _GREATEST_RANK:
        raise _invalid(f"the rank {len(shape)} is more than {_GREATEST_RANK}")
    # numpy wants the product of the others to fit even when one size is zero.
    if math.prod(size or 1 for size in shape) * itemsize > GREATEST_BYTES:
        raise _invalid(f"the shape {list(shape)} is of more than {GREATEST_BYTES} bytes")
    return shape


def typed_values(proto: Any, dtype: dtypes.DType) -> Array:
    """The values that `proto` lists for `dtype`, in a row."""
    values = getattr(proto, _field_of(dtype))
    if dtype.kind == "s":
        strings: Array = np.empty(len(values), object)
        strings[:] = values
        return strings
    if dtype.kind == "c":
        part = np.dtype(np.float32 if dtype.name == "complex64" else np.float64)
        return np.array(values, part)[: len(values) // 2 * 2].view(dtype.numpy)
    if dtype.name in ("float16", "bfloat16"):
        return np.array(values, np.int32).astype(np.uint16).view(dtype.numpy)
    if dtype.kind in "iuq":
        wide = np.uint64 if dtype.name == "uint64" else np.int64
        return np.array(values, wide).astype(dtype.numpy)
    return np.array(values, dtype.numpy)


def to_array(proto: Any) -> Array:
    """The array that `proto` stands for, read-only; one repeated value takes no memory."""
    dtype = element_type(proto)
    _field_of(dtype)
    numpy_type = dtype.numpy
    shape = _shape(proto, numpy_type.itemsize)
    count = math.prod(shape)
    array: Array
    if proto.tensor_content:
        if dtype.kind == "s":
            raise _invalid("strings as raw bytes")
        if len(proto.tensor_content) != count * numpy_type.itemsize:
            raise _invalid(
                f"{len(proto.tensor_content)} bytes for {dtype.name} of shape {list(shape)}"
            )
        if dtype.kind == "b":
            array = np.frombuffer(proto.tensor_content, np.uint8) != 0
        else:
            array = np.frombuffer(proto.tensor_content, numpy_type)
        array = array.reshape(shape)
    else:
        array = _repeated(typed_values(proto, dtype), dtype, shape)
    array.flags.writeable = False
    return array


def _repeated(values: Array, dtype: dtypes.DType, shape: tuple[int, ...]) -> Array:
    """`values` in that shape, the last one as often as needed; no values are zeros."""
    count = math.prod(shape)
    if not values.size:
        values = np.array([b""], object) if dtype.kind == "s" else np.zeros(1, dtype.numpy)
    if values.size >= count:
        return values[:count].reshape(shape)
    if values.size == 1:
        return np.broadcast_to(values.reshape(()), shape)
    if count * values.itemsize > GREATEST_REPETITION_BYTES:
        raise _invalid(f"{values.size} values repeated to the shape {list(shape)}")
    array = np.empty(count, values.dtype)
    array[: values.size] = values
    array[values.size :] = values[-1]
    return array.reshape(shape)


def make_ndarray(proto: Any) -> Array:
    """The array that `proto` stands for, to keep and to change."""
    return np.array(to_array(proto), order="C")


def _strings(array: Array) -> list[bytes]:
    strings = []
    for value in array.ravel().tolist():
        if not isinstance(value, str | bytes):
            raise TypeError(f"Expected a string, got {value!r} of type {type(value).__name__}.")
        strings.append(value.encode() if isinstance(value, str) else value)
    return strings


def from_array(
    value: Any, dtype: Any = None, shape: Sequence[int] | None = None, content: bool = False
) -> Any:
    """The TensorProto of an array; in a larger `shape` its last element is repeated.

    As in TensorFlow's Python, a single number and some types go into a typed field and the rest
    into raw bytes; `content` asks for raw bytes wherever they can be, as TensorFlow's kernels do.
    """
    array = np.asarray(value)
    kind = dtypes.as_dtype(array.dtype.newbyteorder("=") if dtype is None else dtype).base_dtype
    field = _field_of(kind)
    full = array.shape if shape is None else tuple(shape)
    count = math.prod(full)
    if array.size > count:
        raise ValueError(
            f"Too many elements provided. Needed at most {count}, but received {array.size}"
        )
    proto = protos.TensorProto(dtype=kind.as_datatype_enum)
    proto.tensor_shape.SetInParent()
    for size in full:
        proto.tensor_shape.dim.add(size=size)
    if kind.kind == "s":
        proto.string_val.extend(_strings(array))
        return proto
    array = np.ascontiguousarray(array, kind.numpy).reshape(-1)
    if array.size == count and (content or (kind.name in _RAW and count > 1)):
        if array.nbytes >= GREATEST_BYTES:
            raise ValueError("Cannot create a tensor proto whose content is larger than 2GB.")
        proto.tensor_content = array.tobytes()
    elif kind.kind == "c":
        getattr(proto, field).extend(array.view(array.real.dtype).tolist())
    elif field == "half_val":
        proto.half_val.extend(array.view(np.uint16).tolist())
    else:
        getattr(proto, field).extend(array.tolist())
    return proto
