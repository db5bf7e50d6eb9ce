"""Strings: tf.strings.* and their older spellings."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import float32, int32, string
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import sequence

__all__ = [
    "as_string",
    "reduce_join",
    "regex_replace",
    "string_join",
    "string_split",
    "string_strip",
    "string_to_hash_bucket",
    "string_to_hash_bucket_fast",
    "string_to_hash_bucket_strong",
    "string_to_number",
    "substr",
]


def as_string(
    input: Any,
    precision: int = -1,
    scientific: bool = False,
    shortest: bool = False,
    width: int = -1,
    fill: str = "",
    name: str | None = None,
) -> Tensor:
    """Each number as text."""
    out: Tensor = raw.AsString(
        input,
        precision=precision,
        scientific=scientific,
        shortest=shortest,
        width=width,
        fill=fill,
        name=name,
    )
    return out


def string_join(inputs: Any, separator: str = "", name: str | None = None) -> Tensor:
    """Strings one after the other, with a separator between them."""
    out: Tensor = raw.StringJoin(inputs, separator=separator, name=name)
    return out


def reduce_join(
    inputs: Any,
    axis: Any = None,
    keep_dims: bool | None = None,
    separator: str = "",
    name: str | None = None,
    reduction_indices: Any = None,
    keepdims: bool | None = None,
) -> Tensor:
    """The strings over some axes joined, in the order in which the axes are named."""
    keepdims = one_of_two("keepdims", keepdims, "keep_dims", keep_dims)
    axis = one_of_two("axis", axis, "reduction_indices", reduction_indices)
    with build.name_scope(None, "ReduceJoin", [inputs, axis]):
        x = convert(inputs)
        if axis is None:
            rank = x.shape.rank
            if rank is None:
                axis = sequence(idioms.rank(x) - 1, -1, -1)
            else:
                axis = const(np.arange(rank - 1, -1, -1, dtype=np.int32), int32)
        out: Tensor = raw.ReduceJoin(
            x, axis, keep_dims=bool(keepdims), separator=separator, name=name
        )
        return out


def unsorted_segment_join(
    inputs: Any, segment_ids: Any, num_segments: Any, separator: str = "", name: str | None = None
) -> Tensor:
    """The strings of each segment joined."""
    out: Tensor = raw.UnsortedSegmentJoin(
        inputs, segment_ids, num_segments, separator=separator, name=name
    )
    return out


# ---- parts ----------------------------------------------------------------------------------------


def string_length(input: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """The number of bytes, or of characters, of each string."""
    out: Tensor = raw.StringLength(input, unit=unit, name=name)
    return out


def substr(input: Any, pos: Any, len: Any, name: str | None = None, unit: str = "BYTE") -> Tensor:
    """`len` bytes or characters of each string from `pos` on."""
    out: Tensor = raw.Substr(input, pos, len, unit=unit, name=name)
    return out


def string_strip(input: Any, name: str | None = None) -> Tensor:
    """Each string without the white space around it."""
    out: Tensor = raw.StringStrip(input, name=name)
    return out


def lower(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Each string in small letters."""
    out: Tensor = raw.StringLower(input, encoding=encoding, name=name)
    return out


def upper(input: Any, encoding: str = "", name: str | None = None) -> Tensor:
    """Each string in capitals."""
    out: Tensor = raw.StringUpper(input, encoding=encoding, name=name)
    return out


def unicode_transcode(
    input: Any,
    input_encoding: str,
    output_encoding: str,
    errors: str = "replace",
    replacement_char: int = 65533,
    replace_control_characters: bool = False,
    name: str | None = None,
) -> Tensor:
    """Each string, read in one encoding and written in another."""
    out: Tensor = raw.UnicodeTranscode(
        input,
        input_encoding=input_encoding,
        output_encoding=output_encoding,
        errors=errors,
        replacement_char=replacement_char,
        replace_control_characters=replace_control_characters,
        name=name,
    )
    return out


def _sparse(pieces: Any, result_type: str) -> SparseTensor:
    if result_type == "RaggedTensor":
        raise NotImplementedError(
            "result_type='RaggedTensor' is not supported: take the SparseTensor"
        )
    if result_type != "SparseTensor":
        raise ValueError("result_type must be 'RaggedTensor' or 'SparseTensor'.")
    return SparseTensor(*pieces)


