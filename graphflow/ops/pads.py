"""Elements put around a tensor: Pad, PadV2, MirrorPad."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_list, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric import padding
from graphflow.numeric.room import check_room
from graphflow.ops import arrays, idioms
from graphflow.ops.dims import total


def _pairs(x: Tensor, paddings: Tensor) -> tuple[int | None, Any]:
    """The rank, and the number of elements before and after in each dimension as far as is known."""
    shape = paddings.shape.with_rank(2)
    if shape.known is not None and isinstance(shape.known[1], int) and shape.known[1] != 2:
        raise ValueError(f"paddings must have two columns, they have the shape {shape}")
    count = shape.known[0] if shape.known is not None else None
    rank = x.shape.rank
    if isinstance(count, int) and rank is not None and count != rank:
        raise ValueError(f"Shape must be rank {count} but is rank {rank}: {x.shape}")
    if rank is None and isinstance(count, int):
        rank = count
    value = known_value(paddings)
    for pair in () if value is None else value:
        if any(not isinstance(v, Symbol) and v < 0 for v in pair):
            raise ValueError(f"Paddings must be non-negative: {list(pair)}")
    return rank, value


def _padded(x: Tensor, paddings: Tensor) -> TensorShape:
    rank, value = _pairs(x, paddings)
    if rank is None:
        return UNKNOWN
    if value is None or x.shape.known is None:
        return TensorShape([None] * rank)
    return TensorShape.of(
        tuple(total([d, *_dims(pair)]) for d, pair in zip(x.shape.known, value, strict=True))
    )


def _check_room(x: Any, paddings: Any) -> None:
    widths = np.asarray(paddings, object).reshape(-1, 2).sum(1)
    check_room((d + max(w, 0) for d, w in zip(x.shape, widths, strict=False)), x.dtype.itemsize)


def _dims(pair: Any) -> list[Dim]:
    return [v if isinstance(v, Symbol) else int(v) for v in pair]


def _cut_out(n: Node, g: Tensor | None) -> Tensor:
    """The part of g where x is."""
    x, paddings = n.inputs[:2]
    before = raw.Slice(paddings, [0, 0], arrays.stack([idioms.rank(x), 1]))
    begin = raw.Reshape(before, [-1])
    out: Tensor = raw.Slice(g, begin, idioms.shape(x))
    return out


class Pad(Op):
    """x with zeros before and after it in each dimension."""

    signature = "input:T, paddings:Tpaddings -> output:T | Tpaddings: index = int32"
    by_value = True

    def infer(self, x: Tensor, paddings: Tensor) -> Any:
        return _padded(x, paddings)

    def known(self, x: Tensor, paddings: Tensor) -> Any:
        value, widths = known_value(x), known_list(paddings)
        if value is None or widths is None or not x.dtype.is_integer:
            return None
        return padding.pad(value.astype(object), np.reshape(widths, (-1, 2)))

    def reference(self, x: Any, paddings: Any) -> Any:
        _check_room(x, paddings)
        return padding.pad(x, paddings, b"" if x.dtype == object else 0)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [_cut_out(n, g), None]


class PadV2(Op):
    """x with one value before and after it in each dimension."""

    signature = (
        "input:T, paddings:Tpaddings, constant_values:T -> output:T | Tpaddings: index = int32"
    )
    by_value = True

    def infer(self, x: Tensor, paddings: Tensor, value: Tensor) -> Any:
        return _padded(x, paddings)

    def reference(self, x: Any, paddings: Any, value: Any) -> Any:
        _check_room(x, paddings)
        return padding.pad(x, paddings, value[()])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [_cut_out(n, g), None, None]


class MirrorPad(Op):
    """x with its own elements mirrored before and after it, the outermost repeated or not."""

    signature = "input:T, paddings:Tpaddings -> output:T | Tpaddings: index = int32"
    by_value = True
    mode: str

    def infer(self, x: Tensor, paddings: Tensor) -> Any:
        if self.mode not in ("REFLECT", "SYMMETRIC"):
            raise ValueError(f"mode must be REFLECT or SYMMETRIC, not {self.mode!r}")
        return _padded(x, paddings)

    def reference(self, x: Any, paddings: Any) -> Any:
        return padding.mirror_pad(x, paddings, self.mode)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.MirrorPadGrad(g, n.inputs[1], mode=self.mode), None]


class MirrorPadGrad(Op):
    """The sum of the places that MirrorPad made of each element."""

    signature = "input:T, paddings:Tpaddings -> output:T | Tpaddings: index = int32"
    by_value = True
    mode: str

    def infer(self, g: Tensor, paddings: Tensor) -> Any:
        rank, value = _pairs(g, paddings)
        if rank is None:
            return UNKNOWN
        if value is None or g.shape.known is None:
            return TensorShape([None] * rank)
        sizes = []
        for d, pair in zip(g.shape.known, value, strict=True):
            widths = _dims(pair)
            known = isinstance(d, int) and not any(isinstance(w, Symbol) for w in widths)
            left = d - sum(widths) if known else Symbol()  # type: ignore[arg-type, operator, unused-ignore]
            if not isinstance(left, Symbol) and left < 0:
                raise ValueError(f"paddings {widths} are more than the {d} elements there are")
            sizes.append(left)
        return TensorShape.of(tuple(sizes))

    def reference(self, g: Any, paddings: Any) -> Any:
        return padding.mirror_pad_grad(g, paddings, self.mode)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.MirrorPad(g, n.inputs[1], mode=self.mode), None]
