"""From Python values to tensors, by TensorFlow's rules."""

from __future__ import annotations

from typing import Any

from graphflow.ir import build
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal, as_array
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import lookup
from graphflow.ir.shape import Dimension


def is_tensor_like(value: Any) -> bool:
    """Whether `value` is a tensor or stands for one, as a Variable does."""
    return isinstance(value, Tensor) or hasattr(value, "_as_tensor")


def convert(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    hint: Any = None,
    as_ref: bool = False,
) -> Tensor:
    """The tensor that `value` is or means; `hint` is tried first and given up, `dtype` is required."""
    wanted = None if dtype is None else as_dtype(dtype)
    if hasattr(value, "_as_tensor"):
        tensor: Tensor = value._as_tensor(wanted, name, as_ref)
        if wanted is not None and not wanted.is_compatible_with(tensor.dtype):
            raise ValueError(
                f"Tensor conversion requested dtype {wanted.name} for Tensor with dtype {tensor.dtype.name}: {tensor}"
            )
        return tensor
    if isinstance(value, Node):
        raise TypeError(
            f"Can't convert Operation '{value.name}' to Tensor: it is an op, not one of its outputs"
        )
    if wanted is None and hint is not None:
        try:
            return convert(value, hint, name)
        except (TypeError, ValueError):
            pass
    if isinstance(value, list | tuple):
        value = _plain(value)
        if _holds_tensor(value):
            return _packed(value, wanted, name)
    elif isinstance(value, Dimension):
        value = _plain(value)
    return constant(value, wanted, name or "Const")


def constant(value: Any, dtype: DType | None = None, name: str = "Const") -> Tensor:
    """A Const node."""
    array = as_array(value, dtype)
    return const(array, as_dtype(array.dtype) if dtype is None else dtype.base_dtype, name)


def const(array: Any, dtype: DType, name: str = "Const", graph: Graph | None = None) -> Tensor:
    """A Const node of an array that is already of that type."""
    attrs = {"value": Literal(array), "dtype": dtype}
    out = build.apply(lookup("Const"), (), attrs, name, graph).out
    assert out is not None
    return out


def _plain(value: Any) -> Any:
    """Dimensions become ints, inside lists too."""
    if isinstance(value, Dimension):
        if value.value is None:
            raise ValueError(
                "Cannot convert an unknown Dimension to a Tensor; use tf.shape(x)[i] for its size"
            )
        return value.value
    if isinstance(value, list | tuple) and any(
        isinstance(v, list | tuple | Dimension) for v in value
    ):
        return [_plain(v) for v in value]
    return value


def _holds_tensor(value: Any) -> bool:
    return any(
        _holds_tensor(v) if isinstance(v, list | tuple) else hasattr(v, "_as_tensor") for v in value
    )


def _tensor_dtype(value: Any) -> DType | None:
    """The element type of the first tensor in a nested list."""
    for v in value:
        found = (
            _tensor_dtype(v)
            if isinstance(v, list | tuple)
            else (v.dtype.base_dtype if hasattr(v, "_as_tensor") else None)
        )
        if found is not None:
            return found
    return None


def _packed(value: Any, dtype: DType | None, name: str | None) -> Tensor:
    """[1, t, 2] as a Pack of its elements."""
    found = _tensor_dtype(value)
    if dtype is not None and found is not dtype.base_dtype:
        value = _cast_each(value, dtype)
    packed = _pack(value, dtype or found, name or "packed")
    assert isinstance(packed, Tensor)
    return packed


def _cast_each(value: Any, dtype: DType) -> Any:
    if isinstance(value, list | tuple):
        return [_cast_each(v, dtype) for v in value]
    if hasattr(value, "_as_tensor") and value.dtype.base_dtype is not dtype.base_dtype:
        return build.apply(lookup("Cast"), [value], {"DstT": dtype}, "Cast").out
    return value


def _pack(value: Any, dtype: DType | None, name: str) -> Any:
    with build.current_graph().name_scope(name) as scope:
        items = []
        for i, item in enumerate(value):
            if hasattr(item, "_as_tensor"):
                if dtype is not None and item.dtype.base_dtype is not dtype.base_dtype:
                    raise TypeError(
                        f"Cannot convert a list containing a tensor of dtype {item.dtype.name} to "
                        f"{dtype.name} (Tensor is: {item!r})"
                    )
                items.append(convert(item))
            else:
                items.append(_pack(item, dtype, str(i)) if isinstance(item, list | tuple) else item)
        if not any(isinstance(i, Tensor) for i in items):
            return items
        tensors = [
            i if isinstance(i, Tensor) else constant(i, dtype, str(at))
            for at, i in enumerate(items)
        ]
        return build.apply(lookup("Pack"), [tensors], {"axis": 0}, scope).out


build.converter.append(convert)
