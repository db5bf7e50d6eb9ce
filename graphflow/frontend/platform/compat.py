"""tf.compat, versions, and the switches between TensorFlow 1 and 2."""

from __future__ import annotations

import numbers
import os
from typing import Any

import numpy as np

from graphflow.ir.shape import Dimension


def as_bytes(bytes_or_text: Any, encoding: str = "utf-8") -> bytes:
    """Text as bytes; bytes stay."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text.encode(encoding)
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


def as_text(bytes_or_text: Any, encoding: str = "utf-8") -> str:
    """Bytes as text; text stays."""
    if isinstance(bytes_or_text, str):
        return bytes_or_text
    if isinstance(bytes_or_text, bytes):
        return bytes_or_text.decode(encoding)
    raise TypeError(f"Expected binary or unicode string, got {bytes_or_text!r}")


as_str = as_text


def as_str_any(value: Any) -> str:
    return as_text(value) if isinstance(value, bytes) else str(value)


def path_to_str(path: Any) -> Any:
    return os.fspath(path) if hasattr(path, "__fspath__") else path


def dimension_value(dimension: Any) -> Any:
    """The size as TensorFlow 2 gives it: an int or None."""
    return dimension.value if isinstance(dimension, Dimension) else dimension


def dimension_at_index(shape: Any, index: int) -> Dimension:
    found: Dimension = Dimension(None) if shape.rank is None else shape.dims[index]
    return found


def forward_compatible(year: int, month: int, day: int) -> bool:
    """TensorFlow 1.15.5 was of July 2019 in this respect."""
    return (year, month, day) < (2019, 7, 28)


integral_types = (numbers.Integral, np.integer)
real_types = (numbers.Real, np.integer, np.floating)
complex_types = (numbers.Complex, np.number)
bytes_or_text_types = (bytes, str)

VERSION = "1.15.5"
GIT_VERSION = "graphflow"
COMPILER_VERSION = "numba"
GRAPH_DEF_VERSION = 134
GRAPH_DEF_VERSION_MIN_CONSUMER = 0
GRAPH_DEF_VERSION_MIN_PRODUCER = 0
CXX11_ABI_FLAG = 0
MONOLITHIC_BUILD = 0


def executing_eagerly() -> bool:
    return False


def enable_eager_execution(
    config: Any = None, device_policy: Any = None, execution_mode: Any = None
) -> None:
    raise NotImplementedError(
        "tf.enable_eager_execution: graphflow builds graphs and runs them in sessions; there is no eager mode"
    )


enable_v2_behavior = enable_eager_execution


def disable_v2_behavior() -> None:
    """Nothing to do: this is TensorFlow 1 already."""


disable_eager_execution = disable_v2_tensorshape = disable_tensor_equality = disable_v2_behavior
disable_control_flow_v2 = disable_v2_behavior


def enable_v2_tensorshape() -> None:
    raise NotImplementedError(
        "tf.enable_v2_tensorshape: shapes have Dimensions here, as in TensorFlow 1"
    )


def enable_control_flow_v2() -> None:
    """Nothing to do: control flow is functional already."""


def control_flow_v2_enabled() -> bool:
    return False


__all__ = [
    "COMPILER_VERSION",
    "CXX11_ABI_FLAG",
    "GIT_VERSION",
    "GRAPH_DEF_VERSION",
    "GRAPH_DEF_VERSION_MIN_CONSUMER",
    "GRAPH_DEF_VERSION_MIN_PRODUCER",
    "MONOLITHIC_BUILD",
    "VERSION",
    "control_flow_v2_enabled",
    "disable_control_flow_v2",
    "disable_eager_execution",
    "disable_tensor_equality",
    "disable_v2_behavior",
    "disable_v2_tensorshape",
    "enable_control_flow_v2",
    "enable_eager_execution",
    "enable_v2_behavior",
    "enable_v2_tensorshape",
    "executing_eagerly",
]
NAMESPACES = {
    "compat": [
        "as_bytes",
        "as_str",
        "as_str_any",
        "as_text",
        "bytes_or_text_types",
        "complex_types",
        "dimension_at_index",
        "dimension_value",
        "forward_compatible",
        "integral_types",
        "path_to_str",
        "real_types",
    ],
    "version": [
        "COMPILER_VERSION",
        "GIT_VERSION",
        "GRAPH_DEF_VERSION",
        "GRAPH_DEF_VERSION_MIN_CONSUMER",
        "GRAPH_DEF_VERSION_MIN_PRODUCER",
        "VERSION",
    ],
    "sysconfig": ["CXX11_ABI_FLAG", "MONOLITHIC_BUILD"],
}
