"""Lookup tables: the nodes that the functions make."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


@case
def from_files(tf):
    lookup = tf.contrib.lookup
    table = lookup.index_table_from_file("voc", num_oov_buckets=2)
    table.lookup(tf.constant(["a"]))
    with tf.name_scope("scope"):
        table = lookup.index_table_from_file("voc", vocab_size=3, default_value=5)
        table.size()
        names = tf.placeholder(tf.string, [])
        table = lookup.index_to_string_table_from_file(names, name="named")
        table.lookup(tf.constant([1], tf.int64))
    tf.tables_initializer()


@case
def from_pairs(tf):
    lookup = tf.contrib.lookup
    table = lookup.HashTable(lookup.KeyValueTensorInitializer(["a", "b"], [1, 2]), -1)
    table.lookup(tf.constant(["a"]))
    table.size(name="s")
    table.export()
    pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2], tf.string, tf.int64, name="kv")
    table = tf.lookup.StaticHashTable(pairs, -1, name="table")
    table.lookup(tf.SparseTensor([[0]], ["a"], [1]), name="l")
    table.export()
    lines = lookup.TextFileInitializer("f", tf.string, 0, tf.int64, 1, delimiter=",")
    lookup.HashTable(lines, -1, shared_name="shared", name="other")
    tf.tables_initializer(name="fill")


@case
def vocabularies(tf):
    pairs = tf.lookup.KeyValueTensorInitializer(["a", "b"], tf.constant([0, 1], tf.int64))
    table = tf.lookup.StaticVocabularyTable(pairs, 3)
    table.lookup(tf.constant(["a"]))
    table.size()
    table = tf.lookup.StaticVocabularyTable(None, 3, name="v")
    table.lookup(tf.constant(["a"]))
    table.size()
    assert table.initializer is not None
    lines = tf.lookup.TextFileInitializer("f", tf.int64, -2, tf.int64, -1)
    table = tf.lookup.StaticVocabularyTable(lines, 3, lookup_key_dtype=tf.int32)
    table.lookup(tf.constant([1]))


@case
def from_lists(tf):
    lookup = tf.contrib.lookup
    strong = lookup.StrongHashSpec((1, 2))
    table = lookup.index_table_from_tensor(["p", "q"], 5, name="named", hasher_spec=strong)
    table.lookup(tf.constant(["a"]))
    table.size()
    table = lookup.index_table_from_tensor(tf.constant([5, 6]), dtype=tf.int32)
    table.lookup(tf.constant([5], tf.int64))
    table = lookup.index_to_string_table_from_tensor(["p", "q"])
    table.lookup(tf.constant([5], tf.int64))
    lookup.string_to_index(tf.constant(["a"]), ["p"])
    lookup.index_to_string(tf.constant([1], tf.int64), ["p"])
    lookup.string_to_index_table_from_file("f")
    lookup.string_to_index_table_from_tensor(["p"])
    lookup.IdTableWithHashBuckets(None, 4).lookup(tf.constant(["a"]))


@case
def mutable(tf):
    lookup = tf.contrib.lookup
    table = lookup.MutableHashTable(tf.string, tf.int64, -1)
    table.insert(["a"], tf.constant([1], tf.int64))
    table.lookup(["a"])
    table.remove(tf.constant(["a"]))
    table.size()
    table.export()
    table = lookup.MutableHashTable(tf.int64, tf.float32, [0.0, 1.0], checkpoint=False, name="m")
    table.lookup(tf.constant([1], tf.int64))
    table.insert(tf.constant([1], tf.int64), [[1.0, 2.0]], name="i")


@case
def mutable_and_dense(tf):
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.int64, default_value=-1, empty_key=0, deleted_key=-9
    )
    table.lookup([1])
    table.insert([1], [2])
    table.remove(tf.constant([1], tf.int64))
    table.size()
    table.export()
    table = tf.contrib.lookup.MutableDenseHashTable(
        tf.int64, tf.float32, default_value=[1.0], empty_key=0, deleted_key=1
    )
    table.lookup([[1, 2]])


@case
def saved(tf):
    tf.contrib.lookup.MutableHashTable(tf.string, tf.int64, -1)
    tf.Variable(1.0)
    tf.train.Saver()


@case
def no_tables(tf):
    tf.tables_initializer()
    tf.initialize_all_tables()


def pairs(tf):
    return tf.contrib.lookup.KeyValueTensorInitializer(["a"], [1])


for name, fails in {
    "keys_of_another_type": lambda tf: tf.contrib.lookup.HashTable(pairs(tf), -1).lookup(
        tf.constant([1])
    ),
    "default_that_is_a_vector": lambda tf: tf.contrib.lookup.HashTable(pairs(tf), [-1]),
    "default_of_another_type": lambda tf: tf.contrib.lookup.HashTable(pairs(tf), "x"),
    "keys_without_values": lambda tf: tf.contrib.lookup.HashTable(
        tf.contrib.lookup.KeyValueTensorInitializer(["a", "b"], [1]), -1
    ),
    "no_file": lambda tf: tf.contrib.lookup.index_table_from_file(""),
    "no_words": lambda tf: tf.contrib.lookup.index_table_from_file("f", vocab_size=0),
    "buckets_below_none": lambda tf: tf.contrib.lookup.index_table_from_file("f", -1),
    "words_that_are_floats": lambda tf: tf.contrib.lookup.index_table_from_tensor([1.0]),
    "numbers_for_words": lambda tf: tf.contrib.lookup.index_table_from_tensor([1]),
    "no_list": lambda tf: tf.contrib.lookup.index_table_from_tensor(None),
    "short_secret": lambda tf: tf.contrib.lookup.StrongHashSpec((1,)),
    "no_buckets": lambda tf: tf.lookup.StaticVocabularyTable(pairs(tf), 0),
    "vocabulary_of_small_numbers": lambda tf: tf.lookup.StaticVocabularyTable(pairs(tf), 1),
    "column_that_is_none": lambda tf: tf.lookup.TextFileInitializer(
        "f", tf.string, -3, tf.int64, 0
    ),
    "line_numbers_as_text": lambda tf: tf.lookup.TextFileInitializer(
        "f", tf.string, -1, tf.int64, 0
    ),
    "lines_as_numbers": lambda tf: tf.lookup.TextFileInitializer("f", tf.string, 0, tf.int64, -2),
    "inserted_of_another_type": lambda tf: tf.contrib.lookup.MutableHashTable(
        tf.string, tf.int64, -1
    ).insert([1], [1]),
}.items():
    CASES.update({name: fails})
