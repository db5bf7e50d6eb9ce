"""Tables that are filled once: tf.lookup.StaticHashTable and the table of old, tf.contrib.lookup.HashTable."""

from __future__ import annotations

import uuid
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.table_initializers import TableInitializerBase
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse

__all__: list[str] = []


class LookupInterface:
    """A table of values by keys."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        return self._value_dtype

    @property
    def name(self) -> str | None:
        raise NotImplementedError

    @property
    def resource_handle(self) -> Any:
        raise NotImplementedError

    def size(self, name: str | None = None) -> Tensor:
        raise NotImplementedError

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        raise NotImplementedError

    def _check_keys(self, keys: Any) -> None:
        if keys.dtype.base_dtype != self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {keys.dtype}."
            )


def values_of(keys: Any) -> Any:
    """The keys themselves, without the places they have in a sparse tensor."""
    return keys.values if is_sparse(keys) else keys


def in_place_of(keys: Any, values: Tensor) -> Any:
    """The values in the places of their keys."""
    return SparseTensor(keys.indices, values, keys.dense_shape) if is_sparse(keys) else values


class InitializableLookupTableBase(LookupInterface):
    """A table that an initializer fills."""

    def __init__(self, default_value: Any, initializer: TableInitializerBase) -> None:
        super().__init__(initializer.key_dtype, initializer.value_dtype)
        self._default_value = convert(default_value, dtype=self._value_dtype)
        self._default_value.shape.merge_with([])
        self._initializer = initializer
        with init_scope():
            self._resource_handle = self._create_resource()
            self._init_op = initializer.initialize(self)

    def _create_resource(self) -> Tensor:
        raise NotImplementedError

    @property
    def default_value(self) -> Tensor:
        return self._default_value

    @property
    def resource_handle(self) -> Tensor:
        return self._resource_handle

    @property
    def initializer(self) -> Node:
        """The op that fills the table."""
        return self._init_op

    def size(self, name: str | None = None) -> Tensor:
        with build.name_scope(name, f"{self.name}_Size", [self._resource_handle]):
            tensor: Tensor = raw.LookupTableSizeV2(self._resource_handle)
            return tensor

    def lookup(self, keys: Any, name: str | None = None) -> Any:
        """The value of each key, the default where there is none."""
        self._check_keys(keys)
        wanted = values_of(keys)
        given = [self._resource_handle, wanted, self._default_value]
        with build.name_scope(name, f"{self.name}_Lookup", given):
            values = raw.LookupTableFindV2(self._resource_handle, wanted, self._default_value)
        values.set_shape(wanted.shape)
        return in_place_of(keys, values)


class StaticHashTable(InitializableLookupTableBase):
    """A table that is filled once; tables that a file fills alike are one."""

    def __init__(
        self, initializer: TableInitializerBase, default_value: Any, name: str | None = None
    ) -> None:
        self._shared_name = initializer._shared_name or f"hash_table_{uuid.uuid4()}"
        self._given_name = name or "hash_table"
        super().__init__(default_value, initializer)

    def _create_resource(self) -> Tensor:
        handle: Tensor = raw.HashTableV2(
            shared_name=self._shared_name or "",
            key_dtype=self._key_dtype,
            value_dtype=self._value_dtype,
            name=self._given_name,
        )
        self._table_name = handle.node.name.rpartition("/")[2]
        return handle

    @property
    def name(self) -> str:
        return self._table_name

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        with build.name_scope(name, f"{self.name}_Export", [self._resource_handle]):
            keys, values = raw.LookupTableExportV2(
                self._resource_handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
        values.set_shape(keys.shape)
        return keys, values


class HashTable(StaticHashTable):
    """StaticHashTable as it was called before; what it shares it says itself."""

    def __init__(
        self,
        initializer: TableInitializerBase,
        default_value: Any,
        shared_name: str | None = None,
        name: str | None = None,
    ) -> None:
        self._shared_name = shared_name or ""
        self._given_name = name or "hash_table"
        InitializableLookupTableBase.__init__(self, default_value, initializer)

    @property
    def init(self) -> Node:
        return self._init_op

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        handle = self._resource_handle
        with build.name_scope(name, f"{self._given_name}_Export", [handle]) as scope:
            keys, values = raw.LookupTableExportV2(
                handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype, name=scope
            )
        values.set_shape(keys.shape)
        return keys, values


NAMESPACES = {
    "contrib.lookup": ["HashTable", "InitializableLookupTableBase", "LookupInterface"],
    "lookup": ["StaticHashTable"],
}
