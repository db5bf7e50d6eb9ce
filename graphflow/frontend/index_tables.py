"""Vocabularies: tables from words to numbers and from numbers to words, from a file or from a list."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.lookup_tables import StaticHashTable
from graphflow.frontend.table_initializers import (
    KeyValueTensorInitializer,
    TextFileIdTableInitializer,
    TextFileIndex,
    TextFileStringTableInitializer,
)
from graphflow.frontend.vocabulary_tables import (
    FastHashSpec,
    HasherSpec,
    IdTableWithHashBuckets,
)
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64, string
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import sequence

__all__: list[str] = []


def _check_file(vocabulary_file: Any, vocab_size: int | None) -> None:
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        raise ValueError("vocabulary_file must be specified and must not be empty.")
    if vocab_size is not None and vocab_size < 1:
        raise ValueError(
            f"vocab_size must be greater than 0, got {vocab_size}. vocabulary_file: {vocabulary_file}"
        )


def _check_buckets(num_oov_buckets: int, key_dtype: DType) -> None:
    if num_oov_buckets < 0:
        raise ValueError(f"num_oov_buckets must be greater or equal than 0, got {num_oov_buckets}.")
    if not key_dtype.is_integer and key_dtype is not string:
        raise TypeError("Only integer and string keys are supported.")


def index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: Any = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    key_dtype: Any = string,
    name: str | None = None,
    key_column_index: int = TextFileIndex.WHOLE_LINE,
    value_column_index: int = TextFileIndex.LINE_NUMBER,
    delimiter: str = "\t",
) -> Any:
    """A table that gives each line of a file its number."""
    keys = as_dtype(key_dtype).base_dtype
    if vocabulary_file is None or (isinstance(vocabulary_file, str) and not vocabulary_file):
        _check_file(vocabulary_file, None)
    _check_buckets(num_oov_buckets, keys)
    _check_file(vocabulary_file, vocab_size)
    with build.name_scope(name, "string_to_index"):
        with build.name_scope(None, "hash_table"):
            lines = TextFileIdTableInitializer(
                vocabulary_file,
                vocab_size=vocab_size,
                key_dtype=int64 if keys.is_integer else keys,
                name="table_init",
                key_column_index=key_column_index,
                value_column_index=value_column_index,
                delimiter=delimiter,
            )
            table = StaticHashTable(lines, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, keys)


def _with_buckets(table: Any, count: int, spec: HasherSpec, key_dtype: DType) -> Any:
    if not count:
        return table
    return IdTableWithHashBuckets(
        table, num_oov_buckets=count, hasher_spec=spec, key_dtype=key_dtype
    )


def index_table_from_tensor(
    vocabulary_list: Any,
    num_oov_buckets: int = 0,
    default_value: Any = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = string,
    name: str | None = None,
) -> Any:
    """A table that gives each element of a vector its place."""
    wanted = as_dtype(dtype).base_dtype
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    _check_buckets(num_oov_buckets, wanted)
    with build.name_scope(name, "string_to_index"):
        keys = convert(vocabulary_list)
        found = keys.dtype.base_dtype
        if found.is_integer != wanted.is_integer:
            kind = "integer" if wanted.is_integer else "non-integer"
            raise ValueError(f"Expected {kind}, got {found}.")
        if not wanted.is_integer and found is not wanted:
            raise ValueError(f"Expected {wanted}, got {found}.")
        places = idioms.cast(sequence(idioms.size(keys)), int64)
        with build.name_scope(None, "hash_table"):
            keys = idioms.cast(keys, int64) if found.is_integer else keys
            pairs = KeyValueTensorInitializer(
                keys, places, keys.dtype.base_dtype, int64, name="table_init"
            )
            table = StaticHashTable(pairs, default_value)
        return _with_buckets(table, num_oov_buckets, hasher_spec, wanted)


def index_to_string_table_from_file(
    vocabulary_file: Any,
    vocab_size: int | None = None,
    default_value: Any = "UNK",
    name: str | None = None,
    key_column_index: int = TextFileIndex.LINE_NUMBER,
    value_column_index: int = TextFileIndex.WHOLE_LINE,
    delimiter: str = "\t",
) -> StaticHashTable:
    """A table that gives each number the line of a file."""
    _check_file(vocabulary_file, vocab_size)
    with build.name_scope(name, "index_to_string"):
        lines = TextFileStringTableInitializer(
            vocabulary_file,
            vocab_size=vocab_size,
            name="table_init",
            key_column_index=key_column_index,
            value_column_index=value_column_index,
            delimiter=delimiter,
        )
        return StaticHashTable(lines, default_value)


def index_to_string_table_from_tensor(
    vocabulary_list: Any, default_value: Any = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table that gives each number the element of a vector in that place."""
    if vocabulary_list is None:
        raise ValueError("vocabulary_list must be specified.")
    with build.name_scope(name, "index_to_string"):
        words = convert(vocabulary_list, dtype=string)
        places = idioms.cast(sequence(idioms.size(words)), int64)
        pairs = KeyValueTensorInitializer(places, words, int64, string, name="table_init")
        return StaticHashTable(pairs, default_value)


