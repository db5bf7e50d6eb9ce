"""Counts of values: Bincount, HistogramFixedWidth."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, int32
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric import sequences
from graphflow.ops.segments import counted


class Bincount(Op):
    """bins[v] = sum of weights[i] (1 if there are none) over all i with arr[i] = v < size."""

    signature = "arr:int32, size:int32, weights:T -> bins:T | T: int32, int64, float32, float64"
    by_value = True

    def infer(self, arr: Tensor, size: Tensor, weights: Tensor) -> Any:
        return TensorShape.of((counted(size, "size"),))

    def reference(self, arr: Any, size: Any, weights: Any) -> Any:
        return sequences.bincount(arr, int(size), weights)


class HistogramFixedWidth(Op):
    """How many values fall into each of nbins equal parts of a range; the outer parts take all beyond."""

    signature = (
        "values:T, value_range:T, nbins:int32 -> out:dtype | T: int32, int64, float32, float64; "
        "dtype: index"
    )
    by_value = True
    dtype: DType = int32

    def infer(self, values: Tensor, value_range: Tensor, nbins: Tensor) -> Any:
        value_range.shape.merge_with([2])
        known = constant_value(nbins)
        if known is not None and known.size == 1 and known.ravel()[0] <= 0:
            raise ValueError(f"Requires nbins > 0: {known.ravel()[0]}")
        return TensorShape.of((counted(nbins, "nbins"),))

    def reference(self, values: Any, value_range: Any, nbins: Any) -> Any:
        low, high = value_range.tolist()
        if nbins <= 0:
            raise ValueError(f"nbins should be a positive number, but got '{nbins}'")
        if not low < high:
            raise ValueError(
                f"value_range should satisfy value_range[0] < value_range[1], but got '[{low}, {high}]'"
            )
        step = (high - low) / float(nbins)
        with np.errstate(all="ignore"):
            places = np.floor((values.ravel().astype(np.float64) - low) / step)
        places = np.clip(np.nan_to_num(places), 0, nbins - 1).astype(np.int64)
        return np.bincount(places, minlength=int(nbins)).astype(self.dtype.numpy)
