"""Record what the graphs of graph_cases compute: `python record_values.py [GROUP...]` writes values/GROUP.npz.

Run it with a Python that has TensorFlow 1.15.5. A case of these groups returns the tensors to evaluate; those that fail
while the graph is built are left out, and of those that fail in the run the class of the exception is kept.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent
GROUPS = ("linear_algebra", "products", "reductions", "segments", "signals")


def values_of(build):
    """The values, or the name of the class of the exception; None if there is no graph."""
    # the kernels alone: grappler rewrites graphs
    config = tf.compat.v1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default() as graph:
        try:
            fetches = [f for f in build(tf) if f is not None]
        except Exception:
            return None
        with tf.compat.v1.Session(graph=graph, config=config) as session:
            try:
                return session.run(fetches)
            except tf.errors.OpError as error:
                return type(error).__name__


def main(groups):
    for group in groups or GROUPS:
        arrays, raised = {}, {}
        for case, build in importlib.import_module("graph_cases." + group).CASES.items():
            values = values_of(build)
            if isinstance(values, str):
                raised[case] = values
            elif values is not None:
                arrays.update({f"{case}/{i}": np.asarray(v) for i, v in enumerate(values)})
        path = HERE / "values" / (group + ".npz")
        np.savez_compressed(path, raised=json.dumps(raised), **arrays)
        print(group, len(arrays), "values,", len(raised), "errors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
