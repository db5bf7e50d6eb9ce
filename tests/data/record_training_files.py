"""Record the files that a training with TensorFlow 1.15.5 leaves behind: `python record_training_files.py` writes train/.

Run it with a Python that has TensorFlow 1.15.5. There are a checkpoint with its graph, a checkpoint of objects, a
SavedModel and an event file, the great ones compressed; expected.json holds what the graph computes from them.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import pathlib
import shutil

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent / "train"
X = [[1.0, 2.0], [3.0, -1.0]]


def build():
    x = tf.placeholder(tf.float32, [None, 2], name="x")
    with tf.variable_scope("net"):
        w = tf.get_variable("w", initializer=np.float32([[1, 2, 3], [4, 5, 6]]))
        r = tf.get_variable("r", initializer=np.float32([[1], [2], [3]]), use_resource=True)
        p = tf.get_variable("p", [2], partitioner=tf.fixed_size_partitioner(2))
    tf.Variable(["a", "bc"], name="text")
    y = tf.add(tf.matmul(tf.nn.relu(tf.matmul(x, w)), r), tf.reduce_sum(p), name="y")
    tf.identity(tf.cond(tf.reduce_sum(x) > 0, lambda: y * 2, lambda: y - w[0, 0]), name="c")
    loop = tf.while_loop(lambda a: tf.norm(a) < 1e3, lambda a: a * w[0, 1], [tf.reduce_sum(y)])
    tf.identity(loop, name="l")
    loss = tf.reduce_mean(tf.square(y), name="loss")
    step = tf.train.get_or_create_global_step()
    train = tf.train.AdamOptimizer(0.01).minimize(loss, global_step=step, name="train")
    averages = tf.train.ExponentialMovingAverage(0.9)
    with tf.control_dependencies([train]):
        tf.group(averages.apply([w]), name="update")
    tf.summary.scalar("loss", loss)
    tf.summary.histogram("w", w)
    tf.add_to_collection("things", y)
    tf.add_to_collection("names", "a name")
    return x, y, w


def main():
    shutil.rmtree(str(HERE), ignore_errors=True)
    HERE.mkdir()
    os.chdir(str(HERE))
    tf.set_random_seed(3)
    x, y, w = build()
    summaries = tf.summary.merge_all(name="summaries")
    saver = tf.train.Saver()
    objects = tf.train.Checkpoint(weights=w)
    variables = sorted(tf.global_variables(), key=lambda v: v.name)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run("update", {x: X})
        saver.save(sess, "./model", global_step=tf.train.get_global_step())
        objects.write("objects", sess)
        tf.saved_model.simple_save(sess, "saved_model", {"x": x}, {"y": y})
        with tf.summary.FileWriter("events") as writer:
            writer.add_summary(sess.run(summaries, {x: X}), 3)
        values = {v.op.name: sess.run(v) for v in variables}
        found = sess.run(["y:0", "c:0", "l:0"], {x: X})
        sess.run("update", {x: X})
        later = sess.run(["net/w:0", "net/w/ExponentialMovingAverage:0"])
    (name,) = os.listdir("events")
    os.rename("events/" + name, "events/events.out.tfevents.0000000003.host")
    for path in (HERE / "model-3.meta", HERE / "saved_model" / "saved_model.pb"):
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", mtime=0) as squeezed:
            squeezed.write(path.read_bytes())
        pathlib.Path(str(path) + ".gz").write_bytes(buffer.getvalue())
        path.unlink()
    expected = {
        "values": {k: np.asarray(v).tolist() for k, v in values.items() if k != "text"},
        "found": [v.tolist() for v in found],
        "later": [v.tolist() for v in later],
    }
    with open("expected.json", "w") as file:
        json.dump(expected, file, indent=0, sort_keys=True)
    print(sum(p.stat().st_size for p in HERE.rglob("*") if p.is_file()), "bytes")


if __name__ == "__main__":
    main()
