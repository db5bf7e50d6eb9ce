"""Queues, what feeds them, and batches: the nodes that the functions make."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def x(tf, dtype="float32", shape=(2, 3), name="x"):
    return tf.placeholder(dtype, shape, name=name)


@case
def fifo(tf):
    q = tf.FIFOQueue(10, [tf.float32, tf.int32], shapes=[[3], []])
    q.enqueue([x(tf, shape=[3]), 1])
    q.enqueue([[1.0, 2.0, 3.0], 4], name="named")
    q.enqueue_many([x(tf), [1, 2]])
    q.dequeue()
    q.dequeue_many(2)
    q.dequeue_many(x(tf, "int32", []), name="many")
    q.dequeue_up_to(5)
    q.close()
    q.close(cancel_pending_enqueues=True, name="end")
    q.is_closed()
    q.size()


@case
def fifo_of_unknown_shapes(tf):
    with tf.name_scope("scope"):
        q = tf.FIFOQueue(-1, tf.string, shared_name="shared", name="q")
        q.enqueue("text")
        q.enqueue((x(tf, "string"),))
    q.dequeue() + "more"


@case
def named_components(tf):
    q = tf.FIFOQueue(1, [tf.float32, tf.int64], names=["f", "i"])
    q.enqueue({"i": x(tf, "int64"), "f": 1.0})
    sorted(q.dequeue())


@case
def random_shuffle(tf):
    tf.set_random_seed(3)
    q = tf.RandomShuffleQueue(10, 2, tf.float32, shapes=[2, 2], seed=5)
    q.enqueue_many(x(tf, shape=[None, 2, 2]))
    q.dequeue_many(3)
    tf.RandomShuffleQueue(10, 2, tf.float32, shared_name="s").size()


@case
def padding(tf):
    q = tf.PaddingFIFOQueue(10, [tf.float32, tf.string], shapes=[[None, 3], []])
    q.enqueue([x(tf, shape=[None, 3]), "a"])
    q.dequeue_many(4)
    q.dequeue()


@case
def priority(tf):
    q = tf.PriorityQueue(10, [tf.string], shapes=[[]])
    q.enqueue([3, "a"])
    q.enqueue_many([[1, 2], ["a", "b"]])
    q.dequeue()
    q.dequeue_many(2)


@case
def picked_from_several(tf):
    queues = [tf.FIFOQueue(5, tf.float32, shapes=[[2]], name=n) for n in "ab"]
    q = tf.QueueBase.from_list(x(tf, "int32", []), queues)
    q.dequeue()


for name, fails in {
    "shape_that_is_not_full": lambda tf: tf.FIFOQueue(1, [tf.float32], shapes=[[None]]),
    "too_few_shapes": lambda tf: tf.FIFOQueue(1, [tf.float32] * 2, shapes=[[]]),
    "too_few_names": lambda tf: tf.FIFOQueue(1, [tf.float32] * 2, names=["a"]),
    "wrong_shape": lambda tf: tf.FIFOQueue(1, tf.float32, shapes=[[2]]).enqueue(x(tf)),
    "wrong_type": lambda tf: tf.FIFOQueue(1, tf.int32).enqueue(x(tf)),
    "rows_that_differ": lambda tf: tf.FIFOQueue(1, [tf.int32] * 2, shapes=[[], []]).enqueue_many(
        [[1, 2], [1]]
    ),
    "no_rows": lambda tf: tf.FIFOQueue(1, tf.int32, shapes=[[]]).enqueue_many([1]),
    "a_dictionary_without_names": lambda tf: tf.FIFOQueue(1, tf.int32).enqueue({"a": 1}),
    "a_list_with_names": lambda tf: tf.FIFOQueue(1, tf.int32, names=["a"]).enqueue(1),
    "padding_without_rank": lambda tf: tf.PaddingFIFOQueue(1, [tf.int32], [tf.TensorShape(None)]),
    "padding_of_one_shape": lambda tf: tf.PaddingFIFOQueue(1, [tf.int32], [None]),
    "priority_of_unknown_shape": lambda tf: tf.PriorityQueue(1, [tf.int32]),
    "less_than_nothing": lambda tf: tf.FIFOQueue(1, tf.int32, shapes=[[]]).dequeue_many(-1),
}.items():
    CASES.update({name: fails})


@case
def runner(tf):
    q = tf.FIFOQueue(5, tf.float32)
    tf.train.add_queue_runner(tf.train.QueueRunner(q, [q.enqueue(1.0)] * 2))


@case
def runner_of_nothing(tf):
    tf.train.QueueRunner(tf.FIFOQueue(5, tf.float32), [])


@case
def runner_of_odd_exceptions(tf):
    q = tf.FIFOQueue(5, tf.float32)
    tf.train.QueueRunner(q, [q.enqueue(1.0)], queue_closed_exception_types=(ValueError,))
