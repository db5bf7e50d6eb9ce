"""Parameters of distributions: logits and probabilities, checks of values, seeds of second samples."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.frontend.array import shape
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_parts import where, where_v2
from graphflow.frontend.checks import (
    assert_equal,
    assert_greater_equal,
    assert_less_equal,
    assert_near,
    assert_non_negative,
)
from graphflow.frontend.math import lgamma, log, log1p, sigmoid
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.rank_checks import assert_rank_at_least
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, bool_, float16, float32, float64, int16, int32, int64
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import no_op, with_dependencies

_MODULE = "python.ops.distributions.util"
NAMESPACES = {
    _MODULE: [
        *("embed_check_categorical_event_shape", "embed_check_integer_casting_closed"),
        *("embed_check_nonnegative_integer_form", "gen_new_seed", "get_logits_and_probs"),
        *("log_combinations", "pick_vector"),
    ],
}
__all__: list[str] = []


def get_logits_and_probs(
    logits: Any = None,
    probs: Any = None,
    multidimensional: bool = False,
    validate_args: bool = False,
    name: str = "get_logits_and_probs",
    dtype: Any = None,
) -> tuple[Tensor, Tensor]:
    """Both, from the one that is given."""
    with build.name_scope(name, None, [probs, logits]):
        if (probs is None) == (logits is None):
            raise ValueError("Must pass probs or logits, but not both.")
        if probs is None:
            given = convert(logits, dtype, "logits")
            if not given.dtype.is_floating:
                raise TypeError("logits must having floating type.")
            if not multidimensional:
                return given, sigmoid(given, name="probs")
            if validate_args:
                given = embed_check_categorical_event_shape(given)
            return given, softmax(given, name="probs")
        given = convert(probs, dtype, "probs")
        if not given.dtype.is_floating:
            raise TypeError("probs must having floating type.")
        if validate_args:
            given = _checked_probabilities(given, multidimensional)
        with build.name_scope("logits"):
            if multidimensional:
                return log(given), given
            return log(given) - log1p(-1.0 * given), given


def _checked_probabilities(probs: Tensor, multidimensional: bool) -> Tensor:
    with build.name_scope("validate_probs"):
        one = convert(1.0, probs.dtype)
        checks = [assert_non_negative(probs)]
        if multidimensional:
            probs = embed_check_categorical_event_shape(probs)
            told = "probs does not sum to 1."
            checks.append(assert_near(reduce_sum(probs, -1), one, message=told))
        else:
            told = "probs has components greater than 1."
            checks.append(assert_less_equal(probs, one, message=told))
        return with_dependencies(checks, probs)


def embed_check_categorical_event_shape(
    categorical_param: Any, name: str = "embed_check_categorical_event_shape"
) -> Tensor:
    """The parameter, checked to have at least two classes and no more than its type can count."""
    with build.name_scope(name, None, [categorical_param]):
        x = convert(categorical_param, name="categorical_param")
        most = _largest_integer(x.dtype) if x.dtype.is_floating else 0
        if not most:
            raise TypeError(f"Unable to validate size of unrecognized dtype ({x.dtype.name}).")
        few = "A categorical-distribution parameter must have at least 1 dimension."
        two = "A categorical-distribution parameter must have at least 2 events."
        try:
            known = x.shape.with_rank_at_least(1)
        except ValueError:
            raise ValueError(few) from None
        if known[-1].value is not None:
            if known[-1].value < 2:
                raise ValueError(two)
            if known[-1].value > most:
                raise ValueError(
                    f"Number of classes exceeds `dtype` precision, i.e., {x.dtype.name} implies shape "
                    f"({known[-1].value}) cannot exceed {most}."
                )
            return x
        size = raw.Shape(x, name="x_shape")[-1]
        many = f"Number of classes exceeds `dtype` precision, i.e., {x.dtype.name} dtype cannot exceed {most} shape."
        checks = [
            assert_rank_at_least(x, 1, message=few),
            assert_greater_equal(shape(x)[-1], 2, message=two),
            assert_less_equal(size, most, message=many),
        ]
        return with_dependencies(checks, x)


def _largest_integer(dtype: DType) -> int:
    """The largest number up to which a type has every integer."""
    if dtype.is_floating:
        return int(2 ** (np.finfo(dtype.numpy).nmant + 1))
    if dtype.is_integer:
        return int(np.iinfo(dtype.numpy).max)
    if dtype.base_dtype is bool_:
        return 1
    raise TypeError(f"Unrecognized dtype: {dtype.name}")


def embed_check_nonnegative_integer_form(
    x: Any, name: str = "embed_check_nonnegative_integer_form"
) -> Tensor:
    """x, checked to be whole numbers that are not negative."""
    with build.name_scope(name, None, [x]):
        x = convert(x, name="x")
        checks = [assert_non_negative(x, message=f"'{x}' must be non-negative.")]
        if not x.dtype.is_integer:
            told = f"'{x}' cannot contain fractional components."
            checks.append(assert_integer_form(x, message=told))
        return with_dependencies(checks, x)


_WHOLE = {float16: int16, float32: int32, float64: int64}


def assert_integer_form(
    x: Any,
    data: Any = None,
    summarize: Any = None,
    message: str | None = None,
    int_dtype: Any = None,
    name: str = "assert_integer_form",
) -> Any:
    """An op that fails unless all elements are whole numbers."""
    with build.name_scope(name, None, [x, data]):
        x = convert(x, name="x")
        if x.dtype.is_integer:
            return no_op()
        whole = int_dtype or _WHOLE.get(x.dtype.base_dtype)
        if whole is None:
            raise TypeError(f"Unrecognized type {x.dtype.name}")
        rounded = cast(cast(x, whole), x.dtype)
        told = message or f"{x} has non-integer components"
        return assert_equal(x, rounded, data=data, summarize=summarize, message=told, name=name)


def embed_check_integer_casting_closed(
    x: Any,
    target_dtype: DType,
    assert_nonnegative: bool = True,
    name: str = "embed_check_casting_closed",
) -> Tensor:
    """x, checked to be numbers that the type can hold."""
    with build.name_scope(name, None, [x]):
        x = convert(x, name="x")
        checks: list[Any] = []
        if assert_nonnegative:
            checks.append(assert_non_negative(x, message="Elements must be non-negative."))
        if x.dtype.is_floating:
            told = f"Elements must be {target_dtype.name}-equivalent."
            checks.append(assert_integer_form(x, int_dtype=target_dtype, message=told))
        elif _largest_integer(x.dtype) > _largest_integer(target_dtype):
            most = _largest_integer(target_dtype)
            checks.append(assert_less_equal(x, most, message=f"Elements cannot exceed {most}."))
        return with_dependencies(checks, x) if checks else x


def log_combinations(n: Any, counts: Any, name: str = "log_combinations") -> Tensor:
    """log(n! / (counts_1! ... counts_k!))."""
    with build.name_scope(name, None, [n, counts]):
        n, counts = convert(n, name="n"), convert(counts, name="counts")
        total = lgamma(n + 1)
        each = lgamma(counts + 1)
        return total - reduce_sum(each, axis=[-1])


def pick_vector(cond: Any, true_vector: Any, false_vector: Any, name: str = "pick_vector") -> Any:
    """One of two vectors, which may be of different lengths."""
    with build.name_scope(name, None, (cond, true_vector, false_vector)):
        cond = convert(cond, name="cond")
        if cond.dtype is not bool_:
            raise TypeError(f"{cond}.dtype={cond.dtype} which is not {bool_}")
        known = constant_value(cond)
        if known is not None:
            return true_vector if known else false_vector
        first = convert(true_vector, name="true_vector")
        second = convert(false_vector, name="false_vector")
        if first.dtype is not second.dtype:
            raise TypeError(
                f"{first}.dtype={first.dtype} does not match {second}.dtype={second.dtype}"
            )
        n = shape(first)[0]
        both = concat([first, second], 0)
        return raw.Slice(both, [where_v2(cond, 0, n)], [where(cond, n, -1)])


def gen_new_seed(seed: Any, salt: str) -> int | None:
    """Another seed for a second sample."""
    if seed is None:
        return None
    digest = hashlib.md5(f"{seed}{salt}".encode(), usedforsecurity=False).hexdigest()
    return int(digest[:8], 16) & 0x7FFFFFFF


def checked(validate: bool, checks: Sequence[Any], x: Tensor) -> Tensor:
    """x after some checks."""
    found: Tensor = with_dependencies(list(checks), x) if validate else x
    return found
