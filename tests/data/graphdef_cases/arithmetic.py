"""One op after another: arithmetic, reductions, linear algebra. `_add(op, kind, inputs...)` makes a case."""

from __future__ import annotations

import numpy as np

_rng = np.random.RandomState(0)
NAN, INF = np.nan, np.inf
#: values at which ops part ways
S = np.array([0.0, -0.0, 1.0, -1.0, 0.5, -3.7, 1e30, -1e30, INF, -INF, NAN], np.float32)
LEAST, MOST = -(2**31), 2**31 - 1


def _f(*shape):
    return np.asarray(_rng.randn(*shape), np.float32)


class _C:
    """A value that is a constant of the graph; other arrays are fed."""

    def __init__(self, value, dtype=np.int32):
        self.value = np.asarray(value, dtype)


def _case(op, known, arguments, take):
    def build(tf):
        by, feed, given = [], {}, {}

        def tensor(name, value):
            if isinstance(value, _C):
                return tf.constant(value.value)
            if isinstance(value, list) and value and isinstance(value[0], (np.ndarray, _C)):
                return [tensor(name + str(i), v) for i, v in enumerate(value)]
            if not isinstance(value, np.ndarray):
                return value
            dtype = tf.string if value.dtype.kind == "O" else tf.as_dtype(value.dtype)
            shape = value.shape if known else ([None] * value.ndim if known is None else None)
            made = tf.placeholder(dtype, shape, name)
            feed[made] = value
            if dtype.is_floating or dtype.is_complex:
                by.append(made)
            return made

        for name, value in arguments.items():
            given[name] = tensor(name, value)
        made = getattr(tf.raw_ops, op)(**given)
        made = list(made) if isinstance(made, (list, tuple)) else [made]
        return [made[i] for i in take] if take else made, by, feed

    return build


def _adder(space):
    """Adds cases to the names of a module: known=True is a known shape, None a known rank, False nothing."""

    def add(op, known=True, take=None, **arguments):
        name = op
        while name in space:
            stem, _, number = name.partition("_")
            name = "{}_{}".format(stem, int(number or 1) + 1)
        space[name] = _case(op, known, arguments, take)
        space[name].__module__ = space["__name__"]

    return add


_add = _adder(globals())

for _op in "Abs Neg Sign Square Sqrt Rsqrt Exp Expm1 Log Log1p Sin Cos Tan Atan Sinh Cosh Tanh Asinh Sigmoid Erf".split():
    _add(_op, x=S[:6])
for _op in "Floor Ceil Rint Round IsNan IsInf Reciprocal Erfc".split():
    _add(_op, False, x=S)
for _op in "Asin Acos Atanh".split():
    _add(_op, x=np.array([0.0, 0.5, -0.25], np.float32))
for _op in "Lgamma Digamma Acosh BesselI0e".split():
    _add(_op, False, x=np.array([1.5, 2.0, 7.25], np.float32))
for _op in "Relu Relu6 Elu Selu Softplus Softsign LeakyRelu".split():
    _add(_op, features=S[[0, 2, 3, 4, 5, 6, 8]])
_add("Abs", x=np.array([LEAST, MOST, -1], np.int32))
_add("Neg", False, x=np.array([LEAST, MOST, 0], np.int32))
_add("Exp", x=np.zeros((0, 3), np.float32))
_add("Square", x=np.array([1 + 2j, -0.5j], np.complex64))
_add("Sqrt", x=np.array([0.25, 4.0], np.float64))

_A, _B = np.repeat(S[:8], 8), np.tile(S[:8], 8)
for _op in "AddV2 Sub Mul RealDiv Pow SquaredDifference DivNoNan Xdivy Xlogy".split():
    _add(_op, x=_A, y=_B)
for _op in "Add Div FloorDiv FloorMod Maximum Minimum MulNoNan".split():
    _add(_op, None, x=_f(2, 1, 3), y=_f(4, 1))
for _op in "Sub Mul Maximum".split():
    _add(_op, False, x=_f(3), y=np.float32(2).reshape(()))
    _add(_op, x=np.zeros((0, 3), np.float32), y=_f(1, 3))
    _add(_op, x=np.array([LEAST, MOST, 7], np.int32), y=np.array([[2], [-1]], np.int32))
for _op in "FloorDiv FloorMod TruncateDiv TruncateMod".split():
    _add(_op, x=np.array([7, -7, 9], np.int32), y=np.array([[2], [-3]], np.int32))
