"""Readers, files and staging areas: the nodes that the functions make."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


@case
def readers(tf):
    q = tf.FIFOQueue(10, tf.string, shapes=[[]])
    for reader in (
        tf.WholeFileReader(),
        tf.IdentityReader(name="same"),
        tf.TextLineReader(skip_header_lines=1),
        tf.TFRecordReader(),
        tf.FixedLengthRecordReader(4, header_bytes=2, hop_bytes=1),
    ):
        key, value = reader.read(q)
        tf.stack([key, value])
        found = reader.read_up_to(q, 3, name="some")
        tf.stack([found.keys, found.values])
        reader.num_records_produced()
        reader.num_work_units_completed()
        reader.reset()
        reader.read(q.queue_ref).value + "x"


@case
def files(tf):
    tf.read_file("name", name="n")
    tf.write_file("name", tf.placeholder(tf.string))
    tf.matching_files(["a*", "b"])
    tf.train.match_filenames_once("a*")
    tf.io.read_file(tf.placeholder(tf.string, []))


@case
def several_names_for_one_file(tf):
    tf.read_file(["a", "b"])


@case
def staging_areas(tf):
    area = tf.contrib.staging.StagingArea([tf.float32, tf.int32], shapes=[[2], None])
    area.put([tf.constant([1.0, 2.0]), tf.constant(3)])
    area.get()
    area.peek(0, name="look")
    area.size()
    area.clear()
    named = tf.contrib.staging.StagingArea([tf.float32], names=["x"], capacity=2)
    named.put({"x": tf.constant(1.0)})
    sorted(named.get())


@case
def staging_of_another_type(tf):
    tf.contrib.staging.StagingArea([tf.float32]).put([tf.constant(1)])
