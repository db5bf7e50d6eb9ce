"""Dilated windows over ops that know none: the batch is dealt out so that the taps of a window lie side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from graphflow.frontend.array_spaces import required_space_to_batch_paddings
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack


def strides_and_rate(spatial: int, strides: Any, rate: Any) -> tuple[Any, Any]:
    """Strides and dilation rate as arrays with an entry per spatial axis, checked."""
    found = []
    for name, value in (("dilation_rate", rate), ("strides", strides)):
        value = [1] * spatial if value is None else value
        if len(value) != spatial:
            raise ValueError(f"len({name})={len(value)} but should be {spatial}")
        array = np.array(value, dtype=np.int32)
        if (array < 1).any():
            raise ValueError(f"all values of {name} must be positive")
        found.append(array)
    if (found[1] > 1).any() and (found[0] > 1).any():
        raise ValueError("strides > 1 not supported in conjunction with dilation_rate > 1")
    return found[1], found[0]


def with_space_to_batch(
    input: Any,
    dilation_rate: Any,
    padding: str,
    op: Callable[[Tensor, int, str], Tensor],
    filter_shape: Any = None,
    spatial_dims: Iterable[int] | None = None,
    data_format: str | None = None,
) -> Tensor:
    """op(input, number of spatial axes, padding) with its windows dilated by `dilation_rate`."""
    input = convert(input, name="input")
    dealt = SpaceToBatch(
        input.shape, dilation_rate, padding, filter_shape, spatial_dims, data_format
    )
    return dealt(input, None, op)


class SpaceToBatch:
    """What `with_space_to_batch` finds out before it sees the input: rates, axes and paddings."""

    def __init__(
        self,
        shape: Any,
        dilation_rate: Any,
        padding: str,
        filter_shape: Any,
        spatial_dims: Iterable[int] | None,
        data_format: str | None,
    ) -> None:
        rate = convert(dilation_rate, dtype=int32, name="dilation_rate")
        if rate.shape.rank not in (None, 1):
            raise ValueError("rate must be rank 1")
        if not rate.shape.is_static:
            raise ValueError("rate must have known shape")
        self.spatial: int = rate.shape.as_tuple()[0]
        self.channels_first = data_format is not None and data_format.startswith("NC")
        self.axes = self._axes(spatial_dims)
        needed = self.axes[-1] + (0 if self.channels_first else 1)
        if shape.rank is not None and shape.rank < needed:
            raise ValueError(f"input tensor must have rank {needed} at least")
        known = constant_value(rate)
        if known is not None and (known < 1).any():
            raise ValueError("dilation_rate must be positive")
        #: what is left to do when no window is dilated: nothing
        self.direct = known is not None and bool((known == 1).all())
        self.shape, self.rate, self.padding = shape, rate, padding
        self.base_paddings: Any = None
        if self.direct:
            return
        if padding == "SAME":
            if filter_shape is None:
                raise ValueError("filter_shape must be specified for SAME padding")
            self._known_rate = rate if known is None else known
            filter_shape = convert(filter_shape, name="filter_shape")
            sizes = constant_value(filter_shape)
            if sizes is not None:
                self.base_paddings = self._base_paddings(sizes)
        elif padding == "VALID":
            self.base_paddings = np.zeros([self.spatial, 2], np.int32)
        else:
            raise ValueError(f"Invalid padding method {padding!r}")

    def _axes(self, given: Iterable[int] | None) -> list[int]:
        first = 2 if self.channels_first else 1
        axes = list(range(first, self.spatial + first) if given is None else given)
        if axes != sorted({int(a) for a in axes}) or any(a < 1 for a in axes):
            raise ValueError(
                f"spatial_dims must be a monotonically increasing sequence of positive integers, got {axes}"
            )
        return axes

    def _base_paddings(self, sizes: Any) -> Tensor:
        """The SAME padding of a dilated window, before the input is dealt out."""
        window = sizes[: self.spatial]
        extra = window + (window - 1) * (self._known_rate - 1) - 1
        before = extra // 2
        after = extra - before
        return stack([[before[i], after[i]] for i in range(self.spatial)])

    def __call__(self, x: Tensor, w: Tensor | None, op: Callable[..., Tensor]) -> Tensor:
        """The op on x dealt out, dealt back."""
        if self.direct:
            return op(x, self.spatial, self.padding)
        paddings, crops = required_space_to_batch_paddings(
            self._input_sizes(x), self.rate, self._paddings_for(w)
        )
        rate = self._on_all_axes(self.rate, 1)
        paddings, crops = self._on_all_axes(paddings, 0), self._on_all_axes(crops, 0)
        y = op(raw.SpaceToBatchND(x, rate, paddings), self.spatial, "VALID")
        back = raw.BatchToSpaceND(y, rate, crops)
        if self.channels_first and w is not None and not back.shape.dims[1].value:
            back.set_shape([back.shape[0], w.shape[-1], *back.shape[2:]])
        return back

    def _paddings_for(self, w: Tensor | None) -> Any:
        return (
            self._base_paddings(idioms.shape(w))
            if self.base_paddings is None
            else self.base_paddings
        )

    def _input_sizes(self, x: Tensor) -> Any:
        if self.shape.rank is not None:
            sizes = [self.shape.as_list()[a] for a in self.axes]
            if None not in sizes:
                return sizes
        shape = idioms.shape(x)
        return stack([shape[a] for a in self.axes])

    def _on_all_axes(self, x: Tensor, fill: int) -> Any:
        """Values of spatial axes with others put in for the axes between the batch and the last one."""
        known = constant_value(x)
        each = x if known is None else known
        rest, dtype = x.shape.as_list()[1:], x.dtype.as_numpy_dtype
        parts: list[Any] = []
        at = 0
        while at < len(self.axes):
            start, first = at, self.axes[at]
            before = self.axes[start - 1] if start else 0
            if first > 1:
                parts.append(np.full([first - 1 - before, *rest], fill, dtype=dtype))
            while at + 1 < len(self.axes) and self.axes[at + 1] == self.axes[at] + 1:
                at += 1
            parts.append(each[start : at + 1])
            at += 1
        return np.concatenate(parts) if known is not None else concat(parts, 0)


__all__: list[str] = []

NAMESPACES = {"nn": ["with_space_to_batch"]}
