"""Idioms of TensorFlow-1 programs that break a naive clone: what is fed, fetched, and kept between runs."""

from __future__ import annotations

import collections
import threading
from typing import Any

import numpy as np
import pytest

import graphflow as tf

State = collections.namedtuple("State", ["c", "h"])


def test_idiom_02_train_and_cost_in_one_run() -> None:
    """The cost belongs to the weights from before the step, whatever the order of the fetches."""
    x = tf.placeholder(tf.float32)
    w = tf.Variable(5.0)
    cost = tf.square(w * x - 1.0)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(cost)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        costs = []
        for fetches in ([train, cost], [cost, train], [train, cost, train]):
            got = sess.run(fetches, feed_dict={x: 1.0})
            costs.append(got[fetches.index(cost)])
            assert got[fetches.index(train)] is None
        assert sess.run(w) == pytest.approx(1 + 4 * 0.8**3, rel=1e-6)
    np.testing.assert_allclose(costs, [16, 10.24, 6.5536], rtol=1e-6)


def test_idiom_03_feeding_any_tensor() -> None:
    never = tf.placeholder(tf.float32, [2], name="never")
    middle = tf.add(never, 1.0, name="middle")
    v = tf.Variable([1.0, 1.0])
    out = middle * v
    with tf.Session() as sess:
        assert sess.run(out, {middle: [3.0, 4.0], v: [10.0, 1.0]}).tolist() == [30, 4]
        assert sess.run(out, {"middle:0": [3.0, 4.0], v.op.outputs[0]: [1.0, 2.0]}).tolist() == [
            3,
            8,
        ]
        sess.run(v.initializer)
        assert sess.run(out, {out.op.inputs[0]: [5.0, 6.0]}).tolist() == [5, 6]
        assert sess.run(middle, {middle: [7.0, 8.0]}).tolist() == [7, 8]
        with pytest.raises(tf.errors.InvalidArgumentError, match="never"):
            sess.run(out)


def test_idiom_04_nested_feed_keys() -> None:
    state = State(tf.zeros([1, 2]), tf.ones([1, 2]))
    total = state.c + 2 * state.h
    with tf.Session() as sess:
        value = State(np.full((1, 2), 5.0), np.full((1, 2), 7.0))
        assert sess.run(total, {state: value}).tolist() == [[19, 19]]
        assert sess.run(total, {state.c: value.c}).tolist() == [[7, 7]]
        assert sess.run(total, {(state.c, (state.h,)): (value.h, (value.c,))}).tolist() == [
            [17, 17]
        ]
        kept = sess.run(state)
        assert isinstance(kept, State)
        assert sess.run(total, feed_dict={state: kept}).tolist() == [[2, 2]]


def test_idiom_05_fetch_structures() -> None:
    w = tf.Variable([1.0, 2.0], name="W")
    pair = State(w * 2, w * 3)
    grads = tf.train.GradientDescentOptimizer(0.1).compute_gradients(tf.reduce_sum(w * w))
    sparse = tf.SparseTensor([[0, 1]], [5.0], [1, 3])
    init = tf.global_variables_initializer()
    with tf.Session() as sess:
        assert sess.run([init]) == [None]
        got = sess.run(pair)
        assert isinstance(got, State)
        assert got.h.tolist() == [3, 6]
        [only] = sess.run([pair.c])
        assert only.tolist() == [2, 4]
        ((grad, var),) = sess.run(grads)
        assert (grad.tolist(), var.tolist()) == ([2, 4], [1, 2])
        got = sess.run({"a": [w, (pair.c,)], "b": "W:0", "op": init, "same": w})
        assert sorted(got) == ["a", "b", "op", "same"]
        assert got["a"][1][0].tolist() == [2, 4]
        assert got["op"] is None
        assert sess.run("W/read:0").tolist() == [1, 2]
        assert sess.run(["W", w])[0] is None
        assert sess.run([]) == []
        value = sess.run(sparse)
        assert isinstance(value, tf.SparseTensorValue)
        assert value.dense_shape.tolist() == [1, 3]
        with pytest.raises(TypeError):
            sess.run([w, None])
        with pytest.raises(TypeError):
            sess.run(1.5)
        with pytest.raises(ValueError, match="nowhere"):
            sess.run("nowhere:0")


