"""The element types as `tf.` names them."""

from __future__ import annotations

newaxis = None

__all__ = [
    *("DType", "as_dtype", "bfloat16", "bool", "complex128", "complex64", "double", "float16"),
    *("float32", "float64", "half", "int16", "int32", "int64", "int8", "newaxis", "qint16"),
    *("qint32", "qint8", "quint16", "quint8", "resource", "string", "uint16", "uint32"),
    *("uint64", "uint8", "variant"),
]

NAMESPACES = {"dtypes": [n for n in __all__ if n != "newaxis"]}
