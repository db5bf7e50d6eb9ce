"""TensorArray ops: writes and reads of an array behind a handle, put in order by a float called flow.

A handle's value is the TensorArrayValue itself. The gradient of a read is a write into the array of
gradients, and the other way round; `source` tells the arrays of different calls of tf.gradients apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, Symbol, TensorShape
from graphflow.ops.tensor_array_value import TensorArrayValue

FLOW = np.zeros((), np.float32)


def array_of(handle: Any) -> TensorArrayValue:
    """The array behind a handle; older ops wrap it in an array, as their handles are strings."""
    found = handle[()] if isinstance(handle, np.ndarray) else handle
    assert isinstance(found, TensorArrayValue)
    return found


def gradient_array(n: Node, flow: Tensor) -> tuple[Tensor, Tensor]:
    """Handle and flow of the array of gradients that this call of tf.gradients uses for the array of `n`."""
    # the scope of tf.gradients itself: the current one without the part that belongs to n
    source = build.current_graph().scope.rpartition(f"/{n.name}_grad")[0]
    with build.name_scope(None, "TensorArray"):
        pass  # TensorFlow makes an object here, and the object takes a name
    with build.name_scope(None, "TensorArrayGrad"):
        graph = build.current_graph()
        handle, _ = raw.TensorArrayGradV3(n.inputs[0], flow, source=source)
        with graph.control_dependencies([handle]):
            after = raw.Identity(flow, name="gradient_flow")
        with build.name_scope(None, "TensorArray"):
            return handle, after


class _Array(Op, abstract=True):
    stateful = True


class _Maker(_Array, abstract=True):
    differentiable = False

    def _made(self, node: Node, size: Any) -> TensorArrayValue:
        attrs = dict(self.attrs())
        return TensorArrayValue(
            f"TensorArray {attrs['tensor_array_name'] or node.name}",
            attrs["dtype"],
            int(size),
            attrs["element_shape"],
            attrs["dynamic_size"],
            attrs["clear_after_read"],
            attrs.get("identical_element_shapes", False),
        )


class TensorArrayV3(_Maker):
    """A new array of `size` elements."""

    signature = "size:int32 -> handle:resource, flow:float"
    dtype: DType
    element_shape: TensorShape = TensorShape(None)
    dynamic_size: bool = False
    clear_after_read: bool = True
    identical_element_shapes: bool = False
    tensor_array_name: str = ""

    def infer(self, size: Tensor) -> Any:
        return SCALAR, SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return self._made(node, inputs[0]), FLOW


class TensorArrayV2(_Maker):
    """A new array, whose handle counts as a string."""

    signature = "size:int32 -> handle:string"
    dtype: DType
    element_shape: TensorShape = TensorShape(None)
    dynamic_size: bool = False
    clear_after_read: bool = True
    tensor_array_name: str = ""

    def infer(self, size: Tensor) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return as_string(self._made(node, inputs[0]))


class TensorArray(_Maker):
    """A new array, whose handle counts as a reference to a string."""

    signature = "size:int32 -> handle:&string"
    dtype: DType
    dynamic_size: bool = False
    clear_after_read: bool = True
    tensor_array_name: str = ""
    element_shape: TensorShape = TensorShape(None)

    def infer(self, size: Tensor) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return as_string(self._made(node, inputs[0]))


def as_string(value: Any) -> Any:
    """A handle as an array of objects, which is what strings are."""
    wrapped = np.empty((), object)
    wrapped[()] = value
    return wrapped


class TensorArrayGradV3(_Array):
    """The array of the gradients of an array's elements, made at the first call for this source."""

    signature = "handle:resource, flow_in:float -> grad_handle:resource, flow_out:float"
    differentiable = False
    source: str

    def infer(self, handle: Tensor, flow_in: Tensor) -> Any:
        return SCALAR, SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return array_of(inputs[0]).gradient(self.source), FLOW


class TensorArrayGradWithShape(_Array):
    """As TensorArrayGradV3, for elements with further leading axes."""

    signature = "handle:resource, flow_in:float, shape_to_prepend:int32 -> grad_handle:resource, flow_out:float"
    differentiable = False
    source: str

    def infer(self, handle: Tensor, flow_in: Tensor, shape_to_prepend: Tensor) -> Any:
        return SCALAR, SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        leading = tuple(inputs[2].tolist())
        return array_of(inputs[0]).gradient(self.source, leading), FLOW


class TensorArrayGradV2(TensorArrayGradV3):
    signature = "handle:string, flow_in:float -> grad_handle:string"

    def infer(self, handle: Tensor, flow_in: Tensor) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return as_string(array_of(inputs[0]).gradient(self.source))


class TensorArrayGrad(TensorArrayGradV2):
    signature = "handle:string, flow_in:float -> grad_handle:&string"


