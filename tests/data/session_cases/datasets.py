"""What datasets give: orders, batches, functions, errors on the way, files, and iterators of several sessions."""

from __future__ import annotations

import os
import tempfile

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def drained(tf, session, fetches, most=100):
    """What a fetch gives until the elements end; of an element that fails, the class of the error."""
    found = []
    for _ in range(most):
        try:
            value = session.run(fetches)
        except tf.errors.OutOfRangeError:
            return found
        except tf.errors.OpError as error:
            value = type(error).__name__
        found.append(value)
    return [*found, "and so on"]


def once(tf, dataset, most=100):
    """All elements, by a one-shot iterator."""
    fetches = dataset.make_one_shot_iterator().get_next()
    with tf.Session() as session:
        return drained(tf, session, fetches, most)


def again(tf, dataset, times=2):
    """All elements, each time after the initializer has run."""
    iterator = dataset.make_initializable_iterator()
    fetches = iterator.get_next()
    found = []
    with tf.Session() as session:
        for _ in range(times):
            session.run(iterator.initializer)
            found.append(drained(tf, session, fetches))
    return found


def elements(name, build, most=100):
    """A case: the elements of a dataset."""
    CASES[name] = lambda tf: once(tf, build(tf, tf.data.Dataset), most)


elements("of_tensors", lambda tf, d: d.from_tensors((1, {"b": [1.0, 2.0], "a": "text"})))
elements(
    "of_slices", lambda tf, d: d.from_tensor_slices((np.arange(6).reshape(3, 2), ["a", "b", "c"]))
)
elements("of_no_slices", lambda tf, d: d.from_tensor_slices(np.zeros([0, 2])))
elements(
    "of_ranges",
    lambda tf, d: d.range(3).concatenate(d.range(1, 9, 3)).concatenate(d.range(5, 1, -2)),
)
elements("of_a_range_of_no_steps", lambda tf, d: d.range(1, 5, 0))
elements("repeated", lambda tf, d: d.range(2).repeat(3))
elements("repeated_never", lambda tf, d: d.range(2).repeat(0))
elements("repeated_for_ever", lambda tf, d: d.range(2).repeat(), 5)
elements("nothing_for_ever", lambda tf, d: d.range(0).repeat(), 5)
elements("taken_and_skipped", lambda tf, d: d.range(9).take(7).skip(2).take(-1).skip(1))
elements("all_skipped", lambda tf, d: d.range(9).skip(-1))
elements("none_taken", lambda tf, d: d.range(9).take(0))
elements("more_skipped_than_there_are", lambda tf, d: d.range(3).skip(5))
elements("every_third", lambda tf, d: d.range(10).shard(3, 1))
elements("a_shard_of_none", lambda tf, d: d.range(10).shard(0, 0))
elements("a_shard_too_far", lambda tf, d: d.range(10).shard(3, 3))
elements("zipped", lambda tf, d: d.zip((d.range(5), {"k": d.range(10, 13)})))
elements("enumerated", lambda tf, d: d.from_tensor_slices(["a", "b"]).enumerate(5))
elements("in_batches", lambda tf, d: d.range(7).map(lambda i: (i, [i, -i])).batch(3))
elements("in_whole_batches", lambda tf, d: d.range(7).batch(3, drop_remainder=True).batch(2))
elements("in_batches_of_none", lambda tf, d: d.range(7).batch(0))
elements("in_batches_of_text", lambda tf, d: d.from_tensor_slices(["a", "b", "c"]).batch(2))
elements(
    "in_padded_batches",
    lambda tf, d: d.range(1, 5).map(lambda i: tf.fill([i], i)).padded_batch(2, [None]),
)
elements(
    "in_padded_batches_of_a_size",
    lambda tf, d: (
        d.range(1, 5)
        .map(lambda i: (tf.fill([i, 2], i), tf.fill([i], "x")))
        .padded_batch(3, ([5, -1], [4]), (np.int64(-7), "-"), drop_remainder=True)
    ),
)
elements("in_padded_batches_of_scalars", lambda tf, d: d.range(5).padded_batch(2, []))
elements(
    "in_batches_padded_too_little",
    lambda tf, d: d.range(1, 5).map(lambda i: tf.fill([i], i)).padded_batch(2, [3]),
)
elements(
    "unbatched",
    lambda tf, d: (
        d.range(7).map(lambda i: (i, [i, -i])).batch(3).apply(tf.data.experimental.unbatch())
    ),
)
elements(
    "in_windows",
    lambda tf, d: d.range(7).window(3, shift=2, stride=2).flat_map(lambda w: w.batch(3)),
)
elements(
    "in_whole_windows",
    lambda tf, d: d.range(7).window(2, 1, 3, True).flat_map(lambda w: w.batch(3)),
)
elements(
    "in_windows_with_gaps", lambda tf, d: d.range(12).window(2, 5).flat_map(lambda w: w.batch(3))
)
elements("filtered", lambda tf, d: d.range(9).filter(lambda i: tf.equal(i % 3, 1)))
elements(
    "flat_mapped", lambda tf, d: d.range(4).flat_map(lambda i: d.range(i).map(lambda j: 10 * i + j))
)
elements(
    "mapped_over_dicts",
    lambda tf, d: d.range(3).map(lambda i: {"a": i, "b": i + 1}).map(lambda e: e["a"] * e["b"]),
)
elements(
    "mapped_to_lists", lambda tf, d: d.range(3).map(lambda i: [i, i + 1]).map(lambda a, b: a * b)
)
elements("mapped_in_parallel", lambda tf, d: d.range(5).map(lambda i: i * i, num_parallel_calls=3))
elements(
    "mapped_and_batched",
    lambda tf, d: d.range(5).apply(tf.data.experimental.map_and_batch(lambda i: (i, i * i), 2)),
)
elements(
    "mapped_and_wholly_batched",
    lambda tf, d: d.range(5).apply(
        tf.contrib.data.map_and_batch(lambda i: i, 2, drop_remainder=True)
    ),
)
elements(
    "unique",
    lambda tf, d: d.from_tensor_slices([3, 1, 3, 2, 1]).apply(tf.data.experimental.unique()),
)
elements(
    "taken_while", lambda tf, d: d.range(9).apply(tf.data.experimental.take_while(lambda i: i < 4))
)
elements(
    "scanned",
    lambda tf, d: d.range(5).apply(
        tf.data.experimental.scan(np.int64(1), lambda s, i: (s + i, (s, i)))
    ),
)
elements(
    "scanned_with_a_growing_state",
    lambda tf, d: d.range(3).apply(
        tf.data.experimental.scan(np.zeros(0, np.int64), lambda s, i: (tf.concat([s, [i]], 0), s))
    ),
)
elements("counted", lambda tf, d: tf.data.experimental.Counter(3, -2), 4)
elements(
    "grouped",
    lambda tf, d: d.range(10).apply(
        tf.data.experimental.group_by_window(
            lambda i: i % 3, lambda k, g: g.map(lambda i: (k, i)).batch(9), 2
        )
    ),
)
elements(
    "grouped_by_windows_of_their_own",
    lambda tf, d: d.range(12).apply(
        tf.data.experimental.group_by_window(
            lambda i: i % 3, lambda k, g: g.batch(9), window_size_func=lambda k: k + 1
        )
    ),
)
elements(
    "reduced_by_key",
    lambda tf, d: d.range(10).apply(
        tf.data.experimental.group_by_reducer(
            lambda i: i % 3,
            tf.data.experimental.Reducer(lambda k: k * 100, lambda s, i: s + i, lambda s: -s),
        )
    ),
)


