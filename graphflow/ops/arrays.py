"""TensorFlow's array functions that gradients need too: stack, concat, split, transpose ...

Each creates the nodes, under the names, that TensorFlow 1.15's function of the same name creates.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir import build, raw, report
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, TensorShape


def stack(values: Any, axis: int = 0, name: str = "stack") -> Tensor:
    """Tensors side by side along a new axis; a Const where all are Python values."""
    if axis == 0:
        try:
            return convert(values, name=name)
        except (TypeError, ValueError):
            pass
    rank = convert(values[0], name=name).shape.rank
    if rank is not None and not -rank - 1 <= axis <= rank:
        raise ValueError(f"axis = {axis} not in [{-rank - 1}, {rank + 1})")
    out: Tensor = raw.Pack(values, axis=axis, name=name)
    return out


def unstack(value: Any, num: int | None = None, axis: int = 0, name: str = "unstack") -> Any:
    """The slices of a tensor along an axis, each without that axis."""
    if num is None:
        value = convert(value)
        dims = value.shape.dims
        if dims is not None:
            if not -len(dims) <= axis < len(dims):
                raise ValueError(f"axis = {axis} not in [{-len(dims)}, {len(dims)})")
            num = dims[axis].value
        if num is None:
            raise ValueError(f"Cannot infer num from shape {value.shape}")
    return raw.Unpack(value, num=num, axis=axis, name=name)


def concat(values: Any, axis: Any, name: str = "concat") -> Tensor:
    """Tensors one after the other along an axis that they have; an Identity where there is one."""
    values = list(values) if isinstance(values, list | tuple) else [values]
    if len(values) == 1:
        with build.current_graph().name_scope(name):
            _check_is_axis(convert(axis, name="concat_dim", dtype=int32), values, name)
            only: Tensor = raw.Identity(values[0], name=name)
            return only
    out: Tensor = raw.ConcatV2(values, axis, name=name)
    return out


def _check_is_axis(axis: Tensor, values: list[Any], name: str) -> None:
    if axis.shape.rank not in (0, None):
        raise ValueError(
            report.problem(
                f"Shape {axis.shape} must have rank 0: the axis of concat is one number",
                "ConcatV2",
                name,
                report.here(),
                [("values", values), ("axis", axis)],
                "tf.concat(values, axis): before TensorFlow 1.0 the axis came first",
            )
        )


def split(
    value: Any, num_or_size_splits: Any, axis: Any = 0, num: int | None = None, name: str = "split"
) -> Any:
    """The parts of a tensor along an axis: so many equal ones, or of these sizes."""
    sizes = convert(num_or_size_splits)
    if isinstance(num_or_size_splits, int | Dimension):
        return raw.Split(axis, value, num_split=int(num_or_size_splits), name=name)
    if sizes.shape.rank == 0:
        raise ValueError(
            "Rank-0 tensors are not supported as the num_or_size_splits argument to split. "
            f"Argument provided: {num_or_size_splits}"
        )
    if num is None:
        num = sizes.shape.dims[0].value if sizes.shape.dims else None
        if num is None:
            raise ValueError(f"Cannot infer num from shape {num_or_size_splits}")
    return raw.SplitV(value, sizes, axis, num_split=num, name=name)


def transpose(
    a: Any, perm: Any = None, name: str | None = "transpose", conjugate: bool = False
) -> Tensor:
    """The tensor with its axes in the order `perm`, by default reversed."""
    with build.name_scope(name, "transpose", [a]) as scope:
        op = raw.ConjugateTranspose if conjugate and a.dtype.is_complex else raw.Transpose
        if perm is not None:
            given: Tensor = op(a, perm, name=scope)
            return given
        a = convert(a, name="a")
        rank = a.shape.rank
        if rank:
            order = rank - 1 - np.arange(rank)
        else:
            rank = raw.Rank(a)
            order = rank - 1 - raw.Range(0, rank, 1)
        out: Tensor = op(a, order, name=scope)
        if a.shape.known is not None:
            out.set_shape(TensorShape.of(a.shape.known[::-1]))
        return out


def where(condition: Any, name: str | None = None) -> Tensor:
    """The coordinates of the elements that are true."""
    with build.name_scope(name, "Where", [condition]) as scope:
        out: Tensor = raw.Where(convert(condition, hint=bool_, name="condition"), name=scope)
        return out
