"""TensorFlow's small compositions around reductions that gradients need; made of raw ops alone.

Each returns what TensorFlow 1.15's function of the same meaning returns and creates the same nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32, float64, int32, int64
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ops import idioms

_BY_WIDTH = (int32, int64, float32, float64)


def sequence(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = "range"
) -> Tensor:
    """start, start + delta, ... below limit; of the widest type of the three."""
    if limit is None:
        start, limit = 0, start
    with build.name_scope(name, "Range", [start, limit, delta]) as scope:
        given = (("start", start), ("limit", limit), ("delta", delta))
        parts = [convert(value, dtype=dtype, name=label) for label, value in given]
        if dtype is None:
            for part in parts:
                if part.dtype.base_dtype not in _BY_WIDTH:
                    raise TypeError(
                        f"a range is made of int32, int64, float32 or float64, not {part}"
                    )
            widest = max((p.dtype.base_dtype for p in parts), key=_BY_WIDTH.index)
            parts = [idioms.cast(p, widest) for p in parts]
        found: Tensor = raw.Range(*parts, name=scope)
        return found


def conj(x: Any, name: str | None = None) -> Any:
    """The complex conjugate; a real tensor is its own."""
    if isinstance(x, Tensor) and x.dtype.kind in "fiu":
        return x
    with build.name_scope(name, "Conj", [x]) as scope:
        x = convert(x, name="x")
        kind = x.dtype.kind
        if kind == "c" or x.dtype.name == "variant":
            return raw.Conj(x, name=scope)
        if kind in "fiu":
            return x
        raise TypeError(f"Expected numeric or variant tensor, got dtype {x.dtype!r}")


def fold(op: str, x: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """The reduction called `op` over some axes, or over all of them where `axis` is None."""
    y = getattr(raw, op)(x, all_axes(x) if axis is None else axis, keep_dims=keepdims, name=name)
    if axis is None and not keepdims and not y.shape.is_static:
        y.set_shape(())
    return y


def all_axes(x: Any) -> Tensor:
    """Every axis of x: a Const where x is a tensor of known rank."""
    if isinstance(x, Tensor) and x.shape.rank is not None:
        return constant(np.arange(x.shape.rank), int32)
    return sequence(0, idioms.rank(x))


def reduce_sum(x: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """The sum over some axes."""
    return fold("Sum", x, axis, keepdims, name)


def reduce_prod(x: Any, axis: Any = None, keepdims: bool = False, name: str | None = None) -> Any:
    """The product over some axes."""
    return fold("Prod", x, axis, keepdims, name)


def safe_shape_div(x: Any, y: Any) -> Any:
    """x // y of sizes, where 0 // 0 is 0."""
    return x // raw.Maximum(y, 1)


def reduced_shape(shape: Any, axes: Any) -> Tensor:
    """The shape with a 1 at each of the axes."""
    shape, axes = idioms.cast(shape, int32), idioms.cast(axes, int32)
    rank = idioms.size(shape)
    axes = (axes + rank) % rank
    ones = idioms.shape(axes)
    found: Tensor = raw.DynamicStitch([sequence(rank), axes], [shape, raw.Fill(ones, 1)])
    return found


def shape_of_kept_axes(
    shape: tuple[int, ...], axes: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The static shape with a 1 at each of the axes, and how often each axis repeats to get `shape` back.

    TensorFlow computes them with nodes once in a graph and remembers the numbers.
    """
    remembered = build.current_graph().notes.setdefault("shape_of_kept_axes", {})
    found = remembered.get((shape, axes))
    if found is None:
        kept = _numbers(reduced_shape(shape, axes))
        found = remembered[shape, axes] = (kept, _numbers(safe_shape_div(shape, kept)))
    return found


def _numbers(tensor: Tensor) -> tuple[int, ...]:
    value = constant_value(tensor)
    assert value is not None
    return tuple(int(v) for v in value)


#: the ops that TensorFlow's Python can evaluate while it builds a gradient
_EVALUATED = ("Const", "Range", "Cast", "Concat", "ConcatV2", "Pack", "Fill", "Equal", "NotEqual")


def constant_for_gradient(tensor: Tensor) -> Any:
    """The value of a tensor where TensorFlow's gradients would know it, so that they choose alike."""
    return constant_value(tensor) if _evaluated(tensor) else None


def _evaluated(tensor: Tensor) -> bool:
    kind = tensor.node.type
    if kind in ("Shape", "Size"):
        return tensor.node.inputs[0].shape.is_static
    if kind == "Rank":
        return tensor.node.inputs[0].shape.rank is not None
    return kind in _EVALUATED and all(_evaluated(i) for i in tensor.node.inputs)
