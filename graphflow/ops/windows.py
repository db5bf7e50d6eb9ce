"""Shape inference for sliding windows; an unknown size stays shared where a window cannot change it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dim, Symbol, TensorShape
from graphflow.numeric.windows import inferred_size, output_size, spatial_axes
from graphflow.ops.dims import refusal


def one_of(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse an attribute that spells none of the allowed values."""
    if value not in allowed:
        listed = ", ".join(f'"{a}"' for a in allowed)
        raise ValueError(f"attribute '{name}' is \"{value}\", which is not one of {listed}")


def per_axis(name: str, values: Sequence[int], rank: int) -> None:
    """Refuse an attribute that does not have one entry for each axis."""
    if len(values) != rank:
        raise ValueError(f"{name} must have {rank} entries, one for each axis, got {list(values)}")


def with_rank(name: str, x: Tensor, rank: int) -> tuple[Dim, ...]:
    """The dimensions of an input that must have `rank` of them; fresh symbols where nothing is known."""
    known = x.shape.known
    if known is None:
        return tuple(Symbol() for _ in range(rank))
    if len(known) != rank:
        what = f"{name} must have {rank} dimensions, got {len(known)}: {x.shape}"
        if len(known) == rank - 1 and rank >= 4:
            raise refusal(what, "tf.expand_dims(image, 0) makes a batch of a single image")
        raise ValueError(what)
    return known


def same_dim(what: str, a: Dim, b: Dim) -> Dim:
    """The one size that two dimensions must share."""
    if isinstance(a, Symbol):
        return b if isinstance(b, int) else a
    if isinstance(b, int) and a != b:
        raise ValueError(f"{what} must be equal, but are {a} and {b}")
    return a


def window_dim(
    size: Dim,
    kernel: Dim,
    stride: int,
    dilation: int,
    padding: str,
    explicit: tuple[int, int] = (0, 0),
) -> Dim:
    """The number of window positions along one axis."""
    # of an unknown size nothing is left of the arithmetic but its check of the attributes
    output_size(None, kernel if isinstance(kernel, int) else 1, stride, dilation, padding, explicit)
    if kernel == stride == 1 and not any(explicit):
        return size
    if isinstance(size, int) and isinstance(kernel, int):
        found = inferred_size(size, kernel, stride, dilation, padding, explicit)
        assert found is not None
        return found
    if isinstance(size, int) and padding == "SAME":
        found = output_size(size, 1, stride, dilation, padding)
        assert found is not None
        return found
    if padding == "SAME":
        # it is the stride alone that counts
        return size if stride == 1 else _positions(size, stride, padding)
    return _positions(size, kernel, stride, dilation, padding, explicit)


@functools.lru_cache(maxsize=4096)
def _positions(*_: Any) -> Symbol:
    """The unknown number of positions: the same one for the same window over the same unknown size."""
    return Symbol()


def convolved(
    x: Sequence[Dim],
    kernel: Sequence[Dim],
    depth: Dim,
    strides: Sequence[int],
    dilations: Sequence[int],
    padding: str,
    explicit: Sequence[int],
    data_format: str,
) -> TensorShape:
    """The shape of a convolution of an input with the sizes `x` by a filter of the spatial sizes `kernel`."""
    rank = len(data_format)
    per_axis("strides", strides, rank)
    per_axis("dilations", dilations, rank)
    if explicit and len(explicit) != 2 * rank:
        raise ValueError(f"explicit_paddings must have {2 * rank} entries, got {list(explicit)}")
    if bool(explicit) != (padding == "EXPLICIT"):
        raise ValueError(
            f'explicit_paddings {list(explicit)} do not go with the padding "{padding}": '
            'it must be "EXPLICIT" if and only if they are given'
        )
    if any(p < 0 for p in explicit):
        raise ValueError(
            f"all elements of explicit_paddings must be nonnegative, got {list(explicit)}"
        )
    pairs = (
        [(explicit[2 * i], explicit[2 * i + 1]) for i in range(rank)]
        if explicit
        else [(0, 0)] * rank
    )
    sizes = list(x)
    spatial = spatial_axes(data_format)
    for i in set(range(rank)) - set(spatial):
        if strides[i] != 1 or dilations[i] != 1 or pairs[i] != (0, 0):
            raise ValueError(
                "a window does not move along batch and depth: there strides and dilations must be 1 and "
                f"paddings 0, got strides {list(strides)}, dilations {list(dilations)}, paddings {pairs}"
            )
    for i, k in zip(spatial, kernel, strict=True):
        sizes[i] = window_dim(x[i], k, strides[i], dilations[i], padding, pairs[i])
    sizes[data_format.index("C")] = depth
    return TensorShape.of(tuple(sizes))


def pooled(
    x: Sequence[Dim], ksize: Sequence[int], strides: Sequence[int], padding: str
) -> TensorShape:
    """The shape of a pooling of an input with the sizes `x`."""
    per_axis("ksize", ksize, len(x))
    per_axis("strides", strides, len(x))
    return TensorShape.of(
        tuple(window_dim(n, k, s, 1, padding) for n, k, s in zip(x, ksize, strides, strict=True))
    )
