"""Nodes that are run for their effect: what they print, and the clock."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from graphflow.errors import AbortedError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR
from graphflow.ops.summaries import summarized


class Print(Op):
    """The input, unchanged; the data go to the standard error stream."""

    signature = "input:T, data:[U] -> output:T"
    stateful = True
    message: str = ""
    first_n: int = -1
    summarize: int = 3

    def infer(self, x: Tensor, data: Sequence[Tensor]) -> Any:
        return x.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        x, data = inputs
        if self._is_due(run, node):
            shown = "".join(f"[{summarized(value, self.summarize)}]" for value in data)
            sys.stderr.write(f"{self.message}{shown}\n")
            sys.stderr.flush()
        return x

    def _is_due(self, run: Any, node: Node) -> bool:
        """Whether this is among the first_n times."""
        if self.first_n < 0:
            return True
        times = run.stream(node, lambda: [0])
        with run.state.lock:
            times[0] += 1
            return bool(times[0] <= self.first_n)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g, *[None] * (len(n.inputs) - 1)]


_LEVELS = {
    "log(info)": logging.INFO,
    "log(warning)": logging.WARNING,
    "log(error)": logging.ERROR,
}
_FILE = "file://"


class PrintV2(Op):
    """Nothing; a text goes to a stream, to the log, or to the end of a file."""

    signature = "input:string ->"
    stateful = True
    output_stream: str = "stderr"
    end: str = "\n"

    def infer(self, x: Tensor) -> Any:
        if x.shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {x.shape.rank}")
        known = ("stdout", "stderr", *_LEVELS)
        if self.output_stream not in known and not self.output_stream.startswith(_FILE):
            raise ValueError(
                f"Unknown output stream: {self.output_stream}, it must be one of {', '.join(known)} or {_FILE}..."
            )
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        value: Any = np.asarray(inputs[0])[()]
        text = value.decode("utf-8", "replace")
        level = _LEVELS.get(self.output_stream)
        if level is not None:
            logging.getLogger("tensorflow").log(level, "%s", text)
        elif self.output_stream.startswith(_FILE):
            path = Path(self.output_stream.removeprefix(_FILE))
            with path.open("a", encoding="utf-8", newline="") as file:
                file.write(text + self.end)
        else:
            stream = sys.stdout if self.output_stream == "stdout" else sys.stderr
            stream.write(text + self.end)
            stream.flush()
        return ()


class Timestamp(Op):
    """Seconds since 1970."""

    signature = "-> ts:double"
    stateful = True
    differentiable = False

    def infer(self) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.array(time.time())


class Abort(Op):
    """An error of the run: where TensorFlow ends the process, a graph does not get to do so here."""

    signature = "->"
    differentiable = False
    error_msg: str = ""
    exit_without_error: bool = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        raise AbortedError(message=f"Abort: {self.error_msg or 'no message'}")
