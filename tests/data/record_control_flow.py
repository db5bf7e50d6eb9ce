"""Record what TensorFlow 1.15.5 makes of branches and loops: `python record_control_flow.py [GROUP...]`.

Run it with a Python that has TensorFlow 1.15.5. Each module of control_flow_cases is a group; its CASES are
functions of `tf` that build nodes and return what to fetch. Kept are: the number of ops and the names of those that
are no control flow, the names, types and static shapes of the fetched tensors, and their values, or the class of the
exception.
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
    *["Switch", "RefSwitch", "Merge", "RefMerge", "Enter", "RefEnter", "Exit", "RefExit"],
    *["NextIteration", "RefNextIteration", "LoopCond", "Identity", "RefIdentity", "Const"],
]


def flat(value):
    if isinstance(value, (list, tuple)):
        return [v for item in value for v in flat(item)]
    return [] if value is None else [value]


def described(tensor):
    shape = None if tensor.shape.ndims is None else tensor.shape.as_list()
    return [tensor.name, tensor.dtype.base_dtype.name, shape]


def plain(value):
    array = np.asarray(value)
    if array.dtype.kind in "SO":
        return {
            "dtype": "string",
            "shape": list(array.shape),
            "values": [v.decode() for v in array.ravel()],
        }
    return {"dtype": array.dtype.name, "shape": list(array.shape), "values": array.ravel().tolist()}


def recorded(build):
    with tf.Graph().as_default() as graph:
        try:
            fetches = flat(build(tf))
        except Exception as error:
            return {"raises": type(error).__name__}
        if not all(hasattr(f, "graph") for f in fetches):
            return {"result": repr(fetches)}
        found = {
            "count": graph._last_id,
            "nodes": [[n.name, n.type] for n in graph.get_operations() if n.type not in CONTROL],
            "fetches": [described(f) for f in fetches if isinstance(f, tf.Tensor)],
        }
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            try:
                values = session.run(fetches)
                found["values"] = [plain(v) for v in values if v is not None]
            except Exception as error:
                found["fails"] = type(error).__name__
        return found


def main(groups):
    for name in groups or sorted(p.stem for p in (HERE / "control_flow_cases").glob("[a-z]*.py")):
        cases = importlib.import_module("control_flow_cases." + name).CASES
        found = {case: recorded(build) for case, build in cases.items()}
        path = HERE / "control_flow" / (name + ".json")
        path.write_text(json.dumps(found, separators=(",", ":")).replace('},"', '},\n"') + "\n")
        raised = sum("raises" in v for v in found.values())
        failed = sum("fails" in v for v in found.values())
        print(
            name,
            len(found),
            "cases;",
            raised,
            "raise,",
            failed,
            "fail;",
            path.stat().st_size,
            "bytes",
        )


if __name__ == "__main__":
    main(sys.argv[1:])
