"""What lookup tables are filled with: tensors, or the lines of a file."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64, string
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group, no_op

__all__ = ["initialize_all_tables", "tables_initializer"]


def tables_initializer(name: str = "init_all_tables") -> Node:
    """An op that fills all tables."""
    found = current_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*found, name=name) if found else no_op(name)


def initialize_all_tables(name: str = "init_all_tables") -> Node:
    """The old name of tables_initializer."""
    return tables_initializer(name)


class TextFileIndex:
    """What a key or a value is, if not a column: the whole line, or its number."""

    WHOLE_LINE = -2
    LINE_NUMBER = -1


class TableInitializerBase:
    """Fills a table of these types."""

    def __init__(self, key_dtype: Any, value_dtype: Any) -> None:
        self._key_dtype, self._value_dtype = as_dtype(key_dtype), as_dtype(value_dtype)

    @property
    def key_dtype(self) -> DType:
        return self._key_dtype

    @property
    def value_dtype(self) -> DType:
        return self._value_dtype

    @property
    def _shared_name(self) -> str:
        """The name of tables that are filled alike and may be one."""
        return ""

    def initialize(self, table: Any) -> Node:
        """The op that fills the table."""
        raise NotImplementedError

    def _check(self, table: Any) -> None:
        if self._key_dtype.base_dtype != table.key_dtype:
            raise TypeError(
                f"Invalid key dtype, expected {table.key_dtype} but got {self._key_dtype}."
            )
        if self._value_dtype.base_dtype != table.value_dtype:
            raise TypeError(
                f"Invalid value dtype, expected {table.value_dtype} but got {self._value_dtype}."
            )

    def _noted(self, node: Node) -> Node:
        current_graph().add_to_collection(GraphKeys.TABLE_INITIALIZERS, node)
        return node


class KeyValueTensorInitializer(TableInitializerBase):
    """Fills a table with keys and values from two tensors."""

    def __init__(
        self,
        keys: Any,
        values: Any,
        key_dtype: Any = None,
        value_dtype: Any = None,
        name: str | None = None,
    ) -> None:
        with init_scope():
            self._keys = convert(keys, dtype=key_dtype, name="keys")
            self._values = convert(values, dtype=value_dtype, name="values")
        self._name = "key_value_init" if name is None else name
        super().__init__(self._keys.dtype, self._values.dtype)

    def initialize(self, table: Any) -> Node:
        self._check(table)
        with build.name_scope(self._name, None, [table.resource_handle, self._keys, self._values]):
            node = raw.LookupTableImportV2(table.resource_handle, self._keys, self._values)
        return self._noted(node)


class TextFileInitializer(TableInitializerBase):
    """Fills a table from the lines of a file: whole lines, their numbers, or columns of them."""

    def __init__(
        self,
        filename: Any,
        key_dtype: Any,
        key_index: int,
        value_dtype: Any,
        value_index: int,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str | None = None,
    ) -> None:
        if not isinstance(filename, Tensor) and not filename:
            raise ValueError(f"Filename required for {name}.")
        super().__init__(key_dtype, value_dtype)
        _check_column("key", "Keys", key_index, self.key_dtype)
        _check_column("value", "Values", value_index, self.value_dtype)
        if vocab_size is not None and vocab_size <= 0:
            raise ValueError(f"Invalid vocab_size {vocab_size}.")
        self._given, self._columns = filename, (key_index, value_index)
        self._size, self._delimiter, self._name = vocab_size, delimiter, name
        with init_scope():
            # the name of the file belongs to the graph, whatever scope the table is made in
            self._filename = convert(filename, dtype=string, name="asset_path")

    @property
    def _shared_name(self) -> str:
        size = f"_{self._size}" if self._size else ""
        key, value = self._columns
        return f"hash_table_{self._given}{size}_{key}_{value}"

    def initialize(self, table: Any) -> Node:
        self._check(table)
        with build.name_scope(self._name, "text_file_init", [table.resource_handle]):
            node = raw.InitializeTableFromTextFileV2(
                table.resource_handle,
                self._filename,
                key_index=self._columns[0],
                value_index=self._columns[1],
                vocab_size=-1 if self._size is None else self._size,
                delimiter=self._delimiter,
            )
        self._noted(node)
        if self._filename.node.type == "Const":
            current_graph().add_to_collection(GraphKeys.ASSET_FILEPATHS, self._filename)
        return node


def _check_column(what: str, plural: str, index: int, dtype: DType) -> None:
    """The type that a column, a line or its number can have."""
    if index < TextFileIndex.WHOLE_LINE:
        raise ValueError(f"Invalid {what} index {index}.")
    if index == TextFileIndex.LINE_NUMBER and dtype is not int64:
        raise ValueError(f"Signature mismatch. {plural} must be dtype {int64}, got {dtype}.")
    integers = what == "key" and dtype.is_integer
    if index == TextFileIndex.WHOLE_LINE and dtype is not string and not integers:
        raise ValueError(f"Signature mismatch. {plural} must be dtype {string}, got {dtype}.")


class TextFileStringTableInitializer(TextFileInitializer):
    """Fills a table with the lines of a file by their numbers."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.LINE_NUMBER,
        value_column_index: int = TextFileIndex.WHOLE_LINE,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_string_table_init",
    ) -> None:
        super().__init__(
            filename, int64, key_column_index, string, value_column_index, vocab_size, delimiter,
            name,
        )  # fmt: skip


class TextFileIdTableInitializer(TextFileInitializer):
    """Fills a table with the numbers of the lines of a file."""

    def __init__(
        self,
        filename: Any,
        key_column_index: int = TextFileIndex.WHOLE_LINE,
        value_column_index: int = TextFileIndex.LINE_NUMBER,
        vocab_size: int | None = None,
        delimiter: str = "\t",
        name: str = "text_file_id_table_init",
        key_dtype: Any = string,
    ) -> None:
        super().__init__(
            filename, key_dtype, key_column_index, int64, value_column_index, vocab_size,
            delimiter, name,
        )  # fmt: skip


NAMESPACES = {
    "contrib.lookup": [
        "KeyValueTensorInitializer",
        "TableInitializerBase",
        "TextFileIdTableInitializer",
        "TextFileIndex",
        "TextFileInitializer",
        "TextFileStringTableInitializer",
    ],
    "initializers": ["tables_initializer"],
    "lookup": ["KeyValueTensorInitializer", "TextFileIndex", "TextFileInitializer"],
}
