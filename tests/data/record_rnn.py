"""Record recurrent networks and what is built on them: `python record_rnn.py [GROUP...]` writes rnn/GROUP.npz.

Run it with a Python that has TensorFlow 1.15.5. Each module of rnn_cases is a group; its CASES are functions of `tf`
that build nodes and return what to fetch, in a structure, or that and how often to run it. Kept are: the number of
ops and the names of those that are no control flow, the names of the variables, the static shapes of what is
fetched, and the values of all runs; of what fails, the class of the exception.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent
CONTROL = [
    "Switch",
    "RefSwitch",
    "Merge",
    "RefMerge",
    "Enter",
    "RefEnter",
    "Exit",
    "RefExit",
    "NextIteration",
    "RefNextIteration",
    "LoopCond",
    "Identity",
    "RefIdentity",
    "Const",
]


def flat(value):
    if isinstance(value, (list, tuple)):
        return [v for item in value for v in flat(item)]
    return [] if value is None else [value]


def shape_of(fetch):
    if not hasattr(fetch, "get_shape"):
        return "op"
    return None if fetch.get_shape().ndims is None else fetch.get_shape().as_list()


def recorded(build):
    """What is kept of a case, and its values."""
    with tf.Graph().as_default() as graph:
        try:
            found = build(tf)
        except Exception as error:
            return {"raises": type(error).__name__}, []
        fetches, times = (
            found if isinstance(found, tuple) and isinstance(found[-1], int) else (found, 1)
        )
        fetches = flat(fetches)
        nodes = graph.get_operations()
        kept = {
            "variables": [v.name for v in tf.global_variables()],
            "shapes": [shape_of(f) for f in fetches],
        }
        if not any("gradients/" in n.name for n in nodes):
            kept["count"] = graph._last_id
            kept["nodes"] = [[n.name, n.type] for n in nodes if n.type not in CONTROL]
        values = []
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            try:
                for _ in range(times):
                    values += [v for v in session.run(fetches) if v is not None]
            except tf.errors.OpError as error:
                return dict(kept, fails=type(error).__name__), []
        return kept, [a.astype("S") if a.dtype.kind == "O" else a for a in map(np.asarray, values)]


def main(groups):
    tf.logging.set_verbosity("ERROR")
    for name in groups or sorted(p.stem for p in (HERE / "rnn_cases").glob("[a-z]*.py")):
        cases = importlib.import_module("rnn_cases." + name).CASES
        kept, arrays = {}, {}
        for case, build in cases.items():
            kept[case], values = recorded(build)
            arrays.update({f"{case}/{i}": v for i, v in enumerate(values)})
        path = HERE / "rnn" / (name + ".npz")
        np.savez_compressed(str(path), notes=json.dumps(kept), **arrays)
        raised = sum("raises" in v or "fails" in v for v in kept.values())
        print(name, len(kept), "cases,", raised, "fail,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
