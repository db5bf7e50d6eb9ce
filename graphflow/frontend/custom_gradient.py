"""tf.custom_gradient: functions that say themselves how they are differentiated."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from graphflow.autodiff import gradients
from graphflow.autodiff.registry import gradient_function, gradient_functions
from graphflow.frontend import nest
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.variable_base import Variable, accessed_variables
from graphflow.frontend.variable_scope import get_variable_scope
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.node import Node, Tensor
from graphflow.ops.handles import captured

__all__ = ["custom_gradient", "grad_pass_through", "recompute_grad"]

_HOLDERS = ("VariableV2", "VarHandleOp")


def custom_gradient(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function of tensors that gives the first thing `f` returns; the second computes its gradients."""

    @functools.wraps(f)
    def decorated(*args: Any, **kwargs: Any) -> Any:
        if kwargs:
            raise ValueError(
                "The custom_gradient decorator currently supports keywords arguments only when eager "
                "execution is enabled."
            )
        return _with_gradient(f, [convert(x) for x in args])

    return decorated


def _with_gradient(f: Callable[..., Any], args: list[Tensor]) -> Any:
    scope = get_variable_scope()
    before = {*scope.global_variables(), *scope.local_variables()}
    with accessed_variables() as accessed:
        result, grad_fn = f(*args)
    for variable in [*scope.global_variables(), *scope.local_variables()]:
        if variable not in before and not hasattr(variable, "handle"):
            raise TypeError(
                "All variables used by a function wrapped with @custom_gradient must be `ResourceVariable`s. "
                "Ensure that no `variable_scope` is created with `use_resource=False`."
            )
    flat = nest.flatten(result)
    # TensorFlow looks for variables from copies of the results, and leaves these behind
    ends = [raw.Identity(r) for r in flat]
    variables = list(dict.fromkeys([*_variables_behind(ends, args), *accessed]))
    _check_signature(grad_fn, variables)
    graph = current_graph()
    table = gradient_functions(graph)
    name = f"CustomGradient-{len(table)}"
    table[name] = _Gradient(grad_fn, len(flat), variables)
    with graph.gradient_override_map({"IdentityN": name}):
        outputs = raw.IdentityN([*flat, *args, *variables])
    for variable in variables:
        convert(variable)  # TensorFlow reads each once more, to no end but the count of ops
    return nest.pack_sequence_as(result, outputs[: len(flat)])


class _Gradient:
    """The gradient of the node that carries results, arguments and variables: a function's own."""

    def __init__(
        self, grad_fn: Callable[..., Any], results: int, variables: Sequence[Variable]
    ) -> None:
        self.grad_fn, self.results, self.variables = grad_fn, results, variables

    def __call__(self, node: Node, *grads: Any) -> list[Any]:
        of_results = grads[: self.results]
        if not self.variables:
            return [None] * self.results + nest.flatten(self.grad_fn(*of_results))
        of_inputs, of_variables = self.grad_fn(*of_results, variables=list(self.variables))
        if len(of_variables) != len(self.variables):
            raise ValueError(
                "Must return gradient for each variable from @custom_gradient grad_fn."
            )
        return [None] * self.results + nest.flatten(of_inputs) + list(of_variables)


def _check_signature(grad_fn: Callable[..., Any], variables: Sequence[Variable]) -> None:
    """A gradient function of a function that uses variables is handed them by name."""
    found = inspect.signature(grad_fn).parameters
    takes = "variables" in found or any(p.kind is p.VAR_KEYWORD for p in found.values())
    if variables and not takes:
        raise TypeError(
            "If using @custom_gradient with a function that uses variables, then grad_fn must accept a "
            "keyword argument 'variables'."
        )
    if takes and not variables:
        if not get_variable_scope().use_resource:
            raise TypeError(
                "If using @custom_gradient with a function that uses variables, the enclosing variable "
                "scope must have use_resource=True."
            )
        logging.warning(
            "@custom_gradient grad_fn has 'variables' in signature, but no ResourceVariables were used "
            "on the forward pass."
        )


def _variables_behind(ends: Iterable[Tensor], stops: Iterable[Tensor]) -> list[Variable]:
    """The trained variables that these tensors depend on by differentiable nodes, short of `stops`."""
    stopped, seen = set(stops), set(ends)
    todo, found = list(ends), []
    while todo:
        node = todo.pop(0).node
        if node.type in _HOLDERS:
            variable = _variable_of(node)
            if variable is not None:
                found.append(variable)
        outer = None if node.inputs or node.out is None else captured(node.out)
        for tensor in [outer] if outer is not None else node.inputs if _flows(node) else ():
            if tensor not in seen and tensor not in stopped:
                seen.add(tensor)
                todo.append(tensor)
    return found


def _flows(node: Node) -> bool:
    try:
        return gradient_function(node) is not None
    except LookupError:
        return False


def _variable_of(node: Node) -> Variable | None:
    """The variable of a node, if it is trained."""
    known = node.graph.get_collection(GraphKeys.GLOBAL_VARIABLES)
    found = [v for v in known if v.op is node]
    if not found:
        raise ValueError(f"Unsuccessful at finding variable {node.name}.")
    trained = [v for v in found if v.trainable]
    return trained[0] if trained else None


def recompute_grad(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function `f`, whose gradient computes it a second time instead of keeping what it computed."""

    @custom_gradient
    def inner(*args: Any) -> Any:
        result = f(*args)

        def grad(*grads: Any, variables: Any = None) -> Any:
            with current_graph().control_dependencies(grads):
                again = f(*args)
            sources = [*args, *(variables or ())]
            found = gradients(nest.flatten(again), sources, list(grads))
            return (found[: len(args)], found[len(args) :]) if variables else found

        return result, grad

    return inner


def grad_pass_through(f: Callable[..., Any]) -> Callable[..., Any]:
    """The function `f`, through which gradients go as if it were not there."""

    @custom_gradient
    def passed(*args: Any) -> Any:
        def grad(*grads: Any, variables: Any = None) -> Any:
            return grads if variables is None else (grads, [None] * len(variables))

        return f(*args), grad

    return passed
