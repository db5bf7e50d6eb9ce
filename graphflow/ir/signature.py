"""Signatures: which inputs and outputs an op has, and how their element types hang together.

A signature is one line of text, read once, when its op is first used:

    x:T, y:T -> z:T | T: floating, int32           T is found from the inputs
    input:T, axis:Tidx -> output:T | Tidx: index = int32     the default serves Python values
    values:N*T, axis:Tidx -> output:T              N tensors of one type
    input:[Tin] -> output:[Tout]                   a list of any types
    ref:&T, value:T -> output_ref:&T               a reference to a variable
    shape:T -> output:dtype                        `dtype` is a field of the op
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from graphflow.ir.dtype import _BY_NAME, GROUPS, DType


@dataclass(frozen=True, slots=True)
class Arg:
    """One input or output, or a list of them."""

    name: str
    #: a fixed element type, or None where `variable` names an attribute that holds it
    dtype: DType | None
    #: the name of the attribute that holds the type (or the list of types)
    variable: str
    #: the name of the attribute that counts the tensors of a homogeneous list
    count: str
    is_list: bool
    is_ref: bool


class Signature(NamedTuple):
    inputs: tuple[Arg, ...]
    outputs: tuple[Arg, ...]
    #: type variable -> the element types it may be
    allowed: dict[str, frozenset[DType]]
    #: type variable -> the element type it is unless an input says otherwise
    defaults: dict[str, DType]
    #: no lists, no references: the common case, which has a short way through the builder
    plain: bool

    @property
    def variables(self) -> tuple[str, ...]:
        """The attributes that follow from the inputs, in order of first mention."""
        found: dict[str, None] = {}
        for arg in (*self.inputs, *self.outputs):
            if arg.count:
                found[arg.count] = None
            if arg.variable:
                found[arg.variable] = None
        return tuple(found)


def parse(text: str) -> Signature:
    """The signature that a line of text spells."""
    head, _, constraints = text.partition("|")
    left, arrow, right = head.partition("->")
    if not arrow:
        raise ValueError(f"signature without '->': {text!r}")
    allowed: dict[str, frozenset[DType]] = {}
    defaults: dict[str, DType] = {}
    for clause in filter(None, (c.strip() for c in constraints.split(";"))):
        variable, _, types = clause.partition(":")
        names, _, default = types.partition("=")
        members: list[DType] = []
        for name in names.replace(",", " ").split():
            members.extend(GROUPS[name] if name in GROUPS else (_BY_NAME[name],))
        allowed[variable.strip()] = frozenset(members)
        if default:
            defaults[variable.strip()] = _BY_NAME[default.strip()]
    inputs, outputs = _args(left), _args(right)
    plain = not any(a.is_list or a.is_ref for a in inputs + outputs)
    return Signature(inputs, outputs, allowed, defaults, plain)


def _args(text: str) -> tuple[Arg, ...]:
    return tuple(_arg(a.strip()) for a in text.split(",") if a.strip())


def _arg(text: str) -> Arg:
    name, _, type_ = text.partition(":")
    is_list = type_.startswith("[")
    type_ = type_.strip("[]")
    count, star, rest = type_.partition("*")
    if star:
        type_, is_list = rest, True
    is_ref = type_.startswith("&")
    type_ = type_.lstrip("&")
    fixed = _BY_NAME.get(type_)
    return Arg(name, fixed, "" if fixed else type_, count if star else "", is_list, is_ref)


def split(args: tuple[Arg, ...], tensors: Any, attrs: dict[str, Any]) -> list[Any]:
    """The flat `tensors` of a node, grouped as its signature names them: single ones and lists."""
    grouped: list[Any] = []
    at = 0
    for arg in args:
        if not arg.is_list:
            grouped.append(tensors[at])
            at += 1
            continue
        size = attrs[arg.count] if arg.count else len(attrs[arg.variable])
        grouped.append(list(tensors[at : at + size]))
        at += size
    return grouped
