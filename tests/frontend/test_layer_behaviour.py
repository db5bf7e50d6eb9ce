"""Layers as objects: what they keep, share, refuse and compute, with numpy as the witness of the numbers."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphflow as tf


@pytest.fixture(autouse=True)
def graph() -> Iterator[Any]:
    with tf.Graph().as_default() as fresh:
        yield fresh


def numbers(*shape: int) -> Any:
    return np.random.RandomState(len(shape)).standard_normal(shape).astype("float32")


def test_dense_is_a_matrix_product() -> None:
    x = numbers(5, 3)
    layer = tf.layers.Dense(4, activation=tf.nn.relu)
    y = layer(tf.constant(x))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        kernel, bias = layer.get_weights()
        layer.set_weights([kernel, bias + 1])
        found = session.run(y)
    np.testing.assert_allclose(found, np.maximum(x @ kernel + 1, 0), rtol=1e-5, atol=1e-6)


def test_set_weights_checks_number_and_shape() -> None:
    layer = tf.layers.Dense(2)
    layer(tf.placeholder(tf.float32, [None, 3]))
    with tf.Session():
        with pytest.raises(ValueError, match="expecting 2 weights"):
            layer.set_weights([np.zeros([3, 2])])
        with pytest.raises(ValueError, match="not compatible"):
            layer.set_weights([np.zeros([2, 3]), np.zeros(2)])
    with pytest.raises(ValueError, match="live in a session"):
        layer.get_weights()


def test_batch_normalization_centres_and_scales_and_remembers() -> None:
    x = numbers(64, 3) * 2 + 1
    y = tf.layers.batch_normalization(tf.constant(x), training=True, momentum=0.5)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = session.run([y, *tf.get_collection(tf.GraphKeys.UPDATE_OPS)])[0]
        mean, variance = session.run(tf.global_variables()[2:])
    np.testing.assert_allclose(found.mean(0), 0, atol=1e-5)
    np.testing.assert_allclose(found.std(0), np.sqrt(x.var(0) / (x.var(0) + 1e-3)), rtol=1e-4)
    np.testing.assert_allclose(mean, x.mean(0) * 0.5, rtol=1e-4)
    np.testing.assert_allclose(variance, x.var(0) * 0.5 + 0.5, rtol=1e-4)


def test_separable_convolution_is_two_convolutions() -> None:
    x = numbers(2, 6, 6, 3)
    layer = tf.layers.SeparableConv2D(4, 3, depth_multiplier=2, padding="same")
    both = layer(tf.constant(x))
    kernels = [layer.depthwise_kernel, layer.pointwise_kernel]
    each = tf.nn.depthwise_conv2d(x, kernels[0], [1, 1, 1, 1], "SAME")
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found, parts, mix = session.run([both, each, kernels[1]])
    np.testing.assert_allclose(found, parts @ mix[0, 0], rtol=1e-4, atol=1e-5)


def test_a_layer_called_inside_one_in_training_is_in_training() -> None:
    class Outer(tf.layers.Layer):  # type: ignore[misc]
        def call(self, inputs: Any, training: Any = False) -> Any:
            return tf.layers.Dropout(0.99)(inputs)

    x = tf.ones([100])
    outer = Outer()
    dropped, kept = outer(x, training=True), outer(x)
    with tf.Session() as session:
        values, same = session.run([dropped, kept])
    assert (values == 0).any()
    assert (same == 1).all()


def test_a_layer_is_refused_where_its_call_returns_nothing() -> None:
    class Silent(tf.layers.Layer):  # type: ignore[misc]
        def call(self, inputs: Any) -> Any:
            """Forgets to return."""

    with pytest.raises(ValueError, match="should return a Tensor or a list of Tensors, not None"):
        Silent()(tf.ones([2]))


def test_copies_share_scope_and_tensors_but_not_settings() -> None:
    layer = tf.layers.Dense(3, name="d")
    layer(tf.placeholder(tf.float32, [None, 2]))
    twin = copy.deepcopy(layer)
    twin.units = 7
    assert layer.units == 3
    assert twin.kernel is layer.kernel
    assert twin.scope_name == "d"


def test_frozen_layers_have_weights_that_are_not_trained() -> None:
    layer = tf.layers.Conv2D(2, 3, trainable=False)
    layer(tf.placeholder(tf.float32, [None, 5, 5, 1]))
    assert layer.trainable_weights == []
    assert [v.name for v in layer.non_trainable_weights] == ["conv2d/kernel:0", "conv2d/bias:0"]
    assert tf.trainable_variables() == []
    assert layer.count_params() == 3 * 3 * 2 + 2


def test_what_a_layer_does_not_know_is_named() -> None:
    with pytest.raises(TypeError, match="'units_'"):
        tf.layers.Dense(3, units_=1)
    with pytest.raises(TypeError, match=r"dense\(\) got an unexpected keyword argument 'foo'"):
        tf.layers.dense(tf.ones([2, 2]), 3, foo=1)
    with pytest.raises(ValueError, match="Unknown initializer: nonsense"):
        tf.layers.Dense(3, kernel_initializer="nonsense")
    with pytest.raises(ValueError, match="Unknown activation function: nonsense"):
        tf.layers.Dense(3, activation="nonsense")
    with pytest.raises(TypeError, match="InputSpec"):
        tf.layers.Dense(3).input_spec = 3


def test_an_uninstantiated_scope_has_no_name() -> None:
    with pytest.raises(ValueError, match="has not been used yet"):
        _ = tf.layers.Dense(3).scope_name
    with pytest.raises(ValueError, match="isn't built"):
        tf.layers.Dense(3).count_params()


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("zeros", "Zeros"),
        ({"class_name": "Constant", "config": {"value": 2.0}}, "Constant"),
        (tf.zeros_initializer, "Zeros"),
        (None, None),
    ],
)
def test_initializers_by_name(value: Any, name: str | None) -> None:
    found = tf.keras.initializers.get(value)
    described = tf.keras.initializers.serialize(found)
    assert (described and described["class_name"]) == name
    if name:
        again = tf.keras.initializers.deserialize(described)
        assert type(again) is type(found)


def test_constraints_project_weights() -> None:
    w = numbers(4, 3) * 3
    with tf.Session() as session:
        limits = tf.keras.constraints
        short, unit, positive, between = session.run(
            [
                limits.max_norm(2)(tf.constant(w)),
                limits.UnitNorm()(tf.constant(w)),
                limits.non_neg()(tf.constant(w)),
                limits.MinMaxNorm(1.0, 2.0)(tf.constant(w)),
            ]
        )
    norms = np.linalg.norm(w, axis=0)
    np.testing.assert_allclose(np.linalg.norm(short, axis=0), np.minimum(norms, 2), rtol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(unit, axis=0), 1, rtol=1e-5)
    np.testing.assert_array_equal(positive, np.where(w >= 0, w, 0))
    clipped = np.clip(norms, 1, 2)
    np.testing.assert_allclose(np.linalg.norm(between, axis=0), clipped, rtol=1e-5)


def test_keras_regularizers_are_sums() -> None:
    w = numbers(4, 3)
    with tf.Session() as session:
        both = session.run(tf.keras.regularizers.l1_l2(0.5, 0.25)(tf.constant(w)))
    np.testing.assert_allclose(both, 0.5 * np.abs(w).sum() + 0.25 * (w**2).sum(), rtol=1e-5)
    assert tf.keras.regularizers.get("l2").get_config() == {"l1": 0.0, "l2": pytest.approx(0.01)}


def test_a_choice_that_is_known_builds_one_branch() -> None:
    def never() -> Any:
        raise AssertionError("the other branch was built")

    choose = tf.contrib.framework.smart_cond
    assert choose(True, lambda: 1, never) == 1
    assert choose(tf.constant(False), never, lambda: 2) == 2
    made = choose(tf.placeholder(tf.bool, []), lambda: tf.constant(1), lambda: tf.constant(2))
    assert made.op.type in ("If", "StatelessIf")
    with pytest.raises(TypeError, match="Python bool"):
        choose("yes", never, never)


@pytest.mark.parametrize(
    "make",
    [
        lambda: tf.layers.Dense(3, activation="tanh", kernel_initializer="he_normal"),
        lambda: tf.layers.Conv2D(3, 2, kernel_regularizer=tf.keras.regularizers.l2(0.1)),
        lambda: tf.layers.SeparableConv1D(3, 2, padding="causal"),
        lambda: tf.layers.Conv3DTranspose(3, 2, strides=(1, 2, 1)),
        lambda: tf.layers.BatchNormalization(axis=[1], renorm=True, renorm_momentum=0.9),
        lambda: tf.layers.MaxPooling2D(2, 2, data_format="channels_first"),
        lambda: tf.layers.Dropout(0.3, seed=4),
        lambda: tf.layers.Flatten(),
    ],
)
def test_a_layer_is_made_again_from_its_config(make: Any) -> None:
    layer = make()
    twin = type(layer).from_config(layer.get_config())
    assert twin.get_config() == layer.get_config()


def test_a_variable_beside_another_belongs_where_that_one_is(graph: Any) -> None:
    tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 2]), renorm=True)
    scope = "batch_normalization/"
    for name in ("moving_stddev", "moving_stddev/Initializer/Sqrt", "moving_stddev/Assign"):
        node = graph.get_operation_by_name(scope + name)
        assert node.colocation_groups() == [f"loc:@{scope}moving_variance".encode()]


def test_channels_of_volumes_lie_next_to_the_batch() -> None:
    x = np.zeros([2, 4, 3, 3, 3], "float32")
    y = tf.nn.bias_add(x, [1.0, 2.0, 3.0, 4.0], data_format="NCHW")
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(y)[0, :, 0, 0, 0], [1, 2, 3, 4])
