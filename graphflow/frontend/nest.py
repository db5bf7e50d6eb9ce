"""Nested structures: lists, tuples, namedtuples, dicts and attrs classes, flattened and put together again.

Dicts are walked in the order of their sorted keys; types of containers are kept. A composite, such as
IndexedSlices, is a leaf unless `expand_composites` asks for its tensors.
"""

from __future__ import annotations

import collections
import collections.abc as abc
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from graphflow.ir.indexed_slices import IndexedSlices

_WIDELY = ["assert_same_structure", "flatten", "is_nested", "map_structure", "pack_sequence_as"]
_MORE = [*_WIDELY, "flatten_dict_items", "is_sequence", "is_sequence_or_composite"]
NAMESPACES = {"nest": _WIDELY, "contrib.framework.nest": _MORE, "python.util.nest": _MORE}
__all__: list[str] = []


def is_sequence(seq: Any) -> bool:
    """Whether `seq` is a container that is walked: text, arrays, shapes and sets are not."""
    if isinstance(seq, list | tuple | dict):
        return True
    if isinstance(seq, str | bytes | bytearray):
        return False
    return isinstance(seq, abc.Mapping | abc.MappingView | abc.Sequence) or _is_attrs(seq)


is_nested = is_sequence


def is_sequence_or_composite(seq: Any) -> bool:
    return is_sequence(seq) or is_composite(seq)


def is_composite(value: Any) -> bool:
    """Whether `value` stands for several tensors."""
    return isinstance(value, IndexedSlices) or hasattr(value, "_fetch_components")


def is_namedtuple(value: Any) -> bool:
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _is_attrs(value: Any) -> bool:
    return hasattr(type(value), "__attrs_attrs__")


def _attrs_names(value: Any) -> list[str]:
    return [a.name for a in type(value).__attrs_attrs__]


def walked(value: Any, expand: bool) -> bool:
    """Whether this walk goes into `value`."""
    return is_sequence(value) or (expand and is_composite(value))


def keyed(value: Any) -> Iterator[tuple[Any, Any]]:
    """The parts of a container with the keys that lead to them, in the order of the walk."""
    if isinstance(value, abc.Mapping):
        try:
            keys = sorted(value)
        except TypeError:
            raise TypeError("nest only supports dicts with sortable keys.") from None
        yield from ((k, value[k]) for k in keys)
    elif _is_attrs(value):
        yield from ((n, getattr(value, n)) for n in _attrs_names(value))
    elif is_namedtuple(value):
        yield from zip(value._fields, value, strict=True)
    elif is_composite(value):
        yield from enumerate(components(value))
    else:
        yield from enumerate(value)


def components(value: Any) -> list[Any]:
    """The tensors of a composite."""
    if isinstance(value, IndexedSlices):
        parts = [value.values, value.indices, value.dense_shape]
        return [p for p in parts if p is not None]
    return list(value._fetch_components()[0])


def rebuilt(instance: Any, parts: Iterable[Any]) -> Any:
    """A container like `instance`, of other parts."""
    if isinstance(instance, abc.Mapping):
        by_key = dict(zip(sorted(instance), parts, strict=True))
        ordered = [(k, by_key[k]) for k in instance]
        if isinstance(instance, collections.defaultdict):
            return type(instance)(instance.default_factory, ordered)
        mapping: Any = type(instance)
        return mapping(ordered)
    if isinstance(instance, abc.MappingView):
        return list(parts)
    if is_namedtuple(instance) or _is_attrs(instance):
        return type(instance)(*parts)
    if is_composite(instance):
        return type(instance)(*parts)
    made: Any = type(instance)
    return list(parts) if isinstance(instance, range) else made(parts)


def flatten(structure: Any, expand_composites: bool = False) -> list[Any]:
    """The leaves, from left to right."""
    if not walked(structure, expand_composites):
        return [structure]
    found: list[Any] = []
    for _, part in keyed(structure):
        found.extend(flatten(part, expand_composites))
    return found


def pack_sequence_as(structure: Any, flat_sequence: Any, expand_composites: bool = False) -> Any:
    """The leaves `flat_sequence` in containers like those of `structure`."""
    if not is_sequence(flat_sequence):
        raise TypeError("flat_sequence must be a sequence")
    if not walked(structure, expand_composites):
        if len(flat_sequence) != 1:
            raise ValueError(
                f"Structure is a scalar but len(flat_sequence) == {len(flat_sequence)} > 1"
            )
        return flat_sequence[0]
    wanted = len(flatten(structure, expand_composites))
    if wanted != len(flat_sequence):
        raise ValueError(
            f"Could not pack sequence. Structure had {wanted} elements, but flat_sequence had "
            f"{len(flat_sequence)} elements.  Structure: {structure}, flat_sequence: {flat_sequence}."
        )
    return _packed(structure, iter(flat_sequence), expand_composites)


def _packed(structure: Any, leaves: Iterator[Any], expand: bool) -> Any:
    if not walked(structure, expand):
        return next(leaves)
    return rebuilt(structure, [_packed(part, leaves, expand) for _, part in keyed(structure)])


