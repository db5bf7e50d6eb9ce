"""Records random_calls.json with TensorFlow 1.15.5: types, shapes and hashes of three runs of each call.

python record_random_calls.py    (Python 3.7, tensorflow==1.15.5, numpy==1.18.5)
"""

import hashlib
import json
import os

import numpy as np
import tensorflow as tf
from random_call_lines import CASES

HERE = os.path.dirname(os.path.abspath(__file__))


def described(value):
    value = np.asarray(value)
    digest = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()[:16]
    return [value.dtype.str, list(value.shape), digest, value.ravel()[:3].astype(float).tolist()]


def main():
    recorded = {}
    for name, line in CASES.items():
        with tf.Graph().as_default():
            scope = {"tf": tf, "np": np}
            statements = line.split("; ")
            for statement in statements[:-1]:
                exec(statement, scope)
            fetch = eval(statements[-1], scope)
            # one thread: multinomial depends on their number
            config = tf.ConfigProto(intra_op_parallelism_threads=1, inter_op_parallelism_threads=1)
            with tf.Session(config=config) as sess:
                sess.run(tf.global_variables_initializer())
                recorded[name] = [described(sess.run(fetch)) for _ in range(3)]
    with open(os.path.join(HERE, "random_calls.json"), "w") as file:
        json.dump(recorded, file, indent=0, sort_keys=True)
    print(len(recorded), "calls recorded")


if __name__ == "__main__":
    main()
