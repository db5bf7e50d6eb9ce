"""The value behind a TensorArray's handle: elements that are written once, and the arrays of their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, UnimplementedError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape, as_shape

Array = np.ndarray[Any, Any]
#: elements beyond this index would be a mistake, not data
LIMIT = 1 << 28

UNWRITTEN, WRITTEN, CLEARED = range(3)


class _Element:
    """One place: what happened to it, its value, and its shape when only that is known."""

    __slots__ = ("read", "shape", "state", "value")

    def __init__(self) -> None:
        self.state = UNWRITTEN
        self.read = False
        self.value: Array | None = None
        self.shape: tuple[int, ...] | None = None


class TensorArrayValue:
    """Elements of one type, each written once and, unless kept, read once."""

    def __init__(
        self,
        name: str,
        dtype: DType,
        size: int,
        element_shape: TensorShape,
        dynamic: bool = False,
        clear: bool = True,
        identical: bool = False,
        adds: bool = False,
    ) -> None:
        if size < 0:
            raise InvalidArgumentError(message="Size should be >= 0.")
        if size > LIMIT:
            raise InvalidArgumentError(message=f"{name}: {size} elements are more than {LIMIT}")
        self.name, self.dtype, self.element_shape = name, dtype, element_shape
        self.dynamic, self.clear, self.identical = dynamic, clear, identical
        #: several writes to one place are added: so are gradients
        self.adds = adds
        self.closed = False
        self.elements = [_Element() for _ in range(size)]
        self.gradients: dict[str, TensorArrayValue] = {}

    def __len__(self) -> int:
        self._check_open()
        return len(self.elements)

    def _check_open(self) -> None:
        if self.closed:
            raise InvalidArgumentError(message=f"{self.name} has already been closed.")

    def close(self) -> None:
        self.closed = True
        self.elements.clear()

    # ---- writing -----------------------------------------------------------------------------------

    def write(self, index: int, value: Array) -> None:
        self._check_open()
        if value.dtype != self.dtype.numpy:
            raise InvalidArgumentError(
                message=f"TensorArray dtype is {self.dtype.name} but Op is trying to write dtype {value.dtype}."
            )
        if self.dynamic and len(self.elements) <= index < LIMIT:
            self.elements.extend(_Element() for _ in range(index + 1 - len(self.elements)))
        if not 0 <= index < len(self.elements):
            raise InvalidArgumentError(
                message=f"{self.name}: Tried to write to index {index} but array is not resizeable and "
                f"size is: {len(self.elements)}"
            )
        self._fit(index, value)
        element = self.elements[index]
        if element.read:
            self._refuse_write(index, "read")
        if element.state == WRITTEN and not self.adds:
            self._refuse_write(index, "written to")
        if element.state == WRITTEN and element.value is not None:
            if element.value.shape != value.shape:
                raise InvalidArgumentError(
                    message=f"{self.name}: Could not aggregate to TensorArray index {index} because the "
                    f"existing shape is {list(element.value.shape)} but the new input shape is {list(value.shape)}."
                )
            value = np.asarray(element.value + value)
        element.state, element.value, element.shape = WRITTEN, value, value.shape

    def _refuse_write(self, index: int, why: str) -> None:
        raise InvalidArgumentError(
            message=f"{self.name}: Could not write to TensorArray index {index} because it has already been {why}."
        )

    def _fit(self, index: int, value: Array) -> None:
        if not self.element_shape.is_compatible_with(value.shape):
            raise InvalidArgumentError(
                message=f"{self.name}: Could not write to TensorArray index {index} because the value shape is "
                f"{list(value.shape)} which is incompatible with the TensorArray's inferred element shape: "
                f"{self.element_shape} (consider setting infer_shape=False)."
            )
        if self.identical:
            self.element_shape = self.element_shape.merge_with(as_shape(value.shape))

    def scatter(self, indices: Sequence[int], values: Array) -> None:
        self._check_open()
        if len(indices) != len(values):
            raise InvalidArgumentError(
                message=f"Expected len(indices) == values.shape[0], but saw: {len(indices)} vs. {len(values)}"
            )
        top = max(indices, default=-1)
        if top >= len(self.elements) and not self.dynamic:
            raise InvalidArgumentError(
                message=f"Max scatter index must be < array size ({top} vs. {len(self.elements)})"
            )
        for index, value in zip(indices, values, strict=True):
            self.write(index, np.asarray(value, self.dtype.numpy))

    def split(self, value: Array, lengths: Array) -> None:
        self._check_open()
        if lengths.ndim != 1:
            raise InvalidArgumentError(
                message=f"Expected lengths to be a vector, received shape: {list(lengths.shape)}"
            )
        if value.ndim < 1:
            raise InvalidArgumentError(message="Expected value to be at least a vector")
        if (lengths < 0).any() or int(lengths.sum()) != len(value):
            raise InvalidArgumentError(
                message="Expected sum of lengths to be equal to values.shape[0], but sum of lengths is "
                f"{int(lengths.sum())} and value's shape is: {list(value.shape)}"
            )
        if len(lengths) != len(self.elements) and not (
            self.dynamic and len(lengths) > len(self.elements)
        ):
            raise InvalidArgumentError(
                message=f"TensorArray's size is not equal to the size of lengths ({len(self.elements)} vs. "
                f"{len(lengths)}), and the TensorArray is not marked as dynamically resizeable"
            )
        for index, part in enumerate(np.split(value, np.cumsum(lengths)[:-1])):
            self.write(index, part)

    # ---- reading -----------------------------------------------------------------------------------

    def read(self, index: int) -> Array:
        self._check_open()
        if not 0 <= index < len(self.elements):
            raise InvalidArgumentError(
                message=f"Tried to read from index {index} but array size is: {len(self.elements)}"
            )
        element = self.elements[index]
        if element.state == CLEARED:
            raise InvalidArgumentError(
                message=f"{self.name}: Could not read index {index} twice because it was cleared after a "
                "previous read (perhaps try setting clear_after_read = false?)."
            )
        value = self._zeros(index, element) if element.value is None else element.value
        element.read = True
        if self.clear:
            element.state, element.value = CLEARED, None
        return value

    def _zeros(self, index: int, element: _Element) -> Array:
        """What a place holds that nobody wrote to."""
        sizes = element.shape
        if sizes is None:
            if not self.element_shape.is_static:
                raise InvalidArgumentError(
                    message=f"{self.name}: Could not read from TensorArray index {index}.  Furthermore, the "
                    f"element shape is not fully defined: {self.element_shape}.  It is possible you are working "
                    "with a resizeable TensorArray and stop_gradients is not allowing the gradients to be "
                    "written.  If you set the full element_shape property on the forward TensorArray, the proper "
                    "all-zeros tensor will be returned instead of incurring this error."
                )
            sizes = self.element_shape.as_tuple()
        return np.full(sizes, b"" if self.dtype.kind == "s" else 0, self.dtype.numpy)

    def gather(self, indices: Sequence[int], element_shape: TensorShape) -> Array:
        """The elements one above the other."""
        self._check_open()
        if not len(indices):
            shape = self.element_shape.merge_with(element_shape)
            if not shape.is_static:
                raise UnimplementedError(
                    message=f"TensorArray has size zero, but element shape {shape} is not fully defined. "
                    "Currently only static shapes are supported when packing zero-size TensorArrays."
                )
            return np.empty((0, *shape.as_tuple()), self.dtype.numpy)
        values = [self.read(i) for i in indices]
        for i, value in enumerate(values[1:], 1):
            if value.shape != values[0].shape:
                raise InvalidArgumentError(
                    message=f"TensorArray has inconsistent shapes.  Index 0 has shape: {list(values[0].shape)} "
                    f"but index {i} has shape: {list(value.shape)}"
                )
        return np.stack(values)

    def concat(self, rest: TensorShape) -> tuple[Array, Array]:
        """The elements one after the other along their first axis, and how long each is."""
        self._check_open()
        if not self.elements:
            known = self.element_shape[1:] if self.element_shape.known is not None else rest
            shape = known.merge_with(rest)
            if not shape.is_static:
                raise UnimplementedError(
                    message=f"TensorArray has size zero, but element_shape_except0 {shape} is not fully defined. "
                    "Currently only static shapes are supported when concatenating zero-size TensorArrays."
                )
            return np.empty((0, *shape.as_tuple()), self.dtype.numpy), np.empty(0, np.int64)
        values = [self.read(i) for i in range(len(self.elements))]
        for i, value in enumerate(values):
            if value.ndim == 0:
                raise InvalidArgumentError(
                    message=f"Concat saw a scalar shape at index {i} but requires at least vectors.  "
                    "Did you mean to call pack?"
                )
            if value.shape[1:] != values[0].shape[1:]:
                raise InvalidArgumentError(
                    message="TensorArray has inconsistent shapes.  Index 0 has (excepting dimension 0) shape: "
                    f"{list(values[0].shape[1:])} but index {i} has (excepting dimension 0) shape: {list(value.shape[1:])}"
                )
        return np.concatenate(values), np.array([len(v) for v in values], np.int64)

    # ---- gradients ---------------------------------------------------------------------------------

    def gradient(self, source: str, leading: tuple[int, ...] = ()) -> TensorArrayValue:
        """The array of the gradients of the elements, one for each call of tf.gradients."""
        self._check_open()
        found = self.gradients.get(source)
        if found is not None:
            return found
        made = TensorArrayValue(
            f"{self.name}@{source}",
            self.dtype,
            len(self.elements),
            TensorShape(leading).concatenate(self.element_shape),
            # each of several writes to one place reads the gradient of their sum
            clear=not self.adds,
            identical=self.identical,
            adds=True,
        )
        for theirs, ours in zip(made.elements, self.elements, strict=True):
            theirs.shape = None if ours.shape is None else (*leading, *ours.shape)
        self.gradients[source] = made
        return made
