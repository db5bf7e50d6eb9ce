"""The table ops of files from before handles were resources: they count as references to strings."""

from __future__ import annotations

from typing import Any

from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.session_resources import wrapped
from graphflow.ops.tables import (
    HashTableV2,
    InitializeTableFromTextFileV2,
    InitializeTableV2,
    LookupTableExportV2,
    LookupTableFindV2,
    LookupTableImportV2,
    LookupTableInsertV2,
    LookupTableSizeV2,
    MutableHashTableOfTensorsV2,
    MutableHashTableV2,
    TableMaker,
)


class _OldMaker(TableMaker, abstract=True):
    """A table whose handle counts as a reference to a string."""

    signature = "-> table_handle:&string"

    def infer(self, *inputs: Tensor) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(super().execute(run, node, *inputs))


class HashTable(_OldMaker, HashTableV2):
    """HashTableV2 with a handle of old."""


class MutableHashTable(_OldMaker, MutableHashTableV2):
    """MutableHashTableV2 with a handle of old."""


class MutableHashTableOfTensors(_OldMaker, MutableHashTableOfTensorsV2):
    """MutableHashTableOfTensorsV2 with a handle of old."""


class LookupTableFind(LookupTableFindV2):
    """LookupTableFindV2 with a handle of old."""

    signature = "table_handle:&string, keys:Tin, default_value:Tout -> values:Tout"
    stateful = False


class LookupTableInsert(LookupTableInsertV2):
    """LookupTableInsertV2 with a handle of old."""

    signature = "table_handle:&string, keys:Tin, values:Tout ->"
    stateful = False


class LookupTableImport(LookupTableImportV2):
    """LookupTableImportV2 with a handle of old."""

    signature = "table_handle:&string, keys:Tin, values:Tout ->"
    stateful = False


class LookupTableExport(LookupTableExportV2):
    """LookupTableExportV2 with a handle of old."""

    signature = "table_handle:&string -> keys:Tkeys, values:Tvalues"
    stateful = False


class LookupTableSize(LookupTableSizeV2):
    """LookupTableSizeV2 with a handle of old."""

    signature = "table_handle:&string -> size:int64"
    stateful = False


class InitializeTable(InitializeTableV2):
    """InitializeTableV2 with a handle of old."""

    signature = "table_handle:&string, keys:Tkey, values:Tval ->"
    stateful = False


class InitializeTableFromTextFile(InitializeTableFromTextFileV2):
    """InitializeTableFromTextFileV2 with a handle of old."""

    signature = "table_handle:&string, filename:string ->"
    stateful = False
