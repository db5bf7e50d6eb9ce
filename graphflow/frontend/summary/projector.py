"""tf.contrib.tensorboard.plugins.projector: the file that tells TensorBoard which embeddings to show."""

from __future__ import annotations

import os
from typing import Any

from graphflow.io import protos
from graphflow.io.files import write_atomically


def __getattr__(name: str) -> Any:
    if name not in _MESSAGES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(protos, name)


def visualize_embeddings(summary_writer: Any, config: Any) -> None:
    """Write `config`, a ProjectorConfig, into the folder of the writer."""
    folder = summary_writer.get_logdir()
    if folder is None:
        raise ValueError("Summary writer must have a logdir")
    write_atomically(os.path.join(folder, "projector_config.pbtxt"), str(config).encode())


_MESSAGES = ("EmbeddingInfo", "ProjectorConfig", "SpriteMetadata")
NAMESPACES = {
    "contrib.tensorboard.plugins.projector": [
        "EmbeddingInfo",
        "ProjectorConfig",
        "SpriteMetadata",
        "visualize_embeddings",
    ]
}
