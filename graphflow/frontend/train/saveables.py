"""What a saver saves: tensors under names, and how each is given back its value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.partitioned_variables import PartitionedVariable
from graphflow.frontend.resource_variables import BaseResourceVariable
from graphflow.frontend.variables import Variable
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert, is_tensor_like
from graphflow.ir.node import Tensor
from graphflow.ops.idioms import shape as shape_of

_BY_REFERENCE = ("Variable", "VariableV2")
_VARIABLE_OPS = (*_BY_REFERENCE, "VarHandleOp", "ReadVariableOp")


class SaveSpec:
    """One tensor in a checkpoint: its name there, and of which whole it is a slice."""

    def __init__(
        self, tensor: Any, slice_spec: str, name: str, dtype: Any = None, device: Any = None
    ) -> None:
        self._tensor, self.slice_spec, self.name = tensor, slice_spec, name
        if callable(tensor):
            if dtype is None or device is None:
                raise AssertionError("a SaveSpec that calls for its tensor needs dtype and device")
            self.dtype, self.device = dtype, device
        else:
            self.dtype, self.device = tensor.dtype, tensor.device

    @property
    def tensor(self) -> Any:
        return self._tensor() if callable(self._tensor) else self._tensor


class SaveableObject:
    """Something with a state: the tensors that are saved for it, and the op that restores it from them."""

    def __init__(self, op: Any, specs: list[SaveSpec], name: str) -> None:
        self.op, self.specs, self.name = op, specs, name

    @property
    def optional_restore(self) -> bool:
        return False

    @property
    def device(self) -> str:
        device: str = self.specs[0].device
        return device

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        raise ValueError(f"{type(self).__name__} does not say how it is restored")


class ReferenceVariableSaveable(SaveableObject):
    """A variable that is passed by reference."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        super().__init__(var, [SaveSpec(var, slice_spec, name, var.dtype)], name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = _reshaped(value, restored_shapes[0])
        checked = restored_shapes is None and self.op.get_shape().is_fully_defined()
        return raw.Assign(self.op, value, validate_shape=checked)


class ResourceVariableSaveable(SaveableObject):
    """A variable behind a handle."""

    def __init__(self, var: Any, slice_spec: str, name: str) -> None:
        if isinstance(var, Tensor):
            self.handle_op: Any = var.node.inputs[0]
            tensor: Any = var
        elif isinstance(var, BaseResourceVariable):
            self.handle_op, tensor = var.handle, _reading(var)
        else:
            raise ValueError(f"Neither a resource variable nor a reading of one: {var!r}")
        self._device, self._shape = var.device, var.shape
        spec = SaveSpec(tensor, slice_spec, name, dtype=var.dtype, device=var.device)
        super().__init__(var, [spec], name)

    def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
        value = restored_tensors[0]
        if restored_shapes is not None:
            value = _reshaped(value, restored_shapes[0])
        with current_graph().device(self._device or None):
            value = raw.Identity(value)
            self._shape.assert_is_compatible_with(value.shape)
            return raw.AssignVariableOp(self.handle_op, value)


def _reading(var: Any) -> Callable[[], Tensor]:
    """A function that reads the variable, on the CPU whatever the variable is on."""

    def read() -> Tensor:
        graph = current_graph()
        with graph.device(var.device or None):
            value = var.read_value()
            with graph.device("/device:CPU:0"):
                tensor: Tensor = raw.Identity(value)
                return tensor

    return read


def _reshaped(value: Tensor, shape: Any) -> Tensor:
    sizes = shape if isinstance(shape, Tensor) else shape.as_list()
    tensor: Tensor = raw.Reshape(value, sizes)
    return tensor


def shapes_to_restore(saveable: SaveableObject) -> list[Any]:
    """The shapes of the tensors of a saveable, whatever the shapes in the checkpoint are."""
    shapes: list[Any] = []
    for spec in saveable.specs:
        tensor = spec.tensor
        known = tensor.get_shape()
        shapes.append(known if known.is_fully_defined() else shape_of(tensor))
    return shapes


def all_saveable_objects(scope: str | None = None) -> list[Any]:
    """What a saver of everything saves: the global variables, and other objects with a state."""
    graph = current_graph()
    return [
        *graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope),
        *graph.get_collection(GraphKeys.SAVEABLE_OBJECTS, scope),
    ]


