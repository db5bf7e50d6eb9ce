"""The bytes of summaries, and what event files hold."""

from __future__ import annotations

import os
import shutil
import tempfile
import warnings

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def described(tf, data):
    """The fields of a summary, pictures as pixels: order and compression are left open by the format."""
    summary = tf.Summary.FromString(data)
    pictures = [v.image.encoded_image_string for v in summary.value if v.HasField("image")]
    for value in summary.value if pictures else ():
        value.image.ClearField("encoded_image_string")
    with tf.Session() as sess:
        return fields(summary), [sess.run(tf.image.decode_png(p)) for p in pictures]


def fields(value):
    """A message as lists of name and value."""
    if hasattr(value, "ListFields"):
        return [[field.name, fields(v)] for field, v in value.ListFields()]
    if isinstance(value, (bool, int, float, str, bytes)):
        return np.float64(value) if isinstance(value, float) else value
    return [fields(v) for v in value]


NAN, INF = float("nan"), float("inf")
LINES = """
tf.summary.scalar("a", 1.5)
tf.summary.scalar("a", np.float64(1e300))
tf.summary.scalar("a", np.int64(2**40))
tf.summary.scalar("a", np.float16(0.1))
tf.summary.scalar("a", float("nan"))
tf.summary.scalar("a", -float("inf"))
tf.summary.scalar("a", [1.0, 2.0])
tf.summary.scalar("a b", 1.5, family="c")
tf.summary.histogram("h", [1.0, 2.0, 2.5, -3.0])
tf.summary.histogram("h", np.arange(10))
tf.summary.histogram("h", np.zeros([0], np.float32))
tf.summary.histogram("h", np.float64([1e-20, 1e30]))
tf.summary.histogram("h", [1.0, float("nan")])
tf.summary.histogram("h", [1.0, float("inf")])
tf.summary.histogram("h", 7.0)
tf.summary.image("i", np.arange(48, dtype=np.uint8).reshape(4, 2, 2, 3))
tf.summary.image("i", np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1) - 5, 1)
tf.summary.image("i", np.float32([[[[float("nan")], [1.0]]]]))
tf.summary.image("i", np.zeros((1, 2, 2, 2), np.float32))
tf.summary.image("i", np.zeros((2, 2, 3), np.float32))
tf.summary.audio("s", np.sin(np.arange(20, dtype=np.float32)).reshape(2, 10), 8000)
tf.summary.audio("s", np.ones((5, 4, 2), np.float32), 8000.0, max_outputs=2)
tf.summary.audio("s", np.ones((5,), np.float32), 8000.0)
tf.summary.text("t", tf.constant("hello"))
tf.summary.text("t", tf.constant([["a", "b"], ["c", "d"]]))
tf.summary.tensor_summary("t", np.arange(3))
tf.summary.tensor_summary("t", 1.5, "described", display_name="shown")
tf.summary.merge([tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 2.0)])
tf.summary.merge([tf.summary.merge([tf.summary.scalar("a", 1.0)]), tf.constant(["", ""])])
tf.summary.merge([tf.constant("nonsense")])
tf.raw_ops.MergeSummary(inputs=[tf.summary.scalar("a", 1.0)] * 2)
tf.raw_ops.ScalarSummary(tags=["x", "y"], values=[1.0, 2.0])
tf.raw_ops.ScalarSummary(tags=["x", "y"], values=[1.0])
tf.raw_ops.TensorSummary(tensor=[1, 2], name="node")
tf.raw_ops.ImageSummary(tag=["a"], tensor=np.zeros((1, 1, 1, 1), np.float32))
"""


def made(line):
    def run(tf):
        summary = eval(line, {"tf": tf, "np": np})
        with tf.Session() as sess:
            return described(tf, sess.run(summary))

    return run


for line in LINES.strip().splitlines():
    CASES[line] = made(line)


@case
def merge_all(tf):
    x = tf.placeholder(tf.float32, [])
    tf.summary.scalar("x", x)
    with tf.name_scope("scope"):
        tf.summary.histogram("h", x * [1.0, 2.0])
    tf.summary.scalar("other", x, collections=["others"])
    merged = tf.summary.merge_all()
    with tf.Session() as sess:
        return [
            described(tf, sess.run(merged, {x: 2.0})),
            described(tf, sess.run(tf.summary.merge_all("others"), {x: 3.0})),
            described(tf, sess.run(tf.summary.merge_all(scope="scope"), {x: 3.0})),
            tf.summary.merge_all("none"),
            [t.name for t in tf.get_collection(tf.GraphKeys.SUMMARIES)],
        ]


