"""Losses of which the gradient comes with the value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape, broadcast
from graphflow.numeric import softmax
from graphflow.numeric.elements import narrowed, widened
from graphflow.ops.reduce_idioms import constant_for_gradient
from graphflow.ops.windows import same_dim, with_rank


def _times_rows(vector: Tensor, matrix: Tensor) -> Tensor:
    """Each row of a matrix times one element of a vector."""
    product: Tensor = raw.ExpandDims(vector, -1) * matrix
    return product


class SoftmaxCrossEntropyWithLogits(Op):
    """loss = -sum(labels * log_softmax(features)) of each row; backprop = softmax(features) - labels."""

    signature = "features:T, labels:T -> loss:T, backprop:T | T: floating"

    def infer(self, features: Tensor, labels: Tensor) -> Any:
        rows = broadcast(features.shape, labels.shape).with_rank(2)
        assert rows.known is not None
        return TensorShape.of(rows.known[:1]), rows

    def reference(self, features: Any, labels: Any) -> Any:
        return softmax.softmax_cross_entropy(features, labels)

    def gradient(self, n: Node, g: Tensor, g_backprop: Tensor | None) -> Sequence[Tensor | None]:
        logits = n.inputs[0]
        to_logits = _times_rows(g, n.outputs[1])
        if g_backprop is not None and not _is_zero(g_backprop):
            y = raw.Softmax(logits)
            rows, columns = raw.ExpandDims(g_backprop, 1), raw.ExpandDims(y, 2)
            along = raw.Squeeze(raw.BatchMatMulV2(rows, columns, name="MatMul"), squeeze_dims=[1])
            to_logits = to_logits + (g_backprop - along) * y
        return [to_logits, _times_rows(g, -raw.LogSoftmax(logits))]


def _is_zero(g: Tensor) -> bool:
    """Whether a gradient is known to be zero when the graph is built."""
    if g.node.type in ("ZerosLike", "Zeros"):
        return True
    value = constant_for_gradient(g)
    return value is not None and bool((value == 0).all())


class SparseSoftmaxCrossEntropyWithLogits(Op):
    """SoftmaxCrossEntropyWithLogits with the index of the one class that each row belongs to."""

    signature = (
        "features:T, labels:Tlabels -> loss:T, backprop:T | T: floating; Tlabels: index = int64"
    )

    def infer(self, features: Tensor, labels: Tensor) -> Any:
        rows, classes = with_rank("features", features, 2)
        rows = same_dim(
            "the first dimensions of features and labels", rows, with_rank("labels", labels, 1)[0]
        )
        return TensorShape.of((rows,)), TensorShape.of((rows, classes))

    def reference(self, features: Any, labels: Any) -> Any:
        return softmax.sparse_softmax_cross_entropy(features, labels)

    def gradient(self, n: Node, g: Tensor, _: Tensor | None) -> Sequence[Tensor | None]:
        once = raw.PreventGradient(
            n.outputs[1],
            message="Currently there is no way to take the second derivative of "
            "sparse_softmax_cross_entropy_with_logits due to the fused implementation's interaction "
            "with tf.gradients()",
        )
        return [_times_rows(g, once), None]


class L2Loss(Op):
    """sum(x ** 2) / 2."""

    signature = "t:T -> output:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return TensorShape(())

    def reference(self, x: Any) -> Any:
        wide = widened(x)
        with np.errstate(all="ignore"):
            return narrowed(np.square(wide).sum(dtype=wide.dtype) / 2, x.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [n.inputs[0] * g]
