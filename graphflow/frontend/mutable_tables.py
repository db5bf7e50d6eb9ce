"""Tables that graphs fill while they run; savers save them."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.lookup_tables import LookupInterface
from graphflow.frontend.train.saveables import SaveableObject, SaveSpec
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype
from graphflow.ir.node import Node, Tensor

__all__: list[str] = []


class _Table(LookupInterface):
    """A table behind a handle that ops of the graph change."""

    _resource_handle: Tensor
    _default_value: Tensor

    def _made(self, handle: Tensor, name: str, checkpoint: bool) -> None:
        self._resource_handle = handle
        self._table_name = handle.node.name.rpartition("/")[2]
        if checkpoint:
            saveable = _TableSaveable(self, name)
            current_graph().add_to_collection(GraphKeys.SAVEABLE_OBJECTS, saveable)

    @property
    def name(self) -> str:
        return self._table_name

    @property
    def resource_handle(self) -> Tensor:
        return self._resource_handle

    @property
    def graph(self) -> Any:
        return self._resource_handle.graph

    def size(self, name: str | None = None) -> Tensor:
        handle = self._resource_handle
        with (
            build.name_scope(name, f"{self.name}_Size", [handle]),
            current_graph().colocate_with(handle),
        ):
            tensor: Tensor = raw.LookupTableSizeV2(handle)
            return tensor

    def lookup(self, keys: Any, name: str | None = None) -> Tensor:
        """The value of each key, the default where there is none."""
        handle = self._resource_handle
        with build.name_scope(name, f"{self.name}_lookup_table_find", [handle, keys]):
            keys = convert(keys, dtype=self._key_dtype, name="keys")
            with current_graph().colocate_with(handle):
                tensor: Tensor = raw.LookupTableFindV2(handle, keys, self._default_value)
                return tensor

    def insert(self, keys: Any, values: Any, name: str | None = None) -> Node:
        """An op after which each key has its value."""
        handle = self._resource_handle
        with build.name_scope(name, f"{self.name}_lookup_table_insert", [handle, keys, values]):
            keys = convert(keys, dtype=self._key_dtype, name="keys")
            values = convert(values, dtype=self._value_dtype, name="values")
            with current_graph().colocate_with(handle):
                node: Node = raw.LookupTableInsertV2(handle, keys, values)
                return node

    def remove(self, keys: Any, name: str | None = None) -> Node:
        """An op after which the keys have no values."""
        if keys.dtype != self._key_dtype:
            raise TypeError(
                f"Signature mismatch. Keys must be dtype {self._key_dtype}, got {keys.dtype}."
            )
        handle = self._resource_handle
        with build.name_scope(name, f"{self.name}_lookup_table_remove", [handle, keys]):
            node: Node = raw.LookupTableRemoveV2(handle, keys)
            return node

    def export(self, name: str | None = None) -> tuple[Tensor, Tensor]:
        """All keys and their values."""
        handle = self._resource_handle
        with (
            build.name_scope(name, f"{self.name}_lookup_table_export_values", [handle]),
            current_graph().colocate_with(handle),
        ):
            keys, values = raw.LookupTableExportV2(
                handle, Tkeys=self._key_dtype, Tvalues=self._value_dtype
            )
            return keys, values


class _TableSaveable(SaveableObject):
    """Keys and values of a table, as a saver saves them."""

    def __init__(self, table: _Table, name: str) -> None:
        keys, values = table.export()
        specs = [SaveSpec(keys, "", f"{name}-keys"), SaveSpec(values, "", f"{name}-values")]
        super().__init__(table, specs, name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        handle = self.op.resource_handle
        with (
            build.name_scope(None, f"{self.name}_table_restore"),
            current_graph().colocate_with(handle),
        ):
            return raw.LookupTableImportV2(handle, *restored_tensors)


class MutableHashTable(_Table):
    """A table that starts empty; its values may be tensors of one shape."""

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        shared_name: str | None = None,
        name: str = "MutableHashTable",
        checkpoint: bool = True,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert(default_value, dtype=self._value_dtype)
        shape = self._default_value.shape
        make = raw.MutableHashTableV2 if shape.rank == 0 else raw.MutableHashTableOfTensorsV2
        more = {} if shape.rank == 0 else {"value_shape": shape}
        handle = make(
            shared_name=shared_name or "",
            use_node_name_sharing=checkpoint and shared_name is None,
            key_dtype=self._key_dtype,
            value_dtype=self._value_dtype,
            name=name,
            **more,
        )
        self._made(handle, name, checkpoint)


class DenseHashTable(_Table):
    """A table that starts empty, in which two keys have a meaning of their own and cannot be used."""

    def __init__(
        self,
        key_dtype: Any,
        value_dtype: Any,
        default_value: Any,
        empty_key: Any,
        deleted_key: Any,
        initial_num_buckets: int | None = None,
        name: str = "MutableDenseHashTable",
        checkpoint: bool = True,
    ) -> None:
        super().__init__(key_dtype, value_dtype)
        self._default_value = convert(default_value, dtype=value_dtype, name="default_value")
        keys = as_dtype(key_dtype)
        empty = convert(empty_key, dtype=keys, name="empty_key")
        deleted = convert(deleted_key, dtype=keys, name="deleted_key")
        handle = raw.MutableDenseHashTableV2(
            empty,
            deleted,
            use_node_name_sharing=checkpoint,
            value_dtype=self._value_dtype,
            value_shape=self._default_value.shape,
            initial_num_buckets=131072 if initial_num_buckets is None else initial_num_buckets,
            name=name,
        )
        self._made(handle, name, checkpoint)

    def insert_or_assign(self, keys: Any, values: Any, name: str | None = None) -> Node:
        """An op after which each key has its value."""
        return self.insert(keys, values, name)

    def erase(self, keys: Any, name: str | None = None) -> Node:
        """An op after which the keys have no values."""
        return self.remove(keys, name)


class MutableDenseHashTable(DenseHashTable):
    """DenseHashTable as it was called before."""


NAMESPACES = {
    "contrib.lookup": ["MutableDenseHashTable", "MutableHashTable"],
    "lookup.experimental": ["DenseHashTable"],
}