def string_split(
    source: Any,
    sep: Any = None,
    skip_empty: bool = True,
    delimiter: Any = None,
    result_type: str = "SparseTensor",
    name: str | None = None,
) -> SparseTensor:
    """The pieces between any of the separator's bytes, a row for each string."""
    with build.name_scope(name, "StringSplit", [source]):
        sep = one_of_two("sep", sep, "delimiter", delimiter)
        mark = convert(" " if sep is None else sep, string)
        strings = convert(source, string)
        return _sparse(raw.StringSplit(strings, mark, skip_empty=skip_empty), result_type)


def split(
    input: Any = None,
    sep: Any = None,
    maxsplit: int = -1,
    result_type: str = "SparseTensor",
    source: Any = None,
    name: str | None = None,
) -> SparseTensor:
    """The pieces between separators (white space where there is none), a row for each string."""
    input = one_of_two("input", input, "source", source)
    with build.name_scope(name, "StringSplit", [input]):
        strings = convert(input, string, name="input")
        mark = convert("" if sep is None else sep, string)
        return _sparse(raw.StringSplitV2(strings, mark, maxsplit=maxsplit), result_type)


# ---- patterns, hashes, numbers --------------------------------------------------------------------


def regex_replace(
    input: Any, pattern: Any, rewrite: Any, replace_global: bool = True, name: str | None = None
) -> Tensor:
    """Each string with the matches of a pattern rewritten."""
    out: Tensor
    if isinstance(pattern, str | bytes) and isinstance(rewrite, str | bytes):
        out = raw.StaticRegexReplace(
            input, pattern=pattern, rewrite=rewrite, replace_global=replace_global, name=name
        )
    else:
        out = raw.RegexReplace(input, pattern, rewrite, replace_global=replace_global, name=name)
    return out


def regex_full_match(input: Any, pattern: Any, name: str | None = None) -> Tensor:
    """Whether all of each string is a match of the pattern."""
    out: Tensor
    if isinstance(pattern, str | bytes):
        out = raw.StaticRegexFullMatch(input, pattern=pattern, name=name)
    else:
        out = raw.RegexFullMatch(input, pattern, name=name)
    return out


def string_to_hash_bucket(
    string_tensor: Any = None, num_buckets: Any = None, name: str | None = None, input: Any = None
) -> Tensor:
    """The number of the bucket that each string falls into."""
    strings = one_of_two("input", input, "string_tensor", string_tensor)
    out: Tensor = raw.StringToHashBucket(strings, num_buckets=num_buckets, name=name)
    return out


def string_to_hash_bucket_fast(input: Any, num_buckets: int, name: str | None = None) -> Tensor:
    """The number of the bucket that each string falls into, by a hash that never changes."""
    out: Tensor = raw.StringToHashBucketFast(input, num_buckets=num_buckets, name=name)
    return out


def string_to_hash_bucket_strong(
    input: Any, num_buckets: int, key: Any, name: str | None = None
) -> Tensor:
    """The number of the bucket that each string falls into, by a hash with a secret key."""
    out: Tensor = raw.StringToHashBucketStrong(input, num_buckets=num_buckets, key=key, name=name)
    return out


def string_to_number(
    string_tensor: Any = None,
    out_type: Any = float32,
    name: str | None = None,
    input: Any = None,
) -> Tensor:
    """The number that each string spells."""
    strings = one_of_two("input", input, "string_tensor", string_tensor)
    out: Tensor = raw.StringToNumber(strings, out_type=out_type, name=name)
    return out


def format(
    template: str,
    inputs: Any,
    placeholder: str = "{}",
    summarize: int = 3,
    name: str | None = None,
) -> Tensor:
    """The template with each placeholder replaced by a tensor's text."""
    if hasattr(inputs, "_as_tensor"):
        inputs = [inputs]
    count = template.count(placeholder)
    if count != len(inputs):
        raise ValueError(
            f"{count} placeholder(s) in template does not match {len(inputs)} tensor(s) "
            "provided as input"
        )
    out: Tensor = raw.StringFormat(
        inputs, template=template, placeholder=placeholder, summarize=summarize, name=name
    )
    return out


NAMESPACES = {
    "strings": {
        "as_string": "as_string",
        "format": "format",
        "join": "string_join",
        "length": "string_length",
        "lower": "lower",
        "reduce_join": "reduce_join",
        "regex_full_match": "regex_full_match",
        "regex_replace": "regex_replace",
        "split": "split",
        "strip": "string_strip",
        "substr": "substr",
        "to_hash_bucket": "string_to_hash_bucket",
        "to_hash_bucket_fast": "string_to_hash_bucket_fast",
        "to_hash_bucket_strong": "string_to_hash_bucket_strong",
        "to_number": "string_to_number",
        "unicode_transcode": "unicode_transcode",
        "unsorted_segment_join": "unsorted_segment_join",
        "upper": "upper",
    }
}
