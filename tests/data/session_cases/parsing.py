"""Examples and SequenceExamples: what is found in them, and what is refused."""

from __future__ import annotations

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def feature(tf, values):
    """The feature of some values; None is one that says nothing."""
    train = tf.train
    if values is None:
        return train.Feature()
    if isinstance(values, tuple):  # a kind, without values
        return train.Feature(**{values[0]: {"value": []}})
    if isinstance(values[0], float):
        return train.Feature(float_list=train.FloatList(value=values))
    if isinstance(values[0], int):
        return train.Feature(int64_list=train.Int64List(value=values))
    return train.Feature(bytes_list=train.BytesList(value=values))


def example(tf, **values):
    found = {key: feature(tf, v) for key, v in values.items()}
    return tf.train.Example(features=tf.train.Features(feature=found)).SerializeToString()


def sequence(tf, context=None, **lists):
    train = tf.train
    inside = {key: feature(tf, v) for key, v in (context or {}).items()}
    steps = {
        key: train.FeatureList(feature=[feature(tf, v) for v in values])
        for key, values in lists.items()
    }
    return train.SequenceExample(
        context=train.Features(feature=inside),
        feature_lists=train.FeatureLists(feature_list=steps),
    ).SerializeToString()


def in_order(found):
    return [found[key] for key in sorted(found)]


def both(name, look, make):
    """One case for a batch, and one for its first Example alone."""

    def batch(tf):
        with tf.Session() as session:
            return session.run(in_order(tf.parse_example(make(tf), look(tf))))

    def single(tf):
        with tf.Session() as session:
            return session.run(in_order(tf.parse_single_example(make(tf)[0], look(tf))))

    CASES["batch_" + name] = batch
    CASES["single_" + name] = single


def fixed(shape, dtype, default=None):
    return lambda tf: {"a": tf.FixedLenFeature(shape, getattr(tf, dtype), default)}


def ragged(dtype):
    return lambda tf: {"a": tf.VarLenFeature(getattr(tf, dtype))}


def opened(shape, dtype, default=None):
    return lambda tf: {"a": tf.FixedLenSequenceFeature(shape, getattr(tf, dtype), True, default)}


def rows(*values):
    return lambda tf: [example(tf, a=v) if v != "no" else example(tf, b=[1]) for v in values]


both("numbers", fixed([], "int64"), rows([1], [-2], [2**62]))
both("floats", fixed([2], "float32"), rows([1.5, 2.0], [0.1, -3.0]))
both("texts", fixed([1, 2], "string"), rows([b"a", b"bc"], [b"", b"\xff"]))
both("defaults", fixed([2], "int64", [7, 8]), rows("no", [1, 2], None))
both("default_alone", fixed([], "string", "x"), rows("no"))
both("required", fixed([], "int64"), rows("no"))
both("required_and_empty", fixed([], "int64"), rows(None, [1]))
both("default_for_an_empty_list", fixed([], "int64", 3), rows(("int64_list",), [1]))
both("of_another_kind", fixed([], "int64"), rows([1.0]))
both("of_another_kind_and_empty", fixed([], "int64", 3), rows(("float_list",)))
both("too_many_numbers", fixed([], "int64"), rows([1, 2]))
both("too_few_floats", fixed([3], "float32"), rows([1.0, 2.0]))
both("too_few_texts", fixed([3], "string"), rows([b"a"]))
both("nothing_at_all", fixed([0], "float32"), rows([1.0]))
both("nothing_and_nothing", fixed([0], "float32"), rows(("float_list",)))
both("ragged_numbers", ragged("int64"), rows([1, 2, 300], "no", [-1]))
both("ragged_floats", ragged("float32"), rows(("float_list",), [1.0], [2.0, 3.0]))
both("ragged_texts", ragged("string"), rows(None, [b"a", b"b"]))
both("ragged_of_another_kind", ragged("string"), rows([1]))
both("ragged_and_empty_of_another_kind", ragged("string"), rows(("int64_list",)))
both("ragged_and_nothing", ragged("float32"), rows("no", "no"))
both("open_numbers", opened([], "int64"), rows([1, 2, 3], "no", [4]))
both("open_pairs", opened([2], "float32"), rows([1.0, 2.0, 3.0, 4.0], [5.0, 6.0]))
both("open_with_padding", opened([], "string", "?"), rows([b"a"], [b"b", b"c"], None))
both("open_and_uneven", opened([2], "int64"), rows([1, 2, 3]))
both("open_of_another_kind", opened([2], "int64"), rows([1.0, 2.0]))
both("open_and_nothing", opened([2], "int64"), rows("no"))
both("broken", fixed([], "int64"), lambda tf: [b"\x0a\x7f", b""])
both("of_no_bytes", ragged("int64"), lambda tf: [b"", b""])
both("with_unknown_fields", fixed([], "int64"), lambda tf: [example(tf, a=[5]) + b"\x10\x01"] * 2)
both(
    "in_two_parts",
    lambda tf: {"a": tf.VarLenFeature(tf.int64), "b": tf.VarLenFeature(tf.int64)},
    lambda tf: [example(tf, a=[5]) + example(tf, b=[6])],
)
both("twice", fixed([], "int64"), lambda tf: [example(tf, a=[5]) + example(tf, a=[6])])


