"""Record a graph of datasets: `python record_dataset_graph.py` writes dataset_graph.json, TensorFlow's GraphDef and its results.

Run it with a Python that has TensorFlow 1.15.5.
"""

import base64
import json
import pathlib
import zlib

import tensorflow as tf
from dataset_graph import build, found


def main():
    build(tf)
    text = tf.get_default_graph().as_graph_def().SerializeToString()
    kept = {"graph": base64.b64encode(zlib.compress(text, 9)).decode(), "found": found(tf)}
    path = pathlib.Path(__file__).resolve().parent / "dataset_graph.json"
    path.write_text(json.dumps(kept) + "\n")


if __name__ == "__main__":
    main()
