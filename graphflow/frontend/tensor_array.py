"""TensorArray: elements that are written and read one by one, in loops above all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ops import idioms
from graphflow.ops.tensor_arrays import fresh

__all__ = ["TensorArray"]
NAMESPACES = {"python.ops.tensor_array_ops": ["TensorArray"]}


class TensorArray:
    """An array of tensors of one type. A write gives a new object, whose `flow` says that it happened."""

    def __init__(
        self,
        dtype: Any,
        size: Any = None,
        dynamic_size: bool | None = None,
        clear_after_read: bool | None = None,
        tensor_array_name: str | None = None,
        handle: Any = None,
        flow: Any = None,
        infer_shape: bool = True,
        element_shape: Any = None,
        colocate_with_first_write_call: bool = True,
        name: str | None = None,
    ) -> None:
        _check_arguments(
            handle, size, tensor_array_name, element_shape, dynamic_size, clear_after_read
        )
        self._dynamic_size = bool(dynamic_size)
        self._dtype = as_dtype(dtype).base_dtype
        self._infer_shape = infer_shape
        self._colocates = colocate_with_first_write_call
        # lists, as all objects of one array share what is learnt of it
        self._beside: list[Tensor] = []
        self._known_shape = [as_shape(element_shape)]
        with build.name_scope(name, "TensorArray", [handle, size, flow]) as scope:
            if handle is not None:
                if flow is None:
                    raise ValueError("flow must not be None if handle is not None.")
                self._handle, self._flow = handle, flow
                return
            graph = build.current_graph()
            free = graph.colocate_with(None) if self._colocates else nullcontext()
            with graph.device(None) if self._colocates else nullcontext(), free:
                self._handle, self._flow = raw.TensorArrayV3(
                    size,
                    dtype=self._dtype,
                    element_shape=as_shape(element_shape),
                    identical_element_shapes=infer_shape,
                    dynamic_size=self._dynamic_size,
                    clear_after_read=True if clear_after_read is None else clear_after_read,
                    tensor_array_name=tensor_array_name or "",
                    name=scope,
                )

    @property
    def flow(self) -> Tensor:
        """A number that is there when all writes so far have happened."""
        found: Tensor = self._flow
        return found

    @property
    def handle(self) -> Tensor:
        found: Tensor = self._handle
        return found

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def dynamic_size(self) -> bool:
        return self._dynamic_size

    @property
    def element_shape(self) -> TensorShape:
        return self._known_shape[0]

    @property
    def _element_shape(self) -> TensorShape:
        return self._known_shape[0]

    def with_flow(self, flow: Tensor) -> TensorArray:
        """The same array after what `flow` stands for."""
        made = TensorArray(
            self._dtype,
            handle=self._handle,
            flow=flow,
            infer_shape=self._infer_shape,
            colocate_with_first_write_call=self._colocates,
        )
        made._dynamic_size = self._dynamic_size
        made._beside, made._known_shape = self._beside, self._known_shape
        return made

    def identity(self) -> TensorArray:
        """The same array, after the control dependencies that surround this call."""
        return self.with_flow(raw.Identity(self._flow))

    def grad(self, source: str, flow: Any = None, name: str | None = None) -> TensorArray:
        """The array of the gradients of the elements, of the call of tf.gradients called `source`."""
        after = self._flow if flow is None else flow
        with build.name_scope(name, "TensorArrayGrad", [self._handle]):
            graph = build.current_graph()
            with graph.colocate_with(self._handle):
                handle, _ = raw.TensorArrayGradV3(self._handle, after, source=source, name=name)
                with graph.control_dependencies([handle]):
                    after = raw.Identity(after, name="gradient_flow")
                made = TensorArray(
                    self._dtype,
                    handle=handle,
                    flow=after,
                    infer_shape=self._infer_shape,
                    colocate_with_first_write_call=False,
                )
                made._known_shape = self._known_shape
                return made

    def read(self, index: Any, name: str | None = None) -> Tensor:
        """Element `index`."""
        value: Tensor = raw.TensorArrayReadV3(
            self._handle, index, self._flow, dtype=self._dtype, name=name
        )
        value.set_shape(fresh(self.element_shape))
        return value

    def write(self, index: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array after element `index` was set."""
        with build.name_scope(name, "TensorArrayWrite", [self._handle, index, value]):
            value = convert(value, hint=self._dtype, name="value")
            self._learn(value.shape)
            with self._beside_first(value):
                flow = raw.TensorArrayWriteV3(self._handle, index, value, self._flow, name=name)
            return self.with_flow(flow)

    def stack(self, name: str | None = None) -> Tensor:
        """All elements, one above the other."""
        with (
            build.current_graph().colocate_with(self._handle),
            build.name_scope(name, "TensorArrayStack", [self._handle]),
        ):
            return self.gather(_range(self.size()), name=name)

    def gather(self, indices: Any, name: str | None = None) -> Tensor:
        """The elements `indices`, one above the other."""
        value: Tensor = raw.TensorArrayGatherV3(
            self._handle,
            indices,
            self._flow,
            dtype=self._dtype,
            element_shape=self.element_shape,
            name=name,
        )
        if self.element_shape.known is not None:
            value.set_shape(TensorShape([None]).concatenate(fresh(self.element_shape)))
        return value

    def concat(self, name: str | None = None) -> Tensor:
        """All elements, one after the other along their first axis."""
        known = self.element_shape
        rest = known[1:] if known.known is not None else known
        value: Tensor
        value, _ = raw.TensorArrayConcatV3(
            self._handle, self._flow, dtype=self._dtype, element_shape_except0=rest, name=name
        )
        if known.known is not None:
            value.set_shape(TensorShape([None]).concatenate(fresh(rest)))
        return value

    def unstack(self, value: Any, name: str | None = None) -> TensorArray:
        """The array after its elements were set to the rows of `value`."""
        with build.name_scope(name, "TensorArrayUnstack", [self._handle, value]):
            count = idioms.shape(value)[0]
            return self.scatter(_range(count), value, name=name)

    def scatter(self, indices: Any, value: Any, name: str | None = None) -> TensorArray:
        """The array after elements `indices` were set to the rows of `value`."""
        with build.name_scope(name, "TensorArrayScatter", [self._handle, value, indices]):
            value = convert(value, hint=self._dtype, name="value")
            self._learn(value.shape[1:])
            with self._beside_first(value):
                flow = raw.TensorArrayScatterV3(self._handle, indices, value, self._flow, name=name)
            return self.with_flow(flow)

    def split(self, value: Any, lengths: Any, name: str | None = None) -> TensorArray:
        """The array after its elements were set to parts of `value` of these lengths."""
        with build.name_scope(name, "TensorArraySplit", [self._handle, value, lengths]):
            value = convert(value, self._dtype, name="value")
            with self._beside_first(value):
                long_lengths = idioms.cast(lengths, int64)
                known = constant_value(long_lengths)
                even = (
                    known is not None and known.ndim and known.size and known.max() == known.min()
                )
                if even and value.shape.known is not None:
                    assert known is not None
                    self._learn(TensorShape([int(known[0])]).concatenate(value.shape[1:]))
                flow = raw.TensorArraySplitV3(
                    self._handle, value, long_lengths, self._flow, name=name
                )
            return self.with_flow(flow)

    def size(self, name: str | None = None) -> Tensor:
        """The number of elements."""
        size: Tensor = raw.TensorArraySizeV3(self._handle, self._flow, name=name)
        return size

    def close(self, name: str | None = None) -> Node:
        """Forget the elements."""
        node: Node = raw.TensorArrayCloseV3(self._handle, name=name)
        return node

    def _learn(self, shape: TensorShape) -> None:
        """Check the shape of an element, and keep it for all if all are alike."""
        if not shape.is_compatible_with(self.element_shape):
            raise ValueError(f"Inconsistent shapes: saw {shape} but expected {self.element_shape} ")
        if self._infer_shape:
            self._known_shape[0] = fresh(self.element_shape.merge_with(shape))

    @contextmanager
    def _beside_first(self, value: Tensor) -> Iterator[None]:
        """New nodes go where the first value that was written is."""
        if not self._colocates:
            yield
            return
        if not self._beside:
            self._beside.append(value)
        with build.current_graph().colocate_with(self._beside[0]):
            yield


def _check_arguments(
    handle: Any, size: Any, name: Any, element_shape: Any, dynamic_size: Any, clear_after_read: Any
) -> None:
    if handle is None:
        if size is None:
            raise ValueError("Size must be provided if handle is not provided")
        return
    if name:
        raise ValueError("Cannot construct with both handle and tensor_array_name")
    if not isinstance(handle, Tensor):
        raise TypeError("Handle must be a Tensor")
    given = {
        "size": size,
        "element_shape": element_shape,
        "dynamic_size": dynamic_size,
        "clear_after_read": clear_after_read,
    }
    for what, value in given.items():
        if value is not None:
            raise ValueError(f"Cannot provide both a handle and {what} at the same time")


def _range(limit: Any) -> Tensor:
    """0, 1, ... as tf.range makes them."""
    with build.name_scope(None, "range", [limit]) as scope:
        start = convert(0, name="start")
        limit = convert(limit, name="limit")
        numbers: Tensor = raw.Range(start, limit, convert(1, name="delta"), name=scope)
        return numbers
