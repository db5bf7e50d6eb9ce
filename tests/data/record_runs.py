"""Record what graphs compute under TensorFlow 1.15.5: `python record_runs.py [GROUP...]` writes runs/GROUP.json.

Run it with a Python that has TensorFlow 1.15.5. Each module of run_cases is a group; its CASES are functions of `tf` that build a
graph in the default one, run it, and return a structure of arrays, numbers, texts and bytes. Of a case that fails, the class of
the exception is kept.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


def described(value):
    """A result as JSON: arrays with their type and shape, bytes as text marked as such."""
    if isinstance(value, dict):
        return {"dict": {k: described(v) for k, v in value.items()}}
    if isinstance(value, (list, tuple)):
        return [described(v) for v in value]
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, np.ndarray) or isinstance(value, np.generic):
        array = np.asarray(value)
        if array.dtype.kind == "c":
            items = [[v.real, v.imag] for v in array.ravel().tolist()]
        else:
            items = [v.decode("latin-1") if isinstance(v, bytes) else v for v in array.ravel().tolist()]
        return {"dtype": array.dtype.name, "shape": list(array.shape), "items": items}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError("no JSON for %r" % (value,))


def recorded(run):
    with tf.Graph().as_default():
        try:
            return {"value": described(run(tf))}
        except Exception as error:
            return {"raises": type(error).__name__}


def main(groups):
    (HERE / "runs").mkdir(exist_ok=True)
    for name in groups or sorted(p.stem for p in (HERE / "run_cases").glob("[a-z]*.py")):
        cases = importlib.import_module("run_cases." + name).CASES
        found = {case: recorded(run) for case, run in cases.items()}
        path = HERE / "runs" / (name + ".json")
        lines = [
            json.dumps(k) + ": " + json.dumps(v, separators=(",", ":")) for k, v in found.items()
        ]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        raised = sum("raises" in v for v in found.values())
        print(name, len(found), "cases,", raised, "of them errors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
