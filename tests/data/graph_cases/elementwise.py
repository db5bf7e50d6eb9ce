"""Element-wise functions, their gradients to the second order, and Python's operators on tensors."""

from __future__ import annotations

import operator

import numpy as np

CASES = {}

SHAPES = {
    "known": ([2, 3], [2, 3]),
    "row": ([2, 3], [3]),
    "scalar": ([2, 3], []),
    "partial": ([None, 3], [None, 3]),
    "mixed": ([None, 3], [3]),
    "unknown": (None, None),
}
# fmt: off
UNARY = [
    "abs", "negative", "sign", "floor", "ceil", "rint", "round", "reciprocal", "square", "sqrt", "rsqrt", "exp",
    "expm1", "log", "log1p", "sigmoid", "tanh", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh",
    "asinh", "acosh", "atanh", "log_sigmoid", "erf", "erfc", "lgamma", "digamma",
]
BINARY = [
    "add", "subtract", "multiply", "realdiv", "truediv", "div", "floordiv", "floormod", "truncatediv", "pow",
    "maximum", "minimum", "squared_difference", "div_no_nan", "igamma", "igammac", "zeta", "polygamma",
]
# fmt: on
IN_MATH = ["xdivy", "xlogy", "multiply_no_nan", "nextafter"]
NO_COMPLEX = [
    "abs",
    "floor",
    "ceil",
    "rint",
    "round",
    "log_sigmoid",
    "erf",
    "erfc",
    "lgamma",
    "digamma",
]
FIRST_ORDER = ["igamma", "igammac"]


def function(tf, name):
    return getattr(tf.math if name in IN_MATH or name.startswith("bessel") else tf, name)


def differentiated(tf, y, xs, orders):
    """Gradients of y, of them, and so on."""
    for _ in range(orders):
        y = [g for g in tf.gradients(y, xs) if g is not None]
        if not y:
            break


def unary(name, shape, dtype, orders):
    def build(tf):
        x = tf.placeholder(dtype, shape, name="x")
        differentiated(tf, function(tf, name)(x), [x], orders)

    return build


def binary(name, shapes, dtype, orders):
    def build(tf):
        x = tf.placeholder(dtype, shapes[0], name="x")
        y = tf.placeholder(dtype, shapes[1], name="y")
        differentiated(tf, function(tf, name)(x, y), [x, y], orders)

    return build


for _name in [*UNARY, "bessel_i0e", "bessel_i1e"]:
    CASES[f"{_name}-known"] = unary(_name, [2, 3], "float32", 1)
    CASES[f"{_name}-partial"] = unary(_name, [None, 3], "float32", 2)
    if _name not in NO_COMPLEX and "bessel" not in _name:
        CASES[f"{_name}-complex"] = unary(_name, [None], "complex64", 1)
for _name in BINARY + IN_MATH:
    for _label, _shapes in SHAPES.items():
        _orders = 2 if _label == "mixed" and _name not in FIRST_ORDER else 1
        CASES[f"{_name}-{_label}"] = binary(_name, _shapes, "float32", _orders)
CASES["multiply-float64"] = binary("multiply", ([2, 3], [2, 3]), "float64", 1)
CASES["multiply-int32"] = binary("multiply", ([2, 3], [2, 3]), "int32", 1)
for _name in ("multiply", "truediv", "pow", "add"):
    CASES[f"{_name}-complex"] = binary(_name, ([None, 3], [3]), "complex64", 1)

# ---- operators

OPERATORS = {
    **{
        n: getattr(operator, n)
        for n in ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow", "matmul")
    },
    **{n: getattr(operator, n) for n in ("and_", "or_", "xor", "lt", "le", "gt", "ge")},
}
OTHERS = {
    "int": 2,
    "float": 2.5,
    "bool": True,
    "numpy": np.float32(1.5),
    "array": np.array([1.0, 2.0, 3.0]),
    "list": [1, 2, 3],
    "text": "a",
    "none": None,
}