def lengths(tf, d, **options):
    rows = d.from_tensor_slices([1, 6, 2, 3, 7, 1, 2]).map(lambda n: tf.range(n))
    return rows.apply(
        tf.data.experimental.bucket_by_sequence_length(
            lambda row: tf.size(row), [3, 5], [2, 2, 2], **options
        )
    )


elements("in_buckets", lambda tf, d: lengths(tf, d))
elements(
    "in_buckets_that_drop", lambda tf, d: lengths(tf, d, drop_remainder=True, padding_values=-1)
)


def interleaved(tf, d, count, *args, **options):
    def rows(i):
        return d.from_tensors(i).repeat(i % 4 + 1).enumerate().map(lambda at, j: 10 * j + at)

    return d.range(count).interleave(rows, *args, **options)


elements("interleaved", lambda tf, d: interleaved(tf, d, 6, 3))
elements("interleaved_by_blocks", lambda tf, d: interleaved(tf, d, 7, 2, 2))
elements("interleaved_more_than_there_are", lambda tf, d: interleaved(tf, d, 2, 5))
elements("interleaved_one_by_one", lambda tf, d: interleaved(tf, d, 3, 1))
elements("interleaved_in_parallel", lambda tf, d: interleaved(tf, d, 7, 3, 2, num_parallel_calls=3))
elements(
    "interleaved_in_parallel_one_each",
    lambda tf, d: interleaved(tf, d, 9, 2, 1, num_parallel_calls=2),
)
elements(
    "interleaved_as_of_old",
    lambda tf, d: d.range(7).apply(
        tf.contrib.data.parallel_interleave(lambda i: d.from_tensors(i).repeat(i % 4 + 1), 3, 2)
    ),
)
elements(
    "chosen",
    lambda tf, d: tf.data.experimental.choose_from_datasets(
        [d.range(3), d.range(10, 20)], d.from_tensor_slices(np.array([0, 1, 1, 0, 0, 0, 1, 1]))
    ),
)
elements(
    "sampled",
    lambda tf, d: tf.data.experimental.sample_from_datasets(
        [d.range(5), d.range(10, 15), d.range(20, 30)], [0.2, 0.3, 0.5], seed=7
    ),
)
elements("random_numbers", lambda tf, d: tf.data.experimental.RandomDataset(seed=4), 5)


