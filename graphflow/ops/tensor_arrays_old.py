"""TensorArray ops under the names of old files, whose handles count as strings, and the stacks of loop gradients."""

from __future__ import annotations

from typing import Any

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops import tensor_arrays as new
from graphflow.ops.tensor_arrays import array_of, as_string


class TensorArrayWriteV2(new.TensorArrayWriteV3):
    signature = "handle:string, index:int32, value:T, flow_in:float -> flow_out:float"


class TensorArrayWrite(new.TensorArrayWriteV3):
    signature = "handle:&string, index:int32, value:T, flow_in:float -> flow_out:float"


class TensorArrayReadV2(new.TensorArrayReadV3):
    signature = "handle:string, index:int32, flow_in:float -> value:dtype"


class TensorArrayRead(new.TensorArrayReadV3):
    signature = "handle:&string, index:int32, flow_in:float -> value:dtype"


class TensorArrayGatherV2(new.TensorArrayGatherV3):
    signature = "handle:string, indices:int32, flow_in:float -> value:dtype"


class TensorArrayGather(new.TensorArrayGatherV3):
    signature = "handle:&string, indices:int32, flow_in:float -> value:dtype"


class TensorArrayScatterV2(new.TensorArrayScatterV3):
    signature = "handle:string, indices:int32, value:T, flow_in:float -> flow_out:float"


class TensorArrayScatter(new.TensorArrayScatterV3):
    signature = "handle:&string, indices:int32, value:T, flow_in:float -> flow_out:float"


class TensorArrayConcatV2(new.TensorArrayConcatV3):
    signature = "handle:string, flow_in:float -> value:dtype, lengths:int64"


class TensorArrayConcat(new.TensorArrayConcatV3):
    signature = "handle:&string, flow_in:float -> value:dtype, lengths:int64"


class TensorArraySplitV2(new.TensorArraySplitV3):
    signature = "handle:string, value:T, lengths:int64, flow_in:float -> flow_out:float"


class TensorArraySplit(new.TensorArraySplitV3):
    signature = "handle:&string, value:T, lengths:int64, flow_in:float -> flow_out:float"


class TensorArraySizeV2(new.TensorArraySizeV3):
    signature = "handle:string, flow_in:float -> size:int32"


class TensorArraySize(new.TensorArraySizeV3):
    signature = "handle:&string, flow_in:float -> size:int32"


class TensorArrayCloseV2(new.TensorArrayCloseV3):
    signature = "handle:string ->"


class TensorArrayClose(new.TensorArrayCloseV3):
    signature = "handle:&string ->"


class TensorArrayPack(Op):
    """All elements, one above the other."""

    signature = "handle:&string, flow_in:float -> value:dtype"
    stateful = True
    differentiable = False
    dtype: DType
    element_shape: TensorShape = TensorShape(None)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        array = array_of(inputs[0])
        return array.gather(range(len(array)), self.element_shape)


class TensorArrayUnpack(Op):
    """The elements are the rows of value."""

    signature = "handle:&string, value:T, flow_in:float -> flow_out:float"
    stateful = True
    differentiable = False

    def infer(self, handle: Tensor, value: Tensor, flow_in: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        array_of(inputs[0]).scatter(range(len(inputs[1])), inputs[1])
        return new.FLOW


class _Stack:
    """Values that are taken out in the reverse order."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: list[Any] = []


def _stack_of(handle: Any) -> _Stack:
    found: _Stack = handle[()] if hasattr(handle, "dtype") else handle
    return found


class StackV2(Op):
    """A new stack of at most `max_size` values; a negative size is no bound."""

    signature = "max_size:int32 -> handle:resource"
    stateful = True
    differentiable = False
    elem_type: DType
    stack_name: str = ""

    def infer(self, *inputs: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return _Stack(int(inputs[0]))


class Stack(Op):
    """A new stack, whose handle counts as a reference to a string."""

    signature = "-> handle:&string"
    stateful = True
    differentiable = False
    elem_type: DType
    stack_name: str = ""

    def infer(self) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return as_string(_Stack(-1))


class StackPushV2(Op):
    """Put a value on top."""

    signature = "handle:resource, elem:T -> output:T"
    stateful = True
    differentiable = False
    swap_memory: bool = False

    def infer(self, handle: Tensor, elem: Tensor) -> Any:
        return elem.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        stack = _stack_of(inputs[0])
        if 0 <= stack.most <= len(stack.values):
            raise InvalidArgumentError(
                message=f"Stack overflowed: it holds {stack.most} values at most"
            )
        stack.values.append(inputs[1])
        return inputs[1]


class StackPush(StackPushV2):
    signature = "handle:&string, elem:T -> output:T"


class StackPopV2(Op):
    """Take the value from the top."""

    signature = "handle:resource -> elem:elem_type"
    stateful = True
    differentiable = False
    elem_type: DType

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        stack = _stack_of(inputs[0])
        if not stack.values:
            raise InvalidArgumentError(message="Stack is empty when calling Pop()")
        return stack.values.pop()


class StackPop(StackPopV2):
    signature = "handle:&string -> elem:elem_type"


class StackCloseV2(Op):
    """Forget the values."""

    signature = "handle:resource ->"
    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        _stack_of(inputs[0]).values.clear()
        return ()


class StackClose(StackCloseV2):
    signature = "handle:&string ->"
