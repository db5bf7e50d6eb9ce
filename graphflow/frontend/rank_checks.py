"""tf.assert_rank and its kin: now, where the rank is known; else when the graph runs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend.assertions import Assert
from graphflow.frontend.type_checks import assert_type
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import no_op, with_dependencies

__all__ = ["assert_rank", "assert_rank_at_least", "assert_rank_in"]


def assert_rank(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Node:
    """x has this number of dimensions."""
    with build.name_scope(name, "assert_rank", [x, rank, *(data or ())]):
        wanted = _Wanted(x, [rank], message, "must have rank")
        return wanted.checked(lambda has, ranks: has == ranks[0], _equals_any, data, summarize)


def assert_rank_at_least(
    x: Any,
    rank: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Node:
    """x has at least this number of dimensions."""
    with build.name_scope(name, "assert_rank_at_least", [x, rank, *(data or ())]):
        wanted = _Wanted(x, [rank], message, "must have rank at least")
        return wanted.checked(
            lambda has, ranks: has >= ranks[0],
            lambda has, ranks: raw.GreaterEqual(has, ranks[0]),
            data,
            summarize,
        )


def assert_rank_in(
    x: Any,
    ranks: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Node:
    """x has one of these numbers of dimensions."""
    with build.name_scope(name, "assert_rank_in", [x, *ranks, *(data or ())]):
        wanted = _Wanted(x, ranks, message, "must have rank in")
        return wanted.checked(lambda has, ranks: has in ranks, _is_among, data, summarize)


def _equals_any(has: Tensor, ranks: Sequence[Tensor]) -> Tensor:
    found: Tensor = raw.Equal(has, ranks[0])
    return found


def _is_among(has: Tensor, ranks: Sequence[Tensor]) -> Tensor:
    if not ranks:
        return convert(False)
    found: Tensor = raw.Equal(ranks[0], has)
    for rank in ranks[1:]:
        found = raw.LogicalOr(found, raw.Equal(rank, has))
    return found


class _Wanted:
    """A tensor and the ranks that it may have."""

    def __init__(self, x: Any, ranks: Sequence[Any], message: str | None, verb: str) -> None:
        self.x = convert(x, name="x")
        self.ranks = [convert(rank, name="rank") for rank in ranks]
        self.message, self.verb = message or "", verb

    def checked(
        self,
        holds: Callable[[int, Sequence[int]], bool],
        compare: Callable[[Tensor, Sequence[Tensor]], Tensor],
        data: Any,
        summarize: int | None,
    ) -> Node:
        """An op that has checked the rank; ValueError where it is known not to hold."""
        if data is None:
            told = [self.message, f"Tensor {self.x.name} {self.verb}", *self.ranks]
            data = [*told, "Received shape: ", idioms.shape(self.x)]
        for rank in self.ranks:
            assert_type(rank, int32)
        known = [constant_value(rank) for rank in self.ranks]
        if all(k is not None for k in known):
            if any(k.ndim for k in known if k is not None):
                raise ValueError("Rank must be a scalar.")
            has, numbers = self.x.shape.rank, [int(k) for k in known if k is not None]
            if has is not None:
                if not holds(has, numbers):
                    raise ValueError(self._refusal(has, numbers))
                return no_op("static_checks_determined_all_ok")
        condition = compare(idioms.rank(self.x), self.ranks)
        for rank, value in zip(self.ranks, known, strict=True):
            if value is None:
                told = ["Rank must be a scalar. Received rank: ", rank]
                condition = with_dependencies([assert_rank(rank, 0, data=told)], condition)
        found: Node = Assert(condition, data, summarize=summarize)
        return found

    def _refusal(self, has: int, numbers: list[int]) -> str:
        wanted = numbers if self.verb.endswith("in") else numbers[0]
        return (
            f"{self.message}.  Tensor {self.x.name} {self.verb} {wanted}.  "
            f"Received rank {has}, shape {self.x.shape}"
        )


NAMESPACES = {"debugging": ["assert_rank", "assert_rank_at_least", "assert_rank_in"]}
