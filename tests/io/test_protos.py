"""The messages: TensorFlow's bytes and text, in a pool that nobody else sees."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from typing import Any

import pytest
from google.protobuf import descriptor_pool, text_format
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io import protos, varint
from graphflow.io.protos import schema


def message_class(name: str) -> Any:
    found: Any = protos
    for part in name.split("."):
        found = getattr(found, part)
    return found


def has_integer_keys(name: str, seen: frozenset[str] = frozenset()) -> bool:
    """Whether a map with integer keys is in there: protobuf orders those in a way of its own."""
    tables = schema.load()
    for field in tables.messages.get(name, ()):
        if field.key not in ("", "string"):
            return True
        if field.type[0].isupper():
            inner = tables.resolve(field.type, name)
            if inner not in seen and has_integer_keys(inner, seen | {name}):
                return True
    return False


def test_recorded_messages(recorded: Any) -> None:
    """Every field of every message: the same bytes and the same text."""
    plain = 0
    for name, coded, text in recorded.messages["messages"]:
        data = recorded.decode(coded)
        message = message_class(name).FromString(data)
        again = message.SerializeToString(deterministic=True)
        if has_integer_keys(name):
            assert sorted(again) == sorted(data)
        else:
            assert again == data, name
            plain += 1
        assert text_format.MessageToString(message, as_utf8=False) == text, name
        assert text_format.Parse(text, message_class(name)()) == message
    assert plain > 150


def test_names_numbers_and_enums_are_complete(recorded: Any) -> None:
    """TensorFlow 1.15.5 has no field that is missing here; what is more than there is from TensorFlow 2."""
    tables = schema.load()
    more = set()
    for name, fields in recorded.messages["fields"].items():
        ours = {field.name: field.number for field in tables.messages[name]}
        assert fields.items() <= ours.items(), name
        more |= {(name, extra) for extra in ours.keys() - fields.keys()}
    assert more == {("SummaryMetadata", "data_class")}
    for name, values in recorded.messages["enums"].items():
        ours = dict(tables.enums[name])
        assert values.items() <= ours.items(), name
    assert set(tables.messages) - set(recorded.messages["fields"]) == {"error"}
    assert set(tables.enums) - set(recorded.messages["enums"]) == {"DataClass"}


def test_enums_by_name() -> None:
    assert protos.RunOptions.FULL_TRACE == 3
    assert protos.RunOptions.TraceLevel.Name(3) == "FULL_TRACE"
    assert protos.DT_FLOAT == protos.DataType.Value("DT_FLOAT") == 1
    assert protos.DataType.Name(14) == "DT_BFLOAT16"
    assert protos.DataType.Value("DT_FLOAT_REF") == 101
    assert protos.SessionLog(status=protos.SessionLog.STOP).status == 2
    assert protos.SaverDef.V2 == 2


def test_the_name_in_text_is_that_of_tensorflow() -> None:
    graph = protos.GraphDef()
    assert graph.DESCRIPTOR.full_name == "tensorflow.GraphDef"
    graph.node.add(name="x", op="Const").attr["dtype"].type = protos.DT_FLOAT
    meta = protos.MetaGraphDef()
    meta.meta_info_def.any_info.Pack(graph)
    assert meta.meta_info_def.any_info.type_url == "type.googleapis.com/tensorflow.GraphDef"
    unpacked = protos.GraphDef()
    assert meta.meta_info_def.any_info.Unpack(unpacked)
    assert unpacked == graph
    assert 'name: "x"\n  op: "Const"' in str(graph)
    assert "type: DT_FLOAT" in str(graph)


def test_messages_travel() -> None:
    graph = protos.GraphDef()
    graph.versions.producer = 134
    assert pickle.loads(pickle.dumps(graph)) == graph
    assert copy.deepcopy(graph) == graph
    assert type(graph) is protos.GraphDef
    assert type(graph.versions) is protos.VersionDef


def test_the_pool_is_private() -> None:
    assert protos.GraphDef.DESCRIPTOR.file.pool is not descriptor_pool.Default()
    with pytest.raises(KeyError):
        descriptor_pool.Default().FindMessageTypeByName("tensorflow.GraphDef")


def test_names_that_do_not_exist() -> None:
    for name in ("Nonsense", "Experimental", "FULL_TRACE", "__wrapped__"):
        with pytest.raises(AttributeError, match=name):
            getattr(protos, name)
    assert {"GraphDef", "DataType", "parse"} <= set(dir(protos))
    assert "AttrValue.ListValue" not in dir(protos)


def test_threads_get_one_class() -> None:
    program = """
import threading
from graphflow.io import protos
found = []
barrier = threading.Barrier(8)
def ask():
    barrier.wait()
    found.append(protos.GraphDef)
threads = [threading.Thread(target=ask) for _ in range(8)]
for t in threads: t.start()
for t in threads: t.join()
print(len(set(map(id, found))))
"""
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert result.stdout == "1\n"


def test_protobuf_is_imported_when_it_is_needed() -> None:
    program = """
import sys
from graphflow.io import bundle, checkpoint, events, protos, records, summary_values, tensor_proto
dir(protos)
print("google.protobuf" in sys.modules)
sys.modules["google"] = None
try:
    protos.GraphDef
except ImportError as error:
    print(error)
"""
    result = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    imported, complaint = result.stdout.splitlines()
    assert imported == "False"
    assert "pip install 'graphflow-compiler[interop]'" in complaint


@given(st.binary(max_size=60))
def test_no_bytes_do_harm(data: bytes) -> None:
    for name in ("GraphDef", "MetaGraphDef", "Event", "TensorProto"):
        try:
            message = protos.parse(name, data)
        except errors.DataLossError as error:
            assert name in str(error)  # noqa: PT017  # hypothesis looks for either outcome
        else:
            assert message.DESCRIPTOR.name == name


def test_deep_nesting_is_refused() -> None:
    nested = b""
    for _ in range(300):  # VariantTensorDataProto in TensorProto in ...
        inner = b"\x1a" + varint.encode(len(nested)) + nested
        nested = b"\x7a" + varint.encode(len(inner)) + inner
    with pytest.raises(errors.DataLossError):
        protos.parse("TensorProto", nested)