def part(number, data):
    """A field that holds bytes."""
    return bytes([number << 3 | 2, len(data)]) + data


def not_packed(tf):
    """Numbers one by one, as old writers leave them."""
    floats = part(2, b"\x0d\x00\x00\x80\x3f\x0d\x00\x00\x00\x40")
    wholes = part(3, b"\x08\x01\x08" + b"\xff" * 9 + b"\x01")
    entries = [
        part(1, part(1, key) + part(2, value)) for key, value in ((b"f", floats), (b"i", wholes))
    ]
    return [part(1, b"".join(entries))]


both(
    "not_packed",
    lambda tf: {"f": tf.FixedLenFeature([2], tf.float32), "i": tf.FixedLenFeature([2], tf.int64)},
    not_packed,
)


def mixed(tf):
    return {
        "n": tf.FixedLenFeature([], tf.int64),
        "f": tf.FixedLenFeature([2], tf.float32, [0.5, 0.25]),
        "s": tf.VarLenFeature(tf.string),
        "v": tf.VarLenFeature(tf.int64),
        "o": tf.FixedLenSequenceFeature([], tf.float32, True),
    }


both(
    "mixed",
    mixed,
    lambda tf: [
        example(tf, n=[1], f=[1.0, 2.0], s=[b"a", b"b"], v=[9], o=[1.0]),
        example(tf, n=[2], s=[b"c"], o=[1.0, 2.0]),
        example(tf, n=[3], f=[3.0, 4.0], v=[5, 6, 7], x=[1]),
    ],
)
both(
    "coordinates",
    lambda tf: {
        "one": tf.SparseFeature("i", "v", tf.float32, 10),
        "two": tf.SparseFeature(["i", "j"], "v", tf.float32, [10, 5]),
        "same": tf.SparseFeature("i", "v", tf.float32, 10, already_sorted=True),
    },
    lambda tf: [
        example(tf, i=[3, 1], j=[0, 4], v=[1.0, 2.0]),
        example(tf, i=[2], j=[1], v=[3.0]),
    ],
)


@case
def many_examples(tf):
    data = [
        example(tf, a=list(range(i % 5)) or None, b=[float(i)], c=[b"%d" % i] * (i % 3) or None)
        for i in range(100)
    ]
    found = tf.parse_example(
        data,
        {
            "a": tf.VarLenFeature(tf.int64),
            "b": tf.FixedLenFeature([1], tf.float32),
            "c": tf.FixedLenSequenceFeature([], tf.string, True),
        },
    )
    with tf.Session() as session:
        return session.run(in_order(found))


