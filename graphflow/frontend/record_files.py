"""tf.python_io: files of records, written and read by Python, outside of any graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphflow.io.records import RecordWriter, read_records

__all__: list[str] = []


class TFRecordCompressionType:
    """How a file of records is compressed."""

    NONE = 0
    ZLIB = 1
    GZIP = 2


class TFRecordOptions:
    """How a file of records is written; of what zlib can be told, the level counts."""

    compression_type_map = {  # noqa: RUF012  as TensorFlow has it
        TFRecordCompressionType.ZLIB: "ZLIB",
        TFRecordCompressionType.GZIP: "GZIP",
        TFRecordCompressionType.NONE: "",
    }

    def __init__(
        self,
        compression_type: Any = None,
        flush_mode: int | None = None,
        input_buffer_size: int | None = None,
        output_buffer_size: int | None = None,
        window_bits: int | None = None,
        compression_level: int | None = None,
        compression_method: int | None = None,
        mem_level: int | None = None,
        compression_strategy: int | None = None,
    ) -> None:
        self.get_compression_type_string(compression_type)
        self.compression_type, self.flush_mode = compression_type, flush_mode
        self.input_buffer_size, self.output_buffer_size = input_buffer_size, output_buffer_size
        self.window_bits, self.compression_level = window_bits, compression_level
        self.compression_method, self.mem_level = compression_method, mem_level
        self.compression_strategy = compression_strategy

    @classmethod
    def get_compression_type_string(cls, options: Any) -> str:
        """The name of the compression that options, a kind or a name mean."""
        if isinstance(options, TFRecordOptions):
            return cls.get_compression_type_string(options.compression_type)
        if not options:
            return ""
        name = cls.compression_type_map.get(options, options)
        if name not in cls.compression_type_map.values():
            raise ValueError(f'Not a valid compression_type: "{options}"')
        return str(name)


class TFRecordWriter:
    """Writes records to a new file."""

    def __init__(self, path: Any, options: Any = None) -> None:
        given = options if isinstance(options, TFRecordOptions) else TFRecordOptions(options)
        level = -1 if given.compression_level is None else given.compression_level
        self._writer = RecordWriter(path, given.get_compression_type_string(given), level)

    def __enter__(self) -> TFRecordWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, record: bytes) -> None:
        """Append one record."""
        self._writer.write(record)

    def flush(self) -> None:
        """Let other processes see what was written so far."""
        self._writer.flush()

    def close(self) -> None:
        self._writer.close()


def tf_record_iterator(path: Any, options: Any = None) -> Iterator[bytes]:
    """The records of a file, in order."""
    return read_records(path, TFRecordOptions.get_compression_type_string(options))


_NAMES = {
    "TFRecordCompressionType": "TFRecordCompressionType",
    "TFRecordOptions": "TFRecordOptions",
    "TFRecordWriter": "TFRecordWriter",
    "tf_record_iterator": "tf_record_iterator",
}
NAMESPACES = {"io": _NAMES, "python_io": _NAMES}
