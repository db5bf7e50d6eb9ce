"""tf.einsum: products and sums by the names of axes, made of transpositions and matrix products."""

from __future__ import annotations

import re
import string
from collections.abc import Sequence
from typing import Any

from graphflow.frontend.linalg import trace
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import transpose
from graphflow.ops.matrix_idioms import matmul
from graphflow.ops.reduce_idioms import reduce_sum

__all__ = ["einsum"]


def einsum(equation: str, *inputs: Any, **kwargs: Any) -> Any:
    """The product of tensors whose axes an equation names, summed over the names that the result lacks."""
    name = kwargs.pop("name", None)
    if kwargs:
        raise TypeError(f"invalid keyword arguments for this function: {', '.join(sorted(kwargs))}")
    with build.name_scope(name, "einsum", [equation, inputs]):
        tensors = [x if hasattr(x, "_as_tensor") else convert(x) for x in inputs]
        labels, result = resolve(equation, [t.shape for t in tensors])
        if len(labels) == 1 and "->" not in equation and _is_trace(labels[0]):
            return trace(tensors[0])
        for axes in labels:
            if len(set(axes)) < len(axes):
                raise ValueError(f"Subscript not supported: an axis appears more than once: {axes}")
        everywhere = "".join(labels)
        if any(everywhere.count(a) > 2 and a not in result for a in set(everywhere)):
            return _at_once(tensors, labels, result)
        product, axes = tensors[0], labels[0]
        for tensor, names in zip(tensors[1:], labels[1:], strict=True):
            summed = set(axes) & set(names) - set(result)
            product, axes = _product(product, axes, tensor, names, summed)
        if set(axes) - set(result):
            product = reduce_sum(product, axis=[i for i, a in enumerate(axes) if a not in result])
            axes = "".join(a for a in axes if a in result)
        if sorted(axes) != sorted(result):
            raise ValueError(f"Invalid equation: {equation}")
        return _transposed(product, [axes.index(a) for a in result])


def _is_trace(axes: str) -> bool:
    return (
        len(set(axes)) < len(axes) and any(axes.count(a) == 2 for a in axes) and axes == axes[::-1]
    )


def resolve(equation: str, shapes: Sequence[TensorShape]) -> tuple[list[str], str]:
    """The names of the axes of each operand and of the result, with `...` and a missing result spelt out."""
    equation = equation.replace(" ", "")
    match = re.match(r"^([a-zA-Z,.]+)(->[a-zA-Z.]*)?$", equation)
    if not match:
        raise ValueError(f"Indices have incorrect format: {equation}")
    labels = match.group(1).split(",")
    result = match.group(2)[2:] if match.group(2) else None
    if len(shapes) != len(labels):
        raise ValueError(
            f'Got {len(shapes)} arguments for equation "{equation}", expecting {len(labels)}'
        )
    dots = ""
    if "..." in equation:
        unused = "".join(c for c in string.ascii_letters if c not in "".join(labels))
        for i, axes in enumerate(labels):
            if "..." in axes:
                hidden = _hidden(axes, shapes[i], unused)
                labels[i] = axes.replace("...", hidden)
                dots = max(dots, hidden, key=len)
        result = None if result is None else result.replace("...", dots)
        if any("." in axes for axes in [*labels, result or ""]):
            raise ValueError('period "." found outside of ellipsis')
    if result is None:
        named = "".join(labels)
        single = sorted(a for a in set(named) - set(dots) if named.count(a) == 1)
        result = dots + "".join(single)
    return labels, result


def _hidden(axes: str, shape: TensorShape, unused: str) -> str:
    """Names for the axes that `...` stands for."""
    parts = axes.split("...")
    if len(parts) != 2:
        raise ValueError("Unable to resolve ellipsis. Excess number found.")
    if shape.rank is None:
        raise ValueError("Unable to statically infer ellipsis axes.")
    count = shape.rank - len("".join(parts))
    if count < 0:
        raise ValueError("Ellipses lengths do not match.")
    if len(unused) < count:
        raise ValueError("Unable to resolve ellipsis, too many distinct labels.")
    return unused[-count:] if count > 0 else ""


