"""Session.run: fetches of any structure, feeds of any tensor, and values that belong to the session."""

from __future__ import annotations

import collections
import threading
from typing import Any

import numpy as np
import pytest

import graphflow as tf

Pair = collections.namedtuple("Pair", ["a", "b"])


@pytest.fixture
def sess() -> Any:
    with tf.Session() as session:
        yield session


def test_fetches_keep_their_structure(sess: Any) -> None:
    x = tf.constant(3.0, name="x")
    y = tf.identity(x * 2, name="y")
    op = tf.no_op()
    assert sess.run(x) == 3
    assert sess.run([x, [y, (x,)]]) == [3, [6, (3,)]]
    assert sess.run((x, y)) == (3, 6)
    assert sess.run({"p": x, "q": [y, x]}) == {"p": 3, "q": [6, 3]}
    got = sess.run(Pair(x, [y]))
    assert isinstance(got, Pair)
    assert got == Pair(3, [6])
    ordered = sess.run(collections.OrderedDict([("b", x), ("a", y)]))
    assert list(ordered) == ["b", "a"]
    assert sess.run("y:0") == 6
    assert sess.run([op, "x:0", x, op]) == [None, 3, 3, None]
    assert sess.run([]) == []
    assert sess.run(op) is None


@pytest.mark.parametrize(
    ("fetch", "error", "said"),
    [
        (None, TypeError, "NoneType"),
        ([1.5], TypeError, "has invalid type"),
        ("lair/out:0", ValueError, "did you mean 'layer/out'"),
        ("layer/out", None, ""),
        ("layer/out:3", ValueError, "only has 1 outputs"),
        ("layer/out:x", ValueError, "not of the form"),
    ],
)
def test_bad_fetches(sess: Any, fetch: Any, error: Any, said: str) -> None:
    tf.constant(1.0, name="layer/out")
    if error is None:
        assert sess.run(fetch) is None
        return
    with pytest.raises(error) as info:
        sess.run(fetch)
    assert said in str(info.value)


def test_a_scalar_is_a_numpy_scalar_and_arrays_are_the_users(sess: Any) -> None:
    x = tf.placeholder(tf.float32, [2])
    v = tf.Variable([1.0, 2.0])
    sess.run(v.initializer)
    assert isinstance(sess.run(tf.constant(1.0)), np.float32)
    mine = np.ones(2, np.float32)
    echo = sess.run(tf.identity(x), {x: mine})
    echo[0] = 5
    assert mine[0] == 1
    value = sess.run(v)
    value[0] = 99
    assert sess.run(v)[0] == 1
    first, second = sess.run([tf.identity(v), v])
    first[0] = 7
    assert second[0] == 1


def test_any_tensor_can_be_fed_and_cuts_the_graph(sess: Any) -> None:
    x = tf.placeholder(tf.float32, name="x")
    y = x + 1
    z = y * 2
    assert sess.run(z, {y: 10}) == 20
    assert sess.run([y, z], {"add:0": 5}) == [5, 10]
    a, b = tf.split(tf.constant([1.0, 2.0]), 2)
    assert sess.run(a + b, {a: [10.0]}).tolist() == [12]
    v = tf.Variable(1.0)
    assert sess.run(v * 3, {v: 2.0}) == 6


def test_feeds_are_cast_and_checked_against_the_shape(sess: Any) -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    n = tf.placeholder(tf.int32, name="n")
    assert sess.run(tf.shape(x), {x: [[1, 2], [3, 4], [5, 6]]}).tolist() == [3, 2]
    assert sess.run(x, {x: np.ones((1, 2))}).dtype == np.float32
    assert sess.run(n, {n: np.float64(2.7)}) == 2
    for shape in ((), (3,), (2, 2)):
        assert sess.run(tf.shape(n), {n: np.zeros(shape)}).tolist() == list(shape)
    with pytest.raises(ValueError, match=r"Cannot feed value of shape \(2,\) for Tensor 'x:0'"):
        sess.run(x, {x: [1, 2]})
    with pytest.raises(TypeError, match="does not fit"):
        sess.run(n, {n: 2**40})
    with pytest.raises(TypeError, match="cannot be a"):
        sess.run(x, {x: tf.constant([[1.0, 2.0]])})
    with pytest.raises(TypeError, match="Cannot interpret feed_dict key"):
        sess.run(x, {"y:0": 1})
    with pytest.raises(TypeError, match="must be a dictionary"):
        sess.run(x, [x])


