"""The vocabulary as a table: each op with its signature, what it is, and what is known of it.

python -m graphflow_tools.op_table [pattern]    e.g. `Conv` or `^Resource`
"""

from __future__ import annotations

import argparse
import inspect
import re
from collections.abc import Iterator

import graphflow.ops  # noqa: F401  makes every op known
from graphflow.ir.op import REGISTRY, Op
from graphflow.ops.elementwise import Elementwise


def facts(cls: type[Op]) -> Iterator[str]:
    """What the class says of itself beyond its signature."""
    if issubclass(cls, Elementwise) and cls.scalar is not Elementwise.scalar:
        yield "element-wise"
    if cls.commutative:
        yield "commutative"
    if cls.stateful:
        yield "stateful"
    if cls.writes:
        yield f"writes {', '.join(cls.writes)}"
    if not cls.differentiable:
        yield "not differentiable"
    elif cls.gradient is not Op.gradient:
        yield "gradient"


def rows(pattern: str = "") -> Iterator[tuple[str, str, str, str]]:
    """(name, signature, facts, meaning) of the ops whose names match."""
    for name, cls in sorted(REGISTRY.items()):
        if re.search(pattern, name):
            # an op under an old name is what its base class says
            text = inspect.getdoc(cls)
            meaning = "" if text is None or text == inspect.getdoc(Op) else text.splitlines()[0]
            yield name, cls.signature.partition("|")[0].strip(), "; ".join(facts(cls)), meaning


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("pattern", nargs="?", default="", help="a regular expression on the names")
    found = list(rows(parser.parse_args(argv).pattern))
    for name, signature, known, meaning in found:
        print(f"{name}({signature})" + (f"  [{known}]" if known else ""))
        print(f"    {meaning}")
    print(f"{len(found)} ops")
    return 0 if found else 1


if __name__ == "__main__":
    raise SystemExit(main())