@case
def no_examples(tf):
    found = tf.parse_example(
        tf.zeros([0], tf.string),
        {
            "a": tf.VarLenFeature(tf.int64),
            "b": tf.FixedLenFeature([2], tf.float32),
            "c": tf.FixedLenSequenceFeature([2], tf.string, True),
        },
    )
    with tf.Session() as session:
        return session.run(in_order(found))


@case
def batch_with_names(tf):
    look = {"a": tf.FixedLenFeature([], tf.int64)}
    data = [example(tf, a=[1]), example(tf, a=[2])]
    with tf.Session() as session:
        return session.run(tf.parse_example(data, look, example_names=["x", "y"])["a"])


@case
def batch_with_names_and_a_mistake(tf):
    look = {"a": tf.FixedLenFeature([], tf.int64)}
    data = [example(tf, a=[1]), example(tf)]
    with tf.Session() as session:
        return session.run(tf.parse_example(data, look, example_names=["x", "y"])["a"])


@case
def batch_with_too_few_names(tf):
    look = {"a": tf.FixedLenFeature([], tf.int64)}
    with tf.Session() as session:
        return session.run(
            tf.parse_example([example(tf, a=[1])] * 2, look, example_names=["x"])["a"]
        )


@case
def single_with_name(tf):
    data = example(tf, n=[1], s=[b"a", b"b"], o=[1.0])
    with tf.Session() as session:
        return session.run(in_order(tf.parse_single_example(data, mixed(tf), example_names="who")))


@case
def default_of_another_shape(tf):
    default = tf.constant([1, 2], tf.int64)
    look = {"a": tf.FixedLenFeature([3], tf.int64, default)}
    with tf.Session() as session:
        return session.run(tf.parse_example([example(tf)], look)["a"])


CONTEXT = {"n": [1], "w": [b"a", b"b"]}


def context_look(tf):
    return {
        "n": tf.FixedLenFeature([], tf.int64),
        "m": tf.FixedLenFeature([2], tf.float32, [1.0, 2.0]),
        "w": tf.VarLenFeature(tf.string),
    }


def list_look(tf):
    return {
        "s": tf.FixedLenSequenceFeature([2], tf.int64),
        "t": tf.FixedLenSequenceFeature([], tf.string, allow_missing=True),
        "u": tf.VarLenFeature(tf.float32),
    }


def parts(found):
    return [in_order(part) for part in found]


def sequences(name, make, context=context_look, lists=list_look):
    """One case for a batch, and one for its first SequenceExample alone."""

    def batch(tf):
        found = tf.io.parse_sequence_example(make(tf), context(tf), lists(tf))
        with tf.Session() as session:
            return session.run(parts(found))

    def single(tf):
        found = tf.parse_single_sequence_example(make(tf)[0], context(tf), lists(tf))
        with tf.Session() as session:
            return session.run(parts(found))

    CASES["sequences_" + name] = batch
    CASES["single_sequence_" + name] = single


sequences(
    "of_all_kinds",
    lambda tf: [
        sequence(tf, CONTEXT, s=[[1, 2], [3, 4]], t=[[b"x"]], u=[[1.0], [2.0, 3.0], None]),
        sequence(tf, {"n": [2], "m": [5.0, 6.0]}, s=[[5, 6]], u=[("float_list",), [4.0]]),
        sequence(tf, {"n": [3]}, s=[]),
    ],
)
sequences("without_lists", lambda tf: [sequence(tf, CONTEXT, s=[])])
sequences("of_a_missing_list", lambda tf: [sequence(tf, CONTEXT)])
sequences("of_a_missing_context", lambda tf: [sequence(tf, {}, s=[[1, 2]])])
sequences("of_short_steps", lambda tf: [sequence(tf, CONTEXT, s=[[1, 2], [3]])])
sequences("of_an_empty_step", lambda tf: [sequence(tf, CONTEXT, s=[[1, 2], None])])
sequences("of_another_kind", lambda tf: [sequence(tf, CONTEXT, s=[[1.0, 2.0]])])
sequences("of_another_ragged_kind", lambda tf: [sequence(tf, CONTEXT, s=[], u=[[1]])])
sequences("of_another_context_kind", lambda tf: [sequence(tf, {"n": [1.0]}, s=[])])
sequences("of_a_long_context", lambda tf: [sequence(tf, {"n": [1, 2]}, s=[])])
sequences("of_broken_bytes", lambda tf: [b"\x0a\x7f"])
sequences(
    "of_no_bytes", lambda tf: [b""], lambda tf: {}, lambda tf: {"u": tf.VarLenFeature(tf.int64)}
)
sequences(
    "of_lists_alone",
    lambda tf: [sequence(tf, None, u=[[1.0]]), sequence(tf, None, u=[])],
    lambda tf: {},
    lambda tf: {"u": tf.VarLenFeature(tf.float32)},
)
sequences("of_contexts_alone", lambda tf: [sequence(tf, CONTEXT)] * 2, context_look, lambda tf: {})


