"""Readers: ops that hand out the records of files whose names come from a queue."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, UnimplementedError
from graphflow.ir.literal import string_array
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops import reader_values
from graphflow.ops.queue_values import Queue
from graphflow.ops.reader_values import Reader, Record
from graphflow.ops.session_resources import behind, session_resource, wrapped


class ReaderMaker(Op, abstract=True):
    """A reader, by its shared name or the name of the node."""

    signature = "-> reader_handle:resource"
    stateful = True
    differentiable = False

    def infer(self) -> Any:
        return SCALAR

    def opened(self, name: bytes) -> Iterator[Record]:
        """The records of one unit of work."""
        raise NotImplementedError

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return session_resource(run, node, "reader", lambda _: Reader(self.opened))


class WholeFileReaderV2(ReaderMaker):
    """A reader of whole files."""

    container: str = ""
    shared_name: str = ""

    def opened(self, name: bytes) -> Iterator[Record]:
        return reader_values.whole_file(name)


class IdentityReaderV2(ReaderMaker):
    """A reader that hands out the names themselves."""

    container: str = ""
    shared_name: str = ""

    def opened(self, name: bytes) -> Iterator[Record]:
        return reader_values.nothing_but_the_name(name)


class TextLineReaderV2(ReaderMaker):
    """A reader of lines."""

    skip_header_lines: int = 0
    container: str = ""
    shared_name: str = ""

    def opened(self, name: bytes) -> Iterator[Record]:
        return reader_values.lines(name, self.skip_header_lines)


class TFRecordReaderV2(ReaderMaker):
    """A reader of TFRecord files."""

    container: str = ""
    shared_name: str = ""
    compression_type: str = ""

    def opened(self, name: bytes) -> Iterator[Record]:
        return reader_values.framed(name, self.compression_type)


class FixedLengthRecordReaderV2(ReaderMaker, kw_only=True):
    """A reader of records that are all of one length."""

    header_bytes: int = 0
    record_bytes: int
    footer_bytes: int = 0
    hop_bytes: int = 0
    container: str = ""
    shared_name: str = ""
    encoding: str = ""

    def opened(self, name: bytes) -> Iterator[Record]:
        sizes = (self.header_bytes, self.footer_bytes, self.hop_bytes)
        if self.record_bytes < 1 or min(sizes) < 0:
            raise InvalidArgumentError(
                message=f"record_bytes must be at least 1 and the others 0: {self}"
            )
        encoding = self.__dict__.get("encoding", "")
        return reader_values.of_one_length(
            name,
            self.header_bytes,
            self.record_bytes,
            self.footer_bytes,
            self.hop_bytes,
            encoding,
        )


class _OnReader(Op, abstract=True):
    """An op on the reader behind a handle."""

    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return self.act(run, behind(inputs[0], Reader), *inputs[1:])

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        raise NotImplementedError


class ReaderReadV2(_OnReader):
    """The next record and its key; waits for the queue where a file is at its end."""

    signature = "reader_handle:resource, queue_handle:resource -> key:string, value:string"

    def infer(self, *handles: Tensor) -> Any:
        return SCALAR, SCALAR

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        [(key, value)] = reader.read(run, behind(inputs[0], Queue), 1)
        return string_array(key), string_array(value)


class ReaderReadUpToV2(_OnReader):
    """The next records and their keys, at most num_records, all of one file."""

    signature = (
        "reader_handle:resource, queue_handle:resource, num_records:int64 "
        "-> keys:string, values:string"
    )

    def infer(self, *inputs: Tensor) -> Any:
        inputs[-1].shape.with_rank(0)
        return TensorShape([None]), TensorShape([None])

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        records = reader.read(run, behind(inputs[0], Queue), int(inputs[1]))
        return string_array([k for k, _ in records]), string_array([v for _, v in records])


class ReaderNumRecordsProducedV2(_OnReader):
    """How many records the reader has handed out."""

    signature = "reader_handle:resource -> records_produced:int64"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        return np.array(reader.produced)


class ReaderNumWorkUnitsCompletedV2(_OnReader):
    """How many files the reader has read to their ends."""

    signature = "reader_handle:resource -> units_completed:int64"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        return np.array(reader.completed)


class ReaderResetV2(_OnReader):
    """The reader is as if new."""

    signature = "reader_handle:resource ->"

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        reader.reset()
        return ()


class ReaderSerializeStateV2(_OnReader):
    """Where a reader is, as text: no reader tells."""

    signature = "reader_handle:resource -> state:string"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        raise UnimplementedError(message="Reader SerializeState")


class ReaderRestoreStateV2(_OnReader):
    """Go to where a text says: no reader can."""

    signature = "reader_handle:resource, state:string ->"

    def act(self, run: Any, reader: Reader, *inputs: Any) -> Any:
        raise UnimplementedError(message="Reader RestoreState")


# ---- the same ops in files from before handles were resources --------------------------------------


class _OldMaker(ReaderMaker, abstract=True):
    """A reader whose handle counts as a reference to a string."""

    signature = "-> reader_handle:&string"

    def infer(self) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(super().execute(run, node, *inputs))


class WholeFileReader(_OldMaker, WholeFileReaderV2):
    """WholeFileReaderV2 with a handle of old."""


class IdentityReader(_OldMaker, IdentityReaderV2):
    """IdentityReaderV2 with a handle of old."""


class TextLineReader(_OldMaker, TextLineReaderV2):
    """TextLineReaderV2 with a handle of old."""


class TFRecordReader(_OldMaker, TFRecordReaderV2):
    """TFRecordReaderV2 with a handle of old."""


class ReaderRead(ReaderReadV2):
    """ReaderReadV2 with handles of old."""

    signature = "reader_handle:&string, queue_handle:&string -> key:string, value:string"
    stateful = False


class ReaderReadUpTo(ReaderReadUpToV2):
    """ReaderReadUpToV2 with handles of old."""

    signature = (
        "reader_handle:&string, queue_handle:&string, num_records:int64 "
        "-> keys:string, values:string"
    )
    stateful = False


class ReaderNumRecordsProduced(ReaderNumRecordsProducedV2):
    """ReaderNumRecordsProducedV2 with a handle of old."""

    signature = "reader_handle:&string -> records_produced:int64"
    stateful = False


class ReaderNumWorkUnitsCompleted(ReaderNumWorkUnitsCompletedV2):
    """ReaderNumWorkUnitsCompletedV2 with a handle of old."""

    signature = "reader_handle:&string -> units_completed:int64"
    stateful = False


class ReaderReset(ReaderResetV2):
    """ReaderResetV2 with a handle of old."""

    signature = "reader_handle:&string ->"
    stateful = False
