"""A ConvNet and a softmax classifier learn to read scikit-learn's handwritten digits.

Two convolutions, two pools and three dense layers, in TensorFlow's words. Needs scikit-learn for the data.
"""

import argparse
from collections.abc import Callable

import numpy as np
from sklearn.datasets import load_digits

import graphflow as tf


def dense(
    x: tf.Tensor, units: int, name: str, activation: Callable | None = tf.nn.relu
) -> tf.Tensor:
    """activation(x w + b)."""
    with tf.variable_scope(name):
        w = tf.get_variable("w", [x.shape[-1], units])
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        y = tf.nn.bias_add(tf.matmul(x, w), b)
        return y if activation is None else activation(y)


def conv(x: tf.Tensor, channels: int, name: str) -> tf.Tensor:
    """A 3 x 3 convolution, relu, and a 2 x 2 pool."""
    with tf.variable_scope(name):
        w = tf.get_variable("w", [3, 3, x.shape[-1], channels])
        b = tf.get_variable("b", [channels], initializer=tf.zeros_initializer())
        y = tf.nn.relu(tf.nn.bias_add(tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME"), b))
        return tf.nn.max_pool(y, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")


def convnet(images: tf.Tensor) -> tf.Tensor:
    y = conv(conv(images, 8, "conv1"), 16, "conv2")
    y = tf.reshape(y, [-1, 2 * 2 * 16])
    return dense(dense(dense(y, 64, "dense1"), 32, "dense2"), 10, "logits", activation=None)


def softmax_classifier(images: tf.Tensor) -> tf.Tensor:
    return dense(tf.reshape(images, [-1, 64]), 10, "softmax", activation=None)


def train(
    model: Callable,
    epochs: int,
    rate: float,
    seen: Callable[[int, int, float], None] = lambda *_: None,
) -> float:
    """Train a model and return its accuracy on digits it has not seen; `seen` is told after each batch."""
    digits = load_digits()
    data, labels = (
        (digits.images / 16.0).astype(np.float32)[..., None],
        digits.target.astype(np.int64),
    )
    split, batch = 1400, 50
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        images, truth = (
            tf.placeholder(tf.float32, [None, 8, 8, 1]),
            tf.placeholder(tf.int64, [None]),
        )
        logits = model(images)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(labels=truth, logits=logits)
        )
        step = tf.train.AdamOptimizer(rate).minimize(loss)
        accuracy = tf.reduce_mean(tf.to_float(tf.equal(tf.argmax(logits, 1), truth)))
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(total := epochs * split // batch):
                rows = slice(at := i * batch % split, at + batch)
                _, error = sess.run([step, loss], {images: data[rows], truth: labels[rows]})
                seen(i + 1, total, float(error))
            return float(sess.run(accuracy, {images: data[split:], truth: labels[split:]}))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=12)
    epochs = parser.parse_args().epochs
    print(
        f"softmax classifier: {train(softmax_classifier, epochs, 0.02):.1%} of new digits read right"
    )
    print(f"ConvNet:            {train(convnet, epochs, 0.005):.1%} of new digits read right")
