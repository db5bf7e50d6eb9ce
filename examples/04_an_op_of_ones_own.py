"""A new element-wise op is one class: its meaning for one element, and its gradient.

Prints:
    hardswish(x)  [-0.    -0.333  0.     0.667  4.   ]
    its slope     [0.    0.167 0.5   0.833 1.   ]
"""

import numpy as np

import graphflow as tf
from graphflow.ir import raw
from graphflow.ops.elementwise import Unary


class HardSwish(Unary):
    """x min(max(x + 3, 0), 6) / 6: smooth enough for a phone, and no exponential in it."""

    signature = "x:T -> y:T | T: floating"

    # `m` is a vocabulary: numpy today, the text of a compiled loop tomorrow. One rule serves both.
    def scalar(self, m, x):
        three, six, zero = (m.constant(c, x) for c in (3.0, 6.0, 0.0))
        return m.div(m.mul(x, m.minimum(m.maximum(m.add(x, three), zero), six)), six)

    # The gradient is made of nodes, so it can be differentiated again.
    def gradient(self, n, g):
        (x,) = n.inputs
        middle = g * (2.0 * x + 3.0) / 6.0
        return [tf.where(x < -3.0, tf.zeros_like(g), tf.where(x > 3.0, g, middle))]


x = tf.placeholder(tf.float32, [None], name="x")
y = raw.HardSwish(x, name="hardswish")
(slope,) = tf.gradients(y, x)

with tf.Session() as sess:
    np.set_printoptions(precision=3, suppress=True)
    values = np.array([-4, -1, 0, 1, 4], np.float32)
    print("hardswish(x) ", sess.run(y, {x: values}))
    print("its slope    ", sess.run(slope, {x: values}))
