"""Sizes, strides, paddings and layouts as layers spell them."""

from __future__ import annotations

from typing import Any

_LAYOUTS = {
    "channels_first": {3: "NCW", 4: "NCHW", 5: "NCDHW"},
    "channels_last": {3: "NWC", 4: "NHWC", 5: "NDHWC"},
}


def sizes(value: Any, count: int, name: str) -> tuple[int, ...]:
    """An int for all axes, or one for each."""
    if isinstance(value, int):
        return (value,) * count
    try:
        items = tuple(value)
        if len(items) == count == len([int(item) for item in items]):
            return items
    except (TypeError, ValueError):
        pass
    raise ValueError(
        f"The `{name}` argument must be a tuple of {count} integers. Received: {value}"
    )


def data_format(value: Any) -> str:
    """channels_last or channels_first, the former where nothing is said."""
    chosen = "channels_last" if value is None else str(value.lower())
    if chosen not in _LAYOUTS:
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return chosen


def padding(value: Any) -> Any:
    """valid, same or causal in small letters; a list of explicit sizes as it is."""
    if isinstance(value, list | tuple):
        return value
    chosen = str(value.lower())
    if chosen not in ("valid", "same", "causal"):
        raise ValueError(
            'The `padding` argument must be a list/tuple or one of "valid", "same" '
            f'(or "causal", only for `Conv1D). Received: {chosen}'
        )
    return chosen


def layout(chosen: str, rank: int) -> str:
    """The order of the axes as ops spell it."""
    return _LAYOUTS[chosen][rank]


def channels(shape: Any, chosen: str) -> int:
    """How many channels an input of this shape has."""
    dim = shape.dims[1 if chosen == "channels_first" else -1].value
    if dim is None:
        raise ValueError("The channel dimension of the inputs should be defined. Found `None`.")
    return int(dim)


def swept(length: Any, window: int, how: Any, stride: int, dilation: int = 1) -> int | None:
    """How often a window fits."""
    if length is None:
        return None
    reach = window + (window - 1) * (dilation - 1)
    room = length if how in ("same", "causal") else length - reach + 1
    return int((room + stride - 1) // stride)


def unswept(length: Any, window: int, how: str, stride: int, extra: int | None = None) -> Any:
    """The length over which a window fits so often; `extra` is what the user adds at the end."""
    if length is None:
        return None
    if extra is None:
        return length * stride + max(window - stride, 0) if how == "valid" else length * stride
    margin = window // 2 if how == "same" else 0
    return (length - 1) * stride + window - 2 * margin + extra
