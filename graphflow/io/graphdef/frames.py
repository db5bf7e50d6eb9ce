"""Frames: what Enter, Merge, NextIteration and Exit hold together becomes loops, pieces of the level around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphflow.io.graphdef.conditions import MERGES
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.loop import Loop
from graphflow.io.graphdef.order import Piece, cycle

ENTERS = frozenset(["Enter", "RefEnter"])
EXITS = frozenset(["Exit", "RefExit"])
NEXTS = frozenset(["NextIteration", "RefNextIteration"])

#: loops in loops beyond this depth are no program's work
GREATEST_DEPTH = 64


@dataclass(eq=False)
class _Frame:
    """Nodes that run together in iterations; `parent` is the frame that their Enters get their values from."""

    name: str
    parent: _Frame | None
    depth: int
    enters: list[FlatNode] = field(default_factory=list)
    nodes: list[FlatNode] = field(default_factory=list)
    children: dict[str, _Frame] = field(default_factory=dict)

    def child(self, name: str) -> _Frame:
        found = self.children.get(name)
        if found is None:
            if self.depth >= GREATEST_DEPTH:
                raise ValueError(f"the frame '{name}' lies {self.depth} frames deep")
            found = self.children[name] = _Frame(name, self, self.depth + 1)
        return found


def raise_loops(flat: Sequence[FlatNode]) -> list[Piece]:
    """The nodes outside of all loops, and the loops."""
    if not any(n.op in ENTERS | EXITS | NEXTS for n in flat):
        return list(flat)
    return _pieces(_framed(flat))


def _framed(flat: Sequence[FlatNode]) -> _Frame:
    """The frame around everything, with every node in the frame in which it runs."""
    nodes = {n.name: n for n in flat}
    root = _Frame("", None, 0)
    made_in: dict[str, _Frame] = {}
    waits, used_by = _links(flat, nodes)
    # whatever runs without inputs lies outside of all frames; back edges wait for nobody
    todo = [n for n in reversed(flat) if not waits[n.name]]
    placed: dict[str, _Frame] = {}
    while todo:
        node = todo.pop()
        if node.op in NEXTS:
            continue
        frame = _frame_of(node, made_in, root)
        placed[node.name] = frame
        made_in[node.name] = _frame_after(node, frame)
        for user in used_by[node.name]:
            waits[user] -= 1
            if not waits[user]:
                todo.append(nodes[user])
    left = [n for n in flat if n.name not in placed and n.op not in NEXTS]
    if left:
        raise cycle(left)
    for node in flat:
        if node.op in NEXTS:
            placed[node.name] = _frame_of(node, made_in, root)
    for node in flat:
        frame = placed[node.name]
        if node.op in ENTERS:
            frame.child(_frame_name(node)).enters.append(node)
        else:
            frame.nodes.append(node)
    return root


def _links(
    flat: Sequence[FlatNode], nodes: dict[str, FlatNode]
) -> tuple[dict[str, int], dict[str, list[str]]]:
    """How many nodes each one waits for, and who waits for it; a NextIteration holds nobody up."""
    waits: dict[str, int] = {}
    used_by: dict[str, list[str]] = defaultdict(list)
    for node in flat:
        before = {n for n in node.needs if n in nodes}
        if node.op in MERGES:
            before = {n for n in before if nodes[n].op not in NEXTS}
        waits[node.name] = 0 if node.op in NEXTS else len(before)
        if node.op not in NEXTS:
            for name in before:
                used_by[name].append(node.name)
    return waits, used_by


def _frame_of(node: FlatNode, made_in: dict[str, _Frame], root: _Frame) -> _Frame:
    """The frame that a node runs in: that of its inputs."""
    found: _Frame | None = None
    source = ""
    for name in node.needs:
        frame = made_in.get(name)
        if frame is None:
            continue
        if found is not None and frame is not found:
            raise ValueError(
                f"The node '{node.name}' has inputs from different frames. The input '{source}' is in frame "
                f"'{found.name}'. The input '{name}' is in frame '{frame.name}'."
            )
        found, source = frame, name
    return found or root


def _frame_after(node: FlatNode, frame: _Frame) -> _Frame:
    """The frame that the output of a node is in."""
    if node.op in ENTERS:
        return frame.child(_frame_name(node))
    if node.op in EXITS:
        if frame.parent is None:
            raise ValueError(
                f"The node '{node.name}' ({node.op}) is in no frame that it could leave"
            )
        return frame.parent
    return frame


def _frame_name(node: FlatNode) -> str:
    name: Any = node.attrs.get("frame_name")
    if not isinstance(name, bytes) or not name or len(node.inputs) != 1:
        raise ValueError(f"Node '{node.name}' ({node.op}) takes one input into a frame with a name")
    return name.decode("utf-8", "replace")


def _pieces(frame: _Frame) -> list[Piece]:
    """The nodes that run in a frame, and the loops of the frames inside it."""
    pieces: list[Piece] = list(frame.nodes)
    for child in frame.children.values():
        pieces.extend(_loops(child))
    return pieces


def _loops(frame: _Frame) -> list[Piece]:
    """The loops of one frame: one for each set of nodes that hang together, as copies of a loop share its name.

    Where nothing goes round, there is no loop, and values go in and out as they are.
    """
    inside = _pieces(frame)
    found: list[Piece] = []
    for part in _parts([*frame.enters, *inside]):
        if any(isinstance(p, FlatNode) and p.op in NEXTS for p in part):
            found.append(Loop(frame.name, part))
            continue
        for piece in part:
            if isinstance(piece, FlatNode) and piece.op in ENTERS | EXITS:
                piece = piece.identity(piece.inputs[0])
            found.append(piece)
    return found


def _parts(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """The pieces in sets that hang together by what they use."""
    giver = {name: i for i, p in enumerate(pieces) for name in p.gives}
    leader = list(range(len(pieces)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for i, piece in enumerate(pieces):
        if isinstance(piece, FlatNode) and piece.op in ENTERS:
            continue
        for name in piece.needs:
            if name in giver:
                leader[find(giver[name])] = find(i)
    parts: dict[int, list[Piece]] = {}
    for i, piece in enumerate(pieces):
        parts.setdefault(find(i), []).append(piece)
    return list(parts.values())
