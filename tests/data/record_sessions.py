"""Record what sessions do under TensorFlow 1.15.5: `python record_sessions.py [GROUP...]` writes sessions/GROUP.json.gz.

Run it with a Python that has TensorFlow 1.15.5. Each module of session_cases is a group; its CASES are functions of `tf`
that build in the default graph, run it as often as they like, and return a structure of arrays, numbers, texts and bytes.
Of a case that fails, the class of the exception is kept.
"""

from __future__ import annotations

import gzip
import importlib
import io
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
    if isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        items = array.ravel().tolist()
        if array.dtype.kind == "c":
            items = [[v.real, v.imag] for v in items]
        items = [v.decode("latin-1") if isinstance(v, bytes) else v for v in items]
        return {"dtype": array.dtype.name, "shape": list(array.shape), "items": items}
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    raise TypeError(f"no JSON for {value!r}")


def recorded(run):
    with tf.Graph().as_default():
        try:
            return {"value": described(run(tf))}
        except Exception as error:
            return {"raises": type(error).__name__}


def compressed(text):
    """The same bytes for the same text, whenever it is written."""
    buffer = io.BytesIO()
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=9, mtime=0) as file:
        file.write(text.encode())
    return buffer.getvalue()


def main(groups):
    for name in groups or sorted(p.stem for p in (HERE / "session_cases").glob("[a-z]*.py")):
        cases = importlib.import_module("session_cases." + name).CASES
        found = {case: recorded(run) for case, run in cases.items()}
        path = HERE / "sessions" / (name + ".json.gz")
        path.write_bytes(compressed(json.dumps(found, indent=0, separators=(",", ":"))))
        raised = sum("raises" in v for v in found.values())
        print(name, len(found), "cases,", raised, "of them errors,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