# ---- orders ------------------------------------------------------------------------------------


def orders(name, build, graph_seed=None):
    def run(tf):
        if graph_seed is not None:
            tf.set_random_seed(graph_seed)
        return again(tf, build(tf, tf.data.Dataset))

    CASES[name] = run


orders("shuffled", lambda tf, d: d.range(12).shuffle(4, seed=3))
orders("shuffled_all", lambda tf, d: d.range(12).shuffle(100, seed=3))
orders("shuffled_by_the_graph", lambda tf, d: d.range(12).shuffle(12), 5)
orders("shuffled_by_both", lambda tf, d: d.range(12).shuffle(12, seed=1), 5)
orders("shuffled_by_seeds_of_zero", lambda tf, d: d.range(12).shuffle(12, seed=0), 0)
orders("shuffled_and_repeated", lambda tf, d: d.range(7).shuffle(4, seed=3).repeat(3))
orders(
    "shuffled_batched_and_repeated", lambda tf, d: d.range(7).shuffle(7, seed=3).batch(4).repeat(3)
)
orders("shuffled_once_and_repeated", lambda tf, d: d.range(7).shuffle(7, 3, False).repeat(2))
orders("repeated_and_shuffled", lambda tf, d: d.range(4).repeat(3).shuffle(5, seed=3))
orders("repeated_once", lambda tf, d: d.range(7).shuffle(7, seed=3).repeat(1))
orders(
    "repeated_twice",
    lambda tf, d: d.range(5).shuffle(5, seed=3).map(lambda i: i).repeat(2).repeat(2),
)
orders("shuffled_twice", lambda tf, d: d.range(7).shuffle(3, seed=3).shuffle(3, seed=4).repeat(2))
orders(
    "shuffled_and_repeated_in_one",
    lambda tf, d: d.range(7).apply(tf.data.experimental.shuffle_and_repeat(4, 2, seed=3)),
)
orders(
    "shuffled_inside", lambda tf, d: d.range(3).flat_map(lambda i: d.range(5).shuffle(5, seed=2))
)
orders(
    "shuffled_inside_by_the_graph",
    lambda tf, d: d.range(3).flat_map(lambda i: d.range(5).shuffle(5)),
    6,
)
orders(
    "random_in_a_function",
    lambda tf, d: d.range(3).map(lambda i: tf.random_uniform([2], seed=4)).repeat(2),
)
orders(
    "random_by_the_graph",
    lambda tf, d: d.range(3).map(lambda i: (tf.random_normal([]), tf.random_uniform([]))),
    8,
)
orders("a_buffer_of_none", lambda tf, d: d.range(3).shuffle(0, seed=1))


