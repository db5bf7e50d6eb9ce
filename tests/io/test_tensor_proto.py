"""Arrays as messages: TensorFlow's bytes, TensorFlow's values, and shapes that are not believed."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from google.protobuf import text_format

from graphflow import errors
from graphflow.io import protos
from graphflow.io.tensor_proto import from_array, make_ndarray, to_array


def test_what_tensorflow_made(recorded: Any, same: Any) -> None:
    made = recorded.expected["tensor_protos"]["made"]
    assert len(made) > 20
    for name, entry in made.items():
        array = recorded.array(entry["array"])
        proto = from_array(array, shape=entry.get("shape"))
        assert proto.SerializeToString() == recorded.decode(entry["proto"]), name
        if "shape" not in entry:
            same(to_array(proto), array)
            same(to_array(from_array(array, content=True)), array)


def test_what_tensorflow_read(recorded: Any, same: Any) -> None:
    read = recorded.expected["tensor_protos"]["read"]
    assert len(read) > 20
    for entry in read:
        proto = protos.TensorProto.FromString(recorded.decode(entry["proto"]))
        same(to_array(proto), recorded.array(entry["array"]))
        same(make_ndarray(proto), recorded.array(entry["array"]))


@pytest.mark.parametrize("name", ["qint8", "quint8", "qint16", "quint16", "qint32"])
def test_quantised_types(name: str) -> None:
    dtype = np.dtype(name[1:])
    array = np.array([np.iinfo(dtype).min, np.iinfo(dtype).max], dtype)
    for value in (array, array[:1]):
        proto = from_array(value, dtype=name)
        assert protos.DataType.Name(proto.dtype) == f"DT_{name.upper()}"
        np.testing.assert_array_equal(to_array(proto), value)


@pytest.mark.parametrize(
    "value",
    [
        np.arange(6).reshape(2, 3).T,
        np.arange(3, dtype=">f8"),
        np.broadcast_to(np.float32(1), (3,)),
        np.zeros((3, 0, 2), np.float16),
        np.array(["text", "\u00e9\0x"]),
        np.array([True]),
        np.array([[1 + 1j]], np.complex64),
        3,
        [[1.5]],
        np.array([2, 3], ml_dtypes.bfloat16),
    ],
)
def test_any_array_makes_the_way(value: Any) -> None:
    array = np.asarray(value)
    got = make_ndarray(from_array(value))
    assert got.shape == array.shape
    if array.dtype.kind == "U":
        assert [x.decode() for x in got] == array.tolist()
    else:
        np.testing.assert_array_equal(got, array)


def test_results_and_their_memory() -> None:
    content = from_array(np.arange(4.0))
    assert not to_array(content).flags.writeable
    owned = make_ndarray(content)
    owned[0] = 9
    assert make_ndarray(content)[0] == 0
    splat = from_array(np.float32(2), shape=[1 << 14, 1 << 14])
    assert to_array(splat).strides == (0, 0)
    assert to_array(splat)[5, 5] == 2


def test_values_that_are_no_tensor() -> None:
    with pytest.raises(
        ValueError, match=r"Too many elements provided. Needed at most 2, but received 3"
    ):
        from_array([1, 2, 3], shape=[2])
    with pytest.raises(TypeError, match="Expected a string"):
        from_array(np.array([b"a", 3], object))
    with pytest.raises(errors.UnimplementedError, match="resource"):
        from_array(np.array([None], object), dtype="resource")


SIZES = "tensor_shape { %s }"


def shaped(*sizes: int) -> str:
    return SIZES % " ".join(f"dim {{ size: {size} }}" for size in sizes)


@pytest.mark.parametrize(
    "text",
    [
        "dtype: DT_FLOAT float_val: 1 " + shaped(1 << 60),
        "dtype: DT_FLOAT float_val: 1 " + shaped(1 << 31, 1 << 31),
        "dtype: DT_FLOAT float_val: 1 " + shaped(1 << 62, 1 << 62, 1 << 62),
        "dtype: DT_FLOAT float_val: 1 float_val: 2 " + shaped(1 << 29),
        "dtype: DT_FLOAT " + shaped(1 << 60),
        "dtype: DT_FLOAT " + shaped(0, 1 << 60),
        'dtype: DT_STRING string_val: "a" ' + shaped(1 << 60),
        'dtype: DT_FLOAT tensor_content: "1234" ' + shaped(1 << 60),
        'dtype: DT_FLOAT tensor_content: "1234" ' + shaped(2),
        'dtype: DT_FLOAT tensor_content: "12345" ' + shaped(1),
        'dtype: DT_FLOAT tensor_content: "1234" ' + shaped(0),
        'dtype: DT_STRING tensor_content: "\\001a" ' + shaped(1),
        "dtype: DT_FLOAT " + shaped(-1),
        "dtype: DT_FLOAT " + shaped(-2, -3),
        "dtype: DT_FLOAT tensor_shape { unknown_rank: true }",
        "dtype: DT_FLOAT " + shaped(*[1] * 65),
        "dtype: 77 float_val: 1",
        "float_val: 1",
    ],
)
def test_lies(text: str) -> None:
    proto = text_format.Parse(text, protos.TensorProto())
    for read in (to_array, make_ndarray):
        with pytest.raises(errors.InvalidArgumentError, match="Cannot parse tensor from proto"):
            read(proto)


@pytest.mark.parametrize("dtype", ["DT_RESOURCE", "DT_VARIANT"])
def test_types_that_are_no_arrays(dtype: str) -> None:
    with pytest.raises(errors.UnimplementedError):
        to_array(text_format.Parse(f"dtype: {dtype} {shaped(1)}", protos.TensorProto()))


def test_odd_values_are_cut_to_their_type() -> None:
    """Values that do not fit keep their low bits, and half a complex number does not count."""
    for text, want in (
        ("dtype: DT_UINT8 int_val: 258 ", 2),
        ("dtype: DT_INT8 int_val: 255 ", -1),
        ("dtype: DT_HALF half_val: 80896 ", np.float16(1)),
        ("dtype: DT_COMPLEX64 scomplex_val: 1 ", 0),
    ):
        assert to_array(text_format.Parse(text + shaped(1), protos.TensorProto()))[0] == want
