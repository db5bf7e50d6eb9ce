"""replica_device_setter: variables on parameter servers in turn, everything else on a worker."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from graphflow.frontend.device_spec import DeviceSpec
from graphflow.frontend.platform import logging
from graphflow.frontend.train.cluster import ClusterSpec
from graphflow.ir.device import device_parts, merged

#: the ops that hold what is shared
STANDARD_PS_OPS = (
    *("Variable", "VariableV2", "AutoReloadVariable", "VarHandleOp"),
    *("MutableHashTable", "MutableHashTableV2"),
    *("MutableHashTableOfTensors", "MutableHashTableOfTensorsV2"),
    *("MutableDenseHashTable", "MutableDenseHashTableV2"),
    *("BoostedTreesEnsembleResourceHandleOp", "BoostedTreesQuantileStreamResourceHandleOp"),
    "ResourceConditionalAccumulator",
)


def replica_device_setter(
    ps_tasks: int = 0,
    ps_device: str | None = "/job:ps",
    worker_device: str | None = "/job:worker",
    merge_devices: bool = True,
    cluster: Any = None,
    ps_ops: Iterable[str] | None = None,
    ps_strategy: Callable[[Any], int] | None = None,
) -> Callable[[Any], str] | None:
    """A function for tf.device, or None where there are no parameter servers."""
    if cluster is not None:
        job = device_parts(ps_device or "").get("job", "")
        ps_tasks = len(ClusterSpec(cluster).as_dict().get(job) or ())
    if ps_tasks == 0:
        return None
    if not merge_devices:
        logging.warning("It is recommended to set merge_devices=true in replica_device_setter")
    if ps_strategy is not None and not callable(ps_strategy):
        raise TypeError("ps_strategy must be callable")
    turn = itertools.cycle(range(ps_tasks))
    choose = ps_strategy or (lambda op: next(turn))
    holders = frozenset(STANDARD_PS_OPS if ps_ops is None else ps_ops)

    def device_of(op: Any) -> str:
        """The device of a node, or of a NodeDef."""
        own: str = op.device or ""
        if own and not merge_devices:
            return own
        kind = op.op if isinstance(getattr(op, "op", None), str) else op.type
        if not ps_device or kind not in holders:
            return merged([worker_device or "", own])
        device = DeviceSpec.from_string(ps_device)
        if device.job and device_parts(own).get("job", device.job) == device.job:
            device.task = choose(op)
        return merged([device.to_string(), own])

    return device_of


NAMESPACES = {"train": ["replica_device_setter"]}
