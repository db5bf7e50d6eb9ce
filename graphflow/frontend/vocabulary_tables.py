"""Tables that give numbers to words they have never seen: what is not in the table goes into buckets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from graphflow.frontend.lookup_tables import HashTable, LookupInterface, in_place_of, values_of
from graphflow.frontend.strings import (
    string_to_hash_bucket,
    string_to_hash_bucket_fast,
    string_to_hash_bucket_strong,
)
from graphflow.frontend.table_initializers import TableInitializerBase
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64, string
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import no_op

__all__: list[str] = []


class HasherSpec(NamedTuple):
    """How words are put into buckets: the name of a hash function, and its key."""

    hasher: str
    key: Any


FastHashSpec = HasherSpec("fasthash", None)


class StrongHashSpec(HasherSpec):
    """A hash function with a secret key of two numbers."""

    __slots__ = ()

    def __new__(cls, key: Any) -> StrongHashSpec:
        if len(key) != 2:
            raise ValueError(f"key must have size 2, got {len(key)}.")
        if not all(isinstance(k, int) for k in key):
            raise TypeError(f"Invalid key {key}. Must be unsigned integer values.")
        return super().__new__(cls, "stronghash", key)


def _hash_function(spec: HasherSpec) -> Callable[..., Tensor]:
    if spec.hasher == "fasthash":
        return string_to_hash_bucket_fast
    if spec.hasher == "legacy":
        return string_to_hash_bucket
    if spec.hasher == "stronghash":
        return lambda words, num_buckets, name: string_to_hash_bucket_strong(
            words, num_buckets, spec.key, name=name
        )
    raise ValueError(f"Unknown hasher {spec.hasher}")


class _Buckets(LookupInterface):
    """A table of numbers, or none, and buckets after them."""

    _table: Any
    _spec: HasherSpec
    _count: int
    _table_name: str | None

    def _set_up(
        self,
        table: Any,
        count: int,
        spec: HasherSpec,
        name: str | None,
        key_dtype: DType,
    ) -> None:
        if not key_dtype.is_integer and key_dtype is not string:
            raise TypeError(f"Invalid key_dtype, expected integer or string, got {key_dtype}.")
        if not isinstance(spec, HasherSpec):
            raise TypeError(f"hasher_spec must be of type HasherSpec, got {spec}")
        self._table, self._count, self._spec = table, count, spec
        self._table_name = name.rpartition("/")[2] if name else None
        super().__init__(key_dtype, int64)

    @property
    def name(self) -> str | None:
        return self._table_name

    @property
    def resource_handle(self) -> Any:
        return None if self._table is None else self._table.resource_handle

    @property
    def initializer(self) -> Node:
        """The op that fills the table."""
        if self._table is not None:
            node: Node = self._table.initializer
            return node
        with build.name_scope(None, "init"):
            return no_op()

    def size(self, name: str | None = None) -> Tensor:
        with build.name_scope(name, f"{self.name}_Size"):
            known = convert(0, dtype=int64) if self._table is None else self._table.size()
            total: Tensor = known + self._count
            return total

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The number of each key, that of a bucket where the table has none."""
        self._check_keys(keys)
        words = values_of(keys)
        if self._table is not None and self._table.key_dtype.base_dtype is int64:
            words = idioms.cast(words, int64)
        if self._count == 0:
            return in_place_of(keys, self._table.lookup(words, name=name))
        with build.name_scope(name, f"{self.name}_Lookup"):
            texts = words if words.dtype.base_dtype is string else raw.AsString(words)
            numbers = _hash_function(self._spec)(texts, self._count, name="hash_bucket")
            if self._table is not None:
                found = self._table.lookup(words)
                after = raw.Add(numbers, self._table.size())
                known = raw.NotEqual(found, self._table.default_value)
                numbers = raw.SelectV2(known, found, after)
        return in_place_of(keys, numbers)


def _check_types(key_dtype: DType, value_dtype: DType, wanted: DType) -> None:
    """Keys and values that tables of numbers of words can have."""
    if key_dtype not in (int64, string):
        raise TypeError(
            f"Invalid key dtype, expected one of {(int64, string)}, but got {key_dtype}."
        )
    if key_dtype.is_integer != wanted.is_integer:
        kind = "integer" if wanted.is_integer else "non-integer"
        raise TypeError(f"Invalid key dtype, expected {kind} but got {key_dtype}.")
    if value_dtype is not int64:
        raise TypeError(f"Invalid value dtype, expected {int64} but got {value_dtype}.")


class IdTableWithHashBuckets(_Buckets):
    """A table of numbers, and buckets for what is not in it."""

    def __init__(
        self,
        table: Any,
        num_oov_buckets: int,
        hasher_spec: HasherSpec = FastHashSpec,
        name: str | None = None,
        key_dtype: Any = None,
    ) -> None:
        wanted = None if key_dtype is None else as_dtype(key_dtype)
        if table is not None:
            wanted = table.key_dtype if wanted is None else wanted
            _check_types(table.key_dtype, table.value_dtype, wanted)
        elif num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0 if no table is supplied.")
        own = "hash_bucket" if table is None else table.name
        self._set_up(
            table, num_oov_buckets, hasher_spec, (name or "").rstrip("/") or own, wanted or string
        )

    @property
    def init(self) -> Node:
        return self.initializer


class StaticVocabularyTable(_Buckets):
    """A table that an initializer fills with numbers, and buckets for what is not in it."""

    def __init__(
        self,
        initializer: TableInitializerBase | None,
        num_oov_buckets: int,
        lookup_key_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        if num_oov_buckets <= 0:
            raise ValueError("oov_buckets must be > 0.")
        wanted, table = string, None
        if initializer is not None:
            wanted = initializer.key_dtype
            if lookup_key_dtype is not None:
                wanted = as_dtype(lookup_key_dtype)
            _check_types(initializer.key_dtype, initializer.value_dtype, wanted)
            table = HashTable(initializer, default_value=-1)
        own = "hash_bucket" if table is None else table.name
        self._set_up(table, num_oov_buckets, FastHashSpec, (name or "").rstrip("/") or own, wanted)


NAMESPACES = {
    "contrib.lookup": ["FastHashSpec", "HasherSpec", "IdTableWithHashBuckets", "StrongHashSpec"],
    "lookup": ["StaticVocabularyTable"],
}