_add("Atan2", y=_f(3), x=_f(3))
_add("Igamma", a=np.array([0.5, 2.0], np.float32), x=np.array([1.0, 3.0], np.float32))
_add("Betainc", a=np.array([0.5, 2.0]), b=np.array([1.5, 3.0]), x=np.array([0.25, 0.75]))
for _op in "Less GreaterEqual Equal NotEqual".split():
    _add(_op, False, x=_A, y=_B)
_add("LogicalAnd", x=np.array([True, False]), y=np.array([[True], [False]]))
_add("BitwiseXor", x=np.array([5, LEAST], np.int32), y=np.array([3, MOST], np.int32))
_add("Cast", x=np.array([0, 1, -2.7, 100.5], np.float32), DstT=3)
_add("Cast", x=np.array([LEAST, MOST], np.int32), DstT=1)
_add("SelectV2", condition=np.array([[True], [False]]), t=_f(1, 3), e=_f(4, 1, 1))
_add("AddN", inputs=[_f(2, 3), _f(2, 3), _f(2, 3)])
_add(
    "ClipByValue",
    t=S,
    clip_value_min=np.float32(-1).reshape(()),
    clip_value_max=np.float32(2).reshape(()),
)
_add("Complex", real=_f(3), imag=_f(2, 1))

for _op in "Sum Mean Prod Max Min EuclideanNorm".split():
    _add(_op, None, input=_f(3, 4), axis=_C([0]))
    _add(_op, False, input=_f(2, 3, 2), axis=_C([-1, 0]), keep_dims=True)
    _add(_op, input=np.zeros((0, 3), np.float32), axis=_C(0))
_add("Sum", input=np.array([[MOST, 1], [LEAST, -1]], np.int32), axis=_C(1))
_add("Max", input=np.array([[1, 1, 0, 1]], np.float32), axis=_C(1))
_add("All", input=np.array([[True, False], [True, True]]), axis=_C(1))
_add("ArgMax", False, input=_f(3, 4), dimension=_C(1))
_add("Cumsum", x=_f(3, 4), axis=_C(1), exclusive=True, reverse=True)
_add("Cumprod", None, x=np.array([1.0, 0.0, 3.0], np.float32), axis=_C(0))
for _op in "SegmentSum SegmentMean SegmentMax".split():
    _add(_op, False, data=_f(5, 2), segment_ids=_C([0, 0, 1, 3, 3]))
for _op in "UnsortedSegmentSum UnsortedSegmentProd UnsortedSegmentMax".split():
    _add(_op, data=_f(4, 2), segment_ids=_C([2, 0, -1, 0]), num_segments=_C(4))
_add("Softmax", logits=_f(3, 4))
_add("LogSoftmax", False, logits=_f(3, 4))
_add(
    "SoftmaxCrossEntropyWithLogits",
    features=_f(2, 3),
    labels=np.array([[0, 1, 0], [0.5, 0, 0.5]], np.float32),
)
_add("SparseSoftmaxCrossEntropyWithLogits", False, features=_f(2, 3), labels=_C([2, 0]))
_add("L2Loss", t=_f(3, 2))
_add("TopKV2", input=_f(2, 5), k=_C(3))
_add("InTopKV2", predictions=_f(2, 4), targets=_C([1, 3]), k=_C(2))
for _ta in (False, True):
    for _tb in (False, True):
        _add(
            "MatMul",
            a=_f(*((3, 2) if _ta else (2, 3))),
            b=_f(*((4, 3) if _tb else (3, 4))),
            transpose_a=_ta,
            transpose_b=_tb,
        )
_add("MatMul", None, a=np.zeros((2, 0), np.float32), b=np.zeros((0, 4), np.float32))
_add(
    "MatMul",
    False,
    a=np.arange(6, dtype=np.int32).reshape(2, 3),
    b=np.arange(6, dtype=np.int32).reshape(3, 2),
)
_add("BatchMatMulV2", None, x=_f(2, 1, 2, 3), y=_f(3, 3, 2))
_add("BatchMatMul", x=_f(2, 3, 2), y=_f(2, 3, 4), adj_x=True)
_P = np.array([[4, 1, 0], [1, 3, 1], [0, 1, 5]], np.float32)
for _op in "MatrixInverse Cholesky MatrixDeterminant LogMatrixDeterminant".split():
    _add(_op, input=_P)
_add("MatrixSolve", matrix=_P, rhs=_f(3, 2))
_add("MatrixTriangularSolve", False, matrix=_P, rhs=_f(3, 2), lower=True)
_add("RFFT", input=_f(2, 6), fft_length=_C([6]))
_add("FFT", input=(_f(4) + 1j * _f(4)).astype(np.complex64))
