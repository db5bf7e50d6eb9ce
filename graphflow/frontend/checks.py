"""tf.assert_equal and its kin: checks of values that the run makes, or that fail now where the values are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.frontend.assertions import Assert
from graphflow.frontend.reduce import reduce_all
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node
from graphflow.ops.dependencies import no_op

__all__ = [
    "assert_equal",
    "assert_greater",
    "assert_greater_equal",
    "assert_less",
    "assert_less_equal",
    "assert_near",
    "assert_negative",
    "assert_non_negative",
    "assert_non_positive",
    "assert_none_equal",
    "assert_positive",
]


def _comparison(
    name: str, sign: str, op: str, known: Callable[[Any, Any], Any]
) -> Callable[..., Any]:
    """The check that two tensors compare so, element by element."""

    def check(
        x: Any,
        y: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Node:
        if sign == "==":
            # TensorFlow opens the scope twice, and its names count on it
            with build.name_scope(name, check.__name__, [x, y, data]):
                if x is y:
                    return no_op()
        with build.name_scope(name, check.__name__, [x, y, data]):
            x, y = convert(x, name="x"), convert(y, name="y")
            if data is None:
                told = [f"Condition x {sign} y did not hold element-wise:"]
                data = [*told, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
            if message is not None:
                data = [message, *data]
            condition = reduce_all(getattr(raw, op)(x, y))
            values = constant_value(x), constant_value(y)
            if all(v is not None for v in values) and not np.all(known(*values)):
                raise InvalidArgumentError(message="\n".join(str(_shown(d)) for d in data))
            return Assert(condition, data, summarize=summarize)

    check.__name__ = check.__qualname__ = name
    check.__doc__ = f"x {sign} y for all elements."
    return check


def _shown(value: Any) -> Any:
    known = constant_value(value) if hasattr(value, "_as_tensor") else None
    return value if known is None else known


assert_equal = _comparison("assert_equal", "==", "Equal", np.equal)
assert_none_equal = _comparison("assert_none_equal", "!=", "NotEqual", np.not_equal)
assert_less = _comparison("assert_less", "<", "Less", np.less)
assert_less_equal = _comparison("assert_less_equal", "<=", "LessEqual", np.less_equal)
assert_greater = _comparison("assert_greater", ">", "Greater", np.greater)
assert_greater_equal = _comparison("assert_greater_equal", ">=", "GreaterEqual", np.greater_equal)


def _against_zero(
    name: str, sign: str, compare: Callable[..., Any], zero_first: bool
) -> Callable[..., Any]:
    """The check that a tensor compares so with 0, element by element."""

    def check(
        x: Any,
        data: Any = None,
        summarize: int | None = None,
        message: str | None = None,
        name: str | None = None,
    ) -> Node:
        with build.name_scope(name, check.__name__, [x, data]):
            x = convert(x, name="x")
            if data is None:
                told = [f"Condition x {sign} 0 did not hold element-wise:", f"x ({x.name}) = "]
                if sign == "<=":
                    told = ["".join(told)]  # one text in TensorFlow, which the count of ops shows
                data = [message or "", *told, x]
            zero = convert(0, dtype=x.dtype)
            pair = (zero, x) if zero_first else (x, zero)
            found: Node = compare(*pair, data=data, summarize=summarize)
            return found

    check.__name__ = check.__qualname__ = name
    check.__doc__ = f"x {sign} 0 for all elements."
    return check


assert_negative = _against_zero("assert_negative", "<", assert_less, False)
assert_positive = _against_zero("assert_positive", ">", assert_less, True)
assert_non_negative = _against_zero("assert_non_negative", ">=", assert_less_equal, True)
assert_non_positive = _against_zero("assert_non_positive", "<=", assert_less_equal, False)


def assert_near(
    x: Any,
    y: Any,
    rtol: Any = None,
    atol: Any = None,
    data: Any = None,
    summarize: int | None = None,
    message: str | None = None,
    name: str | None = None,
) -> Node:
    """|x - y| < atol + rtol |y| for all elements."""
    with build.name_scope(name, "assert_near", [x, y, rtol, atol, data]):
        x = convert(x, name="x")
        y = convert(y, name="y", dtype=x.dtype)
        close = 10 * float(np.finfo(x.dtype.numpy).eps)
        rtol = convert(close if rtol is None else rtol, name="rtol", dtype=x.dtype)
        atol = convert(close if atol is None else atol, name="atol", dtype=x.dtype)
        if data is None:
            told = f"x and y not equal to tolerance rtol = {rtol}, atol = {atol}"
            data = [message or "", told, f"x ({x.name}) = ", x, f"y ({y.name}) = ", y]
        allowed = atol + rtol * abs(y)
        condition = reduce_all(raw.Less(abs(x - y), allowed))
        found: Node = Assert(condition, data, summarize=summarize)
        return found


NAMESPACES = {"debugging": __all__}
