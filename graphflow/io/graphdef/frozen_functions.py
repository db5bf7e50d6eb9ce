"""Functions that take handles of variables, rewritten to take the values of constants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.frozen_reads import frozen_read

READERS = ("ReadVariableOp", "ResourceGather")

#: op -> the attribute with the types of the arguments, those that name functions, and the inputs before the arguments
_CALLS: dict[str, tuple[str, tuple[str, ...], int]] = {
    **dict.fromkeys(("If", "StatelessIf"), ("Tin", ("then_branch", "else_branch"), 1)),
    **dict.fromkeys(("While", "StatelessWhile"), ("T", ("cond", "body"), 0)),
    **dict.fromkeys(("PartitionedCall", "StatefulPartitionedCall"), ("Tin", ("f",), 0)),
}

#: number of an argument -> element type of the constant that it is
Frozen = Mapping[int, int]


class FrozenFunctions:
    """A library, and the functions of it that were rewritten."""

    def __init__(self, library: Any) -> None:
        self.library = protos.FunctionDefLibrary()
        self.library.CopyFrom(library)
        self._functions = {f.signature.name: f for f in library.function}
        self._made: dict[Any, str] = {}

    def call(self, node: Any, frozen: Frozen) -> Any:
        """A copy of a node some of whose inputs have become constants."""
        made = protos.NodeDef()
        made.CopyFrom(node)
        if not frozen or node.op not in _CALLS:
            return made
        types, functions, start = _CALLS[node.op]
        arguments = {i - start: dtype for i, dtype in frozen.items() if i >= start}
        for i, dtype in arguments.items():
            made.attr[types].list.type[i] = dtype
        for attr in functions:
            made.attr[attr].func.name = self._frozen(made.attr[attr].func.name, arguments)
        return made

    def _frozen(self, name: str, arguments: Frozen) -> str:
        """The name of a function like the one of that name, with constants for some arguments."""
        key = name, tuple(sorted(arguments.items()))
        if key in self._made:
            return self._made[key]
        if name not in self._functions:
            raise ValueError(f"the GraphDef has no function {name!r}")
        chosen = f"{name}_frozen"
        while chosen in self._functions:
            chosen += "_"
        self._made[key] = chosen
        function = protos.FunctionDef()
        function.CopyFrom(self._functions[name])
        self._functions[chosen] = function
        function.signature.name = chosen
        values: dict[str, int] = {}
        for i, dtype in arguments.items():
            function.signature.input_arg[i].type = dtype
            values[function.signature.input_arg[i].name] = dtype
        reads = {n.name for n in function.node_def if n.op == "ReadVariableOp"}
        nodes = [made for node in function.node_def for made in self._rewritten(node, values)]
        spelt = {
            f"{n.name}:value:0": f"{n.name}:output:0"
            for n in nodes
            if n.name in reads and n.op == "Identity"
        }
        for node in nodes:
            inputs = [spelt.get(text, text) for text in node.input]
            del node.input[:]
            node.input.extend(inputs)
        for key, text in function.ret.items():
            function.ret[key] = spelt.get(text, text)
        del function.node_def[:]
        function.node_def.extend(nodes)
        for result in function.signature.output_arg:
            result.type = values.get(function.ret[result.name], result.type)
        self.library.function.append(function)
        return chosen

    def _rewritten(self, node: Any, values: dict[str, int]) -> list[Any]:
        """What stands for a node of a function; `values` are the handles that have become constants so far."""
        frozen = {i: values[text] for i, text in enumerate(node.input) if text in values}
        if 0 in frozen and node.op in READERS:
            return frozen_read(node, ":output:0")
        made = self.call(node, frozen)
        if 0 in frozen and node.op == "Identity":
            made.attr["T"].type = values[f"{node.name}:output:0"] = frozen[0]
        elif node.op in ("While", "StatelessWhile"):
            # what a loop is given it gives back
            values.update((f"{node.name}:output:{i}", dtype) for i, dtype in frozen.items())
        return [made]
