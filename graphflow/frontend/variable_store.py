"""The variables of a graph by their full names: made once, shared on request."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.new_variables import new_variable, parameters, part_of
from graphflow.frontend.partitioned_variables import (
    PartitionedVariable,
    PartitionInfo,
    partitions_of,
    parts_of,
)
from graphflow.frontend.save_slices import SaveSliceInfo
from graphflow.frontend.variable_modes import modes
from graphflow.ir import report
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape, as_shape


class VariableStore:
    """What get_variable looks in before it makes anything."""

    def __init__(self) -> None:
        self._vars: dict[str, Any] = {}
        self._partitioned_vars: dict[str, PartitionedVariable] = {}

    def get_variable(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = "float32",
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        custom_getter: Any = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
    ) -> Any:
        """The variable of this full name."""
        if custom_getter is not None and not callable(custom_getter):
            raise ValueError(f"Passed a custom_getter which is not callable: {custom_getter}")
        synchronization, aggregation, trainable = modes(
            synchronization, aggregation, trainable, name
        )
        options = {
            "shape": shape,
            "dtype": as_dtype(dtype).base_dtype,
            "initializer": initializer,
            "regularizer": regularizer,
            "reuse": reuse,
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "partitioner": partitioner,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        if custom_getter is None:
            return self._true_getter(name, **options, constraint=constraint)
        takes = parameters(custom_getter)
        if takes is None or "constraint" in takes:
            options["constraint"] = constraint
        return custom_getter(self._true_getter, name, **options)

    def _true_getter(
        self,
        name: str,
        shape: Any = None,
        dtype: Any = "float32",
        initializer: Any = None,
        regularizer: Any = None,
        reuse: Any = None,
        trainable: bool | None = None,
        collections: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        validate_shape: bool = True,
        use_resource: bool | None = None,
        constraint: Any = None,
        synchronization: Any = None,
        aggregation: Any = None,
    ) -> Any:
        options = {
            "trainable": trainable,
            "collections": collections,
            "caching_device": caching_device,
            "validate_shape": validate_shape,
            "use_resource": use_resource,
            "constraint": constraint,
            "synchronization": synchronization,
            "aggregation": aggregation,
        }
        found = (name, shape, as_dtype(dtype), initializer, regularizer, reuse)
        is_scalar = isinstance(shape, Sequence) and not shape
        if partitioner is not None and not is_scalar:
            if not callable(partitioner):
                raise ValueError(f"Partitioner must be callable, but received: {partitioner}")
            return self._partitioned(*found, partitioner, options)
        if reuse is True and partitioner is None and name in self._partitioned_vars:
            return self._partitioned(*found, None, options)
        if f"{name}/part_0" in self._vars:
            raise ValueError(
                "No partitioner was provided, but a partitioned version of the variable was found: "
                f"{name}/part_0. Perhaps a variable of the same name was already created with partitioning?"
            )
        return self._single(*found, None, options)

    # ---- one variable ------------------------------------------------------------------------------

    def _single(
        self,
        name: str,
        shape: Any,
        dtype: DType,
        initializer: Any,
        regularizer: Any,
        reuse: Any,
        partition_info: PartitionInfo | None,
        options: dict[str, Any],
    ) -> Any:
        if initializer is not None and not callable(initializer) and shape is not None:
            raise ValueError("If initializer is a constant, do not specify shape.")
        shape = as_shape(shape)
        found = self._vars.get(name)
        if found is not None:
            return self._shared(found, name, dtype, shape, reuse)
        if reuse is True:
            raise ValueError(
                f"Variable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=tf.AUTO_REUSE in VarScope?" + _nearest(name, self._vars)
            )
        variable = new_variable(name, dtype, shape, initializer, partition_info, options)
        self._vars[name] = variable
        if regularizer is not None:
            _regularise(variable, name, regularizer)
        return variable

    def _shared(self, found: Any, name: str, dtype: DType, shape: TensorShape, reuse: Any) -> Any:
        if not reuse:
            at = found.op.where
            raise ValueError(
                f"Variable {name} already exists, disallowed. Did you mean to set reuse=True or "
                f"reuse=tf.AUTO_REUSE in VarScope? Originally defined at:\n\n  {at}   {at.text if at else ''}"
            )
        _check_alike("variable", name, found, dtype, shape, "share")
        return found

    # ---- a variable in parts -----------------------------------------------------------------------

    def _partitioned(
        self,
        name: str,
        shape: Any,
        dtype: DType,
        initializer: Any,
        regularizer: Any,
        reuse: Any,
        partitioner: Any,
        options: dict[str, Any],
    ) -> PartitionedVariable:
        if name in self._vars:
            raise ValueError(
                f"A partitioner was provided, but an unpartitioned version of the variable was found: {name}. "
                "Perhaps a variable of the same name was already created without partitioning?"
            )
        shape = as_shape(shape)
        if isinstance(initializer, Tensor):
            shape = shape.merge_with(initializer.shape)
        wanted = None
        if not reuse or partitioner is not None:
            wanted = partitions_of(partitioner, shape, dtype)
        found = self._partitioned_vars.get(name)
        if found is not None:
            return _shared_parts(found, name, dtype, shape, reuse, wanted)
        if reuse is True or wanted is None:
            raise ValueError(
                f"PartitionedVariable {name} does not exist, or was not created with tf.get_variable(). "
                "Did you mean to set reuse=False or reuse=tf.AUTO_REUSE in VarScope?"
            )
        self._check_parts(name, max(wanted))
        sizes, parts = list(shape.as_tuple()), []
        graph = current_graph()
        for i, (offset, part_shape) in enumerate(parts_of(sizes, wanted)):
            full_name = f"{name}/part_{i}"
            with graph.name_scope(None), graph.name_scope(full_name + "/PartitionedInitializer"):
                value, value_shape = part_of(initializer, offset, part_shape, dtype)
            if isinstance(value, Tensor):
                dtype = value.dtype.base_dtype
            info = PartitionInfo(sizes, offset)
            with graph.name_scope(None):
                part = self._single(
                    full_name, value_shape, dtype, value, regularizer, reuse, info, options
                )
            part._set_save_slice_info(SaveSliceInfo(name, sizes, offset, part_shape))
            parts.append(part)
        whole = PartitionedVariable(name, shape, dtype, parts, wanted)
        self._partitioned_vars[name] = whole
        return whole

    def _check_parts(self, name: str, count: int) -> None:
        """Parts that exist already must be those that are asked for."""
        if f"{name}/part_0" not in self._vars:
            return
        missing = f"{name}/part_{count - 1}" not in self._vars
        if missing or f"{name}/part_{count}" in self._vars:
            raise ValueError(
                "Partitioner returned a different partitioning than what was already found: "
                f"it returned {count} shards, {sum(k.startswith(f'{name}/part_') for k in self._vars)} were found."
            )


def _shared_parts(
    found: PartitionedVariable,
    name: str,
    dtype: DType,
    shape: TensorShape,
    reuse: Any,
    wanted: Sequence[int] | None,
) -> PartitionedVariable:
    if reuse is False:
        raise ValueError(
            f"Partitioned variable with name {name} already exists. Did you mean to "
            "set reuse=True or reuse=tf.AUTO_REUSE in VarScope?"
        )
    _check_alike("partitioned variable", name, found, dtype, shape, "reuse")
    if wanted is not None and list(found._get_partitions()) != list(wanted):
        raise ValueError(
            f"Trying to reuse partitioned variable {name}, but specified partitions {wanted} "
            f"and found partitions {found._get_partitions()}."
        )
    return found


def _check_alike(
    kind: str, name: str, found: Any, dtype: DType, shape: TensorShape, verb: str
) -> None:
    """A variable that is shared has the shape and the type that are asked for."""
    if not shape.is_compatible_with(found.get_shape()):
        raise ValueError(
            f"Trying to {verb} {kind} {name}, but specified shape {shape} and found shape {found.get_shape()}."
        )
    if not dtype.is_compatible_with(found.dtype):
        raise ValueError(
            f"Trying to {verb} {kind} {name}, but specified dtype {dtype.name} and found dtype {found.dtype.name}."
        )


def _regularise(variable: Any, name: str, regularizer: Any) -> None:
    graph = current_graph()
    with graph.colocate_with(variable.op), graph.name_scope(name + "/Regularizer/"):
        with init_scope():
            loss = regularizer(variable)
        if loss is not None:
            graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, loss)


def _nearest(name: str, names: Any) -> str:
    hint = report.did_you_mean(name, names)
    return f" ({hint})" if hint else ""
