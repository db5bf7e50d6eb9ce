"""Every op as a function: `raw.MatMul(a, b, transpose_a=True, name="m")`, as TensorFlow's raw_ops.

Inputs come first, in the order of the signature or by name; attributes by name; Python values become
constants. Returns the tensor, the list of tensors, or the node itself where an op has no outputs.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING

from graphflow.ir import build, convert
from graphflow.ir.node import Node
from graphflow.ir.op import Op, lookup
from graphflow.ir.signature import split

if TYPE_CHECKING:
    # `raw.Any` is the op of that name
    from typing import Any

__all__ = ["convert", "results"]


def results(node: Node) -> Any:
    """What a call returns: one tensor, a list of tensors (lists nested where the op has list outputs), or the node."""
    if node.out is None:
        return node
    sig = type(node.op).sig()
    if not any(a.is_list for a in sig.outputs):
        return node.outputs if node.rest else node.out
    if len(sig.outputs) == 1:
        return node.outputs
    return split(sig.outputs, node.outputs, node.type_attrs())


def _caller(cls: type[Op]) -> Callable[..., Any]:
    names = [a.name for a in cls.sig().inputs]

    def make(*inputs: Any, name: str | None = None, **attrs: Any) -> Any:
        if len(inputs) < len(names):
            missing = [n for n in names[len(inputs) :] if n not in attrs]
            if missing:
                raise TypeError(
                    f"{cls.type} needs the input {missing[0]!r}; its inputs are {names}"
                )
            inputs = (*inputs, *(attrs.pop(n) for n in names[len(inputs) :]))
        elif len(inputs) > len(names):
            # attributes may follow the inputs in their order, as in TensorFlow's generated functions
            extra = dict(zip(cls.fields, inputs[len(names) :], strict=False))
            if len(extra) != len(inputs) - len(names):
                raise TypeError(
                    f"{cls.type} takes {names} and {list(cls.fields)}, {len(inputs)} values given"
                )
            attrs, inputs = extra | attrs, inputs[: len(names)]
        return results(build.apply(cls, inputs, attrs, name))

    make.__name__ = make.__qualname__ = cls.type
    make.__doc__ = cls.__doc__
    return make


@functools.cache
def _found(name: str) -> Callable[..., Any]:
    return _caller(lookup(name))


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    try:
        return _found(name)
    except LookupError as error:
        raise AttributeError(str(error)) from None
