"""The textual form of a graph: a node a line, to read, to write by hand, and to compare.

    x: float32[?0, 3] = Placeholder {dtype=float32, shape=[?0, 3]}
    w: float32[3, 1] = Const {value=float32[3, 1](0.5, -1.0, 2.0), dtype=float32}
    y: float32[?0, 1] = MatMul(x, w) {transpose_a=false, transpose_b=false} ^init @/device:CPU:0

A line is: name, the types of the outputs, the op with its inputs (`x:1` is the second output of x; lists
in brackets), its attributes, `^` control inputs, `@` a device, `~` the node whose gradient it serves, and
`!` further attributes. `?0` is an unknown dimension; the same number is the same size. graphflow.ir.parse reads it back.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import Symbol, TensorShape
from graphflow.ir.signature import split

#: arrays of more elements are printed as base64, which no one reads but everything reads back
READABLE = 64
BARE = re.compile(r"[A-Za-z0-9_.][A-Za-z0-9_.\\/>-]*\Z")


class _Symbols:
    """Numbers for unknown dimensions in the order of their appearance."""

    def __init__(self) -> None:
        self.numbers: dict[Symbol, int] = {}

    def __call__(self, symbol: Symbol) -> str:
        return f"?{self.numbers.setdefault(symbol, len(self.numbers))}"


def print_graph(graph: Graph) -> str:
    """The whole graph as text."""
    symbols = _Symbols()
    return "".join(f"{line}\n" for line in _lines(graph, symbols, ""))


def print_node(node: Node) -> str:
    """One node as text."""
    return "\n".join(_node(node, _Symbols(), ""))


def _lines(graph: Graph, symbols: _Symbols, indent: str) -> Iterator[str]:
    arguments = {t.node for t in graph.inputs}
    for node in graph.nodes:
        if node not in arguments:
            yield from _node(node, symbols, indent)


def _node(node: Node, symbols: _Symbols, indent: str) -> Iterator[str]:
    types = ", ".join(type_text(t, symbols) for t in node.outputs)
    head = f"{indent}{name_text(node.name)}" + (f": {types}" if types else "")
    call = f"{node.type}({_inputs(node)})" if node.inputs else node.type
    inner = [(k, v) for k, v in node.op.attrs() if isinstance(v, Graph)]
    plain = [
        f"{k}={value_text(v, symbols)}" for k, v in node.op.attrs() if not isinstance(v, Graph)
    ]
    attrs = f" {{{', '.join(plain)}}}" if plain else ""
    tail = "".join(f" ^{name_text(c.name)}" for c in node.controls)
    if node.device:
        tail += f" @{json.dumps(node.device)}"
    if node.grad_of is not None:
        tail += f" ~{name_text(node.grad_of.name)}"
    if node.extra:
        tail += " !" + json.dumps(node.extra, default=_json, sort_keys=True)
    if not inner:
        yield f"{head} = {call}{attrs}{tail}"
        return
    yield f"{head} = {call}{attrs}{tail} with"
    for key, body in inner:
        arguments = ", ".join(
            f"{name_text(t.node.name)}: {type_text(t, symbols)}" for t in body.inputs
        )
        yield f"{indent}  {key}({arguments}) {{"
        yield from _lines(body, symbols, indent + "    ")
        yield f"{indent}    return {', '.join(_tensor(t) for t in body.outputs)}".rstrip()
        yield f"{indent}  }}"
    yield f"{indent}end"


def _json(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    if isinstance(value, DType):
        return {"dtype": value.name}
    if isinstance(value, TensorShape):
        return {"shape": None if value.known is None else value.as_list()}
    if isinstance(value, np.generic):
        return value.item()
    return {"opaque": repr(value)}


def name_text(name: str) -> str:
    """A node name, in quotes where it would not read as one word."""
    return name if BARE.match(name) and name not in ("return", "end", "with") else json.dumps(name)


def _tensor(tensor: Tensor) -> str:
    name = name_text(tensor.node.name)
    return f"{name}:{tensor.index}" if tensor.index else name


def _inputs(node: Node) -> str:
    grouped = split(type(node.op).sig().inputs, node.inputs, node.type_attrs())
    return ", ".join(
        f"[{', '.join(map(_tensor, g))}]" if isinstance(g, list) else _tensor(g) for g in grouped
    )


def type_text(tensor: Tensor, symbols: Any) -> str:
    """float32[?0, 3], or float32[...] for an unknown rank."""
    return tensor.dtype.name + shape_text(tensor.shape, symbols)


def shape_text(shape: TensorShape, symbols: Any) -> str:
    if shape.known is None:
        return "[...]"
    return f"[{', '.join(symbols(d) if isinstance(d, Symbol) else str(d) for d in shape.known)}]"


def value_text(value: Any, symbols: Any) -> str:
    """An attribute as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "none"
    if isinstance(value, DType):
        return value.name
    if isinstance(value, TensorShape):
        return shape_text(value, symbols)
    if isinstance(value, Literal):
        return array_text(value.array)
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, tuple | list):
        return f"({', '.join(value_text(v, symbols) for v in value)})"
    if isinstance(value, int):
        return str(value)
    return f"<{type(value).__name__}>"


def number_text(value: float) -> str:
    return repr(float(value))


def array_text(array: np.ndarray[Any, Any]) -> str:
    """float32[2](1.0, 2.0); long arrays in base64; one value that fills the whole array once."""
    dtype = "bfloat16" if array.dtype.name == "bfloat16" else array.dtype.name
    if array.dtype == object:
        items = ", ".join(json.dumps(v.decode("latin-1")) for v in array.ravel())
        return f"string{list(array.shape)}({items})"
    head = f"{dtype}{list(array.shape)}"
    if (
        array.size > 1
        and array.tobytes() == np.full(array.shape, array.ravel()[0], array.dtype).tobytes()
    ):
        return f"{head}(*{_element(array.ravel()[0])})"
    if array.size <= READABLE and not _odd_nan(array):
        return f"{head}({', '.join(_element(v) for v in array.ravel())})"
    return f"{head} base64 {base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()}"


def _odd_nan(array: np.ndarray[Any, Any]) -> bool:
    """Whether there are NaNs whose bits `nan` would not give back."""
    if array.dtype.kind not in "fcV":
        return False
    again = np.array([_plain(v) for v in array.ravel()], dtype=array.dtype)
    return bool(again.tobytes() != np.ascontiguousarray(array).tobytes())


def _plain(value: Any) -> Any:
    """What reading the printed number gives back."""
    if np.iscomplexobj(value):
        return complex(float(number_text(value.real)), float(number_text(value.imag)))
    return float(number_text(float(value)))


def _element(value: Any) -> str:
    if isinstance(value, np.bool_):
        return "true" if value else "false"
    if isinstance(value, np.integer):
        return str(int(value))
    if np.iscomplexobj(value):
        return f"{number_text(value.real)}:{number_text(value.imag)}"
    return number_text(float(value))
