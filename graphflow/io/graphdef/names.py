"""What the names of a file stand for, level by level: the graph, the bodies of branches and loops in it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any

from graphflow.io.graphdef.flat import Endpoint
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.control_flow import taken_from_branch

if TYPE_CHECKING:
    from graphflow.io.graphdef.conditions import Conditions
    from graphflow.io.graphdef.functions import Library


class Spelling:
    """How the names of one file, or of one call of a function, are spelt in the graph."""

    def __init__(self, prefix: str, library: Library) -> None:
        #: empty, or a scope with its slash
        self.prefix = prefix
        self.library = library
        self.renamed: dict[str, str] = {}
        #: the names that nodes of the file have, or will have, in the graph
        self.claimed: set[str] = set()
        #: endpoints that are another value by another name: what goes through Switch, Enter and LoopCond
        self.aliases: dict[Endpoint, Endpoint] = {}
        #: name -> the nodes that wait for it by a control edge
        self.waiters: dict[str, set[str]] = {}
        #: the conditions of what lies inside of branches but of no loop
        self.conditions: Conditions | None = None

    def claim(self, names: Sequence[str], taken: Collection[str]) -> None:
        """Take these names, numbered where the graph has them already, as nodes or as scopes."""
        if not self.prefix or any(t.startswith(self.prefix) for t in taken):
            used = {*taken, *(s for name in taken for s in scopes_of(name))}
            mine = {self.prefix + name for name in names}
            for name in names:
                chosen = original = self.prefix + name
                count = itertools.count(1)
                while chosen in used or (chosen != original and chosen in mine):
                    chosen = f"{original}_{next(count)}"
                used.add(chosen)
                if chosen != original:
                    self.renamed[name] = chosen
        self.claimed.update(map(self.full, names))

    def full(self, name: str) -> str:
        """The name of a node of the file in the graph."""
        return self.renamed.get(name) or self.prefix + name

    def auxiliary(self, graph: Graph, name: str) -> str:
        """A free name for a node that the file has no record of, taken at once."""
        chosen = fresh(graph, name, self.claimed)
        self.claimed.add(chosen)
        return chosen

    def resolved(self, endpoint: Endpoint) -> Endpoint:
        """The endpoint that makes the value."""
        while endpoint in self.aliases:
            endpoint = self.aliases[endpoint]
        return endpoint


def scopes_of(name: str) -> Iterable[str]:
    """ "a" and "a/b" of "a/b/c"."""
    at = name.find("/")
    while at > 0:
        yield name[:at]
        at = name.find("/", at + 1)


class Names:
    """What names stand for in one graph: a level of the file, inside the level around it."""

    def __init__(
        self, graph: Graph, spelling: Spelling, parent: Names | None = None, branch: bool = False
    ) -> None:
        self.graph, self.spelling, self.parent = graph, spelling, parent
        self.nodes: dict[str, Node] = {}
        self.tensors: dict[Endpoint, Tensor] = {}
        #: endpoints that are made when somebody asks for them
        self.lazy: dict[Endpoint, Callable[[], Tensor]] = {}
        #: name -> the level it was built on; branches share it with the level around them
        self.homes: dict[str, Names] = parent.homes if branch and parent is not None else {}
        #: the If that this level is a body of, once it is made
        self.holder: Node | None = None
        #: name -> what makes the nodes of a branch that nothing asked for yet
        self._deferred: dict[str, Callable[[], None]] = {}

    @property
    def library(self) -> Library:
        return self.spelling.library

    def define(self, name: str, node: Node) -> None:
        """Let a name of the file stand for a node on this level."""
        self.nodes[name] = node
        self.homes[name] = self

    def bind(self, endpoint: Endpoint, tensor: Tensor) -> None:
        """Let an endpoint of the file stand for a tensor on this level."""
        self.tensors[endpoint] = tensor

    @property
    def can_defer(self) -> bool:
        """Whether nodes can still be put on this level when the import is over: into a body nothing new can come."""
        return self.parent is None and self.graph.outer is None

    def defer(self, names: Iterable[str], make: Callable[[], None]) -> None:
        """Make nodes only when somebody asks for one of these names."""
        self._deferred.update(dict.fromkeys(names, make))

    def made(self, name: str) -> None:
        """Make the nodes behind a name, if they were put off."""
        make = self._deferred.get(name)
        if make is not None:
            self._deferred = {n: m for n, m in self._deferred.items() if m is not make}
            make()

    def tensor(self, name: str, index: int, wanted_by: str) -> Tensor:
        """The tensor of an endpoint, of this level or of one around it."""
        endpoint = self.spelling.resolved((name, index))
        level: Names | None = self
        while level is not None:
            found = level._own(endpoint, wanted_by)
            if found is not None:
                return found
            around = level.parent
            if around is None or around.homes is not level.homes:
                level.made(endpoint[0])
                home = level.homes.get(endpoint[0])
                if home is not None:
                    return home._handed_out(endpoint, self, wanted_by)
            level = around
        raise ValueError(f"Node '{wanted_by}': Unknown input node '{name}'")

    def _own(self, endpoint: Endpoint, wanted_by: str) -> Tensor | None:
        found = self.tensors.get(endpoint)
        if found is None and endpoint in self.lazy:
            found = self.tensors[endpoint] = self.lazy[endpoint]()
        if found is not None:
            return found
        node = self.nodes.get(endpoint[0])
        if node is None:
            return None
        outputs, index = node.outputs, endpoint[1]
        if index >= len(outputs):
            raise ValueError(
                f"Node '{wanted_by}': Connecting to invalid output {index} of source node {endpoint[0]} "
                f"which has {len(outputs)} outputs."
            )
        return outputs[index]

    def _around(self) -> Iterable[Names]:
        level: Names | None = self
        while level is not None:
            yield level
            level = level.parent

    def _handed_out(self, endpoint: Endpoint, asking: Names, wanted_by: str) -> Tensor:
        """A value of this level's branch, handed out by its If to a level that `asking` sees."""
        tensor = self._own(endpoint, wanted_by)
        assert tensor is not None
        seen = set(asking._around())
        level = self
        while level not in seen:
            assert level.holder is not None
            assert level.parent is not None
            tensor = taken_from_branch(level.holder, level.graph, tensor)
            level = level.parent
        return tensor

    def control(self, name: str) -> Node | None:
        """The node that a control edge from `name` means on this level, None where it means nothing there."""
        endpoint = self.spelling.resolved((name, 0))
        seen = set(self._around())
        level: Names | None = self
        while level is not None:
            found = level.nodes.get(endpoint[0])
            if found is None and endpoint in level.tensors:
                found = level.tensors[endpoint].node
            if found is not None:
                return found
            level.made(endpoint[0])
            home = level.homes.get(endpoint[0])
            while home is not None and home not in seen:
                found, home = home.holder, home.parent
            if found is not None:
                return found
            level = level.parent
        return None


def fresh(graph: Graph, name: str, reserved: Collection[str] = ()) -> str:
    """`name`, or the first numbered form of it that no node has."""
    taken: Any = graph.ledger.nodes_by_name
    names = (f"{name}_{i}" if i else name for i in itertools.count())
    return next(n for n in names if n not in taken and n not in reserved)
