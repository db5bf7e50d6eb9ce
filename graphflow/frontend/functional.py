"""map_fn, foldl, foldr and scan: loops over the rows of tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.loop_building import while_loop
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms

__all__ = ["foldl", "foldr", "map_fn", "scan"]
NAMESPACES = {
    "python.ops.functional_ops": ["foldl", "foldr", "scan"],
    "python.ops.map_fn": ["map_fn"],
}


def map_fn(
    fn: Callable[..., Any],
    elems: Any,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    name: str | None = None,
) -> Any:
    """`fn` of each row, the results one above the other; `elems` and results may be nested structures."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    if isinstance(elems, SparseTensor):
        raise TypeError(
            "To perform a map on the values of a sparse tensor use either "
            " SparseTensor(input.indices, fn(input.values), input.dense_shape) or "
            " SparseTensor(input.indices, map_fn(fn, input.values), input.dense_shape)"
        )
    with build.name_scope(name, "map", nest.flatten(elems)):
        rows = [convert(e, name="elem") for e in nest.flatten(elems)]
        result_types = dtype or nest.pack_sequence_as(elems, [r.dtype for r in rows])
        if rows[0].shape.rank == 0:
            if len(rows) == 1:
                raise ValueError("elems must be a 1+ dimensional Tensor, not a scalar")
            raise ValueError("elements in elems must be 1+ dimensional Tensors, not scalars")
        n = _count(rows[0])
        arrays = [TensorArray(r.dtype, size=n) for r in rows]
        arrays = [a.unstack(r) for a, r in zip(arrays, rows, strict=True)]
        i = convert(0)
        results = [
            TensorArray(t, size=n, infer_shape=infer_shape) for t in nest.flatten(result_types)
        ]

        def compute(i: Any, written: Any) -> Any:
            value = fn(nest.pack_sequence_as(elems, [a.read(i) for a in arrays]))
            nest.assert_same_structure(result_types, value)
            written = [a.write(i, v) for a, v in zip(written, nest.flatten(value), strict=True)]
            return i + 1, written

        _, filled = while_loop(
            lambda i, _: i < n,
            compute,
            (i, results),
            parallel_iterations=parallel_iterations or 10,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        return nest.pack_sequence_as(result_types, _stacked(filled, rows))


def _count(rows: Tensor) -> Any:
    """The number of rows: an int where it is known; TensorFlow asks the tensor when it is 0."""
    return rows.shape[0].value or idioms.shape(rows)[0]


def _stacked(filled: Any, rows: Any) -> list[Tensor]:
    """The results of all iterations, as many as there were rows."""
    stacked = [a.stack() for a in filled]
    count = rows[0].shape.with_rank_at_least(1)[0]
    for other in rows[1:]:
        count = count.merge_with(other.shape.with_rank_at_least(1)[0])
    for result in stacked:
        result.set_shape(TensorShape([count.value]).concatenate(result.shape[1:]))
    return stacked


def _unstacked(elems: Any) -> tuple[Any, Any]:
    """The number of rows, and arrays that hold them, in the structure of `elems`."""
    rows = [convert(e, name="elem") for e in nest.flatten(elems)]
    n = _count(rows[0])
    arrays = nest.map_structure(lambda e: TensorArray(e.dtype, size=n).unstack(e), elems)
    return n, arrays


def foldl(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """fn(... fn(fn(initializer, row 0), row 1) ..., last row); without an initializer it starts with row 0."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    with build.name_scope(name, "foldl", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        if initializer is None:
            value = nest.map_structure(lambda a: a.read(0), arrays)
            i = convert(1)
        else:
            value, i = initializer, convert(0)

        def compute(i: Any, value: Any) -> Any:
            row = nest.map_structure(lambda a: a.read(i), arrays)
            value = fn(value, row)
            return [i + 1, value]

        _, result = while_loop(
            lambda i, _: i < n,
            compute,
            [i, value],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        return result


def foldr(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
) -> Any:
    """As foldl, from the last row to the first."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    with build.name_scope(name, "foldr", nest.flatten(elems)):
        n, arrays = _unstacked(elems)
        if initializer is None:
            i = n - 1
            value = nest.map_structure(lambda a: a.read(i), arrays)
        else:
            i, value = n, initializer

        def compute(i: Any, value: Any) -> Any:
            i -= 1
            row = nest.map_structure(lambda a: a.read(i), arrays)
            return [i, fn(value, row)]

        _, result = while_loop(
            lambda i, _: i > 0,
            compute,
            [i, value],
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        return result


def scan(
    fn: Callable[..., Any],
    elems: Any,
    initializer: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    infer_shape: bool = True,
    reverse: bool = False,
    name: str | None = None,
) -> Any:
    """The values that foldl goes through, one above the other; with `reverse` from the last row on."""
    if not callable(fn):
        raise TypeError("fn must be callable.")
    like = elems if initializer is None else initializer
    with build.name_scope(name, "scan", nest.flatten(elems)):
        rows = [convert(e, name="elem") for e in nest.flatten(elems)]
        n: Any = rows[0].shape[0].value
        if n is None:
            n = idioms.shape(rows[0])[0]
        arrays = [TensorArray(r.dtype, size=n, element_shape=r.shape[1:]) for r in rows]
        arrays = [a.unstack(r) for a, r in zip(arrays, rows, strict=True)]
        if initializer is None:
            values = [a.read(n - 1 if reverse else 0) for a in arrays]
            done = 1
        else:
            values = [convert(v) for v in nest.flatten(initializer)]
            done = 0
        written = [
            TensorArray(
                v.dtype,
                size=n,
                element_shape=v.shape if infer_shape else None,
                infer_shape=infer_shape,
            )
            for v in values
        ]
        if initializer is None:
            written = [
                a.write(n - 1 if reverse else 0, v) for a, v in zip(written, values, strict=True)
            ]

        def compute(i: Any, values: Any, written: Any) -> Any:
            row = nest.pack_sequence_as(elems, [a.read(i) for a in arrays])
            value = fn(nest.pack_sequence_as(like, values), row)
            nest.assert_same_structure(like, value)
            values = nest.flatten(value)
            written = [a.write(i, v) for a, v in zip(written, values, strict=True)]
            return (i - 1 if reverse else i + 1), values, written

        _, _, filled = while_loop(
            (lambda i, *_: i >= 0) if reverse else (lambda i, *_: i < n),
            compute,
            (n - 1 - done if reverse else done, values, written),
            parallel_iterations=parallel_iterations,
            back_prop=back_prop,
            swap_memory=swap_memory,
            maximum_iterations=n,
        )
        return nest.pack_sequence_as(like, _stacked(filled, rows))
