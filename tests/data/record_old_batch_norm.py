"""Record the oldest batch normalization of TensorFlow 1.15.5: writes ops/old_batch_norm.npz.

Run it with a Python that has TensorFlow 1.15.5, which has the op only for graphs as old as the op.
"""

from __future__ import annotations

import pathlib

import numpy as np
import tensorflow as tf

INPUTS = {"t": (2, 3, 3, 4), "m": (4,), "v": (4,), "b": (4,), "ga": (4,), "dy": (2, 3, 3, 4)}


def graph():
    """Both ops, with scaling (`y1`, `g1`) and without (`y0`, `g0`)."""
    found = tf.compat.v1.GraphDef()
    found.versions.producer = 8

    def add(name, op, inputs):
        node = found.node.add()
        node.name, node.op = name, op
        node.input.extend(inputs)
        return node.attr

    for name in INPUTS:
        add(name, "Placeholder", [])["dtype"].type = 1
    for after in (True, False):
        first = add(f"y{after:d}", "BatchNormWithGlobalNormalization", ["t", "m", "v", "b", "ga"])
        second = add(
            f"g{after:d}", "BatchNormWithGlobalNormalizationGrad", ["t", "m", "v", "ga", "dy"]
        )
        for attrs in (first, second):
            attrs["T"].type = 1
            attrs["variance_epsilon"].f = 0.1
            attrs["scale_after_normalization"].b = after
    return found


def main():
    random = np.random.RandomState(0)
    values = {name: random.rand(*shape).astype(np.float32) for name, shape in INPUTS.items()}
    tf.import_graph_def(graph(), name="")
    fetches = {f"y{a}": f"y{a}:0" for a in (0, 1)}
    fetches.update({f"g{a}_{i}": f"g{a}:{i}" for a in (0, 1) for i in range(5)})
    with tf.compat.v1.Session() as session:
        found = session.run(fetches, {f"{k}:0": v for k, v in values.items()})
    path = pathlib.Path(__file__).resolve().parent / "ops" / "old_batch_norm.npz"
    np.savez_compressed(path, **found, **{f"in_{k}": v for k, v in values.items()})
    print(len(found), "values,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
