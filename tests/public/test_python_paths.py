"""TensorFlow's own modules by their paths: what programs import from them is there, or fails when it is used."""

from __future__ import annotations

import importlib

import numpy as np
import pytest

import graphflow as tf
from graphflow.public import face, python_paths
from graphflow.public.missing import MissingName

#: module, a name in it, and the public name of the same thing
SAME = [
    ("python.framework.ops", "Tensor", "Tensor"),
    ("python.framework.ops", "convert_to_tensor", "convert_to_tensor"),
    ("python.framework.ops", "RegisterGradient", "RegisterGradient"),
    ("python.framework.ops", "get_default_graph", "get_default_graph"),
    ("python.framework.dtypes", "float32", "float32"),
    ("python.framework.errors", "OutOfRangeError", "errors.OutOfRangeError"),
    ("python.framework.tensor_util", "make_tensor_proto", "make_tensor_proto"),
    ("python.framework.tensor_shape", "TensorShape", "TensorShape"),
    ("python.ops.array_ops", "concat", "concat"),
    ("python.ops.math_ops", "reduce_sum", "reduce_sum"),
    ("python.ops.nn_ops", "softmax", "nn.softmax"),
    ("python.ops.nn", "relu", "nn.relu"),
    ("python.ops.rnn", "dynamic_rnn", "nn.dynamic_rnn"),
    ("python.ops.rnn_cell_impl", "LSTMStateTuple", "nn.rnn_cell.LSTMStateTuple"),
    ("python.ops.init_ops", "VarianceScaling", "variance_scaling_initializer"),
    ("python.ops.variable_scope", "get_variable", "get_variable"),
    ("python.training.optimizer", "Optimizer", "train.Optimizer"),
    (
        "python.training.moving_averages",
        "ExponentialMovingAverage",
        "train.ExponentialMovingAverage",
    ),
    ("python.platform.gfile", "FastGFile", "gfile.FastGFile"),
    ("python.platform.tf_logging", "info", "logging.info"),
    ("python.util.nest", "flatten", "nest.flatten"),
    ("python.layers.core", "Dense", "layers.Dense"),
    ("python.client.session", "Session", "Session"),
    ("core.framework.graph_pb2", "GraphDef", "GraphDef"),
    ("contrib.rnn.python.ops.rnn_cell", "GRUCell", "nn.rnn_cell.GRUCell"),
    ("contrib.data.python.ops.batching", "map_and_batch", "data.experimental.map_and_batch"),
]


def public(path: str) -> object:
    value: object = tf
    for part in path.split("."):
        value = getattr(value, part)
    return value


@pytest.mark.parametrize(("module", "name", "path"), SAME)
def test_a_name_is_the_public_one(module: str, name: str, path: str) -> None:
    assert getattr(importlib.import_module(f"graphflow.{module}"), name) is public(path)


def test_modules_are_found_as_attributes_too() -> None:
    assert tf.python.ops.array_ops.reshape is tf.reshape
    assert tf.python.framework.ops is importlib.import_module("graphflow.python.framework.ops")


@pytest.mark.parametrize("home", sorted(python_paths.NAMES.items()))
def test_every_listed_name_is_there(home: tuple[str, str]) -> None:
    path, _ = home
    assert not isinstance(public(path), MissingName)


def test_rules_name_modules_and_namespaces() -> None:
    for path, sources in python_paths.RULES.items():
        assert path in python_paths.modules(), path
        for source in sources:
            known = source == "" or face.is_namespace(f"graphflow.{source}")
            if source.startswith("graphflow."):
                known = importlib.import_module(source) is not None
            assert known, (path, source)


def test_generated_functions_make_their_ops() -> None:
    from graphflow.python.ops import gen_math_ops, gen_nn_ops

    with tf.Graph().as_default():
        x = tf.placeholder(tf.float32, [1, 4, 4, 1])
        y = tf.nn.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
        g = gen_nn_ops._max_pool_grad(x, y, y, [1, 2, 2, 1], [1, 2, 2, 1], "VALID")
        assert g.op.type == "MaxPoolGrad"
        assert gen_nn_ops.l2_loss(x).op.type == "L2Loss"
        assert gen_math_ops._sum(x, [0]).op.type == "Sum"
        with pytest.raises(NotImplementedError):
            gen_nn_ops.no_op_of_this_name(x)


def test_what_is_missing_fails_when_it_is_used() -> None:
    from graphflow.python.ops import control_flow_ops

    missing = control_flow_ops.WhileContext
    with pytest.raises(NotImplementedError, match=r"control_flow_ops\.WhileContext"):
        missing()


def test_what_is_no_module_is_not_found() -> None:
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module("graphflow.python.ops.nothing_of_the_kind")


def test_a_module_does_not_hide_a_function_of_its_name() -> None:
    from graphflow.contrib.framework.python import ops

    importlib.import_module("graphflow.contrib.framework.python.ops.arg_scope")
    assert ops.arg_scope is tf.contrib.framework.arg_scope


def test_names_of_the_graph_module() -> None:
    from graphflow.python.framework import ops

    assert ops.strip_name_scope("a/b/c", "a/b/") == "c"
    assert ops.strip_name_scope("loc:@a/b", "a") == "loc:@b"
    assert ops.prepend_name_scope("^c", "a") == "^a/c"
    assert ops.uid() != ops.uid()
    with tf.Graph().as_default():
        tensors = ops.convert_n_to_tensor([1, 2.0], name="v")
        assert [t.name for t in tensors] == ["v_0:0", "v_1:0"]
        square = tf.square(tensors[1])
        gradient = ops.get_gradient_function(square.op)
        assert gradient(square.op, tf.constant(1.0)).op.type == "Mul"


def test_functions_that_look_at_functions() -> None:
    from graphflow.python.util import function_utils, tf_inspect

    def f(a: int, b: int = 2, *c: int, **d: int) -> None:
        pass

    assert function_utils.fn_args(f) == ("a", "b")
    assert function_utils.has_kwargs(f)
    assert tf_inspect.getargspec(f) == (["a", "b"], "c", "d", (2,))


def test_declared_functions_with_a_gradient() -> None:
    from graphflow.python.framework import function

    @function.Defun(tf.float32, tf.float32)
    def twice_back(x: tf.Tensor, g: tf.Tensor) -> tf.Tensor:
        return 2.0 * g

    @function.Defun(tf.float32, grad_func=twice_back)
    def same(x: tf.Tensor) -> tf.Tensor:
        return tf.identity(x)

    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.constant([1.0, 2.0])
        (g,) = tf.gradients(same(x), x)
        np.testing.assert_array_equal(session.run(g), [2.0, 2.0])
