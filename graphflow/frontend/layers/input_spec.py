"""InputSpec: which inputs a layer accepts."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.ir.dtype import as_dtype

__all__: list[str] = []


class InputSpec:
    """The type, rank and sizes that an input of a layer must have."""

    def __init__(
        self,
        dtype: Any = None,
        shape: Any = None,
        ndim: int | None = None,
        max_ndim: int | None = None,
        min_ndim: int | None = None,
        axes: Any = None,
    ) -> None:
        self.dtype = None if dtype is None else as_dtype(dtype).name
        self.shape = shape
        self.ndim = ndim if shape is None else len(shape)
        self.max_ndim, self.min_ndim = max_ndim, min_ndim
        try:
            self.axes: dict[int, Any] = {int(k): v for k, v in (axes or {}).items()}
        except (ValueError, TypeError, AttributeError):
            raise TypeError("The keys in axes must be integers.") from None
        if self.axes and (self.ndim is not None or max_ndim is not None):
            most = (self.ndim or max_ndim or 0) - 1
            if max(self.axes) > most:
                raise ValueError(
                    f"Axis {max(self.axes)} is greater than the maximum allowed value: {most}"
                )

    def get_config(self) -> dict[str, Any]:
        """The arguments with which an equal one is made."""
        names = ("dtype", "shape", "ndim", "max_ndim", "min_ndim", "axes")
        return {name: getattr(self, name) for name in names}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> InputSpec:
        return cls(**config)

    def __repr__(self) -> str:
        given = (f"{name}={value}" for name, value in self.get_config().items() if value)
        return f"InputSpec({', '.join(given)})"

    def problem(self, tensor: Any) -> str | None:
        """What is wrong with an input, in words."""
        rank = tensor.shape.rank
        bounds = (self.ndim, self.min_ndim, self.max_ndim)
        if rank is None:
            ranked = any(b is not None for b in bounds)
            return (
                "its rank is undefined, but the layer requires a defined rank" if ranked else None
            )
        full = f"Full shape received: {tensor.shape.as_list()}"
        if self.ndim is not None and rank != self.ndim:
            return f"expected ndim={self.ndim}, found ndim={rank}. {full}"
        if self.max_ndim is not None and rank > self.max_ndim:
            return f"expected max_ndim={self.max_ndim}, found ndim={rank}"
        if self.min_ndim is not None and rank < self.min_ndim:
            return f"expected min_ndim={self.min_ndim}, found ndim={rank}. {full}"
        if self.dtype is not None and tensor.dtype.base_dtype.name != self.dtype:
            return f"expected dtype={self.dtype}, found dtype={tensor.dtype.name}"
        sizes = tensor.shape.as_list()
        for axis, wanted in self.axes.items():
            value = getattr(wanted, "value", wanted)
            if value is not None and sizes[axis] not in (value, None):
                return (
                    f"expected axis {axis} of input shape to have value {value} "
                    f"but received input with shape {sizes}"
                )
        for wanted, size in zip(self.shape or (), sizes, strict=False):
            if None not in (wanted, size) and wanted != size:
                return f"expected shape={self.shape}, found shape={sizes}"
        return None


def check_inputs(specs: Any, inputs: Any, layer_name: str) -> None:
    """ValueError where the inputs are not what the layer accepts."""
    if not specs:
        return
    tensors, wanted = nest.flatten(inputs), nest.flatten(specs)
    if len(tensors) != len(wanted):
        raise ValueError(
            f"Layer {layer_name} expects {len(wanted)} inputs, but it received {len(tensors)} "
            f"input tensors. Inputs received: {tensors}"
        )
    for position, (tensor, spec) in enumerate(zip(tensors, wanted, strict=True)):
        problem = None if spec is None else spec.problem(tensor)
        if problem is not None:
            raise ValueError(
                f"Input {position} of layer {layer_name} is incompatible with the layer: {problem}"
            )


NAMESPACES = {"layers": ["InputSpec"]}
