"""Idioms of TensorFlow-1 programs that break a naive clone: what the ops mean and how they are differentiated."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf


def _values(tensors: Any, feeds: Any = None) -> Any:
    with tf.Session() as sess:
        sess.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        return sess.run(tensors, feeds)


def test_idiom_23_gradients() -> None:
    x = tf.constant([1.0, 2.0])
    y = tf.constant([3.0, 4.0])
    table = tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    rows = tf.nn.embedding_lookup(table, [2, 0, 2])
    loss = tf.reduce_sum(rows * rows)
    assert tf.gradients(x * 2, [y]) == [None]
    (slices,) = tf.gradients(loss, [table])
    assert isinstance(slices, tf.IndexedSlices)
    clipped, norm = tf.clip_by_global_norm([slices, None, x], 1.0)
    assert clipped[1] is None
    assert isinstance(clipped[0], tf.IndexedSlices)
    cube = x**3
    (first,) = tf.gradients(cube, x)
    (second,) = tf.gradients(first, x)
    (third,) = tf.gradients(second, x)
    stopped = tf.gradients(x * tf.stop_gradient(x * y), [x, y])
    assert stopped[1] is None
    several = tf.gradients([x * y, x], [x, y], grad_ys=[None, tf.constant([10.0, 20.0])])
    labels = tf.constant([[0.0, 1.0]])
    logits = tf.constant([[1.0, 2.0]])
    xent = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=logits)
    assert tf.gradients(xent, [labels])[0] is None
    assert tf.gradients(tf.cast(x, tf.int32) * 2, [x]) == [None]
    pairs = tf.train.GradientDescentOptimizer(1.0).compute_gradients(loss, [table])
    assert pairs[0][1] is table
    got = _values([first, second, third, stopped[0], several, slices, norm])
    np.testing.assert_allclose(got[0], [3, 12], rtol=1e-6)
    np.testing.assert_allclose(got[1], [6, 12], rtol=1e-6)
    np.testing.assert_allclose(got[2], [6, 6], rtol=1e-6)
    assert got[3].tolist() == [3, 8]
    assert [g.tolist() for g in got[4]] == [[13, 24], [1, 2]]
    assert got[5].values.tolist() == [[10, 12], [2, 4], [10, 12]]
    assert got[5].indices.tolist() == [2, 0, 2]
    np.testing.assert_allclose(got[6], np.sqrt(2 * 244 + 20 + 5), rtol=1e-6)
    with pytest.raises(ValueError, match="No gradients provided"):
        tf.train.GradientDescentOptimizer(1.0).apply_gradients([(None, table)])


def test_idiom_24_control_flow() -> None:
    flag = tf.placeholder(tf.bool, [])
    count = tf.Variable(0, trainable=False)
    outside = tf.assign_add(count, 1)
    x = tf.constant(3.0)

    def body(i: Any, total: Any) -> Any:
        with tf.variable_scope("loop", reuse=tf.AUTO_REUSE):
            w = tf.get_variable("w", [1], initializer=tf.constant_initializer(2.0))
        return i + 1, tf.concat([total, w * tf.cast(i, tf.float32)], 0)

    picked = tf.cond(flag, lambda: tf.cast(outside, tf.float32) * x, lambda: x - 1)
    inside = tf.cond(flag, lambda: tf.assign_add(count, 10), lambda: tf.identity(count))
    several = tf.cond(flag, lambda: (x, [x * 2]), lambda: (x * 3, [x * 4]))
    _, grown = tf.while_loop(
        lambda i, _: i < 4,
        body,
        [0, tf.zeros([0])],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape([None])],
        back_prop=False,
    )
    assert [v.name for v in tf.trainable_variables()] == ["loop/w:0"]
    power = tf.while_loop(lambda i, _: i < 3, lambda i, p: (i + 1, p * x), [0, 1.0])[1]
    (slope,) = tf.gradients(power, x)
    (choice,) = tf.gradients(tf.cond(flag, lambda: x * x, lambda: 5.0 * x), x)
    mapped = tf.map_fn(lambda e: e * e + x, tf.constant([1.0, 2.0]))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(picked, {flag: False}) == 2
        assert sess.run(count) == 1
        assert sess.run(picked, {flag: True}) == 6
        assert sess.run(inside, {flag: False}) == 2
        assert sess.run(inside, {flag: True}) == 12
        assert sess.run(several, {flag: True}) == (3, [6])
        assert sess.run(several, {flag: False}) == (9, [12])
        assert sess.run(grown).tolist() == [0, 2, 4, 6]
        assert sess.run([power, slope]) == [27, 27]
        assert [sess.run(choice, {flag: f}) for f in (True, False)] == [6, 5]
        assert sess.run(mapped).tolist() == [4, 7]


def test_idiom_25_update_ops() -> None:
    x = tf.placeholder(tf.float32, [4, 1])
    h = tf.layers.batch_normalization(x, training=True, momentum=0.5)
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert len(updates) == 2
    before = tf.constant(1.0)
    step = tf.Variable(0)
    with tf.control_dependencies([*updates, tf.assign_add(step, 1)]):
        late = tf.identity(before)
        nothing = tf.no_op()
    both = tf.group(nothing, late)
    mean, _ = (v for v in tf.global_variables() if "moving" in v.name)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        data = {x: [[1.0], [2.0], [3.0], [6.0]]}
        sess.run(h, data)
        assert sess.run([mean, step])[0].tolist() == [0]
        assert sess.run(late, data) == 1
        assert [v.tolist() for v in sess.run([mean, step])] == [[1.5], 1]
        assert sess.run(both, data) is None
        assert [v.tolist() for v in sess.run([mean, step])] == [[2.25], 2]
        sess.run(before, data)
        assert sess.run(step) == 2


def test_idiom_28_dropout() -> None:
    keep = tf.placeholder(tf.float32)
    ones = tf.ones([1000])
    by_place = tf.nn.dropout(ones, keep)
    by_rate = tf.nn.dropout(ones, rate=0.2)
    kept = tf.nn.dropout(ones, 1.0)
    rows = tf.nn.dropout(tf.ones([50, 4]), 0.5, noise_shape=[50, 1])
    tf.set_random_seed(1)
    seeded = tf.nn.dropout(tf.ones([8]), 0.5, seed=3)
    assert kept is ones
    got = _values([by_place, by_rate, rows, seeded], {keep: 0.5})
    assert set(np.unique(got[0])) == {0, 2}
    assert set(np.unique(got[1])) == {0, np.float32(1.25)}
    assert abs(got[1].astype(bool).mean() - 0.8) < 0.1
    assert set(got[2].sum(axis=1)) == {0, 8}
    assert got[3].tolist() == [2, 2, 2, 0, 2, 0, 2, 2]
    assert _values(by_place, {keep: 1.0}).tolist() == [1] * 1000
    with pytest.raises(ValueError, match=r"keep_prob|rate"):
        tf.nn.dropout(ones, 1.5)


def test_idiom_29_where_gather_one_hot() -> None:
    a = tf.constant([[1, 2], [3, 4], [5, 6]])
    rows = tf.where([True, False, True], a, -a)
    places = tf.where(tf.constant([[True, False], [True, True]]))
    hot = tf.one_hot([1, -1, 3], 3, on_value=5.0, off_value=-1.0)
    deep = tf.one_hot([[0], [1]], 2, axis=1)
    best = tf.argmax([[1.0, 3.0, 3.0], [2.0, 1.0, 0.0]], 1)
    cut = tf.cast([1.9, -1.9, 2.5, -0.5], tf.int32)
    taken = tf.gather(a, [2, 0])
    index = tf.placeholder(tf.int32, [None])
    by_feed = tf.gather(a, index)
    got = _values([rows, places, hot, deep, best, cut, taken])
    assert got[0].tolist() == [[1, 2], [-3, -4], [5, 6]]
    assert got[1].tolist() == [[0, 0], [1, 0], [1, 1]]
    assert got[1].dtype == np.int64
    assert got[2].tolist() == [[-1, 5, -1], [-1, -1, -1], [-1, -1, -1]]
    assert got[3].tolist() == [[[1], [0]], [[0], [1]]]
    assert (got[4].tolist(), got[4].dtype) == ([1, 0], np.int64)
    assert got[5].tolist() == [1, -1, 2, 0]
    assert got[6].tolist() == [[5, 6], [1, 2]]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match=r"indices\[1\] = 3 is not in \[0, 3\)"
    ):
        _values(by_feed, {index: [0, 3]})


def test_idiom_30_convolution_and_pooling() -> None:
    x = tf.reshape(tf.range(1.0, 17.0), [1, 4, 4, 1])
    kernel = tf.ones([3, 3, 1, 1])
    same = tf.nn.conv2d(x, kernel, [1, 2, 2, 1], "SAME")
    mean = tf.nn.avg_pool(x, [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
    ties = tf.ones([1, 2, 2, 1])
    (first,) = tf.gradients(tf.nn.max_pool(ties, [1, 2, 2, 1], [1, 2, 2, 1], "VALID"), ties)
    batch = tf.placeholder(tf.float32, [None, 2, 2, 1])
    back = tf.nn.conv2d_transpose(
        batch, kernel, tf.stack([tf.shape(batch)[0], 4, 4, 1]), [1, 2, 2, 1], "SAME"
    )
    assert same.shape.as_list() == [1, 2, 2, 1]
    assert back.shape.as_list() == [None, 4, 4, 1]
    got = _values([same, mean, first, back], {batch: np.ones((1, 2, 2, 1))})
    assert got[0].ravel().tolist() == [54, 45, 72, 54]
    np.testing.assert_allclose(got[1].ravel(), [6, 7.5, 12, 13.5], rtol=1e-6)
    assert got[2].ravel().tolist() == [1, 0, 0, 0]
    assert got[3].reshape(4, 4).tolist() == [[1, 1, 2, 1], [1, 1, 2, 1], [2, 2, 4, 2], [1, 1, 2, 1]]
    with pytest.raises(ValueError, match="Conv2D"):
        tf.nn.conv2d(x, tf.ones([5, 5, 1, 1]), [1, 1, 1, 1], "VALID")


def test_idiom_31_moments_and_batch_normalization() -> None:
    data = np.float32([[1, 2], [3, 6], [5, 10], [7, 14]])
    mean, variance = tf.nn.moments(tf.constant(data), [0], keep_dims=True)
    plain = tf.nn.batch_normalization(tf.constant(data), mean, variance, None, None, 1e-3)
    h = tf.layers.batch_normalization(tf.constant(data), training=True, name="bn")
    image = tf.constant(data.reshape(2, 2, 1, 2))
    fused = tf.layers.batch_normalization(image, training=True, name="fused")
    names = [v.name for v in tf.global_variables()]
    assert names[:4] == ["bn/gamma:0", "bn/beta:0", "bn/moving_mean:0", "bn/moving_variance:0"]
    assert len(tf.trainable_variables()) == 4
    updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        got = sess.run([mean, variance, plain, h, fused])
        sess.run(updates)
        moving = sess.run([v for v in tf.global_variables() if "moving" in v.name])
    assert got[0].tolist() == [[4, 8]]
    assert got[1].tolist() == [[5, 20]]
    want = (data - data.mean(0)) / np.sqrt(data.var(0) + 1e-3)
    for value in got[2:]:
        np.testing.assert_allclose(value.reshape(4, 2), want, rtol=1e-5)
    np.testing.assert_allclose(moving[0], [0.04, 0.08], rtol=1e-5)
    np.testing.assert_allclose(moving[1], [0.99 + 0.05, 0.99 + 0.2], rtol=1e-5)
    np.testing.assert_allclose(moving[3], 0.99 + 0.01 * data.var(0, ddof=1), rtol=1e-5)


def test_idiom_32_recurrent_cells() -> None:
    x = tf.constant(np.linspace(-1, 1, 2 * 3 * 2).reshape(2, 3, 2), tf.float32)
    fixed = tf.constant_initializer(np.linspace(-0.5, 0.5, 4 * 8))
    with tf.variable_scope("a", initializer=fixed):
        lstm = tf.nn.rnn_cell.BasicLSTMCell(2)
        outputs, state = tf.nn.dynamic_rnn(lstm, x, sequence_length=[2, 3], dtype=tf.float32)
    with tf.variable_scope("b", initializer=tf.constant_initializer(0.1)):
        gru, last = tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(2), x, dtype=tf.float32)
    assert [v.name for v in tf.global_variables()] == [
        "a/rnn/basic_lstm_cell/kernel:0",
        "a/rnn/basic_lstm_cell/bias:0",
        "b/rnn/gru_cell/gates/kernel:0",
        "b/rnn/gru_cell/gates/bias:0",
        "b/rnn/gru_cell/candidate/kernel:0",
        "b/rnn/gru_cell/candidate/bias:0",
    ]
    got, kept, gated, final = _values([outputs, state, gru, last])
    assert isinstance(kept, tf.nn.rnn_cell.LSTMStateTuple)
    weights = np.linspace(-0.5, 0.5, 32).reshape(4, 8)

    def sigmoid(a: Any) -> Any:
        return 1 / (1 + np.exp(-a))

    inputs = np.linspace(-1, 1, 12).reshape(2, 3, 2)
    c = h = np.zeros((2, 2))
    for t, alive in enumerate(([1, 1], [1, 1], [0, 1])):
        i, j, f, o = np.split(np.concatenate([inputs[:, t], h], 1) @ weights, 4, 1)
        new_c = c * sigmoid(f + 1.0) + sigmoid(i) * np.tanh(j)
        on = np.array(alive)[:, None]
        c, h = np.where(on, new_c, c), np.where(on, np.tanh(new_c) * sigmoid(o), h)
        np.testing.assert_allclose(got[:, t], on * h, rtol=1e-5, atol=1e-7)
    np.testing.assert_allclose(kept.c, c, rtol=1e-5)
    np.testing.assert_allclose(kept.h, h, rtol=1e-5)
    np.testing.assert_array_equal(gated[:, 2], final)
    np.testing.assert_allclose(final[:, 0], [-0.06572421, 0.06956898], rtol=1e-5)


def test_idiom_33_adam_and_its_kin() -> None:
    def trained(optimizer: Any, steps: int = 3) -> Any:
        w = tf.Variable([1.0, -2.0])
        train = optimizer.minimize(tf.reduce_sum(w * w * [1.0, 3.0]))
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(steps):
                sess.run(train)
            return sess.run(w).tolist()

    for optimizer, want in (
        (tf.train.AdamOptimizer(0.1, epsilon=0.01), [0.7343674302, -1.7066118717]),
        (tf.train.RMSPropOptimizer(0.1, momentum=0.5), [0.3871540129, -1.0017285347]),
        (tf.train.MomentumOptimizer(0.1, 0.9), [0.0620000064, 1.7079997063]),
        (tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True), [-0.1083519757, 0.608127892]),
        (tf.train.AdagradOptimizer(0.1), [0.7822992206, -1.7758744955]),
        (tf.train.AdadeltaOptimizer(1.0), [0.9986434579, -1.9986432791]),
    ):
        np.testing.assert_allclose(trained(optimizer), want, rtol=1e-5, err_msg=repr(optimizer))
    table = tf.Variable(np.ones((3, 1), np.float32))
    adam = tf.train.AdamOptimizer(0.1)
    touch = tf.placeholder(tf.int32, [None])
    train = adam.minimize(tf.reduce_sum(tf.gather(table, touch)))
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(train, {touch: [0, 0]})
        sess.run(train, {touch: [1]})
        got = sess.run([table, adam.get_slot(table, "m")])
    # A step moves the rows that it does not touch too: their momentum goes on.
    np.testing.assert_allclose(got[0], [[0.83299446], [0.92558658], [1.0]], rtol=1e-5)
    np.testing.assert_allclose(got[1], [[0.18], [0.1], [0]], rtol=1e-5)
