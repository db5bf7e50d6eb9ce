"""Parts of a tensor by position: Slice, StridedSlice and its gradient."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_list, known_shape, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric.room import check_room
from graphflow.numeric.slicing import strided_slice, strided_slice_grad, strided_slice_spec
from graphflow.ops import arrays, idioms


class Slice(Op):
    """y = x[begin : begin + size] in every dimension; a size of -1 takes the rest."""

    signature = "input:T, begin:Index, size:Index -> output:T | Index: index"
    by_value = True

    def infer(self, x: Tensor, begin: Tensor, size: Tensor) -> Any:
        ranks = {r for r in (x.shape.rank, _length(begin), _length(size)) if r is not None}
        if len(ranks) > 1:
            raise ValueError(
                f"begin and size must have one entry for each dimension of {x.shape}: "
                f"they have {begin.shape} and {size.shape}"
            )
        if not ranks:
            return UNKNOWN
        rank = ranks.pop()
        dims = x.shape.known or tuple(Symbol() for _ in range(rank))
        starts, sizes = known_value(begin), known_value(size)
        nothing = [None] * rank
        return TensorShape.of(
            tuple(
                _cut(i, *one)
                for i, one in enumerate(
                    zip(
                        dims,
                        nothing if starts is None else starts,
                        nothing if sizes is None else sizes,
                        strict=True,
                    )
                )
            )
        )

    def known(self, x: Tensor, begin: Tensor, size: Tensor) -> Any:
        value, starts, sizes = known_value(x), known_list(begin), known_list(size)
        if value is None or starts is None or sizes is None:
            return None
        return self.reference(value, starts, sizes)

    def reference(self, x: Any, begin: Any, size: Any) -> Any:
        if len(begin) != x.ndim or len(size) != x.ndim:
            raise ValueError(
                "Expected begin and size arguments to be 1-D tensors of size "
                f"{x.ndim}, but got {len(begin)} and {len(size)}"
            )
        index = []
        for i, (d, b, s) in enumerate(zip(x.shape, begin, size, strict=True)):
            if not 0 <= b <= d:
                raise ValueError(f"Expected begin[{i}] in [0, {d}], but got {b}")
            count = d - b if s == -1 else s
            if not 0 <= count <= d - b:
                raise ValueError(f"Expected size[{i}] in [0, {d - b}], but got {s}")
            index.append(slice(int(b), int(b + count)))
        return x[(*index, ...)]

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        """g with zeros before and after it."""
        x, begin = n.inputs[0], n.inputs[1]
        rank, size = idioms.rank(x), idioms.shape(n.outputs[0])
        column = arrays.stack([rank, 1])
        before = raw.Reshape(begin, column)
        after = raw.Reshape(idioms.shape(x) - size - begin, column)
        return [raw.Pad(g, arrays.concat([before, after], 1)), None, None]


def _length(vector: Tensor) -> int | None:
    return vector.shape.with_rank(1).num_elements()


def _cut(i: int, dim: Dim, begin: Any, size: Any) -> Dim:
    """The size of dimension i of the slice; whether it is there is for the run to say."""
    if begin is not None and not isinstance(begin, Symbol) and begin < 0:
        raise ValueError(f"Expected begin[{i}] >= 0, got {begin}")
    if size is None or isinstance(size, Symbol):
        return size or Symbol()
    if size < -1:
        raise ValueError(f"Expected size[{i}] >= -1, got {size}")
    if size != -1:
        return int(size)
    if begin is None or isinstance(begin, Symbol):
        return Symbol()
    if isinstance(dim, int):
        if begin > dim:
            raise ValueError(f"Expected begin[{i}] in [0, {dim}], but got {begin}")
        return dim - int(begin)
    return dim if begin == 0 else Symbol()


class _Strided(Op, abstract=True):
    """What StridedSlice and its gradient share: the masks."""

    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0

    @property
    def masks(self) -> dict[str, Any]:
        return dict(self.attrs())


class StridedSlice(_Strided):
    """y = x[begin[0] : end[0] : strides[0], ...] with masks for open ends, `...`, new axes."""

    signature = "input:T, begin:Index, end:Index, strides:Index -> output:T | Index: index"
    by_value = True

    def infer(self, x: Tensor, begin: Tensor, end: Tensor, strides: Tensor) -> Any:
        spec = [_entries(v) for v in (begin, end, strides)]
        count = next((len(s) for s in spec if s is not None), None)
        if count is None or x.shape.known is None:
            return UNKNOWN
        vectors: list[Any] = [[None] * count if s is None else s for s in spec]
        return _sliced(x.shape.known, vectors, self.masks)

    def known(self, x: Tensor, begin: Tensor, end: Tensor, strides: Tensor) -> Any:
        value, spec = known_value(x), [known_list(v) for v in (begin, end, strides)]
        return None if value is None or None in spec else self.reference(value, *spec)

    def reference(self, x: Any, begin: Any, end: Any, strides: Any) -> Any:
        return strided_slice(x, begin, end, strides, **self.masks)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        x, begin, end, strides = n.inputs
        shape = idioms.shape(x, out_type=begin.dtype)
        dx = raw.StridedSliceGrad(shape, begin, end, strides, g, **self.masks)
        return [dx, None, None, None]


def _entries(vector: Tensor) -> list[int | None] | None:
    """The entries of begin, end or strides, None where they are not known."""
    value, count = known_value(vector), _length(vector)
    if value is None:
        return None if count is None else [None] * count
    return [None if v is None or isinstance(v, Symbol) else int(v) for v in value]


def _sliced(dims: Sequence[Dim], vectors: list[Any], masks: dict[str, Any]) -> Any:
    """The shape of a slice of a tensor whose sizes may be symbols."""
    sizes = strided_slice_spec([d if isinstance(d, int) else None for d in dims], *vectors, **masks)
    assert sizes.final_shape is not None
    if None not in sizes.final_shape:
        return TensorShape(sizes.final_shape)
    # Which symbols come through whole? Ask with numbers that no slice makes of each other.
    large: dict[Any, Dim] = {
        2**200 + i * 2**100: d for i, d in enumerate(dims) if isinstance(d, Symbol)
    }
    asked = iter(large)
    whole = strided_slice_spec(
        [d if isinstance(d, int) else next(asked) for d in dims], *vectors, **masks
    )
    assert whole.final_shape is not None
    return TensorShape.of(
        tuple(
            size if size is not None else large.get(number) or Symbol()
            for size, number in zip(sizes.final_shape, whole.final_shape, strict=True)
        )
    )


class StridedSliceGrad(_Strided):
    """Zeros of the given shape, and dy where StridedSlice would have taken its elements from."""

    signature = (
        "shape:Index, begin:Index, end:Index, strides:Index, dy:T -> output:T | Index: index"
    )
    by_value = True

    def infer(self, shape: Tensor, begin: Tensor, end: Tensor, strides: Tensor, dy: Tensor) -> Any:
        return known_shape(shape)

    def reference(self, shape: Any, begin: Any, end: Any, strides: Any, dy: Any) -> Any:
        check_room(shape, dy.dtype.itemsize)
        return strided_slice_grad(shape, begin, end, strides, dy, **self.masks)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [None, None, None, None, raw.StridedSlice(g, *n.inputs[1:4], **self.masks)]
