"""Record what TensorFlow 1.15.5's nest returns: `python record_nest.py` writes nest.json."""

from __future__ import annotations

import json
import pathlib

from nest_lines import LINES, NAMES
from tensorflow.python.util import nest

HERE = pathlib.Path(__file__).resolve().parent


def recorded(line):
    try:
        return repr(eval(line, {**vars(nest), **NAMES}))
    except Exception as error:
        return {"raises": type(error).__name__}


if __name__ == "__main__":
    found = {line: recorded(line) for line in LINES}
    (HERE / "nest.json").write_text(json.dumps(found, indent=0) + "\n")
    print(len(found), "lines")
