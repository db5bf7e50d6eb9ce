"""Readers of files, files as nodes, and staging areas."""

from __future__ import annotations

import gzip
import os
import shutil
import tempfile
import zlib

import numpy as np

CASES = {}


def with_folder(run):
    """The case, given a new folder; its name is cut out of what the case returns."""

    def case(tf):
        folder = tempfile.mkdtemp()
        try:
            return without(run(tf, folder), folder)
        finally:
            shutil.rmtree(folder)

    CASES[run.__name__] = case
    return run


def without(value, folder):
    if isinstance(value, (list, tuple)):
        return [without(v, folder) for v in value]
    if isinstance(value, bytes):
        return value.replace(folder.encode(), b"")
    if isinstance(value, np.ndarray) and value.dtype == object:
        return np.array([without(v, folder) for v in value.ravel()], object).reshape(value.shape)
    return value


def written(folder, **files):
    names = []
    for name, data in files.items():
        names.append(os.path.join(folder, name))
        with open(names[-1], "wb") as file:
            file.write(data)
    return names


def everything(tf, reader, names, at_once=None):
    """All that a reader hands out for these files, how it ends, and its counts."""
    q = tf.FIFOQueue(99, tf.string, shapes=[[]])
    op = reader.read(q) if at_once is None else reader.read_up_to(q, at_once)
    counts = [reader.num_records_produced(), reader.num_work_units_completed()]
    with tf.Session() as session:
        session.run(q.enqueue_many([names]))
        session.run(q.close())
        found = []
        while True:
            try:
                found.append(list(session.run(op)))
            except tf.errors.OpError as error:
                return [found, type(error).__name__, session.run(counts)]


TEXTS = {"a": b"one\r\ntw\ro\n\nlast", "b": b"", "c": b"x\n", "d": b"a\xc3\xa9\x00b\n"}
PIECES = b"HHaabbccddFF"


def reading(name, make, files, at_once=None):
    def run(tf, folder):
        return everything(tf, make(tf), written(folder, **files), at_once)

    run.__name__ = name
    with_folder(run)


reading("lines", lambda tf: tf.TextLineReader(), TEXTS)
reading("lines_but_the_first", lambda tf: tf.TextLineReader(skip_header_lines=1), TEXTS)
reading("lines_but_five", lambda tf: tf.TextLineReader(skip_header_lines=5), TEXTS)
reading("lines_by_three", lambda tf: tf.TextLineReader(), TEXTS, 3)
reading("whole_files", lambda tf: tf.WholeFileReader(), TEXTS)
reading("whole_files_by_two", lambda tf: tf.WholeFileReader(), TEXTS, 2)
reading("names", lambda tf: tf.IdentityReader(), TEXTS)
for _arguments in (
    (2, 2, 2, 0),
    (3, 2, 2, 0),
    (4, 0, 0, 2),
    (2, 0, 0, 5),
    (12, 0, 0, 0),
    (13, 0, 0, 0),
):
    reading(
        "pieces_" + "_".join(map(str, _arguments)),
        lambda tf, a=_arguments: tf.FixedLengthRecordReader(a[0], a[1], a[2], a[3]),
        {"f": PIECES, "e": b""},
    )
reading(
    "pieces_packed",
    lambda tf: tf.FixedLengthRecordReader(2, 2, 2, encoding="ZLIB"),
    {"f": zlib.compress(PIECES)},
)
reading("no_records", lambda tf: tf.TFRecordReader(), {"f": b"these are not records, far from it"})


@with_folder
def missing_file(tf, folder):
    [name] = written(folder, c=b"x\n")
    return everything(tf, tf.WholeFileReader(), [name, folder + "/nope", name])


@with_folder
def folder_instead_of_a_file(tf, folder):
    return everything(tf, tf.TextLineReader(), [folder])


@with_folder
def records(tf, folder):
    path = os.path.join(folder, "r")
    with tf.python_io.TFRecordWriter(path) as writer:
        for record in (b"abc", b"", b"defgh"):
            writer.write(record)
    return everything(tf, tf.TFRecordReader(), [path])


