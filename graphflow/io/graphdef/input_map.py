"""What a caller puts in the place of values of a file, and what it asks back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graphflow.io.graphdef.flat import Endpoint, FlatNode, parse_endpoint
from graphflow.io.graphdef.names import Names
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.node import Node, Tensor

#: no node of a file can have a name like these
_VALUE, _CONTROL = "\0value", "\0control"


class InputMap:
    """Tensors of the graph in the place of endpoints of the file; "^name" stands for the node."""

    def __init__(self, given: Mapping[Any, Any] | None) -> None:
        if given is not None and not (
            isinstance(given, Mapping) and all(isinstance(k, str | bytes) for k in given)
        ):
            raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
        self._tensors: dict[Endpoint, Any] = {}
        self._controls: dict[str, Any] = {}
        for key, value in (given or {}).items():
            text = key.decode() if isinstance(key, bytes) else key
            if text.startswith("^"):
                self._controls[text[1:]] = value
            else:
                endpoint = parse_endpoint(text)
                if endpoint is None:
                    raise ValueError(
                        f"input_map has the key {text!r}, which names no output of a node"
                    )
                self._tensors[endpoint] = value
        self._used: set[Endpoint | str] = set()

    def values(self) -> list[Any]:
        return [*self._tensors.values(), *self._controls.values()]

    def put_in(self, flat: Iterable[FlatNode]) -> None:
        """Let the nodes use what is given instead of what the file has."""
        if not self._tensors and not self._controls:
            return
        places: dict[Endpoint, Endpoint] = {
            e: (f"{_VALUE}{i}", 0) for i, e in enumerate(self._tensors)
        }
        names = {c: f"{_CONTROL}{i}" for i, c in enumerate(self._controls)}
        for node in flat:
            self._used.update(e for e in node.inputs if e in places)
            self._used.update(c for c in node.controls if c in names)
            node.inputs = [places.get(e, e) for e in node.inputs]
            node.controls = [names.get(c, c) for c in node.controls]

    def convert(self, named: bool) -> None:
        """Python values become constants, under the scope of the import."""
        for endpoint, value in self._tensors.items():
            self._tensors[endpoint] = _converted(value, named)
        for name, value in self._controls.items():
            self._controls[name] = _converted(value, named)

    def bind(self, names: Names) -> None:
        """Let the stand-ins mean the tensors."""
        for i, (endpoint, tensor) in enumerate(self._tensors.items()):
            _check_graph(tensor, names, f"{endpoint[0]}:{endpoint[1]}")
            names.bind((f"{_VALUE}{i}", 0), tensor)
        for i, (name, tensor) in enumerate(self._controls.items()):
            _check_graph(tensor, names, f"^{name}")
            names.bind((f"{_CONTROL}{i}", 0), tensor)

    def instead_of(self, endpoint: Endpoint) -> Tensor | None:
        """The tensor that was given for an endpoint."""
        return self._tensors.get(endpoint)

    def check_used(self, names: Names, own: Collection[str]) -> None:
        """ValueError for what was given in the place of nothing."""
        missing = [
            f"^{name}" for name in self._controls if name not in self._used and name not in own
        ]
        for name, index in self._tensors:
            node = names.nodes.get(name)
            known = name in own if node is None else index < len(node.outputs)
            if (name, index) not in self._used and not known:
                missing.append(f"{name}:{index}")
        if missing:
            raise ValueError(
                f"Attempted to map inputs that were not found in graph_def: [{', '.join(sorted(missing))}]"
            )


def _converted(value: Any, named: bool) -> Tensor:
    if hasattr(value, "_as_tensor"):
        return build.converter[0](value)
    if not named:
        raise ValueError(
            "tf.import_graph_def() requires a non-empty `name` if `input_map` contains non-Tensor values. "
            "Try calling tf.convert_to_tensor() on `input_map` values before calling tf.import_graph_def()."
        )
    graph = current_graph()
    with graph.name_scope(f"{graph.scope}/_inputs/"):
        return build.converter[0](value)


def _check_graph(tensor: Tensor, names: Names, key: str) -> None:
    if tensor.graph.ledger is not names.graph.ledger:
        raise ValueError(
            f"node '{tensor.node.name}' in input_map does not exist in graph (input_map entry: {key}->{tensor.name})"
        )


def checked_elements(elements: Iterable[Any] | None) -> list[str] | None:
    """The names that a caller asks back, as text."""
    if elements is None:
        return None
    found = list(elements)
    if not all(isinstance(e, str | bytes) for e in found):
        raise TypeError("return_elements must be a list of strings.")
    return [e.decode() if isinstance(e, bytes) else e for e in found]


def element(names: Names, own: Collection[str], given: InputMap, wanted: str) -> Tensor | Node:
    """The tensor or node that a caller asks back."""
    name, colon, _ = wanted.partition(":")
    what = "tensor" if colon else "node"
    if name not in own:
        raise ValueError(f"Requested return {what} '{wanted}' not found in graph def")
    endpoint = parse_endpoint(wanted) or (name, 0)
    if colon:
        mapped = given.instead_of(endpoint)
        if mapped is not None:
            return mapped
    # what lies inside of a loop can be looked at, though it has no value outside
    node = names.nodes.get(name) or names.graph.ledger.nodes_by_name.get(names.spelling.full(name))
    if not colon and node is not None:
        return node
    try:
        if colon and (node is None or node.graph is names.graph):
            return names.tensor(*endpoint, wanted)
    except ValueError as error:
        if node is None:
            raise ValueError(
                f"Requested return tensor '{wanted}' is no value of its own: {error}"
            ) from None
    outputs = [] if node is None else node.outputs
    if node is None:
        raise ValueError(
            f"Requested return node '{wanted}' is part of control flow that became If and While"
        )
    if endpoint[1] >= len(outputs):
        raise ValueError(
            f"Invalid return output {endpoint[1]} of node '{name}', which has {len(outputs)} output(s)"
        )
    return outputs[endpoint[1]]
