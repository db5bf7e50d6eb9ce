"""Outputs of layers in collections, under the names of their scopes; and other small services to layers."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from graphflow.frontend.control_flow import cond
from graphflow.ir.build import current_graph
from graphflow.ir.known import constant_value as known_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape


def _aliases(graph: Any) -> dict[Any, list[str]]:
    """tensor -> the names under which layers gave it out."""
    found: dict[Any, list[str]] = graph.notes.setdefault("aliases", {})
    return found


def append_tensor_alias(tensor: Any, alias: str) -> Any:
    """Give a tensor one more name."""
    _aliases(tensor.graph).setdefault(tensor, []).append(alias.removesuffix("/"))
    return tensor


def get_tensor_aliases(tensor: Any) -> list[str]:
    """The names that a tensor was given, or else its own."""
    given = _aliases(tensor.graph).get(tensor)
    return given or [tensor.name.removesuffix(":0")]


def gather_tensors_aliases(tensors: Any) -> list[str]:
    return [alias for tensor in tensors for alias in get_tensor_aliases(tensor)]


def collect_named_outputs(collections: Any, alias: str, outputs: Any) -> Any:
    """`outputs`, after they are added to the collections under a name."""
    if collections:
        append_tensor_alias(outputs, alias)
        current_graph().add_to_collections(collections, outputs)
    return outputs


def convert_collection_to_dict(collection: Any, clear_collection: bool = False) -> Any:
    """name -> tensor, for the tensors of a collection."""
    graph = current_graph()
    found = OrderedDict(
        (alias, tensor)
        for tensor in graph.get_collection(collection)
        for alias in get_tensor_aliases(tensor)
    )
    if clear_collection:
        graph.clear_collection(collection)
    return found


def get_variable_collections(variables_collections: Any, name: str) -> Any:
    """The collections of the variables of one kind."""
    if isinstance(variables_collections, dict):
        return variables_collections.get(name)
    return variables_collections


def constant_value(value_or_tensor_or_var: Any, dtype: Any = None) -> Any:
    """The value where it is known, None where only the run can tell."""
    value = value_or_tensor_or_var
    if value is None:
        raise ValueError("value_or_tensor_or_var cannot be None")
    if not hasattr(value, "_as_tensor"):
        return value
    if dtype and value.dtype != dtype:
        raise ValueError(f"It has the wrong type {value.dtype} instead of {dtype}")
    return known_value(value) if isinstance(value, Tensor) else None


def static_cond(pred: Any, fn1: Any, fn2: Any) -> Any:
    """What one of the functions returns, by a condition that is known."""
    for name, function in (("fn1", fn1), ("fn2", fn2)):
        if not callable(function):
            raise TypeError(f"{name} must be callable.")
    return fn1() if pred else fn2()


def smart_cond(pred: Any, fn1: Any, fn2: Any, name: str | None = None) -> Any:
    """What one of the functions returns, by a condition that may be known only when the graph runs."""
    known = constant_value(pred)
    return cond(pred, fn1, fn2, name=name) if known is None else static_cond(known, fn1, fn2)


def _dimension(shape: TensorShape, axis: int, min_rank: int) -> int:
    dims = shape.dims
    if dims is None:
        raise ValueError("dims of shape must be known but is None")
    if len(dims) < min_rank:
        raise ValueError(f"rank of shape must be at least {min_rank} not: {len(dims)}")
    value = dims[axis].value
    if value is None:
        raise ValueError(f"dimension {axis} of shape must be known but is None: {shape}")
    return value


def channel_dimension(shape: TensorShape, data_format: str, min_rank: int = 1) -> int:
    """How many channels there are."""
    return _dimension(shape, 1 if data_format == "channels_first" else -1, min_rank)


def last_dimension(shape: TensorShape, min_rank: int = 1) -> int:
    """The size of the last axis."""
    return _dimension(shape, -1, min_rank)


def two_element_tuple(int_or_tuple: Any) -> tuple[Any, Any]:
    """An int for both, or one for each."""
    if isinstance(int_or_tuple, int):
        return int_or_tuple, int_or_tuple
    if isinstance(int_or_tuple, list | tuple):
        if len(int_or_tuple) != 2:
            raise ValueError(f"Must be a list with 2 elements: {int_or_tuple}")
        return int(int_or_tuple[0]), int(int_or_tuple[1])
    if isinstance(int_or_tuple, TensorShape) and int_or_tuple.rank == 2:
        return int_or_tuple[0], int_or_tuple[1]
    raise ValueError("Must be an int, a list with 2 elements or a TensorShape of length 2")


def n_positive_integers(n: int, value: Any) -> tuple[int, ...]:
    """A positive int for all, or one for each of n."""
    if int(n) != n or n < 1:
        raise ValueError("n must be a positive integer")
    try:
        values = (int(value),) * n
    except (TypeError, ValueError):
        try:
            values = tuple(int(v) for v in value)
        except (TypeError, ValueError):
            values = ()
        if len(values) != n:
            raise ValueError(
                f"Expected sequence of {n} positive integers, but received {value!r}"
            ) from None
    if min(values) < 1:
        raise ValueError(f"expected positive integer, but received {min(values)}")
    return values


def data_layout(data_format: str | None, allowed: tuple[str, str]) -> str:
    """channels_first or channels_last, from NCHW and the like."""
    if data_format not in allowed:
        raise ValueError(f"data_format has to be either {allowed[0]} or {allowed[1]}.")
    return "channels_first" if data_format.startswith("NC") else "channels_last"


#: the layouts of images and of volumes
IMAGES, VOLUMES = ("NCHW", "NHWC"), ("NCDHW", "NDHWC")

__all__: list[str] = []
_NAMES = [
    *("append_tensor_alias", "channel_dimension", "collect_named_outputs", "constant_value"),
    *("convert_collection_to_dict", "gather_tensors_aliases", "get_tensor_aliases"),
    *("get_variable_collections", "last_dimension", "n_positive_integers", "smart_cond"),
    *("static_cond", "two_element_tuple"),
]
NAMESPACES = {"contrib.layers.python.layers.utils": _NAMES, "contrib.slim.utils": _NAMES}
