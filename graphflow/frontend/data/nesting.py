"""Structures of datasets: tuples, dicts and namedtuples; a list is a value to be made a tensor of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from graphflow.frontend.nest import is_namedtuple, keyed, rebuilt
from graphflow.frontend.nest import is_sequence as is_any_sequence
from graphflow.ir.sparse_tensor import SparseTensorValue


def is_nested(value: Any) -> bool:
    """Whether `value` is a container that is walked."""
    return is_any_sequence(value) and not isinstance(value, list | SparseTensorValue)


def flatten(structure: Any) -> list[Any]:
    """The leaves, from left to right."""
    if not is_nested(structure):
        return [structure]
    return [leaf for _, part in keyed(structure) for leaf in flatten(part)]


def pack(structure: Any, flat: list[Any] | tuple[Any, ...]) -> Any:
    """The leaves `flat` in the form of `structure`."""
    leaves = iter(flat)
    packed = _packed(structure, leaves)
    if next(leaves, None) is not None:
        raise ValueError(f"Could not pack {len(flat)} elements into the structure {structure}")
    return packed


def _packed(structure: Any, leaves: Iterator[Any]) -> Any:
    if is_nested(structure):
        return rebuilt(structure, [_packed(part, leaves) for _, part in keyed(structure)])
    try:
        return next(leaves)
    except StopIteration:
        raise ValueError("Could not pack sequence: there are too few elements") from None


def mapped(function: Callable[..., Any], structure: Any, *others: Any) -> Any:
    """The results of `function` for each leaf, in the form of `structure`."""
    for other in others:
        check_same(structure, other)
    each = zip(*(flatten(s) for s in (structure, *others)), strict=True)
    return pack(structure, [function(*leaves) for leaves in each])


def check_same(one: Any, other: Any) -> None:
    """Complain unless both are nested alike."""
    if is_nested(one) != is_nested(other):
        raise ValueError(
            f"The two structures don't have the same nested structure: {one!r} and {other!r}"
        )
    if not is_nested(one):
        return
    _check_kind(one, other)
    for (_, a), (_, b) in zip(keyed(one), keyed(other), strict=True):
        check_same(a, b)


def _check_kind(one: Any, other: Any) -> None:
    both_mappings = isinstance(one, Mapping) and isinstance(other, Mapping)
    if type(one) is not type(other) and not both_mappings:
        raise TypeError(
            "The two structures don't have the same sequence type: "
            f"{type(one).__name__} and {type(other).__name__}"
        )
    if is_namedtuple(one) and one._fields != other._fields:
        raise TypeError(f"The two namedtuples have fields {one._fields} and {other._fields}")
    ours, theirs = ([key for key, _ in keyed(s)] for s in (one, other))
    if ours != theirs:
        raise ValueError(
            f"The two structures don't have the same keys or length: {ours} and {theirs}"
        )


def flatten_up_to(shallow: Any, deep: Any) -> list[Any]:
    """The parts of `deep` that stand where `shallow` has its leaves."""
    if not is_nested(shallow):
        return [deep]
    if not is_nested(deep):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. "
            f"Input has type: {type(deep)}."
        )
    _check_kind(shallow, deep)
    pairs = zip(keyed(shallow), keyed(deep), strict=True)
    return [leaf for (_, s), (_, d) in pairs for leaf in flatten_up_to(s, d)]


def mapped_up_to(shallow: Any, function: Callable[..., Any], *structures: Any) -> Any:
    """The results of `function` for the parts that stand where `shallow` has its leaves."""
    each = zip(*(flatten_up_to(shallow, s) for s in structures), strict=True)
    return pack(shallow, [function(*parts) for parts in each])