@case
def sequences_with_names(tf):
    data = [sequence(tf, CONTEXT, s=[]), sequence(tf, {"n": [1]})]
    found = tf.io.parse_sequence_example(data, context_look(tf), list_look(tf), ["x", "y"])
    with tf.Session() as session:
        return session.run(parts(found))


@case
def tensors_there_and_back(tf):
    values = [
        tf.constant([[1.5, 2.0]]),
        tf.constant(3),
        tf.constant([True, False]),
        tf.constant([b"a", b"", b"\xff"]),
        tf.zeros([0, 3], tf.int64),
        tf.constant([1 + 2j], tf.complex64),
        tf.constant([1, 2], tf.uint8),
        tf.constant([0.5], tf.float16),
    ]
    data = [tf.serialize_tensor(v) for v in values]
    back = [tf.parse_tensor(d, v.dtype) for d, v in zip(data, values)]
    with tf.Session() as session:
        return session.run([data, back])


def message(name, make, dtype):
    def run(tf):
        with tf.Session() as session:
            return session.run(tf.parse_tensor(make(tf), getattr(tf, dtype)))

    CASES["tensor_" + name] = run


message("of_python", lambda tf: tf.make_tensor_proto([1, 2]).SerializeToString(), "int32")
message("repeated", lambda tf: tf.make_tensor_proto(7, shape=[3]).SerializeToString(), "int32")
message("of_another_type", lambda tf: tf.make_tensor_proto(7).SerializeToString(), "float32")
message("of_broken_bytes", lambda tf: b"\x0a\x7f", "float32")
message("of_no_bytes", lambda tf: b"", "float32")
message("of_several", lambda tf: [b"", b""], "float32")


@case
def json(tf):
    texts = [
        '{"features": {"feature": {"a": {"int64List": {"value": ["1", 2]}}}}}',
        '{"features": {"feature": {"a": {"int64List": {"value": []}}}}}',
        "{}",
    ]
    data = tf.decode_json_example(texts)
    found = tf.parse_example(data, {"a": tf.VarLenFeature(tf.int64)})
    with tf.Session() as session:
        return session.run(found["a"])


@case
def json_of_all_kinds(tf):
    text = (
        '{"features": {"feature": {"a": {"bytesList": {"value": ["YWI="]}}, '
        '"b": {"float_list": {"value": [1.5, "NaN"]}}}}}'
    )
    data = tf.decode_json_example(text)
    look = {"a": tf.FixedLenFeature([], tf.string), "b": tf.FixedLenFeature([2], tf.float32)}
    with tf.Session() as session:
        return session.run(in_order(tf.parse_single_example(data, look)))


def broken_json(name, text):
    def run(tf):
        with tf.Session() as session:
            return session.run(tf.decode_json_example(text))

    CASES["json_" + name] = run


broken_json("cut_short", "{")
broken_json("of_something_else", '{"a": 1}')
broken_json("of_a_wrong_type", '{"features": 3}')
