"""Record graphs of TensorFlow and what they compute, for tests/io/graphdef: `python record_graphdef.py [GROUP...]`.

Run it with a Python that has TensorFlow 1.15.5, and with one that has TensorFlow 2.21. Groups of control flow are
recorded twice by each, with control flow of version 1 (GROUP.npz, GROUP.2a.npz) and of version 2 (GROUP.1b.npz, GROUP.2b.npz).

Each public function of a module of graphdef_cases builds one graph and returns (outputs, by, feed): tensors to run,
tensors to differentiate by (may be empty), and a value for each placeholder. Recorded are the GraphDef, the outputs,
the gradients of all floating outputs (with recorded weights) by each of `by`, and the GraphDef that TensorFlow's
own gradients are part of, with the names of the gradients in it. GROUP.2b.npz has second gradients too.
"""

from __future__ import annotations

import importlib
import json
import os
import pathlib
import sys
import zlib

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
import tensorflow.compat.v1 as tf

HERE = pathlib.Path(__file__).resolve().parent
MODERN = tf.version.VERSION.startswith("2")
#: groups whose graphs differ from version to version
RERECORDED = ("loops", "branches", "nests", "sequences", "calls")


class Recording:
    """The cases of one group: arrays, and a JSON list that says what they are."""

    def __init__(self, second=False):
        self.second = second
        self.arrays = {}
        self.cases = []

    def keep(self, value):
        """The number of an array."""
        value = np.asarray(value)
        if value.dtype == object:
            value = np.array(
                [v if isinstance(v, bytes) else v.encode() for v in value.ravel()], "S"
            ).reshape(value.shape)
        for i, (_key, known) in enumerate(self.arrays.items()):
            if (
                known.dtype == value.dtype
                and known.shape == value.shape
                and known.tobytes() == value.tobytes()
            ):
                return i
        self.arrays[str(len(self.arrays))] = value
        return len(self.arrays) - 1

    def keep_graph(self, graph):
        packed = zlib.compress(graph.as_graph_def().SerializeToString(), 9)
        return self.keep(np.frombuffer(packed, np.uint8))

    def add(self, name, build):
        config = tf.ConfigProto()
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        with tf.Graph().as_default() as graph:
            tf.set_random_seed(7)
            outputs, by, feed = build(tf)
            outputs = [tf.convert_to_tensor(o) for o in outputs]
            case = {"name": name}
            if tf.global_variables():
                case["initialise"] = tf.global_variables_initializer().name
            case["graph"] = self.keep_graph(graph)
            with tf.Session(config=config) as session:
                if "initialise" in case:
                    session.run(case["initialise"])
                values = session.run(outputs, feed)
                case["feed"] = {t.name: self.keep(v) for t, v in feed.items()}
                case["outputs"] = [[o.name, self.keep(v)] for o, v in zip(outputs, values)]
            if by:
                self._add_gradients(case, config, outputs, values, by, feed)
        self.cases.append(case)
        return case

    def _add_gradients(self, case, config, outputs, values, by, feed):
        rng = np.random.RandomState(11)
        ys, weights = [], []
        for output, value in zip(outputs, values):
            if output.dtype.is_floating or output.dtype.is_complex:
                ys.append(output)
                weights.append(
                    np.asarray(rng.randint(-3, 4, value.shape) / 2.0).astype(value.dtype)
                )
        case["weights"] = [[y.name, self.keep(w)] for y, w in zip(ys, weights)]
        try:
            grads = tf.gradients(ys, by, [tf.constant(w) for w in weights])
        except (LookupError, TypeError, ValueError, NotImplementedError) as error:
            case["no_gradient"] = [type(error).__name__, str(error)[:200]]
            return
        grads = [tf.convert_to_tensor(g) if isinstance(g, tf.IndexedSlices) else g for g in grads]
        found = [g for g in grads if g is not None]
        # a session does not see what gradients change of nodes that it has run
        with tf.Session(config=config) as session:
            if "initialise" in case:
                session.run(case["initialise"])
            numbers = iter(session.run(found, feed))
        case["gradients"] = [
            [x.name, None, None] if g is None else [x.name, g.name, self.keep(next(numbers))]
            for x, g in zip(by, grads)
        ]
        case["gradient_graph"] = self.keep_graph(tf.get_default_graph())
        if self.second:
            self._add_second(case, config, found, by, feed)

    def _add_second(self, case, config, grads, by, feed):
        """The gradients of the sum of the squares of the gradients."""
        try:
            total = tf.add_n([tf.reduce_sum(tf.square(g)) for g in grads])
            seconds = tf.gradients(total, by)
            found = [tf.convert_to_tensor(g) for g in seconds if g is not None]
            with tf.Session(config=config) as session:
                if "initialise" in case:
                    session.run(case["initialise"])
                numbers = iter(session.run(found, feed))
        except (LookupError, TypeError, ValueError, NotImplementedError, tf.errors.OpError):
            return
        case["second"] = [
            [x.name, None if g is None else self.keep(next(numbers))] for x, g in zip(by, seconds)
        ]


def record(group, suffix=""):
    module = importlib.import_module("graphdef_cases." + group)
    # TensorFlow differentiates loops twice only with control flow of version 2
    recording = Recording(second=suffix == ".2b")
    for name, build in vars(module).items():
        if (
            name.startswith("_")
            or not callable(build)
            or getattr(build, "__module__", "") != module.__name__
        ):
            continue
        if MODERN and getattr(build, "only_1", False):
            continue
        try:
            recording.add(name, build)
        except Exception as error:
            print("  {}: {}: {}".format(name, type(error).__name__, str(error)[:300]))
    arrays = dict(
        recording.arrays, cases=np.frombuffer(json.dumps(recording.cases).encode(), np.uint8)
    )
    path = HERE / "graphdef" / (group + suffix + ".npz")
    np.savez_compressed(str(path), **arrays)
    print("{}: {} cases, {} bytes".format(path.name, len(recording.cases), path.stat().st_size))


def main(groups):
    groups = groups or sorted(p.stem for p in (HERE / "graphdef_cases").glob("[a-z]*.py"))
    for group in groups:
        tf.disable_control_flow_v2()
        if group in RERECORDED or not MODERN:
            record(group, ".2a" if MODERN else "")
        if group in RERECORDED:
            tf.enable_control_flow_v2()
            if MODERN:
                tf.experimental.output_all_intermediates(True)
            record(group, ".2b" if MODERN else ".1b")


if __name__ == "__main__":
    sys.path.insert(0, str(HERE))
    main(sys.argv[1:])
