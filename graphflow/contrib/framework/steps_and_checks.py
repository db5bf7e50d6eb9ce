"""The global step, checks of tensors, sorting and checkpoints under their names in contrib.framework."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import array, sorting, type_checks
from graphflow.frontend.confusion import remove_squeezable_dimensions as squeezed_labels_first
from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.frontend.math_more import add_n
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.train import checkpoint_initializers, checkpoint_reader, global_step
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert, is_tensor_like
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import is_sparse

__all__: list[str] = []

argsort, sort = sorting.argsort, sorting.sort
assert_same_float_dtype = type_checks.assert_same_float_dtype
assert_scalar = type_checks.assert_scalar
convert_to_tensor_or_sparse_tensor = array.convert_to_tensor_or_sparse_tensor
assert_global_step, get_global_step = global_step.assert_global_step, global_step.get_global_step
create_global_step = global_step.create_global_step
get_or_create_global_step = global_step.get_or_create_global_step


def is_tensor(x: Any) -> bool:
    """Whether `x` is a tensor, a variable or a sparse tensor."""
    return is_tensor_like(x) or is_sparse(x)


def assert_or_get_global_step(graph: Graph | None = None, global_step_tensor: Any = None) -> Any:
    """The global step: the one given, which is checked, or the one of the graph."""
    if global_step_tensor is None:
        return get_global_step(graph)
    assert_global_step(global_step_tensor)
    return global_step_tensor


def assert_scalar_int(tensor: Any, name: str | None = None) -> Tensor:
    """The tensor, if it is one integer."""
    with build.name_scope(name, "assert_scalar_int", [tensor]) as scope:
        tensor = convert(tensor)
        if not tensor.dtype.base_dtype.is_integer:
            raise ValueError(
                f"Expected integer type for {tensor.name}, received type: {tensor.dtype}."
            )
        return assert_scalar(tensor, name=scope)


def reduce_sum_n(tensors: Any, name: str | None = None) -> Any:
    """The sum of all elements of all tensors."""
    if not tensors:
        raise ValueError("No tensors provided.")
    with build.name_scope(name, "reduce_sum_n", tensors) as scope:
        sums = [reduce_sum(t, name=f"{t.op.name}/sum") for t in tensors]
        return sums[0] if len(sums) == 1 else add_n(sums, name=scope)


def remove_squeezable_dimensions(
    predictions: Any, labels: Any, name: str | None = None
) -> tuple[Any, Any]:
    """Both without the last axis of size 1 that one of them may have too much."""
    labels, predictions = squeezed_labels_first(labels, predictions, name=name)
    return predictions, labels


def load_checkpoint(filepattern: Any) -> Any:
    """A reader of a checkpoint, or of the latest one in a folder."""
    return checkpoint_reader.load_checkpoint(filepattern)


def load_variable(checkpoint_dir: Any, name: str) -> Any:
    """The value of one variable in a checkpoint."""
    return checkpoint_reader.load_variable(checkpoint_dir, name)


def list_variables(checkpoint_dir: Any) -> list[tuple[str, list[int]]]:
    """(name, shape) of all tensors in a checkpoint, sorted by name."""
    return checkpoint_reader.list_variables(checkpoint_dir)


def init_from_checkpoint(checkpoint_dir: Any, assignment_map: Any) -> None:
    """Let variables begin with values from a checkpoint."""
    checkpoint_initializers.init_from_checkpoint(checkpoint_dir, assignment_map)


def get_name_scope() -> str:
    """The name scope that surrounds this line."""
    return current_graph().get_name_scope()


def get_graph_from_inputs(op_input_list: Any, graph: Graph | None = None) -> Graph:
    """The graph that these tensors and nodes belong to."""
    if graph is None:
        return build.graph_of(list(op_input_list))
    for value in op_input_list:
        if isinstance(value, Node | Tensor) and value.graph is not graph:
            raise ValueError(f"{value} is not from the passed-in graph.")
    return graph


def get_placeholders(graph: Graph) -> list[Tensor]:
    """All placeholders of a graph."""
    if not isinstance(graph, Graph):
        raise TypeError(f"Input graph needs to be a Graph: {graph}")
    return [node.outputs[0] for node in graph.get_operations() if node.type == "Placeholder"]


def prepend_name_scope(name: str, import_scope: str | None) -> str:
    """`name` under a scope."""
    return within_scope(name, import_scope)


def strip_name_scope(name: str, export_scope: str | None) -> str:
    """`name` without the scope that it lies in."""
    return without_scope(name, export_scope)


NAMESPACES = {
    "contrib.framework": [
        *("argsort", "assert_global_step", "assert_or_get_global_step"),
        *("assert_same_float_dtype", "assert_scalar", "assert_scalar_int"),
        *("convert_to_tensor_or_sparse_tensor", "create_global_step", "get_global_step"),
        *("get_graph_from_inputs", "get_name_scope", "get_or_create_global_step"),
        *("get_placeholders", "init_from_checkpoint", "is_tensor", "list_variables"),
        *("load_checkpoint", "load_variable", "prepend_name_scope", "reduce_sum_n"),
        *("remove_squeezable_dimensions", "sort", "strip_name_scope"),
    ],
    "contrib.framework.python.ops.variables": [
        *("assert_global_step", "assert_or_get_global_step", "create_global_step"),
        *("get_global_step", "get_or_create_global_step"),
    ],
    "contrib.slim": [
        *("assert_global_step", "assert_or_get_global_step", "create_global_step"),
        *("get_global_step", "get_or_create_global_step"),
    ],
    "python.framework.tensor_util": ["is_tensor"],
}