def saveables_of(var_list: Any) -> list[SaveableObject]:
    """The saveables of a list of variables, or of a dict of names in the checkpoint, sorted by name."""
    named = var_list if isinstance(var_list, Mapping) else by_name(var_list)
    found: list[SaveableObject] = []
    for name, item in sorted(named.items(), key=lambda pair: pair[0]):
        for saveable in saveables_for(item, name):
            if any(saveable.op is other.op for other in found):
                raise ValueError(
                    f"The same saveable will be restored with two names: {saveable.name}"
                )
            found.append(saveable)
    return found


def saveables_for(item: Any, name: Any) -> Iterator[SaveableObject]:
    """The saveables of one thing, which is called `name` in the checkpoint."""
    if not isinstance(name, str):
        raise TypeError(f"var_list must map names to variables, and {name!r} is no string")
    if isinstance(item, SaveableObject):
        yield item
    elif isinstance(item, list | tuple | PartitionedVariable):
        yield from _slices(list(item), name)
    elif _is_composite(item):
        for saveable in _members(item, name):
            yield from saveables_for(saveable, saveable.name)
    else:
        tensor = _tensor_of(item)
        kind = (
            ReferenceVariableSaveable
            if tensor.op.type in _BY_REFERENCE
            else ResourceVariableSaveable
        )
        yield kind(tensor, "", name)


def _slices(parts: list[Any], name: str) -> Iterator[SaveableObject]:
    whole = None
    for part in parts:
        if not isinstance(part, Variable):
            raise ValueError(f"Slices must all be Variables: {part}")
        info = part._get_save_slice_info()
        if not info:
            raise ValueError(f"Slices must all be slices: {part}")
        if whole is not None and whole != info.full_name:
            raise ValueError(
                f"Slices must all be from the same tensor: {whole} != {info.full_name}"
            )
        whole = info.full_name
        if part.op.type in _BY_REFERENCE:
            yield ReferenceVariableSaveable(part, info.spec, name)
        else:
            yield ResourceVariableSaveable(part, info.spec, name)


def _is_composite(item: Any) -> bool:
    """Whether something that is no variable says itself what is saved for it, as a lookup table does."""
    return hasattr(item, "_gather_saveables_for_checkpoint") and not isinstance(item, Variable)


def _members(item: Any, name: str) -> list[SaveableObject]:
    found = []
    for key, made in item._gather_saveables_for_checkpoint().items():
        full = name if key == "VARIABLE_VALUE" else f"{name}_{key}"
        found.append(made(full) if callable(made) else made)
    return found


def _tensor_of(item: Any) -> Tensor:
    """The reference of a variable, or the node that reads one behind a handle."""
    if isinstance(item, BaseResourceVariable):
        return item._graph_element
    tensor = convert(item, as_ref=True) if is_tensor_like(item) else None
    if tensor is None or tensor.node.type not in _VARIABLE_OPS:
        raise TypeError(f"Variable to save is not a Variable: {item}")
    return tensor


def by_name(items: Iterable[Any]) -> dict[str, Any]:
    """Names in the checkpoint -> variables: each under its own name, parts of one together."""
    if not isinstance(items, list | tuple | set):
        raise TypeError(f"Variables to save should be passed in a dict or a list: {items}")
    found: dict[str, Any] = {}
    for item in sorted(items, key=lambda v: v.name):
        info = item._get_save_slice_info() if isinstance(item, Variable) else None
        if isinstance(item, SaveableObject):
            found[item.name] = item
        elif info:
            parts = found.setdefault(info.full_name, [])
            if not isinstance(parts, list):
                raise ValueError(
                    f"Mixing slices and non-slices with the same name: {info.full_name}"
                )
            parts.append(item)
        elif _is_composite(item):
            found.update({s.name: s for s in _members(item, item.name)})
        elif isinstance(item, PartitionedVariable):
            _put(found, item.name, item)
        else:
            tensor = _tensor_of(item)
            holder = (
                tensor.node.inputs[0].node if tensor.node.type == "ReadVariableOp" else tensor.node
            )
            _put(found, holder.name, tensor)
    return found


def _put(found: dict[str, Any], name: str, item: Any) -> None:
    if name in found:
        raise ValueError(f"At least two variables have the same name: {name}")
    found[name] = item


NAMESPACES = {
    "python.training.saver.BaseSaverBuilder": ["SaveSpec", "SaveableObject"],
    "python.training.saving.saveable_object": ["SaveSpec", "SaveableObject"],
}
