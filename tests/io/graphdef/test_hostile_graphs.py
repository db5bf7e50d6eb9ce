"""No GraphDef, however crafted, crashes, hangs, or takes what is not there; what fails leaves nothing behind."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from google.protobuf.message import DecodeError

import graphflow as tf
from graphflow.io import protos
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.ir.graph import Graph

POOL = [
    ("loops", "tensor_array"),
    ("loops", "two_in_a_row"),
    ("branches", "nested_three_deep"),
    ("branches", "crossed"),
    ("nests", "everything"),
    ("nests.1b", "branch_in_loop"),
    ("sequences.2b", "scan_pairs"),
    ("calls.2b", "with_loop"),
    ("calls", "by_name"),
    ("networks", "FusedBatchNorm"),
    ("arrays", "StridedSlice_4"),
]
NUMBERS = (0, -1, 1, 2**31 - 1, -(2**31), 2**62, -(2**63), 7)


def damaged(data: bytes, chance: random.Random) -> Any:
    """The message with flipped bits, with its end cut off, or with wrong fields."""
    how = chance.randrange(4)
    if how == 0:
        return protos.GraphDef.FromString(data[: chance.randrange(len(data))])
    if how == 1:
        flipped = bytearray(data)
        for _ in range(chance.choice([1, 3])):
            flipped[chance.randrange(len(flipped))] ^= 1 << chance.randrange(8)
        return protos.GraphDef.FromString(bytes(flipped))
    message = protos.GraphDef.FromString(data)
    for _ in range(chance.choice([1, 2, 4])):
        lists = [message.node, *(f.node_def for f in message.library.function)]
        nodes = chance.choice([each for each in lists if each])
        edit(chance.choice(nodes), nodes, chance)
    return message


def edit(node: Any, nodes: Any, chance: random.Random) -> None:
    other = chance.choice(nodes)
    what = chance.randrange(8)
    if what == 0 and node.input:
        texts = (
            other.name,
            f"{other.name}:1",
            f"^{other.name}",
            "",
            "a:b:c",
            f"{other.name}:99999999",
        )
        node.input[chance.randrange(len(node.input))] = chance.choice(texts)
    elif what == 1 and node.input:
        del node.input[chance.randrange(len(node.input))]
    elif what == 2:
        node.input.append(other.name)
    elif what == 3:
        node.op = other.op
    elif what == 4:
        node.name = chance.choice([other.name, "", "a b", "x/" * 200])
    elif node.attr:
        key = chance.choice(sorted(node.attr))
        if what == 5:
            del node.attr[key]
            return
        edit_attribute(node.attr[key], chance)


def edit_attribute(attr: Any, chance: random.Random) -> None:
    number = chance.choice(NUMBERS)
    what = chance.randrange(6)
    if what == 0:
        attr.i = number
    elif what == 1:
        attr.type = chance.choice([0, 1, 3, 7, 20, 21, 101, 999])
    elif what == 2:
        attr.s = chance.choice([b"", b"\xff\xfe", b"SAME"])
    elif what == 3:
        attr.list.i.extend([number] * chance.choice([0, 1, 4, 1000]))
    elif what == 4:
        attr.shape.Clear()
        for _ in range(chance.choice([1, 3, 300])):
            attr.shape.dim.add(size=number)
    else:
        attr.tensor.dtype = chance.choice([0, 1, 3, 7])
        attr.tensor.tensor_content = chance.choice([b"", b"abc", bytes(64)])
        for _ in range(chance.choice([1, 2, 40])):
            attr.tensor.tensor_shape.dim.add(size=number)


@pytest.mark.parametrize(("group", "name"), POOL)
def test_damaged_files(group: str, name: str, recorded: Any) -> None:
    data = recorded(group, name).graph_def("gradient_graph" if group == "nests" else "graph")
    data = data.SerializeToString()
    chance = random.Random(f"{group} {name}")
    outcomes = {"imported": 0, "refused": 0, "no message": 0}
    for _ in range(60):
        graph = Graph()
        try:
            message = damaged(data, chance)
        except (DecodeError, UnicodeDecodeError):
            outcomes["no message"] += 1
            continue
        try:
            with graph.as_default():
                import_graph_def(message, name="")
            outcomes["imported"] += 1
        except ValueError:
            outcomes["refused"] += 1
            assert not graph.nodes
            assert not graph.ledger.nodes_by_name
            assert graph.ledger.count == 0
    assert outcomes["refused"] > 5


# ---- bombs -----------------------------------------------------------------------------------------------


def constant(message: Any, name: str, dtype: int = 1, sizes: tuple[int, ...] = ()) -> None:
    node = message.node.add(name=name, op="Const")
    node.attr["dtype"].type = dtype
    tensor = node.attr["value"].tensor
    tensor.dtype = dtype
    tensor.tensor_shape.SetInParent()
    for size in sizes:
        tensor.tensor_shape.dim.add(size=size)


def refused(message: Any, why: str, seconds: float = 60.0) -> None:
    begun = time.perf_counter()
    with pytest.raises(ValueError, match=why):
        tf.import_graph_def(message)
    assert time.perf_counter() - begun < seconds


@pytest.mark.parametrize(
    ("sizes", "why"),
    [
        ((1 << 20, 1 << 20), "more than 2147483648 bytes"),
        ((-1,), "not fully known"),
        ((1,) * 99, "the rank 99"),
    ],
)
def test_constants_that_claim_to_be_large(sizes: tuple[int, ...], why: str) -> None:
    message = protos.GraphDef()
    constant(message, "c", sizes=sizes)
    refused(message, why)


def test_a_shape_with_billions_of_dimensions() -> None:
    message = protos.GraphDef()
    constant(message, "start", 3)
    constant(message, "value")
    for name, number in (("limit", 2**31 - 1), ("delta", 1)):
        constant(message, name, 3)
        message.node[-1].attr["value"].tensor.int_val.append(number)
    message.node.add(name="range", op="Range").input.extend(["start", "limit", "delta"])
    message.node.add(name="fill", op="Fill").input.extend(["range", "value"])
    refused(message, "2147483647 dimensions")


def functions(message: Any, depth: int, calls: int, last: str) -> None:
    """Functions that each call the next one several times."""
    constant(message, "x")
    for i in range(depth):
        function = message.library.function.add()
        function.signature.name = f"f{i}"
        function.signature.input_arg.add(name="a", type=1)
        function.signature.output_arg.add(name="r", type=1)
        value = "a"
        for k in range(calls):
            op = f"f{i + 1}" if i + 1 < depth else last
            function.node_def.add(name=f"n{k}", op=op).input.append(value)
            value = f"n{k}:{'y' if op == 'Neg' else 'r'}:0"
        function.ret["r"] = value
    message.node.add(name="y", op="f0").input.append("x")


@pytest.mark.parametrize(
    ("depth", "calls", "last", "why"),
    [
        (5, 1, "f0", "a function that calls itself: f0 -> f1 -> f2 -> f3 -> f4 -> f0"),
        (1, 1, "f0", "a function that calls itself: f0 -> f0"),
        (200, 1, "Neg", "calls 48 functions deep"),
        (40, 2000, "Neg", "stand for more than"),
    ],
)
def test_functions_without_end_or_bound(depth: int, calls: int, last: str, why: str) -> None:
    message = protos.GraphDef()
    functions(message, depth, calls, last)
    refused(message, why)


def test_functions_in_functions_within_reason() -> None:
    message = protos.GraphDef()
    functions(message, 40, 1, "Neg")
    tf.import_graph_def(message, name="")
    with tf.Session() as session:
        assert session.run("y:0") == 0.0


def test_branches_in_branches_without_end() -> None:
    message = protos.GraphDef()
    constant(message, "x0")
    for i in range(500):
        constant(message, f"p{i}", 10)
        if i:
            message.node[-1].input.append(f"^x{i}")
        message.node.add(name=f"s{i}", op="Switch").input.extend([f"x{i}", f"p{i}"])
        message.node.add(name=f"x{i + 1}", op="Identity").input.append(f"s{i}:1")
    refused(message, "lies under 65 conditions")


def test_frames_in_frames_without_end() -> None:
    message = protos.GraphDef()
    constant(message, "x0")
    for i in range(500):
        node = message.node.add(name=f"x{i + 1}", op="Enter")
        node.input.append(f"x{i}")
        node.attr["frame_name"].s = f"f{i}".encode()
    refused(message, "frames deep")


def test_a_merge_of_everything() -> None:
    message = protos.GraphDef()
    constant(message, "x")
    for i in range(3000):
        constant(message, f"p{i}", 10)
        message.node.add(name=f"s{i}", op="Switch").input.extend(["x", f"p{i}"])
    message.node.add(name="m", op="Merge").input.extend(f"s{i}" for i in range(3000))
    refused(message, "has 3000 inputs")


@pytest.mark.parametrize(
    ("nodes", "why"),
    [
        ([("m", "Merge", ["a", "b"])], "its inputs are not the two sides of one condition"),
        ([("s", "Switch", ["x"])], "takes 2 inputs"),
        ([("e", "Exit", ["x"])], "is in no frame that it could leave"),
        ([("e", "Enter", ["x"])], "takes one input into a frame with a name"),
        ([("n", "NextIteration", ["x"])], "belongs to no branch and to no loop"),
        ([("l", "While", ["x"])], "names no function"),
    ],
)
def test_control_flow_that_makes_no_sense(nodes: list[Any], why: str) -> None:
    message = protos.GraphDef()
    constant(message, "x")
    for name in ("p", "q"):
        constant(message, name, 10)
    message.node.add(name="a", op="Switch").input.extend(["x", "p"])
    message.node.add(name="b", op="Switch").input.extend(["x", "q"])
    for name, op, inputs in nodes:
        message.node.add(name=name, op=op).input.extend(inputs)
    refused(message, why)
