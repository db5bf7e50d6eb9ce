"""The functions of a file, and the nodes that a call of one stands for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from graphflow.io.graphdef.attributes import FunctionName, Parameter
from graphflow.io.graphdef.flat import Endpoint, FlatNode, attributes, check_name
from graphflow.io.graphdef.outputs import output_places
from graphflow.io.graphdef.versions import modernised
from graphflow.ir.op import REGISTRY

#: what all calls of a file together may grow to: a few short functions can call each other 2^64 times
GREATEST_COUNT = 1 << 17
#: calls in calls beyond this depth are no program's work
GREATEST_DEPTH = 48
#: loops whose first values had misleading shapes
GREATEST_RETRIES = 32


class Instance(NamedTuple):
    """A function with values for its attributes, as records like those of a file."""

    name: str
    arguments: list[str]
    nodes: list[FlatNode]
    results: list[Endpoint]
    #: the nodes that a call runs even if no result needs them
    effects: list[str]


class Library:
    """The functions of one file, and what makes nodes of the ops that call them."""

    def __init__(self, message: Any, makers: Mapping[str, Callable[[FlatNode, Any], None]]) -> None:
        #: op -> maker; the one under "" makes calls of functions by their own name
        self.makers = makers
        self.functions: dict[str, Any] = {}
        for function in message.function:
            name = function.signature.name
            if name in self.functions:
                raise ValueError(f"Cannot add function '{name}': there are two of that name")
            self.functions[name] = function
        self._active: list[str] = []
        self._count = self._retries = 0

    def ops(self) -> Iterator[tuple[str, str]]:
        """(op, name) of every node of every function."""
        for name, function in self.functions.items():
            for node in function.node_def:
                yield node.op, f"{name}/{node.name}"

    def may_retry(self) -> bool:
        self._retries += 1
        return self._retries <= GREATEST_RETRIES

    @contextmanager
    def calling(self, called: FunctionName, caller: str) -> Iterator[Instance]:
        """The nodes of a function while its call is built; ValueError for calls without end or bound."""
        if called.name not in self.functions:
            raise ValueError(f"Node '{caller}': the file has no function '{called.name}'")
        if called.name in self._active:
            path = " -> ".join([*self._active[self._active.index(called.name) :], called.name])
            raise ValueError(f"Node '{caller}': a function that calls itself: {path}")
        if len(self._active) >= GREATEST_DEPTH:
            raise ValueError(f"Node '{caller}': calls {GREATEST_DEPTH} functions deep")
        function = self.functions[called.name]
        self._count += len(function.node_def) + 1
        if self._count > GREATEST_COUNT:
            raise ValueError(
                f"Node '{caller}': the calls of functions in this file stand for more than {GREATEST_COUNT} nodes"
            )
        self._active.append(called.name)
        try:
            yield _instance(function, called.attrs, self.functions)
        finally:
            self._active.pop()


def _instance(function: Any, attrs: dict[str, Any], functions: dict[str, Any]) -> Instance:
    name = function.signature.name
    given = {a.name: a.default_value for a in function.signature.attr}
    values = attributes(given, f"function '{name}'") | attrs
    arguments: dict[str, list[str]] = {}
    for arg in function.signature.input_arg:
        arguments[arg.name] = _arguments(arg, values)
    nodes = [_node(message, values, name) for message in function.node_def]
    reader = _Reader(name, arguments, nodes, functions)
    for node, message in zip(nodes, function.node_def, strict=True):
        for text in message.input:
            if text.startswith("^"):
                reader.check(text[1:])
                node.controls.append(text[1:])
            else:
                node.inputs.append(reader.endpoint(text))
    nodes = modernised(nodes)
    results = []
    for arg in function.signature.output_arg:
        if arg.name not in function.ret:
            raise ValueError(f"function '{name}' says nothing of its result '{arg.name}'")
        results.append(reader.endpoint(function.ret[arg.name]))
    effects = [n for n in function.control_ret.values() if n in reader.nodes]
    if not function.control_ret:
        effects = [n.name for n in nodes if n.op in REGISTRY and REGISTRY[n.op].stateful]
    every = [endpoint for names in arguments.values() for endpoint in names]
    return Instance(name, every, nodes, results, effects)


def _arguments(arg: Any, values: dict[str, Any]) -> list[str]:
    """The names of the tensors of an argument: one, or as many as an attribute says."""
    count: Any = 1
    if arg.number_attr:
        count = values.get(arg.number_attr)
    elif arg.type_list_attr:
        types = values.get(arg.type_list_attr)
        count = len(types) if isinstance(types, tuple) else None
    if not isinstance(count, int) or not 0 <= count <= GREATEST_COUNT:
        raise ValueError(f"the function's argument '{arg.name}' is a list of {count!r} tensors")
    if not arg.number_attr and not arg.type_list_attr:
        return [arg.name]
    return [f"{arg.name}:{i}" for i in range(count)]


def _node(message: Any, values: dict[str, Any], function: str) -> FlatNode:
    check_name(message.name)
    attrs = attributes(message.attr, f"function '{function}', node '{message.name}'")
    for key, value in attrs.items():
        if isinstance(value, Parameter):
            if value.name not in values:
                raise ValueError(
                    f"function '{function}', node '{message.name}': nobody gives the attribute '{value.name}'"
                )
            attrs[key] = values[value.name]
        elif isinstance(value, FunctionName):
            attrs[key] = FunctionName(value.name, _substituted(value.attrs, values))
    return FlatNode(message.name, message.op, [], [], message.device, attrs)


def _substituted(attrs: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    return {k: values.get(v.name) if isinstance(v, Parameter) else v for k, v in attrs.items()}


class _Reader:
    """Reads "node:output:number" and "argument" as endpoints."""

    def __init__(
        self,
        function: str,
        arguments: dict[str, list[str]],
        nodes: list[FlatNode],
        functions: dict[str, Any],
    ) -> None:
        self.function, self.arguments, self.functions = function, arguments, functions
        self.nodes: dict[str, FlatNode] = {}
        for node in nodes:
            if node.name in self.nodes or node.name in arguments:
                raise ValueError(f"function '{function}': Node '{node.name}' is not unique")
            self.nodes[node.name] = node

    def check(self, name: str) -> None:
        """ValueError if there is neither a node nor an argument of that name."""
        if name not in self.nodes and name not in self.arguments:
            raise ValueError(f"function '{self.function}': Unknown input node '{name}'")

    def endpoint(self, text: str) -> Endpoint:
        name, *rest = text.split(":")
        self.check(name)
        number = 0
        if rest and rest[-1].isdigit() and len(rest[-1]) < 8:
            number = int(rest.pop())
        found: Endpoint | None = None
        if name in self.arguments:
            places = self.arguments[name]
            if not rest and number < len(places):
                found = places[number], 0
        elif not rest:
            found = name, number
        else:
            start, size = output_places(self.nodes[name], self.functions).get(rest[0], (0, 0))
            if len(rest) == 1 and number < size:
                found = name, start + number
        if found is None:
            raise ValueError(f"function '{self.function}' has no value '{text}'")
        return found
