"""Maxima and means over windows of rows, images and volumes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from graphflow.frontend import nn_pooling
from graphflow.frontend.layers import windows
from graphflow.frontend.layers.functions import function_of
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.layers.layer import Layer
from graphflow.ir import raw
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ops.arrays import transpose


class Pooling(Layer):
    """A reduction over each window."""

    rank: int
    pooled: ClassVar[Callable[..., Any]]

    def __init__(
        self,
        pool_size: Any,
        strides: Any,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        if strides is None:
            raise ValueError("Argument `strides` must not be None.")
        super().__init__(name=name, **kwargs)
        self.pool_size = windows.sizes(pool_size, self.rank, "pool_size")
        self.strides = windows.sizes(strides, self.rank, "strides")
        self.padding = windows.padding(padding)
        self.data_format = windows.data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _around(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        first = self.data_format == "channels_first" and self.rank == 2
        return (1, 1, *sizes) if first else (1, *sizes, 1)

    def call(self, inputs: Any) -> Any:
        how = self.padding.upper()
        return type(self).pooled(
            inputs,
            ksize=self._around(self.pool_size),
            strides=self._around(self.strides),
            padding=how,
            data_format=windows.layout(self.data_format, self.rank + 2),
        )

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        sizes = as_shape(input_shape).as_list()
        start = 2 if self.data_format == "channels_first" else 1
        for axis in range(self.rank):
            window, stride = self.pool_size[axis], self.strides[axis]
            sizes[start + axis] = windows.swept(sizes[start + axis], window, self.padding, stride)
        return TensorShape(sizes)


class Pooling1D(Pooling):
    """Rows are images that are one pixel wide; their channels go last."""

    rank = 1

    def call(self, inputs: Any) -> Any:
        last = self.data_format == "channels_last"
        axis = 2 if last else 3
        images = raw.ExpandDims(inputs, axis)
        images = images if last else transpose(images, (0, 2, 3, 1))
        pooled = type(self).pooled(
            images,
            (1, *self.pool_size, 1, 1),
            (1, *self.strides, 1, 1),
            padding=self.padding.upper(),
            data_format="NHWC",
        )
        pooled = pooled if last else transpose(pooled, (0, 3, 1, 2))
        return raw.Squeeze(pooled, squeeze_dims=[axis])


class Pooling3D(Pooling):
    """Volumes whose channels go last."""

    rank = 3

    def call(self, inputs: Any) -> Any:
        last = self.data_format == "channels_last"
        volumes = inputs if last else transpose(inputs, (0, 2, 3, 4, 1))
        pooled = type(self).pooled(
            volumes,
            ksize=self._around(self.pool_size),
            strides=self._around(self.strides),
            padding=self.padding.upper(),
        )
        return pooled if last else transpose(pooled, (0, 4, 1, 2, 3))


class MaxPooling1D(Pooling1D):
    """The maximum over each window of rows."""

    pooled = staticmethod(nn_pooling.max_pool)


class AveragePooling1D(Pooling1D):
    """The mean over each window of rows."""

    pooled = staticmethod(nn_pooling.avg_pool)


class MaxPooling2D(Pooling):
    """The maximum over each window of images."""

    rank = 2
    pooled = staticmethod(nn_pooling.max_pool)


class AveragePooling2D(Pooling):
    """The mean over each window of images."""

    rank = 2
    pooled = staticmethod(nn_pooling.avg_pool)


class MaxPooling3D(Pooling3D):
    """The maximum over each window of volumes."""

    pooled = staticmethod(nn_pooling.max_pool3d)


class AveragePooling3D(Pooling3D):
    """The mean over each window of volumes."""

    pooled = staticmethod(nn_pooling.avg_pool3d)


average_pooling1d = function_of(AveragePooling1D, "average_pooling1d")
average_pooling2d = function_of(AveragePooling2D, "average_pooling2d")
average_pooling3d = function_of(AveragePooling3D, "average_pooling3d")
max_pooling1d = function_of(MaxPooling1D, "max_pooling1d")
max_pooling2d = function_of(MaxPooling2D, "max_pooling2d")
max_pooling3d = function_of(MaxPooling3D, "max_pooling3d")

__all__: list[str] = []
NAMESPACES = {
    "layers": [
        *("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D"),
        *("average_pooling1d", "average_pooling2d", "average_pooling3d"),
        *("max_pooling1d", "max_pooling2d", "max_pooling3d"),
    ],
    "python.layers.pooling": [
        *("AveragePooling1D", "AveragePooling2D", "AveragePooling3D"),
        *("MaxPooling1D", "MaxPooling2D", "MaxPooling3D"),
        *("average_pooling1d", "average_pooling2d", "average_pooling3d"),
        *("max_pooling1d", "max_pooling2d", "max_pooling3d"),
    ],
}
