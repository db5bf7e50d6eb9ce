"""Nested structures walked down to where a shallower one ends, and the paths that lead to leaves."""

from __future__ import annotations

import collections.abc as abc
from collections.abc import Callable, Iterator
from typing import Any

from graphflow.frontend.nest import (
    is_namedtuple,
    keyed,
    options,
    rebuilt,
    same_namedtuples,
    walked,
)

_NAMES = [
    *("assert_shallow_structure", "flatten_up_to", "flatten_with_joined_string_paths"),
    *("flatten_with_tuple_paths", "flatten_with_tuple_paths_up_to"),
    *("get_traverse_shallow_structure", "map_structure_up_to", "map_structure_with_paths"),
    *("map_structure_with_tuple_paths", "map_structure_with_tuple_paths_up_to"),
    "yield_flat_paths",
]
NAMESPACES = {"contrib.framework.nest": _NAMES, "python.util.nest": _NAMES}
__all__: list[str] = []

Path = tuple[Any, ...]


def assert_shallow_structure(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> None:
    """TypeError or ValueError unless `input_tree` has the containers of `shallow_tree`, or deeper ones."""
    if not walked(shallow_tree, expand_composites):
        return
    if not walked(input_tree, expand_composites):
        raise TypeError(
            "If shallow structure is a sequence, input must also be a sequence. "
            f"Input has type: {type(input_tree)}."
        )
    if check_types and not _like(shallow_tree, input_tree):
        raise TypeError(
            "The two structures don't have the same sequence type. Input structure has type "
            f"{type(input_tree)}, while shallow structure has type {type(shallow_tree)}."
        )
    if check_subtrees_length and len(input_tree) != len(shallow_tree):
        raise ValueError(
            "The two structures don't have the same sequence length. Input structure has length "
            f"{len(input_tree)}, while shallow structure has length {len(shallow_tree)}."
        )
    if len(input_tree) < len(shallow_tree):
        raise ValueError(
            f"The input_tree has fewer items ({len(input_tree)}) than the shallow_tree ({len(shallow_tree)})."
        )
    parts = dict(keyed(input_tree))
    if isinstance(shallow_tree, abc.Mapping):
        missing = [k for k in shallow_tree if k not in parts]
        if missing:
            raise ValueError(
                "The shallow_tree's keys are not a subset of the input_tree's keys. The shallow_tree "
                f"has the following keys that are not in the input_tree: {missing}."
            )
    for (_, shallow), part in zip(
        keyed(shallow_tree), _parts(shallow_tree, input_tree), strict=True
    ):
        assert_shallow_structure(
            shallow, part, check_types, expand_composites, check_subtrees_length
        )


def _like(shallow: Any, deep: Any) -> bool:
    if isinstance(shallow, abc.Mapping) and isinstance(deep, abc.Mapping):
        return True
    if is_namedtuple(shallow) and is_namedtuple(deep):
        return same_namedtuples(shallow, deep)
    return isinstance(deep, type(shallow))


def _parts(shallow: Any, deep: Any) -> list[Any]:
    """The parts of `deep` that correspond to those of `shallow`."""
    if isinstance(shallow, abc.Mapping):
        return [deep[k] for k, _ in keyed(shallow)]
    return [p for (_, p), _ in zip(keyed(deep), keyed(shallow), strict=False)]


def _walk_up_to(
    shallow: Any, deep: Any, expand: bool, path: Path = ()
) -> Iterator[tuple[Path, Any]]:
    if not walked(shallow, expand):
        yield path, deep
        return
    for (key, part), below in zip(keyed(shallow), _parts(shallow, deep), strict=True):
        yield from _walk_up_to(part, below, expand, (*path, key))


def flatten_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[Any]:
    """What `input_tree` holds where `shallow_tree` has its leaves."""
    found = flatten_with_tuple_paths_up_to(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return [value for _, value in found]


def flatten_with_tuple_paths_up_to(
    shallow_tree: Any,
    input_tree: Any,
    check_types: bool = True,
    expand_composites: bool = False,
    check_subtrees_length: bool = True,
) -> list[tuple[Path, Any]]:
    assert_shallow_structure(
        shallow_tree, input_tree, check_types, expand_composites, check_subtrees_length
    )
    return list(_walk_up_to(shallow_tree, input_tree, expand_composites))


def _packed_like(structure: Any, leaves: Iterator[Any], expand: bool) -> Any:
    if not walked(structure, expand):
        return next(leaves)
    return rebuilt(structure, [_packed_like(part, leaves, expand) for _, part in keyed(structure)])


def map_structure_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """`func` of what the inputs hold at each leaf of `shallow_tree`."""
    return map_structure_with_tuple_paths_up_to(
        shallow_tree, lambda _, *values: func(*values), *inputs, **kwargs
    )


def map_structure_with_tuple_paths_up_to(
    shallow_tree: Any, func: Callable[..., Any], *inputs: Any, **kwargs: Any
) -> Any:
    """`func` of the path to each leaf of `shallow_tree` and of what the inputs hold there."""
    if not inputs:
        raise ValueError("Cannot map over no sequences")
    check_types, expand = options(kwargs)
    walks = []
    for tree in inputs:
        assert_shallow_structure(shallow_tree, tree, check_types, expand)
        walks.append([value for _, value in _walk_up_to(shallow_tree, tree, expand)])
    paths = [path for path, _ in _walk_up_to(shallow_tree, shallow_tree, expand)]
    results = [func(path, *values) for path, *values in zip(paths, *walks, strict=True)]
    return _packed_like(shallow_tree, iter(results), expand)


def map_structure_with_tuple_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """`func` of the path to each leaf and of the leaves there."""
    return map_structure_with_tuple_paths_up_to(structure[0], func, *structure, **kwargs)


def map_structure_with_paths(func: Callable[..., Any], *structure: Any, **kwargs: Any) -> Any:
    """As map_structure_with_tuple_paths; the path is a text with slashes."""
    return map_structure_with_tuple_paths(
        lambda path, *values: func("/".join(map(str, path)), *values), *structure, **kwargs
    )


def yield_flat_paths(nest: Any, expand_composites: bool = False) -> Iterator[Path]:
    """The path to each leaf."""
    for path, _ in _walk_up_to(nest, nest, expand_composites):
        yield path


def flatten_with_tuple_paths(
    structure: Any, expand_composites: bool = False
) -> list[tuple[Path, Any]]:
    return list(_walk_up_to(structure, structure, expand_composites))


def flatten_with_joined_string_paths(
    structure: Any, separator: str = "/", expand_composites: bool = False
) -> list[tuple[str, Any]]:
    found = _walk_up_to(structure, structure, expand_composites)
    return [(separator.join(map(str, path)), value) for path, value in found]


def get_traverse_shallow_structure(
    traverse_fn: Callable[[Any], Any], structure: Any, expand_composites: bool = False
) -> Any:
    """The containers that `traverse_fn` says to go into, with a bool at each place where it stops."""
    decided = traverse_fn(structure)
    if not walked(structure, expand_composites):
        if not isinstance(decided, bool):
            raise TypeError(f"traverse_fn returned structure: {decided} for a leaf: {structure}")
        return decided
    if isinstance(decided, bool):
        if not decided:
            return False
        parts = [p for _, p in keyed(structure)]
        return rebuilt(
            structure,
            [get_traverse_shallow_structure(traverse_fn, p, expand_composites) for p in parts],
        )
    assert_shallow_structure(decided, structure, expand_composites=expand_composites)
    results = []
    for (_, go), part in zip(keyed(decided), _parts(decided, structure), strict=True):
        if not isinstance(go, bool):
            raise TypeError(f"traverse_fn didn't return a depth=1 structure of bools: {decided}")
        results.append(
            get_traverse_shallow_structure(traverse_fn, part, expand_composites) if go else False
        )
    return rebuilt(decided, results)
