"""Records training_graphs.json with TensorFlow 1.15.5.

python record_training_graphs.py    (Python 3.7, tensorflow==1.15.5, numpy==1.18.5)
"""

import json
import os

import tensorflow as tf
from training_graphs import GRAPHS, described

HERE = os.path.dirname(os.path.abspath(__file__))


def main():
    recorded = {}
    for build in GRAPHS:
        with tf.Graph().as_default() as graph:
            build(tf)
            recorded[build.__name__] = described(graph)
            print(build.__name__, len(recorded[build.__name__]), "nodes")
    with open(os.path.join(HERE, "training_graphs.json"), "w") as file:
        json.dump(recorded, file, indent=0)


if __name__ == "__main__":
    main()
