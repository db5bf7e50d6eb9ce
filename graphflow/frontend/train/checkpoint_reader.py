"""Reading checkpoints without a graph: the tensors in them by name."""

from __future__ import annotations

import os
from typing import Any

from graphflow.frontend.train.checkpoint_files import latest_checkpoint
from graphflow.io import protos
from graphflow.io.checkpoint import open_checkpoint

#: under this name a checkpoint of objects says which tensor belongs to which variable
OBJECT_GRAPH = "_CHECKPOINTABLE_OBJECT_GRAPH"


class CheckpointReader:
    """The tensors of a checkpoint; tf.train.NewCheckpointReader makes one."""

    def __init__(self, filepattern: Any) -> None:
        self._reader = open_checkpoint(os.fspath(filepattern))

    def get_variable_to_shape_map(self) -> dict[str, list[int]]:
        return {name: list(info.shape) for name, info in self._reader.variables.items()}

    def get_variable_to_dtype_map(self) -> dict[str, Any]:
        return {name: info.dtype for name, info in self._reader.variables.items()}

    def has_tensor(self, tensor_str: str | bytes) -> bool:
        return _text(tensor_str) in self._reader

    def get_tensor(self, tensor_str: str | bytes) -> Any:
        """The value: an array, or a numpy scalar where the shape is []."""
        value = self._reader.read(_text(tensor_str))
        return value if value.ndim else value[()]

    def debug_string(self) -> bytes:
        """A line for each tensor: name, type and shape."""
        lines = []
        for name, info in sorted(self._reader.variables.items()):
            kind = protos.DataType.Name(info.dtype.as_datatype_enum)
            lines.append(f"{name} ({kind}) [{','.join(map(str, info.shape))}]\n")
        return "".join(lines).encode("utf-8", "surrogateescape")


def _text(name: str | bytes) -> str:
    if not isinstance(name, str | bytes):
        raise TypeError(f"Expected binary or unicode string, got {name!r}")
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")


NewCheckpointReader = CheckpointReader


def checkpoint_path(ckpt_dir_or_file: Any) -> str | None:
    """The path of a checkpoint, or of the latest one in a folder."""
    path = os.fspath(ckpt_dir_or_file)
    return latest_checkpoint(path) if os.path.isdir(path) else path


def load_checkpoint(ckpt_dir_or_file: Any) -> CheckpointReader:
    """A reader of a checkpoint, or of the latest one in a folder."""
    path = checkpoint_path(ckpt_dir_or_file)
    if path is None:
        raise ValueError(
            f"Couldn't find 'checkpoint' file or checkpoints in given directory {ckpt_dir_or_file}"
        )
    return CheckpointReader(path)


def load_variable(ckpt_dir_or_file: Any, name: str) -> Any:
    """The value of one variable."""
    return load_checkpoint(ckpt_dir_or_file).get_tensor(name.removesuffix(":0"))


def list_variables(ckpt_dir_or_file: Any) -> list[tuple[str, list[int]]]:
    """(name, shape) of all tensors, sorted by name."""
    return sorted(load_checkpoint(ckpt_dir_or_file).get_variable_to_shape_map().items())


def names_of_objects(path: str) -> dict[str, str] | None:
    """Variable -> tensor in a checkpoint that was saved from objects, or None if it was not."""
    reader = CheckpointReader(path)
    if not reader.has_tensor(OBJECT_GRAPH):
        return None
    graph = protos.parse("TrackableObjectGraph", reader.get_tensor(OBJECT_GRAPH))
    return {a.full_name: a.checkpoint_key for node in graph.nodes for a in node.attributes}


NAMESPACES = {
    "python.pywrap_tensorflow": ["NewCheckpointReader"],
    "python.training.training": ["NewCheckpointReader"],
    "train": ["NewCheckpointReader", "list_variables", "load_checkpoint", "load_variable"],
}
