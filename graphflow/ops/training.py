"""The Apply ops: each rule of graphflow.ops.training_rules as TensorFlow's four ops of it.

`ApplyX` writes through references, `ResourceApplyX` through handles, and their Sparse twins change only the
rows that `indices` names, one after the other where an index repeats.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple

import numpy as np

from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ops import training_rules as rules


class Apply(Op, abstract=True):
    """An optimiser's step on one variable and its slots."""

    differentiable = False
    use_locking: bool = False
    #: the rule, how many variables it writes, and the names of its inputs
    rule: ClassVar[Callable[..., tuple[Any, ...]]]
    written: ClassVar[int]
    names: ClassVar[tuple[str, ...]]
    through_handles: ClassVar[bool] = False

    def infer(self, *inputs: Tensor) -> Any:
        if self.through_handles:
            return ()
        shape = inputs[0].shape
        for slot in inputs[1 : self.written]:
            shape = shape.merge_with(slot.shape)
        for name, t in zip(self.names, inputs, strict=True):
            if name in ("grad", "delta") and "indices" not in self.names:
                shape = shape.merge_with(t.shape)
            elif name not in self.names[: self.written] and name not in (
                "grad",
                "indices",
                "delta",
            ):
                t.shape.assert_has_rank(0)
        return shape

    def options(self) -> dict[str, Any]:
        """The attributes that the rule takes."""
        return {k: v for k, v in self.attrs() if k != "use_locking"}

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        refs = inputs[: self.written]
        given = dict(zip(self.names, inputs, strict=True))
        old = [run.variable(ref) for ref in refs]
        with np.errstate(all="ignore"):
            new = self.sparse(old, given) if "indices" in given else self.dense(old, given)
        for ref, value in zip(refs, new, strict=True):
            run.assign(ref, np.asarray(value, dtype=old[0].dtype))
        return () if self.through_handles else refs[0]

    def dense(self, old: list[Any], given: dict[str, Any]) -> tuple[Any, ...]:
        """All elements at once."""
        gradient: Any = given.get("grad", given.get("delta"))
        for name, value in zip(self.names, old, strict=False):
            if value.shape != np.shape(gradient):
                raise ValueError(
                    f"{name} and grad do not have the same shape: {list(value.shape)} {list(np.shape(gradient))}"
                )
        return type(self).rule(
            **(given | dict(zip(self.names, old, strict=False))), **self.options()
        )

    def sparse(self, old: list[Any], given: dict[str, Any]) -> tuple[Any, ...]:
        """The rows named by `indices`; an index that repeats is applied again, in order."""
        indices = np.asarray(given.pop("indices")).reshape(-1)
        rows = old[0].shape[0] if old[0].ndim else 0
        bad = np.flatnonzero((indices < 0) | (indices >= rows))
        if bad.size:
            raise ValueError(
                f"Index {indices[bad[0]]} at offset {bad[0]} in indices is out of range [0, {rows})"
            )
        key = "grad" if "grad" in given else "delta"
        gradient = given[key].reshape(indices.shape + old[0].shape[1:])
        new = [np.array(value) for value in old]
        for batch in _rounds(indices):
            at = indices[batch]
            part = {name: value[at] for name, value in zip(self.names, new, strict=False)}
            step = given | part | {key: gradient[batch]}
            names = _rule_names(step)
            for value, row in zip(new, type(self).rule(**names, **self.options()), strict=True):
                value[at] = row
        return tuple(new)


def _rule_names(step: dict[str, Any]) -> dict[str, Any]:
    """The sparse op of gradient descent says `grad` where the dense one says `delta`."""
    if "alpha" in step and "grad" in step and "m" not in step:
        step = dict(step)
        step["delta"] = step.pop("grad")
    return step


