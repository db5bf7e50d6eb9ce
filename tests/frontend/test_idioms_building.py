"""Idioms of TensorFlow-1 programs that break a naive clone: how graphs are built, named and shared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf


def _names(graph: Any = None) -> list[str]:
    return [op.name for op in (graph or tf.get_default_graph()).get_operations()]


def test_idiom_01_seeds() -> None:
    """With a graph seed, an op's seed is the number of ops made before it."""
    tf.set_random_seed(777)
    x = tf.placeholder(tf.float32, [None, 2])
    w = tf.Variable(tf.random_normal([2, 1]), name="weight")
    b = tf.Variable(tf.random_uniform([1], -1.0, 1.0), name="bias")
    y = tf.matmul(x, w) + b
    again = tf.truncated_normal([2], stddev=0.1)
    own = tf.random_normal([2], seed=3)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        got = sess.run([w, b, again, own])
        assert sess.run(y, {x: [[1, 2]]}).shape == (1, 1)
    seeds = [
        (op.get_attr("seed"), op.get_attr("seed2"))
        for op in tf.get_default_graph().get_operations()
        if op.type in ("RandomStandardNormal", "RandomUniform", "TruncatedNormal")
    ]
    assert seeds == [(777, 4), (777, 13), (777, 25), (777, 3)]
    np.testing.assert_array_equal(
        got[0], np.float32([[-0.8643637895584106], [-0.27789729833602905]])
    )
    np.testing.assert_array_equal(got[1], np.float32([0.8758342266082764]))
    np.testing.assert_array_equal(got[2], np.float32([-0.021301554515957832, 0.06804483383893967]))
    np.testing.assert_array_equal(got[3], np.float32([2.208669424057007, -0.7322505116462708]))


def test_idiom_07_placeholder_without_shape() -> None:
    x = tf.placeholder(tf.float32)
    y = tf.placeholder("float")
    assert x.shape.ndims is None
    assert str(x.shape) == "<unknown>"
    total = tf.reduce_sum(tf.square(x * 2.0 - y))
    (slope,) = tf.gradients(total, [x])
    assert (x * 2.0).shape.ndims is None
    assert total.shape.as_list() == []
    with tf.Session() as sess:
        for value in ([1.0, 2.0, 3.0], [1.0], 4.0, np.ones((2, 3, 1))):
            got = sess.run(slope, {x: value, y: 1.0})
            np.testing.assert_array_equal(got, 4.0 * (2.0 * np.float32(value) - 1.0))
    with pytest.raises(ValueError, match="unknown"):
        x.shape.as_list()


def test_idiom_08_partial_shapes() -> None:
    x = tf.placeholder(tf.float32, [None, 28, 28, 1])
    assert x.get_shape().as_list() == [None, 28, 28, 1]
    assert x.get_shape()[1].value == 28
    assert int(x.get_shape()[1]) == 28
    assert x.get_shape()[1] * x.get_shape()[2] == 784
    assert (x.get_shape()[0] == 3) is None
    assert (x.get_shape()[0] != 3) is None
    assert x.get_shape()[0].value is None
    size = 1
    for dim in x.get_shape()[1:]:
        size *= dim
    flat = tf.reshape(x, [-1, size])
    assert flat.shape.as_list() == [None, 784]
    w = tf.get_variable("w", [flat.get_shape()[1], 10])
    assert w.shape == (784, 10)
    assert str(flat.shape) == "(?, 784)"
    assert np.prod(x.get_shape().as_list()[1:]) == 784
    flat.set_shape([5, None])
    assert flat.shape.as_list() == [5, 784]
    with pytest.raises(ValueError, match=r"5.*784.*6.*784"):
        flat.set_shape([6, 784])


