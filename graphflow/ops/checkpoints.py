"""Nodes that write checkpoints and read them; the files themselves are behind a door of graphflow.ir.doors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import OpError
from graphflow.ir import doors
from graphflow.ir.dtype import DType
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN, TensorShape


def _check_lists(names: Tensor, count: int, *others: Tensor) -> None:
    """Names, and what goes with each of them: vectors of one length."""
    for tensor in (names, *others):
        tensor.shape.assert_has_rank(1)
        if not tensor.shape.is_compatible_with(TensorShape([count])):
            raise ValueError(f"{count} tensors, but {tensor.shape} names or slices for them")


class SaveV2(Op):
    """Nothing; the tensors are in a checkpoint afterwards."""

    signature = "prefix:string, tensor_names:string, shape_and_slices:string, tensors:[dtypes] ->"
    stateful = True
    differentiable = False

    def infer(self, prefix: Tensor, names: Tensor, specs: Tensor, tensors: Sequence[Tensor]) -> Any:
        prefix.shape.assert_is_compatible_with(SCALAR)
        _check_lists(names, len(tensors), specs)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        prefix, names, specs, tensors = inputs
        dtypes = [t.dtype.base_dtype for t in node.inputs[3:]]
        _check_counts(names, specs, len(tensors))
        doors.enter("save_checkpoint")(prefix[()], list(names), list(specs), tensors, dtypes)
        return ()


def _check_counts(names: Any, specs: Any, count: int) -> None:
    if names.shape != (count,) or specs.shape != (count,):
        raise ValueError(
            f"Expected {count} names and slices, got names of shape {list(names.shape)} "
            f"and slices of shape {list(specs.shape)}"
        )


class RestoreV2(Op):
    """Tensors, or parts of tensors, of a checkpoint."""

    signature = "prefix:string, tensor_names:string, shape_and_slices:string -> tensors:[dtypes]"
    stateful = True
    differentiable = False
    dtypes: tuple[DType, ...]

    def infer(self, prefix: Tensor, names: Tensor, specs: Tensor) -> Any:
        prefix.shape.assert_is_compatible_with(SCALAR)
        _check_lists(names, len(self.dtypes), specs)
        return _shapes(specs, len(self.dtypes))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        prefix, names, specs = inputs
        _check_counts(names, specs, len(self.dtypes))
        return doors.enter("restore_checkpoint")(
            prefix[()], list(names), list(specs), list(self.dtypes)
        )


def _shapes(specs: Tensor, count: int) -> tuple[TensorShape, ...]:
    """What the slices, where they are constants, tell of the shapes."""
    known = constant_value(specs)
    if known is None:
        return (UNKNOWN,) * count
    return tuple(_shape(spec) if spec else UNKNOWN for spec in known.reshape(-1))


def _shape(spec: bytes) -> TensorShape:
    try:
        return TensorShape(doors.enter("slice_shape")(spec))
    except OpError as error:
        raise ValueError(error.message) from None


class Restore(Op):
    """One tensor of a checkpoint."""

    signature = "file_pattern:string, tensor_name:string -> tensor:dt"
    stateful = True
    differentiable = False
    dt: DType
    preferred_shard: int = -1

    def infer(self, pattern: Tensor, name: Tensor) -> Any:
        for scalar in (pattern, name):
            scalar.shape.assert_is_compatible_with(SCALAR)
        return UNKNOWN

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        pattern, name = inputs
        return doors.enter("restore_checkpoint")(pattern[()], [name[()]], [b""], [self.dt])[0]


class RestoreSlice(Op):
    """A part of one tensor of a checkpoint."""

    signature = "file_pattern:string, tensor_name:string, shape_and_slice:string -> tensor:dt"
    stateful = True
    differentiable = False
    dt: DType
    preferred_shard: int = -1

    def infer(self, pattern: Tensor, name: Tensor, spec: Tensor) -> Any:
        for scalar in (pattern, name, spec):
            scalar.shape.assert_is_compatible_with(SCALAR)
        return _shapes(spec, 1)[0]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        pattern, name, spec = (x[()] for x in inputs)
        return doors.enter("restore_checkpoint")(pattern, [name], [spec], [self.dt])[0]


class Save(Op):
    """Nothing; TensorFlow wrote checkpoints of the first format with it."""

    signature = "filename:string, tensor_names:string, data:[T] ->"
    stateful = True
    differentiable = False

    def infer(self, filename: Tensor, names: Tensor, data: Sequence[Tensor]) -> Any:
        filename.shape.assert_is_compatible_with(SCALAR)
        _check_lists(names, len(data))
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        raise NotImplementedError(
            "graphflow reads checkpoints of the first format but writes the second: "
            "tf.train.Saver(write_version=tf.train.SaverDef.V2)"
        )


class SaveSlices(Save):
    """Nothing; TensorFlow wrote parts of tensors in the first format with it."""

    signature = "filename:string, tensor_names:string, shapes_and_slices:string, data:[T] ->"

    def infer(self, *inputs: Any) -> Any:
        filename, names, specs, data = inputs
        filename.shape.assert_is_compatible_with(SCALAR)
        _check_lists(names, len(data), specs)
        return ()


class ShardedFilename(Op):
    """basename-00001-of-00004"""

    signature = "basename:string, shard:int32, num_shards:int32 -> filename:string"
    differentiable = False

    def infer(self, *inputs: Tensor) -> Any:
        for scalar in inputs:
            scalar.shape.assert_is_compatible_with(SCALAR)
        return SCALAR

    def reference(self, basename: Any, shard: Any, shards: Any) -> Any:
        return np.array(b"%b-%05d-of-%05d" % (basename[()], shard, shards), object)


class ShardedFilespec(Op):
    """basename-?????-of-00004, which all shards match."""

    signature = "basename:string, num_shards:int32 -> filename:string"
    differentiable = False

    def infer(self, *inputs: Tensor) -> Any:
        for scalar in inputs:
            scalar.shape.assert_is_compatible_with(SCALAR)
        return SCALAR

    def reference(self, basename: Any, shards: Any) -> Any:
        return np.array(b"%b-?????-of-%05d" % (basename[()], shards), object)


class MergeV2Checkpoints(Op):
    """Nothing; several checkpoints are one afterwards."""

    signature = "checkpoint_prefixes:string, destination_prefix:string ->"
    stateful = True
    differentiable = False
    delete_old_dirs: bool = True

    def infer(self, prefixes: Tensor, destination: Tensor) -> Any:
        prefixes.shape.assert_has_rank(1)
        destination.shape.assert_is_compatible_with(SCALAR)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        prefixes, destination = inputs
        doors.enter("merge_checkpoints")(list(prefixes), destination[()], self.delete_old_dirs)
        return ()
