"""The plain engine: numpy, one node after the other. It is the twin that every faster engine is tested against."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.ir import report
from graphflow.ir.dtype import DType
from graphflow.runtime.state import Ref, Run, State
from graphflow.schedule.plan import BEFORE, END, HANDLE, NOTHING, VALUE, Plan, Step


class ReferenceEngine:
    """Runs a plan by each op's `reference` and `execute`."""

    name = "reference"

    def run(
        self, state: State, plan: Plan, feeds: Sequence[Any], run: Run | None = None
    ) -> list[Any]:
        """The fetched values of one run."""
        return self.call(Run(state, self, plan) if run is None else run, plan, feeds)

    def call(self, run: Run, plan: Plan, feeds: Sequence[Any]) -> list[Any]:
        """The results of a plan inside a run: of the whole graph, or of a body."""
        slots: list[Any] = [None] * plan.slots
        for (_, slot), value in zip(plan.feeds, feeds, strict=True):
            slots[slot] = value
        kept = {slot: how for slot, how in plan.results if how not in (VALUE, END)}
        for step in plan.steps:
            results = self.results(run, step, slots)
            for slot, value in zip(step.outputs, results, strict=False):
                if slot < 0:
                    continue
                if slot in kept:
                    # a reference that leaves a body is the value right after its node has run
                    value = (
                        _take(run, value, kept[slot])
                        if not _wanted_as_handle(plan, slot)
                        else value
                    )
                slots[slot] = value
            for slot in step.frees:
                slots[slot] = None
        return [
            None if how == NOTHING else _take(run, slots[slot], how) for slot, how in plan.results
        ]

    def results(self, run: Run, step: Step, slots: list[Any]) -> Sequence[Any]:
        """The outputs of one step."""
        return _results(run, step, slots)


def _wanted_as_handle(plan: Plan, slot: int) -> bool:
    return any(slot in step.inputs for step in plan.steps)


def _take(run: Run, value: Any, how: int) -> Any:
    if how in (VALUE, HANDLE) or not isinstance(value, Ref):
        return value
    return run.variable_before(value) if how == BEFORE else run.variable(value)


def _results(run: Run, step: Step, slots: list[Any]) -> Sequence[Any]:
    """The outputs of one step."""
    node, op = step.node, step.op
    values: list[Any] = [slots[i] for i in step.inputs]
    try:
        if step.takes is not None:
            values = [_take(run, v, how) for v, how in zip(values, step.takes, strict=True)]
        args = values if step.groups is None else _grouped(values, step.groups)
        if op.writes:
            with run.state.lock:
                result = op.execute(run, node, *args)
        else:
            result = op.execute(run, node, *args)
    except errors.OpError as error:
        if error.op is not None:
            raise
        raise type(error)(None, node, _explain(step, values, error.message)) from error
    except (
        ValueError,
        IndexError,
        ZeroDivisionError,
        OverflowError,
        np.linalg.LinAlgError,
    ) as error:
        raise errors.InvalidArgumentError(None, node, _explain(step, values, str(error))) from error
    except MemoryError as error:
        raise errors.ResourceExhaustedError(
            None, node, _explain(step, values, str(error) or "out of memory")
        ) from error
    except (NotImplementedError, TypeError) as error:
        raise errors.UnimplementedError(
            None, node, _explain(step, values, f"{type(error).__name__}: {error}")
        ) from error
    if node.out is None:
        return ()
    if not node.rest:
        if isinstance(result, list | tuple) and len(result) == 1 and node.out.dtype.kind != "o":
            result = result[0]
        return (settled(result, node.out.dtype),)
    return [settled(r, t.dtype) for r, t in zip(result, node.outputs, strict=False)]


def _grouped(values: list[Any], groups: tuple[int, ...]) -> list[Any]:
    args: list[Any] = []
    at = 0
    for size in groups:
        if size < 0:
            args.append(values[at])
            at += 1
        else:
            args.append(values[at : at + size])
            at += size
    return args


def settled(value: Any, dtype: DType) -> Any:
    """A result as an array of its declared type: a reference may compute wider, here it is rounded."""
    if dtype.kind == "o" or value is None or isinstance(value, Ref):
        return value
    want = dtype.base_dtype.numpy
    if type(value) is np.ndarray and value.dtype == want:
        return value
    with np.errstate(all="ignore"):
        return np.asarray(value, dtype=want)


def _explain(step: Step, values: Sequence[Any], what: str) -> str:
    """A failure at run time: the message, the node, the user's line, and what the operands really were."""
    node = step.node
    names = [f"input {i}" for i in range(len(values))]
    sig = type(step.op).sig()
    if len(sig.inputs) == len(values):
        names = [a.name for a in sig.inputs]
    operands = [
        (name, f"{t.name} {_described(v)}, from {t.node.where}")
        for name, t, v in zip(names, node.inputs, values, strict=False)
    ]
    text = report.problem(what, node.type, node.name, node.where, (), "", "")
    lines = [text, *(f"  {name}: {shown}" for name, shown in operands[:8])]
    if node.grad_of is not None:
        at = node.grad_of.where
        lines.append(
            f"  gradient of: '{node.grad_of.name}' ({node.grad_of.type})"
            + (f" at {at}" if at else "")
        )
    return "\n".join(lines)


def _described(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{list(value.shape)}"
    return type(value).__name__