@case
def shuffled_in_a_structure(tf):
    data = tf.data.Dataset.range(6).shuffle(6, seed=3).repeat(2)
    iterator = tf.data.Iterator.from_structure(tf.int64, [])
    start, fetches = iterator.make_initializer(data), iterator.get_next()
    found = []
    with tf.Session() as session:
        for _ in range(2):
            session.run(start)
            found.append(drained(tf, session, fetches))
    return found


# ---- errors on the way -------------------------------------------------------------------------


def inverse(tf):
    return lambda i: tf.check_numerics(1.0 / tf.to_float(i - 2), "infinite")


elements("one_that_fails", lambda tf, d: d.range(5).map(inverse(tf)))
elements("one_that_fails_in_a_batch", lambda tf, d: d.range(6).map(inverse(tf)).batch(2))
elements("one_that_fails_again", lambda tf, d: d.range(4).map(inverse(tf)).repeat(2))
elements(
    "one_that_fails_unseen",
    lambda tf, d: d.range(5).map(inverse(tf)).apply(tf.data.experimental.ignore_errors()),
)
elements(
    "one_that_fails_in_a_shuffle", lambda tf, d: d.range(6).map(inverse(tf)).shuffle(3, seed=1)
)
elements(
    "one_that_fails_in_a_filter", lambda tf, d: d.range(5).filter(lambda i: inverse(tf)(i) > 0)
)
elements(
    "one_that_fails_in_a_flat_map",
    lambda tf, d: d.range(3).flat_map(lambda i: d.range(4).map(inverse(tf))),
)
elements("one_that_fails_in_a_zip", lambda tf, d: d.zip((d.range(5).map(inverse(tf)), d.range(5))))
elements(
    "batches_that_do_not_fit", lambda tf, d: d.range(1, 5).map(lambda i: tf.fill([i], i)).batch(2)
)


@case
def asserted_without_being_used(tf):
    def checked(i):
        tf.Assert(i < 2, [i])
        return i + 1

    return once(tf, tf.data.Dataset.range(4).map(checked))


@case
def called_without_being_used(tf):
    seen = []

    def look(i):
        tf.py_func(lambda v: seen.append(int(v)), [i], [])
        return i

    once(tf, tf.data.Dataset.range(3).map(look))
    return seen


@case
def not_initialized(tf):
    fetches = tf.data.Dataset.range(3).make_initializable_iterator().get_next()
    with tf.Session() as session:
        session.run(fetches)


@case
def at_the_end(tf):
    fetches = tf.data.Dataset.range(0).make_one_shot_iterator().get_next()
    with tf.Session() as session:
        session.run(fetches)


@case
def an_element_of_another_shape(tf):
    data = tf.data.Dataset.from_tensors(tf.placeholder_with_default([1, 2, 3], None))
    iterator = tf.data.Iterator.from_structure(tf.int32, [2])
    start, fetches = iterator.make_initializer(data), iterator.get_next()
    with tf.Session() as session:
        session.run(start)
        session.run(fetches)


@case
def single_elements(tf):
    data = tf.data.Dataset.range(5)
    single = tf.data.experimental.get_single_element
    with tf.Session() as session:
        return session.run([single(data.take(1)), single(data.batch(5))])


@case
def no_single_element(tf):
    with tf.Session() as session:
        session.run(tf.data.experimental.get_single_element(tf.data.Dataset.range(0)))


@case
def two_single_elements(tf):
    with tf.Session() as session:
        session.run(tf.data.experimental.get_single_element(tf.data.Dataset.range(2)))


@case
def reductions(tf):
    data = tf.data.Dataset.range(5)
    total = data.reduce(np.int64(0), lambda s, i: s + i)
    both = data.reduce((np.int64(0), 1.0), lambda s, i: (s[0] + i, s[1] * 2))
    with tf.Session() as session:
        return session.run([total, both])


# ---- memory ------------------------------------------------------------------------------------


@case
def cached(tf):
    seen = []

    def look(i):
        seen.append(int(i))
        return i

    data = tf.data.Dataset.range(3).map(lambda i: tf.py_func(look, [i], tf.int64)).cache()
    found = again(tf, data.repeat(2))
    return [found, seen]


