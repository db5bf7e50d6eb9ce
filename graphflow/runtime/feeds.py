"""Feeds: values for tensors of any kind, checked against type and shape, all problems reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.ir import report
from graphflow.ir.graph import Graph
from graphflow.ir.literal import string_array
from graphflow.ir.node import Node, Tensor
from graphflow.runtime.state import Ref

NEXT = "print(tensor.shape, tensor.dtype) shows what a tensor takes"


def feed_values(graph: Graph, feed_dict: Any) -> dict[Tensor, Any]:
    """The value of each fed tensor as an array of its type."""
    if feed_dict is None:
        return {}
    if not isinstance(feed_dict, Mapping):
        raise TypeError(f"The feed_dict must be a dictionary, not {type(feed_dict).__name__}.")
    values: dict[Tensor, Any] = {}
    problems: list[tuple[type[Exception], str]] = []
    for key, value in _pairs(feed_dict):
        try:
            tensor = _tensor(graph, key)
            values[tensor] = as_fed(tensor, value)
        except (TypeError, ValueError) as error:
            problems.append((type(error), str(error)))
    if problems:
        kind = problems[0][0]
        text = "\n".join(text for _, text in problems)
        if len(problems) > 1:
            text = f"{len(problems)} feeds do not fit:\n{text}"
        raise kind(text + f"\n  at: {report.here()}\n  next: {NEXT}")
    return values


def _pairs(feed_dict: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    """Keys may be nested tuples of tensors, with values nested alike; composites are taken apart."""
    for key, value in feed_dict.items():
        yield from _flat(key, value)


def _flat(key: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    if hasattr(key, "_fetch_components"):
        members, _ = key._fetch_components()
        yield from zip(members, value, strict=False)
    elif isinstance(key, tuple):
        if not isinstance(value, list | tuple) or len(value) != len(key):
            raise TypeError(
                f"The fed tuple has {len(key)} members, its value has not: {type(value).__name__} "
                f"of length {len(value) if hasattr(value, '__len__') else '?'}"
            )
        for k, v in zip(key, value, strict=True):
            yield from _flat(k, v)
    else:
        yield key, value


def _tensor(graph: Graph, key: Any) -> Tensor:
    try:
        element = graph.as_graph_element(key, allow_operation=False)
    except KeyError as error:
        hint = report.did_you_mean(str(key).partition(":")[0], graph.ledger.nodes_by_name)
        raise TypeError(
            f"Cannot interpret feed_dict key as Tensor: {error.args[0]} {hint}".rstrip()
        ) from None
    except (TypeError, ValueError) as error:
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {error}") from None
    if isinstance(element, Node):
        raise TypeError(f"Cannot interpret feed_dict key as Tensor: {element}")
    if element in graph.unfeedable:
        raise ValueError(f"Tensor {element} may not be fed.")
    return element


def as_fed(tensor: Tensor, value: Any) -> Any:
    """`value` as an array of the tensor's type, or the reason why it is none."""
    if isinstance(value, Tensor):
        raise TypeError(
            "The value of a feed cannot be a tf.Tensor object. Acceptable feed values include Python scalars, "
            f"strings, lists, numpy ndarrays. For reference, the tensor object was {value!s} which was passed to "
            f"the feed with key {tensor!s}."
        )
    if value is None:
        raise TypeError(f"The feed for {tensor.name} is None{_made(tensor)}")
    dtype = tensor.dtype.base_dtype
    if dtype.kind == "o" or isinstance(value, Ref):
        return value
    if dtype.kind == "s":
        array = string_array(value)
    else:
        try:
            array = np.asarray(value)
            if isinstance(value, int) and dtype.is_integer and dtype.numpy.type(value) != value:
                raise OverflowError
            if array.dtype != dtype.numpy:
                array = _cast(array, dtype.numpy)
        except OverflowError:
            raise TypeError(
                f"Type of feed value {value} with type {type(value)} is not compatible with Tensor type "
                f"{dtype.name}: it does not fit. Try explicitly setting the type of the feed tensor to a larger type"
            ) from None
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"The value fed for {tensor.name} is no array of {dtype.name}: {error}{_made(tensor)}"
            ) from None
    shape = tensor.shape
    if not shape.is_compatible_with(array.shape):
        raise ValueError(
            f"Cannot feed value of shape {array.shape} for Tensor '{tensor.name}', which has shape '{shape}'{_made(tensor)}"
        )
    return array


def _cast(array: np.ndarray[Any, Any], target: np.dtype[Any]) -> np.ndarray[Any, Any]:
    if array.dtype == object or array.dtype.kind in "SU":
        return (
            np.asarray(array.tolist(), dtype=target)
            if array.dtype == object
            else array.astype(target)
        )
    if array.dtype.kind == "c" and target.kind != "c":
        raise ValueError("it is complex")
    with np.errstate(all="ignore"):
        return array.astype(target)


def missing_feeds(nodes: Sequence[Node]) -> errors.InvalidArgumentError:
    """The error for placeholders that a run reached without a value: all of them."""
    lines = []
    for node in nodes:
        tensor = node.outputs[0]
        at = f" (made at {node.where}: {node.where.text})" if node.where else ""
        shape = "" if tensor.shape.known is None else f" and shape {tensor.shape}"
        lines.append(
            f"You must feed a value for placeholder tensor '{node.name}' with dtype {tensor.dtype.name}{shape}{at}"
        )
    names = ", ".join(f"'{n.name}:0': ..." for n in nodes)
    lines.append(f"  at: {report.here()}")
    lines.append(f"  hint: sess.run(fetches, feed_dict={{{names}}})")
    return errors.InvalidArgumentError(None, nodes[0], "\n".join(lines))


def _made(tensor: Tensor) -> str:
    at = tensor.node.where
    return f" (made at {at}: {at.text})" if at is not None else ""
