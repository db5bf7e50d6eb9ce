"""Traced runs: when each node ran, for how long, and what came out of it."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.io import protos
from graphflow.ir.node import Node
from graphflow.runtime.reference import ReferenceEngine
from graphflow.runtime.state import Run
from graphflow.schedule.plan import Step

DEVICE = "/job:localhost/replica:0/task:0/device:CPU:0"


class Execution(NamedTuple):
    """One execution of a node; times are in nanoseconds, the start since 1970."""

    node: Node
    start: int
    duration: int
    thread: int
    #: type, shape and size in bytes of the arrays that came out; None for what is no array
    outputs: tuple[tuple[np.dtype[Any], tuple[int, ...], int] | None, ...]


class TracingEngine(ReferenceEngine):
    """The reference engine with a stop watch."""

    def __init__(self) -> None:
        self.executions: list[Execution] = []
        self._epoch = time.time_ns() - time.perf_counter_ns()

    def results(self, run: Run, step: Step, slots: list[Any]) -> Sequence[Any]:
        start = time.perf_counter_ns()
        values = super().results(run, step, slots)
        duration = time.perf_counter_ns() - start
        outputs = tuple(
            (v.dtype, v.shape, v.nbytes) if isinstance(v, np.ndarray) else None for v in values
        )
        self.executions.append(
            Execution(step.node, self._epoch + start, duration, threading.get_ident(), outputs)
        )
        return values

    def report(self, run_metadata: Any) -> None:
        """Fill in the StepStats of a RunMetadata."""
        stats = run_metadata.step_stats.dev_stats.add(device=DEVICE)
        for execution in self.executions:
            _describe(execution, stats.node_stats.add())
        for thread in {e.thread for e in self.executions}:
            stats.thread_names[thread & 0xFFFFFFFF] = "graphflow"


def _describe(execution: Execution, stats: Any) -> None:
    node, start, duration = execution.node, execution.start, execution.duration
    stats.node_name = node.name
    stats.all_start_micros, stats.all_start_nanos = start // 1000, start
    stats.scheduled_micros, stats.scheduled_nanos = start // 1000, start
    # what takes less than a microsecond took some time all the same
    stats.op_end_rel_micros = stats.all_end_rel_micros = max(1, duration // 1000)
    stats.op_end_rel_nanos = stats.all_end_rel_nanos = duration
    stats.thread_id = execution.thread & 0xFFFFFFFF
    inputs = [t.node.name + (f":{t.index}" if t.index else "") for t in node.inputs]
    inputs += [f"^{c.name}" for c in node.controls]
    stats.timeline_label = f"{node.name} = {node.type}({', '.join(inputs)})"
    for slot, (tensor, shape) in enumerate(zip(node.outputs, execution.outputs, strict=False)):
        if shape is None:
            continue
        _, sizes, size = shape
        described = stats.output.add(slot=slot).tensor_description
        described.dtype = tensor.dtype.base_dtype.as_datatype_enum
        dims = [protos.TensorShapeProto.Dim(size=s) for s in sizes]
        described.shape.CopyFrom(protos.TensorShapeProto(dim=dims))
        described.allocation_description.requested_bytes = size
        described.allocation_description.allocator_name = "cpu"
