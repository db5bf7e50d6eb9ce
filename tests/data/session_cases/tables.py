"""Lookup tables: what is found in them, and what is refused."""

from __future__ import annotations

import os
import shutil
import tempfile

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def filled(tf, fetches):
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(fetches)


def pairs(name, keys, values, default, wanted):
    """What a table of these pairs gives for the wanted keys."""

    def run(tf):
        lookup = tf.contrib.lookup
        table = lookup.HashTable(lookup.KeyValueTensorInitializer(keys, values), default)
        return filled(tf, [table.lookup(tf.constant(wanted)), table.size()])

    CASES["pairs_" + name] = run


pairs("of_text", ["a", "b"], [1, 2], -1, ["b", "c"])
pairs("of_numbers", np.array([1, 2]), ["x", "y"], "?", np.array([[1, 3], [2, 2]]))
pairs("named_twice_alike", ["a", "a"], [1, 1], -1, ["a"])
pairs("named_twice_otherwise", ["a", "a"], [1, 2], -1, ["a"])
pairs("with_floats", ["a", "b"], [1.5, 2.5], 0.0, ["b", "z"])
pairs("with_truths", ["a", "b"], [True, False], False, ["a", "b"])
pairs(
    "of_small_numbers",
    np.array([1, 2], "i4"),
    np.array([3, 4], "i4"),
    np.int32(0),
    np.array([1], "i4"),
)
pairs("asked_for_nothing", ["a"], [1], -1, np.zeros((0, 2), "S1"))


def from_file(name, text, wanted, **options):
    """What a table of the lines of a file gives."""

    def run(tf):
        folder = tempfile.mkdtemp()
        try:
            path = os.path.join(folder, "f")
            if text is not None:
                with open(path, "wb") as file:
                    file.write(text)
            given = {k: getattr(tf, v) if k == "key_dtype" else v for k, v in options.items()}
            table = tf.contrib.lookup.index_table_from_file(path, **given)
            return filled(tf, [table.lookup(tf.constant(wanted)), table.size()])
        finally:
            shutil.rmtree(folder)

    CASES["file_" + name] = run


COLUMNS = b"k1\t1\tx\nk2\t2\ty\n"
from_file("of_lines", b"a\nb\r\nc", ["a", "b", "c", "z", "b\r"])
from_file("with_an_empty_line", b"a\n\nc\n", ["a"])
from_file("with_buckets", b"a\nb\n", ["a", "b", "y", "z", "zz"], num_oov_buckets=3)
from_file("of_a_size", b"a\nb\nc\n", ["a", "b", "c"], vocab_size=2)
from_file("of_just_that_size", b"a\nb\nc\n", ["a", "b", "c"], vocab_size=3)
from_file("of_too_large_a_size", b"a\nb\nc\n", ["a"], vocab_size=4)
from_file("with_a_line_twice", b"a\nb\na\n", ["a"])
from_file("that_is_empty", b"", ["a"])
from_file("that_is_missing", None, ["a"])
from_file("of_columns", COLUMNS, ["x", "y", "k1"], key_column_index=2, value_column_index=1)
from_file(
    "of_commas", b"1,a\n5,b\n", ["a", "b"], key_column_index=1, value_column_index=0, delimiter=","
)
from_file("of_no_numbers", b"k1\tq\n", ["k1"], key_column_index=0, value_column_index=1)
from_file("of_too_few_columns", COLUMNS, ["x"], key_column_index=0, value_column_index=7)
from_file("of_numbers", b"7\n9\n", np.array([7, 8, 9]), key_dtype="int64")
from_file(
    "of_numbers_with_buckets",
    b"7\n9\n",
    np.array([7, 8, 9], "i4"),
    key_dtype="int32",
    num_oov_buckets=2,
)


@case
def numbers_to_words(tf):
    table = tf.contrib.lookup.index_to_string_table_from_tensor(["p", "q"], "U")
    return filled(tf, table.lookup(tf.constant([0, 1, 2, -1], tf.int64)))


