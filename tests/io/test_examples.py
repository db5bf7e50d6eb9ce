"""Examples that are read by hand: as the package protobuf reads them, and without trust in any byte."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from graphflow import errors
from graphflow.io import examples, protos, tensor_bytes
from tests.io.test_hostile_files import damaged

WHOLES = [0, 1, -1, 127, 128, 300, 2**31, -(2**31), 2**63 - 1, -(2**63)]


def some_feature(rng: random.Random) -> Any:
    feature = protos.Feature()
    kind, count = rng.randrange(4), rng.choice([0, 1, 2, 5, 40])
    if kind == 0:
        feature.float_list.value.extend(rng.uniform(-9, 9) for _ in range(count))
    elif kind == 1:
        feature.int64_list.value.extend(rng.choice(WHOLES) for _ in range(count))
    elif kind == 2:
        feature.bytes_list.value.extend(
            rng.randbytes(rng.choice([0, 3, 200])) for _ in range(count)
        )
    return feature


def some_example(rng: random.Random) -> Any:
    example = protos.Example()
    for i in range(rng.randrange(5)):
        example.features.feature[f"f{i}"].CopyFrom(some_feature(rng))
    return example


def some_sequence(rng: random.Random) -> Any:
    found = protos.SequenceExample()
    for i in range(rng.randrange(3)):
        found.context.feature[f"c{i}"].CopyFrom(some_feature(rng))
    for i in range(rng.randrange(3)):
        steps = found.feature_lists.feature_list[f"l{i}"]
        steps.feature.extend(some_feature(rng) for _ in range(rng.randrange(4)))
    return found


def check(read: Any, message: Any) -> None:
    kind = message.WhichOneof("kind")
    if kind is None:
        assert read.dtype is None
        return
    assert read.dtype.name == {"f": "float32", "i": "int64", "b": "string"}[kind[0]]
    assert read.values().tolist() == list(getattr(message, kind).value)


def test_reads_what_protobuf_writes() -> None:
    rng = random.Random(1)
    for _ in range(100):
        example = some_example(rng)
        read = examples.example(example.SerializeToString())
        assert {k.decode() for k in read} == set(example.features.feature)
        for key, message in example.features.feature.items():
            check(read[key.encode()], message)


def test_reads_sequences() -> None:
    rng = random.Random(2)
    for _ in range(100):
        found = some_sequence(rng)
        context, lists = examples.sequence_example(found.SerializeToString())
        for key, message in found.context.feature.items():
            check(context[key.encode()], message)
        assert {k.decode() for k in lists} == set(found.feature_lists.feature_list)
        for key, steps in found.feature_lists.feature_list.items():
            assert len(lists[key.encode()]) == len(steps.feature)
            for read, message in zip(lists[key.encode()], steps.feature, strict=True):
                check(read, message)


def test_damaged_bytes_are_read_or_refused() -> None:
    rng = random.Random(3)
    refused = 0
    for _ in range(2000):
        data = damaged(some_example(rng).SerializeToString() or b"x", rng)
        try:
            for feature in examples.example(data).values():
                feature.values()
        except errors.DataLossError:
            refused += 1
        data = damaged(some_sequence(rng).SerializeToString() or b"x", rng)
        try:
            context, lists = examples.sequence_example(data)
            for feature in [*context.values(), *(f for steps in lists.values() for f in steps)]:
                feature.values()
        except errors.DataLossError:
            refused += 1
    assert refused > 500


def test_a_list_cut_short_is_refused() -> None:
    with pytest.raises(errors.DataLossError):
        examples.Feature(b"\x1a\x03\x0a\x01\x80", 0, 5).values()


@pytest.mark.parametrize(
    "array", [np.arange(6).reshape(2, 3), np.zeros((0, 2), np.float32), np.array([b"a"], object)]
)
def test_tensors_as_bytes(array: Any) -> None:
    dtype, back = tensor_bytes.from_bytes(tensor_bytes.to_bytes(array))
    assert dtype.numpy == array.dtype
    np.testing.assert_array_equal(back, array)