def _product(
    x: Tensor, x_axes: str, y: Tensor, y_axes: str, summed: set[str]
) -> tuple[Tensor, str]:
    """The product of two tensors, summed over some names that both have, and the names of its axes."""
    for which, tensor, axes in (("t0", x, x_axes), ("t1", y, y_axes)):
        if len(axes) != len(tensor.shape):
            raise ValueError(
                f"Tensor {which} of rank {len(tensor.shape)} does not match einsum reduction "
                f"of length {len(axes)}"
            )
    kept = (set(x_axes) & set(y_axes)) - summed
    mine, theirs = set(x_axes) - kept - summed, set(y_axes) - kept - summed
    # kept names first, then for x its own and the summed ones, for y the summed ones and its own
    x_order = sorted(x_axes, key=lambda a: (-1 if a in kept else 0 if a in mine else 1, a))
    y_order = sorted(y_axes, key=lambda a: (-1 if a in kept else 0 if a in summed else 1, a))
    x = _transposed(x, [x_axes.find(a) for a in x_order])
    y = _transposed(y, [y_axes.find(a) for a in y_order])
    if summed:
        product = _matrix_product(x, y, len(kept), len(summed), len(mine), len(theirs))
    else:
        for _ in theirs:
            x = raw.ExpandDims(x, -1)
        for _ in mine:
            y = raw.ExpandDims(y, len(kept))
        product = raw.Mul(x, y)
    own = y_order[len(y_order) - len(theirs) :]
    return product, "".join(x_order[: len(kept) + len(mine)] + own)


def _matrix_product(x: Tensor, y: Tensor, kept: int, summed: int, mine: int, theirs: int) -> Tensor:
    """Operands whose axes are in order, as batches of matrices, multiplied and unfolded again."""
    x_sizes = _sizes(x)
    rows, over = _total(x_sizes[kept:-summed]), _total(x_sizes[-summed:])
    x = _reshaped(x, [*x_sizes[:kept], rows, over])
    y_sizes = _sizes(y)
    columns = _total(y_sizes[kept + summed :])
    y = _reshaped(y, [*y_sizes[:kept], over, columns])
    product = matmul(x, y)
    return _reshaped(product, x_sizes[: kept + mine] + y_sizes[len(y_sizes) - theirs :])


def _transposed(x: Tensor, perm: list[int]) -> Tensor:
    return x if perm == list(range(len(perm))) else transpose(x, perm=perm)


def _reshaped(x: Tensor, sizes: Sequence[Any]) -> Tensor:
    wanted = tuple(-1 if s is None else s for s in sizes)
    now = tuple(x.shape.as_list())
    if len(wanted) == len(now) and all(
        not isinstance(w, Tensor) and (n == w or w == -1) for n, w in zip(now, wanted, strict=True)
    ):
        return x
    found: Tensor = raw.Reshape(x, wanted)
    return found


def _sizes(x: Tensor) -> list[Any]:
    """The sizes, as tensors where they are not known."""
    sizes: list[Any] = list(x.shape.as_list())
    if None in sizes:
        shape = idioms.shape(x)
        sizes = [shape[i] if s is None else s for i, s in enumerate(sizes)]
    return sizes


def _total(sizes: Sequence[Any]) -> Any:
    total: Any = 1
    for size in sizes:
        total = total * size
    return total


def _at_once(tensors: list[Any], labels: list[str], result: str) -> Any:
    """The whole product with all axes, then the sum: for names that more than two operands share."""
    names = sorted(set("".join(labels) + result))
    order = {a: i for i, a in enumerate([*(a for a in names if a not in result), *result])}
    spread = []
    for i, (tensor, axes) in enumerate(zip(tensors, labels, strict=True)):
        if tensor.shape.rank != len(axes):
            raise ValueError(
                f"Input {i} with axes {axes} has incorrect number of dimensions "
                f"(expected {len(axes)}, got {tensor.shape.rank})"
            )
        by_order = "".join(sorted(axes, key=lambda a: order[a]))
        if axes != by_order:
            tensor = transpose(tensor, [axes.find(a) for a in by_order])
        spread.append((tensor, by_order, [s or -1 for s in tensor.shape.as_list()]))
    summed = []
    for at, name in enumerate(sorted(names, key=lambda a: order[a])):
        for _, axes, sizes in spread:
            if name not in axes:
                sizes.insert(at, 1)
        if len({sizes[at] for *_, sizes in spread if sizes[at] > 1}) > 1:
            raise ValueError(f"Dimension mismatch on axis: {name}")
        if name not in result:
            summed.append(at)
    return reduce_sum(_total([raw.Reshape(t, sizes) for t, _, sizes in spread]), summed)


NAMESPACES = {"linalg": ["einsum"]}
