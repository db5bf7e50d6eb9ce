"""Record what estimators find under TensorFlow 1.15.5: `python record_estimators.py` writes estimators/results.json.

Run it with a Python that has TensorFlow 1.15.5.
"""

import json
import pathlib
import sys
import tempfile

import tensorflow as tf

HERE = pathlib.Path(__file__).resolve().parent / "estimators"
sys.path.insert(0, str(HERE))
from programs import PROGRAMS  # noqa: E402


def main():
    tf.logging.set_verbosity(tf.logging.ERROR)
    found = {}
    for program in PROGRAMS:
        with tf.Graph().as_default(), tempfile.TemporaryDirectory() as folder:
            found[program.__name__] = program(tf, folder)
    text = json.dumps(found, indent=1, sort_keys=True)
    (HERE / "results.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
