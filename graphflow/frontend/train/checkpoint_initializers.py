"""Variables that begin with values from a checkpoint: init_from_checkpoint and warm_start."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.partitioned_variables import PartitionedVariable
from graphflow.frontend.platform import logging
from graphflow.frontend.train.checkpoint_reader import (
    checkpoint_path,
    load_checkpoint,
    names_of_objects,
)
from graphflow.frontend.train.saveables import by_name, saveables_for
from graphflow.frontend.variables import Variable
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.node import Tensor


def init_from_checkpoint(ckpt_dir_or_file: Any, assignment_map: Mapping[str, Any]) -> None:
    """Change the initialisers of variables: what the map names in the checkpoint is what they begin with.

    The map goes from a name to a variable, its name or its parts; or from "scope/" to "other_scope/".
    """
    path = checkpoint_path(ckpt_dir_or_file)
    shapes = load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map()
    store = _store()
    for stored, target in sorted(assignment_map.items(), key=lambda pair: pair[0]):
        found = _found(target, store)
        if found is None:
            for name, variable in _in_scope(stored, target, store):
                _check_name(name, shapes, path)
                _begin_with(variable, path, name)
        else:
            _check_name(stored, shapes, path)
            _check_shape(stored, found, shapes[stored])
            _begin_with(found, path, stored)


def _store() -> dict[str, Any]:
    """The variables that get_variable has made in this graph."""
    scopes = current_graph().notes.get("variable_scope")
    return {} if scopes is None else scopes.store._vars


def _found(target: Any, store: Mapping[str, Any]) -> Any:
    """The variable that is meant, or its parts; None for a scope."""
    if isinstance(target, Variable):
        return target
    if isinstance(target, PartitionedVariable | list | tuple) and all(
        isinstance(v, Variable) for v in target
    ):
        return list(target)
    return _stored(target, store)


def _stored(name: str, store: Mapping[str, Any]) -> Any:
    """The variable of that name that get_variable has made, or its parts."""
    found = store.get(name)
    return _parts(name, store) if found is None else found


def _parts(name: str, store: Mapping[str, Any]) -> list[Any] | None:
    parts: list[Any] = []
    while f"{name}/part_{len(parts)}" in store:
        parts.append(store[f"{name}/part_{len(parts)}"])
    return parts or None


def _in_scope(stored: str, target: str, store: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """(name in the checkpoint, variable) for the variables of a scope."""
    scope = target.rpartition("/")[0]
    if not stored.endswith("/"):
        raise ValueError(
            f"The assignment map maps {stored!r} to {target!r}, which is no variable: "
            f"scopes are written 'scope/': 'other_scope/'"
        )
    names = {
        name.partition("/part_")[0] for name in store if not scope or name.startswith(scope + "/")
    }
    pairs = []
    for name in sorted(names):
        rest = name[len(scope) :]
        if target != "/":
            rest = rest[1:]
        full = rest if stored == "/" else stored + rest
        pairs.append((full.removesuffix("/"), _stored(name, store)))
    return pairs


def _check_name(name: str, shapes: Mapping[str, Any], path: Any) -> None:
    if name not in shapes:
        known = ", ".join(sorted(shapes))
        raise ValueError(f"Tensor {name} is not found in {path} checkpoint, which has: {known}")


def _check_shape(name: str, variable: Any, shape: Any) -> None:
    if isinstance(variable, Variable) and not variable.get_shape().is_compatible_with(shape):
        raise ValueError(
            f"Shape of variable {variable.name} ({variable.get_shape()}) doesn't match with shape of "
            f"tensor {name} ({shape}) from checkpoint reader."
        )


def _begin_with(variable: Any, path: Any, name: str) -> None:
    """Give a variable, or the parts of one, an initialiser that restores a tensor."""
    if isinstance(variable, Variable):
        _set_initializer(variable, path, name, "")
        return
    wholes = {v._get_save_slice_info().full_name for v in variable}
    if len(wholes) > 1:
        raise ValueError(f"Slices must all be from the same tensor: {' != '.join(sorted(wholes))}")
    for part in variable:
        _set_initializer(part, path, name, part._get_save_slice_info().spec)


def _set_initializer(variable: Any, path: Any, name: str, spec: str) -> None:
    graph = current_graph()
    dtype = variable.dtype.base_dtype
    with graph.device(variable.device or None), graph.device("/cpu:0"):
        value = raw.RestoreV2(path, [name], [spec], dtypes=[dtype], name="checkpoint_initializer")[
            0
        ]
        ((own, item),) = by_name([variable]).items()
        (saveable,) = saveables_for(item, own)
    restored = saveable.restore([value], None)
    value.set_shape(variable.shape)
    variable._initializer_op = restored.node if isinstance(restored, Tensor) else restored
    variable._initial_value = value


class VocabInfo(NamedTuple):
    """How the rows or columns of a variable moved when a vocabulary changed."""

    new_vocab: str
    new_vocab_size: int
    num_oov_buckets: int
    old_vocab: str
    old_vocab_size: int = -1
    backup_initializer: Any = None
    axis: int = 0


def warm_start(
    ckpt_to_initialize_from: Any,
    vars_to_warm_start: Any = ".*",
    var_name_to_vocab_info: Mapping[str, VocabInfo] | None = None,
    var_name_to_prev_var_name: Mapping[str, str] | None = None,
) -> None:
    """Let variables begin with what they are, or were under another name, in a checkpoint."""
    if var_name_to_vocab_info:
        raise NotImplementedError("warm_start moves no rows of vocabularies: leave vocab_info out")
    logging.info("Warm-starting from: %s", ckpt_to_initialize_from)
    groups: dict[str, list[Any]] = {}
    for variable in _chosen(vars_to_warm_start):
        (name,) = by_name([variable])
        groups.setdefault(name, []).append(variable)
    earlier = var_name_to_prev_var_name
    if not earlier:
        earlier = _renamed(ckpt_to_initialize_from, groups)
    # a variable of which this graph has several parts goes as a list
    init_from_checkpoint(
        ckpt_to_initialize_from,
        {
            earlier.get(name, name): found[0] if len(found) == 1 else found
            for name, found in groups.items()
        },
    )
    unused = set(earlier) - set(groups)
    if unused:
        raise ValueError(
            f"var_name_to_prev_var_name names variables that are not there: {sorted(unused)}; "
            f"there are {sorted(groups)}"
        )
    logging.info("Warm-started %d variables.", len(groups))


def _renamed(checkpoint: Any, names: Mapping[str, Any]) -> dict[str, str]:
    path = checkpoint_path(checkpoint)
    keys = None if path is None else names_of_objects(path)
    if keys is None:
        return {}
    missing = sorted(set(names) - set(keys))
    if missing:
        raise ValueError(f"this checkpoint of objects has no values for the variables {missing}")
    return {name: keys[name] for name in names}


def _chosen(wanted: Any) -> list[Any]:
    graph = current_graph()
    if wanted is None or isinstance(wanted, str):
        return graph.get_collection(GraphKeys.TRAINABLE_VARIABLES, wanted)
    if not isinstance(wanted, list):
        raise ValueError(f"`vars_to_warm_start` must be a list or a string, not {type(wanted)}")
    if all(isinstance(v, str) for v in wanted):
        return [v for w in wanted for v in graph.get_collection(GraphKeys.GLOBAL_VARIABLES, w)]
    if all(isinstance(v, Variable) for v in wanted):
        return wanted
    raise ValueError("`vars_to_warm_start` must hold either variables or strings")


NAMESPACES = {"train": ["VocabInfo", "init_from_checkpoint", "warm_start"]}
