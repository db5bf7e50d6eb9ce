"""Tests generated over the registry: whoever adds an element-wise op gets them for nothing."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import graphflow.ops  # noqa: F401  fills the registry
from graphflow.autodiff.gradients import gradients
from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.dtype import (
    GROUPS,
    DType,
    as_dtype,
    bool_,
    complex64,
    complex128,
    float32,
    float64,
)
from graphflow.ir.graph import Graph
from graphflow.ir.op import REGISTRY, Op
from graphflow.ops.elementwise import Elementwise
from graphflow.session import ENGINES, Session

ELEMENTWISE = {name: cls for name, cls in sorted(REGISTRY.items()) if issubclass(cls, Elementwise)}
OPS = list(ELEMENTWISE)
REAL_OF = {complex64: float32, complex128: float64}
#: dtypes that numpy computes with
PLAIN = (*GROUPS["number"], bool_)

#: where a function is defined and smooth, as (low, high) of each operand; (-2, 2) where nothing is said
DOMAINS: dict[str, tuple[tuple[float, float], ...]] = {
    **dict.fromkeys(("Log", "Sqrt", "Rsqrt", "Lgamma", "Digamma"), ((0.3, 3.0),)),
    **dict.fromkeys(("Asin", "Acos", "Atanh"), ((-0.9, 0.9),)),
    **dict.fromkeys(("Igamma", "Igammac"), ((0.5, 3.0), (0.5, 3.0))),
    **dict.fromkeys(
        ("SqrtGrad", "RsqrtGrad", "ReciprocalGrad", "InvGrad"), ((0.5, 2.0), (-2.0, 2.0))
    ),
    **dict.fromkeys(
        ("FloorMod", "Xdivy", "Xlogy", "RealDiv", "Div", "DivNoNan"), ((0.3, 2.0), (0.5, 3.0))
    ),
    "ClipByValue": ((-2.0, 2.0), (-1.0, -0.5), (0.5, 1.0)),
    "Log1p": ((-0.7, 2.0),),
    "Acosh": ((1.2, 3.0),),
    "Pow": ((0.3, 2.0), (-2.0, 2.0)),
    "Polygamma": ((1.0, 1.0), (0.5, 3.0)),
    "Zeta": ((2.0, 3.0), (1.0, 3.0)),
    "Betainc": ((1.0, 3.0), (1.0, 3.0), (0.2, 0.8)),
    "Reciprocal": ((0.5, 2.0),),
    "Inv": ((0.5, 2.0),),
    "Tan": ((-1.2, 1.2),),
}
#: gradients by some operands are not defined on purpose
UNDEFINED = {"Polygamma": {0}, "Zeta": {0}, "Betainc": {0, 1}, "TruncateDiv": {0, 1}}
#: derivatives that TensorFlow chose otherwise than finite differences tell
NOT_COMPARED = {
    "NextAfter.float64",
    # it leaves the conjugate out
    *(f"{op}.complex128" for op in ("MulNoNan", "SquaredDifference", "Xdivy", "Xlogy")),
    # it calls x / |x| a step
    "Sign.complex128",
}


def attributes(cls: type[Op], dtype: DType) -> list[dict[str, Any]]:
    """The attributes with which an op is tried on operands of a type."""
    if cls.type == "Cast":
        return [{"DstT": t} for t in PLAIN]
    if cls.type == "Bucketize":
        return [{"boundaries": (0.0, 1.5)}]
    if "Tout" in cls.fields:
        whole = {v: k for k, v in REAL_OF.items()}
        return [{"Tout": (REAL_OF | whole)[dtype]}]
    return [{}]


def operand_types(cls: type[Op]) -> Iterator[list[DType]]:
    """Types of all operands together, each allowed value of the type variables once."""
    sig, excluded = cls.sig(), getattr(cls, "uncomputed", "")
    variables = sorted({a.variable for a in sig.inputs if a.variable})
    choices = [
        [t for t in PLAIN if t.kind not in excluded and t in sig.allowed.get(v, frozenset(PLAIN))]
        for v in variables
    ]
    for chosen in itertools.product(*choices):
        bound = dict(zip(variables, chosen, strict=True))
        yield [a.dtype or bound[a.variable] for a in sig.inputs]


def shapes(count: int) -> list[tuple[Any, ...]]:
    same: list[tuple[Any, ...]] = [((),) * count, ((0,),) * count, ((2, 3),) * count]
    broadcast = [((2, 3), (3,)), ((2, 1), (1, 3)), ((0, 3), (1, 3)), ((), (2,))]
    return same + (broadcast if count == 2 else [])


def seeded(*key: Any) -> np.random.Generator:
    return np.random.default_rng(zlib.crc32(repr(key).encode()))


def sample(op: str, index: int, shape: tuple[int, ...], dtype: DType) -> Any:
    """Operand values in the middle of where the op is defined."""
    random = seeded(op, index, shape)
    if dtype is bool_:
        return random.integers(0, 2, shape).astype(bool)
    if dtype.is_integer:
        return random.integers(1, 5, shape).astype(dtype.numpy)
    domain = DOMAINS.get(op, ())
    low, high = domain[index] if index < len(domain) else (-2.0, 2.0)
    values = np.asarray(random.uniform(low, high, shape))
    if dtype.is_complex:
        values = values + 1j * random.uniform(0.1, 1.0, shape)
    return values.astype(dtype.numpy)


@pytest.mark.parametrize("op", OPS)
def test_reference_gives_what_inference_promised(op: str) -> None:
    cls, tried = REGISTRY[op], 0
    for types in operand_types(cls):
        for extra in attributes(cls, types[-1]):
            for dims in shapes(len(types)):
                with Graph().as_default():
                    places = [
                        raw.Placeholder(dtype=t, shape=d) for t, d in zip(types, dims, strict=True)
                    ]
                    try:
                        out = getattr(raw, op)(*places, **extra)
                    except ValueError:
                        assert len(set(dims)) > 1, "operands of one shape always fit"
                        continue
                    arrays = [
                        sample(op, i, d, t)
                        for i, (t, d) in enumerate(zip(types, dims, strict=True))
                    ]
                    result = out.node.op.reference(*arrays)
                    assert as_dtype(result.dtype) is out.dtype, (types, extra)
                    assert result.shape == out.shape.as_tuple(), (types, dims)
                    tried += 1
    assert tried


@pytest.mark.parametrize("op", [o for o in OPS if ELEMENTWISE[o].oracle is not None])
def test_agrees_with_numpy(op: str) -> None:
    cls = ELEMENTWISE[op]
    for types in operand_types(cls):
        if any(t.name == "bfloat16" for t in types) or (
            types[0].is_integer and op in ("Reciprocal", "Inv")
        ):
            continue
        extra = attributes(cls, types[-1])[0]
        arrays = [sample(op, i, (40,), t) for i, t in enumerate(types)]
        got = cls(**extra).reference(*arrays)
        with np.errstate(all="ignore"):
            expected = cls.oracle(
                *(a.astype(np.float32) if a.dtype == np.float16 else a for a in arrays)
            )
        if types[0].kind in "fc":
            tolerance = 4 * np.finfo(types[0].numpy).eps
            np.testing.assert_allclose(got, expected, rtol=tolerance, atol=tolerance)
        else:
            np.testing.assert_array_equal(got, expected.astype(got.dtype))


# ---- gradients -------------------------------------------------------------------------------------


def of_type(cls: type[Op], dtype: DType) -> list[DType] | None:
    """Types of the operands of which the last is `dtype`, if the op takes it."""
    return next((types for types in operand_types(cls) if types[-1] is dtype), None)


DIFFERENTIABLE = [
    pytest.param(op, dtype, id=f"{op}.{dtype.name}")
    for op in OPS
    for dtype in (float64, complex128)
    if REGISTRY[op].differentiable
    and REGISTRY[op].gradient is not Op.gradient
    and of_type(REGISTRY[op], dtype)
    and f"{op}.{dtype.name}" not in NOT_COMPARED
]


def weights_of(key: Any, y: Any) -> Any:
    random = seeded(key)
    weights = random.uniform(0.5, 1.5, y.shape)
    return weights + 1j * random.uniform(0.5, 1.5, y.shape) if y.dtype.kind == "c" else weights


def differences(session: Any, y: Any, weights: Any, feed: dict[Any, Any], x: Any) -> Any:
    """The slope of Re sum(conj(weights) y) by x, the one by the imaginary part being imaginary."""
    found = np.zeros_like(feed[x])
    for at in np.ndindex(found.shape):
        for direction in (1, 1j) if found.dtype.kind == "c" else (1,):
            ends = []
            for step in (1e-6, -1e-6):
                moved = feed[x].copy()
                moved[at] += step * direction
                ends.append(np.sum(np.conj(weights) * session.run(y, feed | {x: moved})).real)
            found[at] += direction * (ends[0] - ends[1]) / 2e-6
    return found


def check(session: Any, op: str, y: Any, xs: list[Any], feed: dict[Any, Any], order: int) -> None:
    """The gradient of `y` by each of `xs` against finite differences, and then that of the gradient."""
    weights = weights_of((op, order), session.run(y, feed))
    try:
        slopes = gradients(y, xs, constant(weights, y.dtype))
    except LookupError:
        assert order == 2, "the op says that it has a gradient"
        return
    for i, (x, slope) in enumerate(zip(xs, slopes, strict=True)):
        defined = i not in UNDEFINED.get(op, ())
        expected = differences(session, y, weights, feed, x) if defined else None
        if slope is None:
            assert not defined or not np.any(expected), f"{op} has no gradient by operand {i}"
            continue
        got = session.run(slope, feed)
        assert got.shape == feed[x].shape
        if defined:
            np.testing.assert_allclose(
                got, expected, rtol=2e-5, atol=2e-6, err_msg=f"{op} by operand {i}"
            )
        if order == 1:
            check(session, op, slope, xs, feed, 2)


@pytest.mark.parametrize("engine", sorted(ENGINES))
@pytest.mark.parametrize(("op", "dtype"), DIFFERENTIABLE)
def test_gradients_are_slopes(op: str, dtype: DType, engine: str) -> None:
    cls = REGISTRY[op]
    types = of_type(cls, dtype)
    assert types is not None
    extra = next(a for a in attributes(cls, dtype) if a.get("DstT", dtype) is dtype)
    tried = 0
    for dims in [s for s in shapes(len(types)) if s[0] in ((2, 3), (2, 1))]:
        for static in (True, False):
            with Graph().as_default():
                sizes = [d if static else [None] * len(d) for d in dims]
                places = [
                    raw.Placeholder(dtype=t, shape=d) for t, d in zip(types, sizes, strict=True)
                ]
                arrays = [
                    sample(op, i, d, t) for i, (d, t) in enumerate(zip(dims, types, strict=True))
                ]
                feed = dict(zip(places, arrays, strict=True))
                session = Session(engine=engine)
                try:
                    y = getattr(raw, op)(*places, **extra)
                    session.run(y, feed)
                except (ValueError, InvalidArgumentError):
                    assert len(set(dims)) > 1, "operands of one shape always fit"
                    continue
                check(
                    session,
                    op,
                    y,
                    [p for p, t in zip(places, types, strict=True) if t is dtype],
                    feed,
                    1,
                )
                tried += 1
    assert tried
