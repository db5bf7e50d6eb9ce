"""The graph: an append-only list of nodes with unique names, and the scopes in which new nodes are made."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, cast

from graphflow.ir import doors, report, stacks
from graphflow.ir.device import merged
from graphflow.ir.ledger import Collections, Ledger
from graphflow.ir.node import Node, Tensor

_VALID_NAME = re.compile(r"^[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*$")
_VALID_SCOPE = re.compile(r"^[A-Za-z0-9_.\\/>-]*$")


#: a note: what knows names besides those of nodes; `make(name)` makes a node that was put off, `tensor(name, output)`
#: gives the tensor that stands for an output of what is no node here, or None
STAND_INS = "stand-ins"


class ControlBlock:
    """A `with control_dependencies(...)`: what it waits for, and the nodes made inside it."""

    __slots__ = ("made", "waited")

    def __init__(self, waited: list[Node]) -> None:
        self.waited = waited
        self.made: set[Node] = set()


class Graph(Collections):
    """Nodes in the order they were made, which is an order in which they can run."""

    def __init__(self, outer: Graph | None = None) -> None:
        self.nodes: list[Node] = []
        self.outer = outer
        self.ledger = Ledger() if outer is None else outer.ledger
        #: the arguments and results of a body
        self.inputs: list[Tensor] = []
        self.outputs: list[Tensor] = []
        #: outer tensor -> the argument through which a body sees it
        self.captures: dict[Tensor, Tensor] = {}
        #: called with a tensor of another graph that a node in here wants; None for a free-standing graph
        self.capture: Callable[[Tensor], Tensor] | None = None
        #: what nodes of the graph outside wait for when they wait for a node of this body; None while it is built
        self.stand_in: Callable[[Node], Node] | None = None
        self.lock: threading.RLock = threading.RLock() if outer is None else outer.lock
        # where new nodes go
        self.scope: str = "" if outer is None else outer.scope
        self.control: list[ControlBlock] = []
        self.devices: list[Any] = [] if outer is None else list(outer.devices)
        self.colocated: list[Node] = []
        self.grad_of: Node | None = None
        self.gradient_overrides: dict[str, str] = (
            {} if outer is None else dict(outer.gradient_overrides)
        )
        self.attributes: dict[str, Any] = {}
        self.containers: list[str] = []
        self.unfeedable: set[Tensor] = set()
        self.unfetchable: set[Node] = set()
        #: what other rooms keep with a graph (variable scopes, a cache), under a key of their own
        self.notes: dict[Any, Any] = {} if outer is None else outer.notes

    # ---- names ----------------------------------------------------------------------------------

    def unique_name(self, name: str, mark_as_used: bool = True) -> str:
        """`name` under the current scope, numbered if it is taken; upper and lower case count as one."""
        if self.scope:
            name = f"{self.scope}/{name}"
        names = self.ledger.names
        key = name.lower()
        taken = names.get(key, 0)
        if mark_as_used:
            names[key] = taken + 1
        if taken:
            base = key
            while key in names:
                key = f"{base}_{taken}"
                taken += 1
            if mark_as_used:
                names[key] = 1
            name = f"{name}_{taken - 1}"
        return name

    @contextmanager
    def name_scope(self, name: str | None) -> Iterator[str]:
        """New nodes are named under `name`; "x/" enters that very scope again, None leaves all scopes."""
        if name is not None and not isinstance(name, str):
            raise TypeError(f"a scope name is a string, not {name!r}")
        if name:
            valid = _VALID_SCOPE if self.scope else _VALID_NAME
            if not valid.match(name):
                raise ValueError(f"'{name}' is not a valid scope name")
        before = self.scope
        if not name:
            self.scope = ""
        elif name[-1] == "/":
            self.scope = name[:-1]
        else:
            self.scope = self.unique_name(name)
        try:
            yield self.scope + "/" if self.scope else ""
        finally:
            self.scope = before

    def get_name_scope(self) -> str:
        return self.scope

    # ---- what surrounds new nodes ----------------------------------------------------------------

    @contextmanager
    def control_dependencies(self, control_inputs: Any) -> Iterator[None]:
        """Nodes made inside wait for these; None forgets the dependencies outside."""
        before = self.control
        if control_inputs is None:
            self.control = []
        else:
            waited = []
            for item in control_inputs:
                slices = hasattr(item, "values") and hasattr(item, "indices")
                node = self.as_node(item.op if slices else item)
                while node.graph is not self and node.graph.stand_in is not None:
                    node = node.graph.stand_in(node)
                waited.append(node)
            self.control = [*before, ControlBlock(waited)]
        try:
            yield
        finally:
            self.control = before

    def surrounding_controls(self, inputs: Iterable[Tensor]) -> tuple[Node, ...]:
        """The nodes a new node must wait for, less those that its inputs have waited for."""
        feeding = {t.node for t in inputs}
        waits: dict[Node, None] = {}
        for block in self.control:
            if block.made.isdisjoint(feeding):
                waits.update(
                    (n, None) for n in block.waited if n not in feeding and n.graph is self
                )
        return tuple(waits)

    @contextmanager
    def device(self, device: Any) -> Iterator[None]:
        """Nodes made inside are placed on `device`: a name, None, or a function of the node."""
        self.devices.append(device)
        try:
            yield
        finally:
            self.devices.pop()

    def device_of(self, node: Node) -> str:
        """The device of a new node: an inner block goes before an outer one, a function has its own way."""
        name = ""
        for device in reversed(self.devices):
            if device is None:
                break
            if callable(device):
                node.device = name
                device = device(node)
                name = device.to_string() if hasattr(device, "to_string") else device
                if not isinstance(name, str):
                    raise TypeError(
                        f"Expected binary or unicode string, got {name!r}: what a function given to "
                        f"`tf.device` returned for {node.name!r}"
                    )
            else:
                name = merged([getattr(device, "to_string", device.__str__)(), name])
        return name

    @contextmanager
    def colocate_with(self, op: Any, ignore_existing: bool = False) -> Iterator[None]:
        """Nodes made inside go where `op` goes."""
        before, devices = self.colocated, self.devices
        if op is None:
            self.colocated = []
        else:
            node = self.as_node(op.handle if hasattr(op, "_gradient_source") else op)
            self.colocated = [node] if ignore_existing else [*before, node]
            # Where `op` is decides, whatever the blocks around say.
            self.devices = []
        try:
            yield
        finally:
            self.colocated, self.devices = before, devices

    @contextmanager
    def container(self, container_name: str) -> Iterator[str]:
        self.containers.append(container_name)
        try:
            yield container_name
        finally:
            self.containers.pop()

    @contextmanager
    def gradient_override_map(self, op_type_map: dict[str, str]) -> Iterator[None]:
        """Nodes of these types made inside use the gradient registered under the given name."""
        if not isinstance(op_type_map, dict):
            raise TypeError("op_type_map must be a dictionary mapping strings to strings")
        before = self.gradient_overrides
        self.gradient_overrides = before | op_type_map
        try:
            yield
        finally:
            self.gradient_overrides = before

    @contextmanager
    def _attr_scope(self, attr_map: dict[str, Any]) -> Iterator[None]:
        before = self.attributes
        self.attributes = {k: v for k, v in (before | attr_map).items() if v is not None}
        try:
            yield
        finally:
            self.attributes = before

    # ---- looking things up -----------------------------------------------------------------------

    @property
    def outermost(self) -> Graph:
        graph = self
        while graph.outer is not None:
            graph = graph.outer
        return graph

    @property
    def _last_id(self) -> int:
        return self.ledger.count

    @property
    def version(self) -> int:
        return self.ledger.count

    @property
    def seed(self) -> int | None:
        return self.ledger.seed

    @seed.setter
    def seed(self, seed: int | None) -> None:
        self.ledger.seed = seed

    def get_operations(self) -> list[Node]:
        return list(self.nodes)

    def get_operation_by_name(self, name: str) -> Node:
        if not isinstance(name, str):
            raise TypeError(f"Operation names are strings (or similar), not {type(name).__name__}.")
        found = self.as_graph_element(name, allow_tensor=False, allow_operation=True)
        assert isinstance(found, Node)
        return found

    def get_tensor_by_name(self, name: str) -> Tensor:
        if not isinstance(name, str):
            raise TypeError(f"Tensor names are strings (or similar), not {type(name).__name__}.")
        found = self.as_graph_element(name, allow_tensor=True, allow_operation=False)
        assert isinstance(found, Tensor)
        return found

    def as_graph_element(
        self, obj: Any, allow_tensor: bool = True, allow_operation: bool = True
    ) -> Tensor | Node:
        """The tensor or node of this graph that `obj` is or names."""
        if hasattr(obj, "_as_graph_element"):
            obj = obj._as_graph_element()
        if isinstance(obj, bytes):
            obj = obj.decode()
        if isinstance(obj, str):
            return self._named(obj, allow_tensor, allow_operation)
        if (isinstance(obj, Tensor) and allow_tensor) or (
            isinstance(obj, Node) and allow_operation
        ):
            if obj.graph is not self:
                what = "Tensor" if isinstance(obj, Tensor) else "Operation"
                raise ValueError(f"{what} {obj} is not an element of this graph.")
            return obj
        wanted = " or ".join(
            w for w, ok in (("Tensor", allow_tensor), ("Operation", allow_operation)) if ok
        )
        raise TypeError(f"Can not convert a {type(obj).__name__} into a {wanted}.")

    def _named(self, name: str, allow_tensor: bool, allow_operation: bool) -> Tensor | Node:
        nodes = self.ledger.nodes_by_name
        base, colon, index = name.partition(":")
        if base not in nodes:
            for known in self.notes.get(STAND_INS, ()):
                known.make(base)
        node = nodes.get(base)
        if colon and allow_tensor:
            if not index.isdigit():
                raise ValueError(
                    f"The name {name!r} looks like a Tensor name, but is not of the form '<op_name>:<output_index>'."
                )
            beyond = node is None or int(index) >= len(node.outputs)
            if beyond and (found := self.outside_of_nodes(base, int(index))) is not None:
                return found
            if node is None:
                hint = report.did_you_mean(base, nodes)
                raise KeyError(
                    f"The name {name!r} refers to a Tensor which does not exist. "
                    f"The operation, {base!r}, does not exist in the graph."
                    + (f" {hint}" if hint else "")
                )
            if int(index) >= len(node.outputs):
                raise KeyError(
                    f"The name {name!r} refers to a Tensor which does not exist. "
                    f"The operation, {base!r}, exists but only has {len(node.outputs)} outputs."
                )
            return node.outputs[int(index)]
        if colon:
            raise ValueError(f"Name {name!r} appears to refer to a Tensor, not a Operation.")
        if not allow_operation:
            known = f"It names an operation: its tensor is {name + ':0'!r}." if node else ""
            raise ValueError(
                f"The name {name!r} looks like an (invalid) Operation name, not a Tensor. "
                f"Tensor names must be of the form '<op_name>:<output_index>'. {known}".rstrip()
            )
        if node is None:
            hint = report.did_you_mean(name, nodes)
            raise KeyError(
                f"The name {name!r} refers to an Operation not in the graph."
                + (f" {hint}" if hint else "")
            )
        return node

    def outside_of_nodes(self, name: str, index: int) -> Tensor | None:
        """The tensor that others make for the output of a node that has no place in this graph, or None."""
        for known in self.notes.get(STAND_INS, ()):
            if (found := known.tensor(name, index)) is not None:
                return cast(Tensor, found)
        return None

    def as_node(self, obj: Any) -> Node:
        """The node that `obj` is, or that makes the tensor or variable that it is."""
        if hasattr(obj, "_as_graph_element"):
            # a variable behind a handle is where it is made or written, not where a fetch would read it
            obj = obj.op if hasattr(obj, "handle") else obj._as_graph_element()
        if isinstance(obj, Tensor):
            return obj.node
        if isinstance(obj, Node):
            return obj
        found = self.as_graph_element(obj)
        return found.node if isinstance(found, Tensor) else found

    # ---- the rest of TensorFlow's Graph ------------------------------------------------------------

    @contextmanager
    def as_default(self) -> Iterator[Graph]:
        """This graph is where nodes go inside the block, in this thread."""
        stack = stacks.graph_stack()
        stack.append(self)
        try:
            yield self
        finally:
            if not stack or stack[-1] is not self:
                raise AssertionError("Nesting violated for the stack of default graphs")
            stack.pop()

    @property
    def finalized(self) -> bool:
        return self.ledger.finalized

    def finalize(self) -> None:
        """No more nodes: catches graphs that grow a little in every step."""
        self.ledger.finalized = True

    def _unsafe_unfinalize(self) -> None:
        self.ledger.finalized = False

    def prevent_feeding(self, tensor: Tensor) -> None:
        self.unfeedable.add(tensor)

    def is_feedable(self, tensor: Tensor) -> bool:
        return tensor not in self.unfeedable

    def prevent_fetching(self, op: Node) -> None:
        self.unfetchable.add(op)

    def is_fetchable(self, tensor_or_op: Any) -> bool:
        return self.as_node(tensor_or_op) not in self.unfetchable

    @property
    def building_function(self) -> bool:
        return self.outer is not None

    def as_graph_def(self, from_version: int | None = None, add_shapes: bool = False) -> Any:
        """This graph as TensorFlow's GraphDef message."""
        return doors.enter("graph_def")(self, add_shapes=add_shapes, from_version=from_version)

    @property
    def graph_def_versions(self) -> Any:
        return self.as_graph_def().versions

    def as_text(self) -> str:
        """This graph in the textual form that parses back."""
        return doors.enter("text")(self)

    def switch_to_thread_local(self) -> None:
        """Accepted for TensorFlow's sake: scopes belong to the graph, builds are serialised by its lock."""
