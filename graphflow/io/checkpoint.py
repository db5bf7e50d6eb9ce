"""Opens a checkpoint of either format."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Protocol

from graphflow import errors
from graphflow.io.bundle import BundleReader, VariableInfo, index_path
from graphflow.io.checkpoint_v1 import V1Reader, matching_files
from graphflow.io.files import Path, text_path
from graphflow.io.tensor_slice import Array, TensorSlice


class CheckpointReader(Protocol):
    """What the readers of both formats can do."""

    @property
    def variables(self) -> Mapping[str, VariableInfo]: ...

    def __contains__(self, name: object) -> bool: ...

    def info(self, name: str) -> VariableInfo: ...

    def read(self, name: str, part: TensorSlice | None = None) -> Array: ...

    def close(self) -> None: ...


def open_checkpoint(prefix: Path) -> CheckpointReader:
    """The checkpoint that was saved as `prefix`."""
    if os.path.exists(index_path(prefix)):
        return BundleReader(prefix)
    if not matching_files(prefix):
        raise errors.NotFoundError(
            message="Unsuccessful TensorSliceReader constructor: "
            f"Failed to find any matching files for {text_path(prefix)}"
        )
    return V1Reader(prefix)
