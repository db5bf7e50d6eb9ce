"""Record the signatures of public functions of TensorFlow 1.15.5: `python record_signatures.py` rewrites signatures/*.json.

Run it with a Python that has TensorFlow 1.15.5. The keys of each file are the public names that it holds; of each
parameter are kept its name, its kind and, where it is plain, its default.
"""

from __future__ import annotations

import functools
import inspect
import json
import pathlib

import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


def plain(value):
    """A default as text; None for what has no plain text, and for no default."""
    if value is None or isinstance(value, (bool, int, float, str)):
        return repr(value)
    if isinstance(value, (tuple, list)) and all(isinstance(v, int) for v in value):
        return repr(tuple(value))
    return None


def described(name):
    function = functools.reduce(getattr, name.split("."), tf)
    found = inspect.signature(function).parameters.values()
    return [[p.name, p.kind.name, plain(p.default)] for p in found]


def main():
    for path in sorted((HERE / "signatures").glob("*.json")):
        found = {name: described(name) for name in json.loads(path.read_text())}
        lines = [json.dumps(k) + ": " + json.dumps(v) for k, v in sorted(found.items())]
        path.write_text("{\n" + ",\n".join(lines) + "\n}\n")
        print(path.name, len(found), "names,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
