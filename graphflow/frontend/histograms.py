"""Counts of values: bincount, histograms, confusion matrices."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.math import clip_by_value
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import as_dtype, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import fold, reduce_prod

__all__ = ["bincount", "histogram_fixed_width", "histogram_fixed_width_bins"]


def bincount(
    arr: Any,
    weights: Any = None,
    minlength: Any = None,
    maxlength: Any = None,
    dtype: Any = int32,
) -> Tensor:
    """How often each number from 0 on occurs, or the sums of the weights of its occurrences."""
    with build.name_scope("bincount"):
        arr = convert(arr, name="arr", dtype=int32)
        nonempty = reduce_prod(idioms.shape(arr)) > 0
        size = idioms.cast(nonempty, int32) * (fold("Max", arr) + 1)
        if minlength is not None:
            size = raw.Maximum(convert(minlength, name="minlength", dtype=int32), size)
        if maxlength is not None:
            size = raw.Minimum(convert(maxlength, name="maxlength", dtype=int32), size)
        found: Tensor
        if weights is not None:
            found = raw.UnsortedSegmentSum(convert(weights, name="weights"), arr, size)
        else:
            found = raw.Bincount(arr, size, constant([], as_dtype(dtype)))
        return found


def histogram_fixed_width_bins(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = int32,
    name: str | None = None,
) -> Tensor:
    """In which of equal parts of a range each value lies."""
    with build.name_scope(name, "histogram_fixed_width_bins", [values, value_range, nbins]):
        values = convert(values, name="values")
        shape = idioms.shape(values)
        values = raw.Reshape(values, [-1])
        value_range = convert(value_range, name="value_range")
        nbins = convert(nbins, dtype=int32, name="nbins")
        count = idioms.cast(nbins, values.dtype)
        low, span = values - value_range[0], value_range[1] - value_range[0]
        with build.name_scope("scaled_values", "truediv", [low, span]) as scope:
            scaled = raw.RealDiv(low, span, name=scope)
        places = raw.Floor(count * scaled, name="indices")
        places = idioms.cast(clip_by_value(places, 0, count - 1), int32)
        found: Tensor = raw.Reshape(places, shape)
        return found


def histogram_fixed_width(
    values: Any,
    value_range: Any,
    nbins: Any = 100,
    dtype: Any = int32,
    name: str | None = None,
) -> Tensor:
    """How many values lie in each of equal parts of a range; the outer parts take all beyond."""
    with build.name_scope(name, "histogram_fixed_width", [values, value_range, nbins]) as scope:
        found: Tensor = raw.HistogramFixedWidth(values, value_range, nbins, dtype=dtype, name=scope)
        return found


NAMESPACES = {"math": ["bincount"]}