@case
def words_to_numbers(tf):
    lookup = tf.contrib.lookup
    table = lookup.index_table_from_tensor(["p", "q"], num_oov_buckets=5)
    sparse = table.lookup(tf.SparseTensor([[0, 0], [0, 3]], ["q", "x"], [1, 4]))
    strong = lookup.index_table_from_tensor(
        ["p", "q"], num_oov_buckets=5, hasher_spec=lookup.StrongHashSpec((1, 2))
    )
    words = tf.constant([["p", "q"], ["r", "s"]])
    return filled(
        tf, [table.lookup(words), sparse.indices, sparse.values, table.size(), strong.lookup(words)]
    )


@case
def vocabulary(tf):
    values = tf.constant([0, 1], tf.int64)
    table = tf.lookup.StaticVocabularyTable(
        tf.lookup.KeyValueTensorInitializer(["a", "b"], values), 3
    )
    only = tf.lookup.StaticVocabularyTable(None, 4, name="v")
    words = tf.constant(["a", "zz", "b"])
    return filled(tf, [table.lookup(words), table.size(), only.lookup(words), only.size()])


@case
def not_filled(tf):
    lookup = tf.contrib.lookup
    table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a"], [1]), -1)
    with tf.Session() as session:
        assert session.run(table.size()) == 0
        session.run(table.lookup(tf.constant(["a"])))


@case
def filled_twice(tf):
    lookup = tf.contrib.lookup
    table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a"], [1]), -1)
    with tf.Session() as session:
        session.run(table.init)
        session.run(table.init)
        return session.run([table.size(), *table.export()])


@case
def mutable(tf):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    values = tf.constant([1, 2, 3], tf.int64)
    with tf.Session() as session:
        found = [session.run(table.size())]
        session.run(table.insert(["a", "b", "a"], values))
        found.append(session.run([table.lookup(["a", "c"]), table.size()]))
        session.run(table.remove(tf.constant(["a", "z"])))
        return [
            *found,
            session.run([table.lookup(["a", "b"]), table.size()]),
            session.run(table.export()),
        ]


@case
def mutable_with_tensors(tf):
    table = tf.contrib.lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 0.5])
    keys = tf.constant([1, 2], tf.int64)
    with tf.Session() as session:
        session.run(table.insert(keys, [[1.0, 2.0], [3.0, 4.0]]))
        return session.run([table.lookup(tf.constant([[2], [9]], tf.int64)), table.size()])


@case
def mutable_and_dense(tf):
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.int64, default_value=-1, empty_key=0, deleted_key=-9
    )
    with tf.Session() as session:
        session.run(table.insert([11, 12, 11], tf.constant([1, 2, 3], tf.int64)))
        found = [session.run([table.lookup([11, 13]), table.size()])]
        session.run(table.remove(tf.constant([11], tf.int64)))
        found.append(session.run([table.lookup([11, 12]), table.size()]))
        for op in (table.insert([0], tf.constant([1], tf.int64)), table.lookup([-9])):
            try:
                session.run(op)
            except tf.errors.InvalidArgumentError:
                found.append("refused")
        return found


@case
def dense_with_vectors(tf):
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.int64, default_value=[-1, -2], empty_key=[0, 0], deleted_key=[-9, 0]
    )
    values = tf.constant([[1, 2], [3, 4]], tf.int64)
    with tf.Session() as session:
        session.run(table.insert([[1, 2], [3, 4]], values))
        return session.run([table.lookup([[3, 4], [5, 5]]), table.size()])


@case
def dense_with_equal_keys(tf):
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.int64, default_value=-1, empty_key=0, deleted_key=0
    )
    with tf.Session() as session:
        session.run(table.size())


@case
def each_key_needs_a_value(tf):
    table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    values = tf.placeholder_with_default(np.array([1]), None)
    with tf.Session() as session:
        session.run(table.insert(["a", "b"], values))


@case
def saved_and_restored(tf):
    folder = tempfile.mkdtemp()
    try:
        table = tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1, name="t")
        fill = table.insert(["a", "b"], tf.constant([1, 2], tf.int64))
        more, find = table.insert(["c"], tf.constant([3], tf.int64)), table.lookup(["a", "b", "c"])
        saver = tf.train.Saver()
        with tf.Session() as session:
            session.run(fill)
            path = saver.save(session, os.path.join(folder, "m"))
        with tf.Session() as session:
            session.run(more)
            saver.restore(session, path)
            return session.run([find, table.size()])
    finally:
        shutil.rmtree(folder)
