"""tf.nn: maxima and means over sliding windows."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.nn_space_to_batch import strides_and_rate, with_space_to_batch
from graphflow.frontend.nn_windows import channel_axis, known_rank, per_axis
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.node import Tensor


def max_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The maximum over each window of a batch of images."""
    value = one_of_two("input", input, "value", value)
    with build.name_scope(name, "MaxPool", [value]) as scope:
        if any(k == 0 for k in np.ravel(ksize)):
            raise ValueError("ksize cannot be zero.")
        return _pool2d(raw.MaxPool, value, ksize, strides, padding, data_format, scope)


def max_pool2d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
) -> Tensor:
    """The maximum over each window of a batch of images."""
    with build.name_scope(name, "MaxPool2d", [input]) as scope:
        return _pool2d(raw.MaxPool, input, ksize, strides, padding, data_format, scope)


def avg_pool(
    value: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The mean over each window of a batch of images."""
    with build.name_scope(name, "AvgPool", [value]) as scope:
        value = one_of_two("input", input, "value", value)
        return _pool2d(raw.AvgPool, value, ksize, strides, padding, data_format, scope)


def _pool2d(
    op: Any, value: Any, ksize: Any, strides: Any, padding: str, data_format: str | None, scope: str
) -> Tensor:
    channels = channel_axis(data_format, 4)
    return op(
        value,
        ksize=per_axis(ksize, 2, channels, "ksize"),
        strides=per_axis(strides, 2, channels, "strides"),
        padding=padding,
        data_format=data_format or "NHWC",
        name=scope,
    )


def max_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The maximum over each window of a batch of rows."""
    with build.name_scope(name, "MaxPool1d", [input]) as scope:
        return _pool1d(raw.MaxPool, input, ksize, strides, padding, data_format, scope)


def avg_pool1d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NWC",
    name: str | None = None,
) -> Tensor:
    """The mean over each window of a batch of rows."""
    with build.name_scope(name, "AvgPool1D", [input]) as scope:
        return _pool1d(raw.AvgPool, input, ksize, strides, padding, data_format, scope)


def _pool1d(
    op: Any, x: Any, ksize: Any, strides: Any, padding: str, data_format: str | None, scope: str
) -> Tensor:
    data_format = data_format or "NWC"
    channels = channel_axis(data_format, 3)
    ksize = [1, *per_axis(ksize, 1, channels, "ksize")]
    strides = [1, *per_axis(strides, 1, channels, "strides")]
    axis, layout = (1, "NHWC") if data_format == "NWC" else (2, "NCHW")
    images = raw.ExpandDims(x, axis)
    y = op(images, ksize=ksize, strides=strides, padding=padding, data_format=layout, name=scope)
    return raw.Squeeze(y, squeeze_dims=[axis])


