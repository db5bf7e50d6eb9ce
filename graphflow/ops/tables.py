"""Lookup tables: what makes them, fills them and looks into them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import FailedPreconditionError
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN, TensorShape
from graphflow.ops.session_resources import behind, session_resource
from graphflow.ops.table_files import read_table
from graphflow.ops.table_values import DenseTable, InitializedTable, Table


class TableMaker(Op, abstract=True):
    """A table, by its shared name or the name of the node."""

    signature = "-> table_handle:resource"
    stateful = True
    differentiable = False

    def infer(self, *inputs: Tensor) -> Any:
        return SCALAR

    def made(self, name: str, *inputs: Any) -> Table:
        """A new table of this kind."""
        raise NotImplementedError

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return session_resource(run, node, "table", lambda name: self.made(name, *inputs))


class HashTableV2(TableMaker, kw_only=True):
    """A table that is filled once."""

    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType

    def made(self, name: str, *inputs: Any) -> Table:
        return InitializedTable(name, self.key_dtype, self.value_dtype)


class MutableHashTableV2(TableMaker, kw_only=True):
    """A table that starts empty."""

    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType

    def made(self, name: str, *inputs: Any) -> Table:
        return Table(name, self.key_dtype, self.value_dtype)


class MutableHashTableOfTensorsV2(TableMaker, kw_only=True):
    """A table that starts empty, whose values are tensors of one shape."""

    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    key_dtype: DType
    value_dtype: DType
    value_shape: TensorShape = SCALAR

    def made(self, name: str, *inputs: Any) -> Table:
        shape = self.value_shape.as_tuple()
        return Table(name, self.key_dtype, self.value_dtype, (), shape)


class MutableDenseHashTableV2(TableMaker, kw_only=True):
    """A table that starts empty, in which two keys have a meaning of their own."""

    signature = "empty_key:key_dtype, deleted_key:key_dtype -> table_handle:resource"
    container: str = ""
    shared_name: str = ""
    use_node_name_sharing: bool = False
    value_dtype: DType
    value_shape: TensorShape = SCALAR
    initial_num_buckets: int = 131072
    max_load_factor: float = 0.8

    def made(self, name: str, *inputs: Any) -> Table:
        empty, deleted = inputs
        return DenseTable(
            name,
            as_dtype(empty.dtype),
            self.value_dtype,
            empty.shape,
            self.value_shape.as_tuple(),
            empty_key=empty,
            deleted_key=deleted,
        )


def _entry_shapes(handle: Tensor) -> tuple[TensorShape, TensorShape] | None:
    """The shapes of one key and of one value, where the graph shows which op made the table."""
    op = handle.node.op
    if not isinstance(op, TableMaker):
        return None
    key = handle.node.inputs[0].shape if handle.node.inputs else SCALAR
    return key, op.__dict__.get("value_shape", SCALAR)


class _OnTable(Op, abstract=True):
    """An op on the table behind a handle."""

    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return self.act(behind(inputs[0], Table), *inputs[1:])

    def act(self, table: Table, *inputs: Any) -> Any:
        raise NotImplementedError


class LookupTableFindV2(_OnTable):
    """The value of each key, the default where there is none."""

    signature = "table_handle:resource, keys:Tin, default_value:Tout -> values:Tout"

    def infer(self, handle: Tensor, keys: Tensor, default: Tensor) -> Any:
        entry = _entry_shapes(handle)
        if entry is None:
            return UNKNOWN
        key, value = entry
        default.shape.merge_with(value)
        if key.rank is None or keys.shape.rank is None:
            return UNKNOWN
        return keys.shape[: keys.shape.rank - key.rank].concatenate(value)

    def act(self, table: Table, *inputs: Any) -> Any:
        return table.find(*inputs)


def _check_pairs(handle: Tensor, keys: Tensor, values: Tensor) -> None:
    """Each key has a value, as far as shapes are known."""
    entry = _entry_shapes(handle)
    if entry == (SCALAR, SCALAR):
        keys.shape.merge_with(values.shape)


class LookupTableInsertV2(_OnTable):
    """Each key has its value afterwards."""

    signature = "table_handle:resource, keys:Tin, values:Tout ->"

    def infer(self, handle: Tensor, keys: Tensor, values: Tensor) -> Any:
        _check_pairs(handle, keys, values)
        return ()

    def act(self, table: Table, *inputs: Any) -> Any:
        if isinstance(table, InitializedTable):
            raise FailedPreconditionError(message="this table is filled once, by its initializer")
        table.insert(*inputs)
        return ()


class LookupTableImportV2(_OnTable):
    """These keys, and no others, have values afterwards."""

    signature = "table_handle:resource, keys:Tin, values:Tout ->"

    def infer(self, handle: Tensor, keys: Tensor, values: Tensor) -> Any:
        _check_pairs(handle, keys, values)
        return ()

    def act(self, table: Table, *inputs: Any) -> Any:
        table.replace(*inputs)
        return ()


class InitializeTableV2(_OnTable):
    """The table is filled with these keys and values."""

    signature = "table_handle:resource, keys:Tkey, values:Tval ->"

    def infer(self, handle: Tensor, keys: Tensor, values: Tensor) -> Any:
        keys.shape.with_rank(1).merge_with(values.shape)
        return ()

    def act(self, table: Table, *inputs: Any) -> Any:
        table.replace(*inputs)
        return ()


class InitializeTableFromTextFileV2(_OnTable):
    """The table is filled with what the lines of a file hold."""

    signature = "table_handle:resource, filename:string ->"
    key_index: int
    value_index: int
    vocab_size: int = -1
    delimiter: str = "\t"

    def infer(self, handle: Tensor, filename: Tensor) -> Any:
        if min(self.key_index, self.value_index) < -2:
            raise ValueError(
                "key_index and value_index are columns, -1 for the number of a line, -2 for all of it"
            )
        filename.shape.with_rank(0)
        return ()

    def act(self, table: Table, *inputs: Any) -> Any:
        if isinstance(table, InitializedTable) and table.filled:
            return ()
        columns = ((self.key_index, table.key_dtype), (self.value_index, table.value_dtype))
        table.replace(*read_table(inputs[0].item(), columns, self.vocab_size, self.delimiter))
        return ()


class LookupTableRemoveV2(_OnTable):
    """The keys have no values afterwards."""

    signature = "table_handle:resource, keys:Tin ->"

    def act(self, table: Table, *inputs: Any) -> Any:
        table.remove(*inputs)
        return ()


class LookupTableSizeV2(_OnTable):
    """The number of keys that have a value."""

    signature = "table_handle:resource -> size:int64"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, table: Table, *inputs: Any) -> Any:
        return np.array(len(table), np.int64)


class LookupTableExportV2(_OnTable):
    """All keys and their values."""

    signature = "table_handle:resource -> keys:Tkeys, values:Tvalues"
    Tkeys: DType
    Tvalues: DType

    def infer(self, handle: Tensor) -> Any:
        entry, rows = _entry_shapes(handle), TensorShape([None])
        if entry is None:
            return UNKNOWN, UNKNOWN
        return tuple(rows.concatenate(shape) for shape in entry)

    def act(self, table: Table, *inputs: Any) -> Any:
        return table.export()