def test_idiom_06_feed_values() -> None:
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    n = tf.placeholder(tf.int32, [])
    flag = tf.placeholder(tf.bool)
    words = tf.placeholder(tf.string, [None])
    copy = tf.identity(words)
    with tf.Session() as sess:
        assert sess.run(n * 2, {n: 3}) == 6
        assert sess.run(n, {n: np.int64(4)}).dtype == np.int32
        assert sess.run(x, {x: [[1, 2]]}).dtype == np.float32
        assert sess.run(x, {x: np.ones((3, 2), np.float64)}).dtype == np.float32
        assert sess.run(x, {x: np.ones((0, 2), np.uint8)}).shape == (0, 2)
        assert sess.run(tf.logical_not(flag), {flag: False})
        assert sess.run(copy, {words: ["a", b"b"]}).tolist() == [b"a", b"b"]
        assert sess.run(copy, {words: np.array(["ab", "c"])}).tolist() == [b"ab", b"c"]
        with pytest.raises(ValueError, match=r"Cannot feed value of shape \(3,\).*\(\?, 2\)"):
            sess.run(x, {x: [1.0, 2.0, 3.0]})
        with pytest.raises(ValueError, match="Cannot feed value of shape"):
            sess.run(x, {x: 1.0})
        with pytest.raises(TypeError, match=r"tf\.Tensor"):
            sess.run(x, {x: tf.ones([1, 2])})
        with pytest.raises(TypeError):
            sess.run(n, {n: 2.5, "x": 1})
        with pytest.raises(TypeError):
            sess.run(x, [x])
        with pytest.raises((TypeError, ValueError)):
            sess.run(n, {n: "text"})


def test_idiom_18_values_belong_to_the_session() -> None:
    w = tf.Variable(10, name="w")
    up, down = w.assign_add(1), w.assign_sub(2)
    first, second = tf.Session(), tf.Session()
    with pytest.raises(tf.errors.FailedPreconditionError, match="uninitialized value w"):
        first.run(w)
    first.run(w.initializer)
    second.run(w.initializer)
    assert first.run(up) == 11
    assert second.run(down) == 8
    assert [first.run(w), second.run(w)] == [11, 8]
    first.run(w.initializer)
    assert [first.run(w), second.run(w)] == [10, 8]
    assert second.run(tf.report_uninitialized_variables()).tolist() == []
    late = tf.Variable(1.0, name="late")
    assert second.run(tf.report_uninitialized_variables()).tolist() == [b"late"]
    assert not second.run(tf.is_variable_initialized(late))
    with pytest.raises(tf.errors.FailedPreconditionError):
        second.run(late + 1)
    first.close()
    second.close()


def test_idiom_20_threads_share_one_session() -> None:
    x = tf.placeholder(tf.float32, [])
    count = tf.Variable(0)
    up = tf.assign_add(count, 1, use_locking=True)
    graph = tf.get_default_graph()
    got: dict[int, list[float]] = {}
    stacks: list[bool] = []

    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())

        def work(me: int) -> None:
            stacks.append(tf.get_default_session() is None and tf.get_default_graph() is not graph)
            with sess.as_default(), sess.graph.as_default():
                own = x * float(me)
                got[me] = [float(own.eval({x: i})) for i in range(20)]
                for _ in range(20):
                    sess.run(up)

        with graph.as_default():
            threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert sess.run(count) == 80
    assert got == {me: [float(me * i) for i in range(20)] for me in range(4)}
    assert stacks == [True] * 4 or stacks == [False] * 4