@case
def cached_in_part(tf):
    seen = []

    def look(i):
        seen.append(int(i))
        return i

    data = tf.data.Dataset.range(5).map(lambda i: tf.py_func(look, [i], tf.int64)).cache()
    found = once(tf, data.take(2).repeat(2))
    return [found, seen]


# ---- generators --------------------------------------------------------------------------------


@case
def generated(tf):
    def numbers():
        yield from range(3)

    data = tf.data.Dataset.from_generator(numbers, tf.int32, [])
    return again(tf, data.repeat(2).batch(4))


@case
def generated_with_arguments(tf):
    def numbers(count, text):
        for i in range(count):
            yield i, {"k": [float(i)] * i, "t": text.decode() + str(i)}

    data = tf.data.Dataset.from_generator(
        numbers, (tf.int64, {"k": tf.float32, "t": tf.string}), args=(tf.constant(3), "n")
    )
    return once(tf, data)


def yields(name, value, *told):
    def run(tf):
        types = [getattr(tf, t) if isinstance(t, str) else t for t in told]
        return once(tf, tf.data.Dataset.from_generator(lambda: iter([value]), *types), 3)

    CASES["yields_" + name] = run


yields("an_int_for_a_float", 1, "float32")
yields("a_float_for_an_int", 1.5, "int32")
yields("text_for_a_number", "a", "int32")
yields("another_shape", [1, 2], "int32", [3])
yields("a_list_for_a_vector", [1, 2], "int64", [None])
yields("bytes", b"ab", "string", [])


@case
def a_generator_that_fails(tf):
    def numbers():
        yield 1
        raise ValueError("no more")

    return once(tf, tf.data.Dataset.from_generator(numbers, tf.int32), 4)


# ---- iterators ---------------------------------------------------------------------------------


@case
def sessions_have_places_of_their_own(tf):
    fetches = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    with tf.Session() as one, tf.Session() as other:
        return [one.run(fetches), one.run(fetches), other.run(fetches), one.run(fetches)]


@case
def several_fetches_of_one_iterator(tf):
    iterator = tf.data.Dataset.range(6).make_one_shot_iterator()
    a, b = iterator.get_next(), iterator.get_next()
    with tf.Session() as session:
        return [sorted(session.run([a, b])), session.run([a, a]), session.run([a * 2, a + 1])]


@case
def elements_that_are_fed(tf):
    element = tf.data.Dataset.range(3).make_one_shot_iterator().get_next()
    with tf.Session() as session:
        return [session.run(element * 2, {element: 7}), session.run(element)]


@case
def shared_names(tf):
    data = tf.data.Dataset.range(5)
    one = data.make_initializable_iterator(shared_name="s")
    other = tf.data.Iterator.from_structure(tf.int64, [], shared_name="s")
    with tf.Session() as session:
        session.run(one.initializer)
        return [session.run(i.get_next()) for i in (one, other, one)]


@case
def handles_that_are_fed(tf):
    handle = tf.placeholder(tf.string, [])
    element = tf.data.Iterator.from_string_handle(handle, tf.int64, []).get_next()
    one = tf.data.Dataset.range(3).make_one_shot_iterator()
    other = tf.data.Dataset.range(10, 13).make_initializable_iterator()
    with tf.Session() as session:
        a, b = session.run([one.string_handle(), other.string_handle()])
        session.run(other.initializer)
        return [session.run(element, {handle: h}) for h in (a, b, a, b)] + [a != b]


@case
def a_handle_of_nothing(tf):
    handle = tf.placeholder(tf.string, [])
    element = tf.data.Iterator.from_string_handle(handle, tf.int64, []).get_next()
    with tf.Session() as session:
        session.run(element, {handle: b"nothing"})


@case
def a_handle_of_another_type(tf):
    handle = tf.placeholder(tf.string, [])
    element = tf.data.Iterator.from_string_handle(handle, tf.float32, []).get_next()
    one = tf.data.Dataset.range(3).make_one_shot_iterator()
    with tf.Session() as session:
        session.run(element, {handle: session.run(one.string_handle())})