def options(given: dict[str, Any]) -> tuple[bool, bool]:
    """check_types and expand_composites out of keyword arguments that may hold nothing else."""
    given = dict(given)
    found = given.pop("check_types", True), given.pop("expand_composites", False)
    if given:
        raise ValueError(
            "Only valid keyword arguments are `check_types` and `expand_composites`, not: "
            f"`{'`, `'.join(given)}`"
        )
    return found


def map_structure(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """`func` of the corresponding leaves of all structures, in containers like those of the first."""
    if not callable(func):
        raise TypeError(f"func must be callable, got: {func}")
    if not structure:
        raise ValueError("Must provide at least one structure")
    check_types, expand = options(kwargs)
    for other in structure[1:]:
        assert_same_structure(structure[0], other, check_types, expand)
    leaves = [flatten(s, expand) for s in structure]
    return pack_sequence_as(
        structure[0], [func(*together) for together in zip(*leaves, strict=True)], expand
    )


def assert_same_structure(
    nest1: Any, nest2: Any, check_types: bool = True, expand_composites: bool = False
) -> None:
    """TypeError or ValueError unless both have the same containers, nested alike."""
    try:
        _compare(nest1, nest2, check_types, expand_composites)
    except (TypeError, ValueError) as error:
        dots = (_outline(nest1, expand_composites), _outline(nest2, expand_composites))
        raise type(error)(
            "The two structures don't have the same nested structure.\n\n"
            f"First structure: {_described(nest1)}\n\nSecond structure: {_described(nest2)}\n\n"
            f"More specifically: {error}\n"
            f"Entire first structure:\n{dots[0]}\nEntire second structure:\n{dots[1]}"
        ) from None


def _described(value: Any) -> str:
    return f"type={type(value).__name__} str={value}"


def _outline(structure: Any, expand: bool) -> str:
    """The containers alone, with a dot for each leaf."""

    class Dot:
        def __repr__(self) -> str:
            return "."

    count = len(flatten(structure, expand))
    return str(pack_sequence_as(structure, [Dot() for _ in range(count)], expand))


def _compare(first: Any, second: Any, check_types: bool, expand: bool) -> None:
    if not walked(first, expand) and not walked(second, expand):
        return
    if walked(first, expand) != walked(second, expand):
        deep, flat = (first, second) if walked(first, expand) else (second, first)
        raise ValueError(
            f'Substructure "{_described(deep)}" is a sequence, '
            f'while substructure "{_described(flat)}" is not'
        )
    if check_types:
        _compare_types(first, second)
    if (
        isinstance(first, abc.Mapping)
        and isinstance(second, abc.Mapping)
        and set(first) != set(second)
    ):
        raise ValueError(
            "The two dictionaries don't have the same set of keys. First structure has keys "
            f"{_described(list(first))}, while second structure has keys {_described(list(second))}"
        )
    ours, theirs = [p for _, p in keyed(first)], [p for _, p in keyed(second)]
    if len(ours) != len(theirs):
        raise ValueError(
            "The two structures don't have the same number of elements. First structure: "
            f"{_described(first)}. Second structure: {_described(second)}"
        )
    for a, b in zip(ours, theirs, strict=True):
        _compare(a, b, check_types, expand)


def _compare_types(first: Any, second: Any) -> None:
    if is_namedtuple(first) and is_namedtuple(second):
        if not same_namedtuples(first, second):
            raise TypeError(
                f"The two namedtuples don't have the same sequence type. First structure "
                f"{_described(first)} has type {type(first).__name__}, while second structure "
                f"{_described(second)} has type {type(second).__name__}"
            )
    elif type(first) is not type(second) and not (
        isinstance(first, abc.Mapping) and isinstance(second, abc.Mapping)
    ):
        raise TypeError(
            f"The two namedtuples don't have the same sequence type. First structure "
            f"{_described(first)} has type {type(first).__name__}, while second structure "
            f"{_described(second)} has type {type(second).__name__}"
        )


def same_namedtuples(first: Any, second: Any) -> bool:
    """Whether two namedtuples have one name and the same fields, though two classes."""
    same_name = type(first).__name__ == type(second).__name__
    return same_name and first._fields == second._fields


def flatten_dict_items(dictionary: Any) -> dict[Any, Any]:
    """A dict whose keys and values are structures, as a dict from leaf to leaf."""
    if not isinstance(dictionary, abc.Mapping):
        raise TypeError("input must be a dictionary")
    found: dict[Any, Any] = {}
    for key, value in dictionary.items():
        keys: Sequence[Any] = flatten(key) if is_sequence(key) else [key]
        values: Sequence[Any] = flatten(value) if is_sequence(key) else [value]
        if len(keys) != len(values):
            raise ValueError(
                f"Could not flatten dictionary. Key had {len(keys)} elements, but value had "
                f"{len(values)} elements. Key: {keys}, value: {values}."
            )
        for k, v in zip(keys, values, strict=True):
            if k in found:
                raise ValueError(f"Could not flatten dictionary: key {k} is not unique.")
            found[k] = v
    return found
