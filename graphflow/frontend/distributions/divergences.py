"""How far one distribution is from another: functions by the kinds of both."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.array import identity
from graphflow.frontend.control_flow import Assert
from graphflow.frontend.math import is_nan, logical_not
from graphflow.frontend.reduce import reduce_any
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.node import Tensor

NAMESPACES = {
    "distributions": ["RegisterKL", "kl_divergence"],
    "contrib.distributions": {"RegisterKL": "RegisterKL", "kl_divergence": "kl_divergence"},
}
__all__: list[str] = []

_divergences: dict[tuple[type, type], Callable[..., Tensor]] = {}


class RegisterKL:
    """Decorator: the function of (a, b, name) that gives KL(a || b) for two kinds of distributions."""

    def __init__(self, dist_cls_a: type, dist_cls_b: type) -> None:
        self._key = (dist_cls_a, dist_cls_b)

    def __call__(self, kl_fn: Any) -> Any:
        if not callable(kl_fn):
            raise TypeError(f"kl_fn must be callable, received: {kl_fn}")
        if self._key in _divergences:
            a, b = (kind.__name__ for kind in self._key)
            raise ValueError(
                f"KL({a} || {b}) has already been registered to: {_divergences[self._key]}"
            )
        _divergences[self._key] = kl_fn
        return kl_fn


def _function_for(a: type, b: type) -> Callable[..., Tensor] | None:
    """The function for the nearest pair of base classes."""
    pairs = [
        (i + j, _divergences[p, q])
        for i, p in enumerate(a.__mro__)
        for j, q in enumerate(b.__mro__)
        if (p, q) in _divergences
    ]
    return min(pairs, key=lambda pair: pair[0])[1] if pairs else None


def kl_divergence(
    distribution_a: Any, distribution_b: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """KL(a || b) = E_a[log a(X) - log b(X)]."""
    function = _function_for(type(distribution_a), type(distribution_b))
    if function is None:
        raise NotImplementedError(
            "No KL(distribution_a || distribution_b) registered for distribution_a type "
            f"{type(distribution_a).__name__} and distribution_b type {type(distribution_b).__name__}"
        )
    with build.name_scope("KullbackLeibler"):
        found = function(distribution_a, distribution_b, name=name)
        if allow_nan_stats:
            return found
        found = identity(found, name="kl")
        told = (
            f"KL calculation between {distribution_a.name} and {distribution_b.name} returned NaN values "
            "(and was called with allow_nan_stats=False). Values:"
        )
        check = Assert(logical_not(reduce_any(is_nan(found))), [told, found])
        with current_graph().control_dependencies([check]):
            return identity(found, name="checked_kl")


def cross_entropy(
    ref: Any, other: Any, allow_nan_stats: bool = True, name: str | None = None
) -> Tensor:
    """H(ref, other) = H(ref) + KL(ref || other)."""
    with build.name_scope(name, "cross_entropy"):
        total: Tensor = ref.entropy() + kl_divergence(ref, other, allow_nan_stats)
        return total
