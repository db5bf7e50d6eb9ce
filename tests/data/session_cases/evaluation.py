"""tf.contrib.training: training by a function, and evaluation of checkpoints; inspection of them."""

from __future__ import annotations

import contextlib
import functools
import io
import os
import shutil
import tempfile

CASES = {}


def case(run):
    """A case that gets a folder of its own, which no result may name."""

    @functools.wraps(run)
    def with_folder(tf):
        folder = tempfile.mkdtemp()
        before = tf.logging.get_verbosity()
        tf.logging.set_verbosity(tf.logging.ERROR)
        try:
            return run(tf, folder)
        finally:
            tf.logging.set_verbosity(before)
            tf.summary.FileWriterCache.clear()
            shutil.rmtree(folder)

    CASES[run.__name__] = with_folder
    return run


def trained(tf, folder, steps=3):
    """A checkpoint of a small training."""
    with tf.Graph().as_default():
        v = tf.get_variable("v", [], initializer=tf.ones_initializer())
        train = tf.contrib.training.create_train_op(v * v, tf.train.GradientDescentOptimizer(0.25))
        hook = tf.train.StopAtStepHook(num_steps=steps)
        loss = tf.contrib.training.train(train, folder, hooks=[hook], save_summaries_steps=None)
    return loss is not None  # before or after the step: TensorFlow leaves that open


@case
def train(tf, folder):
    found = [trained(tf, folder), trained(tf, folder, 2)]
    found.append(os.path.basename(tf.train.latest_checkpoint(folder)))
    for options in ({}, {"save_summaries_steps": None}):
        try:
            tf.contrib.training.train(tf.constant(1), None, **options)
        except ValueError:
            found.append("ValueError")
    return found


@case
def evaluate_once(tf, folder):
    trained(tf, folder)
    v = tf.get_variable("v", [], initializer=tf.ones_initializer())
    total = tf.get_variable(
        "total", [], initializer=tf.zeros_initializer(), collections=["local_variables"]
    )
    update = tf.assign_add(total, v)
    found = []
    for ops in (update, [update], {"u": update}):
        hooks = [tf.contrib.training.StopAfterNEvalsHook(4, log_progress=False)]
        path = tf.train.latest_checkpoint(folder)
        found.append(
            tf.contrib.training.evaluate_once(path, eval_ops=ops, final_ops=[v, total], hooks=hooks)
        )
    return found


@case
def evaluate_repeatedly(tf, folder):
    trained(tf, folder)
    v = tf.get_variable("v", [], initializer=tf.ones_initializer())
    tf.summary.scalar("v", v)
    hooks = [
        tf.contrib.training.StopAfterNEvalsHook(2, log_progress=False),
        tf.contrib.training.SummaryAtEndHook(os.path.join(folder, "eval")),
    ]
    found = tf.contrib.training.evaluate_repeatedly(
        folder,
        eval_ops=tf.identity(v),
        final_ops=v,
        hooks=hooks,
        max_number_of_evaluations=1,
        eval_interval_secs=0,
    )
    tf.summary.FileWriterCache.clear()
    (name,) = os.listdir(os.path.join(folder, "eval"))
    events = tf.train.summary_iterator(os.path.join(folder, "eval", name))
    return found, [[e.step, e.WhichOneof("what"), [s.tag for s in e.summary.value]] for e in events]


@case
def no_checkpoint_in_time(tf, folder):
    asked = []

    def give_up():
        asked.append(1)
        return len(asked) == 2

    found = list(tf.train.checkpoints_iterator(folder, timeout=0))
    found += list(tf.contrib.training.checkpoints_iterator(folder, timeout=0, timeout_fn=give_up))
    found.append(tf.contrib.training.wait_for_new_checkpoint(folder, timeout=0))
    trained(tf, folder, 1)
    path = tf.train.latest_checkpoint(folder)
    found += [os.path.basename(p) for p in tf.train.checkpoints_iterator(folder, timeout=0)]
    found.append(tf.contrib.training.wait_for_new_checkpoint(folder, path, timeout=0))
    return found, len(asked)


@case
def inspection(tf, folder):
    tools = __import__(tf.__name__ + ".python.tools.inspect_checkpoint", fromlist=["x"])
    tf.get_variable("a", initializer=[[1.0, 2.0, 3.0]])
    tf.get_variable("b", initializer=7)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        path = tf.train.Saver().save(sess, os.path.join(folder, "m"))
    found = []
    for arguments in (
        [path, "", False],
        [path, "a", False],
        [path, "", True],
        [path, "", False, True],
        [path, "", False, True, "b"],
        [path, "none", False],
    ):
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            tools.print_tensors_in_checkpoint_file(*arguments)
        found.append(text.getvalue())
    return found[:-1], "none" in found[-1]