class TensorArrayWriteV3(_Array):
    """Element `index` = value."""

    signature = "handle:resource, index:int32, value:T, flow_in:float -> flow_out:float"

    def infer(self, *inputs: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle, index, value, _ = inputs
        array_of(handle).write(int(index), value)
        return FLOW

    def gradient(self, n: Node, flow: Any) -> Sequence[Tensor | None]:
        handle, after = gradient_array(n, flow)
        grad = raw.TensorArrayReadV3(handle, n.inputs[1], after, dtype=n.inputs[2].dtype.base_dtype)
        return [None, None, grad, flow]


class TensorArrayReadV3(_Array):
    """Element `index`."""

    signature = "handle:resource, index:int32, flow_in:float -> value:dtype"
    dtype: DType

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return array_of(inputs[0]).read(int(inputs[1]))

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        handle, after = gradient_array(n, n.inputs[2])
        with build.name_scope(None, "TensorArrayWrite"):
            flow = raw.TensorArrayWriteV3(handle, n.inputs[1], g, after)
            with build.name_scope(None, "TensorArray"):
                return [None, None, flow]


class TensorArrayGatherV3(_Array):
    """The elements `indices`, one above the other."""

    signature = "handle:resource, indices:int32, flow_in:float -> value:dtype"
    dtype: DType
    element_shape: TensorShape = TensorShape(None)

    def infer(self, handle: Tensor, indices: Tensor, flow_in: Tensor) -> Any:
        if self.element_shape.known is None:
            return TensorShape(None)
        return indices.shape.with_rank(1).concatenate(fresh(self.element_shape))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return array_of(inputs[0]).gather(inputs[1].tolist(), self.element_shape)

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        handle, after = gradient_array(n, n.inputs[2])
        with build.name_scope(None, "TensorArrayScatter"):
            flow = raw.TensorArrayScatterV3(handle, n.inputs[1], g, after)
            with build.name_scope(None, "TensorArray"):
                return [None, None, flow]


class TensorArrayScatterV3(_Array):
    """Elements `indices` = the rows of value."""

    signature = "handle:resource, indices:int32, value:T, flow_in:float -> flow_out:float"

    def infer(self, handle: Tensor, indices: Tensor, value: Tensor, flow_in: Tensor) -> Any:
        count, rows = indices.shape.with_rank(1), value.shape.with_rank_at_least(1)
        if rows.known is not None and not count[0].is_compatible_with(rows[0]):
            raise ValueError(f"Dimensions must be equal, but are {rows[0]} and {count[0]}")
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle, indices, value, _ = inputs
        array_of(handle).scatter(indices.tolist(), value)
        return FLOW

    def gradient(self, n: Node, flow: Any) -> Sequence[Tensor | None]:
        handle, after = gradient_array(n, flow)
        grad = raw.TensorArrayGatherV3(
            handle, n.inputs[1], after, dtype=n.inputs[2].dtype.base_dtype
        )
        return [None, None, grad, flow]


class TensorArrayConcatV3(_Array):
    """All elements one after the other along their first axis, and how long each is."""

    signature = "handle:resource, flow_in:float -> value:dtype, lengths:int64"
    takes_none = True
    dtype: DType
    element_shape_except0: TensorShape = TensorShape(None)

    def infer(self, handle: Tensor, flow_in: Tensor) -> Any:
        rest = fresh(self.element_shape_except0)
        return TensorShape([None]).concatenate(rest), TensorShape([None])

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return array_of(inputs[0]).concat(self.element_shape_except0)

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        if grads[0] is None:
            return [None, None]
        handle, after = gradient_array(n, n.inputs[1])
        with build.name_scope(None, "TensorArraySplit"):
            flow = raw.TensorArraySplitV3(handle, grads[0], n.outputs[1], after)
            with build.name_scope(None, "TensorArray"):
                return [None, flow]


class TensorArraySplitV3(_Array):
    """The elements are the parts of value of these lengths."""

    signature = "handle:resource, value:T, lengths:int64, flow_in:float -> flow_out:float"

    def infer(self, handle: Tensor, value: Tensor, lengths: Tensor, flow_in: Tensor) -> Any:
        lengths.shape.with_rank(1)
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle, value, lengths, _ = inputs
        array_of(handle).split(value, lengths)
        return FLOW

    def gradient(self, n: Node, flow: Any) -> Sequence[Tensor | None]:
        handle, after = gradient_array(n, flow)
        grad, _ = raw.TensorArrayConcatV3(handle, after, dtype=n.inputs[1].dtype.base_dtype)
        return [None, grad, None, flow]


class TensorArraySizeV3(_Array):
    """The number of elements."""

    signature = "handle:resource, flow_in:float -> size:int32"
    differentiable = False

    def infer(self, handle: Tensor, flow_in: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.array(len(array_of(inputs[0])), np.int32)


class TensorArrayCloseV3(_Array):
    """Forget the elements."""

    signature = "handle:resource ->"
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        array_of(inputs[0]).close()
        return ()


def fresh(shape: TensorShape) -> TensorShape:
    """The shape with new symbols: what is unknown of an element may differ from element to element."""
    if shape.known is None:
        return shape
    return TensorShape.of(tuple(d if isinstance(d, int) else Symbol() for d in shape.known))
