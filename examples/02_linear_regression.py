"""Gradient descent finds the line through noisy points.

Prints the loss as it falls, ending in
    step 200  loss 0.0024
    y = 2.00 x + -1.00
"""

import numpy as np

import graphflow as tf

rng = np.random.default_rng(0)
points = rng.uniform(-1, 1, (100, 1)).astype(np.float32)
values = (2 * points - 1 + rng.normal(0, 0.05, (100, 1))).astype(np.float32)

x = tf.placeholder(tf.float32, [None, 1], name="x")
y = tf.placeholder(tf.float32, [None, 1], name="y")
slope = tf.Variable(tf.zeros([1, 1]), name="slope")
offset = tf.Variable(0.0, name="offset")

loss = tf.reduce_mean(tf.square(tf.matmul(x, slope) + offset - y))
# minimize() differentiates the loss symbolically and adds the nodes that apply the gradients.
step = tf.train.GradientDescentOptimizer(learning_rate=0.3).minimize(loss)

with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for i in range(201):
        _, error = sess.run([step, loss], {x: points, y: values})
        if i % 40 == 0:
            print(f"step {i:3}  loss {error:.4f}")
    a, b = sess.run([slope, offset])
    print(f"y = {a.item():.2f} x + {b:.2f}")
