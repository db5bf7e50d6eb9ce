"""Parting rows by number and putting them together again."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.gathering import check_indices, place_text


def dynamic_partition(data: Array, partitions: Array, num_partitions: int) -> list[Array]:
    """out[k] = the rows data[i] with partitions[i] = k, in order; i runs over the axes of partitions."""
    data, partitions = np.asarray(data), np.asarray(partitions)
    if data.shape[: partitions.ndim] != partitions.shape:
        raise ValueError(
            "the shape of data must start with that of partitions: "
            f"{data.shape} vs {partitions.shape}"
        )
    check_indices(partitions, num_partitions, "partitions")
    rows = data.reshape(partitions.size, *data.shape[partitions.ndim :])
    order = np.argsort(partitions, axis=None, kind="stable")
    counts = np.bincount(partitions.ravel(), minlength=num_partitions)
    return np.split(rows[order], np.cumsum(counts)[:-1])


def dynamic_stitch(indices: Sequence[Array], data: Sequence[Array]) -> Array:
    """out[indices[m][i]] = data[m][i]; the last one wins, and rows that none names are zero."""
    places = [np.asarray(i) for i in indices]
    pieces = [np.asarray(d) for d in data]
    if not places or len(places) != len(pieces):
        raise ValueError(
            f"there must be an index for each piece: got {len(places)} and {len(pieces)}"
        )
    rest = pieces[0].shape[places[0].ndim :]
    for m, (place, piece) in enumerate(zip(places, pieces, strict=True)):
        if piece.shape != place.shape + rest:
            raise ValueError(
                f"data[{m}] must have the shape {place.shape + rest} of indices[{m}] and the slices, "
                f"got {piece.shape}"
            )
        if place.size and place.min() < 0:
            i = np.unravel_index(int((place < 0).argmax()), place.shape)
            raise ValueError(f"indices[{m}]{place_text(i)} = {place[i]} must be >= 0")
    rows = max((int(p.max()) + 1 for p in places if p.size), default=0)
    empty = b"" if pieces[0].dtype.kind == "O" else 0
    out = np.full((rows, *rest), empty, pieces[0].dtype)
    for place, piece in zip(places, pieces, strict=True):
        out[place.ravel()] = piece.reshape(place.size, *rest)
    return out