def test_idiom_21_growing_graphs() -> None:
    rate = tf.Variable(1.0, trainable=False)
    w = tf.Variable(4.0)
    step = tf.train.GradientDescentOptimizer(rate).minimize(w * w / 2)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        before = len(sess.graph.get_operations())
        for i in range(5):
            sess.run(tf.assign(rate, 0.5))
            sess.run(step)
            assert sess.run(w) == 4.0 * 0.5 ** (i + 1)
            assert sess.run(tf.argmax([w, 100.0 * i, 50.0], 0)) in (1, 2)
        grown = [op.type for op in sess.graph.get_operations()[before:]]
    assert grown.count("Assign") == 5
    assert grown.count("ArgMax") == 5


def test_idiom_22_a_graph_changes_after_a_run_until_it_is_finalized() -> None:
    a = tf.constant(1.0)
    with tf.Session() as sess:
        assert sess.run(a) == 1
        b = a + 1
        assert sess.run(b) == 2
        sess.graph.finalize()
        assert sess.graph.finalized
        with pytest.raises(RuntimeError, match="finalized"):
            tf.constant(2.0)
        with pytest.raises(RuntimeError, match="finalized"):
            a + 2
        assert sess.run([a, b]) == [1, 2]


def test_idiom_38_threads_and_queues() -> None:
    queue = tf.FIFOQueue(4, [tf.int32], shapes=[[]])
    source = tf.train.range_input_producer(3, num_epochs=2, shuffle=False, capacity=2)
    item = source.dequeue()
    fill = queue.enqueue([item * 10])
    tf.train.add_queue_runner(tf.train.QueueRunner(queue, [fill]))
    out = queue.dequeue()
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(sess=sess, coord=coord)
        got: list[Any] = []
        try:
            while not coord.should_stop():
                got.append(int(sess.run(out)))
        except tf.errors.OutOfRangeError:
            coord.request_stop()
        coord.join(threads)
        assert all(not thread.is_alive() for thread in threads)
    assert got == [0, 10, 20, 0, 10, 20]


def test_idiom_39_printing() -> None:
    x = tf.placeholder(tf.float32, [None, 10], name="x")
    anything = tf.placeholder(tf.float32, name="anything")
    w = tf.Variable([1.0, 2.0, 3.0], name="w")
    y = tf.add(x, 1.0, name="Add")
    assert str(y) == 'Tensor("Add:0", shape=(?, 10), dtype=float32)'
    assert str(anything) == 'Tensor("anything:0", dtype=float32)'
    assert repr(y) == "<tf.Tensor 'Add:0' shape=(?, 10) dtype=float32>"
    assert str(w) == repr(w) == "<tf.Variable 'w:0' shape=(3,) dtype=float32_ref>"
    assert repr(y.op) == "<tf.Operation 'Add' type=Add>"
    assert str(tf.float32) == "<dtype: 'float32'>"
    assert repr(tf.float32) == "tf.float32"
    assert str(x.shape) == "(?, 10)"
    assert repr(x.shape) == "TensorShape([Dimension(None), Dimension(10)])"
    assert repr(x.shape[0]) == "Dimension(None)"
    assert str(x.shape[1]) == "10"
    assert str(x.op).startswith('name: "x"\nop: "Placeholder"\n')
    with tf.Session() as sess:
        sess.run(w.initializer)
        total, count, words = sess.run(
            [tf.reduce_sum(w), tf.constant([1, 2]), tf.constant(["a", "b"])]
        )
        assert type(total) is np.float32
        assert isinstance(sess.run(w), np.ndarray)
        assert type(sess.run(tf.argmax(w, 0))) is np.int64
        assert type(sess.run(tf.equal(1, 1))) is np.bool_
        assert sess.run(tf.constant("one")) == b"one"
    assert count.dtype == np.int32
    assert words.dtype == object
    assert words.tolist() == [b"a", b"b"]
