"""Readers of files whose names come from a queue: tf.TextLineReader and its kin."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphflow.frontend.record_files import TFRecordOptions
from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor

__all__ = [
    "FixedLengthRecordReader",
    "IdentityReader",
    "ReaderBase",
    "TFRecordReader",
    "TextLineReader",
    "WholeFileReader",
]


class ReaderRead(NamedTuple):
    """A record and its key."""

    key: Tensor
    value: Tensor


class ReaderReadUpTo(NamedTuple):
    """Records and their keys."""

    keys: Tensor
    values: Tensor


class ReaderBase:
    """Hands out records of files, one file after another."""

    def __init__(self, reader_ref: Tensor, supports_serialize: bool = False) -> None:
        self._reader_ref, self._supports_serialize = reader_ref, supports_serialize

    @property
    def reader_ref(self) -> Tensor:
        return self._reader_ref

    @property
    def supports_serialize(self) -> bool:
        return self._supports_serialize

    def read(self, queue: Any, name: str | None = None) -> ReaderRead:
        """The next record and its key; names of files are taken from the queue as they are needed."""
        return ReaderRead(*raw.ReaderReadV2(self._reader_ref, _handle(queue), name=name))

    def read_up_to(self, queue: Any, num_records: Any, name: str | None = None) -> ReaderReadUpTo:
        """The next records, at most so many, all of one file."""
        found = raw.ReaderReadUpToV2(self._reader_ref, _handle(queue), num_records, name=name)
        return ReaderReadUpTo(*found)

    def num_records_produced(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.ReaderNumRecordsProducedV2(self._reader_ref, name=name)
        return tensor

    def num_work_units_completed(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.ReaderNumWorkUnitsCompletedV2(self._reader_ref, name=name)
        return tensor

    def serialize_state(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.ReaderSerializeStateV2(self._reader_ref, name=name)
        return tensor

    def restore_state(self, state: Any, name: str | None = None) -> Node:
        node: Node = raw.ReaderRestoreStateV2(self._reader_ref, state, name=name)
        return node

    def reset(self, name: str | None = None) -> Node:
        """An op after which the reader is as if new."""
        node: Node = raw.ReaderResetV2(self._reader_ref, name=name)
        return node


def _handle(queue: Any) -> Tensor:
    handle: Tensor = queue if isinstance(queue, Tensor) else queue.queue_ref
    return handle


class WholeFileReader(ReaderBase):
    """Hands out whole files under their names."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(raw.WholeFileReaderV2(name=name), supports_serialize=True)


class IdentityReader(ReaderBase):
    """Hands out the names themselves."""

    def __init__(self, name: str | None = None) -> None:
        super().__init__(raw.IdentityReaderV2(name=name), supports_serialize=True)


class TextLineReader(ReaderBase):
    """Hands out lines under the name of the file and their number."""

    def __init__(self, skip_header_lines: int | None = None, name: str | None = None) -> None:
        super().__init__(raw.TextLineReaderV2(skip_header_lines=skip_header_lines or 0, name=name))


class TFRecordReader(ReaderBase):
    """Hands out the records of TFRecord files."""

    def __init__(self, name: str | None = None, options: Any = None) -> None:
        super().__init__(
            raw.TFRecordReaderV2(
                compression_type=TFRecordOptions.get_compression_type_string(options), name=name
            )
        )


class FixedLengthRecordReader(ReaderBase):
    """Hands out records that are all of one length."""

    def __init__(
        self,
        record_bytes: int,
        header_bytes: int | None = None,
        footer_bytes: int | None = None,
        hop_bytes: int | None = None,
        name: str | None = None,
        encoding: str | None = None,
    ) -> None:
        super().__init__(
            raw.FixedLengthRecordReaderV2(
                record_bytes=record_bytes,
                header_bytes=header_bytes or 0,
                footer_bytes=footer_bytes or 0,
                hop_bytes=hop_bytes or 0,
                encoding=encoding or "",
                name=name,
            )
        )
