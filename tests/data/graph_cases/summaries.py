"""The nodes of summaries."""

from __future__ import annotations

import numpy as np

CASES = {}
LINES = """
tf.summary.scalar("loss", x)
tf.summary.scalar("loss", 3)
tf.summary.scalar("a name (with) marks", 3.5)
tf.summary.scalar("/above", x)
tf.summary.scalar("loss", x, family="train")
tf.summary.scalar("loss", x, collections=["a", "b"])
tf.summary.scalar("loss", x, collections=[])
tf.summary.scalar("loss", "text")
tf.summary.scalar("loss", True)
tf.summary.histogram("h", v)
tf.summary.histogram("h", [1, 2, 3])
tf.summary.histogram("h", tf.constant([1, 2, 3]))
tf.summary.histogram(None, [1.0])
tf.summary.histogram("h", v, family="some family")
tf.summary.image("i", images)
tf.summary.image("i", images, 1)
tf.summary.image("i", tf.cast(images, tf.uint8), max_outputs=5, family="f")
tf.summary.image("i", images, 0)
tf.summary.image("i", tf.cast(images, tf.int32))
tf.summary.audio("s", tf.zeros([2, 8]), 44100)
tf.summary.audio("s", tf.zeros([2, 8, 1]), tf.constant(8000.0), max_outputs=1)
tf.summary.audio("s", tf.zeros([2, 8]), 44100, max_outputs=0)
tf.summary.text("t", tf.constant(["a", "b"]))
tf.summary.text("t", tf.constant(1))
tf.summary.tensor_summary("t", v)
tf.summary.tensor_summary("t", v, "what it is", display_name="shown", family="f")
tf.summary.merge([tf.summary.scalar("a", 1.0), tf.summary.scalar("b", 2.0)])
tf.summary.merge([tf.summary.scalar("a", 1.0)], name="all of them")
tf.summary.merge([tf.summary.scalar("a", 1.0)], collections=["c"])
tf.summary.merge([])
tf.summary.merge_all()
tf.summary.merge_all(scope="none")
tf.summary.merge_all(name="m") or tf.summary.scalar("a", 1.0)
"""


def build(line):
    def case(tf):
        given = {
            "tf": tf,
            "x": tf.placeholder(tf.float32, [], name="x"),
            "v": tf.Variable(np.ones((2, 3), np.float32), name="v"),
            "images": tf.placeholder(tf.float32, [None, 4, 4, 1], name="images"),
        }
        eval(line, given)
        with tf.name_scope("scope"):
            eval(line, given)
        eval(line, given)
        tf.summary.merge_all()

    return case


for line in LINES.strip().splitlines():
    CASES[line] = build(line)
