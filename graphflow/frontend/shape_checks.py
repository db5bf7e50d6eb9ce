"""tf.debugging.assert_shapes: sizes of several tensors, by number and by symbol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from graphflow.frontend.assertions import Assert
from graphflow.frontend.branch_building import cond
from graphflow.frontend.rank_checks import assert_rank, assert_rank_at_least, assert_rank_in
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant, convert
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import group


class _Sized(NamedTuple):
    """A tensor, its sizes as far as they are known, and the sizes that it shall have."""

    x: Tensor
    #: the sizes are those of the last axes, and there may be more before them
    innermost: bool
    actual: Any
    wanted: Sequence[Any]


def assert_shapes(
    shapes: Any,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Node:
    """Each tensor has the sizes beside it: numbers, symbols for sizes that are equal, None or "." for any."""
    pairs = list(shapes.items()) if isinstance(shapes, dict) else list(shapes)
    message = message or ""
    with build.name_scope(name, "assert_shapes", [pairs, data]):
        tensors = [(convert(x), wanted) for x, wanted in pairs if wanted is not None]
        sized = [_sized(x, wanted, message) for x, wanted in tensors]
        options = {"data": data, "summarize": summarize, "message": message, "name": name}
        ranks = [_rank_check(s, options) for s in sized]
        checks = _size_checks(sized, data, summarize, message)
        with current_graph().control_dependencies([r for r in ranks if r is not None]):
            return group(*checks)


def _sized(x: Tensor, wanted: Any, message: str) -> _Sized:
    if not isinstance(wanted, Iterable) and not hasattr(wanted, "__getitem__"):
        raise ValueError(
            f"{message}.  Tensor {x.name}.  Specified shape must be an iterable.  "
            f"Received specified shape: {wanted}"
        )
    entries = tuple(wanted)
    for i, entry in enumerate(entries):
        if _is_rest(entry) and i:
            raise ValueError(
                f"{message}.  Tensor {x.name} specified shape index {i}.  Symbol `...` or `*` for a variable "
                "number of unspecified dimensions is only allowed as the first entry"
            )
    innermost = bool(entries) and _is_rest(entries[0])
    return _Sized(x, innermost, _actual(x), entries[int(innermost) :] or (1,))


def _is_rest(entry: Any) -> bool:
    return entry is Ellipsis or (isinstance(entry, str) and entry == "*")


def _actual(x: Tensor) -> Any:
    """The sizes of a tensor: numbers where they are known; a scalar counts as one of size 1."""
    sizes = idioms.shape(x)
    if x.shape.rank == 0:
        return (1,)
    if x.shape.rank is not None:
        return [sizes[i] if d is None else d for i, d in enumerate(x.shape.as_list())]
    is_scalar = raw.Equal(idioms.rank(x), 0)
    return cond(is_scalar, lambda: constant([1]), lambda: sizes)


def _rank_check(sized: _Sized, options: dict[str, Any]) -> Node | None:
    rank = len(sized.wanted)
    if sized.innermost:
        return None if rank <= 1 else assert_rank_at_least(sized.x, rank, **options)
    if rank <= 1:
        return assert_rank_in(sized.x, [0, 1], **options)
    return assert_rank(sized.x, rank, **options)


def _size_checks(
    sized: Sequence[_Sized], data: Any, summarize: int | None, message: str
) -> list[Any]:
    checks = []
    #: symbol -> its size, and the tensor and the axis that gave it
    given: dict[Any, tuple[Any, Tensor, int]] = {}
    for one in sized:
        for i, symbol in enumerate(one.wanted):
            if symbol is None or symbol == ".":
                continue
            axis = i - len(one.wanted) if one.innermost else i
            number = _number(symbol)
            if number is None and symbol not in given:
                given[symbol] = one.actual[axis], one.x, axis
                continue
            if number is not None:
                size, source = number, "Specified explicitly"
            else:
                size, by, at = given[symbol]
                source = f"Specified by tensor {by.name} dimension {at}"
            actual = one.actual[axis]
            has, must = _number(actual), _number(size)
            if has is not None and must is not None:
                if has != must:
                    raise ValueError(
                        f"{message}.  {source}.  Tensor {one.x.name} dimension {axis} must have size {must}.  "
                        f"Received size {has}, shape {one.x.shape}"
                    )
                continue
            condition = raw.Equal(convert(actual), convert(size))
            told = data
            if data is None:
                told = [message, source, f"Tensor {one.x.name} dimension", axis, "must have size"]
                told += [size, "Received shape: ", idioms.shape(one.x)]
            checks.append(Assert(condition, told, summarize=summarize))
    return checks


def _number(size: Any) -> int | None:
    """A size as a number, where it is one or spells one."""
    try:
        return int(size)
    except (TypeError, ValueError):
        return None


NAMESPACES = {"debugging": ["assert_shapes"]}
