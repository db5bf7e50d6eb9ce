"""tf.data: datasets, the functions in them, and iterators over them."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def x(tf, dtype="float32", shape=(2, 3), name="x"):
    return tf.placeholder(dtype, shape, name=name)


@case
def of_tensors(tf):
    data = tf.data.Dataset
    data.from_tensors(1)
    data.from_tensors(({"b": [1, 2], "a": x(tf)}, (np.zeros(3), "text")))
    data.from_tensor_slices([1, 2, 3])
    data.from_tensor_slices((x(tf), {"k": np.arange(2)}))
    data.from_tensor_slices(np.zeros([3, 2], np.float32))


@case
def of_tensors_of_other_lengths(tf):
    tf.data.Dataset.from_tensor_slices(([1, 2], [1, 2, 3]))


@case
def of_a_scalar(tf):
    tf.data.Dataset.from_tensor_slices(1)


@case
def ranges(tf):
    tf.data.Dataset.range(5)
    tf.data.Dataset.range(1, 5)
    tf.data.Dataset.range(1, x(tf, "int64", ()), 2)


@case
def ranges_of_nothing(tf):
    tf.data.Dataset.range()


@case
def lengths(tf):
    data = tf.data.Dataset.range(3)
    data.repeat()
    data.repeat(2).take(5).skip(1).shard(3, 1).prefetch(1).prefetch(None)
    data.concatenate(tf.data.Dataset.range(2))
    tf.data.Dataset.zip((data, (data, data.repeat())))
    data.enumerate(4)
    data.cache()
    data.cache("file")


@case
def different_types_after_each_other(tf):
    tf.data.Dataset.range(3).concatenate(tf.data.Dataset.from_tensors(1.0))


@case
def lists_of_datasets(tf):
    tf.data.Dataset.zip([tf.data.Dataset.range(3)])


@case
def orders(tf):
    data = tf.data.Dataset.range(3)
    data.shuffle(3)
    data.shuffle(x(tf, "int64", ()), seed=4, reshuffle_each_iteration=False)
    tf.set_random_seed(8)
    data.shuffle(2).repeat()
    data.apply(tf.data.experimental.shuffle_and_repeat(2, 3, seed=1))
    data.apply(tf.contrib.data.shuffle_and_repeat(2))


@case
def batches(tf):
    data = tf.data.Dataset.from_tensor_slices((x(tf, shape=(None, 2)), {"k": [1, 2]}))
    data.batch(2).map(lambda a, b: (a, b["k"]))
    data.batch(2, drop_remainder=True).batch(3, True)
    data.batch(x(tf, "int64", ()), True)
    data.batch(2).unbatch()
    data.batch(2).apply(tf.data.experimental.unbatch())
    data.window(3, 2, drop_remainder=True)


@case
def padded_batches(tf):
    data = tf.data.Dataset.from_tensor_slices((x(tf, shape=(None, 2)), {"k": ["a", "b"]}))
    data.padded_batch(2, ([None], {"k": []}))
    data.padded_batch(2, ([3], {"k": []}), (1.0, {"k": "x"}), drop_remainder=True)
    data.padded_batch(2, (tf.TensorShape([None]), {"k": tf.TensorShape([])}))
    data.padded_batch(2, (x(tf, "int64", (1,)), {"k": np.zeros(0, np.int64)}))


@case
def a_padding_that_is_too_small(tf):
    tf.data.Dataset.from_tensors([1, 2, 3]).padded_batch(2, [2])


@case
def a_padding_of_another_type(tf):
    tf.data.Dataset.from_tensors([1, 2, 3]).padded_batch(2, [4], 1.0)


@case
def maps(tf):
    outside = x(tf, "int64", (), "outside")
    data = tf.data.Dataset.range(3)
    data.map(lambda i: i + 1)
    data.map(lambda i: (i + outside, {"k": [i, 1]}), num_parallel_calls=4)
    data.map(lambda i: [i, i]).map(lambda a, b: a)
    data.filter(lambda i: i > outside)
    data.flat_map(lambda i: tf.data.Dataset.range(i))
    data.interleave(lambda i: tf.data.Dataset.range(i), cycle_length=2, block_length=3)
    data.interleave(lambda i: tf.data.Dataset.range(i), 2, num_parallel_calls=2)
    data.map(lambda i: i, tf.data.experimental.AUTOTUNE)


@case
def a_map_to_nothing(tf):
    tf.data.Dataset.range(3).map(lambda i: None)


@case
def a_flat_map_to_numbers(tf):
    tf.data.Dataset.range(3).flat_map(lambda i: i)


@case
def a_filter_of_no_truth(tf):
    tf.data.Dataset.range(3).filter(lambda i: i)


@case
def an_application_to_no_dataset(tf):
    tf.data.Dataset.range(3).apply(lambda d: 3)


@case
def experiments(tf):
    data = tf.data.Dataset.range(3)
    experimental = tf.data.experimental
    data.apply(experimental.map_and_batch(lambda i: i + 1, 2))
    data.apply(experimental.map_and_batch(lambda i: i + 1, 2, 3, True))
    data.apply(experimental.ignore_errors())
    data.apply(experimental.enumerate_dataset(2))
    data.apply(experimental.unique())
    data.apply(experimental.scan(np.int64(0), lambda s, i: (s + i, s)))
    data.apply(experimental.take_while(lambda i: i < 2))
    data.apply(experimental.parallel_interleave(lambda i: tf.data.Dataset.range(i), 2))
    data.apply(experimental.group_by_window(lambda i: i % 2, lambda k, d: d.batch(4), 4))
    experimental.get_single_element(data.take(1))
    experimental.Counter(2)
    data.reduce(np.int64(1), lambda s, i: s + i)


@case
def old_experiments(tf):
    data = tf.data.Dataset.range(3)
    old = tf.contrib.data
    data.apply(old.map_and_batch(lambda i: i + 1, 2))
    data.apply(old.ignore_errors())
    data.apply(old.unbatch()) if False else None
    data.batch(2).apply(old.unbatch())
    data.apply(old.parallel_interleave(lambda i: tf.data.Dataset.range(i), 2, sloppy=True))
    data.apply(old.sloppy_interleave(lambda i: tf.data.Dataset.range(i), 2))
    data.apply(old.group_by_window(lambda i: i % 2, lambda k, d: d.batch(4), 4))
    old.get_single_element(data.take(1))
    old.batch_and_drop_remainder(2)(data)


@case
def buckets(tf):
    data = tf.data.Dataset.from_tensor_slices(x(tf, "int32", (4, 3)))
    by_length = tf.data.experimental.bucket_by_sequence_length
    data.apply(by_length(lambda row: tf.size(row), [2, 4], [3, 2, 1]))
    data.apply(by_length(lambda row: tf.size(row), [2, 4], [3, 2, 1], no_padding=True))


@case
def files(tf):
    tf.data.TextLineDataset("a")
    tf.data.TextLineDataset(["a", "b"], "GZIP", 100)
    tf.data.TFRecordDataset(["a", "b"])
    tf.data.TFRecordDataset(x(tf, "string", (None,)), compression_type="ZLIB")
    tf.data.TFRecordDataset("a", num_parallel_reads=2)
    tf.data.TFRecordDataset(tf.data.Dataset.from_tensors("a"))
    tf.data.FixedLengthRecordDataset("a", 4, 1, 2)


@case
def files_by_name(tf):
    tf.data.Dataset.list_files("*.none", shuffle=False)
    tf.data.Dataset.list_files(["a*", "b*"], seed=3)


@case
def generators(tf):
    tf.data.Dataset.from_generator(lambda: [1], tf.int32)
    tf.data.Dataset.from_generator(
        lambda a: [(1, {"k": 2.0})], (tf.int32, {"k": tf.float32}), ([], {"k": None}), args=(x(tf),)
    )


@case
def iterators(tf):
    data = tf.data.Dataset.from_tensor_slices((x(tf, shape=(3, 2)), [1, 2, 3])).batch(2)
    iterator = data.make_initializable_iterator()
    iterator.get_next()
    iterator.get_next(name="named")
    iterator.string_handle()
    iterator.string_handle(name="handle")
    shared = data.make_initializable_iterator(shared_name="shared")
    shared.get_next()
    tf.data.make_initializable_iterator(data)


@case
def one_shot_iterators(tf):
    data = tf.data.Dataset.range(4).shuffle(3).map(lambda i: i * 2).batch(2)
    one, other = data.make_one_shot_iterator(), tf.data.make_one_shot_iterator(data)
    tf.add(one.get_next(), other.get_next())


@case
def a_one_shot_iterator_of_a_variable(tf):
    variable = tf.Variable(1)
    tf.data.Dataset.range(4).map(lambda i: tf.to_int32(i) + variable).make_one_shot_iterator()


@case
def a_one_shot_iterator_of_a_placeholder(tf):
    tf.data.Dataset.from_tensors(x(tf)).make_one_shot_iterator()


@case
def an_iterator_without_initializer(tf):
    iterator = tf.data.Dataset.range(4).make_one_shot_iterator()
    return iterator.initializer


@case
def iterators_of_a_structure(tf):
    iterator = tf.data.Iterator.from_structure((tf.int64, {"k": tf.float32}), ([], {"k": [2]}))
    data = tf.data.Dataset.zip((tf.data.Dataset.range(3), tf.data.Dataset.range(3)))
    data = data.map(lambda i, j: (i, {"k": tf.to_float([i, j])}))
    iterator.make_initializer(data)
    iterator.make_initializer(data, name="named")
    iterator.get_next()
    tf.data.Iterator.from_structure(tf.int64)
    with tf.device("/cpu:0"):
        tf.data.Iterator.from_structure(tf.int64, shared_name="s")


@case
def an_iterator_of_another_type(tf):
    iterator = tf.data.Iterator.from_structure(tf.int32)
    iterator.make_initializer(tf.data.Dataset.range(3))


@case
def an_iterator_of_another_shape(tf):
    iterator = tf.data.Iterator.from_structure(tf.int64, [3])
    iterator.make_initializer(tf.data.Dataset.range(3).batch(2, True))


@case
def an_iterator_of_another_structure(tf):
    iterator = tf.data.Iterator.from_structure((tf.int64, tf.int64))
    iterator.make_initializer(tf.data.Dataset.range(3))


@case
def iterators_by_handle(tf):
    handle = x(tf, "string", ())
    tf.data.Iterator.from_string_handle(handle, tf.int64, []).get_next()
    tf.data.Iterator.from_string_handle(handle, (tf.int64, tf.string)).get_next()


@case
def iterators_within_scopes(tf):
    with tf.name_scope("scope"), tf.device("/cpu:0"):
        data = (
            tf.data.Dataset.range(4).map(lambda i: i + 1, name="")
            if False
            else tf.data.Dataset.range(4)
        )
        data = data.map(lambda i: i + 1)
        data.make_one_shot_iterator().get_next()
    with tf.variable_scope("variables"):
        data.make_initializable_iterator().get_next()


@case
def options(tf):
    data = tf.data.Dataset.range(4)
    chosen = tf.data.Options()
    chosen.experimental_deterministic = False
    chosen.experimental_optimization.autotune = False
    data.with_options(chosen).make_initializable_iterator()
    none = tf.data.Options()
    none.experimental_optimization.apply_default_optimizations = False
    data.with_options(none).make_initializable_iterator()
    threads = tf.data.Options()
    threads.experimental_threading.private_threadpool_size = 3
    threads.experimental_threading.max_intra_op_parallelism = 1
    data.with_options(threads).batch(2).make_initializable_iterator()


@case
def a_variable_in_a_function(tf):
    variable = tf.Variable(np.int64(1))
    data = tf.data.Dataset.range(4).map(lambda i: i + variable)
    data.make_initializable_iterator().get_next()


@case
def seeds_after_datasets(tf):
    tf.set_random_seed(3)
    data = tf.data.Dataset.range(4).map(lambda i: tf.random_uniform([]))
    data.make_one_shot_iterator().get_next()
    tf.random_uniform([])


@case
def sparse_elements(tf):
    sparse = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
    data = tf.data.Dataset.from_tensor_slices((sparse, [1, 2]))
    data.batch(2).make_initializable_iterator().get_next()
    tf.data.Dataset.from_tensors(sparse).map(lambda s: (s, 1)).make_one_shot_iterator().get_next()


@case
def comma_separated_values(tf):
    defaults = [tf.float32, [3], tf.constant(["x"])]
    data = tf.data.experimental.CsvDataset(
        ["a", "b"], defaults, header=True, select_cols=[1, 2, 4], field_delim=";"
    )
    data.make_initializable_iterator().get_next()
