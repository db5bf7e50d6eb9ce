"""Timeline: what a traced run reported, as the JSON that chrome://tracing shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

_LABEL = re.compile(r"(?P<name>.*) = (?P<op>\S*)\((?P<inputs>.*)\)", re.DOTALL)


class StepStatsAnalysis(NamedTuple):
    """The trace, and the most memory that each allocator held: nothing, as runs do not report it."""

    chrome_trace: Any
    allocator_maximums: dict[str, Any]


class _Trace:
    """The events of a trace, in the order in which they are shown."""

    def __init__(self) -> None:
        self.names: list[dict[str, Any]] = []
        self.events: list[dict[str, Any]] = []

    def format_to_string(self, pretty: bool = False) -> str:
        """The trace as JSON."""
        trace = {"traceEvents": self.names + self.events}
        return json.dumps(trace, indent=4 if pretty else None, separators=(",", ": "))


class _Row(NamedTuple):
    """Where a node is drawn, and when it ended."""

    pid: int
    tid: int
    end: int


class Timeline:
    """A traced run: `Timeline(run_metadata.step_stats).generate_chrome_trace_format()`."""

    def __init__(self, step_stats: Any, graph: Any = None) -> None:
        self._step_stats = step_stats

    @property
    def step_stats(self) -> Any:
        return self._step_stats

    def analyze_step_stats(
        self, show_dataflow: bool = True, show_memory: bool = True
    ) -> StepStatsAnalysis:
        """The trace of the run."""
        trace = _Trace()
        drawn: dict[str, _Row] = {}
        flows = 0
        for pid, device in enumerate(self._step_stats.dev_stats, 1):
            named = {"name": f"{device.device} Compute"}
            trace.names.append({"name": "process_name", "ph": "M", "pid": pid, "args": named})
            for stats, lane in _laid_out(device.node_stats):
                name, op, inputs = _parsed(stats)
                start, duration = stats.all_start_micros, stats.all_end_rel_micros
                shown = {"name": name, "op": op}
                shown |= {f"input{i}": each for i, each in enumerate(inputs)}
                where = {"pid": pid, "tid": lane}
                trace.events.append(
                    {"ph": "X", "cat": "Op", "name": op, **where, "ts": start, "dur": duration}
                    | {"args": shown}
                )
                for source in inputs if show_dataflow else ():
                    row = drawn.get(source.lstrip("^").partition(":")[0])
                    if row is None or (row.pid, row.tid) == (pid, lane):
                        continue
                    trace.events += _arrow(source, flows, row, where, start)
                    flows += 1
                drawn[name] = _Row(pid, lane, start + duration)
        return StepStatsAnalysis(trace, {})

    def generate_chrome_trace_format(
        self, show_dataflow: bool = True, show_memory: bool = False
    ) -> str:
        """The trace of the run as JSON."""
        analysis = self.analyze_step_stats(show_dataflow, show_memory)
        text: str = analysis.chrome_trace.format_to_string(pretty=True)
        return text


def _laid_out(node_stats: Any) -> Iterator[tuple[Any, int]]:
    """Executions by their starts, each in the first lane that is free."""
    ends: list[int] = []
    for stats in sorted(node_stats, key=lambda s: (s.all_start_nanos, s.all_start_micros)):
        start = stats.all_start_micros
        lane = next((i for i, end in enumerate(ends) if end <= start), len(ends))
        ends[lane : lane + 1] = [start + stats.all_end_rel_micros]
        yield stats, lane


def _parsed(stats: Any) -> tuple[str, str, list[str]]:
    """The name, op and inputs of a node, as its label tells them."""
    found = _LABEL.fullmatch(stats.timeline_label)
    if found is None:
        return stats.node_name, "unknown", []
    inputs = found["inputs"]
    return found["name"], found["op"], inputs.split(", ") if inputs else []


def _arrow(
    name: str, number: int, row: _Row, where: dict[str, int], start: int
) -> list[dict[str, Any]]:
    """An arrow from the end of one node to the start of another."""
    shared = {"cat": "DataFlow", "name": name}
    begin = {"ph": "s", **shared, "pid": row.pid, "tid": row.tid, "ts": row.end, "id": number}
    return [begin, {"ph": "t", **shared, **where, "ts": start, "id": number}]


NAMESPACES = {"python.client.timeline": ["StepStatsAnalysis", "Timeline"]}