@case
def placeholders_of_a_dataset(tf):
    rows = tf.placeholder(tf.float32, [None, 2])
    iterator = tf.data.Dataset.from_tensor_slices(rows).make_initializable_iterator()
    element = iterator.get_next()
    found = []
    with tf.Session() as session:
        for array in (np.eye(2), np.ones((1, 2))):
            session.run(iterator.initializer, {rows: array})
            found.append(drained(tf, session, element))
    return found


@case
def variables_in_functions(tf):
    variable = tf.Variable(np.int64(100), use_resource=True)
    data = tf.data.Dataset.range(3).map(lambda i: i + variable)
    iterator = data.make_initializable_iterator()
    element = iterator.get_next()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        session.run(iterator.initializer)
        found = [session.run(element)]
        session.run(variable.assign_add(1))
        return [*found, session.run(element)]


@case
def iterators_over_one_structure(tf):
    train, test = tf.data.Dataset.range(3), tf.data.Dataset.range(100, 102)
    iterator = tf.data.Iterator.from_structure(train.output_types, train.output_shapes)
    element = iterator.get_next()
    starts = [iterator.make_initializer(d) for d in (train, test)]
    found = []
    with tf.Session() as session:
        for start in (*starts, starts[0]):
            session.run(start)
            found.append(drained(tf, session, element))
    return found


@case
def what_a_dataset_says_of_itself(tf):
    data = tf.data.Dataset.from_tensor_slices((np.zeros([3, 2], np.float32), {"a": [1, 2, 3]}))
    batches = data.batch(2)
    shown = [
        repr(d)
        for d in (
            data,
            batches,
            data.repeat().shuffle(3),
            data.padded_batch(2, ([None], {"a": []}), drop_remainder=True),
            tf.data.Dataset.range(3).filter(lambda i: i > 1),
            tf.data.TextLineDataset(["a"]),
            tf.data.TFRecordDataset("a"),
            tf.data.Dataset.from_generator(lambda: [], tf.int32),
            tf.data.Dataset.zip((tf.data.Dataset.range(3), data)),
        )
    ]
    return [*shown, str(data.output_types), str(data.output_shapes), str(batches.output_shapes)]


# ---- control flow in functions -----------------------------------------------------------------


elements(
    "branches", lambda tf, d: d.range(4).map(lambda i: tf.cond(i > 1, lambda: i * 10, lambda: -i))
)
elements(
    "loops",
    lambda tf, d: d.range(4).map(
        lambda i: tf.while_loop(lambda v: v < 5, lambda v: v + i + 1, [i])
    ),
)
elements(
    "nested_functions",
    lambda tf, d: d.range(3).flat_map(
        lambda i: d.range(2).map(lambda j: tf.cond(j > 0, lambda: i * 10 + j, lambda: i))
    ),
)
elements(
    "map_fn_inside",
    lambda tf, d: d.range(3).map(lambda i: tf.map_fn(lambda v: v * i, tf.range(tf.to_int64(3)))),
)


# ---- sparse elements ---------------------------------------------------------------------------


@case
def sparse_elements(tf):
    sparse = tf.SparseTensor([[0, 0], [1, 2], [2, 1]], [1.0, 2.0, 3.0], [3, 4])
    data = tf.data.Dataset.from_tensor_slices((sparse, [1, 2, 3]))
    rows = once(tf, data.map(lambda s, i: (tf.sparse_tensor_to_dense(s), i)))
    batches = once(tf, data.batch(2).map(lambda s, i: (s.indices, s.values, s.dense_shape)))
    return [rows, batches]


# ---- files -------------------------------------------------------------------------------------


def written(text, name="f"):
    path = os.path.join(tempfile.mkdtemp(), name)
    with open(path, "wb") as file:
        file.write(text)
    return path


def lines(name, text):
    CASES["lines_" + name] = lambda tf: once(tf, tf.data.TextLineDataset(written(text)))


lines("of_text", b"one\ntwo\n\nfour")
lines("of_windows", b"one\r\ntwo\r\n")
lines("with_returns_inside", b"a\rb\n\r\n\r")
lines("of_nothing", b"")
lines("of_an_empty_line", b"\n")


