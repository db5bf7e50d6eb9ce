"""A variable in parts, which lie side by side along one axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.arrays import concat, split

__all__: list[str] = []


class PartitionInfo:
    """Of which whole a part is made, and where in it the part begins: what initialisers want to know."""

    def __init__(self, full_shape: Sequence[int], var_offset: Sequence[int]) -> None:
        for what, value in (("full_shape", full_shape), ("var_offset", var_offset)):
            if not isinstance(value, Sequence) or isinstance(value, str):
                raise TypeError(
                    f"`{what}` must be a sequence (like tuple or list) instead of {type(value).__name__}"
                )
        if len(var_offset) != len(full_shape):
            raise ValueError(
                f"Expected equal length, but `var_offset` is of length {len(var_offset)} while "
                f"full_shape is of length {len(full_shape)}."
            )
        for offset, size in zip(var_offset, full_shape, strict=True):
            if not 0 <= offset < size:
                raise ValueError(
                    f"Expected 0 <= offset < shape but found offset={offset}, shape={size} for "
                    f"var_offset={var_offset}, full_shape={full_shape}"
                )
        self.full_shape, self.var_offset = full_shape, var_offset

    def single_slice_dim(self, shape: Sequence[int]) -> int | None:
        """The one axis along which a part of this shape is smaller than the whole."""
        if len(shape) != len(self.full_shape):
            raise ValueError(
                f"Expected equal length, but received shape={shape} of length {len(shape)} while "
                f"self.full_shape={self.full_shape} is of length {len(self.full_shape)}."
            )
        cut = [i for i, size in enumerate(shape) if size != self.full_shape[i]]
        for i, size in enumerate(shape):
            if self.var_offset[i] + size > self.full_shape[i]:
                raise ValueError(
                    f"With self.var_offset={self.var_offset}, a partition of shape={shape} would exceed "
                    f"self.full_shape={self.full_shape} in dimension {i}."
                )
        if len(cut) > 1:
            raise ValueError(
                f"Cannot use single_slice_dim() with shape={shape} and self.full_shape={self.full_shape} "
                f"since slice dim could be either dimension {cut[0]} or {cut[1]}."
            )
        return cut[0] if cut else None

    def single_offset(self, shape: Sequence[int]) -> int:
        """Where a part of this shape begins along the axis that is cut."""
        axis = self.single_slice_dim(shape)
        return 0 if axis is None else self.var_offset[axis]


class PartitionedVariable:
    """Variables that are parts of one; as a tensor they are joined."""

    def __init__(
        self,
        name: str,
        shape: Any,
        dtype: DType,
        variable_list: Sequence[Any],
        partitions: Sequence[int],
    ) -> None:
        for what, value in (("variable_list", variable_list), ("partitions", partitions)):
            if not isinstance(value, list | tuple):
                raise TypeError(f"{what} is not a list or tuple: {value}")
        if not all(p >= 1 for p in partitions):
            raise ValueError(f"partition values must be positive: {partitions}")
        if not variable_list:
            raise ValueError("variable_list may not be empty")
        if len(shape) != len(partitions):
            raise ValueError(f"len(shape) != len(partitions): {shape} vs. {partitions}")
        for part in variable_list:
            info = part._get_save_slice_info()
            if info is None:
                raise ValueError(
                    f"All variables must have a save_slice_info available: {part.name}"
                )
            if TensorShape(info.full_shape) != TensorShape(shape):
                raise ValueError(
                    f"All variables' full shapes must match shape: {shape}; "
                    f"but full shapes were: {info.full_shape}"
                )
        self._variable_list = sorted(
            variable_list, key=lambda v: v._get_save_slice_info().var_offset
        )
        self._name, self._shape, self._dtype = name, shape, dtype
        self._partitions = partitions

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtype(self) -> DType:
        return self._dtype

    @property
    def shape(self) -> TensorShape:
        return self.get_shape()

    @property
    def graph(self) -> Graph:
        found: Graph = self._variable_list[0].graph
        return found

    def get_shape(self) -> TensorShape:
        return TensorShape(self._shape)

    def _get_variable_list(self) -> list[Any]:
        return self._variable_list

    def _get_partitions(self) -> Sequence[int]:
        return self._partitions

    def __iter__(self) -> Iterator[Any]:
        return iter(self._variable_list)

    def __len__(self) -> int:
        axes = self._partition_axes()
        if len(axes) > 1:
            raise ValueError(f"Cannot get a length for {len(axes)} > 1 partition axes")
        return len(self._variable_list)

    def _partition_axes(self) -> list[int]:
        return [i for i, p in enumerate(self._partitions) if p > 1] or [0]

    def _one_axis(self) -> int:
        axes = self._partition_axes()
        if len(axes) > 1:
            raise NotImplementedError(
                f"Cannot concatenate along more than one dimension: {axes}. "
                "Multi-axis partition concat is not supported"
            )
        return axes[0]

    def as_tensor(self) -> Tensor:
        """The parts joined, by nodes that wait for nothing and lie outside of all loops."""
        with init_scope():
            graph = current_graph()
            if len(self._variable_list) == 1:
                whole: Any = self._variable_list[0]
            else:
                axis = self._one_axis()
                with graph.name_scope(self._name + "/ConcatPartitions/"):
                    whole = concat(self._variable_list, axis)
            with graph.name_scope(None):
                tensor: Tensor = raw.Identity(whole, name=self._name)
                return tensor

    def _as_tensor(self, dtype: DType | None, name: str | None, as_ref: bool) -> Tensor:
        if dtype is not None and not dtype.is_compatible_with(self._dtype):
            raise ValueError(
                f"Incompatible type conversion requested to type '{dtype.name}' for variable "
                f"of type '{self._dtype.name}'"
            )
        if as_ref:
            raise NotImplementedError(
                "PartitionedVariable doesn't support being used as a reference."
            )
        return self.as_tensor()

    # ---- writing -----------------------------------------------------------------------------------

    def _each(self, write: Callable[[Any, Any], Any], value: Any, read_value: bool) -> list[Any]:
        """What `write` makes of each part and its share of the value."""
        axis = self._one_axis()
        if isinstance(value, list | PartitionedVariable):
            shares = list(value)
        else:
            sizes = [v.shape.as_list()[axis] for v in self._variable_list]
            shares = split(value, sizes, axis=axis)
        written = [write(v, s) for v, s in zip(self._variable_list, shares, strict=True)]
        return written if read_value else [w.op for w in written]

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        return self._each(lambda v, s: v.assign(s, use_locking, name), value, read_value)

    def assign_add(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        return self._each(lambda v, s: v.assign_add(s, use_locking, name), value, read_value)

    def assign_sub(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> list[Any]:
        return self._each(lambda v, s: v.assign_sub(s, use_locking, name), value, read_value)


def partitions_of(partitioner: Any, shape: TensorShape, dtype: DType) -> list[int]:
    """Into how many parts a partitioner wants each axis cut: more than one for one axis at most."""
    if not shape.is_static:
        raise ValueError(
            f"Shape of a new partitioned variable must be fully defined, but instead was {shape}."
        )
    if len(shape) < 1:
        raise ValueError(f"A partitioned Variable must have rank at least 1, shape: {shape}")
    found = partitioner(shape=shape, dtype=dtype)
    if not isinstance(found, Sequence):
        raise ValueError(f"Partitioner must return a sequence, but saw: {found}")
    if len(found) != len(shape):
        raise ValueError(
            f"Partitioner returned a partition list that does not match the Variable's rank: {found} vs. {shape}"
        )
    if any(p < 1 for p in found):
        raise ValueError(f"Partitioner returned zero partitions for some axes: {found}")
    if sum(p > 1 for p in found) > 1:
        raise ValueError(
            f"Can only slice a variable along one dimension: shape: {shape}, partitioning: {found}"
        )
    return list(found)


def parts_of(
    shape: Sequence[int], partitions: Sequence[int]
) -> Iterator[tuple[list[int], list[int]]]:
    """(offset, shape) of each part: the first ones are longer where it does not come out even."""
    axis = next((i for i, p in enumerate(partitions) if p > 1), 0)
    count = partitions[axis]
    length, longer = divmod(shape[axis], count)
    offset = [0] * len(shape)
    for i in range(count):
        part = list(shape)
        part[axis] = length + (i < longer)
        yield list(offset), part
        offset[axis] += part[axis]
