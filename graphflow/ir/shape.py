"""Shapes whose dimensions may be unknown; an unknown dimension is a symbol, so two tensors can share it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from graphflow.ir import doors
from graphflow.ir.dimension import Dim, Dimension, Symbol, as_dim

__all__ = [
    "SCALAR",
    "UNKNOWN",
    "Dim",
    "Dimension",
    "Symbol",
    "TensorShape",
    "as_dim",
    "as_shape",
    "broadcast",
]


class TensorShape:
    """The sizes of a tensor, or an unknown number of them."""

    __slots__ = ("known",)

    #: the dimensions, or None when even their number is unknown
    known: tuple[Dim, ...] | None

    def __init__(self, dims: Any = None) -> None:
        if dims is None:
            self.known = None
        elif isinstance(dims, TensorShape):
            self.known = dims.known
        elif isinstance(dims, tuple) and all(type(d) is int and d >= 0 for d in dims):
            self.known = dims
        elif hasattr(dims, "dim") and hasattr(dims, "unknown_rank"):  # a TensorShapeProto
            self.known = (
                None
                if dims.unknown_rank
                else tuple(as_dim(None if d.size == -1 else d.size) for d in dims.dim)
            )
        elif isinstance(dims, str | bytes):
            raise TypeError(f"{dims!r} is a text, which is ambiguous as a shape: put it in a list")
        elif isinstance(dims, Iterable) and getattr(dims, "shape", None) != ():
            self.known = tuple(as_dim(d) for d in dims)
        else:
            self.known = (as_dim(dims),)

    @classmethod
    def of(cls, known: tuple[Dim, ...] | None) -> TensorShape:
        """A shape of dimensions already in stored form: no checks."""
        shape = object.__new__(cls)
        shape.known = known
        return shape

    @property
    def rank(self) -> int | None:
        return None if self.known is None else len(self.known)

    ndims = rank

    @property
    def dims(self) -> list[Dimension] | None:
        return None if self.known is None else [Dimension(d) for d in self.known]

    @property
    def is_static(self) -> bool:
        return self.known is not None and all(type(d) is int for d in self.known)

    def is_fully_defined(self) -> bool:
        return self.is_static

    def num_elements(self) -> int | None:
        if self.known is None:
            return None
        total = 1
        for d in self.known:
            if not isinstance(d, int):
                return None
            total *= d
        return total

    def as_list(self) -> list[int | None]:
        if self.known is None:
            raise ValueError("as_list() is not defined on an unknown TensorShape.")
        return [d if isinstance(d, int) else None for d in self.known]

    def as_tuple(self) -> tuple[int, ...]:
        """The sizes of a shape that is wholly known."""
        if not self.is_static:
            raise ValueError(f"the shape {self} is not fully defined")
        return tuple(d for d in self.known or () if isinstance(d, int))

    def as_proto(self) -> Any:
        TensorShapeProto = doors.enter("TensorShapeProto")
        if self.known is None:
            return TensorShapeProto(unknown_rank=True)
        dim = TensorShapeProto.Dim
        return TensorShapeProto(dim=[dim(size=d if isinstance(d, int) else -1) for d in self.known])

    def __len__(self) -> int:
        if self.known is None:
            raise ValueError("Cannot take the length of Shape with unknown rank.")
        return len(self.known)

    def __bool__(self) -> bool:
        return self.known is not None

    def __iter__(self) -> Iterator[Dimension]:
        if self.known is None:
            raise ValueError("Cannot iterate over a shape with unknown rank.")
        return iter([Dimension(d) for d in self.known])

    def __getitem__(self, key: Any) -> Any:
        if self.known is not None:
            found = self.known[key]
            return TensorShape.of(found) if isinstance(found, tuple) else Dimension(found)
        if not isinstance(key, slice):
            return Dimension(None)
        start, stop = key.start or 0, key.stop
        if key.step not in (None, 1) or start < 0 or stop is None or stop < 0:
            return TensorShape(None)
        return TensorShape([None] * max(0, stop - start))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, TensorShape):
            try:
                other = as_shape(other)
            except (TypeError, ValueError):
                return NotImplemented
        return self.known == other.known

    def __hash__(self) -> int:
        return hash(self.known)

    def __str__(self) -> str:
        if self.known is None:
            return "<unknown>"
        sizes = ["?" if isinstance(d, Symbol) else str(d) for d in self.known]
        return f"({sizes[0]},)" if len(sizes) == 1 else f"({', '.join(sizes)})"

    def __repr__(self) -> str:
        return f"TensorShape({self.dims})"

    def __reduce__(self) -> Any:
        return TensorShape, (None if self.known is None else self.as_list(),)

    def __add__(self, other: Any) -> TensorShape:
        return self.concatenate(other)

    def __radd__(self, other: Any) -> TensorShape:
        return as_shape(other).concatenate(self)

    def concatenate(self, other: Any) -> TensorShape:
        other = as_shape(other)
        if self.known is None or other.known is None:
            return TensorShape(None)
        return TensorShape.of(self.known + other.known)

    def is_compatible_with(self, other: Any) -> bool:
        other = as_shape(other)
        if self.known is None or other.known is None:
            return True
        return len(self.known) == len(other.known) and all(
            a == b or isinstance(a, Symbol) or isinstance(b, Symbol)
            for a, b in zip(self.known, other.known, strict=True)
        )

    def assert_is_compatible_with(self, other: Any) -> None:
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {as_shape(other)} are incompatible")

    def is_subtype_of(self, other: TensorShape) -> bool:
        """Whether every tensor of this shape also has the shape `other`."""
        if other.known is None:
            return True
        return (
            self.known is not None
            and len(self.known) == len(other.known)
            and all(
                a == b or isinstance(b, Symbol)
                for a, b in zip(self.known, other.known, strict=True)
            )
        )

    def merge_with(self, other: Any) -> TensorShape:
        """What both shapes together tell."""
        other = as_shape(other)
        if self.known is None:
            return other
        if other.known is None:
            return self
        if len(self.known) != len(other.known):
            raise ValueError(f"Shapes {self} and {other} must have the same rank")
        if not self.is_compatible_with(other):
            raise ValueError(f"Shapes {self} and {other} are not compatible")
        return TensorShape.of(
            tuple(
                b if isinstance(a, Symbol) and isinstance(b, int) else a
                for a, b in zip(self.known, other.known, strict=True)
            )
        )

    def with_rank(self, rank: int) -> TensorShape:
        if self.known is None:
            return TensorShape([None] * rank)
        if len(self.known) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")
        return self

    def with_rank_at_least(self, rank: int) -> TensorShape:
        if self.known is not None and len(self.known) < rank:
            raise ValueError(f"Shape {self} must have rank at least {rank}")
        return self

    def with_rank_at_most(self, rank: int) -> TensorShape:
        if self.known is not None and len(self.known) > rank:
            raise ValueError(f"Shape {self} must have rank at most {rank}")
        return self

    def assert_has_rank(self, rank: int) -> None:
        if self.known is not None and len(self.known) != rank:
            raise ValueError(f"Shape {self} must have rank {rank}")

    def assert_same_rank(self, other: Any) -> None:
        other = as_shape(other)
        if None not in (self.known, other.known) and len(self) != len(other):
            raise ValueError(f"Shapes {self} and {other} must have the same rank")

    def assert_is_fully_defined(self) -> None:
        if not self.is_static:
            raise ValueError(f"Shape {self} is not fully defined")


UNKNOWN = TensorShape(None)
SCALAR = TensorShape(())


def as_shape(value: Any) -> TensorShape:
    return value if type(value) is TensorShape else TensorShape(value)


def broadcast(a: TensorShape, b: TensorShape) -> TensorShape:
    """The shape of an element-wise result of operands of shapes `a` and `b`, by numpy's rule."""
    if a.known is None or b.known is None:
        return UNKNOWN
    if a.known == b.known:
        return a
    longer, shorter = (a.known, b.known) if len(a.known) >= len(b.known) else (b.known, a.known)
    lead = len(longer) - len(shorter)
    merged: list[Dim] = list(longer[:lead])
    for p, q in zip(longer[lead:], shorter, strict=True):
        if p == q or (type(q) is int and q == 1):
            merged.append(p)
        elif type(p) is int and p == 1:
            merged.append(q)
        elif isinstance(p, Symbol):
            # ? with 5 is 5; ? with another ? is either, or a broadcast of the two
            merged.append(Symbol() if isinstance(q, Symbol) else q)
        elif isinstance(q, Symbol):
            merged.append(p)
        else:
            raise ValueError(
                f"Incompatible shapes: {a} and {b} (dimensions {p} and {q} differ and neither is 1)"
            )
    return TensorShape.of(tuple(merged))
