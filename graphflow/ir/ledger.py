"""What a graph shares with the bodies inside it: names, the count of ops, the seed, the collections."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graphflow.ir.node import Node


class Ledger:
    """The record that a graph and its bodies write together."""

    __slots__ = ("collections", "count", "finalized", "names", "nodes_by_name", "seed")

    def __init__(self) -> None:
        self.names: dict[str, int] = {}
        self.nodes_by_name: dict[str, Node] = {}
        #: ops made so far as TensorFlow counts them; it seeds random ops, so bodies count on
        self.count = 0
        self.seed: int | None = None
        self.collections: dict[Any, list[Any]] = {}
        self.finalized = False


class Collections:
    """The part of a graph that keeps lists of things under names."""

    ledger: Ledger

    def _check_open(self) -> None:
        if self.ledger.finalized:
            raise RuntimeError("Graph is finalized and cannot be modified.")

    @property
    def collections(self) -> list[Any]:
        return list(self.ledger.collections)

    _check_not_finalized = _check_open

    def add_to_collection(self, name: Any, value: Any) -> None:
        self._check_open()
        self.ledger.collections.setdefault(name, []).append(value)

    def add_to_collections(self, names: Any, value: Any) -> None:
        for name in (names,) if isinstance(names, str) else dict.fromkeys(names):
            self.add_to_collection(name, value)

    def get_collection(self, name: Any, scope: str | None = None) -> list[Any]:
        """A copy of the collection; `scope` keeps the items whose name matches it as a regular expression."""
        items = list(self.ledger.collections.get(name, ()))
        if scope is None:
            return items
        pattern = re.compile(scope)
        return [i for i in items if hasattr(i, "name") and pattern.match(i.name)]

    def get_collection_ref(self, name: Any) -> list[Any]:
        return self.ledger.collections.setdefault(name, [])

    def get_all_collection_keys(self) -> list[Any]:
        return [k for k in self.ledger.collections if isinstance(k, str)]

    def clear_collection(self, name: Any) -> None:
        self._check_open()
        self.ledger.collections.pop(name, None)