def events(tf, folder):
    found = []
    for name in sorted(os.listdir(folder)):
        for event in tf.train.summary_iterator(os.path.join(folder, name)):
            what = event.WhichOneof("what")
            text = ""
            if what in ("summary", "session_log"):
                text = fields(getattr(event, what))
            elif what == "file_version":
                text = event.file_version
            elif what == "tagged_run_metadata":
                text = event.tagged_run_metadata.tag
            elif what == "graph_def":
                text = [n.name for n in tf.GraphDef.FromString(event.graph_def).node]
            elif what == "meta_graph_def":
                meta = tf.MetaGraphDef.FromString(event.meta_graph_def)
                text = sorted(meta.collection_def), [n.name for n in meta.graph_def.node]
            found.append([event.step, what, text])
    return found


def with_folder(run):
    def with_one(tf):
        folder = tempfile.mkdtemp()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return run(tf, os.path.join(folder, "logs"))
        finally:
            shutil.rmtree(folder)

    CASES[run.__name__] = with_one
    return run


@with_folder
def a_writer(tf, folder):
    x = tf.placeholder(tf.float32, [], name="x")
    summary = tf.summary.scalar("loss", x)
    text = tf.summary.text("text", tf.constant("a"))
    writer = tf.summary.FileWriter(folder)
    found = [os.listdir(folder), writer.get_logdir() == folder]
    with tf.Session() as sess:
        for step in range(3):
            writer.add_summary(sess.run(summary, {x: step * 0.5}), step)
            writer.add_summary(sess.run(text), np.int64(step))
    writer.add_summary(tf.Summary(value=[tf.Summary.Value(tag="own", simple_value=3.0)]))
    writer.add_session_log(tf.SessionLog(status=tf.SessionLog.START), 5)
    writer.add_run_metadata(tf.RunMetadata(), "run", 6)
    writer.add_event(tf.Event(step=7))
    writer.flush()
    found.append(len(events(tf, folder)))
    writer.close()
    writer.add_summary(sess and tf.Summary(), 9)
    return found, events(tf, folder)


@with_folder
def a_writer_of_a_graph(tf, folder):
    tf.Variable(1.0, name="v")
    tf.constant(2.0, name="c")
    with tf.summary.FileWriter(folder, tf.get_default_graph(), filename_suffix=".end") as writer:
        writer.add_graph(tf.get_default_graph(), 3)
    (name,) = os.listdir(folder)
    return name.endswith(".end"), events(tf, folder)


@with_folder
def writers_used_wrongly(tf, folder):
    tf.constant(1)
    writer = tf.summary.FileWriter(folder)
    writer.add_run_metadata(tf.RunMetadata(), "t")
    found = []
    for call in (
        lambda: writer.add_run_metadata(tf.RunMetadata(), "t"),
        lambda: writer.add_graph(3),
        lambda: writer.add_graph(tf.get_default_graph(), graph_def=tf.GraphDef()),
        lambda: writer.add_meta_graph(3),
        lambda: writer.add_summary("text"),
    ):
        try:
            call()
            found.append("no error")
        except Exception as error:
            found.append(type(error).__name__)
    writer.close()
    return found


@with_folder
def cached_writers(tf, folder):
    cache = tf.summary.FileWriterCache
    same = cache.get(folder) is cache.get(folder)
    cache.get(folder).add_summary(tf.Summary(), 1)
    cache.clear()
    return same, cache.get(folder) is cache.get(folder), cache.clear()


@with_folder
def embeddings(tf, folder):
    projector = __import__(tf.__name__ + ".contrib.tensorboard.plugins.projector", fromlist=["x"])
    config = projector.ProjectorConfig()
    embedding = config.embeddings.add()
    embedding.tensor_name = "emb:0"
    embedding.metadata_path = "labels.tsv"
    embedding.sprite.single_image_dim.extend([28, 28])
    projector.visualize_embeddings(tf.summary.FileWriter(folder), config)
    with open(os.path.join(folder, "projector_config.pbtxt")) as file:
        return file.read()
