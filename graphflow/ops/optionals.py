"""Optional ops: a value, or none. Branches of TensorFlow 2 hand them to their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.variant_values import Optional


class OptionalFromValue(Op):
    """The values as an Optional."""

    signature = "components:[Toutput_types] -> optional:variant"

    def infer(self, components: Sequence[Tensor]) -> Any:
        return SCALAR

    def reference(self, components: Any) -> Any:
        return Optional(tuple(components))

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        types = [t.dtype.base_dtype for t in n.inputs]
        found = raw.OptionalGetValue(
            g, output_types=types, output_shapes=[t.shape for t in n.inputs]
        )
        return list(found)


class OptionalNone(Op):
    """No value."""

    signature = "-> optional:variant"
    differentiable = False

    def infer(self) -> Any:
        return SCALAR

    def reference(self) -> Any:
        return Optional(None)


class OptionalHasValue(Op):
    """Whether there is a value."""

    signature = "optional:variant -> has_value:bool"
    differentiable = False

    def infer(self, optional: Tensor) -> Any:
        return SCALAR

    def reference(self, optional: Any) -> Any:
        return np.bool_(isinstance(optional, Optional) and optional.components is not None)


class OptionalGetValue(Op):
    """The values of an Optional that has some."""

    signature = "optional:variant -> components:[output_types]"
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def infer(self, optional: Tensor) -> Any:
        return self.output_shapes

    def reference(self, optional: Any) -> Any:
        if not isinstance(optional, Optional) or optional.components is None:
            raise InvalidArgumentError(message="The given optional does not have a value.")
        parts = optional.components
        return parts[0] if len(parts) == 1 else parts

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.OptionalFromValue(list(grads))]
