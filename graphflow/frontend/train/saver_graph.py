"""The nodes of a saver: those that save, those that restore, and the name of the file, which is fed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any, NamedTuple

from graphflow.frontend.partitioned_variables import PartitionedVariable
from graphflow.frontend.train.saveables import SaveableObject, shapes_to_restore
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.device import merged
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group, with_dependencies

#: the formats of checkpoints, by their numbers in a SaverDef
V1, V2 = 1, 2


class SaverNames(NamedTuple):
    """What a SaverDef says of the graph: which tensor is fed, which is fetched, and which op is run."""

    filename_tensor_name: str
    save_tensor_name: str
    restore_op_name: str


class Wanted(NamedTuple):
    """What is saved, and how."""

    saveables: Sequence[SaveableObject]
    reshape: bool
    version: int


def build_saver(
    wanted: Wanted, sharded: bool, name: str | None, filename: str | None
) -> SaverNames:
    """The nodes of a saver, in a scope of its own."""
    with build.name_scope(name, "save", [s.op for s in wanted.saveables]):
        path = raw.PlaceholderWithDefault(filename or "model", shape=(), name="filename")
        path = raw.PlaceholderWithDefault(path, shape=(), name="Const")
        if sharded:
            saved, restored = _sharded(wanted, path)
        else:
            saved = _saved(wanted.saveables, path, wanted.version)
            restored = _restored(wanted, path, "restore_all")
    _join_partitioned_variables()
    return SaverNames(path.name, saved.name, restored.name)


def _saved(saveables: Sequence[SaveableObject], path: Tensor, version: int) -> Tensor:
    """The path, when all is saved there."""
    specs = [spec for s in saveables for spec in s.specs]
    names, tensors, slices = [], [], []
    for spec in specs:
        names.append(spec.name)
        tensors.append(spec.tensor)
        slices.append(spec.slice_spec)
    if version == V1:
        node = raw.SaveSlices(path, names, slices, tensors, name="save")
    elif version == V2:
        node = raw.SaveV2(path, names, slices, tensors)
    else:
        raise RuntimeError(f"Unexpected write_version: {version}")
    done: Tensor = with_dependencies([node], path)
    return done


def _restored(wanted: Wanted, path: Tensor, name: str) -> Node:
    """The node that has run when all is restored."""
    specs = [spec for s in wanted.saveables for spec in s.specs]
    with current_graph().device("cpu:0"):
        tensors = raw.RestoreV2(
            path,
            [spec.name for spec in specs],
            [spec.slice_spec for spec in specs],
            dtypes=[spec.dtype.base_dtype for spec in specs],
        )
    assigned, at = [], 0
    for saveable in wanted.saveables:
        shapes = shapes_to_restore(saveable) if wanted.reshape else None
        own = tensors[at : at + len(saveable.specs)]
        at += len(own)
        assigned.append(saveable.restore(own, shapes))
    return group(*assigned, name=name)


def _sharded(wanted: Wanted, path: Tensor) -> tuple[Tensor, Node]:
    """The same with a file for each device."""
    groups = _by_device(wanted.saveables)
    saved = _saved_in_shards(groups, path, wanted.version)
    restored = []
    for device, saveables in groups:
        with current_graph().device(device or None):
            restored.append(_restored(wanted._replace(saveables=saveables), path, "restore_shard"))
    return saved, group(*restored, name="restore_all")


def _by_device(saveables: Sequence[SaveableObject]) -> list[tuple[str, list[SaveableObject]]]:
    groups: dict[str, list[SaveableObject]] = {}
    for saveable in saveables:
        devices = {merged([spec.device or ""]) for spec in saveable.specs}
        if len(devices) != 1:
            raise ValueError(
                f"All tensors of a saveable object must be on the same device: {saveable.name}"
            )
        groups.setdefault(devices.pop(), []).append(saveable)
    return sorted(groups.items())


def _saved_in_shards(groups: list[tuple[str, Any]], path: Tensor, version: int) -> Tensor:
    graph = current_graph()
    merges = version == V2
    folder = path
    if merges:
        # parts are written elsewhere, so that nobody sees half a checkpoint
        folder = raw.StringJoin([path, f"_temp_{uuid.uuid4().hex}/part"])
    count = convert(len(groups), name="num_shards")
    parts, saved = [], []
    for shard, (device, saveables) in enumerate(groups):
        with graph.device(_on_cpu(device) if merges else device or None):
            part = raw.ShardedFilename(folder, shard, count)
            parts.append(part)
            saved.append(_saved(saveables, part, version))
    with graph.control_dependencies(saved):
        if not merges:
            files: Tensor = raw.ShardedFilespec(path, count)
            return files
        with graph.device(_on_cpu(groups[-1][0])):
            joined = raw.MergeV2Checkpoints(parts, path, delete_old_dirs=True)
            with graph.control_dependencies([joined]):
                done: Tensor = raw.Identity(path)
                return done


def _on_cpu(device: str) -> str:
    return merged([device, "/device:CPU:0"])


def _join_partitioned_variables() -> None:
    """A saved graph is read as names: a variable in parts must have a node of its own name."""
    graph = current_graph()
    for key in list(graph.collections):
        for item in graph.get_collection(key):
            if (
                isinstance(item, PartitionedVariable)
                and item.name not in graph.ledger.nodes_by_name
            ):
                item.as_tensor()
