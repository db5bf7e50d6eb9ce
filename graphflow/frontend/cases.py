"""case and switch_case: chains of cond."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend.assertions import Assert
from graphflow.frontend.branch_building import cond
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """What the function of the first pair whose predicate holds returns, else what `default` returns."""
    return chain(functools.partial(cond, strict=strict), pred_fn_pairs, default, exclusive, name)


def chain(
    decide: Callable[..., Any],
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None,
    exclusive: bool,
    name: str,
    python_bools: bool = False,
) -> Any:
    """A case made of calls of `decide`, each the alternative of the one before."""
    pairs = _pairs(pred_fn_pairs, python_bools)
    predicates, actions = (list(column) for column in zip(*pairs, strict=True))
    with build.name_scope(name, "case", predicates):
        if default is None:
            default, predicates, actions = _last_as_default(predicates, actions)
        function: Callable[[], Any] = default
        for predicate, action in reversed(list(zip(predicates, actions, strict=True))):
            function = functools.partial(decide, predicate, true_fn=action, false_fn=function)
        if not exclusive:
            return function()
        check = _at_most(predicates, 1, "Input error: exclusive=True")
        with build.current_graph().control_dependencies([check]):
            return function()


def _pairs(given: Any, python_bools: bool) -> list[Any]:
    if not isinstance(given, list | tuple | dict):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(given, dict):
        items = list(given.items())
        ordered = isinstance(given, collections.OrderedDict)
        given = items if ordered else sorted(items, key=lambda pair: str(pair[0].name))
    for pair in given:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        _check_pair(*pair, python_bools)
    if not given:
        raise ValueError("case needs at least one pair of a predicate and a function")
    return list(given)


def _check_pair(pred: Any, function: Any, python_bools: bool) -> None:
    if isinstance(pred, Tensor):
        if pred.dtype.base_dtype is not bool_:
            raise TypeError(f"pred must be Tensor of type bool: {pred.name}")
    elif not python_bools:
        raise TypeError(f"pred must be a Tensor, got: {pred}")
    elif not isinstance(pred, bool):
        raise TypeError(f"pred must be a Tensor or bool, got: {pred}")
    if not callable(function):
        raise TypeError(f"fn for pred {getattr(pred, 'name', pred)} must be callable.")


def _last_as_default(
    predicates: list[Any], actions: list[Any]
) -> tuple[Callable[[], Any], list[Any], list[Any]]:
    """The last action taken for the default: it makes sure that its predicate holds."""
    last = len(predicates) - 1

    def default() -> Any:
        others = (
            "Implementation error: selected default action "
            f"#{last} was called, but some of other predicates are True: "
        )
        nothing = (
            "Input error: None of conditions evaluated as True:",
            convert(predicates, name="preds_c"),
        )
        checks = [_at_most(predicates[:last], 0, others), Assert(predicates[last], nothing)]
        with build.current_graph().control_dependencies(checks):
            return actions[last]()

    return default, predicates[:last], actions[:last]


def _at_most(predicates: Sequence[Any], most: int, message: str) -> Node:
    """An assertion that no more than `most` predicates hold."""
    stacked = convert(list(predicates), name="preds_c")
    numbers = idioms.cast(stacked, int32)
    count = raw.Sum(numbers, idioms.reduced_axes(numbers, None), name="num_true_conds")
    holds = raw.LessEqual(count, convert(most, name="n_true_conds"))
    names = ", ".join(getattr(p, "name", "?") for p in predicates)
    what = f"{message}: more than {most} conditions ({names}) evaluated as True:"
    return Assert(holds, [what, stacked], summarize=len(predicates))


def switch_case(
    branch_index: Any,
    branch_fns: Any,
    default: Callable[[], Any] | None = None,
    name: str = "switch_case",
) -> Any:
    """What the function number `branch_index` returns; `default`, or the last one, for any other number."""
    actions = _numbered(branch_index, branch_fns)
    if default is not None:
        actions.append(default)
    with build.name_scope(name, "case", [branch_index]):
        function = actions[-1]
        for number in range(len(actions) - 2, -1, -1):
            predicate = raw.Equal(branch_index, number)
            function = functools.partial(
                cond, predicate, true_fn=actions[number], false_fn=function, strict=True
            )
        return function()


def _numbered(branch_index: Any, branch_fns: Any) -> list[Callable[[], Any]]:
    if not isinstance(branch_index, Tensor):
        raise TypeError(f"branch_index must a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"branch_index must an integer Tensor, got {branch_index.dtype}")
    if not branch_fns:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(branch_fns, list | tuple | dict):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs = list(branch_fns.items()) if isinstance(branch_fns, dict) else list(branch_fns)
    if all(callable(fn) for fn in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        if not isinstance(pair[0], int):
            raise TypeError(f"key must be a Python `int`, got {type(pair[0])}")
        if not callable(pair[1]):
            raise TypeError(f"fn for key {pair[0]} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError(
            f"branch indices (keys) must form contiguous range of [0 to {len(keys)}) but found "
            f"{{{','.join(map(str, keys))}}}"
        )
    return [function for _, function in sorted(pairs, key=lambda pair: pair[0])]
