"""Gradients clipped by their norms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.reduce_idioms import reduce_sum, sequence

__all__ = ["clip_by_average_norm", "clip_by_global_norm", "clip_by_norm", "global_norm"]


def _values(t: Any, name: str) -> Any:
    """The numbers of a tensor, or of slices; None of None."""
    if t is None:
        return None
    return convert(t.values if isinstance(t, IndexedSlices) else t, name=name)


def _as_given(values: Any, t: Any) -> Any:
    """New numbers in the form that the old ones had."""
    if isinstance(t, IndexedSlices):
        return IndexedSlices(values, t.indices, t.dense_shape)
    return values


def clip_by_norm(t: Any, clip_norm: Any, axes: Any = None, name: str | None = None) -> Any:
    """t, shrunk where its norm is greater than `clip_norm`."""
    with build.name_scope(name, "clip_by_norm", [t, clip_norm]) as scope:
        values = _values(t, "t")
        squares = reduce_sum(values * values, axes, keepdims=True)
        positive = squares > 0
        safe = raw.Select(positive, squares, idioms.ones_like(squares))
        size = raw.Select(positive, raw.Sqrt(safe), squares)
        scaled = values * clip_norm
        values.shape.merge_with(scaled.shape)
        clipped = raw.Identity(scaled / raw.Maximum(size, clip_norm), name=scope)
        return _as_given(clipped, t)


def _as_list(t_list: Any) -> list[Any]:
    if not isinstance(t_list, Sequence) or isinstance(t_list, str):
        raise TypeError("t_list should be a sequence")
    return list(t_list)


def global_norm(t_list: Any, name: str | None = None) -> Any:
    """The norm of all elements of all tensors together; None and slices may be among them."""
    given = _as_list(t_list)
    with build.name_scope(name, "global_norm", given):
        values = [_values(t, f"t_{i}") for i, t in enumerate(given)]
        halves = []
        for v in values:
            if v is not None:
                with build.current_graph().colocate_with(v):
                    halves.append(raw.L2Loss(v))
        half = reduce_sum(stack(halves))
        return raw.Sqrt(half * constant(2.0, half.dtype), name="global_norm")


def clip_by_global_norm(
    t_list: Any, clip_norm: Any, use_norm: Any = None, name: str | None = None
) -> tuple[list[Any], Any]:
    """The tensors, all shrunk by one factor where their common norm is greater than `clip_norm`."""
    given = _as_list(t_list)
    size = global_norm(given, name) if use_norm is None else use_norm
    with build.name_scope(name, "clip_by_global_norm", [*given, clip_norm]) as scope:
        dtype = size.dtype.base_dtype
        shrink = clip_norm * raw.Minimum(1.0 / size, constant(1.0, dtype) / clip_norm)
        scale = raw.Select(raw.IsFinite(size), shrink, constant(float("nan"), dtype))
        values = [_values(t, f"t_{i}") for i, t in enumerate(given)]
        clipped: list[Any] = []
        for i, v in enumerate(values):
            if v is None:
                clipped.append(None)
                continue
            with build.current_graph().colocate_with(v):
                clipped.append(raw.Identity(v * scale, name=f"{scope}_{i}"))
        return [_as_given(c, t) for c, t in zip(clipped, given, strict=True)], size


def clip_by_average_norm(t: Any, clip_norm: Any, name: str | None = None) -> Tensor:
    """t, shrunk where its norm divided by the number of its elements is greater than `clip_norm`."""
    with build.name_scope(name, "clip_by_average_norm", [t, clip_norm]) as scope:
        t = convert(t, name="t")
        count = idioms.cast(idioms.size(t), float32)
        inverse = raw.Rsqrt(reduce_sum(t * t, sequence(idioms.rank(t))))
        scaled = t * clip_norm * raw.Minimum(inverse * count, constant(1.0) / clip_norm)
        found: Tensor = raw.Identity(scaled, name=scope)
        return found


NAMESPACES = {"linalg": ["global_norm"]}