@case
def lines_of_several_files(tf):
    paths = [written(b"a\nb"), written(b"c\n")]
    return once(tf, tf.data.TextLineDataset(paths).skip(1))


@case
def lines_of_a_missing_file(tf):
    return once(tf, tf.data.TextLineDataset(["/no/such/file"]), 1)


@case
def lines_compressed_in_an_odd_way(tf):
    return once(tf, tf.data.TextLineDataset(written(b"x"), "LZ4"))


@case
def lines_of_compressed_files(tf):
    import gzip
    import zlib

    text = b"one\ntwo\n" * 3
    return [
        once(tf, tf.data.TextLineDataset(written(gzip.compress(text)), "GZIP")),
        once(tf, tf.data.TextLineDataset(written(zlib.compress(text)), "ZLIB")),
    ]


@case
def fixed_records(tf):
    path = written(b"HHaabbccF")
    data = tf.data.FixedLengthRecordDataset([path, path], 2, header_bytes=2, footer_bytes=1)
    return once(tf, data)


@case
def fixed_records_that_do_not_fit(tf):
    return once(tf, tf.data.FixedLengthRecordDataset(written(b"HHaabbcF"), 2, 2, 1), 1)


@case
def records(tf):
    found = []
    kinds = tf.python_io.TFRecordCompressionType
    for kind, name in ((kinds.NONE, ""), (kinds.GZIP, "GZIP"), (kinds.ZLIB, "ZLIB")):
        path = written(b"")
        with tf.python_io.TFRecordWriter(path, tf.python_io.TFRecordOptions(kind)) as writer:
            for i in range(3):
                writer.write(b"record %d" % i)
        found.append(once(tf, tf.data.TFRecordDataset(path, compression_type=name)))
        found.append(once(tf, tf.data.TFRecordDataset([path, path], name, num_parallel_reads=2)))
    return found


@case
def records_of_no_records(tf):
    return once(tf, tf.data.TFRecordDataset(written(b"this is no file of records")))


@case
def files_by_name(tf):
    folder = tempfile.mkdtemp()
    for name in ("b.txt", "a.txt", "c.csv"):
        with open(os.path.join(folder, name), "w") as file:
            file.write(name)
    pattern = os.path.join(folder, "*.txt")
    paths = once(tf, tf.data.Dataset.list_files(pattern, shuffle=False))
    texts = tf.data.Dataset.list_files([pattern], seed=1).flat_map(tf.data.TextLineDataset)
    return [[os.path.basename(p).decode() for p in paths], sorted(once(tf, texts))]


@case
def no_file_of_that_name(tf):
    iterator = tf.data.Dataset.list_files(
        os.path.join(tempfile.mkdtemp(), "*")
    ).make_initializable_iterator()
    with tf.Session() as session:
        session.run(iterator.initializer)


@case
def records_of_comma_separated_values(tf):
    def rows(content, defaults, **options):
        made = tf.data.experimental.CsvDataset(written(content), defaults, **options)
        return once(tf, made)

    real, text, whole = tf.float32, tf.string, tf.int32
    return [
        rows(b"1,2\n3,4\n", [real, whole]),
        rows(b"a,b\r\n1,2\r\n3,4", [real, whole], header=True),
        rows(b"1,2\n\n3,4\n", [real, whole]),
        rows(b"1,\n,4\n", [[0.0], [7]]),
        rows(b"1,\n3,4\n", [real, whole]),
        rows(b'"a,""b\nc",2\n"x",y\n', [text, text]),
        rows(b'"a\r\nc",2\r\n', [text, text]),
        rows(b'a"b,2\n1,2\n', [text, text]),
        rows(b'"a"b,2\n1,2\n', [text, text]),
        rows(b'a"b,2\n"1",2\n', [text, text], use_quote_delim=False),
        rows(b"1;NA;3\n4;5;6", [[1.0], [9]], field_delim=";", na_value="NA", select_cols=[0, 1]),
        rows(b"1,2,3\n1\n4,5\nx,6\n7,8\n", [real, real]),
        rows(b"", [real]),
        rows(b"a,b\n", [real], header=True),
        rows(b"a,", [text, ["z"]]),
    ]
