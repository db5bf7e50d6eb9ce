"""tf.data.Dataset: a pipeline of elements, as nodes of a graph."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.frontend.data import batch_builders, builders, map_builders, nesting
from graphflow.frontend.data.builders import Made
from graphflow.frontend.data.elements import (
    flat_shapes,
    flat_types,
    legacy_classes,
    legacy_shapes,
    legacy_types,
    to_batched_tensors,
)
from graphflow.frontend.data.generators import generated
from graphflow.frontend.data.iterators import Iterator, initializable, one_shot
from graphflow.frontend.data.options import Options
from graphflow.frontend.data.specs import TensorSpec, TypeSpec
from graphflow.frontend.list_files import matching_files
from graphflow.ir.build import current_graph, name_scope
from graphflow.ir.dtype import variant
from graphflow.ir.node import Tensor
from graphflow.ir.shape import as_shape

AUTOTUNE = -1

NAMESPACES = {
    "data": [
        *("Dataset", "DatasetSpec", "get_output_classes", "get_output_shapes"),
        *("get_output_types", "make_initializable_iterator", "make_one_shot_iterator"),
    ],
    "data.experimental": {
        "AUTOTUNE": "AUTOTUNE",
        "DatasetStructure": "DatasetSpec",
        "from_variant": "from_variant",
        "get_structure": "get_structure",
        "to_variant": "to_variant",
    },
    "contrib.data": ["AUTOTUNE", "Dataset"],
}
__all__: list[str] = []

Function = Callable[..., Any]


class Dataset:
    """Elements of one structure, one after the other."""

    def __init__(self, made: Made, options: Options | None = None) -> None:
        self._variant_tensor, self._spec, inputs, captured = made
        self._sources, self._captured = list(inputs), list(captured)
        self._options = options
        self._graph = current_graph()

    # ---- what it is ------------------------------------------------------------------------------------

    @property
    def element_spec(self) -> Any:
        return self._spec

    @property
    def _type_spec(self) -> DatasetSpec:
        return DatasetSpec(self._spec)

    @property
    def output_types(self) -> Any:
        return legacy_types(self.element_spec)

    @property
    def output_shapes(self) -> Any:
        return legacy_shapes(self.element_spec)

    @property
    def output_classes(self) -> Any:
        return legacy_classes(self.element_spec)

    @property
    def _flat_types(self) -> Any:
        return flat_types(self.element_spec)

    @property
    def _flat_shapes(self) -> Any:
        return flat_shapes(self.element_spec)

    def _inputs(self) -> list[Any]:
        return list(self._sources)

    def options(self) -> Options:
        """What was said of this dataset and of those that it is made of."""
        found = Options()
        if self._options is not None:
            return found.merge(self._options)
        for source in self._sources:
            found = found.merge(source.options())
        return found

    def with_options(self, options: Options) -> Dataset:
        merged = self.options().merge(options)
        return _wrapped(Made(self._variant_tensor, self._spec, [self]), merged)

    def __repr__(self) -> str:
        shapes = str(nesting.mapped(str, self.output_shapes)).replace("'", "")
        types = str(nesting.mapped(repr, self.output_types)).replace("'", "")
        return f"<{type(self).__name__} shapes: {shapes}, types: {types}>"

    def __iter__(self) -> Any:
        raise RuntimeError(
            "__iter__() is only supported inside of tf.function or when eager execution is enabled: "
            "in a graph, make_one_shot_iterator().get_next() gives the next element"
        )

    def __len__(self) -> int:
        raise TypeError("the number of elements is not known before the graph runs")

    def __bool__(self) -> bool:
        return True

    # ---- where elements come from --------------------------------------------------------------------------

    @staticmethod
    def from_tensors(tensors: Any) -> Dataset:
        return _wrapped(builders.of_tensors(tensors))

    @staticmethod
    def from_tensor_slices(tensors: Any) -> Dataset:
        return _wrapped(builders.of_slices(tensors))

    @staticmethod
    def from_sparse_tensor_slices(sparse_tensor: Any) -> Dataset:
        return _wrapped(builders.of_sparse_slices(sparse_tensor))

    @staticmethod
    def from_generator(
        generator: Any, output_types: Any, output_shapes: Any = None, args: Any = None
    ) -> Dataset:
        source = Dataset.from_tensors
        return generated(source, _wrapped, generator, output_types, output_shapes, args)

    @staticmethod
    def range(*args: Any) -> Dataset:
        return _wrapped(builders.of_range(*args))

    @staticmethod
    def zip(datasets: Any) -> Dataset:
        return _wrapped(builders.zipped(datasets))

    @staticmethod
    def list_files(file_pattern: Any, shuffle: bool | None = None, seed: Any = None) -> Dataset:
        with name_scope(None, "list_files"):
            files, count = matching_files(file_pattern)
            dataset = Dataset.from_tensor_slices(files)
            if shuffle is None or shuffle:
                dataset = dataset.shuffle(count(), seed=seed)
            return dataset

    # ---- more, fewer, in another order -------------------------------------------------------------------------

    def concatenate(self, dataset: Any) -> Dataset:
        return _wrapped(builders.concatenated(self, dataset))

    def prefetch(self, buffer_size: Any) -> Dataset:
        return _wrapped(builders.prefetched(self, buffer_size))

    def repeat(self, count: Any = None) -> Dataset:
        return _wrapped(builders.repeated(self, count))

    def enumerate(self, start: int = 0) -> Dataset:
        return Dataset.zip((Dataset.range(start, np.iinfo(np.int64).max), self))

    def shuffle(
        self, buffer_size: Any, seed: Any = None, reshuffle_each_iteration: bool | None = None
    ) -> Dataset:
        return _wrapped(builders.shuffled(self, buffer_size, seed, reshuffle_each_iteration))

    def cache(self, filename: Any = "") -> Dataset:
        return _wrapped(builders.cached(self, filename))

    def take(self, count: Any) -> Dataset:
        return _wrapped(builders.taken(self, count))

    def skip(self, count: Any) -> Dataset:
        return _wrapped(builders.skipped(self, count))

    def shard(self, num_shards: Any, index: Any) -> Dataset:
        return _wrapped(builders.shard(self, num_shards, index))

    # ---- several as one, and back ------------------------------------------------------------------------------

    def batch(self, batch_size: Any, drop_remainder: Any = False) -> Dataset:
        return _wrapped(batch_builders.in_batches(self, batch_size, drop_remainder))

    def padded_batch(
        self,
        batch_size: Any,
        padded_shapes: Any,
        padding_values: Any = None,
        drop_remainder: Any = False,
    ) -> Dataset:
        made = batch_builders.in_padded_batches(
            self, batch_size, padded_shapes, padding_values, drop_remainder
        )
        return _wrapped(made)

    def unbatch(self) -> Dataset:
        def rows(first: Any, *rest: Any) -> Any:
            return to_batched_tensors(self.element_spec, (first, *rest) if rest else first)

        return _wrapped(batch_builders.rows(self.map(rows), self.element_spec))

    def window(
        self, size: Any, shift: Any = None, stride: Any = 1, drop_remainder: Any = False
    ) -> Dataset:
        given = (size, size if shift is None else shift, stride)
        return _wrapped(batch_builders.in_windows(self, given, drop_remainder, DatasetSpec))

    # ---- functions of elements -----------------------------------------------------------------------------------

    def map(self, map_func: Function, num_parallel_calls: Any = None) -> Dataset:
        return _wrapped(map_builders.mapped(self, map_func, num_parallel_calls))

    map_with_legacy_function = map

    def flat_map(self, map_func: Function) -> Dataset:
        return _wrapped(map_builders.flat_mapped(self, map_func))

    def interleave(
        self,
        map_func: Function,
        cycle_length: Any = AUTOTUNE,
        block_length: Any = 1,
        num_parallel_calls: Any = None,
    ) -> Dataset:
        made = map_builders.interleaved(
            self, map_func, cycle_length, block_length, num_parallel_calls
        )
        return _wrapped(made)

    def filter(self, predicate: Function) -> Dataset:
        return _wrapped(map_builders.filtered(self, predicate))

    filter_with_legacy_function = filter

    def apply(self, transformation_func: Callable[[Any], Any]) -> Dataset:
        dataset = transformation_func(self)
        if not isinstance(dataset, Dataset):
            raise TypeError(f"`transformation_func` must return a Dataset. Got {dataset}.")
        made = Made(dataset._variant_tensor, dataset.element_spec, [self], dataset._captured)
        return _wrapped(made)

    def reduce(self, initial_state: Any, reduce_func: Function) -> Any:
        return map_builders.reduced(self, initial_state, reduce_func)

    # ---- iterators -------------------------------------------------------------------------------------------------

    def _apply_options(self) -> Dataset:
        found: Dataset = builders.with_options_applied(self, _wrapped)
        return found

    def make_one_shot_iterator(self) -> Iterator:
        _warn_of_another_graph(self)
        return one_shot(self)

    def make_initializable_iterator(self, shared_name: str | None = None) -> Iterator:
        _warn_of_another_graph(self)
        return initializable(self, shared_name)

    _make_one_shot_iterator = make_one_shot_iterator
    _make_initializable_iterator = make_initializable_iterator


class DatasetV1Adapter(Dataset):
    """The class of datasets that methods give."""


def _wrapped(made: Made, options: Options | None = None) -> Dataset:
    return DatasetV1Adapter(made, options)


def _warn_of_another_graph(dataset: Dataset) -> None:
    graph = current_graph()
    if dataset._graph.outermost is not graph.outermost:
        logging.getLogger("tensorflow").warning(
            "The graph (%s) of the iterator is different from the graph (%s) the dataset: %s was created in.",
            graph,
            dataset._graph,
            dataset._variant_tensor,
        )


class DatasetSpec(TypeSpec):
    """A dataset as an element, or as what a function returns."""

    def __init__(self, element_spec: Any, dataset_shape: Any = ()) -> None:
        self.element_spec, self._shape = element_spec, as_shape(dataset_shape)

    @classmethod
    def from_value(cls, value: Any) -> DatasetSpec:
        return cls(value.element_spec)

    @property
    def value_type(self) -> Any:
        return Dataset

    def parts(self) -> tuple[Any, ...]:
        sizes = None if self._shape.known is None else tuple(self._shape.as_list())
        return tuple(nesting.flatten(self.element_spec)), sizes

    def __repr__(self) -> str:
        return f"DatasetSpec({self.element_spec!r}, {self._shape!r})"

    def flat_specs(self) -> list[TensorSpec]:
        return [TensorSpec(self._shape, variant)]

    def to_tensors(self, value: Any) -> list[Tensor]:
        return [value._variant_tensor]

    def to_batched_tensors(self, value: Any) -> list[Tensor]:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return self.to_tensors(value)

    def from_tensors(self, tensors: list[Tensor]) -> Any:
        return _wrapped(Made(tensors[0], self.element_spec))

    def batched(self, size: int | None) -> DatasetSpec:
        return DatasetSpec(self.element_spec, as_shape([size]).concatenate(self._shape))

    def unbatched(self) -> DatasetSpec:
        if self._shape.rank == 0:
            raise ValueError("Unbatching a dataset is only supported for rank >= 1")
        return DatasetSpec(self.element_spec, self._shape[1:])


# ---- functions beside the methods -----------------------------------------------------------------------------------


def make_one_shot_iterator(dataset: Dataset) -> Iterator:
    return dataset.make_one_shot_iterator()


def make_initializable_iterator(dataset: Dataset, shared_name: str | None = None) -> Iterator:
    return dataset.make_initializable_iterator(shared_name)


def get_structure(dataset_or_iterator: Any) -> Any:
    """The specs of the elements."""
    try:
        return dataset_or_iterator.element_spec
    except AttributeError:
        raise TypeError(
            "`dataset_or_iterator` must be a Dataset or Iterator object, "
            f"but got {type(dataset_or_iterator)}."
        ) from None


def get_output_types(dataset_or_iterator: Any) -> Any:
    return legacy_types(get_structure(dataset_or_iterator))


def get_output_shapes(dataset_or_iterator: Any) -> Any:
    return legacy_shapes(get_structure(dataset_or_iterator))


def get_output_classes(dataset_or_iterator: Any) -> Any:
    return legacy_classes(get_structure(dataset_or_iterator))


def from_variant(variant: Tensor, structure: Any) -> Dataset:
    return _wrapped(Made(variant, structure))


def to_variant(dataset: Dataset) -> Tensor:
    return dataset._variant_tensor
