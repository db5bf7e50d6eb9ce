"""Values that go through unchanged: StopGradient, CheckNumerics, IdentityN and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op


class _Passing(Op, abstract=True):
    """The input, unchanged."""

    signature = "input:T -> output:T"

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def known(self, x: Tensor) -> Any:
        return known_value(x)

    def reference(self, x: Any) -> Any:
        return x


class StopGradient(_Passing):
    """x, through which no gradient flows."""

    differentiable = False


class PreventGradient(_Passing):
    """x, of which a gradient is an error."""

    message: str = ""

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        raise LookupError(f"Gradient explicitly disabled. Reason: {self.message}")


class Snapshot(_Passing):
    """x as it is at that moment."""


class GuaranteeConst(_Passing):
    """x, which the user vouches never changes."""

    stateful = True


class DebugGradientIdentity(_Passing):
    """x, where a debugger marks a gradient."""


class RefIdentity(_Passing):
    """The variable itself."""

    signature = "input:&T -> output:&T"
    forwards_ref = True

    def known(self, x: Tensor) -> Any:
        return None

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g]


class DebugGradientRefIdentity(_Passing):
    """The variable itself, where a debugger marks a gradient."""

    signature = "input:&T -> output:&T"
    forwards_ref = True

    def known(self, x: Tensor) -> Any:
        return None


class DeepCopy(Op):
    """A copy of x that shares nothing with it."""

    signature = "x:T -> y:T"
    stateful = True

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        return np.array(x)


class IdentityN(Op):
    """Several values, available when all of them are."""

    signature = "input:[T] -> output:[T]"

    def infer(self, xs: list[Tensor]) -> Any:
        return tuple(x.shape for x in xs)

    def known(self, xs: list[Tensor]) -> Any:
        return tuple(known_value(x) for x in xs)

    def reference(self, xs: list[Any]) -> Any:
        return tuple(xs)

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return grads


class CheckNumerics(Op):
    """x, if all of it is finite; an error of the run if not."""

    signature = "tensor:T -> output:T | T: floating"
    stateful = True
    message: str

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        found = [
            name
            for name, test in (("Inf", np.isinf), ("NaN", np.isnan))
            if np.any(test(np.asarray(x, np.float64)))
        ]
        if found:
            raise ValueError(f"{self.message} : Tensor had {' and '.join(found)} values")
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        message = "Not a number (NaN) or infinity (Inf) values detected in gradient. "
        return [raw.CheckNumerics(g, message=message + self.message)]
