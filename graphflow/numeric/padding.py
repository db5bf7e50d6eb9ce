"""Padding with a constant or with a mirror image, and the gradient of the latter."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened


def _pairs(paddings: Array, rank: int) -> list[tuple[int, int]]:
    """(before, after) of each axis, checked."""
    pairs = np.asarray(paddings, np.int64)
    if pairs.shape != (rank, 2):
        raise ValueError(
            f"paddings must have the shape ({rank}, 2) for rank {rank}, got {pairs.shape}"
        )
    if pairs.size and pairs.min() < 0:
        raise ValueError(f"paddings must be >= 0, got {pairs.tolist()}")
    return [(int(a), int(b)) for a, b in pairs]


def pad(x: Array, paddings: Array, constant_value: Any = 0) -> Array:
    """x with so many constants before and behind each axis."""
    x = np.asarray(x)
    pairs = _pairs(paddings, x.ndim)
    if x.dtype.kind == "O" and isinstance(constant_value, int):
        constant_value = b""
    sizes = [a + n + b for n, (a, b) in zip(x.shape, pairs, strict=True)]
    out = np.full(sizes, constant_value, x.dtype)
    out[tuple(slice(a, a + n) for n, (a, _) in zip(x.shape, pairs, strict=True))] = x
    return out


def _edge(mode: str) -> int:
    """How many elements the mirror leaves out at its edge: 1 of REFLECT, 0 of SYMMETRIC."""
    if mode not in ("REFLECT", "SYMMETRIC"):
        raise ValueError(f"the mode must be REFLECT or SYMMETRIC, got {mode!r}")
    return int(mode == "REFLECT")


def _check_mirror(axis: int, size: int, before: int, after: int, edge: int) -> None:
    if max(before, after) > max(size - edge, 0):
        raise ValueError(
            f"paddings must be no greater than the {size - edge} elements to mirror in dimension "
            f"{axis}: got {before}, {after}"
        )


def mirror_pad(x: Array, paddings: Array, mode: str) -> Array:
    """x with a mirror image of its border, REFLECT without and SYMMETRIC with the outermost elements."""
    x, edge = np.asarray(x), _edge(mode)
    for axis, (before, after) in enumerate(_pairs(paddings, x.ndim)):
        n = x.shape[axis]
        _check_mirror(axis, n, before, after, edge)
        if before or after:
            front = np.arange(before - 1, -1, -1) + edge
            back = n - 1 - edge - np.arange(after)
            x = np.take(x, np.concatenate([front, np.arange(n), back]), axis)
    return x.copy() if not np.asarray(paddings).any() else x


@quiet
def mirror_pad_grad(dy: Array, paddings: Array, mode: str) -> Array:
    """dx[i] = sum of dy over all images of element i."""
    dy, edge = np.asarray(dy), _edge(mode)
    dx = widened(dy)
    for axis, (before, after) in enumerate(_pairs(paddings, dy.ndim)):
        n = dx.shape[axis] - before - after
        if n < 0:
            raise ValueError(
                f"paddings {before}, {after} exceed dimension {axis} of shape {dy.shape}"
            )
        _check_mirror(axis, n, before, after, edge)
        rows = np.moveaxis(dx, axis, 0)
        core = rows[before : before + n].copy()
        core[edge : edge + before] += rows[:before][::-1]
        core[n - edge - after : n - edge] += rows[before + n :][::-1]
        dx = np.moveaxis(core, 0, axis)
    return narrowed(np.ascontiguousarray(dx), dy.dtype)
