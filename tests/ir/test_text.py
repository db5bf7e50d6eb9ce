"""The textual form prints and parses back."""

from __future__ import annotations

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.parse import ParseError, parse_graph
from graphflow.ir.text import print_graph
from graphflow.ir.verify import verify


def round_trip(graph: tf.Graph) -> tf.Graph:
    text = print_graph(graph)
    again = parse_graph(text)
    verify(again)
    assert print_graph(again) == text
    return again


def test_a_training_graph_survives() -> None:
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [None, 3], name="x")
        w = tf.Variable(tf.zeros([3, 1]), name="w")
        loss = tf.reduce_mean(tf.square(tf.matmul(x, w)), name="loss")
        tf.train.AdamOptimizer().minimize(loss)
        init = tf.global_variables_initializer()
    again = round_trip(graph)
    data = np.arange(6, dtype=np.float32).reshape(2, 3)
    results = []
    for g in (graph, again):
        with tf.Session(graph=g) as sess:
            sess.run(init.name)
            sess.run(tf.Graph.get_operation_by_name(g, "Adam"), {"x:0": data})
            results.append(sess.run("w:0"))
    np.testing.assert_array_equal(*results)


@pytest.mark.parametrize(
    "value",
    [
        np.array([0.1, -0.0, np.inf, -np.inf, np.nan, 1e-45], np.float32),
        np.array(np.nan, np.float64),
        np.frombuffer(b"\x01\x00\xc0\x7f", np.float32),  # a NaN with a payload
        np.arange(1000, dtype=np.int64),
        np.array([[True, False]]),
        np.array([1 + 2j, complex(-0.0, np.nan)], np.complex64),
        np.array([b'a\x00\xff"\\\n', b""], object),
        np.zeros((0, 3), np.float32),
        np.full((50, 50), 7, np.uint8),
        np.array(np.iinfo(np.int64).min),
        np.array([1.5, 65504.0], np.float16),
    ],
    ids=lambda v: f"{v.dtype}{list(v.shape)}",
)
def test_every_bit_of_a_constant_survives(value: np.ndarray) -> None:
    graph = tf.Graph()
    with graph.as_default():
        tf.constant(value, name="c")
    again = round_trip(graph)
    array = again.nodes[0].op.value.array
    assert array.dtype == value.dtype
    assert array.shape == value.shape
    if value.dtype == object:
        assert array.tolist() == value.tolist()
    else:
        assert array.tobytes() == value.tobytes()


def test_one_unknown_size_stays_one() -> None:
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [None, 4, None], name="x")
        tf.nn.relu(x, name="y")
    again = round_trip(graph)
    dims = again.get_tensor_by_name("y:0").shape.known
    assert dims == again.get_tensor_by_name("x:0").shape.known
    assert dims[0] != dims[2]


def test_odd_names_devices_controls_and_extras() -> None:
    graph = tf.Graph()
    with graph.as_default():
        a = tf.constant(1.0, name="a.b/c-d")
        with graph.device("/job:w/gpu:1"), graph.control_dependencies([a]):
            b = tf.constant(2.0, name="end")
        b.op._set_attr("_class", [b"loc:@a"])
        tf.add_n([a, b], name="sum")
    again = round_trip(graph)
    node = again.get_operation_by_name("end")
    assert node.device == "/job:w/device:GPU:1"
    assert [c.name for c in node.control_inputs] == ["a.b/c-d"]
    assert node.extra == {"_class": [b"loc:@a"]}


def test_a_graph_written_by_hand() -> None:
    graph = parse_graph(
        """
        # y = 2 x + 1
        x = Placeholder {dtype=float32, shape=[?0]}
        two = Const {value=float32[](2.0), dtype=float32}
        one = Const {value=float32[](1.0), dtype=float32}
        m = Mul(x, two)
        y: float32[?0] = AddV2(m, one)
        """
    )
    verify(graph)
    with tf.Session(graph=graph) as sess:
        assert sess.run("y:0", {"x:0": [1, 2, 3]}).tolist() == [3, 5, 7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = Plaseholder {dtype=float32}", "did you mean 'Placeholder'"),
        ("x = Placeholder", "needs the attribute 'dtype'"),
        ("x = Placeholder {dtype=float23}", "no element type is called 'float23'"),
        ("x = Placeholder {dtype=float32, sape=[1]}", "no such attribute"),
        ("y = Neg(x)", "no node called 'x'"),
        ("x = Const {value=float32[3](1.0, 2.0), dtype=float32}", "2 values for float32(3,)"),
        ("x = Const {value=float32[99999999999](*1.0), dtype=float32}", "too large"),
        ("x = Const {value=int32[](1.5), dtype=int32}", "a whole number"),
        ("x: int32 = Placeholder {dtype=float32}", "'['"),
        ("x: int32[] = Placeholder {dtype=float32, shape=[]}", "declared int32() but is float32()"),
        ("x = Placeholder {dtype=float32", "expected"),
        ("x = Placeholder {dtype=float32} y", "the end of the line"),
        ("x = Placeholder {dtype=float32}\nx = Placeholder {dtype=float32}", "Duplicate node name"),
        ("x = Placeholder {dtype=float32, shape=[2]}\ny = MatMul(x, x)", "line 2"),
        ("%", "means nothing here"),
        ('x = Placeholder {dtype=float32} !{"a": [}', "object"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(text: str, said: str) -> None:
    with pytest.raises(ParseError, match=r"line \d") as info:
        parse_graph(text)
    assert said in str(info.value)
