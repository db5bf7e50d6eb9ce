"""Optimisers that live outside the graph: they ask for losses and gradients, and put the best values back."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from graphflow.autodiff import gradients
from graphflow.frontend.array import placeholder, reshape, zeros_like
from graphflow.frontend.platform import logging
from graphflow.frontend.variable_collections import trainable_variables
from graphflow.ir.node import Tensor
from graphflow.ir.stacks import get_default_session
from graphflow.ops.arrays import concat

__all__: list[str] = []


class ExternalOptimizerInterface:
    """What an outside optimiser sees: all variables in one vector, functions of it, and bounds."""

    def __init__(
        self,
        loss: Tensor,
        var_list: Sequence[Any] | None = None,
        equalities: Sequence[Tensor] | None = None,
        inequalities: Sequence[Tensor] | None = None,
        var_to_bounds: Mapping[Any, Any] | None = None,
        **optimizer_kwargs: Any,
    ) -> None:
        self._loss = loss
        self._equalities = list(equalities or ())
        self._inequalities = list(inequalities or ())
        self._vars = trainable_variables() if var_list is None else list(var_list)
        self.optimizer_kwargs = optimizer_kwargs
        self._packed_bounds = None if var_to_bounds is None else self._bounds(var_to_bounds)
        self._update_placeholders = [placeholder(v.dtype) for v in self._vars]
        self._var_updates = [
            v.assign(reshape(value, _sizes(v)))
            for v, value in zip(self._vars, self._update_placeholders, strict=True)
        ]
        loss_slopes = self._slopes(loss)
        equality_slopes = [self._slopes(e) for e in self._equalities]
        inequality_slopes = [self._slopes(e) for e in self._inequalities]
        self._packed_var = self._pack(self._vars)
        self._packed_loss_grad = self._pack(loss_slopes)
        self._packed_equality_grads = [self._pack(s) for s in equality_slopes]
        self._packed_inequality_grads = [self._pack(s) for s in inequality_slopes]
        ends = [0, *itertools.accumulate(math.prod(_sizes(v)) for v in self._vars)]
        self._packing_slices = [slice(a, b) for a, b in itertools.pairwise(ends)]

    def minimize(
        self,
        session: Any = None,
        feed_dict: Mapping[Any, Any] | None = None,
        fetches: Sequence[Any] | None = None,
        step_callback: Callable[[Any], Any] | None = None,
        loss_callback: Callable[..., Any] | None = None,
        **run_kwargs: Any,
    ) -> None:
        """Run the optimiser to its end, and give the variables the values that it found."""
        session = session or get_default_session()
        feeds, fetched = dict(feed_dict or {}), list(fetches or [])

        def function(*tensors: Any, callback: Callable[..., Any] | None = None) -> Any:
            def value_at(x: Any) -> Any:
                parts = {
                    v: x[part].reshape(_sizes(v))
                    for v, part in zip(self._vars, self._packing_slices, strict=True)
                }
                got = session.run([*tensors, *fetched], feed_dict=parts | feeds)
                if callback is not None:
                    callback(*got[len(tensors) :])
                return got[: len(tensors)]

            return value_at

        found = self._minimize(
            initial_val=session.run(self._packed_var),
            loss_grad_func=function(self._loss, self._packed_loss_grad, callback=loss_callback),
            equality_funcs=[function(e) for e in self._equalities],
            equality_grad_funcs=[function(g) for g in self._packed_equality_grads],
            inequality_funcs=[function(e) for e in self._inequalities],
            inequality_grad_funcs=[function(g) for g in self._packed_inequality_grads],
            packed_bounds=self._packed_bounds,
            step_callback=step_callback or (lambda xk: None),
            optimizer_kwargs=self.optimizer_kwargs,
        )
        values = [found[part] for part in self._packing_slices]
        feeds = dict(zip(self._update_placeholders, values, strict=True))
        session.run(self._var_updates, feed_dict=feeds, **run_kwargs)

    def _minimize(
        self,
        *,
        initial_val: Any,
        loss_grad_func: Callable[[Any], Any],
        equality_funcs: Sequence[Callable[[Any], Any]],
        equality_grad_funcs: Sequence[Callable[[Any], Any]],
        inequality_funcs: Sequence[Callable[[Any], Any]],
        inequality_grad_funcs: Sequence[Callable[[Any], Any]],
        packed_bounds: Any,
        step_callback: Callable[[Any], Any],
        optimizer_kwargs: Mapping[str, Any],
    ) -> Any:
        """The best vector, as the optimiser of a subclass finds it."""
        raise NotImplementedError(
            "To use ExternalOptimizerInterface, subclass from it and implement the _minimize() method."
        )

    def _bounds(self, bounds: Mapping[Any, Any]) -> list[tuple[float, float]]:
        """(lowest, highest) for each element of the vector; a variable that is not named is free."""
        lows, highs = (
            np.concatenate(
                [
                    np.broadcast_to(bounds.get(v, (-np.inf, np.inf))[side], _sizes(v)).ravel()
                    for v in self._vars
                ]
            )
            for side in (0, 1)
        )
        return list(zip(lows.tolist(), highs.tolist(), strict=True))

    def _slopes(self, tensor: Tensor) -> list[Any]:
        slopes = gradients(tensor, self._vars)
        return [zeros_like(v) if g is None else g for v, g in zip(self._vars, slopes, strict=True)]

    @staticmethod
    def _pack(tensors: Sequence[Any]) -> Tensor | None:
        flat = [reshape(t, [-1]) for t in tensors]
        if len(flat) < 2:
            return flat[0] if flat else None
        return concat(flat, 0)


class ScipyOptimizerInterface(ExternalOptimizerInterface):
    """`scipy.optimize.minimize` over the variables of a graph."""

    _DEFAULT_METHOD = "L-BFGS-B"

    def _minimize(
        self,
        *,
        initial_val: Any,
        loss_grad_func: Callable[[Any], Any],
        equality_funcs: Sequence[Callable[[Any], Any]],
        equality_grad_funcs: Sequence[Callable[[Any], Any]],
        inequality_funcs: Sequence[Callable[[Any], Any]],
        inequality_grad_funcs: Sequence[Callable[[Any], Any]],
        packed_bounds: Any,
        step_callback: Callable[[Any], Any],
        optimizer_kwargs: Mapping[str, Any],
    ) -> Any:
        # scipy is not among the requirements: it is this class alone that asks for it.
        import scipy.optimize

        def loss_and_slope(x: Any) -> tuple[float, Any]:
            loss, slope = loss_grad_func(x)
            return float(loss), slope.astype(np.float64)

        constraints = [
            {"type": kind, "fun": _plain(value), "jac": _plain(slope)}
            for kind, values, slopes in (
                ("eq", equality_funcs, equality_grad_funcs),
                ("ineq", inequality_funcs, inequality_grad_funcs),
            )
            for value, slope in zip(values, slopes, strict=True)
        ]
        options = dict(optimizer_kwargs)
        given = {
            "jac": True,
            "callback": step_callback,
            "method": options.pop("method", self._DEFAULT_METHOD),
            "constraints": constraints,
            "bounds": packed_bounds,
        }
        for name in given.keys() & options.keys():
            if name == "bounds":
                raise ValueError("Bounds must be set using the var_to_bounds argument")
            raise ValueError(
                f"Optimizer keyword arg '{name}' is set automatically and cannot be injected manually"
            )
        start = np.asarray(initial_val, dtype=np.float64)
        result = scipy.optimize.minimize(loss_and_slope, start, **given, **options)
        logging.info(
            "Optimization terminated with:\n  Message: %s\n  Objective function value: %f%s%s",
            result.message,
            result.fun,
            f"\n  Number of iterations: {result.nit}" if hasattr(result, "nit") else "",
            f"\n  Number of functions evaluations: {result.nfev}"
            if hasattr(result, "nfev")
            else "",
        )
        return result["x"]


def _plain(function: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The one value that `function` gives, in double precision."""
    return lambda x: np.asarray(function(x)[0], dtype=np.float64)


def _sizes(tensor: Any) -> tuple[int, ...]:
    return tuple(tensor.get_shape().as_list())


NAMESPACES = {"contrib.opt": ["ExternalOptimizerInterface", "ScipyOptimizerInterface"]}
