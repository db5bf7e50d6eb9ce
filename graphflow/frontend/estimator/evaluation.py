"""One evaluation: updates of metrics until the input ends, and their values then."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import numpy as np

from graphflow.frontend.array import identity
from graphflow.frontend.initializers import Zeros
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.platform.compat import as_text
from graphflow.frontend.state import assign_add
from graphflow.frontend.summary.writer import FileWriterCache
from graphflow.frontend.tensor_protos import make_tensor_proto
from graphflow.frontend.train.monitored import MonitoredSession
from graphflow.frontend.train.session_creators import ChiefSessionCreator
from graphflow.frontend.train.session_run_hook import SessionRunArgs, SessionRunHook
from graphflow.frontend.train.value_hooks import FinalOpsHook
from graphflow.frontend.variable_scope import get_variable
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import int64, string

NAMESPACES = {
    "python.training.evaluation": {
        "_StopAfterNEvalsHook": "StopAfterNEvalsHook",
        "_evaluate_once": "evaluate_once",
        "_get_or_create_eval_step": "get_or_create_eval_step",
    },
}
__all__: list[str] = []


def get_or_create_eval_step() -> Any:
    """The variable that counts the runs of an evaluation."""
    found = current_graph().get_collection(GraphKeys.EVAL_STEP)
    if len(found) > 1:
        raise ValueError("Multiple tensors added to tf.GraphKeys.EVAL_STEP")
    if found:
        return found[0]
    return get_variable(
        "eval_step",
        shape=[],
        dtype=int64,
        initializer=Zeros(),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.EVAL_STEP],
    )


class StopAfterNEvalsHook(SessionRunHook):
    """Stops after so many runs, and tells how far it is."""

    def __init__(self, num_evals: int | None, log_progress: bool = True) -> None:
        self._num_evals, self._log_progress = num_evals, log_progress
        self._every = 1 if num_evals is None or num_evals < 20 else num_evals // 10
        self._completed: Any = None

    def _set_evals_completed_tensor(self, tensor: Any) -> None:
        self._completed = tensor

    def before_run(self, run_context: Any) -> SessionRunArgs:
        return SessionRunArgs({"evals_completed": self._completed})

    def after_run(self, run_context: Any, run_values: Any) -> None:
        done, wanted = run_values.results["evals_completed"], self._num_evals
        if self._log_progress and wanted is None:
            logging.info("Evaluation [%d]", done)
        elif self._log_progress and (done % self._every == 0 or done == wanted):
            logging.info("Evaluation [%d/%d]", done, wanted)
        if wanted is not None and done >= wanted:
            run_context.request_stop()


def evaluate_once(
    checkpoint_path: str | None,
    master: str = "",
    scaffold: Any = None,
    eval_ops: Any = None,
    feed_dict: Any = None,
    final_ops: Any = None,
    final_ops_feed_dict: Any = None,
    hooks: Iterable[Any] | None = None,
    config: Any = None,
) -> Any:
    """The values of `final_ops` after `eval_ops` have run until a hook or the input stops it."""
    step = get_or_create_eval_step()
    every = list(hooks or ())
    if eval_ops is not None:
        counted = assign_add(step, 1, use_locking=True)
        if isinstance(eval_ops, dict):
            eval_ops = {**eval_ops, "update_eval_step": counted}
        elif isinstance(eval_ops, list | tuple):
            eval_ops = [*eval_ops, counted]
        else:
            eval_ops = [eval_ops, counted]
        updates = eval_ops.values() if isinstance(eval_ops, dict) else eval_ops
        with current_graph().control_dependencies(list(updates)):
            completed = identity(step.read_value())
        for hook in every:
            if isinstance(hook, StopAfterNEvalsHook):
                hook._set_evals_completed_tensor(completed)
    logging.info("Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime()))
    creator = ChiefSessionCreator(
        scaffold=scaffold,
        checkpoint_filename_with_path=checkpoint_path,
        master=master,
        config=config,
    )
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    with MonitoredSession(session_creator=creator, hooks=[*every, final]) as session:
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)
    logging.info("Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime()))
    return final.final_ops_values


def write_results(
    output_dir: str, results: dict[str, Any], step: int, checkpoint_path: str | None
) -> None:
    """Write the values of an evaluation where TensorBoard finds them."""
    shown = ", ".join(f"{k} = {_shown(v)}" for k, v in sorted(results.items()))
    logging.info("Saving dict for global step %d: %s", step, shown)
    writer = FileWriterCache.get(output_dir)
    summary = protos.Summary()
    for name, value in results.items():
        if value is None or name == GraphKeys.GLOBAL_STEP:
            continue
        if isinstance(value, np.float32 | np.float64 | float | np.int64 | np.int32 | int):
            summary.value.add(tag=name, simple_value=float(value))
        elif isinstance(value, np.ndarray) and value.dtype != object:
            made = summary.value.add(tag=name, node_name=name)
            made.tensor.CopyFrom(make_tensor_proto(value))
        elif isinstance(value, bytes):
            parts = protos.parse("Summary", value)
            for i, part in enumerate(parts.value):
                part.tag = f"{name}/{i}"
            summary.value.extend(parts.value)
    writer.add_summary(summary, step)
    if checkpoint_path:
        told = protos.Summary()
        path = make_tensor_proto(checkpoint_path, dtype=string)
        told.value.add(tag="checkpoint_path", tensor=path)
        writer.add_summary(told, step)
    writer.flush()


def _shown(value: Any) -> str:
    return as_text(value) if isinstance(value, bytes) else f"{value}"
