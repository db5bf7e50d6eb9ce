"""tf.layers.dense and its kin: functions that make a layer and call it once."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

_INPUTS = inspect.Parameter("inputs", inspect.Parameter.POSITIONAL_OR_KEYWORD)
_REUSE = inspect.Parameter("reuse", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None)

#: what is given for each axis; one number stands for all
_ALONG_AXES = ("strides", "dilation_rate")


def function_of(layer: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function of the inputs and the arguments of the layer, and of `reuse` where the layer has weights."""
    rank = getattr(layer, "rank", 1)
    own = [
        p.replace(default=(1,) * rank)
        if p.name in _ALONG_AXES and p.default == 1 and rank > 1
        else p
        for p in inspect.signature(layer).parameters.values()
        if p.kind is not p.VAR_KEYWORD
    ]
    shares = any(p.name == "trainable" for p in own)
    signature = inspect.Signature([_INPUTS, *own, *([_REUSE] if shares else [])])

    def function(*args: Any, **kwargs: Any) -> Any:
        try:
            given = signature.bind(*args, **kwargs).arguments
        except TypeError as error:
            raise TypeError(f"{name}() {error}") from None
        inputs, reuse = given.pop("inputs"), given.pop("reuse", None)
        if shares:
            given |= {"_scope": given.get("name"), "_reuse": reuse}
        return layer(**given).apply(inputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = layer.__doc__
    function.__dict__["__signature__"] = signature
    return function
