"""tf.data.experimental and tf.contrib.data: what `Dataset.apply` takes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.data import builders, map_builders
from graphflow.frontend.data.builders import Made, seed_tensors
from graphflow.frontend.data.dataset import Dataset, DatasetV1Adapter
from graphflow.frontend.data.elements import declared, from_tensors
from graphflow.frontend.data.specs import TensorSpec
from graphflow.frontend.math import log
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, float64, int32, int64, string
from graphflow.ir.node import Node

_NAMES = (
    *("Counter", "choose_from_datasets", "enumerate_dataset", "get_single_element"),
    *("ignore_errors", "map_and_batch", "parallel_interleave", "sample_from_datasets", "scan"),
    *("shuffle_and_repeat", "unbatch", "unique"),
)
NAMESPACES = {
    "data.experimental": {
        **{name: name for name in _NAMES},
        "RandomDataset": "RandomDatasetV1",
        "TFRecordWriter": "TFRecordWriter",
        "map_and_batch_with_legacy_function": "map_and_batch",
        "take_while": "take_while",
    },
    "contrib.data": {
        **{name: name for name in _NAMES},
        "RandomDataset": "RandomDatasetV1",
        "batch_and_drop_remainder": "batch_and_drop_remainder",
        "padded_batch_and_drop_remainder": "padded_batch_and_drop_remainder",
        "sloppy_interleave": "sloppy_interleave",
    },
}
__all__: list[str] = []

Transformation = Callable[[Any], Dataset]


def _applied(builder: Callable[..., Made], *args: Any) -> Transformation:
    return lambda dataset: DatasetV1Adapter(builder(dataset, *args))


def ignore_errors() -> Transformation:
    return lambda dataset: DatasetV1Adapter(builders.of_one("IgnoreErrorsDataset", dataset))


def unbatch() -> Transformation:
    return lambda dataset: dataset.unbatch()


def enumerate_dataset(start: int = 0) -> Transformation:
    return lambda dataset: dataset.enumerate(start)


def shuffle_and_repeat(buffer_size: Any, count: Any = None, seed: Any = None) -> Transformation:
    return _applied(builders.shuffled_and_repeated, buffer_size, count, seed)


def batch_and_drop_remainder(batch_size: Any) -> Transformation:
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(
    batch_size: Any, padded_shapes: Any, padding_values: Any = None
) -> Transformation:
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )


def map_and_batch(
    map_func: Callable[..., Any],
    batch_size: Any,
    num_parallel_batches: Any = None,
    drop_remainder: Any = False,
    num_parallel_calls: Any = None,
) -> Transformation:
    """`map` and then `batch`."""
    if num_parallel_batches is not None:
        if num_parallel_calls is not None:
            raise ValueError(
                "The `num_parallel_batches` and `num_parallel_calls` arguments are mutually exclusive."
            )
        num_parallel_calls = batch_size * num_parallel_batches
    elif num_parallel_calls is None:
        num_parallel_calls = batch_size
    return _applied(
        map_builders.mapped_in_batches, map_func, batch_size, num_parallel_calls, drop_remainder
    )


def parallel_interleave(
    map_func: Callable[..., Any],
    cycle_length: Any,
    block_length: Any = 1,
    sloppy: Any = False,
    buffer_output_elements: Any = None,
    prefetch_input_elements: Any = None,
) -> Transformation:
    """`interleave`; that `sloppy` allows another order is not made use of."""
    return _applied(
        map_builders.interleaved_by_threads,
        *(map_func, cycle_length, block_length, sloppy),
        *(buffer_output_elements, prefetch_input_elements),
    )


def sloppy_interleave(
    map_func: Callable[..., Any], cycle_length: Any, block_length: Any = 1
) -> Transformation:
    return parallel_interleave(map_func, cycle_length, block_length, True)


def scan(initial_state: Any, scan_func: Callable[..., Any]) -> Transformation:
    return _applied(map_builders.scanned, initial_state, scan_func)


def take_while(predicate: Callable[..., Any]) -> Transformation:
    return _applied(map_builders.taken_while, predicate)


def unique() -> Transformation:
    def apply(dataset: Any) -> Dataset:
        spec = dataset.element_spec
        if not isinstance(spec, TensorSpec) or spec.dtype not in (int32, int64, string):
            raise TypeError(
                "`tf.data.experimental.unique()` only supports inputs with a single `tf.int32`, "
                "`tf.int64`, or `tf.string` component."
            )
        return DatasetV1Adapter(builders.of_one("UniqueDataset", dataset))

    return apply


def get_single_element(dataset: Any) -> Any:
    """The only element of a dataset, as tensors."""
    if not isinstance(dataset, Dataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    spec = dataset.element_spec
    found = raw.DatasetToSingleElement(dataset._variant_tensor, **declared(spec))
    return from_tensors(spec, found)


def Counter(start: Any = 0, step: Any = 1, dtype: Any = int64) -> Dataset:
    """start, start + step, ... without end."""
    with build.name_scope(None, "counter"):
        first, distance = convert(start, dtype, "start"), convert(step, dtype, "step")
        endless = Dataset.from_tensors(0).repeat(None)
        return endless.apply(scan(first, lambda state, _: (state + distance, state)))


class RandomDatasetV1(Dataset):
    """Random numbers of 32 bits, without end."""

    def __init__(self, seed: Any = None) -> None:
        spec = TensorSpec([], int64)
        super().__init__(Made(raw.RandomDataset(*seed_tensors(seed), **declared(spec)), spec))


def choose_from_datasets(datasets: Any, choice_dataset: Any) -> Dataset:
    """Elements of several datasets, as a dataset of their numbers says."""
    if not choice_dataset.element_spec.is_compatible_with(TensorSpec([], int64)):
        raise TypeError("`choice_dataset` must be a dataset of scalar `tf.int64` tensors.")
    return DatasetV1Adapter(builders.interleaved_as_told(choice_dataset, list(datasets)))


def sample_from_datasets(datasets: Any, weights: Any = None, seed: Any = None) -> Dataset:
    """Elements of several datasets at random, each chosen as often as its weight says."""
    if isinstance(weights, Dataset):
        logits = weights.map(lambda *p: log(p, name="logits"))
        pairs = Dataset.zip((logits, RandomDatasetV1(seed).batch(2)))
        chosen = pairs.map(_chosen)
    else:
        if weights is None:
            fixed: Any = [[1.0] * len(datasets)]
        else:
            fixed = raw.ExpandDims(log(_weights(weights, len(datasets)), name="logits"), 0)
        if len(datasets) == 1:
            return datasets[0]
        chosen = RandomDatasetV1(seed).batch(2).map(lambda pair: _chosen(fixed, pair))
    return DatasetV1Adapter(builders.interleaved_as_told(chosen, list(datasets)))


def _weights(weights: Any, count: int) -> Any:
    found = convert(weights, name="weights")
    if found.dtype not in (float32, float64):
        raise TypeError(
            "`weights` must be convertible to a tensor of `tf.float32` or `tf.float64` elements."
        )
    if not found.shape.is_compatible_with([count]):
        raise ValueError("`weights` must be a vector of length `len(datasets)`.")
    return found


def _chosen(logits: Any, seed: Any) -> Any:
    return raw.Squeeze(raw.StatelessMultinomial(logits, 1, seed), squeeze_dims=[0, 1])


class TFRecordWriter:
    """Writes the elements of a dataset of strings to a file."""

    def __init__(self, filename: Any, compression_type: Any = None) -> None:
        self._filename = convert(filename, string, "filename")
        self._kind = convert(compression_type or "", string, "compression_type")

    def write(self, dataset: Any) -> Node:
        if not isinstance(dataset, Dataset):
            raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
        if not dataset.element_spec.is_compatible_with(TensorSpec([], string)):
            raise TypeError(
                "`dataset` must produce scalar `DT_STRING` tensors whereas it produces shape "
                f"{dataset.output_shapes} and types {dataset.output_types}"
            )
        made: Node = raw.DatasetToTFRecord(dataset._variant_tensor, self._filename, self._kind)
        return made