@with_folder
def reset(tf, folder):
    names = written(folder, a=b"1\n2\n", c=b"3\n")
    reader = tf.TextLineReader()
    q = tf.FIFOQueue(99, tf.string, shapes=[[]])
    op, again, count = reader.read(q), reader.reset(), reader.num_records_produced()
    with tf.Session() as session:
        session.run(q.enqueue_many([names]))
        found = [list(session.run(op))]
        session.run(again)
        return [*found, session.run(count), list(session.run(op))]


def queue_of_numbers(tf):
    q = tf.FIFOQueue(9, tf.int32, shapes=[[]])
    with tf.Session() as session:
        session.run(q.enqueue(1))
        session.run(tf.TextLineReader().read(q))


def queue_of_pairs(tf):
    q = tf.FIFOQueue(9, [tf.string, tf.string])
    with tf.Session() as session:
        session.run(q.enqueue(["a", "b"]))
        session.run(tf.TextLineReader().read(q))


def state_of_a_reader(tf):
    with tf.Session() as session:
        session.run(tf.TextLineReader().serialize_state())


CASES.update({f.__name__: f for f in (queue_of_numbers, queue_of_pairs, state_of_a_reader)})


@with_folder
def files(tf, folder):
    path = os.path.join(folder, "sub", "deep", "x")
    with tf.Session() as session:
        session.run(tf.write_file(path, "hello"))
        first = session.run(tf.read_file(path))
        session.run(tf.write_file(path, b"\xff\x00"))
        return [first, session.run([tf.read_file(path), tf.read_file("file://" + path)])]


@with_folder
def missing_contents(tf, folder):
    with tf.Session() as session:
        session.run(tf.read_file(folder + "/nope"))


@with_folder
def contents_of_a_folder(tf, folder):
    with tf.Session() as session:
        session.run(tf.read_file(folder))


@with_folder
def matching(tf, folder):
    os.makedirs(os.path.join(folder, "k", "l"))
    written(folder, **{".hidden": b"", "a": b"", "k/1.txt": b"", "k/2.txt": b"", "k/l/3.txt": b""})
    patterns = [
        "/*", "/k/*.txt", "/*/*.txt", "/k/?.txt", "/k/[12].txt", "/nope*", "/k", "/**/*.txt",
        "/k/{1,2}.txt", "/*/l/*",
    ]  # fmt: skip
    several = [folder + "/k/2*", folder + "/k/1*", folder + "/k/1.txt"]
    with tf.Session() as session:
        found = [session.run(tf.matching_files(folder + p)) for p in patterns]
        found.append(session.run(tf.matching_files(several)))
        once = tf.train.match_filenames_once(folder + "/k/*.txt")
        session.run(tf.local_variables_initializer())
        return [*found, session.run(once)]


def staged(tf):
    area = tf.contrib.staging.StagingArea([tf.float32, tf.string], shapes=[[2], []])
    x = tf.placeholder(tf.float32, [2])
    put, look, size, get = area.put([x, tf.constant("s")]), area.peek(1), area.size(), area.get()
    with tf.Session() as session:
        for value in ([1, 2], [3, 4], [5, 6]):
            session.run(put, {x: value})
        found = [session.run(size), session.run(look), session.run(get), session.run(size)]
        session.run(area.clear())
        return [*found, session.run(size)]


def staged_too_much(tf):
    area = tf.contrib.staging.StagingArea([tf.float32], memory_limit=4)
    with tf.Session() as session:
        session.run(area.put([tf.constant([1.0, 2.0])]))


CASES.update({f.__name__: f for f in (staged, staged_too_much)})


def unpacked(name, data, kind):
    def run(tf):
        with tf.Session() as session:
            return session.run(tf.decode_compressed(data, kind))

    CASES["decompressed_" + name] = run


_ZLIB, _GZIP = zlib.compress(b"hello" * 3), gzip.compress(b"hello")
unpacked("nothing", [b"a", b"b"], "")
unpacked("zlib", [[_ZLIB, _ZLIB]], "ZLIB")
unpacked("gzip", _GZIP, "GZIP")
unpacked("two_of_gzip", _GZIP + _GZIP, "GZIP")
unpacked("cut_short", _ZLIB[:4], "ZLIB")
unpacked("empty", b"", "ZLIB")
unpacked("of_another_kind", _ZLIB, "GZIP")
unpacked("junk", b"junk", "ZLIB")
unpacked("of_an_unknown_kind", _ZLIB, "FOO")
