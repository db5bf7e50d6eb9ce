"""New variables for get_variable: what their initialisers are, and what those are called with."""

from __future__ import annotations

import inspect
from typing import Any

from graphflow.frontend.initializers import glorot_uniform_initializer, zeros_initializer
from graphflow.frontend.partitioned_variables import PartitionInfo
from graphflow.frontend.variables import Variable, resource_variables_enabled
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape


def part_of(
    initializer: Any, offset: list[int], shape: list[int], dtype: DType
) -> tuple[Any, list[int] | None]:
    """The initialiser of a part, and the shape to call it with: None for a value, which has its own."""
    if initializer is None or callable(initializer):
        return initializer, shape
    value = initializer if isinstance(initializer, Tensor) else convert(initializer, dtype)
    return raw.Slice(value, offset, shape), None


def new_variable(
    name: str,
    dtype: DType,
    shape: TensorShape,
    initializer: Any,
    partition_info: PartitionInfo | None,
    options: dict[str, Any],
) -> Any:
    """The variable that get_variable makes where there is none to share."""
    if initializer is None:
        initializer = default_initializer(name, dtype)
    value, value_dtype = initializer, None
    if callable(initializer):
        if inspect.isclass(initializer):
            initializer = initializer()
        if shape.is_static:
            sizes, value_dtype = shape.as_list(), dtype.base_dtype
            value = _Call(initializer, sizes, dtype, partition_info)
        elif _needs_nothing(initializer):
            value = initializer
        else:
            raise ValueError(
                f"The initializer passed for {name} is not valid: it should be a callable with no arguments and "
                f"the shape should not be provided, or the shape, here {shape}, should be fully defined."
            )
    if options["use_resource"] is None:
        options = options | {"use_resource": resource_variables_enabled()}
    return Variable(value, name=name, dtype=value_dtype, **options)


class _Call:
    """An initialiser with its arguments: called when the variable asks for its initial value."""

    def __init__(
        self,
        initializer: Any,
        sizes: list[int | None],
        dtype: DType,
        partition_info: PartitionInfo | None,
    ) -> None:
        self.initializer, self.sizes, self.dtype = initializer, sizes, dtype
        self.partition_info = partition_info

    def __call__(self) -> Any:
        names = parameters(self.initializer)
        takes = names is None or "partition_info" in names
        options = {"partition_info": self.partition_info} if takes else {}
        return self.initializer(self.sizes, dtype=self.dtype, **options)


def parameters(f: Any) -> Any:
    """The names of a function's parameters, None where it takes any."""
    try:
        found = inspect.signature(f).parameters
    except (TypeError, ValueError):
        return ()
    return None if any(p.kind is p.VAR_KEYWORD for p in found.values()) else found


def _needs_nothing(f: Any) -> bool:
    try:
        found = inspect.signature(f).parameters.values()
    except (TypeError, ValueError):
        return False
    return all(
        p.default is not p.empty or p.kind in (p.VAR_POSITIONAL, p.VAR_KEYWORD) for p in found
    )


def default_initializer(name: str, dtype: DType) -> Any:
    """Glorot's uniform distribution for floats, zeros for what counts or names."""
    if dtype.is_floating:
        return glorot_uniform_initializer()
    if dtype.is_integer or dtype.is_bool or dtype.kind == "s":
        return zeros_initializer()
    raise ValueError(f"An initializer for variable {name} of {dtype.base_dtype} is required")