def applied(name, dtype, other, reflected):
    def build(tf):
        x = tf.placeholder(dtype, [3, 3], name="x")
        mine = tf.placeholder(dtype, [3, 3], name="y") if other == "tensor" else OTHERS[other]
        return OPERATORS[name](mine, x) if reflected else OPERATORS[name](x, mine)

    return build


def alone(name, dtype):
    return lambda tf: getattr(operator, name)(tf.placeholder(dtype, [2], name="x"))


for _dtype in ("float32", "int32", "uint8", "bool", "complex64", "string"):
    for _name in OPERATORS:
        for _other in ["tensor", *OTHERS]:
            CASES[f"x {_name} {_other} {_dtype}"] = applied(_name, _dtype, _other, False)
            if _other != "tensor":
                CASES[f"{_other} {_name} x {_dtype}"] = applied(_name, _dtype, _other, True)
    for _name in ("neg", "abs", "invert"):
        CASES[f"{_name} x {_dtype}"] = alone(_name, _dtype)

# ---- keys

KEYS = {
    "0": lambda tf, x, n: x[0],
    "-1": lambda tf, x, n: x[-1],
    "1:2": lambda tf, x, n: x[1:2],
    ":,1:": lambda tf, x, n: x[:, 1:],
    ":": lambda tf, x, n: x[:],
    "...,0": lambda tf, x, n: x[..., 0],
    "0,...": lambda tf, x, n: x[0, ...],
    "...": lambda tf, x, n: x[...],
    ":,None": lambda tf, x, n: x[:, None],
    "None,...,newaxis": lambda tf, x, n: x[None, ..., tf.newaxis],
    "::-1": lambda tf, x, n: x[::-1],
    ":,3:0:-2": lambda tf, x, n: x[:, 3:0:-2],
    "-2:,-1:": lambda tf, x, n: x[-2:, -1:],
    "n": lambda tf, x, n: x[n],
    "n:": lambda tf, x, n: x[n:],
    ":,:n,1:n:2": lambda tf, x, n: x[:, :n, 1:n:2],
    "tuple": lambda tf, x, n: x[(0, 1)],
    "list": lambda tf, x, n: x[[0, 1]],
    "int64": lambda tf, x, n: x[np.int64(1)],
    "int64 and int32": lambda tf, x, n: x[tf.constant(1, "int64") : tf.constant(2, "int32"), 0],
    "float": lambda tf, x, n: x[1.0],
    "text": lambda tf, x, n: x["a"],
    "vector": lambda tf, x, n: x[tf.constant([1, 2])],
    "True": lambda tf, x, n: x[True],
    "array of bools": lambda tf, x, n: x[np.array([True, False, True, True])],
    "tensor of bools": lambda tf, x, n: x[x > 0],
    "too few bools": lambda tf, x, n: x[np.array([True, False])],
    "two ellipses": lambda tf, x, n: x[..., ...],
    "too many": lambda tf, x, n: x[0, 0, 0, 0],
    "out of range": lambda tf, x, n: x[9],
    "stride 0": lambda tf, x, n: x[::0],
    "nothing": lambda tf, x, n: x[()],
    "a dimension": lambda tf, x, n: x[x.shape[1] - 1 :],
    "chained": lambda tf, x, n: x[0][1][2],
    "of a shape": lambda tf, x, n: tf.reshape(x, [tf.shape(x)[0] * tf.shape(x)[1], -1]),
}


def keyed(key, shape):
    def build(tf):
        key(tf, tf.placeholder("float32", shape, name="x"), tf.placeholder("int32", [], name="n"))

    return build


for _label, _shape in {"known": [4, 5, 6], "partial": [None, 5, 6], "unknown": None}.items():
    for _name, _key in KEYS.items():
        CASES[f"x[{_name}] {_label}"] = keyed(_key, _shape)
