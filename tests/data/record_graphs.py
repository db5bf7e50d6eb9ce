"""Record the graphs that TensorFlow 1.15.5 builds: `python record_graphs.py [GROUP...]` writes graphs/GROUP.json.gz.

Run it with a Python that has TensorFlow 1.15.5. Each module of graph_cases is a group; its CASES are functions of `tf` that
build nodes in the default graph. Of each node are kept: name, type, inputs, control inputs, and the type and static shape of
the outputs; of a case that fails, the class of the exception.
"""

from __future__ import annotations

import gzip
import importlib
import io
import json
import pathlib
import sys

import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


def described(op):
    outputs = [
        [t.dtype.name, None if t.shape.ndims is None else t.shape.as_list()] for t in op.outputs
    ]
    controls = sorted(c.name for c in op.control_inputs)
    return [op.name, op.type, [t.name for t in op.inputs], controls, outputs]


def recorded(build):
    with tf.Graph().as_default() as graph:
        try:
            build(tf)
        except Exception as error:
            return {"raises": type(error).__name__}
        return {"nodes": [described(op) for op in graph.get_operations()]}


def compressed(text):
    """The same bytes for the same text, whenever it is written."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return buffer.getvalue()


def main(groups):
    for name in groups or sorted(p.stem for p in (HERE / "graph_cases").glob("[a-z]*.py")):
        cases = importlib.import_module("graph_cases." + name).CASES
        found = {case: recorded(build) for case, build in cases.items()}
        path = HERE / "graphs" / (name + ".json.gz")
        text = json.dumps(found, indent=0, separators=(",", ":"))
        path.write_bytes(compressed(text))
        raised = sum("raises" in v for v in found.values())
        print(name, len(found), "cases,", raised, "of them errors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
