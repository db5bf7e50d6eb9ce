"""Python's operators on tensors: which ops they make, under which names, and how the other operand is converted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, float32, float64, int8, int16, int32, int64, uint8, uint16
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ir.operators import TABLE
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops import idioms
from graphflow.ops.matrix_idioms import matmul
from graphflow.ops.slice_keys import sliced

#: what true division makes of integers
FLOAT_OF: dict[DType, DType] = {
    **dict.fromkeys((uint8, int8, uint16, int16), float32),
    **dict.fromkeys((int32, int64), float64),
}


# ---- TensorFlow's functions behind the operators ---------------------------------------------------


def add(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x + y; of strings one after the other."""
    found: Tensor = (raw.Add if x.dtype.kind == "s" else raw.AddV2)(x, y, name=name)
    return found


def multiply(x: Any, y: Any, name: str | None = None) -> Any:
    """x * y, of which y may be sparse."""
    if not is_sparse(y):
        return raw.Mul(x, y, name=name)
    values = raw.SparseDenseCwiseMul(y.indices, y.values, y.dense_shape, x, name=name)
    return SparseTensor(y.indices, values, y.dense_shape)


def truediv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y; integers become floats first."""
    with build.name_scope(name, "truediv", [x, y]) as scope:
        x, y = convert(x, name="x"), convert(y, name="y")
        dtype = _one_dtype(x, y)
        if dtype.kind not in "fciu" or (dtype.kind in "iu" and dtype not in FLOAT_OF):
            raise TypeError(f"Invalid dtype {dtype!r} in __truediv__")
        if dtype in FLOAT_OF:
            x, y = idioms.cast(x, FLOAT_OF[dtype]), idioms.cast(y, FLOAT_OF[dtype])
        found: Tensor = raw.RealDiv(x, y, name=scope)
        return found


def div(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x / y as in Python 2: of integers the quotient rounded down."""
    with build.name_scope(name, "div", [x, y]) as scope:
        x = convert(x, name="x")
        y = convert(y, dtype=x.dtype.base_dtype, name="y")
        divide = raw.RealDiv if _one_dtype(x, y).kind in "fc" else raw.FloorDiv
        found: Tensor = divide(x, y, name=scope)
        return found


def _one_dtype(x: Tensor, y: Tensor) -> DType:
    left, right = x.dtype.base_dtype, y.dtype.base_dtype
    if left is not right:
        raise TypeError(f"x and y must have the same dtype, got {left!r} != {right!r}")
    return left


def floordiv(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x // y."""
    with build.name_scope(name, "floordiv", [x, y]) as scope:
        found: Tensor = raw.FloorDiv(x, y, name=scope)
        return found


def power(x: Any, y: Any, name: str | None = None) -> Tensor:
    """x ** y."""
    with build.name_scope(name, "Pow", [x]) as scope:
        found: Tensor = raw.Pow(x, y, name=scope)
        return found


def absolute(x: Any, name: str | None = None) -> Tensor:
    """|x|; of complex numbers the modulus."""
    with build.name_scope(name, "Abs", [x]) as scope:
        x = convert(x, name="x")
        if x.dtype.is_complex:
            modulus: Tensor = raw.ComplexAbs(x, Tout=x.dtype.base_dtype.real_dtype, name=scope)
            return modulus
        found: Tensor = raw.Abs(x, name=scope)
        return found


def logical_xor(x: Any, y: Any, name: str = "LogicalXor") -> Tensor:
    """x or y, but not both."""
    either = raw.LogicalOr(x, y)
    found: Tensor = raw.LogicalAnd(either, raw.LogicalNot(raw.LogicalAnd(x, y)), name=name)
    return found


# ---- the operators ---------------------------------------------------------------------------------


def _dense(value: Any) -> Any:
    """The tensor that a variable holds, read before the scope of the operator is entered."""
    if isinstance(value, Tensor) or not hasattr(value, "_as_tensor"):
        return value
    return convert(value)


def _binary(function: Callable[..., Any], name: str) -> Callable[[Any, Any], Any]:
    """The operator called `name`: the other operand tries to take the type of the tensor."""

    # a function of one node takes the name of the scope that is entered for it: two tensors need no scope
    direct = function is not logical_xor

    def apply(x: Any, y: Any) -> Any:
        if direct and type(x) is Tensor and type(y) is Tensor:
            return function(x, y, name=name)
        if not hasattr(x, "_as_tensor") or isinstance(x, IndexedSlices):
            return reflected(x, _dense(y))
        x = _dense(x)
        with build.name_scope(None, name, [x, y]) as scope:
            if not isinstance(y, Tensor) and not is_sparse(y):
                try:
                    y = convert(y, hint=x.dtype.base_dtype, name="y")
                except TypeError:
                    if hasattr(type(y), f"__r{name}__"):
                        return NotImplemented
                    raise
            return function(x, y, name=scope)

    def reflected(x: Any, y: Tensor) -> Any:
        with build.name_scope(None, name, [x, y]) as scope:
            x = convert(x, dtype=y.dtype.base_dtype, name="x")
            return function(x, y, name=scope)

    return apply


def _compared(op_type: str) -> Callable[[Any, Any], Any]:
    return lambda x, y: getattr(raw, op_type)(_dense(x), y)


def _negated(op_type: str) -> Callable[[Any], Any]:
    return lambda x: getattr(raw, op_type)(_dense(x))


TABLE.update(
    {
        name: _binary(function, name)
        for name, function in {
            "add": add,
            "sub": lambda x, y, name: raw.Sub(x, y, name=name),
            "mul": multiply,
            "truediv": truediv,
            "div": div,
            "floordiv": floordiv,
            "mod": lambda x, y, name: raw.FloorMod(x, y, name=name),
            "pow": power,
            "matmul": lambda x, y, name: matmul(x, y, name=name),
            "and": lambda x, y, name: raw.LogicalAnd(x, y, name=name),
            "or": lambda x, y, name: raw.LogicalOr(x, y, name=name),
            "xor": logical_xor,
        }.items()
    }
)
TABLE.update({op: _compared(op) for op in ("Less", "LessEqual", "Greater", "GreaterEqual")})
TABLE.update({op: _negated(op) for op in ("Neg", "LogicalNot")})
TABLE["Abs"] = lambda x: absolute(_dense(x))
TABLE["getitem"] = sliced
