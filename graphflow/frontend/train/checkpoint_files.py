"""Which checkpoints a folder has: the file `checkpoint`, and the files that belong to one checkpoint."""

from __future__ import annotations

import glob
import os
import re
from collections.abc import Sequence

from graphflow.io import checkpoint_state
from graphflow.io.checkpoint_state import CheckpointState

#: a checkpoint of the first format is its file, one of the second has an index
V1, V2 = 1, 2


def generate_checkpoint_state_proto(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> CheckpointState:
    """What the file `checkpoint` of a folder is to say."""
    return checkpoint_state.make_state(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths or (),
        all_model_checkpoint_timestamps or (),
        last_preserved_timestamp or 0.0,
    )


def update_checkpoint_state(
    save_dir: str,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] | None = None,
    latest_filename: str | None = None,
    all_model_checkpoint_timestamps: Sequence[float] | None = None,
    last_preserved_timestamp: float | None = None,
) -> None:
    """Write the file `checkpoint` of a folder."""
    write_state(
        save_dir,
        model_checkpoint_path,
        all_model_checkpoint_paths or (),
        latest_filename,
        False,
        all_model_checkpoint_timestamps or (),
        last_preserved_timestamp or 0.0,
    )


def write_state(
    save_dir: str,
    latest: str,
    paths: Sequence[str],
    latest_filename: str | None,
    relative: bool,
    timestamps: Sequence[float] = (),
    preserved: float = 0.0,
) -> None:
    """Write the file `checkpoint`; `relative` makes absolute paths relative to the folder."""
    state = checkpoint_state.make_state(save_dir, latest, paths, timestamps, preserved, relative)
    path = checkpoint_state.state_path(save_dir, latest_filename)
    if path == state.model_checkpoint_path:
        raise RuntimeError(
            f"Save path '{latest}' conflicts with path used for checkpoint state. "
            "Please use a different save path."
        )
    checkpoint_state.write(save_dir, state, latest_filename)


def get_checkpoint_state(
    checkpoint_dir: str, latest_filename: str | None = None
) -> CheckpointState | None:
    """What the file `checkpoint` of a folder says, or None."""
    return checkpoint_state.read(checkpoint_dir, latest_filename)


def latest_checkpoint(checkpoint_dir: str, latest_filename: str | None = None) -> str | None:
    """The path of the latest checkpoint of a folder, or None."""
    return checkpoint_state.latest_checkpoint(checkpoint_dir, latest_filename)


def checkpoint_exists(checkpoint_prefix: str) -> bool:
    """Whether there is such a checkpoint, of either format."""
    return checkpoint_state.checkpoint_exists(checkpoint_prefix)


def get_checkpoint_mtimes(checkpoint_prefixes: Sequence[str]) -> list[float]:
    """When the checkpoints were written, those left out that are not there."""
    times = []
    for prefix in checkpoint_prefixes:
        for pattern in (prefix + ".index", prefix):
            found = matching(pattern)
            if found:
                times.append(os.stat(found[0]).st_mtime)
                break
    return times


def remove_checkpoint(
    checkpoint_prefix: str, checkpoint_format_version: int = V2, meta_graph_suffix: str = "meta"
) -> None:
    """Delete the files of a checkpoint, its graph too."""
    patterns = [meta_graph_filename(checkpoint_prefix, meta_graph_suffix)]
    if checkpoint_format_version == V2:
        patterns += [checkpoint_prefix + ".index", checkpoint_prefix + ".data-?????-of-?????"]
    else:
        patterns.append(checkpoint_prefix)
    for pattern in patterns:
        for path in matching(pattern):
            os.remove(path)


def matching(pattern: str) -> list[str]:
    """The files of that name, or that match it as a pattern: names of folders may hold brackets."""
    if os.path.exists(pattern):
        return [pattern]
    folder, last = os.path.split(pattern)
    return sorted(glob.glob(os.path.join(glob.escape(folder), last)) or glob.glob(pattern))


def meta_graph_filename(checkpoint_filename: str, meta_graph_suffix: str = "meta") -> str:
    """The file of the graph beside a checkpoint, one for all shards."""
    return re.sub(r"-[\d\?]+-of-\d+$", "", checkpoint_filename) + "." + meta_graph_suffix


NAMESPACES = {
    "train": [
        "checkpoint_exists",
        "generate_checkpoint_state_proto",
        "get_checkpoint_mtimes",
        "get_checkpoint_state",
        "latest_checkpoint",
        "remove_checkpoint",
        "update_checkpoint_state",
    ]
}
