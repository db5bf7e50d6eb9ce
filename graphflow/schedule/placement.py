"""Placement: where each step runs, and whether there is such a place."""

from __future__ import annotations

from typing import Any

from graphflow import errors
from graphflow.ir import report
from graphflow.schedule.plan import Plan


def check_devices(plan: Plan, config: Any) -> None:
    """An explicit device that does not exist is an error unless soft placement is allowed."""
    if getattr(config, "allow_soft_placement", False):
        return
    for step in plan.steps:
        device = step.node.device
        if device and not _exists(device):
            raise errors.InvalidArgumentError(
                None,
                step.node,
                report.problem(
                    f"Cannot assign a device for operation {step.node.name}: it was explicitly assigned to "
                    f"{device} but available devices are [ /job:localhost/replica:0/task:0/device:CPU:0 ].",
                    step.node.type,
                    step.node.name,
                    step.node.where,
                    (),
                    "tf.Session(config=tf.ConfigProto(allow_soft_placement=True)) takes the nearest device there is",
                    "",
                ),
            )


def _exists(device: str) -> bool:
    """Whether a device name means this process's CPU."""
    parts = dict(p.partition(":")[::2] for p in device.strip("/").split("/"))
    return (
        parts.get("job", "localhost") == "localhost"
        and parts.get("replica", "0") in ("0", "*")
        and parts.get("task", "0") in ("0", "*")
        and parts.get("device", "CPU:0").split(":")[0] in ("CPU", "*")
    )
