"""Queues in one thread: what comes out, in which order, and what is refused."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def unknown(tf, value):
    return tf.placeholder_with_default(np.asarray(value), None)


def outcomes(tf, session, ops):
    """What each op gives, or the class of its error."""
    found = []
    for op in ops:
        try:
            found.append(session.run(op))
        except tf.errors.OpError as error:
            found.append(type(error).__name__)
    return found


@case
def fifo(tf):
    q = tf.FIFOQueue(10, [tf.float32], shapes=[[]])
    with tf.Session() as session:
        session.run(q.enqueue_many([[1.0, 2.0, 3.0]]))
        session.run(q.enqueue(4.0))
        return outcomes(tf, session, [q.size(), q.dequeue(), q.dequeue_many(2), q.size()])


@case
def closed_with_elements(tf):
    q = tf.FIFOQueue(10, [tf.float32], shapes=[[]])
    with tf.Session() as session:
        session.run(q.enqueue_many([[1.0, 2.0, 3.0]]))
        session.run(q.close())
        ops = [
            q.dequeue_up_to(2), q.size(), q.is_closed(), q.enqueue(1.0), q.dequeue_many(2),
            q.dequeue_up_to(2), q.dequeue_up_to(2), q.dequeue(), q.close(),
            q.close(cancel_pending_enqueues=True), q.dequeue_many(0), q.is_closed(),
        ]  # fmt: skip
        return outcomes(tf, session, ops)


@case
def several_components(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.string, tf.bool], shapes=[[2], [], [1]])
    with tf.Session() as session:
        session.run(q.enqueue_many([[[1, 2], [3, 4]], ["a", "b"], [[True], [False]]]))
        session.run(q.enqueue([[5, 6], "c", [True]]))
        return [session.run(q.dequeue()), session.run(q.dequeue_many(2))]


@case
def names(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.int32], names=["f", "i"], shapes=[[], []])
    with tf.Session() as session:
        session.run(q.enqueue({"f": 1.0, "i": 2}))
        session.run(q.enqueue_many({"f": [3.0, 4.0], "i": [5, 6]}))
        return [session.run(q.dequeue()), session.run(q.dequeue_many(2))]


@case
def nothing_at_all(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.string], shapes=[[2], []])
    with tf.Session() as session:
        session.run(q.enqueue_many([np.zeros((0, 2)), np.zeros(0, "S1")]))
        return outcomes(tf, session, [q.size(), q.dequeue_many(0), q.dequeue_up_to(0)])


@case
def elements_of_any_shape(tf):
    q = tf.FIFOQueue(10, [tf.int32])
    with tf.Session() as session:
        for value in (1, [2, 3], [[4]]):
            session.run(q.enqueue(unknown(tf, np.int32(value))))
        ops = [q.dequeue(), q.dequeue(), q.dequeue_many(1), q.dequeue_many(0), q.dequeue()]
        return outcomes(tf, session, ops)


@case
def refused_elements(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.int32], shapes=[[2], []])
    f, i = np.zeros(3, np.float32), np.int32(1)
    with tf.Session() as session:
        ops = [
            q.enqueue([unknown(tf, f), 1]),
            q.enqueue([[1.0, 2.0], unknown(tf, [i])]),
            q.enqueue_many([unknown(tf, np.zeros((3, 2), np.float32)), [1, 2]]),
            q.enqueue_many([unknown(tf, np.zeros((2, 2), np.float32)), unknown(tf, i)]),
            q.size(),
        ]
        return outcomes(tf, session, ops)


@case
def too_few_components(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.int32])
    with tf.Session() as session:
        return outcomes(tf, session, [q.enqueue([1.0])])


@case
def too_many_components(tf):
    q = tf.FIFOQueue(10, [tf.float32])
    with tf.Session() as session:
        return outcomes(tf, session, [q.enqueue([1.0, 2.0]), q.dequeue()])


@case
def shuffled(tf):
    q = tf.RandomShuffleQueue(20, 2, [tf.int32], shapes=[[]], seed=7)
    tf.set_random_seed(1)
    p = tf.RandomShuffleQueue(20, 0, [tf.int32], shapes=[[]], seed=7)
    with tf.Session() as session:
        for each in (q, p):
            session.run(each.enqueue_many([np.arange(12, dtype=np.int32)]))
        ops = [
            q.dequeue(), q.dequeue_many(5), q.dequeue_up_to(2), q.size(), q.close(),
            q.dequeue_many(2), q.dequeue_many(3), q.dequeue_up_to(9), q.dequeue(),
            p.dequeue_many(6), p.enqueue_many([np.arange(6, dtype=np.int32)]), p.dequeue_many(12),
        ]  # fmt: skip
        return outcomes(tf, session, ops)


@case
def shuffled_and_shared(tf):
    tf.set_random_seed(5)
    q = tf.RandomShuffleQueue(20, 2, [tf.int32], shapes=[[]], shared_name="shared")
    with tf.Session() as session:
        session.run(q.enqueue_many([np.arange(12, dtype=np.int32)]))
        return [session.run(q.dequeue()) for _ in range(6)]


@case
def padded(tf):
    q = tf.PaddingFIFOQueue(20, [tf.int32, tf.string], shapes=[[None], [None, 2]])
    with tf.Session() as session:
        for n in (1, 3, 2, 0):
            numbers = np.arange(n, dtype=np.int32) + 1
            texts = np.array([["a", "b"]] * n, dtype=object).reshape(n, 2)
            session.run(q.enqueue([unknown(tf, numbers), tf.convert_to_tensor(texts, tf.string)]))
        return [
            session.run(q.dequeue_many(2)),
            session.run(q.dequeue()),
            session.run(q.dequeue_many(1)),
        ]


@case
def padded_rows(tf):
    q = tf.PaddingFIFOQueue(20, [tf.int32], shapes=[[None]])
    with tf.Session() as session:
        session.run(q.enqueue_many([[[1, 2], [3, 4]]]))
        session.run(q.enqueue([[9]]))
        session.run(q.close())
        return [session.run(q.dequeue_up_to(5))]


@case
def not_padded(tf):
    q = tf.PaddingFIFOQueue(20, [tf.int32], shapes=[[None, 2]])
    with tf.Session() as session:
        return outcomes(tf, session, [q.enqueue([unknown(tf, np.zeros((2, 3), np.int32))])])


@case
def by_priority(tf):
    q = tf.PriorityQueue(40, [tf.string], shapes=[[]])
    keys = [3, 1, 2, 1, -5, 1, 2, 2, 0, 3, 1, 2, 9, 1, 1]
    with tf.Session() as session:
        session.run(q.enqueue_many([keys, [chr(97 + i) for i in range(len(keys))]]))
        found = outcomes(tf, session, [q.dequeue(), q.dequeue_many(5)])
        session.run(q.enqueue_many([[2, 1, 2], ["x", "y", "z"]]))
        return [*found, session.run(q.dequeue_many(12))]


@case
def shared_by_name(tf):
    q = tf.FIFOQueue(5, [tf.float32], shapes=[[]], shared_name="s")
    p = tf.FIFOQueue(5, [tf.float32], shapes=[[]], shared_name="s", name="p")
    with tf.Session() as session:
        session.run(q.enqueue(1.0))
        return session.run(p.dequeue())


@case
def shared_and_different(tf):
    q = tf.FIFOQueue(5, [tf.float32], shapes=[[]], shared_name="s")
    others = [
        tf.FIFOQueue(6, [tf.float32], shapes=[[]], shared_name="s", name="p"),
        tf.FIFOQueue(5, [tf.int32], shapes=[[]], shared_name="s", name="p"),
        tf.FIFOQueue(5, [tf.float32], shapes=[[1]], shared_name="s", name="p"),
        tf.RandomShuffleQueue(5, 1, [tf.float32], shapes=[[]], shared_name="s", name="p"),
    ]
    with tf.Session() as session:
        session.run(q.enqueue(1.0))
        return outcomes(tf, session, [other.size() for other in others])


@case
def each_session_has_its_own(tf):
    q = tf.FIFOQueue(5, [tf.float32], shapes=[[]])
    first, second = tf.Session(), tf.Session()
    first.run(q.enqueue(1.0))
    return [first.run(q.size()), second.run(q.size())]


@case
def picked_from_several(tf):
    queues = [tf.FIFOQueue(5, tf.float32, shapes=[[]], name=n) for n in "ab"]
    i = tf.placeholder(tf.int32, [])
    q = tf.QueueBase.from_list(i, queues)
    with tf.Session() as session:
        session.run(q.enqueue(5.0), {i: 1})
        return [session.run([p.size() for p in queues]), session.run(q.dequeue(), {i: 1})]


@case
def patience_of_a_run(tf):
    q = tf.FIFOQueue(1, [tf.float32], shapes=[[]])
    options = tf.RunOptions(timeout_in_ms=50)
    found = []
    with tf.Session() as session:
        session.run(q.enqueue(1.0))
        for op in (q.enqueue(2.0), q.dequeue_many(2)):
            try:
                session.run(op, options=options)
            except tf.errors.DeadlineExceededError:
                found.append("late")
        return found


@case
def patience_of_a_session(tf):
    q = tf.FIFOQueue(1, [tf.float32])
    tf.Session(config=tf.ConfigProto(operation_timeout_in_ms=50)).run(q.dequeue())


@case
def described_runner(tf):
    q = tf.FIFOQueue(5, tf.float32, name="q")
    runner = tf.train.QueueRunner(q, [q.enqueue(1.0)] * 2)
    d = runner.to_proto()
    again = tf.train.QueueRunner.from_proto(d)
    return [
        d.queue_name, list(d.enqueue_op_name), d.close_op_name, d.cancel_op_name,
        list(d.queue_closed_exception_types), again.name, [op.name for op in again.enqueue_ops],
        [t.__name__ for t in again.queue_closed_exception_types], runner.to_proto("other"),
    ]  # fmt: skip
