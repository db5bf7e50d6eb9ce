"""Record what neural networks are made of: `python record_networks.py [GROUP...]`.

Run it with a Python that has TensorFlow 1.15.5. Each module of network_cases is a group, and becomes
networks/GROUP.json.gz and networks/GROUP.npz; its CASES are functions of `tf` that return what to fetch, or
that and what to feed. Kept are the graph, as record_graphs describes it, the values, and of what fails the
class of the exception. GRAPH_ONLY names cases that are not run, VALUES_ONLY those whose graph is not kept.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf
from record_graphs import compressed, described

HERE = pathlib.Path(__file__).resolve().parent


def values_of(graph, fetches, feed):
    """The values, or the name of the class of the exception."""
    # the kernels alone: grappler rewrites graphs
    config = tf.compat.v1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.compat.v1.Session(graph=graph, config=config) as session:
        try:
            return session.run(fetches, feed)
        except tf.errors.OpError as error:
            return type(error).__name__


def recorded(build, keep_graph, run):
    """What is kept of a case, and its values."""
    with tf.Graph().as_default() as graph:
        try:
            found = build(tf)
        except Exception as error:
            return {"raises": type(error).__name__}, []
        fed = isinstance(found, tuple) and isinstance(found[-1], dict)
        fetches, feed = found if fed else (found, {})
        fetches = list(fetches) if isinstance(fetches, (list, tuple)) else [fetches]
        fetches = [f for f in fetches if f is not None]
        kept = {}
        if keep_graph:
            kept["nodes"] = [described(op) for op in graph.get_operations()]
        values = values_of(graph, fetches, feed) if run else []
        if isinstance(values, str):
            kept["run_raises"], values = values, []
        kept["values"] = len(values)
        return kept, [np.asarray(v) for v in values]


def main(groups):
    for name in groups or sorted(p.stem for p in (HERE / "network_cases").glob("[a-z]*.py")):
        module = importlib.import_module("network_cases." + name)
        kept, arrays = {}, {}
        for case, build in module.CASES.items():
            keep_graph = case not in getattr(module, "VALUES_ONLY", ())
            run = case not in getattr(module, "GRAPH_ONLY", ())
            kept[case], values = recorded(build, keep_graph, run)
            arrays.update({f"{case}/{i}": v for i, v in enumerate(values)})
        path = HERE / "networks" / name
        text = json.dumps(kept, indent=0, separators=(",", ":"))
        path.with_suffix(".json.gz").write_bytes(compressed(text))
        np.savez_compressed(str(path) + ".npz", **arrays)
        sizes = [path.with_suffix(s).stat().st_size for s in (".json.gz", ".npz")]
        print(name, len(kept), "cases,", len(arrays), "values,", sizes, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
