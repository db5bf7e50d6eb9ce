"""Makes one checkpoint of several that hold parts of it, as a sharded save ends."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import replace

from graphflow import errors
from graphflow.io.bundle import BundleReader, data_path, index_path
from graphflow.io.bundle_entry import Entry, Header
from graphflow.io.bundle_writer import write_index
from graphflow.io.files import AtomicFile, Path, text_path, translated_errors


def _united(key: bytes, known: Entry, entry: Entry) -> Entry:
    """One entry for a tensor whose slices lie in several parts."""
    if (
        not known.slices
        or not entry.slices
        or (known.shape, known.dtype) != (entry.shape, entry.dtype)
    ):
        raise errors.InvalidArgumentError(
            message=f"{key!r} is in more than one part of the checkpoint"
        )
    return replace(known, slices=known.slices + entry.slices)


def merge(prefixes: Sequence[Path], destination: Path) -> None:
    """Move the data of the checkpoints at `prefixes` to `destination` and index them all there."""
    entries: dict[bytes, Entry] = {}
    sources: list[str] = []
    endianness = set()
    for prefix in dict.fromkeys(text_path(prefix) for prefix in prefixes):
        with BundleReader(prefix) as part:
            first, shards = len(sources), max(part.header.num_shards, 1)
            endianness.add(part.header.endianness)
            sources += [data_path(prefix, shard, shards) for shard in range(shards)]
            for key, entry in part.entries():
                moved = entry if entry.slices else replace(entry, shard=entry.shard + first)
                entries[key] = _united(key, entries[key], moved) if key in entries else moved
    if len(endianness) != 1:
        raise errors.InvalidArgumentError(message="no parts of one byte order to merge")
    index = AtomicFile(index_path(destination))
    try:
        write_index(index, Header(len(sources), endianness.pop()), entries)
        index.complete()
        for shard, source in enumerate(sources):
            with translated_errors(source):
                os.replace(source, data_path(destination, shard, len(sources)))
        index.publish()
    except BaseException:
        index.discard()
        raise
    for path in map(text_path, prefixes):
        if path != text_path(destination):
            with contextlib.suppress(OSError):
                os.unlink(index_path(path))
