"""What an evaluation adds to the graph of a model function."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.estimator.specs import EstimatorSpec
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.metrics.means import mean
from graphflow.frontend.train.scaffold import Scaffold
from graphflow.ops.dependencies import group

LOSS = "loss"


def metrics_of(spec: EstimatorSpec) -> tuple[dict[str, Any], Any]:
    """The values of the metrics by name, and an op that updates them all."""
    for name in (LOSS, GraphKeys.GLOBAL_STEP):
        if name in spec.eval_metric_ops:
            raise ValueError(
                f"Metric with name `{name}` is not allowed, because Estimator already defines a default metric "
                "with the same name."
            )
    every = {**spec.eval_metric_ops, LOSS: mean(spec.loss)}
    updates = [every[name][1] for name in sorted(every)]
    return {name: value for name, (value, _) in every.items()}, group(*updates)


def with_local_init(scaffold: Scaffold) -> Scaffold:
    """The scaffold, whose own way to initialise local variables runs beside the usual one."""
    if not scaffold.local_init_op:
        return scaffold
    both = group(scaffold.local_init_op, Scaffold.default_local_init_op())
    return Scaffold(local_init_op=both, copy_from_scaffold=scaffold)