# ---- the same under the names and arguments of tf.contrib.lookup -----------------------------------


def contrib_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: Any = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    dtype: Any = string,
    name: str | None = None,
) -> Any:
    """A table that gives each element of a vector its place."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return index_table_from_tensor(
        mapping, num_oov_buckets, default_value, hasher_spec, dtype, name
    )


def contrib_index_to_string_table_from_tensor(
    mapping: Any, default_value: Any = "UNK", name: str | None = None
) -> StaticHashTable:
    """A table that gives each number the element of a vector in that place."""
    if mapping is None:
        raise ValueError("mapping must be specified.")
    return index_to_string_table_from_tensor(mapping, default_value, name)


def string_to_index_table_from_file(
    vocabulary_file: Any = None,
    num_oov_buckets: int = 0,
    vocab_size: int | None = None,
    default_value: Any = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> Any:
    """The old name of index_table_from_file."""
    return index_table_from_file(
        vocabulary_file, num_oov_buckets, vocab_size, default_value, hasher_spec, string, name
    )


def string_to_index_table_from_tensor(
    mapping: Any,
    num_oov_buckets: int = 0,
    default_value: Any = -1,
    hasher_spec: HasherSpec = FastHashSpec,
    name: str | None = None,
) -> Any:
    """The old name of index_table_from_tensor."""
    with build.name_scope(name, "string_to_index") as scope:
        words = convert(mapping)
        if words.dtype.base_dtype is not string:
            raise ValueError("string_to_index_table_from_tensor requires string.")
        return index_table_from_tensor(
            words, num_oov_buckets, default_value, hasher_spec, name=scope
        )


def string_to_index(
    tensor: Any, mapping: Any, default_value: Any = -1, name: str | None = None
) -> Tensor:
    """The places of words in a vector."""
    table = index_table_from_tensor(mapping, default_value=default_value, name=name)
    found: Tensor = table.lookup(tensor)
    return found


def index_to_string(
    tensor: Any, mapping: Any, default_value: Any = "UNK", name: str | None = None
) -> Tensor:
    """The elements of a vector in these places."""
    found: Tensor = index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)
    return found


NAMESPACES = {
    "contrib.lookup": {
        "index_table_from_file": "index_table_from_file",
        "index_table_from_tensor": "contrib_index_table_from_tensor",
        "index_to_string": "index_to_string",
        "index_to_string_table_from_file": "index_to_string_table_from_file",
        "index_to_string_table_from_tensor": "contrib_index_to_string_table_from_tensor",
        "string_to_index": "string_to_index",
        "string_to_index_table_from_file": "string_to_index_table_from_file",
        "string_to_index_table_from_tensor": "string_to_index_table_from_tensor",
    },
    "python.ops.lookup_ops": [
        "index_table_from_file",
        "index_table_from_tensor",
        "index_to_string_table_from_file",
        "index_to_string_table_from_tensor",
    ],
}
