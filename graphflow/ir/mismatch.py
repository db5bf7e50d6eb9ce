"""What is wrong with the inputs of a node that is being built, said in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import report
from graphflow.ir.dtype import DType
from graphflow.ir.op import Op
from graphflow.ir.signature import Arg, Signature


def operands(sig: Signature, inputs: Sequence[Any]) -> list[tuple[str, Any]]:
    return [(a.name, v) for a, v in zip(sig.inputs, inputs, strict=False)]


def mixed(
    cls: type[Op],
    sig: Signature,
    inputs: Sequence[Any],
    name: str,
    arg: Arg,
    got: DType,
    want: DType,
) -> TypeError:
    first = next(
        (a.name for a in sig.inputs if a.variable and a.variable == arg.variable), arg.name
    )
    because = f" of argument '{first}'" if first != arg.name else ""
    return TypeError(
        report.problem(
            f"Input '{arg.name}' of '{cls.type}' Op has type {got.name} that does not match type "
            f"{want.name}{because}.",
            cls.type,
            name.rstrip("/"),
            report.here(),
            operands(sig, inputs),
            f"tf.cast({arg.name}, tf.{want.name}) converts it; types are never mixed silently",
        )
    )


def not_allowed(
    cls: type[Op],
    sig: Signature,
    inputs: Sequence[Any],
    name: str,
    arg: Arg,
    got: DType,
    allowed: Any,
) -> TypeError:
    names = ", ".join(t.name for t in sorted(allowed, key=lambda t: t.as_datatype_enum))
    return TypeError(
        report.problem(
            f"Value passed to parameter '{arg.name}' of '{cls.type}' has DataType {got.name} "
            f"not in list of allowed values: {names}",
            cls.type,
            name.rstrip("/"),
            report.here(),
            operands(sig, inputs),
            f"tf.cast({arg.name}, ...) converts it",
        )
    )
