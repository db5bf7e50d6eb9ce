"""Record what TensorFlow 1.15.5 computes, for the tests in tests/numeric: `python record_numeric.py
[GROUP...]`.

Run it with a Python that has TensorFlow 1.15.5. Each module of numeric_cases is a group: its
`cases(tf, record)` calls `record` once for each call of a graphflow.numeric function and the
tensors that call must reproduce. A group becomes numeric/GROUP.npz: arrays named `INDEX.a.J`
(arguments) and `INDEX.o.J` (results), and `cases`, a JSON list that holds everything else.
"""

from __future__ import annotations

import importlib
import json
import pathlib
import sys

import numpy as np
import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent


class Recorder:
    """Collects the calls of one group and their results."""

    def __init__(self, graph):
        # The kernels alone: grappler rewrites graphs, and dies of some of these on purpose odd shapes.
        config = tf.compat.v1.ConfigProto()
        config.graph_options.rewrite_options.disable_meta_optimizer = True
        self.session = tf.compat.v1.Session(graph=graph, config=config)
        self.arrays = {}
        self.cases = []

    def __call__(self, function, arguments, results, within=4, relative=False, **keywords):
        """Record that `function(*arguments, **keywords)` gives `results`, tensors or their maker.

        `within` is the tolerance in units of rounding, of the largest result unless `relative`;
        0 asks for equal bits.
        """
        index = len(self.cases)
        case = {"function": function, "within": within, "keywords": keywords, "relative": relative}
        case["arguments"] = [self._keep(index, "a", j, a) for j, a in enumerate(arguments)]
        try:
            fetches = results() if callable(results) else results
            values = self.session.run(
                list(fetches) if isinstance(fetches, (list, tuple)) else [fetches]
            )
        except (ValueError, tf.errors.OpError) as error:
            case["raises"] = str(error).splitlines()[0]
        else:
            case["results"] = [
                self._keep(index, "o", j, np.asarray(v)) for j, v in enumerate(values)
            ]
        self.cases.append(case)

    def _keep(self, index, role, position, value):
        """What stands for `value` in the JSON: itself, or the name of an array."""
        if isinstance(value, (list, tuple)) and any(isinstance(v, np.ndarray) for v in value):
            return {
                "list": [self._keep(index, role, f"{position}.{k}", v) for k, v in enumerate(value)]
            }
        if not isinstance(value, (np.ndarray, np.generic)):
            return {"value": value}
        value = np.asarray(value)
        name = f"{index}.{role}.{position}"
        kind = value.dtype.name
        if kind == "bfloat16":
            value = value.view(np.uint16)
        elif value.dtype.kind == "O":
            value = value.astype("S")
        self.arrays[name] = value
        return {"array": name, "dtype": kind}

    def save(self, path):
        text = np.frombuffer(json.dumps(self.cases).encode(), np.uint8)
        np.savez_compressed(path, cases=text, **self.arrays)


def main(groups):
    for name in groups or sorted(p.stem for p in (HERE / "numeric_cases").glob("[a-z]*.py")):
        with tf.Graph().as_default() as graph:
            record = Recorder(graph)
            importlib.import_module(f"numeric_cases.{name}").cases(tf, record)
        path = HERE / "numeric" / f"{name}.npz"
        record.save(path)
        failed = [c for c in record.cases if "raises" in c]
        print(
            f"{name}: {len(record.cases)} cases, {len(failed)} errors, {path.stat().st_size} bytes"
        )
        for case in failed:
            print("   ", case["function"], case["keywords"], case["raises"][:150])


if __name__ == "__main__":
    main(sys.argv[1:])
