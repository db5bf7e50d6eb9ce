"""Producers of files and numbers, and batches of examples."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def x(tf, dtype="float32", shape=(2, 3), name="x"):
    return tf.placeholder(dtype, shape, name=name)


@case
def names_of_files(tf):
    q = tf.train.string_input_producer(["a", "b"])
    tf.TextLineReader().read(q)


@case
def names_of_files_for_some_epochs(tf):
    tf.train.string_input_producer(
        x(tf, "string", [None]), 3, shuffle=False, capacity=5, shared_name="s", name="files"
    ).dequeue()


@case
def no_files(tf):
    tf.train.string_input_producer([])


@case
def seeded_files(tf):
    tf.set_random_seed(1)
    tf.train.string_input_producer(["a", "b"], seed=7)
    tf.train.string_input_producer(["a", "b"])


@case
def rows(tf):
    tf.train.input_producer(x(tf), num_epochs=1, summary_name="full", name="rows")
    tf.train.input_producer(x(tf, shape=[None, 2]), shuffle=False)


@case
def rows_of_unknown_shape(tf):
    tf.train.input_producer(x(tf, shape=None))


@case
def numbers(tf):
    tf.train.range_input_producer(10, shuffle=False).dequeue()
    tf.train.range_input_producer(x(tf, "int32", []), num_epochs=2, name="numbers")


@case
def slices(tf):
    tf.train.slice_input_producer([x(tf), [1, 2]], shuffle=False)
    tf.train.slice_input_producer([x(tf, shape=[None, 4])], num_epochs=1, capacity=3)


@case
def no_slices(tf):
    tf.train.slice_input_producer([])


@case
def limited(tf):
    tf.train.limit_epochs(x(tf), 2)
    tf.train.limit_epochs(x(tf))
    tf.train.limit_epochs(x(tf), 2, name="named")


@case
def limited_to_nothing(tf):
    tf.train.limit_epochs(x(tf), 0)


@case
def batch(tf):
    tf.train.batch([x(tf), 1], 4)


@case
def batch_of_one(tf):
    tf.train.batch([x(tf)], x(tf, "int32", []), num_threads=2, capacity=10, name="b")


@case
def batch_of_a_dictionary(tf):
    tf.train.batch({"b": x(tf), "a": x(tf, "int64", [])}, 2, allow_smaller_final_batch=True)
    tf.train.batch({"only": x(tf)}, 2, shared_name="s")


@case
def batch_of_rows(tf):
    tf.train.batch([x(tf, shape=[None, 3]), x(tf, shape=[None])], 4, enqueue_many=True)
    tf.train.batch([x(tf, shape=None)], 4, shapes=[[2]])
    tf.train.batch([x(tf, shape=[None, 3])], 4, dynamic_pad=True)


@case
def maybe_batch(tf):
    tf.train.maybe_batch([x(tf)], True, 2)
    tf.train.maybe_batch([x(tf)], [True, False], 2, enqueue_many=True)


@case
def batch_join(tf):
    tf.train.batch_join([[x(tf), 1], [x(tf), 2]], 4)
    tf.train.batch_join([{"a": x(tf)}, {"a": x(tf)}], 4, enqueue_many=True)
    tf.train.maybe_batch_join([[x(tf)]], [True, False], 4, enqueue_many=True)


@case
def shuffle_batch(tf):
    tf.set_random_seed(3)
    tf.train.shuffle_batch([x(tf), 1], 4, 20, 5)
    tf.train.shuffle_batch([x(tf)], 4, 20, 5, num_threads=3, seed=4, allow_smaller_final_batch=True)
    tf.train.maybe_shuffle_batch([x(tf)], 4, 20, 5, True)


@case
def shuffle_batch_join(tf):
    tf.train.shuffle_batch_join([[x(tf)], [x(tf)]], 4, 20, 5, name="j")
    tf.train.maybe_shuffle_batch_join([[x(tf)]], 4, 20, 5, True)


@case
def batch_of_sparse(tf):
    s = tf.sparse_placeholder(tf.float32, [3, 4])
    tf.train.batch([s, x(tf)], 4)
    tf.train.batch([s], 4, enqueue_many=True)


@case
def batch_join_of_sparse(tf):
    tf.train.batch_join([[tf.sparse_placeholder(tf.float32, [3, 4])] for _ in range(2)], 4)


@case
def maybe_batch_of_sparse(tf):
    s = tf.sparse_placeholder(tf.float32, [3, 4])
    tf.train.maybe_batch([s], [True, False, True], 4, enqueue_many=True)
    tf.train.maybe_batch([s], True, 4)


for name, fails in {
    "batch_of_sparse_never_kept": lambda tf: tf.train.maybe_batch(
        [tf.sparse_placeholder(tf.float32, [3, 4])], False, 4
    ),
    "batch_of_nothing": lambda tf: tf.train.batch([], 2),
    "batch_of_unknown_rank": lambda tf: tf.train.batch([x(tf, shape=None)], 2),
    "batch_kept_by_a_vector": lambda tf: tf.train.maybe_batch([x(tf)], [True], 2),
    "batch_kept_by_a_matrix": lambda tf: tf.train.maybe_batch(
        [x(tf)], [[True]], 2, enqueue_many=True
    ),
    "batch_kept_by_who_knows": lambda tf: tf.train.maybe_batch([x(tf)], x(tf, "bool", None), 2),
    "batches_of_two_types": lambda tf: tf.train.batch_join([[x(tf)], [x(tf, "int32")]], 2),
    "batches_of_two_dictionaries": lambda tf: tf.train.batch_join([{"a": x(tf)}, {"b": x(tf)}], 2),
    "batches_of_no_lists": lambda tf: tf.train.batch_join([], 2),
    "shuffled_in_too_little": lambda tf: tf.train.shuffle_batch([x(tf)], 2, 5, 5),
    "unknown_size_without_padding": lambda tf: tf.train.batch([x(tf, shape=[None])], 2),
}.items():
    CASES.update({name: fails})
