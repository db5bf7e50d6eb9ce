"""A graph is built first and run later: three nodes, their names, and their values.

Prints:
    x       Placeholder  (?, 2)
    double  Mul          (?, 2)
    total   Sum          ()
    [[2. 4.]] 6.0
    fed in the middle: 30.0
"""

import graphflow as tf

# Nothing is computed here: each line adds a node to the default graph.
x = tf.placeholder(tf.float32, [None, 2], name="x")
double = tf.multiply(x, 2.0, name="double")
total = tf.reduce_sum(double, name="total")

for tensor in (x, double, total):
    print(f"{tensor.op.name:7} {tensor.op.type:12} {tensor.shape}")

with tf.Session() as sess:
    # A run computes what the fetches need, for the values that are fed.
    rows, value = sess.run([double, total], {x: [[1.0, 2.0]]})
    print(rows, value)
    # Any tensor can be fed; what it was made of is then left out.
    print("fed in the middle:", sess.run(total, {double: [[10.0, 20.0]]}))
