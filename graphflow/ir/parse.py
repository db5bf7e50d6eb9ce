"""Reading the textual form of a graph (see graphflow.ir.text)."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from graphflow.ir import build
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op, lookup
from graphflow.ir.shape import Symbol, TensorShape
from graphflow.ir.tokens import ParseError, Token, tokens

#: a constant in a file may claim any shape: more elements than this are refused before memory is taken
MAX_ELEMENTS = 1 << 31


def parse_graph(text: str) -> Graph:
    """The graph that a text spells."""
    graph = Graph()
    with graph.as_default():
        reader = _Reader(text)
        reader.lines(graph, {})
        if reader.now.kind != "end":
            reader.fail("the name of a node")
    return graph


class _Reader:
    def __init__(self, text: str) -> None:
        self.tokens = tokens(text)
        self.at = 0
        self.symbols: dict[str, Symbol] = {}

    # ---- tokens ----------------------------------------------------------------------------------

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def next(self) -> Token:
        token = self.tokens[self.at]
        self.at += 1
        return token

    def fail(self, expected: str) -> NoReturn:
        found = "the end" if self.now.kind == "end" else repr(self.now.text)
        raise ParseError(f"line {self.now.line}: expected {expected}, found {found}")

    def sees(self, text: str) -> bool:
        if self.now.kind != "string" and self.now.text == text:
            self.at += 1
            return True
        return False

    def need(self, text: str) -> None:
        if not self.sees(text):
            self.fail(repr(text))

    def word(self, what: str) -> str:
        if self.now.kind == "string":
            return str(json.loads(self.next().text))
        if self.now.kind != "word":
            self.fail(what)
        return self.next().text

    def many(self, closing: str, item: Callable[[], Any]) -> list[Any]:
        items: list[Any] = []
        if self.sees(closing):
            return items
        while True:
            items.append(item())
            if self.sees(closing):
                return items
            self.need(",")

    # ---- lines -----------------------------------------------------------------------------------

    def lines(self, graph: Graph, names: dict[str, Node]) -> None:
        while True:
            while self.now.kind == "newline":
                self.at += 1
            if self.now.kind == "end" or self.now.text in ("return", "}"):
                return
            self.node(graph, names)
            if self.now.kind not in ("newline", "end"):
                self.fail("the end of the line")

    def node(self, graph: Graph, names: dict[str, Node]) -> None:
        line = self.now.line
        name = self.word("the name of a node")
        types = self.types() if self.sees(":") else []
        self.need("=")
        type_ = self.word("the name of an op")
        try:
            cls = lookup(type_)
        except LookupError as error:
            raise ParseError(f"line {line}: {error}") from None
        inputs = self.many(")", lambda: self.input(names)) if self.sees("(") else []
        attrs = dict(self.many("}", lambda: self.attribute(cls))) if self.sees("{") else {}
        controls, device, grad_of, extra = self.tail(graph, names)
        if self.sees("with"):
            attrs |= self.bodies(graph)
        try:
            node = build.restore(graph, cls, inputs, attrs, name)
        except (TypeError, ValueError) as error:
            raise ParseError(f"line {line}: {error}") from None
        node.controls, node.device, node.grad_of, node.extra = controls, device, grad_of, extra
        for body in (v for v in attrs.values() if isinstance(v, Graph)):
            body.captures = node.op.carried_into(body, node.inputs)
        for tensor, (dtype, shape) in zip(node.outputs, types, strict=False):
            if tensor.dtype is not dtype or not tensor.shape.is_compatible_with(shape):
                raise ParseError(
                    f"line {line}: '{name}' is declared {dtype.name}{shape} but is {tensor.dtype.name}{tensor.shape}"
                )
            tensor.shape = shape
        if types and len(types) != len(node.outputs):
            raise ParseError(
                f"line {line}: '{name}' is declared with {len(types)} outputs but has {len(node.outputs)}"
            )
        names[name] = node

    def tail(
        self, graph: Graph, names: dict[str, Node]
    ) -> tuple[tuple[Node, ...], str, Node | None, Any]:
        controls: list[Node] = []
        device, grad_of, extra = "", None, None
        while True:
            if self.sees("^"):
                controls.append(self.known(names, self.word("a node")))
            elif self.sees("@"):
                device = self.word("a device")
            elif self.sees("~"):
                # the node may lie in another body
                grad_of = self.known(graph.ledger.nodes_by_name, self.word("a node"))
            elif self.sees("!"):
                extra = self.json()
            else:
                return tuple(controls), device, grad_of, extra

    def known(self, names: dict[str, Node], name: str) -> Node:
        if name not in names:
            raise ParseError(
                f"line {self.now.line}: no node called {name!r} stands before this line"
            )
        return names[name]

    def input(self, names: dict[str, Node]) -> Any:
        if self.sees("["):
            return self.many("]", lambda: self.tensor(names))
        return self.tensor(names)

    def tensor(self, names: dict[str, Node]) -> Tensor:
        name = self.word("a tensor")
        node = self.known(names, name)
        index = self.whole() if self.sees(":") else 0
        outputs = node.outputs
        if not 0 <= index < len(outputs):
            raise ParseError(f"line {self.now.line}: '{name}' has no output {index}")
        return outputs[index]

    def bodies(self, graph: Graph) -> dict[str, Graph]:
        found: dict[str, Graph] = {}
        while True:
            while self.now.kind == "newline":
                self.at += 1
            if self.sees("end"):
                return found
            key = self.word("the name of a body or 'end'")
            body = Graph(outer=graph)
            names: dict[str, Node] = {}
            self.need("(")
            with body.as_default():
                for name, (dtype, shape) in self.many(")", self.parameter):
                    node = build.restore(
                        body, lookup("Arg"), [], {"dtype": dtype, "shape": shape}, name
                    )
                    names[name] = node
                    body.inputs.extend(node.outputs)
                self.need("{")
                self.lines(body, names)
                self.need("return")
                if self.now.kind != "newline" and self.now.text != "}":
                    body.outputs.append(self.tensor(names))
                    while self.sees(","):
                        body.outputs.append(self.tensor(names))
                while self.now.kind == "newline":
                    self.at += 1
                self.need("}")
            found[key] = body

    def parameter(self) -> tuple[str, tuple[DType, TensorShape]]:
        name = self.word("an argument")
        self.need(":")
        return name, self.tensor_type()

    # ---- types and values --------------------------------------------------------------------------

    def types(self) -> list[tuple[DType, TensorShape]]:
        found = [self.tensor_type()]
        while self.sees(","):
            found.append(self.tensor_type())
        return found

    def tensor_type(self) -> tuple[DType, TensorShape]:
        return self.dtype(), self.shape()

    def dtype(self) -> DType:
        line, word = self.now.line, self.word("an element type")
        try:
            return as_dtype(word)
        except TypeError:
            raise ParseError(f"line {line}: no element type is called {word!r}") from None

    def shape(self) -> TensorShape:
        self.need("[")
        if self.now.kind == "dots":
            self.at += 1
            self.need("]")
            return TensorShape(None)
        return TensorShape.of(tuple(self.many("]", self.dim)))

    def dim(self) -> Any:
        if self.now.kind == "symbol":
            return self.symbols.setdefault(self.next().text, Symbol())
        size = self.whole()
        if size < 0:
            self.fail("a size")
        return size

    def whole(self) -> int:
        try:
            return int(self.word("a number"))
        except ValueError:
            self.at -= 1
            self.fail("a whole number")

    def number(self) -> float:
        try:
            return float(self.word("a number"))
        except ValueError:
            self.at -= 1
            self.fail("a number")

    def attribute(self, cls: type[Op]) -> tuple[str, Any]:
        key = self.word("an attribute")
        self.need("=")
        return key, self.value(cls.fields.get(key, ""))

    def value(self, annotation: str) -> Any:
        """An attribute, read as its op declares it."""
        if self.sees("none"):
            return None
        annotation = annotation.removesuffix(" | None")
        if annotation.startswith("tuple["):
            inner = annotation[len("tuple[") :].split(",")[0]
            self.need("(")
            return tuple(self.many(")", lambda: self.value(inner)))
        simple: dict[str, Callable[[], Any]] = {
            "int": self.whole,
            "float": self.number,
            "bool": self.truth,
            "DType": self.dtype,
            "DTypeOrRef": self.dtype,
            "TensorShape": self.shape,
            "Literal": self.array,
        }
        if annotation in simple:
            return simple[annotation]()
        if annotation == "str":
            if self.now.kind != "string":
                self.fail("a text in quotes")
            return json.loads(self.next().text)
        self.fail(
            "no such attribute here"
            if not annotation
            else f"a {annotation}, which text cannot spell"
        )

    def truth(self) -> bool:
        if self.sees("true"):
            return True
        if self.sees("false"):
            return False
        self.fail("true or false")

    def array(self) -> Literal:
        dtype, shape = self.tensor_type()
        sizes = shape.as_tuple()
        if math.prod(sizes) > MAX_ELEMENTS:
            raise ParseError(f"line {self.now.line}: a constant of shape {shape} is too large")
        if self.sees("base64"):
            data = base64.b64decode(self.base64_text(), validate=True)
            if len(data) != math.prod(sizes) * dtype.numpy.itemsize:
                raise ParseError(
                    f"line {self.now.line}: {len(data)} bytes do not fill {dtype.name}{shape}"
                )
            return Literal(np.frombuffer(data, dtype.numpy).reshape(sizes))
        self.need("(")
        if self.sees("*"):
            value = self.element(dtype)
            self.need(")")
            return Literal(np.full(sizes, value, dtype.numpy))
        items = self.many(")", lambda: self.element(dtype))
        if len(items) != math.prod(sizes):
            raise ParseError(f"line {self.now.line}: {len(items)} values for {dtype.name}{shape}")
        array = np.empty(len(items), dtype.numpy)
        array[:] = items
        return Literal(array.reshape(sizes))

    def base64_text(self) -> str:
        text = self.word("base64")
        while self.now.text == "=" and self.now.kind == "mark":
            text += self.next().text
        return text

    def element(self, dtype: DType) -> Any:
        if dtype.kind == "s":
            return self.word("a text").encode("latin-1")
        if dtype.kind == "b":
            return self.truth()
        if dtype.kind in "iuq":
            return self.whole()
        real = self.number()
        if dtype.kind == "c":
            self.need(":")
            return complex(real, self.number())
        return real

    def json(self) -> Any:
        """The JSON object that stands here."""
        start, depth = self.at, 0
        while True:
            token = self.next()
            depth += (token.text in "{[" and token.kind == "mark") - (
                token.text in "}]" and token.kind == "mark"
            )
            if token.kind in ("newline", "end"):
                self.at -= 1
                self.fail("the end of an object")
            if depth == 0:
                break
        return json.loads(
            "".join(t.text for t in self.tokens[start : self.at]), object_hook=_from_json
        )


def _from_json(value: dict[str, Any]) -> Any:
    """What the printer wrapped, unwrapped."""
    if set(value) == {"bytes"}:
        return base64.b64decode(value["bytes"])
    if set(value) == {"dtype"}:
        return as_dtype(value["dtype"])
    if set(value) == {"shape"}:
        return TensorShape(value["shape"])
    return value
