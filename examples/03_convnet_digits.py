"""A ConvNet and a softmax classifier learn to read scikit-learn's handwritten digits.

Two convolutions, two pools and three dense layers, in TensorFlow's words.
"""

from collections.abc import Callable

from sklearn.datasets import load_digits

import graphflow as tf


def dense(x, units: int, name: str, activation: Callable = tf.nn.relu):
    """activation(x w + b)."""
    with tf.variable_scope(name):
        w = tf.get_variable("w", [x.shape[-1], units])
        b = tf.get_variable("b", [units], initializer=tf.zeros_initializer())
        return activation(tf.nn.bias_add(tf.matmul(x, w), b))


def conv(x, channels: int, name: str):
    """A 3 x 3 convolution, relu, and a 2 x 2 pool."""
    with tf.variable_scope(name):
        w = tf.get_variable("w", [3, 3, x.shape[-1], channels])
        b = tf.get_variable("b", [channels], initializer=tf.zeros_initializer())
        y = tf.nn.conv2d(x, w, strides=[1, 1, 1, 1], padding="SAME")
        y = tf.nn.relu(tf.nn.bias_add(y, b))
        return tf.nn.max_pool(y, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")


def convnet(images):
    y = conv(conv(images, 8, "conv1"), 16, "conv2")
    y = tf.reshape(y, [-1, 2 * 2 * 16])
    return dense(dense(dense(y, 64, "dense1"), 32, "dense2"), 10, "logits", tf.identity)


def softmax_classifier(images):
    return dense(tf.reshape(images, [-1, 64]), 10, "softmax", tf.identity)


def train(model: Callable, epochs: int, rate: float, seen: Callable = lambda *_: None) -> float:
    """The accuracy of a trained model on new digits; `seen` hears (batch, batches, loss)."""
    digits = load_digits()
    data, labels = (digits.images / 16.0)[..., None], digits.target
    split, batch = 1400, 50
    with tf.Graph().as_default():
        tf.set_random_seed(1)
        images = tf.placeholder(tf.float32, [None, 8, 8, 1])
        truth = tf.placeholder(tf.int64, [None])
        logits = model(images)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=truth, logits=logits)
        loss = tf.reduce_mean(losses)
        step = tf.train.AdamOptimizer(rate).minimize(loss)
        right = tf.to_float(tf.equal(tf.argmax(logits, 1), truth))
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(total := epochs * split // batch):
                rows = slice(at := i * batch % split, at + batch)
                _, error = sess.run([step, loss], {images: data[rows], truth: labels[rows]})
                seen(i + 1, total, error)
            return sess.run(right, {images: data[split:], truth: labels[split:]}).mean()


if __name__ == "__main__":
    print(f"softmax classifier: {train(softmax_classifier, 12, 0.02):.1%} of new digits read right")
    print(f"ConvNet:            {train(convnet, 12, 0.005):.1%} of new digits read right")
