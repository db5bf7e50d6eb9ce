"""Where a sliding window stands: output sizes, padding and the elements under each tap.

Shape inference and execution share this arithmetic; along one axis, with e = (kernel - 1) *
dilation + 1,

    VALID     outputs = (size - e + stride) / stride
    SAME      outputs = ceil(size / stride), padding as even as possible, the odd element behind
    EXPLICIT  VALID on before + size + after
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.lib.stride_tricks import as_strided

from graphflow.numeric.elements import Array

PADDINGS = ("SAME", "VALID", "EXPLICIT")


def spatial_axes(data_format: str) -> tuple[int, ...]:
    """The axes of height, width and so on: (1, 2) of NHWC, (2, 3, 4) of NCDHW."""
    return tuple(i for i, c in enumerate(data_format) if c not in "NC")


def effective_kernel(kernel: int, dilation: int) -> int:
    """The extent of a dilated window: (kernel - 1) * dilation + 1."""
    return (kernel - 1) * dilation + 1


def _check(kernel: int, stride: int, dilation: int, padding: str) -> None:
    if stride <= 0:
        raise ValueError(f"the stride of a window must be > 0, got {stride}")
    if dilation <= 0:
        raise ValueError(f"the dilation rate of a window must be > 0, got {dilation}")
    if kernel <= 0:
        raise ValueError(f"the size of a window must be > 0, got {kernel}")
    if padding not in PADDINGS:
        raise ValueError(f"padding must be one of {', '.join(PADDINGS)}, got {padding!r}")


def output_size(
    size: int | None,
    kernel: int,
    stride: int,
    dilation: int,
    padding: str,
    explicit: tuple[int, int] = (0, 0),
) -> int | None:
    """The number of window positions along an axis of `size` elements; None where that is unknown."""
    _check(kernel, stride, dilation, padding)
    if size is None:
        return None
    if padding == "SAME":
        return -(-size // stride)
    extent = effective_kernel(kernel, dilation)
    room = size - extent + stride + (sum(explicit) if padding == "EXPLICIT" else 0)
    # Division truncates here, so that a window a little too large finds no place and is no error.
    outputs = room // stride if room >= 0 else -(-room // stride)
    if outputs < 0:
        raise ValueError(
            f"a window over {extent} elements with stride {stride} has no place on an axis of {size}: "
            f"there would be {outputs} outputs"
        )
    return outputs


def inferred_size(
    size: int | None,
    kernel: int,
    stride: int,
    dilation: int,
    padding: str,
    explicit: tuple[int, int] = (0, 0),
) -> int | None:
    """`output_size` for shape inference, which refuses a window larger than its known input."""
    if size is not None and padding != "SAME":
        padded = size + (sum(explicit) if padding == "EXPLICIT" else 0)
        extent = effective_kernel(kernel, dilation)
        if padded < extent:
            raise ValueError(
                f"a window over {extent} elements is larger than the axis of {padded} elements"
            )
    return output_size(size, kernel, stride, dilation, padding, explicit)


def pads(
    size: int,
    kernel: int,
    stride: int,
    dilation: int,
    padding: str,
    explicit: tuple[int, int] = (0, 0),
) -> tuple[int, int]:
    """The elements of padding before and behind an axis of `size` elements."""
    if padding == "EXPLICIT":
        return explicit
    if padding == "VALID":
        return 0, 0
    outputs = -(-size // stride)
    total = max(0, (outputs - 1) * stride + effective_kernel(kernel, dilation) - size)
    return total // 2, total - total // 2


def transposed_size(size: int | None, kernel: int, stride: int, padding: str) -> int | None:
    """The usual input size of a window that has `size` positions, as transposed convolutions choose it."""
    if size is None:
        return None
    return size * stride + (max(kernel - stride, 0) if padding == "VALID" else 0)


@dataclass(frozen=True)
class Axis:
    """A window along one axis of an array."""

    size: int
    kernel: int
    stride: int
    dilation: int
    before: int
    after: int
    outputs: int

    @classmethod
    def of(
        cls,
        size: int,
        kernel: int,
        stride: int,
        dilation: int,
        padding: str,
        explicit: tuple[int, int] = (0, 0),
    ) -> Axis:
        outputs = output_size(size, kernel, stride, dilation, padding, explicit)
        assert outputs is not None
        before, after = pads(size, kernel, stride, dilation, padding, explicit)
        return cls(size, kernel, stride, dilation, before, after, outputs)

    @property
    def padded(self) -> int:
        return self.before + self.size + self.after

    def tap(self, t: int) -> slice:
        """The padded elements under tap `t`, one for each output."""
        start = t * self.dilation
        return (
            slice(start, start + (self.outputs - 1) * self.stride + 1, self.stride)
            if self.outputs
            else slice(0, 0)
        )


def pad_axes(x: Array, axes: Sequence[Axis], fill: object = 0) -> Array:
    """`x` with its leading axes padded as `axes` say; the same array where nothing is to be padded."""
    if not any(a.before or a.after for a in axes):
        return x
    padded = np.full((*(a.padded for a in axes), *x.shape[len(axes) :]), fill, x.dtype)
    padded[tuple(slice(a.before, a.before + a.size) for a in axes)] = x
    return padded


def crop_axes(x: Array, axes: Sequence[Axis]) -> Array:
    """The inverse of `pad_axes`: a view of the elements that are not padding."""
    return x[tuple(slice(a.before, a.before + a.size) for a in axes)]


def taps(axes: Sequence[Axis]) -> Iterator[tuple[tuple[int, ...], tuple[slice, ...]]]:
    """Each place in the window, in row-major order, and the padded elements under it."""
    for place in np.ndindex(*(a.kernel for a in axes)):
        yield place, tuple(a.tap(t) for a, t in zip(axes, place, strict=True))


def window_view(padded: Array, axes: Sequence[Axis]) -> Array:
    """All windows of a padded array as a read-only view (*outputs, *kernel, *rest)."""
    n = len(axes)
    shape = (*(a.outputs for a in axes), *(a.kernel for a in axes), *padded.shape[n:])
    if 0 in shape:
        return np.empty(shape, padded.dtype)
    strides = (
        *(s * a.stride for s, a in zip(padded.strides[:n], axes, strict=True)),
        *(s * a.dilation for s, a in zip(padded.strides[:n], axes, strict=True)),
        *padded.strides[n:],
    )
    return as_strided(padded, shape, strides, writeable=False)
