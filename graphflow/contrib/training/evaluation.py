"""Evaluation of checkpoints: once, or of each new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend.estimator.evaluation import StopAfterNEvalsHook, get_or_create_eval_step
from graphflow.frontend.platform import logging
from graphflow.frontend.state import assign_add
from graphflow.frontend.summary.summaries import merge_all
from graphflow.frontend.summary.writer import FileWriterCache
from graphflow.frontend.train.checkpoint_waiting import checkpoints_iterator
from graphflow.frontend.train.global_step import get_or_create_global_step, global_step
from graphflow.frontend.train.monitored import MonitoredSession, MonitoredTrainingSession
from graphflow.frontend.train.scaffold import Scaffold
from graphflow.frontend.train.session_creators import ChiefSessionCreator
from graphflow.frontend.train.session_run_hook import SessionRunHook
from graphflow.frontend.train.value_hooks import FinalOpsHook
from graphflow.ir import raw
from graphflow.ir.build import current_graph


class SummaryAtEndHook(SessionRunHook):
    """Writes a summary when a session ends."""

    def __init__(
        self,
        log_dir: str | None = None,
        summary_writer: Any = None,
        summary_op: Any = None,
        feed_dict: Any = None,
    ) -> None:
        if log_dir is None and summary_writer is None:
            raise ValueError("One of log_dir or summary_writer should be used.")
        self._log_dir, self._summary_writer = log_dir, summary_writer
        self._summary_op, self._merges = summary_op, summary_op is None
        self._feed_dict = feed_dict

    def begin(self) -> None:
        if self._merges:
            self._summary_op = merge_all()
        self._global_step = get_or_create_global_step()

    def after_create_session(self, session: Any, coord: Any) -> None:
        if self._summary_writer is None:
            self._summary_writer = FileWriterCache.get(self._log_dir)

    def end(self, session: Any) -> None:
        if self._summary_op is not None:
            step = global_step(session, self._global_step)
            self._summary_writer.add_summary(session.run(self._summary_op, self._feed_dict), step)
        self._summary_writer.flush()


def _counted(eval_ops: Any, hooks: Sequence[SessionRunHook]) -> Any:
    """What is to be evaluated, with the count of evaluations."""
    count = assign_add(get_or_create_eval_step(), 1, use_locking=True)
    if isinstance(eval_ops, dict):
        counted: Any = eval_ops | {"update_eval_step": count}
        waited = list(counted.values())
    else:
        counted = waited = [
            *(eval_ops if isinstance(eval_ops, list | tuple) else [eval_ops]),
            count,
        ]
    with current_graph().control_dependencies(waited):
        completed = raw.Identity(get_or_create_eval_step().read_value())
    for hook in hooks:
        if isinstance(hook, StopAfterNEvalsHook):
            hook._set_evals_completed_tensor(completed)
    return counted


def _evaluate(
    path: str | None,
    master: str,
    scaffold: Scaffold | None,
    eval_ops: Any,
    feed_dict: Any,
    hooks: Sequence[SessionRunHook],
    config: Any,
) -> None:
    logging.info("Starting evaluation of %s", path)
    creator = ChiefSessionCreator(scaffold, master, config, checkpoint_filename_with_path=path)
    with MonitoredSession(creator, hooks) as session:
        while eval_ops is not None and not session.should_stop():
            session.run(eval_ops, feed_dict)
    logging.info("Finished evaluation of %s", path)


def evaluate_once(
    checkpoint_path: str | None,
    master: str = "",
    scaffold: Scaffold | None = None,
    eval_ops: Any = None,
    feed_dict: Any = None,
    final_ops: Any = None,
    final_ops_feed_dict: Any = None,
    hooks: Sequence[SessionRunHook] | None = None,
    config: Any = None,
) -> Any:
    """Evaluate one checkpoint until a hook stops it; gives the values of `final_ops`."""
    get_or_create_eval_step()
    all_hooks = list(hooks or ())
    if eval_ops is not None:
        eval_ops = _counted(eval_ops, all_hooks)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    all_hooks.append(final)
    _evaluate(checkpoint_path, master, scaffold, eval_ops, feed_dict, all_hooks, config)
    return final.final_ops_values


def evaluate_repeatedly(
    checkpoint_dir: str,
    master: str = "",
    scaffold: Scaffold | None = None,
    eval_ops: Any = None,
    feed_dict: Any = None,
    final_ops: Any = None,
    final_ops_feed_dict: Any = None,
    eval_interval_secs: float = 60,
    hooks: Sequence[SessionRunHook] | None = None,
    config: Any = None,
    max_number_of_evaluations: int | None = None,
    timeout: float | None = None,
    timeout_fn: Callable[[], bool] | None = None,
) -> Any:
    """Evaluate each new checkpoint of a folder; gives the last values of `final_ops`."""
    get_or_create_eval_step()
    all_hooks = list(hooks or ())
    if eval_ops is not None:
        eval_ops = _counted(eval_ops, all_hooks)
    final = FinalOpsHook(final_ops, final_ops_feed_dict)
    all_hooks.append(final)
    paths = checkpoints_iterator(checkpoint_dir, eval_interval_secs, timeout, timeout_fn)
    for number, path in enumerate(paths, 1):
        _evaluate(path, master, scaffold, eval_ops, feed_dict, all_hooks, config)
        if number == max_number_of_evaluations:
            break
    return final.final_ops_values


def train(
    train_op: Any,
    logdir: str | None,
    master: str = "",
    is_chief: bool = True,
    scaffold: Scaffold | None = None,
    hooks: Sequence[SessionRunHook] | None = None,
    chief_only_hooks: Sequence[SessionRunHook] | None = None,
    save_checkpoint_secs: float | None = 600,
    save_summaries_steps: int | None = 100,
    config: Any = None,
    max_wait_secs: float = 7200,
    run_metadata: Any = None,
) -> Any:
    """Run a training op until a hook stops it; gives its last value."""
    if logdir is None and is_chief and (save_summaries_steps or save_checkpoint_secs):
        what = "save_summaries_steps" if save_summaries_steps else "save_checkpoint_secs"
        raise ValueError(f"logdir cannot be None when {what} is not None")
    loss = None
    with MonitoredTrainingSession(
        master=master,
        is_chief=is_chief,
        checkpoint_dir=logdir,
        scaffold=scaffold,
        hooks=hooks,
        chief_only_hooks=chief_only_hooks,
        save_checkpoint_secs=save_checkpoint_secs,
        save_summaries_steps=save_summaries_steps,
        config=config,
        max_wait_secs=max_wait_secs,
    ) as session:
        while not session.should_stop():
            loss = session.run(train_op, run_metadata=run_metadata)
    return loss


NAMESPACES = {
    "contrib.training": [
        "StopAfterNEvalsHook",
        "SummaryAtEndHook",
        "evaluate_once",
        "evaluate_repeatedly",
        "get_or_create_eval_step",
        "train",
    ]
}