def _rounds(indices: Any) -> list[Any]:
    """Positions in `indices`, in rounds of which none names a row twice."""
    order = np.argsort(indices, kind="stable")
    ordered = indices[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if ordered.size else ordered
    sizes = np.diff(np.r_[first, ordered.size])
    occurrence = np.empty(ordered.size, np.int64)
    occurrence[order] = np.arange(ordered.size) - np.repeat(first, sizes)
    return [np.flatnonzero(occurrence == k) for k in range(int(occurrence.max(initial=-1)) + 1)]


class Family(NamedTuple):
    """One rule: its inputs in the order of the dense and of the sparse op, and its extra attributes."""

    rule: Callable[..., tuple[Any, ...]]
    slots: str
    dense: str
    sparse: str = ""
    fields: tuple[str, ...] = ()


FAMILIES: dict[str, Family] = {
    "GradientDescent": Family(rules.gradient_descent, "", "alpha delta"),
    "Momentum": Family(
        rules.momentum, "accum", "lr grad momentum", "lr grad indices momentum", ("use_nesterov",)
    ),
    "Adam": Family(
        rules.adam,
        "m v",
        "beta1_power beta2_power lr beta1 beta2 epsilon grad",
        "",
        ("use_nesterov",),
    ),
    "AdaMax": Family(rules.ada_max, "m v", "beta1_power lr beta1 beta2 epsilon grad"),
    "Adagrad": Family(rules.adagrad, "accum", "lr grad", "lr grad indices", ("update_slots",)),
    "AdagradV2": Family(
        rules.adagrad_v2, "accum", "lr epsilon grad", "lr epsilon grad indices", ("update_slots",)
    ),
    "Adadelta": Family(
        rules.adadelta, "accum accum_update", "lr rho epsilon grad", "lr rho epsilon grad indices"
    ),
    "RMSProp": Family(
        rules.rms_prop,
        "ms mom",
        "lr rho momentum epsilon grad",
        "lr rho momentum epsilon grad indices",
    ),
    "CenteredRMSProp": Family(
        rules.centered_rms_prop,
        "mg ms mom",
        "lr rho momentum epsilon grad",
        "lr rho momentum epsilon grad indices",
    ),
    "Ftrl": Family(
        rules.ftrl, "accum linear", "grad lr l1 l2 lr_power", "grad indices lr l1 l2 lr_power"
    ),
    "FtrlV2": Family(
        rules.ftrl_v2,
        "accum linear",
        "grad lr l1 l2 l2_shrinkage lr_power",
        "grad indices lr l1 l2 l2_shrinkage lr_power",
    ),
    "ProximalGradientDescent": Family(
        rules.proximal_gradient_descent, "", "alpha l1 l2 delta", "alpha l1 l2 grad indices"
    ),
    "ProximalAdagrad": Family(
        rules.proximal_adagrad, "accum", "lr l1 l2 grad", "lr l1 l2 grad indices"
    ),
    "AdagradDA": Family(
        rules.adagrad_da,
        "gradient_accumulator gradient_squared_accumulator",
        "grad lr l1 l2 global_step",
        "grad indices lr l1 l2 global_step",
    ),
    "AddSign": Family(rules.add_sign, "m", "lr alpha sign_decay beta grad"),
    "PowerSign": Family(rules.power_sign, "m", "lr logbase sign_decay beta grad"),
}

_TYPES = {"indices": "Tindices", "global_step": "int64"}


def _define(family_name: str, family: Family, sparse: bool, handles: bool) -> None:
    variables = ["var", *family.slots.split()]
    rest = (family.sparse if sparse else family.dense).split()
    holder = "resource" if handles else "&T"
    inputs = [f"{v}:{holder}" for v in variables] + [f"{r}:{_TYPES.get(r, 'T')}" for r in rest]
    limits = "T: number" + ("; Tindices: index" if sparse else "")
    name = ("Resource" if handles else "") + ("Sparse" if sparse else "") + "Apply" + family_name
    shape = "rows of" if sparse else ""
    members: dict[str, Any] = {
        "__doc__": f"{(family.rule.__doc__ or '').splitlines()[0]} {shape}".strip(),
        "__module__": __name__,
        "__annotations__": dict.fromkeys(family.fields, "bool"),
        "signature": f"{', '.join(inputs)} -> {'' if handles else 'out:&T'} | {limits}",
        "rule": staticmethod(family.rule),
        "written": len(variables),
        "names": (*variables, *rest),
        "writes": tuple(variables),
        "stateful": handles,
        "forwards_ref": not handles,
        "through_handles": handles,
    }
    members |= {field: field == "update_slots" for field in family.fields}
    # a class statement, whose name and members come from a table
    metaclass: Any = type(Op)
    metaclass(name, (Apply,), members)


for _name, _family in FAMILIES.items():
    for _handles in (False, True):
        _define(_name, _family, False, _handles)
        if _family.sparse:
            _define(_name, _family, True, _handles)

__all__ = ["FAMILIES", "Apply", "Family"]
