"""Whether updates fit the places that indices name, as far as shapes are known when the graph is built."""

from __future__ import annotations

from graphflow.ir.shape import TensorShape


def check_rows(target: TensorShape, indices: TensorShape, updates: TensorShape) -> None:
    """`updates` has the shape of `indices` and the rows of `target`, or is one value for all of them."""
    if target.known is None or updates.rank == 0:
        return
    # a scalar is refused by the run, as TensorFlow has it
    wanted = indices.concatenate(target[1:])
    if not wanted.is_compatible_with(updates):
        raise ValueError(
            f"updates must have the shape {wanted} of indices and the rows of {target}, not {updates}"
        )


def check_slices(target: TensorShape, indices: TensorShape, updates: TensorShape) -> None:
    """`updates` has the shape of `indices`, less the coordinates, and the slices that they name."""
    places = indices.with_rank_at_least(1).known
    if places is None or target.known is None or not isinstance(places[-1], int):
        return
    depth = places[-1]
    if depth > len(target.known):
        raise ValueError(
            f"the last dimension of indices {indices} must be at most the rank of {target}"
        )
    wanted = indices[:-1].concatenate(target[depth:])
    if not wanted.is_compatible_with(updates):
        raise ValueError(
            f"updates must have the shape {wanted} of indices and the slices of {target}, not {updates}"
        )
