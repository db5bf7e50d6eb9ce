"""Input pipelines with threads whose results do not depend on their timing."""

from __future__ import annotations

import os
import shutil
import tempfile

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def until_the_end(tf, fetches, runs=None):
    """What each run gives until there is nothing more, or so many runs."""
    found = []
    with tf.Session() as session:
        session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
        coord = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coord)
        try:
            while runs is None or len(found) < runs:
                found.append(session.run(fetches))
        except tf.errors.OutOfRangeError:
            found.append("end")
        coord.request_stop()
        coord.join(threads, stop_grace_period_secs=10)
    return found


@case
def lines_of_files(tf):
    folder = tempfile.mkdtemp()
    try:
        names = [os.path.join(folder, n) for n in "ab"]
        for i, text in enumerate(["1,x\n2,y\n3,z\n", "4,w\n5,v"]):
            with open(names[i], "w") as file:
                file.write(text)
        q = tf.train.string_input_producer(names, num_epochs=2, shuffle=False)
        _, line = tf.TextLineReader().read(q)
        number, text = tf.decode_csv(line, [[0], [""]])
        batch = tf.train.batch([number, text], 4, allow_smaller_final_batch=True)
        return until_the_end(tf, batch)
    finally:
        shutil.rmtree(folder)


@case
def shuffled_names(tf):
    q = tf.train.string_input_producer(list("abcdef"), num_epochs=3, seed=5)
    return until_the_end(tf, q.dequeue())


@case
def numbers(tf):
    q = tf.train.range_input_producer(4, num_epochs=2, shuffle=False)
    return until_the_end(tf, q.dequeue_many(3))


@case
def slices(tf):
    rows = tf.train.slice_input_producer(
        [np.arange(6).reshape(3, 2), ["a", "b", "c"]], num_epochs=2, seed=3
    )
    return until_the_end(tf, rows)


@case
def rows_for_ever(tf):
    q = tf.train.input_producer(tf.constant([[1.0, 2.0], [3.0, 4.0]]), shuffle=False, capacity=3)
    return until_the_end(tf, q.dequeue_many(3), runs=3)


@case
def whole_batches_only(tf):
    n = tf.train.range_input_producer(5, num_epochs=1, shuffle=False).dequeue()
    return until_the_end(tf, tf.train.batch([n, n * n], 2))


@case
def batch_of_a_dictionary(tf):
    n = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    return until_the_end(tf, tf.train.batch({"n": n, "square": n * n}, 2))


@case
def rows_at_once(tf):
    n = tf.train.range_input_producer(3, num_epochs=1, shuffle=False).dequeue()
    rows = tf.stack([n, n + 10, n + 20])
    return until_the_end(
        tf, tf.train.batch([rows], 4, enqueue_many=True, allow_smaller_final_batch=True)
    )


@case
def padded(tf):
    n = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    row = tf.fill([n], n)
    return until_the_end(tf, tf.train.batch([row], 2, dynamic_pad=True))


@case
def kept(tf):
    n = tf.train.range_input_producer(7, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.maybe_batch([n], tf.equal(n % 2, 0), 2, allow_smaller_final_batch=True)
    return until_the_end(tf, batch)


@case
def kept_rows(tf):
    n = tf.train.range_input_producer(3, num_epochs=1, shuffle=False).dequeue()
    batch = tf.train.maybe_batch(
        [tf.stack([n, n + 10])], tf.stack([n > 0, n < 2]), 2, enqueue_many=True
    )
    return until_the_end(tf, batch)


@case
def sparse(tf):
    n = tf.train.range_input_producer(4, num_epochs=1, shuffle=False).dequeue()
    m = tf.cast(n, tf.int64)
    s = tf.SparseTensor(
        tf.stack([[m, 0], [m, m]])[: n + 1], tf.stack([n, 10 * n])[: n + 1], [m + 1, 5]
    )
    batch, numbers = tf.train.batch([s, n], 2)
    return until_the_end(tf, [batch.indices, batch.values, batch.dense_shape, numbers])


@case
def rows_of_sparse(tf):
    s = tf.SparseTensor([[0, 1], [0, 3], [2, 0]], [1.0, 2.0, 3.0], [3, 4])
    n = tf.train.range_input_producer(1, num_epochs=1, shuffle=False).dequeue()
    with tf.control_dependencies([n]):
        s = tf.SparseTensor(
            tf.identity(s.indices), tf.identity(s.values), tf.identity(s.dense_shape)
        )
    batch = tf.train.batch([s], 3, enqueue_many=True)
    return until_the_end(tf, [batch.indices, batch.values, batch.dense_shape])


@case
def limited(tf):
    x = tf.train.limit_epochs(tf.constant(7), 2)
    found = []
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        for _ in range(3):
            try:
                found.append(session.run(x))
            except tf.errors.OutOfRangeError:
                found.append("end")
    return found


@case
def no_names(tf):
    q = tf.train.string_input_producer(tf.constant([], tf.string), shuffle=False)
    until_the_end(tf, q.dequeue())
