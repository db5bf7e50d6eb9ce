"""Functions that an op hands on, to be called when its run is over: those of datasets and their iterators."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.calls import Put, function_of
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.functions import Instance
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import build_node
from graphflow.io.graphdef.pieces import ImportedBody, add
from graphflow.ir.dtype import as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.op import REGISTRY, Op
from graphflow.ir.shape import TensorShape


def later_makers() -> Iterator[tuple[str, Callable[[FlatNode, Names], None]]]:
    """The ops that hand functions on, and what makes their nodes."""
    for op, cls in REGISTRY.items():
        if cls.calls_later:
            yield op, build_with_functions


def function_fields(cls: type[Op]) -> list[str]:
    """The attributes of an op that are functions."""
    return [name for name, annotation in cls.fields.items() if annotation == "Graph"]


def build_with_functions(flat: FlatNode, names: Names) -> None:
    """A node whose attributes name functions: each becomes a body."""
    attrs = dict(flat.attrs)
    for field in function_fields(REGISTRY[flat.op]):
        attrs[field] = _body(flat, names, field, function_of(flat, field))
    build_node(replace(flat, attrs=attrs), names)


def _body(flat: FlatNode, names: Names, field: str, called: FunctionName) -> ImportedBody:
    label = f"{fresh(names.graph, names.spelling.full(flat.name))}/{field}"
    body = ImportedBody(names.graph, label)
    with names.library.calling(called, flat.name) as instance:
        body.inputs = _parameters(flat, body, instance, names.library.functions[called.name])
        put = Put(flat, names, instance, body.inputs, body, f"{label}/")
        body.outputs = put.results
        if put.effects:
            body.outputs = [_after(body, t, put.effects) for t in put.results]
    return body


def _parameters(
    flat: FlatNode, body: ImportedBody, instance: Instance, function: Any
) -> list[Tensor]:
    """What a body is given: elements, of which a file tells the types alone."""
    types = [as_dtype(arg.type) for arg in function.signature.input_arg if arg.type]
    if len(types) != len(instance.arguments):
        raise ValueError(
            f"Node '{flat.name}' ({flat.op}): the types of the arguments of '{instance.name}' are not said"
        )
    return [
        body.parameter(dtype, TensorShape(None), f"{body.label}/{name}")
        for name, dtype in zip(instance.arguments, types, strict=True)
    ]


def _after(body: ImportedBody, tensor: Tensor, effects: list[Any]) -> Tensor:
    """A result that is there once these nodes have run."""
    node = add(body, "Identity", [tensor], fresh(body, f"{body.label}/result"))
    node.controls = tuple(dict.fromkeys((*node.controls, *effects)))
    assert node.out is not None
    return node.out
