"""Datasets of what files hold: tf.data.TextLineDataset and its kin."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend.data import map_builders
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.dataset import AUTOTUNE, Dataset, DatasetV1Adapter
from graphflow.frontend.data.elements import flat_shapes
from graphflow.frontend.data.specs import TensorSpec
from graphflow.ir import raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import DType, bool_, float32, float64, int32, int64, string
from graphflow.ir.node import Tensor

NAMESPACES = {
    "data.experimental": {"CsvDataset": "CsvDatasetV1"},
    "data": {
        "FixedLengthRecordDataset": "FixedLengthRecordDatasetV1",
        "TFRecordDataset": "TFRecordDatasetV1",
        "TextLineDataset": "TextLineDatasetV1",
    },
    "contrib.data": {
        "CsvDataset": "CsvDatasetV1",
        "FixedLengthRecordDataset": "FixedLengthRecordDatasetV1",
        "TFRecordDataset": "TFRecordDatasetV1",
        "TextLineDataset": "TextLineDatasetV1",
    },
}
__all__: list[str] = []

BUFFER_BYTES = 256 * 1024
_CSV_BUFFER_BYTES = 4 * 1024 * 1024
_LINE = TensorSpec([], string)
_COLUMN_TYPES = (float32, float64, int32, int64, string)


class _Files(Dataset):
    """The records of several files, one file after the other or in turns."""

    def __init__(
        self, filenames: Any, of_file: Callable[[Tensor], Tensor], num_parallel_reads: Any
    ) -> None:
        files = _names(filenames)
        self._filenames = files

        def read_one_file(filename: Any) -> Dataset:
            name = convert(filename, string, "filename")
            return DatasetV1Adapter(Made(of_file(name), _LINE))

        if num_parallel_reads is None:
            made = map_builders.flat_mapped(files, read_one_file)
        elif num_parallel_reads == AUTOTUNE:
            made = map_builders.interleaved(files, read_one_file, AUTOTUNE, 1, AUTOTUNE)
        else:
            made = map_builders.interleaved_by_threads(files, read_one_file, num_parallel_reads)
        super().__init__(made)


def _names(filenames: Any) -> Dataset:
    """The dataset of file names that `filenames` is or makes."""
    if isinstance(filenames, Dataset):
        spec = filenames.element_spec
        if not isinstance(spec, TensorSpec) or spec.dtype is not string:
            raise TypeError("`filenames` must be a `tf.data.Dataset` of `tf.string` elements.")
        if not spec.shape.is_compatible_with(()):
            raise TypeError(
                "`filenames` must be a `tf.data.Dataset` of scalar `tf.string` elements."
            )
        return filenames
    names = convert(filenames, string)
    flat = raw.Reshape(names, [-1], name="flat_filenames")
    return Dataset.from_tensor_slices(flat)


def _kind(compression_type: Any) -> Tensor:
    return convert(compression_type or "", string, "compression_type")


def _buffer(buffer_size: Any) -> Tensor:
    return convert(BUFFER_BYTES if buffer_size is None else buffer_size, int64, "buffer_size")


class TextLineDatasetV1(_Files):
    """The lines of text files."""

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        def of_file(name: Tensor) -> Tensor:
            made: Tensor = raw.TextLineDataset(name, _kind(compression_type), _buffer(buffer_size))
            return made

        super().__init__(filenames, of_file, num_parallel_reads)


class TFRecordDatasetV1(_Files):
    """The records of TFRecord files."""

    def __init__(
        self,
        filenames: Any,
        compression_type: Any = None,
        buffer_size: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        def of_file(name: Tensor) -> Tensor:
            made: Tensor = raw.TFRecordDataset(name, _kind(compression_type), _buffer(buffer_size))
            return made

        super().__init__(filenames, of_file, num_parallel_reads)


class FixedLengthRecordDatasetV1(_Files):
    """Records of one length, of files with or without a header and a footer."""

    def __init__(
        self,
        filenames: Any,
        record_bytes: Any,
        header_bytes: Any = None,
        footer_bytes: Any = None,
        buffer_size: Any = None,
        compression_type: Any = None,
        num_parallel_reads: Any = None,
    ) -> None:
        def of_file(name: Tensor) -> Tensor:
            record = convert(record_bytes, int64, "record_bytes")
            header = convert(header_bytes or 0, int64, "header_bytes")
            footer = convert(footer_bytes or 0, int64, "footer_bytes")
            buffer = _buffer(buffer_size)
            kind = _kind(compression_type)
            made: Tensor = raw.FixedLengthRecordDatasetV2(
                name, header, record, footer, buffer, kind
            )
            return made

        super().__init__(filenames, of_file, num_parallel_reads)


class CsvDatasetV1(Dataset):
    """The records of files of comma-separated values, as tuples of columns."""

    def __init__(
        self,
        filenames: Any,
        record_defaults: Sequence[Any],
        compression_type: Any = None,
        buffer_size: Any = None,
        header: Any = False,
        field_delim: Any = ",",
        use_quote_delim: Any = True,
        na_value: Any = "",
        select_cols: Any = None,
    ) -> None:
        names = convert(filenames, string, "filenames")
        kind = _kind(compression_type)
        defaults = [
            const([], d) if isinstance(d, DType) and d in _COLUMN_TYPES else d
            for d in record_defaults
        ]
        tensors = [convert(d, name=f"record_defaults_{i}") for i, d in enumerate(defaults)]
        size = _buffer(_CSV_BUFFER_BYTES if buffer_size is None else buffer_size)
        spec = tuple(TensorSpec([], t.dtype.base_dtype) for t in tensors)
        made = raw.CSVDataset(
            names,
            kind,
            size,
            convert(header, bool_, "header"),
            convert(field_delim, string, "field_delim"),
            convert(use_quote_delim, bool_, "use_quote_delim"),
            convert(na_value, string, "na_value"),
            convert([] if select_cols is None else select_cols, int64, "select_cols"),
            tensors,
            output_shapes=flat_shapes(spec),
        )
        super().__init__(Made(made, spec))
