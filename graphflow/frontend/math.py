"""Element-wise arithmetic: tf.add, tf.exp, tf.maximum and their kin."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.generated import binary, of_values, take_names, unary, unary_of_sparse
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops import idioms, operators, reduce_idioms

# ---- one op each

acos = unary("Acos")
acosh = unary("Acosh")
add = binary("Add")
asin = unary("Asin")
asinh = unary("Asinh")
atan = unary("Atan")
atanh = unary("Atanh")
bessel_i0e = unary_of_sparse("BesselI0e")
bessel_i1e = unary_of_sparse("BesselI1e")
ceil = unary("Ceil")
cos = unary("Cos")
cosh = unary("Cosh")
digamma = unary("Digamma")
equal = binary("Equal")
erf = unary_of_sparse("Erf")
erfc = unary("Erfc")
exp = unary("Exp")
expm1 = unary("Expm1")
floor = unary("Floor")
floor_div = binary("FloorDiv")
floormod = mod = binary("FloorMod")
greater = binary("Greater")
greater_equal = binary("GreaterEqual")
is_finite = unary("IsFinite")
is_inf = unary("IsInf")
is_nan = unary("IsNan")
less = binary("Less")
less_equal = binary("LessEqual")
lgamma = unary("Lgamma")
log = unary("Log")
log1p = unary("Log1p")
logical_and = binary("LogicalAnd")
logical_not = unary("LogicalNot")
logical_or = binary("LogicalOr")
maximum = binary("Maximum")
minimum = binary("Minimum")
multiply = binary("Mul")
negative = unary_of_sparse("Neg")
not_equal = binary("NotEqual")
realdiv = binary("RealDiv")
reciprocal = unary("Reciprocal")
rint = unary("Rint")
rsqrt = unary("Rsqrt")
sign = unary_of_sparse("Sign")
sin = unary("Sin")
sinh = unary("Sinh")
sqrt = unary_of_sparse("Sqrt")
square = unary_of_sparse("Square")
squared_difference = binary("SquaredDifference")
subtract = binary("Sub")
tan = unary("Tan")
tanh = unary_of_sparse("Tanh")
truncatediv = binary("TruncateDiv")
truncatemod = binary("TruncateMod")
xdivy = binary("Xdivy")
xlogy = binary("Xlogy")

# ---- what the operators do too

conj = reduce_idioms.conj
div = operators.div
div_no_nan = divide_no_nan = idioms.div_no_nan
floordiv = operators.floordiv
logical_xor = operators.logical_xor
pow = operators.power
scalar_mul = idioms.scaled
truediv = operators.truediv


def abs(x: Any, name: str | None = None) -> Any:
    """|x|."""
    if is_sparse(x):
        return of_values(operators.absolute, x, name or "Abs")
    return operators.absolute(x, name)


def divide(x: Any, y: Any, name: str | None = None) -> Any:
    """x / y by Python's rules."""
    return x / y if name is None else operators.truediv(x, y, name)


# ---- functions whose operands have other names


def atan2(y: Any, x: Any, name: str | None = None) -> Any:
    """The angle of the point (x, y)."""
    return raw.Atan2(y, x, name=name)


def igamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The lower incomplete gamma function, regularised."""
    return raw.Igamma(a, x, name=name)


def igammac(a: Any, x: Any, name: str | None = None) -> Any:
    """The upper incomplete gamma function, regularised."""
    return raw.Igammac(a, x, name=name)


def polygamma(a: Any, x: Any, name: str | None = None) -> Any:
    """The a-th derivative of digamma at x."""
    return raw.Polygamma(a, x, name=name)


def zeta(x: Any, q: Any, name: str | None = None) -> Any:
    """The sum over k of (q + k)^-x."""
    return raw.Zeta(x, q, name=name)


def betainc(a: Any, b: Any, x: Any, name: str | None = None) -> Any:
    """The incomplete beta function, regularised."""
    return raw.Betainc(a, b, x, name=name)


def nextafter(x1: Any, x2: Any, name: str | None = None) -> Any:
    """The float next to x1 in the direction of x2."""
    return raw.NextAfter(x1, x2, name=name)


# ---- compositions


def sigmoid(x: Any, name: str | None = None) -> Any:
    """1 / (1 + e^-x)."""
    with build.name_scope(name, "Sigmoid", [x]) as scope:
        return raw.Sigmoid(convert(x, name="x"), name=scope)


def log_sigmoid(x: Any, name: str | None = None) -> Any:
    """log(sigmoid(x)), without overflow."""
    with build.name_scope(name, "LogSigmoid", [x]) as scope:
        return raw.Neg(raw.Softplus(-convert(x, name="x")), name=scope)


def round(x: Any, name: str | None = None) -> Any:
    """The nearest integer, half to even; integers as they are."""
    x = convert(x, name="x")
    return x if x.dtype.is_integer else raw.Round(x, name=name)


def multiply_no_nan(x: Any, y: Any, name: str | None = None) -> Any:
    """x y, and 0 where y is 0."""
    with build.name_scope(name, "multiply_no_nan", [x, y]) as scope:
        x = convert(x, name="x")
        return raw.MulNoNan(x, convert(y, name="y", dtype=x.dtype.base_dtype), name=scope)


def reciprocal_no_nan(x: Any, name: str | None = None) -> Any:
    """1 / x, and 0 where x is 0."""
    with build.name_scope(name, "reciprocal_no_nan", [x]) as scope:
        x = convert(x, name="x")
        return raw.DivNoNan(constant(1, x.dtype.base_dtype, "one"), x, name=scope)


def polyval(coeffs: Any, x: Any, name: str | None = None) -> Any:
    """The polynomial with these coefficients, the highest power first."""
    with build.name_scope(name, "polyval", [*coeffs, x]) as scope:
        x = convert(x, name="x")
        if not len(coeffs):
            return idioms.zeros_like(x, name=scope)
        tensors = [convert(c, name=f"coeff_{i}") for i, c in enumerate(coeffs)]
        value = tensors[0]
        for c in tensors[1:]:
            value = c + value * x
        return value


def lbeta(x: Any, name: str | None = None) -> Any:
    """log |beta| of the last axis."""
    with build.name_scope(name, "lbeta", [x]):
        x = convert(x, name="x")
        of_each = raw.Sum(raw.Lgamma(x), [-1])
        return of_each - raw.Lgamma(raw.Sum(x, [-1]))


def bessel_i0(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 0."""
    with build.name_scope(name, "bessel_i0", [x]):
        return raw.Exp(abs(x)) * bessel_i0e(x)


def bessel_i1(x: Any, name: str | None = None) -> Any:
    """The modified Bessel function of order 1."""
    with build.name_scope(name, "bessel_i1", [x]):
        return raw.Exp(abs(x)) * bessel_i1e(x)


def clip_by_value(t: Any, clip_value_min: Any, clip_value_max: Any, name: str | None = None) -> Any:
    """t, but no less than the minimum and no more than the maximum, neither of which may make it larger."""
    with build.name_scope(name, "clip_by_value", [t, clip_value_min, clip_value_max]) as scope:
        values = convert(t.values if isinstance(t, IndexedSlices) else t, name="t")
        below = raw.Minimum(values, clip_value_max)
        values.shape.merge_with(below.shape)
        clipped = raw.Maximum(below, clip_value_min, name=scope)
        values.shape.merge_with(clipped.shape)
    if isinstance(t, IndexedSlices):
        return IndexedSlices(clipped, t.indices, t.dense_shape)
    return clipped


# fmt: off
_EVERYWHERE = [
    "abs", "acos", "acosh", "add", "asin", "asinh", "atan", "atan2", "atanh", "betainc", "ceil",
    "conj", "cos", "cosh", "digamma", "divide", "equal", "erf", "erfc", "exp", "expm1", "floor",
    "floordiv", "floormod", "greater", "greater_equal", "igamma", "igammac", "is_finite",
    "is_inf", "is_nan", "less", "less_equal", "lgamma", "lbeta", "log", "log1p", "log_sigmoid",
    "logical_and", "logical_not", "logical_or", "logical_xor", "maximum", "minimum", "mod",
    "multiply", "negative", "not_equal", "polygamma", "pow", "reciprocal", "rint", "round",
    "rsqrt", "scalar_mul", "sigmoid", "sign", "sin", "sinh", "sqrt", "square",
    "squared_difference", "subtract", "tan", "tanh", "truediv", "zeta",
]
_ON_TOP_ONLY = [
    "clip_by_value", "div", "div_no_nan", "floor_div", "realdiv", "truncatediv", "truncatemod",
]
_IN_MATH_ONLY = [
    "bessel_i0", "bessel_i0e", "bessel_i1", "bessel_i1e", "divide_no_nan", "multiply_no_nan",
    "nextafter", "polyval", "reciprocal_no_nan", "xdivy", "xlogy",
]
# fmt: on

__all__ = [*_EVERYWHERE, *_ON_TOP_ONLY]
NAMESPACES = {
    "math": [*_EVERYWHERE, *_IN_MATH_ONLY],
    "nn": ["sigmoid", "tanh"],
    "debugging": ["is_finite", "is_inf", "is_nan"],
}
take_names(globals())
