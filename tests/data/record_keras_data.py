"""Record what tf.keras makes of texts and sequences: `python record_keras_data.py` writes keras_data.json.

Run it with a Python that has TensorFlow 1.15.5.
"""

import json
import pathlib

import tensorflow as tf
from keras_data import CASES


def main():
    found = {case.__name__: case(tf) for case in CASES}
    text = json.dumps(found, sort_keys=True)
    (pathlib.Path(__file__).resolve().parent / "keras_data.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
