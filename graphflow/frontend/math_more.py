"""Element types, complex numbers, sums of many and sequences: tf.cast, tf.complex, tf.add_n, tf.range."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, complex64, complex128, float32, float64
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ir.shape import as_shape
from graphflow.ops import cast as casting
from graphflow.ops import idioms, reduce_idioms

__all__ = [
    "accumulate_n",
    "add_n",
    "angle",
    "bitcast",
    "cast",
    "complex",
    "imag",
    "lin_space",
    "linspace",
    "range",
    "real",
    "saturate_cast",
    "to_bfloat16",
    "to_complex64",
    "to_complex128",
    "to_double",
    "to_float",
    "to_int32",
    "to_int64",
]

# ---- element types


cast = casting.cast


def saturate_cast(value: Any, dtype: Any, name: str | None = None) -> Any:
    """x as another type, clipped to what that type can hold."""
    with build.name_scope(name, "saturate_cast", [value]) as scope:
        value = convert(value, name="value")
        target = as_dtype(dtype).base_dtype
        if value.dtype.min < target.min:
            value = raw.Maximum(value, convert(target.min, dtype=value.dtype, name="min"))
        if value.dtype.max > target.max:
            value = raw.Minimum(value, convert(target.max, dtype=value.dtype, name="max"))
        return cast(value, target, scope)


def bitcast(input: Any, type: Any, name: str | None = None) -> Any:
    """The same bits read as another type."""
    return raw.Bitcast(input, type=type, name=name)


def _to(dtype: str, label: str) -> Callable[..., Any]:
    def function(x: Any, name: str | None = label) -> Any:
        return cast(x, dtype, name)

    function.__doc__ = f"x as {dtype}; the older spelling of cast."
    return function


to_bfloat16 = _to("bfloat16", "ToBFloat16")
to_complex128 = _to("complex128", "ToComplex128")
to_complex64 = _to("complex64", "ToComplex64")
to_double = _to("float64", "ToDouble")
to_float = _to("float32", "ToFloat")
to_int32 = _to("int32", "ToInt32")
to_int64 = _to("int64", "ToInt64")

# ---- complex numbers


def complex(real: Any, imag: Any, name: str | None = None) -> Any:
    """x + iy."""
    real, imag = convert(real, name="real"), convert(imag, name="imag")
    with build.name_scope(name, "Complex", [real, imag]) as scope:
        types = real.dtype.base_dtype, imag.dtype.base_dtype
        if types not in ((float32, float32), (float64, float64)):
            raise TypeError(f"real and imag have incorrect types: {types[0].name} {types[1].name}")
        whole = complex64 if types[0] is float32 else complex128
        return raw.Complex(real, imag, Tout=whole, name=scope)


def _part(op: str, of_real: Callable[[Tensor], Any]) -> Callable[..., Any]:
    def function(input: Any, name: str | None = None) -> Any:
        with build.name_scope(name, op, [input]) as scope:
            input = convert(input, name="input")
            if not input.dtype.is_complex:
                return of_real(input)
            return getattr(raw, op)(input, Tout=input.dtype.base_dtype.real_dtype, name=scope)

    function.__doc__ = getattr(raw, op).__doc__
    return function


real = _part("Real", lambda x: x)
imag = _part("Imag", idioms.zeros_like)
angle = _part("Angle", idioms.zeros_like)

# ---- sums of many


def _summands(inputs: Any, what: str) -> list[Any]:
    if not inputs or not isinstance(inputs, list | tuple):
        raise ValueError(
            f"inputs must be a list of at least one {what} with the same dtype and shape"
        )
    return [x if isinstance(x, IndexedSlices) else convert(x) for x in inputs]


def add_n(inputs: Any, name: str | None = None) -> Any:
    """The sum of tensors of one shape."""
    summands = _summands(inputs, "Tensor/IndexedSlices")
    if len(summands) > 1:
        return raw.AddN(summands, name=name)
    only = convert(summands[0])
    return raw.Identity(only, name=name) if name else only


def accumulate_n(
    inputs: Any, shape: Any = None, tensor_dtype: Any = None, name: str | None = None
) -> Any:
    """The sum of tensors of one shape."""
    summands = _summands(inputs, "Tensor")
    dtype = summands[0].dtype
    if any(isinstance(x, IndexedSlices) or x.dtype is not dtype for x in summands):
        raise ValueError(
            "inputs must be a list of at least one Tensor with the same dtype and shape"
        )
    whole = as_shape(shape)
    for x in summands:
        whole = whole.merge_with(x.shape)
    if tensor_dtype is not None and as_dtype(tensor_dtype) is not dtype:
        raise TypeError(f"tensor_dtype is {tensor_dtype}, but input is of type {dtype}")
    if len(summands) > 1:
        return raw.AccumulateNV2(summands, shape=whole, name=name)
    return summands[0] if name is None else raw.Identity(summands[0], name=name)


# ---- sequences


def range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: str | None = "range"
) -> Any:
    """start, start + delta, ... below limit."""
    return reduce_idioms.sequence(start, limit, delta, dtype, name)


def lin_space(start: Any, stop: Any, num: Any, name: str | None = None) -> Any:
    """So many numbers at equal distances from start to stop."""
    return raw.LinSpace(start, stop, num, name=name)


linspace = lin_space


NAMESPACES = {
    "math": ["accumulate_n", "add_n", "angle", "imag", "real"],
    "dtypes": ["cast", "complex", "saturate_cast"],
}
