"""A Plan: a graph made ready to run for given feeds and fetches."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from graphflow import errors
from graphflow.ir import report
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.schedule.asked import asked_outputs, asked_results
from graphflow.schedule.needed import needed
from graphflow.schedule.variables import (
    after_writes,
    bodies,
    inputs_seen,
    variable_of,
    written,
    written_in,
)

#: how a step takes an input
VALUE, HANDLE, BEFORE, NOW, NOTHING, END = range(6)


class Step(NamedTuple):
    """One node to run: where its inputs lie, how each is taken, where its outputs go, what dies after it."""

    node: Node
    op: Op
    inputs: tuple[int, ...]
    #: VALUE: as it lies; HANDLE: a reference; BEFORE/NOW: a variable's value before the run / as it is
    takes: tuple[int, ...] | None
    #: sizes of the groups that a signature with lists gathers its inputs into; -1 is a single tensor
    groups: tuple[int, ...] | None
    outputs: tuple[int, ...]
    frees: tuple[int, ...]


class Plan(NamedTuple):
    """Steps over numbered slots."""

    slots: int
    feeds: tuple[tuple[Tensor, int], ...]
    steps: tuple[Step, ...]
    #: (slot, how it is taken) of each fetched tensor; of a body's result that nobody asks for (-1, NOTHING)
    results: tuple[tuple[int, int], ...]
    #: variables that some step writes: their values from before the run are kept
    writes: tuple[Node, ...]
    #: plans of the bodies of If and While
    bodies: dict[Graph, Plan]
    #: placeholders that nobody feeds
    unfed: tuple[Node, ...]

    def __str__(self) -> str:
        lines = [f"feed {t.name} -> {slot}" for t, slot in self.feeds]
        for step in self.steps:
            takes = step.takes or (VALUE,) * len(step.inputs)
            marks = ("", "&", "before ", "now ")
            given = ", ".join(
                f"{marks[how]}{slot}" for slot, how in zip(step.inputs, takes, strict=True)
            )
            freed = f"  free {', '.join(map(str, step.frees))}" if step.frees else ""
            outs = ", ".join(map(str, step.outputs))
            lines.append(f"{outs or '-'} = {step.node.type}({given})  # {step.node.name}{freed}")
        lines.append("fetch " + ", ".join(str(slot) for slot, _ in self.results))
        return "\n".join(lines)


def make_plan(
    fetches: Sequence[Tensor],
    targets: Sequence[Node],
    feeds: Sequence[Tensor],
    dirty: frozenset[Node] = frozenset(),
    asked: Collection[int] | None = None,
) -> Plan:
    """The plan that computes `fetches` (those numbered in `asked`) and runs `targets` when `feeds` are given."""
    fed = set(feeds)
    wanted = [t for i, t in enumerate(fetches) if asked is None or i in asked]
    nodes = needed((*wanted, *targets), fed)
    after = after_writes(nodes, set(dirty))
    inputs = {n: inputs_seen(n, after, dirty, fed) for n in nodes}
    slot_of: dict[Tensor, int] = {}
    for tensor in feeds:
        slot_of[tensor] = len(slot_of)
    feed_slots = tuple((t, slot_of[t]) for t in feeds)
    for node in nodes:
        for tensor in node.outputs:
            slot_of.setdefault(tensor, len(slot_of))
    if asked is None:
        results = tuple(_fetched(t, slot_of, fed) for t in fetches)
    else:
        results = tuple(
            (slot_of[t], _taken(t, after.get(t.node, dirty))) if i in asked else (-1, NOTHING)
            for i, t in enumerate(fetches)
        )
    keep = {slot for slot, _ in results}
    last_use: dict[int, int] = {}
    for i, node in enumerate(nodes):
        for tensor in inputs[node]:
            last_use[slot_of[tensor]] = i
    dies: dict[int, list[int]] = {}
    for slot, i in last_use.items():
        if slot not in keep:
            dies.setdefault(i, []).append(slot)
    spare: set[int] = {s for s in slot_of.values() if s not in last_use and s not in keep}
    steps = []
    for i, node in enumerate(nodes):
        outputs = tuple(slot_of[t] for t in node.outputs)
        frees = [*dies.get(i, ()), *(s for s in outputs if s in spare)]
        # an output that is fed is made all the same, but its slot belongs to the feed
        if fed and any(t in fed for t in node.outputs):
            outputs = tuple(-1 if t in fed else slot_of[t] for t in node.outputs)
            frees = [s for s in frees if s in outputs or s in dies.get(i, ())]
        takes = _takes(node, inputs[node], after.get(node, dirty))
        if asked is None and fed and takes is not None and HANDLE in takes and not bodies(node):
            _refuse_fed_handles(node, inputs[node], takes, fed)
        steps.append(
            Step(
                node,
                node.op,
                tuple(slot_of[t] for t in inputs[node]),
                takes,
                _groups(node),
                outputs,
                tuple(frees),
            )
        )
    return Plan(
        slots=len(slot_of),
        feeds=feed_slots,
        steps=tuple(steps),
        results=results,
        writes=tuple(written_in(nodes)),
        bodies=_body_plans(nodes, after, wanted, targets),
        unfed=tuple(n for n in nodes if n.op.must_be_fed and n.out not in fed),
    )


def _fetched(
    tensor: Tensor, slot_of: dict[Tensor, int], fed: Collection[Tensor]
) -> tuple[int, int]:
    """Where a fetched tensor lies, and how it is taken.

    A fetched reference variable is handed out when the run ends, with all that the run did to it: TensorFlow
    returns the variable's own memory, through any `Identity`.
    """
    held = tensor
    while held.node.type == "Identity" and held not in fed:
        held = held.node.inputs[0]
    if held in fed or not held.dtype._is_ref_dtype:
        return slot_of[tensor], VALUE
    return slot_of[held], END


def _taken(tensor: Tensor, written_before: Any) -> int:
    if not tensor.dtype._is_ref_dtype:
        return VALUE
    return NOW if variable_of(tensor) in written_before else BEFORE


def _takes(node: Node, inputs: Sequence[Tensor], written_before: Any) -> tuple[int, ...] | None:
    """How each input is taken, or None where all are plain values: nearly always."""
    reads = node.op.reads
    if reads:
        args = type(node.op).sig().inputs
        return tuple(
            (NOW if variable_of(t) in written_before else BEFORE)
            if a.name in reads
            else _taken(t, written_before)
            for a, t in zip(args, inputs, strict=True)
        )
    if not any(t.dtype._is_ref_dtype for t in inputs):
        return None
    if any(True for _ in bodies(node)):
        # what goes into a body goes in as it is: inside, its uses decide; a value that was read again is a value
        return tuple(
            HANDLE if given.dtype._is_ref_dtype else _taken(seen, written_before)
            for given, seen in zip(node.inputs, inputs, strict=True)
        )
    refs: list[bool] = []
    sig = type(node.op).sig()
    attrs = node.type_attrs() if any(a.is_list for a in sig.inputs) else {}
    for arg in sig.inputs:
        size = 1
        if arg.is_list:
            size = attrs[arg.count] if arg.count else len(attrs[arg.variable])
        refs.extend([arg.is_ref] * size)
    return tuple(
        HANDLE if is_ref else _taken(t, written_before)
        for is_ref, t in zip(refs, inputs, strict=True)
    )


def _refuse_fed_handles(
    node: Node, inputs: Sequence[Tensor], takes: Sequence[int], fed: Collection[Tensor]
) -> None:
    for tensor, how in zip(inputs, takes, strict=True):
        if how == HANDLE and tensor in fed:
            raise errors.InvalidArgumentError(
                None,
                node,
                report.problem(
                    f"{tensor.name} is fed a value, but this op writes to it and needs the variable itself.",
                    node.type,
                    node.name,
                    node.where,
                    [("ref", tensor)],
                    "fetch what only reads the variable, or write the value with variable.load(value, session)",
                ),
            )


def _groups(node: Node) -> tuple[int, ...] | None:
    sig = type(node.op).sig()
    if not any(a.is_list for a in sig.inputs):
        return None
    attrs = node.type_attrs()
    return tuple(
        (attrs[a.count] if a.count else len(attrs[a.variable])) if a.is_list else -1
        for a in sig.inputs
    )


def _body_plans(
    nodes: Sequence[Node],
    after: dict[Node, set[Node]],
    wanted: Sequence[Tensor],
    targets: Sequence[Node],
) -> dict[Graph, Plan]:
    plans: dict[Graph, Plan] = {}
    holders = [n for n in nodes if bodies(n)]
    if not holders:
        return plans
    used = {t for n in nodes for t in n.inputs} | set(wanted)
    waited = {c for n in nodes for c in n.controls} | set(targets)
    for node in holders:
        asked = asked_results(node, asked_outputs(node, used, waited))
        for body in bodies(node):
            dirty = set().union(*(after.get(t.node, ()) for t in node.inputs))
            dirty = dirty.union(*(after.get(c, ()) for c in node.controls))
            if node.op.loops:
                # what one iteration wrote, the next one reads
                dirty |= written(node)
            plan = make_plan(body.outputs, (), body.inputs, frozenset(dirty), asked[body])
            plans |= plan.bodies
            plans[body] = plan
    return plans