def max_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The maximum over each window of a batch of volumes."""
    with build.name_scope(name, "MaxPool3D", [input]) as scope:
        return _pool3d(raw.MaxPool3D, input, ksize, strides, padding, data_format, scope)


def avg_pool3d(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NDHWC",
    name: str | None = None,
) -> Tensor:
    """The mean over each window of a batch of volumes."""
    with build.name_scope(name, "AvgPool3D", [input]) as scope:
        return _pool3d(raw.AvgPool3D, input, ksize, strides, padding, data_format, scope)


def _pool3d(
    op: Any, x: Any, ksize: Any, strides: Any, padding: str, data_format: str | None, scope: str
) -> Tensor:
    channels = channel_axis(data_format, 5)
    return op(
        x,
        ksize=per_axis(ksize, 3, channels, "ksize"),
        strides=per_axis(strides, 3, channels, "strides"),
        padding=padding,
        data_format=data_format or "NDHWC",
        name=scope,
    )


def max_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """The maximum over each window of a batch of rows, images or volumes."""
    ops = {3: max_pool1d, 4: raw.MaxPool, 5: raw.MaxPool3D}
    return _any_rank(ops, input, ksize, strides, padding, data_format, name)


def avg_pool_v2(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None = None,
    name: str | None = None,
) -> Tensor:
    """The mean over each window of a batch of rows, images or volumes."""
    ops = {3: avg_pool1d, 4: raw.AvgPool, 5: raw.AvgPool3D}
    return _any_rank(ops, input, ksize, strides, padding, data_format, name)


_USUAL = {3: "NWC", 4: "NHWC", 5: "NDHWC"}


def _any_rank(
    ops: dict[int, Any],
    x: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    name: str | None,
) -> Tensor:
    rank = known_rank(data_format, x.shape)
    channels = channel_axis(data_format, rank)
    return ops[rank](
        x,
        ksize=per_axis(ksize, rank - 2, channels, "ksize"),
        strides=per_axis(strides, rank - 2, channels, "strides"),
        padding=padding,
        data_format=data_format or _USUAL[rank],
        name=name,
    )


def max_pool_with_argmax(
    input: Any,
    ksize: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    Targmax: Any = None,
    name: str | None = None,
    output_dtype: Any = None,
    include_batch_in_index: bool = False,
) -> Any:
    """The maximum over each window, and its flat place in its image."""
    if data_format != "NHWC":
        raise ValueError("Data formats other than 'NHWC' are not yet supported")
    found = one_of_two("output_dtype", output_dtype, "Targmax", Targmax)
    return raw.MaxPoolWithArgmax(
        input,
        ksize=ksize,
        strides=strides,
        padding=padding,
        Targmax=int64 if found is None else found,
        include_batch_in_index=include_batch_in_index,
        name=name,
    )


def pool(
    input: Any,
    window_shape: Any,
    pooling_type: str,
    padding: str,
    dilation_rate: Any = None,
    strides: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """A maximum ("MAX") or mean ("AVG") over windows whose taps may lie apart."""
    dilation_rate = one_of_two("dilations", dilations, "dilation_rate", dilation_rate)
    with build.name_scope(name, f"{pooling_type.lower()}_pool", [input]) as scope:
        input = convert(input, name="input")
        spatial = len(window_shape)
        if not 1 <= spatial <= 3:
            raise ValueError("It is required that 1 <= num_spatial_dims <= 3.")
        input.shape.with_rank(spatial + 2)
        strides, rate = strides_and_rate(spatial, strides, dilation_rate)
        if padding == "SAME" and (rate > 1).any():
            raise ValueError("pooling with SAME padding is not implemented for dilation_rate > 1")
        if (strides > np.asarray(window_shape)).any():
            raise ValueError("strides > window_shape are not supported by pooling")
        if pooling_type not in ("MAX", "AVG"):
            raise ValueError(f"{spatial}-D {pooling_type} pooling is not supported.")
        first = channel_axis(data_format, spatial + 2) == 1
        ahead, behind = ([1, 1], []) if first else ([1], [1])
        sizes, steps = [*ahead, *window_shape, *behind], [*ahead, *strides.tolist(), *behind]
        axes = range(2 if first else 1, spatial + (2 if first else 1))
        kind = _KINDS[pooling_type, spatial]
        layout: Any = data_format
        if spatial == 1:
            if data_format not in (None, "NWC", "NCW"):
                raise ValueError('data_format must be either "NWC" or "NCW".')
            sizes, steps, layout = (
                [1, *sizes],
                [1, *steps],
                "NCHW" if data_format == "NCW" else "NHWC",
            )

        def pooled(x: Any, _: int, how: str) -> Tensor:
            x = raw.ExpandDims(x, axes[0]) if spatial == 1 else x
            y = kind(x, sizes, steps, how, name=scope, data_format=layout)
            return raw.Squeeze(y, squeeze_dims=[axes[0]]) if spatial == 1 else y

        return with_space_to_batch(
            input, rate, padding, pooled, spatial_dims=axes, filter_shape=window_shape
        )


_KINDS: dict[tuple[str, int], Any] = {
    ("MAX", 1): max_pool,
    ("MAX", 2): max_pool,
    ("MAX", 3): max_pool3d,
    ("AVG", 1): avg_pool,
    ("AVG", 2): avg_pool,
    ("AVG", 3): avg_pool3d,
}

avg_pool2d = avg_pool

__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("avg_pool", "avg_pool1d", "avg_pool2d", "avg_pool3d", "avg_pool_v2"),
        *(
            "max_pool",
            "max_pool1d",
            "max_pool2d",
            "max_pool3d",
            "max_pool_v2",
            "max_pool_with_argmax",
        ),
        "pool",
    ]
}
