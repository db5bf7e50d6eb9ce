"""What programs import from TensorFlow's module `ops` beside the public names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable
from typing import Any

from graphflow.autodiff.registry import gradient_function
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import SparseTensor

_MODULE = "python.framework.ops"
NAMESPACES = {
    _MODULE: [
        *(
            "EagerTensor",
            "OpStats",
            "RegisterShape",
            "RegisterStatistics",
            "_get_graph_from_inputs",
        ),
        *("convert_n_to_tensor", "convert_to_tensor_or_composite", "dismantle_graph"),
        *("get_all_collection_keys", "get_gradient_function", "get_name_scope", "inside_function"),
        *("internal_convert_n_to_tensor", "internal_convert_to_tensor", "name_from_scope_name"),
        *("prepend_name_scope", "strip_name_scope", "uid"),
    ],
    "python.framework.tensor_conversion_registry": {},
}
__all__: list[str] = []

_numbers = itertools.count()


class EagerTensor(Tensor):
    """The class of tensors that have their value at once: in a graph there are none."""


class _Registered:
    """A decorator that keeps nothing: ops know of themselves what TensorFlow registered of them."""

    def __init__(self, op_type: str, *_: Any) -> None:
        self.op_type = op_type

    def __call__(self, function: Callable[..., Any]) -> Callable[..., Any]:
        return function


class RegisterShape(_Registered):
    """Accepted for TensorFlow's sake, which infers shapes in C++ since 1.0."""


class RegisterStatistics(_Registered):
    """Accepted for TensorFlow's sake."""


class OpStats:
    """A number that is measured of an op."""

    def __init__(self, statistic_type: str, value: Any = None) -> None:
        self.statistic_type, self.value = statistic_type, value


def uid() -> int:
    """A number that nobody had before."""
    return next(_numbers)


def internal_convert_to_tensor(
    value: Any,
    dtype: Any = None,
    name: str | None = None,
    as_ref: bool = False,
    preferred_dtype: Any = None,
    **_: Any,
) -> Tensor:
    return convert(value, dtype, name, preferred_dtype, as_ref)


def convert_n_to_tensor(
    values: Iterable[Any], dtype: Any = None, name: str | None = None, preferred_dtype: Any = None
) -> list[Tensor]:
    """Each value as a tensor; the names are numbered."""
    if not isinstance(values, list | tuple):
        raise TypeError("values must be a sequence.")
    return [
        convert(value, dtype, None if name is None else f"{name}_{i}", preferred_dtype)
        for i, value in enumerate(values)
    ]


internal_convert_n_to_tensor = convert_n_to_tensor


def convert_to_tensor_or_composite(value: Any, dtype: Any = None, name: str | None = None) -> Any:
    return value if isinstance(value, SparseTensor | IndexedSlices) else convert(value, dtype, name)


def get_gradient_function(op: Node) -> Callable[..., Any] | None:
    """The function of (op, *gradients) that differentiates an op; LookupError where there is none."""
    if not op.inputs:
        return None
    found = gradient_function(op)
    if found is None or getattr(found, "__self__", None) is not op.op:
        return found

    def of_one_or_more(node: Node, *grads: Any) -> Any:
        # registered functions of ops with one input give the gradient itself
        results = found(node, *grads)
        return results[0] if len(results) == 1 else results

    return of_one_or_more


def get_all_collection_keys() -> list[Any]:
    return current_graph().get_all_collection_keys()


def get_name_scope() -> str:
    return current_graph().get_name_scope()


def name_from_scope_name(name: str) -> str:
    """ "a/b" for "a/b/"."""
    return name.removesuffix("/")


def strip_name_scope(name: str, export_scope: str | None) -> Any:
    """A name without the scope that it lies in."""
    if not export_scope:
        return name
    scope = re.escape(export_scope.removesuffix("/"))
    return re.sub(rf"^([\^]|loc:@|^){scope}[/]+(.*)", r"\1\2", name, count=1)


def prepend_name_scope(name: str, import_scope: str | None) -> Any:
    """A name inside a scope."""
    if not import_scope:
        return name
    scope = import_scope.removesuffix("/")
    return re.sub(r"([\^]|loc:@|^)(.*)", rf"\1{scope}/\2", name, count=1)


def inside_function() -> bool:
    return current_graph().building_function


def dismantle_graph(graph: Graph) -> None:
    """Accepted for TensorFlow's sake: a graph that nobody holds is collected."""


def _get_graph_from_inputs(op_input_list: Any, graph: Graph | None = None) -> Graph:
    return build.graph_of(list(op_input_list)) if graph is None else graph
