"""Functions of matrices that are made of others: expm, pinv, matrix_rank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.frontend.control_flow import while_loop
from graphflow.frontend.linalg import svd
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.matrix_idioms import eye, matmul
from graphflow.ops.reduce_idioms import fold, reduce_sum

__all__: list[str] = []

#: coefficients of the Pade approximants of exp, by degree
_PADE: dict[int, tuple[float, ...]] = {
    3: (120.0, 60.0, 12.0),
    5: (30240.0, 15120.0, 3360.0, 420.0, 30.0),
    7: (17297280.0, 8648640.0, 1995840.0, 277200.0, 25200.0, 1512.0, 56.0),
    9: (
        *(17643225600.0, 8821612800.0, 2075673600.0, 302702400.0, 30270240.0),
        *(2162160.0, 110880.0, 3960.0, 90.0),
    ),
    13: (
        *(64764752532480000.0, 32382376266240000.0, 7771770303897600.0),
        *(1187353796428800.0, 129060195264000.0, 10559470521600.0, 670442572800.0),
        *(33522128640.0, 1323241920.0, 40840800.0, 960960.0, 16380.0, 182.0),
    ),
}
#: for each precision: the norm below which the last approximant holds, and those below which smaller ones do
_BOUNDS: dict[str, tuple[float, dict[int, float]]] = {
    "single": (3.92572478313866, {3: 0.4258730016922831, 5: 1.880152677804762, 7: np.inf}),
    "double": (
        5.371920351148152,
        {
            3: 0.01495585217958292,
            5: 0.253939833006323,
            7: 0.9504178996162932,
            9: 2.097847961257068,
            13: np.inf,
        },
    ),
}
_PRECISION = {"float16": "single", "float32": "single", "complex64": "single"}
_PRECISION |= {"float64": "double", "complex128": "double"}


def expm(input: Any, name: str | None = None) -> Tensor:
    """exp of each matrix: a rational approximation of the scaled matrix, squared again."""
    with build.name_scope(name, "matrix_exponential", [input]):
        matrix = convert(input, name="input")
        if matrix.shape[-2:] == TensorShape((0, 0)):
            return matrix
        given = matrix.shape
        batch: Any = given[:-2]
        if not batch.is_static:
            batch = idioms.shape(matrix)[:-2]
        sides = idioms.shape(matrix)[-2:]
        matrix = raw.Reshape(matrix, concat(([-1], sides), 0))
        columns = reduce_sum(_magnitude(matrix), axis=idioms.size(idioms.shape(matrix)) - 2)
        norm = fold("Max", columns, -1)
        precision = _PRECISION.get(matrix.dtype.base_dtype.name)
        if precision is None:
            raise ValueError(f"tf.linalg.expm does not support matrices of type {matrix.dtype}")
        result, squarings = _approximated(matrix, norm, *_BOUNDS[precision])
        result = _squared(result, squarings, norm)
        if not matrix.shape.is_static:
            shape = concat((batch, idioms.shape(result)[-2:]), 0)
            out: Tensor = raw.Reshape(result, shape)
            return out
        flat: Tensor = raw.Reshape(result, batch.concatenate(result.shape[-2:]).as_list())
        return flat


def _magnitude(x: Tensor) -> Any:
    if x.dtype.is_complex:
        return raw.ComplexAbs(x, Tout=x.dtype.real_dtype, name="Abs")
    return raw.Abs(x)


def _approximated(
    matrix: Tensor, norm: Tensor, largest: float, bounds: dict[int, float]
) -> tuple[Tensor, Tensor]:
    """exp of the matrix divided by 2^squarings, and the squarings."""
    dtype = norm.dtype
    limit = constant(largest, dtype)
    ratio = raw.Log(norm / limit) / raw.Log(constant(2.0, dtype))
    squarings = raw.Maximum(raw.Floor(ratio), 0)
    pairs = []
    for degree in bounds:
        x = matrix
        if degree == max(bounds):
            scale = raw.Pow(constant(2.0, matrix.dtype), idioms.cast(squarings, matrix.dtype))
            x = matrix / scale[..., None, None]
        pairs.append(_odd_and_even(x, degree))
    limits = list(bounds.values())[:-1]
    odd = _chosen(norm, limits, [u for u, _ in pairs])
    even = _chosen(norm, limits, [v for _, v in pairs])
    above, below = odd + even, -odd + even
    return raw.MatrixSolve(below, above), squarings


def _chosen(norm: Tensor, limits: Sequence[float], cases: Sequence[Tensor]) -> Tensor:
    """The first case whose limit the norm is below; the last one has none."""
    if not limits:
        return cases[0]
    small = raw.Less(norm, constant(limits[0], norm.dtype))
    found: Tensor = raw.Select(small, cases[0], _chosen(norm, limits[1:], cases[1:]))
    return found


def _odd_and_even(matrix: Tensor, degree: int) -> tuple[Tensor, Tensor]:
    """The odd and the even terms of the numerator of the approximant of exp."""
    b = [constant(x, matrix.dtype) for x in _PADE[degree]]
    identity = eye(
        idioms.shape(matrix)[-2], batch_shape=idioms.shape(matrix)[:-2], dtype=matrix.dtype
    )
    powers = [matmul(matrix, matrix)]
    for _ in range(1, 3 if degree == 13 else degree // 2):
        powers.append(matmul(powers[-1], powers[0]))
    if degree == 13:
        return _thirteenth(matrix, b, powers, identity)
    odd = powers[-1]
    for i in range(len(powers) - 2, -1, -1):
        odd = odd + b[2 * i + 3] * powers[i]
    odd = matmul(matrix, odd + b[1] * identity)
    even = b[-1] * powers[-1]
    for i in range(len(powers) - 2, -1, -1):
        even = even + b[2 * i + 2] * powers[i]
    return odd, even + b[0] * identity


def _thirteenth(matrix: Any, b: Any, powers: Any, identity: Any) -> tuple[Tensor, Tensor]:
    p2, p4, p6 = powers
    odd = matmul(p6, p6 + b[11] * p4 + b[9] * p2)
    odd = odd + b[7] * p6 + b[5] * p4 + b[3] * p2 + b[1] * identity
    odd = matmul(matrix, odd)
    even = matmul(p6, b[12] * p6 + b[10] * p4 + b[8] * p2)
    even = even + b[6] * p6 + b[4] * p4 + b[2] * p2 + b[0] * identity
    return odd, even


def _squared(result: Tensor, squarings: Tensor, norm: Tensor) -> Tensor:
    """Each matrix squared as often as it was halved."""
    most = fold("Max", squarings)
    _, found = while_loop(
        lambda i, r: raw.Less(i, most),
        lambda i, r: (i + 1, raw.Select(raw.Less(i, squarings), matmul(r, r), r)),
        [constant(0.0, norm.dtype), result],
    )
    out: Tensor = found
    return out


def _checked(a: Tensor, validate: bool) -> Tensor:
    """A batch of real matrices, or an error now or, where the rank is unknown, in the run."""
    if not a.dtype.is_floating:
        raise TypeError(f"Input `a` must have `float`-like `dtype` (saw {a.dtype.name}).")
    if a.shape.rank is not None and a.shape.rank < 2:
        raise ValueError(f"Input `a` must have at least 2 dimensions (saw: {a.shape.rank}).")
    if a.shape.rank is None and validate:
        message = ["Input `a` must have at least 2 dimensions."]
        check = raw.Assert(raw.GreaterEqual(idioms.rank(a), 2), message, summarize=3)
        with build.current_graph().control_dependencies([check]):
            found: Tensor = raw.Identity(a)
            return found
    return a


def matrix_rank(
    a: Any, tol: Any = None, validate_args: bool = False, name: str | None = None
) -> Tensor:
    """How many singular values of each matrix are greater than `tol`."""
    with build.name_scope(name or "matrix_rank"):
        a = _checked(convert(a, hint="float32", name="a"), validate_args)
        s = svd(a, compute_uv=False)
        if tol is None:
            sides: Any = a.shape[-2:]
            if sides.is_static:
                longest: Any = np.max(sides.as_tuple())
            else:
                longest = fold("Max", idioms.shape(a)[-2:])
            eps = np.finfo(a.dtype.base_dtype.numpy).eps
            tol = eps * idioms.cast(longest, a.dtype) * fold("Max", s, -1, keepdims=True)
        found: Tensor = reduce_sum(idioms.cast(s > tol, int32), axis=-1)
        return found


def pinv(a: Any, rcond: Any = None, validate_args: bool = False, name: str | None = None) -> Tensor:
    """The pseudo-inverse of each matrix; singular values up to rcond times the largest count as zero."""
    with build.name_scope(name or "pinv"):
        a = _checked(convert(a, name="a"), validate_args)
        dtype = a.dtype.base_dtype
        if rcond is None:
            sizes = [_size(a, axis) for axis in (-2, -1)]
            if all(isinstance(s, int) for s in sizes):
                longest: Any = float(max(sizes))
            else:
                longest = idioms.cast(raw.Maximum(*sizes), dtype)
            rcond = 10.0 * longest * np.finfo(dtype.numpy).eps
        rcond = convert(rcond, dtype=dtype, name="rcond")
        s, u, v = svd(a, full_matrices=False, compute_uv=True)
        cutoff = rcond * fold("Max", s, -1)
        infinite = np.array(np.inf, dtype.numpy)
        s = raw.SelectV2(s > raw.ExpandDims(cutoff, -1), s, infinite)
        found: Tensor = matmul(v / raw.ExpandDims(s, -2), u, adjoint_b=True)
        if a.shape.rank is not None:
            found.set_shape(a.shape[:-2].concatenate([a.shape[-1], a.shape[-2]]))
        return found


def _size(a: Tensor, axis: int) -> Any:
    known = a.shape[axis].value
    return idioms.shape(a)[axis] if known is None else known


NAMESPACES = {"linalg": ["expm", "matrix_rank", "pinv"]}