def test_idiom_09_shape_lists_with_tensors() -> None:
    x = tf.placeholder(tf.float32, [None, None, 6])
    y = tf.reshape(x, [tf.shape(x)[0], -1, 3])
    z = tf.zeros([tf.shape(x)[0], 4])
    t = tf.tile(tf.constant([[1, 2]]), [tf.shape(x)[1], 1])
    assert y.shape.as_list() == [None, None, 3]
    assert z.shape.as_list() == [None, 4]
    assert t.shape.as_list() == [None, 2]
    batch, steps = tf.placeholder(tf.int32, []), tf.placeholder(tf.int32)
    # A number whose rank nobody gave is a number all the same, beside others in a list.
    assert tf.reshape(x, [batch, steps, 6]).shape.as_list() == [None, None, 6]
    assert tf.zeros([steps // 2, 4]).shape.as_list() == [None, 4]
    r = tf.random_uniform(tf.stack([tf.shape(x)[0], 2]))
    assert r.shape.as_list() == [None, 2]
    assert "Reshape/shape" in _names()
    assert tf.get_default_graph().get_operation_by_name("Reshape/shape").type == "Pack"
    with tf.Session() as sess:
        got = sess.run([y, z, t, r], {x: np.arange(24).reshape(2, 2, 6)})
    assert [g.shape for g in got] == [(2, 4, 3), (2, 4), (2, 2), (2, 2)]


def test_idiom_10_dtype_spellings() -> None:
    for spelling in ("float", "float32", np.float32, tf.float32, float, np.dtype("float32")):
        assert tf.placeholder(spelling).dtype == tf.float32
    assert tf.zeros([1], np.int64).dtype == tf.int64
    assert tf.cast([1.5], "int64").dtype == np.int64
    assert tf.cast([1.5], bool).dtype == "bool"
    assert tf.as_dtype("uint8").as_numpy_dtype is np.uint8
    assert tf.float32.name == "float32"
    assert tf.float32 == "float32"
    assert tf.float32.is_floating
    assert not tf.float32.is_integer
    assert tf.Variable([1.0]).dtype.name == "float32_ref"
    assert tf.Variable([1.0]).dtype.base_dtype == tf.float32
    assert {tf.float32: 1}[tf.as_dtype(np.float32)] == 1


def test_idiom_11_constant_conversion() -> None:
    assert tf.constant(1.0).dtype == tf.float32
    assert tf.constant(1).dtype == tf.int32
    assert tf.constant(np.ones(2)).dtype == tf.float64
    assert tf.constant([True, False]).dtype == tf.bool
    assert tf.constant("text").dtype == tf.string
    assert (tf.constant([1], tf.int64) * 2).dtype == tf.int64
    assert (2 * tf.constant([1.0], tf.float64)).dtype == tf.float64
    with pytest.raises(TypeError):
        tf.constant([1]) * 0.5
    assert tf.add(tf.constant([1.0]), np.ones(1)).dtype == tf.float32
    assert (np.ones(1) + tf.constant([1.0])).dtype == tf.float32
    with pytest.raises(TypeError, match=r"float32.*float64"):
        tf.add(np.ones(1), tf.constant([1.0]))
    with pytest.raises(TypeError, match=r"int32.*float32"):
        tf.constant(1.0) + tf.constant(1)
    with pytest.raises(ValueError, match=r"sequence|shape"):
        tf.constant([[1.0], [1.0, 2.0]])


def test_idiom_12_division() -> None:
    a, b = tf.constant([7, -7, 7]), tf.constant([2, 2, -2])
    with tf.Session() as sess:
        truediv, div, floor, trunc, mod, pymod = sess.run(
            [a / b, tf.div(a, b), a // b, tf.truncatediv(a, b), tf.mod(a, b), a % b]
        )
    assert truediv.dtype == np.float64
    assert truediv.tolist() == [3.5, -3.5, -3.5]
    assert div.tolist() == floor.tolist() == [3, -4, -4]
    assert trunc.tolist() == [3, -3, -3]
    assert mod.tolist() == pymod.tolist() == [1, 1, -1]
    assert div.dtype == floor.dtype == np.int32
    assert (tf.constant(1.0) / 2).dtype == tf.float32


def test_idiom_13_reflected_operators() -> None:
    x = tf.constant([[1.0, -2.0], [3.0, -4.0]])
    v = tf.Variable([[1.0, 2.0]])
    array = np.float32([[10.0], [20.0]])
    flags = x > 0
    cases = {
        "1 - x": (1 - x, [[0, 3], [-2, 5]]),
        "array * v": (array * v, [[10, 20], [20, 40]]),
        "list * v": ([[2.0, 3.0]] * v, [[2, 6]]),
        "array - x": (array - x, [[9, 12], [17, 24]]),
        "2.0 ** x[:, 0]": (2.0 ** x[:, 0], [2, 8]),
        "-x": (-x, [[-1, 2], [-3, 4]]),
        "abs(x)": (abs(x), [[1, 2], [3, 4]]),
        "x ** 2": (x**2, [[1, 4], [9, 16]]),
        "x[..., None]": (x[..., None][:, 1, 0], [-2, -4]),
        "x[:, tf.newaxis]": (x[:, tf.newaxis, ::-1][1], [[-4, 3]]),
        "6.0 / v": (6.0 / v, [[6, 3]]),
        "~flags": (~flags, [[False, True], [False, True]]),
        "flags & (x < 2)": (flags & (x < 2.0), [[True, False], [False, False]]),
        "array <= x": (array <= x * 10, [[True, False], [True, False]]),
        "v[0, 1]": (v[0, 1], 2),
    }
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for text, (tensor, want) in cases.items():
            assert isinstance(tensor, tf.Tensor), text
            assert sess.run(tensor).tolist() == want, text


def test_idiom_14_identity_semantics() -> None:
    a, b = tf.constant(1.0), tf.constant(1.0)
    v = tf.Variable(1.0)
    assert a != b
    assert a == a
    assert a in [a, b]
    assert v in tf.trainable_variables()
    assert len({a, b, v, v}) == 3
    assert {a: 1, b: 2}[b] == 2
    assert a is not None
    with pytest.raises(TypeError, match="bool"):
        bool(a > b)
    with pytest.raises(TypeError, match="bool"):
        not tf.equal(a, b)
    with pytest.raises(TypeError):
        list(tf.constant([1.0, 2.0]))
    with pytest.raises(TypeError):
        len(a)


def test_idiom_15_type_tests() -> None:
    x = tf.placeholder(tf.float32, [None])
    v = tf.Variable(1.0)
    y = tf.add(x, v)
    init = tf.global_variables_initializer()
    assert type(x) is tf.Tensor
    assert type(y) is tf.Tensor
    assert isinstance(v, tf.Variable)
    assert not isinstance(v, tf.Tensor)
    assert isinstance(init, tf.Operation)
    assert isinstance(y.op, tf.Operation)
    assert isinstance(x.shape, tf.TensorShape)
    assert isinstance(x.shape[0], tf.Dimension)
    assert isinstance(tf.get_default_graph(), tf.Graph)
    assert isinstance(tf.float32, tf.DType)
    assert len(x.op.inputs) == 0
    assert [i.name for i in y.op.inputs] == ["Placeholder:0", "Variable/read:0"]
    assert y.op.outputs == [y]
    assert y.op.type == "Add"
    assert y.consumers() == []
    assert [op.name for op in x.consumers()] == ["Add"]
    with tf.Session() as sess:
        assert isinstance(sess, tf.Session)
        assert isinstance(sess.graph, tf.Graph)


def test_idiom_16_names() -> None:
    with tf.variable_scope("layer"):
        w = tf.get_variable("w", [2, 2])
    with tf.variable_scope("layer"):
        b = tf.get_variable("b", [2], initializer=tf.zeros_initializer())
        h = tf.matmul(tf.ones([1, 2]), w, name="product") + b
    with tf.name_scope("loss") as scope:
        loss = tf.reduce_mean(h)
        inner = tf.Variable(0.0, name="inner")
    with tf.name_scope(scope):
        back = tf.identity(loss, name="back")
    with tf.name_scope("loss"):
        twice = tf.identity(loss)
    assert scope == "loss/"
    tf.train.AdamOptimizer(0.1).minimize(loss)
    assert [w.name, b.name, inner.name] == ["layer/w:0", "layer/b:0", "loss/inner:0"]
    assert [h.name, back.name, twice.name] == ["layer_1/add:0", "loss/back:0", "loss_1/Identity:0"]
    names = _names()
    for name in (
        "layer/w/Initializer/random_uniform/shape",
        "layer/w/Assign",
        "layer/w/read",
        "layer_1/product",
        "loss/inner/initial_value",
        "gradients/Fill",
        "gradients/layer_1/add_grad/tuple/control_dependency",
        "gradients/layer_1/product_grad/MatMul",
        "beta1_power",
        "layer/w/Adam",
        "layer/w/Adam_1",
        "Adam/update_layer/w/ApplyAdam",
        "Adam",
    ):
        assert name in names, name
    assert sorted(v.op.name for v in tf.global_variables()) == [
        "beta1_power",
        "beta2_power",
        "layer/b",
        "layer/b/Adam",
        "layer/b/Adam_1",
        "layer/w",
        "layer/w/Adam",
        "layer/w/Adam_1",
        "loss/inner",
    ]
    assert tf.get_default_graph().unique_name("layer/w") == "layer/w_1"
    assert tf.get_default_graph().get_tensor_by_name("layer/w:0") is w.op.outputs[0]


def test_idiom_17_variable_sharing() -> None:
    with tf.variable_scope("net") as scope:
        w = tf.get_variable("w", [3, 2])
        with pytest.raises(ValueError, match="net/w already exists"):
            tf.get_variable("w", [3, 2])
        scope.reuse_variables()
        assert tf.get_variable("w", [3, 2]) is w
    with tf.variable_scope("net", reuse=True):
        assert tf.get_variable("w") is w
        with pytest.raises(ValueError, match="net/deep/v does not exist"):
            tf.get_variable("deep/v", [1])
        with pytest.raises(ValueError, match=r"\(3, 3\).*\(3, 2\)"):
            tf.get_variable("w", [3, 3])
    with tf.variable_scope(scope, reuse=tf.AUTO_REUSE):
        assert tf.get_variable("w", [3, 2]) is w
        late = tf.get_variable("late", [1])
        assert tf.get_variable("late", [1]) is late
        assert tf.get_variable_scope().reuse is tf.AUTO_REUSE
    with tf.variable_scope("net", reuse=True):
        own = tf.Variable(1.0, name="w")
    assert own.name == "net_3/w:0"
    with tf.variable_scope(None, "unit"):
        first = tf.get_variable("w", [1])
    with tf.variable_scope(None, "unit"):
        second = tf.get_variable("w", [1])
    assert [first.name, second.name] == ["unit/w:0", "unit_1/w:0"]
    assert [v.name for v in tf.trainable_variables("net")] == ["net/w:0", "net/late:0", "net_3/w:0"]


def test_idiom_19_an_op_has_no_effect_until_it_runs() -> None:
    w = tf.Variable(10)
    w.assign(100)
    with tf.Session() as sess:
        sess.run(w.initializer)
        assert w.eval() == 10
        assert sess.run(w.assign(100)) == 100
        assert w.eval() == 100
        sess.run(w.assign_add(10))
        assert sess.run(w.assign_sub(2)) == 108
        assert sess.run(w.initialized_value()) == 108


def test_idiom_20_stacks_of_graphs_and_sessions() -> None:
    outer = tf.get_default_graph()
    with tf.Graph().as_default() as graph, tf.Session() as sess:
        c = tf.constant(3.0)
        assert tf.get_default_graph() is graph is sess.graph
        assert tf.get_default_session() is sess
        assert c.eval() == 3
    assert tf.get_default_graph() is outer
    assert tf.get_default_session() is None
    with pytest.raises(ValueError, match="No default session"):
        c.eval()
    session = tf.InteractiveSession()
    try:
        d = tf.constant(2.0)
        assert (d * 2).eval() == 4
        with pytest.raises(ValueError, match="not an element of this graph"):
            session.run(c)
    finally:
        session.close()
    other = tf.Session(graph=graph)
    context = other.as_default()
    context.enforce_nesting = False
    context.__enter__()
    assert tf.get_default_session() is other
    assert c.eval() == 3
    context.__exit__(None, None, None)
    other.close()
    with pytest.raises(RuntimeError, match="closed Session"):
        other.run(c)


def test_idiom_26_collections() -> None:
    x = tf.constant(2.0)
    with tf.variable_scope("tower_0"):
        a = tf.multiply(x, 2.0, name="weight_loss")
        tf.add_to_collection("losses", a)
    with tf.variable_scope("tower_1"):
        b = tf.multiply(x, 3.0, name="weight_loss")
        tf.add_to_collection("losses", b)
    assert tf.get_collection("losses") == [a, b]
    assert tf.get_collection("losses", "tower_1") == [b]
    assert tf.get_collection("losses", "tower_.") == [a, b]
    assert tf.get_collection("losses", "weight") == []
    tf.get_collection("losses").append(x)
    assert len(tf.get_collection("losses")) == 2
    assert tf.get_collection("never") == []
    tf.get_collection_ref("mine").append(x)
    assert tf.get_collection("mine") == [x]
    total = tf.add_n(tf.get_collection("losses"), name="total_loss")
    with tf.Session() as sess:
        assert sess.run(total) == 10


def test_idiom_27_devices() -> None:
    def device_of(node: Any) -> str:
        return "/cpu:0" if node.type == "VariableV2" else "/device:CPU:0"

    with tf.device("/cpu:0"):
        a = tf.constant([1.0, 2.0])
    with tf.device("/gpu:0"):
        b = tf.constant([3.0, 4.0])
        with tf.device(None):
            free = tf.identity(b)
    with tf.device(device_of):
        v = tf.Variable(1.0)
    assert a.device == "/device:CPU:0"
    assert b.device == "/device:GPU:0"
    assert free.device == ""
    assert v.op.device == "/cpu:0"
    config = tf.ConfigProto(allow_soft_placement=True, log_device_placement=False)
    config.gpu_options.allow_growth = True
    with tf.Session(config=config) as sess:
        assert sess.run(a + b).tolist() == [4, 6]
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="GPU:0"):
        sess.run(b)


def test_idiom_34_deprecated_keywords() -> None:
    x = tf.constant([[1.0, 2.0], [3.0, 5.0]])
    logits = tf.constant([[1.0, 2.0]])
    labels = tf.constant([[0.0, 1.0]])
    values = [
        tf.reduce_sum(x, reduction_indices=[1]),
        tf.reduce_mean(x, axis=0, keep_dims=True),
        tf.reduce_max(x, reduction_indices=0, keep_dims=False),
        tf.argmax(x, dimension=1),
        tf.expand_dims(x, dim=0),
        tf.squeeze([[1.0], [2.0]], squeeze_dims=[1]),
        tf.nn.softmax(logits, dim=-1),
        tf.nn.softmax_cross_entropy_with_logits(logits=logits, labels=labels),
    ]
    with tf.Session() as sess:
        got = sess.run(values)
    assert got[0].tolist() == [3, 8]
    assert got[1].tolist() == [[2, 3.5]]
    assert got[2].tolist() == [3, 5]
    assert got[3].tolist() == [1, 1]
    assert got[4].shape == (1, 2, 2)
    assert got[5].tolist() == [1, 2]
    np.testing.assert_allclose(got[6], [[0.26894143, 0.7310586]], rtol=1e-6)
    np.testing.assert_allclose(got[7], [0.31326166], rtol=1e-6)
    with pytest.raises(ValueError, match="named arguments"):
        tf.nn.softmax_cross_entropy_with_logits(logits, labels)
    with pytest.raises(ValueError, match=r"axis.*reduction_indices|reduction_indices.*axis"):
        tf.reduce_sum(x, axis=0, reduction_indices=0)


def test_idiom_40_what_is_wrong_in_tensorflow_too() -> None:
    tf.get_variable("scalar", initializer=tf.constant(2))
    with pytest.raises(ValueError, match="already exists"):
        tf.get_variable("scalar", initializer=tf.constant(2))
    with pytest.raises(ValueError, match=r"[Dd]imension"):
        tf.matmul(tf.ones([2, 3]), tf.ones([2, 3]))
    with pytest.raises(AttributeError):
        tf.no_such_function()
    with pytest.raises(AttributeError):
        tf.mul(2, 3)
    with pytest.raises(TypeError):
        tf.placeholder()
    with pytest.raises(ValueError, match=r"No gradients|no gradients"):
        tf.train.GradientDescentOptimizer(0.1).minimize(
            tf.constant(1.0), var_list=[tf.Variable(1.0)]
        )
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    with tf.Session() as sess:
        with pytest.raises(tf.errors.InvalidArgumentError, match="x"):
            sess.run(x + 1)
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            sess.run(x + 1, {x: [[1.0, 2.0]]})
        with pytest.raises(ValueError, match="could not convert string"):
            sess.run(x, {x: [["a", "b", "c"]]})
