"""Records what the snappy library compresses, for tests/io/test_snappy.py; needs the package cramjam.

Besides pairs of data it makes a checkpoint whose index is compressed, as TensorFlow 1.0 wrote them: that of
many.index, which record_io.py recorded.
"""

import base64
import json
import pathlib
import struct
import sys

import cramjam

OUT = pathlib.Path(__file__).parent / "io"
sys.path.insert(0, str(OUT.parents[2]))

from graphflow.io import table, table_writer  # noqa: E402  # found by the line above
from graphflow.io.crc32c import masked_crc32c  # noqa: E402


class CompressedTable(table_writer.TableWriter):
    """A writer of small, compressed blocks."""

    def _write(self, block: table_writer._Block) -> table.Handle:
        data = bytes(cramjam.snappy.compress_raw(block.finish()))
        stored = data + bytes([table.SNAPPY])
        self._sink.write(stored + struct.pack("<I", masked_crc32c(stored)))
        handle = table.Handle(self._offset, len(data))
        self._offset += len(stored) + 4
        return handle


def main() -> None:
    samples = [
        b"",
        b"a",
        b"abcabcabcabcabcabcabcabcabcabc",
        b"\0" * 1000,
        bytes(range(256)) * 3,
        b"the quick brown fox jumps over the lazy dog " * 40,
        bytes((i * i * 7919 >> 5) & 255 for i in range(3000)),
        bytes((i * 31) & 255 for i in range(20000)),
    ]
    pairs = [[sample, bytes(cramjam.snappy.compress_raw(sample))] for sample in samples]
    coded = [[base64.b64encode(data).decode() for data in pair] for pair in pairs]
    (OUT / "snappy.json").write_text(json.dumps(coded))
    with table.Table(OUT / "many.index") as source, (OUT / "snappy.index").open("wb") as file:
        writer = CompressedTable(file, 512)
        for key, value in source.items():
            writer.add(key, value)
        writer.finish()
    data = "data-00000-of-00001"
    (OUT / f"snappy.{data}").write_bytes((OUT / f"many.{data}").read_bytes())


if __name__ == "__main__":
    main()
