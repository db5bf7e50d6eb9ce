"""How variables behind handles are written and read in parts."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from graphflow.frontend.batch_scatter import batch_scatter_update
from graphflow.frontend.variable_base import Variable, accessed
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor


def _refused(sign: str) -> Any:
    def operator(self: Any, other: Any) -> Any:
        raise RuntimeError(
            f"Variable {sign}= value not supported. Use `variable.assign(variable {sign} value)` to modify the "
            f"variable or `variable = variable {sign} value` to get a new Tensor object."
        )

    return operator


class ResourceMethods(Variable):
    """Assignments, scatters and gathers; what is written comes back as a variable yet to be read."""

    @property
    def handle(self) -> Tensor:
        raise NotImplementedError

    def _lazy_read(self, op: Node) -> Any:
        raise NotImplementedError

    def _after_cached(self) -> AbstractContextManager[Any]:
        raise NotImplementedError

    # ---- the whole -----------------------------------------------------------------------------------

    def assign(
        self,
        value: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        tensor = convert(value, self.dtype)
        self.shape.assert_is_compatible_with(tensor.shape)
        op = raw.AssignVariableOp(self.handle, tensor, name=name)
        return self._lazy_read(op) if read_value else op

    def assign_add(
        self,
        delta: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        with self._after_cached():
            op = raw.AssignAddVariableOp(self.handle, convert(delta, self.dtype), name=name)
        return self._lazy_read(op) if read_value else op

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool | None = None,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        with self._after_cached():
            op = raw.AssignSubVariableOp(self.handle, convert(delta, self.dtype), name=name)
        return self._lazy_read(op) if read_value else op

    def count_up_to(self, limit: int) -> Tensor:
        tensor: Tensor = raw.ResourceCountUpTo(self.handle, limit=limit, T=self.dtype)
        return tensor

    # ---- rows ----------------------------------------------------------------------------------------

    def _scatter(self, op: str, sparse_delta: Any, name: str | None) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        values = convert(sparse_delta.values, self.dtype)
        node = getattr(raw, op)(self.handle, sparse_delta.indices, values, name=name)
        return self._lazy_read(node)

    def scatter_add(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterAdd", sparse_delta, name)

    def scatter_sub(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterSub", sparse_delta, name)

    def scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterUpdate", sparse_delta, name)

    def scatter_mul(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterMul", sparse_delta, name)

    def scatter_div(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterDiv", sparse_delta, name)

    def scatter_max(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterMax", sparse_delta, name)

    def scatter_min(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        return self._scatter("ResourceScatterMin", sparse_delta, name)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: str | None = None
    ) -> Any:
        if not isinstance(sparse_delta, IndexedSlices):
            raise TypeError(f"sparse_delta is not IndexedSlices: {sparse_delta}")
        written = batch_scatter_update(
            self, sparse_delta.indices, sparse_delta.values, use_locking, name
        )
        return self._lazy_read(written.op)

    # ---- elements and slices -----------------------------------------------------------------------------

    def _scatter_nd(self, op: str, indices: Any, updates: Any, name: str | None) -> Any:
        values = convert(updates, self.dtype)
        return self._lazy_read(getattr(raw, op)(self.handle, indices, values, name=name))

    def scatter_nd_add(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return self._scatter_nd("ResourceScatterNdAdd", indices, updates, name)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return self._scatter_nd("ResourceScatterNdSub", indices, updates, name)

    def scatter_nd_update(self, indices: Any, updates: Any, name: str | None = None) -> Any:
        return self._scatter_nd("ResourceScatterNdUpdate", indices, updates, name)

    def _scatter_nd_update(self, indices: Any, updates: Any, use_locking: bool) -> Any:
        return self.scatter_nd_update(indices, updates)

    def _strided_slice_assign(
        self, begin: Any, end: Any, strides: Any, value: Any, name: str | None, **masks: int
    ) -> Any:
        with self._after_cached():
            part = convert(value, self.dtype)
            node = raw.ResourceStridedSliceAssign(
                self.handle, begin, end, strides, part, name=name, **masks
            )
            return self._lazy_read(node)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """The rows that `indices` name; the others are not read."""
        with build.name_scope(name, "Gather") as scope:
            accessed(self)
            value = raw.ResourceGather(self.handle, indices, dtype=self.dtype, name=scope)
        tensor: Tensor = raw.Identity(value)
        return tensor

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """The elements or slices at the given coordinates."""
        with build.name_scope(name, "GatherNd") as scope:
            accessed(self)
            value = raw.ResourceGatherNd(self.handle, indices, dtype=self.dtype, name=scope)
        tensor: Tensor = raw.Identity(value)
        return tensor

    __iadd__ = _refused("+")
    __isub__ = _refused("-")
    __imul__ = _refused("*")
    __idiv__ = _refused("/")
    __itruediv__ = _refused("/")
    __ipow__ = _refused("**")
