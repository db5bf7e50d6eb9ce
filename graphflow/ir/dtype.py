"""The types of one element: `float32`, `int64`, `string`, ... with TensorFlow's names and numbers."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np


@functools.cache
def _bfloat16() -> np.dtype[Any]:
    try:
        import ml_dtypes
    except ImportError as error:
        raise ImportError(
            "bfloat16 arrays need the package ml_dtypes: pip install 'graphflow-compiler[bfloat16]'"
        ) from error
    return np.dtype(ml_dtypes.bfloat16)


class DType:
    """The type of an element; `float32_ref` is the type of a reference to a variable of float32."""

    __slots__ = ("_numpy", "as_datatype_enum", "base_dtype", "kind", "name", "ref")

    def __init__(
        self, name: str, enum: int, kind: str, numpy: Any, base: DType | None = None
    ) -> None:
        self.name = name
        self.as_datatype_enum = enum
        #: one of f(loat) i(nt) u(nsigned) b(ool) c(omplex) s(tring) q(uantised) o(paque)
        self.kind = kind
        self._numpy = numpy
        self.base_dtype: DType = self if base is None else base
        self.ref: DType = (
            self if base is not None else DType(name + "_ref", enum + 100, kind, numpy, self)
        )

    @property
    def numpy(self) -> np.dtype[Any]:
        """The dtype of the arrays that hold such elements."""
        return _bfloat16() if self._numpy is None else self._numpy

    @property
    def as_numpy_dtype(self) -> Any:
        return self.numpy.type

    @property
    def is_numpy_compatible(self) -> bool:
        return self.kind not in "oq"

    @property
    def _is_ref_dtype(self) -> bool:
        return self.base_dtype is not self

    @property
    def is_floating(self) -> bool:
        return self.kind == "f"

    @property
    def is_integer(self) -> bool:
        return self.kind in "iu"

    @property
    def is_unsigned(self) -> bool:
        return self.kind == "u"

    @property
    def is_complex(self) -> bool:
        return self.kind == "c"

    @property
    def is_bool(self) -> bool:
        return self.kind == "b"

    @property
    def is_quantized(self) -> bool:
        return self.kind == "q"

    @property
    def is_differentiable(self) -> bool:
        return self.kind in "fc" or self.name in ("resource", "variant")

    @property
    def real_dtype(self) -> DType:
        return {"complex64": float32, "complex128": float64}.get(self.base_dtype.name, self)

    @property
    def size(self) -> int:
        return 1 if self.kind in "so" else self.numpy.itemsize

    @property
    def min(self) -> Any:
        return self._limit("min")

    @property
    def max(self) -> Any:
        return self._limit("max")

    @property
    def limits(self) -> tuple[Any, Any]:
        return self.min, self.max

    def _limit(self, which: str) -> Any:
        if self.kind == "b":
            return which == "max"
        if self.kind in "iu":
            return getattr(np.iinfo(self.numpy), which)
        if self.base_dtype is bfloat16:
            import ml_dtypes

            limits: Any = ml_dtypes.finfo  # ships no type for it
            return float(getattr(limits(self.numpy), which))
        if self.kind == "f":
            return getattr(np.finfo(self.numpy), which)
        raise TypeError(f"Cannot find {which}imum value of {self.name}.")

    def is_compatible_with(self, other: Any) -> bool:
        other = as_dtype(other)
        return other is self or other is self.base_dtype or other.base_dtype is self

    def __eq__(self, other: object) -> bool:
        if other is self:
            return True
        if other is None or isinstance(other, DType):
            return False
        try:
            return as_dtype(other) is self
        except TypeError:
            return False

    def __hash__(self) -> int:
        return self.as_datatype_enum

    def __str__(self) -> str:
        return f"<dtype: '{self.name}'>"

    def __repr__(self) -> str:
        return "tf." + self.name

    def __int__(self) -> int:
        return self.as_datatype_enum

    def __reduce__(self) -> Any:
        return as_dtype, (self.name,)


#: annotates an attribute that may be the type of a reference
DTypeOrRef = DType


_O = np.dtype(object)
float32 = DType("float32", 1, "f", np.dtype(np.float32))
float64 = DType("float64", 2, "f", np.dtype(np.float64))
int32 = DType("int32", 3, "i", np.dtype(np.int32))
uint8 = DType("uint8", 4, "u", np.dtype(np.uint8))
int16 = DType("int16", 5, "i", np.dtype(np.int16))
int8 = DType("int8", 6, "i", np.dtype(np.int8))
string = DType("string", 7, "s", _O)
complex64 = DType("complex64", 8, "c", np.dtype(np.complex64))
int64 = DType("int64", 9, "i", np.dtype(np.int64))
bool_ = DType("bool", 10, "b", np.dtype(np.bool_))
qint8 = DType("qint8", 11, "q", np.dtype(np.int8))
quint8 = DType("quint8", 12, "q", np.dtype(np.uint8))
qint32 = DType("qint32", 13, "q", np.dtype(np.int32))
bfloat16 = DType("bfloat16", 14, "f", None)
qint16 = DType("qint16", 15, "q", np.dtype(np.int16))
quint16 = DType("quint16", 16, "q", np.dtype(np.uint16))
uint16 = DType("uint16", 17, "u", np.dtype(np.uint16))
complex128 = DType("complex128", 18, "c", np.dtype(np.complex128))
float16 = DType("float16", 19, "f", np.dtype(np.float16))
resource = DType("resource", 20, "o", _O)
variant = DType("variant", 21, "o", _O)
uint32 = DType("uint32", 22, "u", np.dtype(np.uint32))
uint64 = DType("uint64", 23, "u", np.dtype(np.uint64))
half, double = float16, float64

ALL = (
    *(float32, float64, int32, uint8, int16, int8, string, complex64, int64, bool_),
    *(qint8, quint8, qint32, bfloat16, qint16, quint16, uint16, complex128, float16),
    *(resource, variant, uint32, uint64),
)
_BY_NAME = {t.name: t for t in ALL} | {t.ref.name: t.ref for t in ALL}
_BY_NAME |= {"half": float16, "float": float32, "double": float64, "half_ref": float16.ref}
_BY_NAME |= {"float_ref": float32.ref, "double_ref": float64.ref, "str": string, "bytes": string}
_BY_ENUM = {t.as_datatype_enum: t for t in ALL} | {t.ref.as_datatype_enum: t.ref for t in ALL}
_BY_NUMPY: dict[Any, DType] = {t.numpy: t for t in ALL if t.kind not in "oqs" and t is not bfloat16}
_BY_PYTHON: dict[Any, DType] = {float: float32, int: int32, bool: bool_, complex: complex128}
_BY_PYTHON |= {str: string, bytes: string, object: string}

#: Groups of element types that signatures speak of.
GROUPS: dict[str, tuple[DType, ...]] = {
    "floating": (bfloat16, float16, float32, float64),
    "index": (int32, int64),
    "integer": (int8, int16, int32, int64, uint8, uint16, uint32, uint64),
    "complex": (complex64, complex128),
}
GROUPS["real"] = GROUPS["floating"] + GROUPS["integer"]
GROUPS["inexact"] = GROUPS["floating"] + GROUPS["complex"]
GROUPS["number"] = GROUPS["real"] + GROUPS["complex"]
GROUPS["plain"] = (*GROUPS["number"], bool_)
GROUPS["any"] = ALL


def as_dtype(value: Any) -> DType:
    """The element type that `value` names: a DType, a name, an enum number, a numpy or Python type."""
    if type(value) is DType:
        return value
    if isinstance(value, str):
        found = _BY_NAME.get(value)
        if found is not None:
            return found
    elif isinstance(value, int) and not isinstance(value, bool):
        found = _BY_ENUM.get(value)
        if found is not None:
            return found
    elif isinstance(value, type) and value in _BY_PYTHON:
        return _BY_PYTHON[value]
    try:
        # The `dtype` of a numpy scalar type is a descriptor: the type itself is what counts.
        array_type = np.dtype(value if isinstance(value, type) else getattr(value, "dtype", value))
    except (TypeError, ValueError):
        raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.") from None
    found = _BY_NUMPY.get(array_type)
    if found is None and array_type.kind in "SUO":
        found = string
    if found is None and array_type.name == "bfloat16":
        found = bfloat16
    if found is None:
        raise TypeError(f"Cannot convert value {value!r} to a TensorFlow DType.")
    return found
