"""A graph of datasets with functions, and what it gives: functions of `tf` (Python 3.7)."""

import numpy as np


def build(tf):
    """Several pipelines; what they give goes by the names that `found` asks for."""
    data, more = tf.data.Dataset, tf.data.experimental
    scale = tf.constant(2.0)

    def row(x, text):
        noise = tf.random_uniform([], seed=1)
        return {"x": x * scale, "noise": noise, "text": tf.string_join([text, tf.as_string(x)])}

    rows = data.from_tensor_slices((np.arange(8, dtype=np.float32), [b"a"] * 8)).map(row)
    rows = rows.filter(lambda e: e["x"] < 10).shuffle(4, seed=2).batch(2)
    iterator = rows.make_initializable_iterator()
    for name, value in sorted(iterator.get_next().items()):
        tf.identity(value, name=name)
    tf.group(iterator.initializer, name="init")

    def below(x):
        return data.range(x).map(lambda i: (i, tf.cond(i > 1, lambda: i * 10, lambda: -i)))

    pairs = data.range(5).flat_map(below).padded_batch(3, ([], []))
    for name, value in zip("ab", pairs.make_one_shot_iterator().get_next()):
        tf.identity(value, name=name)
    grouped = data.range(12).apply(
        more.group_by_window(lambda i: i % 3, lambda _, d: d.batch(2), window_size=2)
    )
    grouped = grouped.interleave(data.from_tensor_slices, cycle_length=2)
    tf.identity(grouped.make_one_shot_iterator().get_next(), name="grouped")
    zero = tf.constant(0, tf.int64)
    sums = data.range(6).apply(more.scan(zero, lambda c, i: (c + i, c)))
    sums = sums.apply(more.map_and_batch(lambda i: i * i, 2)).concatenate(
        data.from_tensors([1, 2]).map(lambda x: tf.cast(x, tf.int64))
    )
    tf.identity(sums.make_one_shot_iterator().get_next(), name="sums")
    tf.identity(data.range(5).reduce(tf.constant(3, tf.int64), lambda s, i: s * 2 + i), name="red")


def found(tf):
    """What the default graph gives."""
    with tf.Session() as session:
        session.run("init")
        return [
            drained(tf, session, ["noise:0", "text:0", "x:0"]),
            drained(tf, session, ["a:0", "b:0"]),
            drained(tf, session, "grouped:0"),
            drained(tf, session, "sums:0"),
            plain(session.run("red:0")),
        ]


def drained(tf, session, fetches):
    values = []
    while True:
        try:
            values.append(plain(session.run(fetches)))
        except tf.errors.OutOfRangeError:
            return values


def plain(value):
    """Arrays as lists, of numbers and texts."""
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, bytes):
        return value.decode()
    return plain(value.tolist()) if isinstance(value, (np.ndarray, np.generic)) else value
