"""The many ways in which users spell windows, strides, paddings and data formats."""

from __future__ import annotations

from collections.abc import Sequence, Sized
from typing import Any


def per_axis(value: Any, spatial: int, channel_axis: int, name: str) -> list[Any]:
    """`value` with one entry per axis of a batch: given as one number, per spatial axis, or per axis."""
    if value is None:
        value = [1]
    elif not isinstance(value, Sized):
        value = [value]
    given = len(value)
    if given == spatial + 2:
        return list(value)
    if given not in (1, spatial):
        raise ValueError(
            f"{name} should be of length 1, {spatial} or {spatial + 2} but was {given}"
        )
    middle = [value[0]] * spatial if given == 1 else list(value)
    return [1, 1, *middle] if channel_axis == 1 else [1, *middle, 1]


def channel_axis(data_format: str | None, rank: int) -> int:
    """Where the channels of a batch are."""
    return 1 if data_format is not None and data_format.startswith("NC") else rank - 1


def explicit_padding(padding: Any) -> tuple[str, list[int]]:
    """The attributes `padding` and `explicit_paddings` of a padding that may be a list of pairs."""
    if padding == "EXPLICIT":
        raise ValueError(
            '"EXPLICIT" is not a valid value for the padding parameter. '
            "To use explicit padding, the padding parameter must be a list."
        )
    if not isinstance(padding, list | tuple):
        return padding, []
    flat: list[int] = []
    for i, pair in enumerate(padding):
        if not isinstance(pair, list | tuple) or len(pair) != 2:
            raise ValueError(
                f"When padding is a list, each element must be a list/tuple of size 2; element {i} is {pair!r}"
            )
        flat.extend(pair)
    if len(padding) != 4:
        raise ValueError(
            f"When padding is a list, it must be of size 4. Got padding of size: {len(padding)}"
        )
    return "EXPLICIT", flat


def known_rank(data_format: str | None, *shapes: Any) -> int:
    """The rank that a batch must have, from the first shape that tells, or from the data format."""
    for shape in shapes:
        if shape is not None and shape.rank is not None:
            rank = int(shape.rank)
            break
    else:
        if data_format is None:
            raise ValueError("The input must have a rank or a data format must be given.")
        rank = len(data_format)
    if not 3 <= rank <= 5:
        raise ValueError(f"Input tensor must be of rank 3, 4 or 5 but was {rank}.")
    return rank


def one_dimensional(data_format: str | None, name: str, formats: Sequence[str]) -> tuple[str, int]:
    """The data format of images in which rows are computed as images, and the axis that is put in."""
    if data_format not in formats:
        raise ValueError(f'data_format must be "NWC" or "NCW" for {name}, got {data_format!r}')
    return ("NCHW", 2) if data_format is not None and data_format.startswith("NC") else ("NHWC", 1)
