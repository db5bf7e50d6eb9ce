"""tf.data.Iterator: a session's way through the elements of a dataset."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from typing import Any

from graphflow.frontend.data import nesting
from graphflow.frontend.data.elements import (
    completed,
    declared,
    flat_specs,
    from_legacy,
    from_tensors,
    legacy_classes,
    legacy_shapes,
    legacy_types,
    loose,
)
from graphflow.frontend.data.one_shot import factory_of
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor

NAMESPACES = {"data": ["Iterator"], "contrib.data": ["Iterator"]}
__all__: list[str] = []

#: more get_next() calls than this look like a loop that grows the graph
MANY_CALLS = 32


class Iterator:
    """The elements of a dataset, one in each run."""

    def __init__(
        self,
        iterator_resource: Tensor,
        initializer: Node | None,
        output_types: Any,
        output_shapes: Any,
        output_classes: Any,
    ) -> None:
        if output_types is None or output_shapes is None or output_classes is None:
            raise ValueError(
                "If `structure` is not specified, all of `output_types`, `output_shapes`, "
                "and `output_classes` must be specified."
            )
        self._iterator_resource, self._initializer = iterator_resource, initializer
        self._element_spec = from_legacy(output_types, output_shapes, output_classes)
        self._string_handle = raw.IteratorToStringHandle(iterator_resource)
        self._get_next_call_count = 0
        current_graph().add_to_collection("iterators", iterator_resource)

    @staticmethod
    def from_structure(
        output_types: Any,
        output_shapes: Any = None,
        shared_name: str | None = None,
        output_classes: Any = None,
    ) -> Iterator:
        """An iterator over whichever dataset of that structure `make_initializer` names."""
        told = completed(output_types, output_shapes, output_classes)
        attrs = declared(from_legacy(*told))
        with _on_the_cpu():
            handle = raw.IteratorV2(container="", shared_name=shared_name or "", **attrs)
        return Iterator(handle, None, *told)

    @staticmethod
    def from_string_handle(
        string_handle: Any, output_types: Any, output_shapes: Any = None, output_classes: Any = None
    ) -> Iterator:
        """The iterator whose `string_handle()` is fed."""
        told = completed(output_types, output_shapes, output_classes)
        handle = convert(string_handle, string)
        with _on_the_cpu():
            found = raw.IteratorFromStringHandleV2(handle, **declared(from_legacy(*told)))
        return Iterator(found, None, *told)

    @property
    def initializer(self) -> Node:
        if self._initializer is None:
            raise ValueError("Iterator does not have an initializer.")
        return self._initializer

    def make_initializer(self, dataset: Any, name: str | None = None) -> Node:
        """A node that starts the iterator at the first element of `dataset`."""
        with build.name_scope(name, "make_initializer") as scope:
            self._check(dataset)
        with current_graph().colocate_with(self._iterator_resource):
            made: Node = raw.MakeIterator(
                dataset._variant_tensor, self._iterator_resource, name=scope
            )
        return made

    def _check(self, dataset: Any) -> None:
        spec = dataset.element_spec
        nesting.check_same(self._element_spec, spec)
        for what, of in (("types", legacy_types), ("classes", legacy_classes)):
            ours, theirs = of(self._element_spec), of(spec)
            if nesting.flatten(ours) != nesting.flatten(theirs):
                raise TypeError(
                    f"Expected output {what} {ours!r} but got dataset with output {what} {theirs!r}."
                )
        ours, theirs = legacy_shapes(self._element_spec), legacy_shapes(spec)
        for a, b in zip(nesting.flatten(ours), nesting.flatten(theirs), strict=True):
            if not a.is_compatible_with(b):
                raise TypeError(
                    f"Expected output shapes compatible with {ours!r} but got dataset with output "
                    f"shapes {theirs!r}."
                )

    def get_next(self, name: str | None = None) -> Any:
        """The tensors of the next element; each run takes one, at the end OutOfRangeError."""
        self._get_next_call_count += 1
        if self._get_next_call_count > MANY_CALLS:
            warnings.warn(
                "An unusually high number of `Iterator.get_next()` calls was detected. Each call adds a node to "
                "the graph: call it once, before the loop, and run what it returns again and again.",
                stacklevel=2,
            )
        specs = flat_specs(self._element_spec)
        made = raw.IteratorGetNext(
            self._iterator_resource,
            output_types=[s.dtype for s in specs],
            output_shapes=loose([s.shape for s in specs]),
            name=name,
        )
        return from_tensors(self._element_spec, made)

    def string_handle(self, name: str | None = None) -> Tensor:
        if name is None:
            return self._string_handle
        found: Tensor = raw.IteratorToStringHandle(self._iterator_resource, name=name)
        return found

    @property
    def element_spec(self) -> Any:
        return self._element_spec

    @property
    def output_types(self) -> Any:
        return legacy_types(self._element_spec)

    @property
    def output_shapes(self) -> Any:
        return legacy_shapes(self._element_spec)

    @property
    def output_classes(self) -> Any:
        return legacy_classes(self._element_spec)


def _on_the_cpu() -> Any:
    graph = current_graph()
    return nullcontext() if graph.devices else graph.device("/cpu:0")


def initializable(dataset: Any, shared_name: str | None) -> Iterator:
    """An iterator that starts when its initializer runs."""
    final = dataset._apply_options()
    attrs = declared(dataset.element_spec)
    handle = raw.IteratorV2(container="", shared_name=shared_name or "", **attrs)
    with current_graph().colocate_with(handle):
        initializer = raw.MakeIterator(final._variant_tensor, handle)
    return _over(handle, initializer, dataset)


def one_shot(dataset: Any) -> Iterator:
    """An iterator that starts by itself, once in a session."""
    factory = factory_of(dataset)
    handle = raw.OneShotIterator(dataset_factory=factory, **declared(dataset.element_spec))
    return _over(handle, None, dataset)


def _over(handle: Tensor, initializer: Node | None, dataset: Any) -> Iterator:
    spec = dataset.element_spec
    return Iterator(
        handle, initializer, legacy_types(spec), legacy_shapes(spec), legacy_classes(spec)
    )
