"""Parsing of Examples and of SequenceExamples: the nodes that the functions make."""

from __future__ import annotations

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def strings(tf, shape=(None,), name="serialized"):
    return tf.placeholder(tf.string, shape, name=name)


def features(tf):
    return {
        "a": tf.FixedLenFeature([], tf.int64),
        "b": tf.FixedLenFeature([2], tf.float32, [1.0, 2.0]),
        "c d": tf.FixedLenFeature([1, 2], tf.string, [["x", "y"]]),
        "tensor": tf.FixedLenFeature([], tf.float32, tf.constant(3.0)),
        "v": tf.VarLenFeature(tf.string),
        "u": tf.VarLenFeature(tf.float32),
        "s": tf.FixedLenSequenceFeature([2], tf.int64, allow_missing=True),
        "t": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
        "w x": tf.FixedLenSequenceFeature([], tf.float32, allow_missing=True, default_value=-1.0),
    }


def coordinates(tf):
    return {
        "one": tf.SparseFeature("i", "val", tf.float32, 10),
        "two": tf.SparseFeature(["i", "j"], "val", tf.float32, [10, 5]),
        "sorted": tf.SparseFeature(["j"], "other", tf.int64, [5], already_sorted=True),
    }


@case
def batch(tf):
    tf.parse_example(strings(tf), features(tf))


@case
def batch_of_known_size(tf):
    tf.parse_example(strings(tf, [3]), features(tf), name="named")


@case
def batch_with_names(tf):
    look = {"a": tf.FixedLenFeature([], tf.int64)}
    tf.io.parse_example(strings(tf), look, example_names=["x", "y"])


@case
def batch_with_coordinates(tf):
    tf.parse_example(strings(tf), coordinates(tf))


@case
def batch_of_one_feature(tf):
    tf.parse_example(tf.constant(["a", "b"]), {"v": tf.VarLenFeature(tf.int64)}, "n")


@case
def single(tf):
    tf.parse_single_example(strings(tf, []), features(tf))


@case
def single_named(tf):
    tf.parse_single_example(strings(tf, []), features(tf), name="named")


@case
def single_of_any_rank(tf):
    tf.parse_single_example(strings(tf, None), features(tf))


@case
def single_of_text(tf):
    tf.io.parse_single_example("", {"v": tf.io.VarLenFeature(tf.int64)})


@case
def single_with_coordinates(tf):
    tf.parse_single_example(strings(tf, []), coordinates(tf))


@case
def single_with_name(tf):
    look = features(tf)
    del look["t"]
    tf.parse_single_example(strings(tf, []), look, example_names="who")


@case
def single_with_name_of_any_rank(tf):
    tf.parse_single_example(
        strings(tf, None),
        {"v": tf.VarLenFeature(tf.int64)},
        example_names=strings(tf, None, "names"),
    )


def contexts(tf):
    return {
        "a": tf.FixedLenFeature([], tf.int64),
        "b": tf.FixedLenFeature([2], tf.float32, [1.0, 2.0]),
        "v": tf.VarLenFeature(tf.string),
    }


def lists(tf):
    return {
        "s": tf.FixedLenSequenceFeature([2], tf.int64),
        "t": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
        "u": tf.VarLenFeature(tf.float32),
    }


@case
def sequences(tf):
    tf.io.parse_sequence_example(strings(tf), contexts(tf), lists(tf))


@case
def sequences_with_names(tf):
    tf.io.parse_sequence_example(
        strings(tf, [2]), contexts(tf), lists(tf), example_names=["x", "y"], name="named"
    )


@case
def sequences_of_lists_alone(tf):
    tf.io.parse_sequence_example(strings(tf), sequence_features=lists(tf))


@case
def sequences_of_contexts_alone(tf):
    tf.io.parse_sequence_example(strings(tf), contexts(tf))


@case
def single_sequence(tf):
    tf.parse_single_sequence_example(strings(tf, []), contexts(tf), lists(tf))


@case
def single_sequence_with_name(tf):
    tf.io.parse_single_sequence_example(
        strings(tf, []), contexts(tf), lists(tf), example_name="x", name="named"
    )


@case
def single_sequence_of_lists_alone(tf):
    tf.parse_single_sequence_example(strings(tf, []), sequence_features=lists(tf))


@case
def tensors(tf):
    data = tf.serialize_tensor([[1.0, 2.0]])
    tf.parse_tensor(data, tf.float32)
    tf.io.parse_tensor(tf.io.serialize_tensor("a", name="n"), tf.string, name="m")


@case
def json(tf):
    tf.decode_json_example(["{}", "{}"])
    tf.io.decode_json_example("{}", name="n")


def refused(name, make):
    def run(tf):
        tf.parse_example(strings(tf), make(tf))

    CASES["refused_" + name] = run


refused("nothing", lambda tf: {})
refused("type", lambda tf: {"a": tf.VarLenFeature(None)})
refused("shape", lambda tf: {"a": tf.FixedLenFeature(None, tf.int64)})
refused("open_shape", lambda tf: {"a": tf.FixedLenFeature([None], tf.int64)})
refused("half_open_shape", lambda tf: {"a": tf.FixedLenFeature([2, None], tf.int64)})
refused("sequence_that_must_be", lambda tf: {"a": tf.FixedLenSequenceFeature([], tf.int64)})
refused("something_else", lambda tf: {"a": tf.int64})
refused("other_type", lambda tf: {"a": tf.VarLenFeature(tf.int32)})
refused("other_dense_type", lambda tf: {"a": tf.FixedLenFeature([], tf.int32, 1)})
refused("default_of_another_shape", lambda tf: {"a": tf.FixedLenFeature([2], tf.int64, [1])})
refused(
    "keys_twice",
    lambda tf: {
        "a": tf.FixedLenFeature([], tf.int64),
        "b": tf.SparseFeature("a", "c", tf.int64, 3),
    },
)
refused(
    "types_in_conflict",
    lambda tf: {"a": tf.VarLenFeature(tf.string), "b": tf.SparseFeature("a", "c", tf.int64, 3)},
)
refused("coordinates_without_key", lambda tf: {"b": tf.SparseFeature("", "c", tf.int64, 3)})


@case
def refused_rank(tf):
    tf.parse_example(strings(tf, []), {"v": tf.VarLenFeature(tf.int64)})


@case
def refused_single_rank(tf):
    tf.parse_single_example(strings(tf), {"v": tf.VarLenFeature(tf.int64)})


@case
def refused_sequence_default(tf):
    look = {"s": tf.FixedLenSequenceFeature([], tf.int64, default_value=1)}
    tf.parse_single_sequence_example(strings(tf, []), sequence_features=look)


@case
def refused_sequence_nothing(tf):
    tf.io.parse_sequence_example(strings(tf))


@case
def refused_sequence_kind(tf):
    look = {"s": tf.FixedLenFeature([], tf.int64)}
    tf.parse_single_sequence_example(strings(tf, []), sequence_features=look)