def test_nested_keys(sess: Any) -> None:
    state = Pair(tf.placeholder(tf.float32), (tf.placeholder(tf.float32),))
    total = state.a + state.b[0]
    assert sess.run(total, {state: Pair(1, (2,))}) == 3
    with pytest.raises(TypeError, match="members"):
        sess.run(total, {state: Pair(1, (2, 3))})


def test_reads_that_no_assignment_precedes_see_the_value_from_before_the_run(sess: Any) -> None:
    v = tf.Variable(1.0)
    sess.run(v.initializer)
    bump = v.assign_add(1.0)
    with tf.control_dependencies([bump]):
        after = v.read_value()
        passed_on = tf.identity(v.value())
    doubled = v * 2
    # `read` was made before and waits for nothing, but what is made from it waits: TensorFlow always gave the new value
    assert sess.run([bump, after, doubled, v, passed_on]) == [2, 2, 2, 2, 2]
    assert sess.run(v) == 2
    # fetched references are what the run leaves, however often it writes
    twice = v.assign_add(10.0), v.assign_add(100.0)
    assert sess.run([*twice, v.value()]) == [112, 112, 112]


def test_values_belong_to_the_session() -> None:
    v = tf.Variable(0, name="counter")
    bump, init = v.assign_add(1), tf.global_variables_initializer()
    with tf.Session() as one, tf.Session() as two:
        one.run(init)
        with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value counter"):
            two.run(v)
        two.run(init)
        one.run(bump)
        assert (one.run(v), two.run(v)) == (1, 0)


def test_threads_share_a_session(sess: Any) -> None:
    v = tf.Variable(0)
    bump = v.assign_add(1)
    sess.run(v.initializer)

    def work() -> None:
        for _ in range(200):
            sess.run(bump)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join(30)
    assert sess.run(v) == 800


def test_a_growing_graph_runs_on(sess: Any) -> None:
    x = tf.placeholder(tf.float32)
    for i in range(5):
        assert sess.run(x + float(i), {x: 1}) == 1 + i


def test_default_sessions() -> None:
    x = tf.constant(4.0)
    with pytest.raises(ValueError, match="No default session"):
        x.eval()
    with tf.Session() as sess:
        assert x.eval() == 4
        assert tf.get_default_session() is sess
    with tf.Graph().as_default():
        y = tf.constant(1.0)
    with tf.Session(), pytest.raises(ValueError, match="its graph is not the one"):
        y.eval()
    interactive = tf.InteractiveSession()
    assert x.eval() == 4
    interactive.close()
    assert tf.get_default_session() is None


def test_a_closed_session_and_an_empty_graph() -> None:
    with pytest.raises(RuntimeError, match="graph is empty"):
        tf.Session().run([])
    x = tf.constant(1.0)
    sess = tf.Session()
    sess.close()
    with pytest.raises(RuntimeError, match="closed Session"):
        sess.run(x)


def test_make_callable_and_partial_run(sess: Any) -> None:
    a, b = tf.placeholder(tf.float32), tf.placeholder(tf.float32)
    total, product = a + b, (a + b) * b
    call = sess.make_callable([total, product], [a, b])
    assert call(1, 2) == [3, 6]
    handle = sess.partial_run_setup([total, product], [a, b])
    assert sess.partial_run(handle, total, {a: 1, b: 2}) == 3
    assert sess.partial_run(handle, product) == 6
    with pytest.raises(tf.errors.InvalidArgumentError, match="already been fed"):
        sess.partial_run(handle, product, {a: 1})


def test_a_device_that_is_not_there() -> None:
    with tf.device("/gpu:0"):
        x = tf.constant(1.0) + 1
    with tf.Session() as sess, pytest.raises(tf.errors.InvalidArgumentError, match="GPU:0"):
        sess.run(x)

    class Config:
        allow_soft_placement = True

    with tf.Session(config=Config()) as sess:
        assert sess.run(x) == 2


def test_constants_cannot_be_spoilt(sess: Any) -> None:
    data = np.ones(3, np.float32)
    c = tf.constant(data)
    data[0] = 9
    got = sess.run(c)
    got[1] = 9
    assert sess.run(c).tolist() == [1, 1, 1]
