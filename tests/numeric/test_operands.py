"""What holds for every function: 16-bit floats, foreign memory layouts, read-only operands."""

from __future__ import annotations

import ml_dtypes
import numpy as np
import pytest

RECORDED = "*"

IN_PLACE = {"scatter", "scatter_nd_in_place", "strided_slice_assign"}
# These round after each step, or fill with the limits of the type.
STEPWISE = IN_PLACE | {"scatter_nd", "unsorted_segment_min", "unsorted_segment_max"}
# Arrays of these are parameters beside the operands: float32 even where the operands are halves.
WITH_PARAMETERS = {
    "fused_batch_norm",
    "fused_batch_norm_grad",
    "crop_and_resize_grad_image",
    "crop_and_resize_grad_boxes",
    "crop_and_resize",
    "non_max_suppression",
    "next_after",
}


def scattered(a):
    """The same array, read-only, with its elements apart in memory."""
    if not isinstance(a, np.ndarray) or a.ndim == 0:
        return a
    wide = np.empty((*a.shape[:-1], 2 * a.shape[-1] + 1), a.dtype)[..., 1::2]
    wide[...] = a
    wide.flags.writeable = False
    return wide


def over(f, argument):
    return [f(v) for v in argument] if isinstance(argument, list) else f(argument)


def test_layout_and_read_only_operands(case):
    plain = case.call()
    apart = case.call(*[over(scattered, a) for a in case.arguments])
    for one, other in zip(plain, apart, strict=True):
        if one.dtype.kind in "fc":
            # Products of matrices may add up in another order.
            scale = np.abs(one[np.isfinite(one)]).max(initial=0)
            tolerance = 16 * np.finfo(one.dtype).eps
            np.testing.assert_allclose(other, one, tolerance, float(scale) * tolerance)
        else:
            np.testing.assert_array_equal(other, one)


test_layout_and_read_only_operands.only = lambda case: not (case.raises or case.name in IN_PLACE)


@pytest.mark.parametrize("half", [np.float16, ml_dtypes.bfloat16])
def test_halves_are_computed_in_float32_and_rounded_once(case, half):
    def narrow(a):
        floating = isinstance(a, np.ndarray) and a.dtype == np.float32
        return a.astype(half) if floating else a

    def widen(a):
        return a.astype(np.float32) if isinstance(a, np.ndarray) and a.dtype == half else a

    with np.errstate(all="ignore"):
        halves = [over(narrow, a) for a in case.arguments]
        wide = case.call(*[over(widen, a) for a in halves])
        for got, want in zip(case.call(*halves), wide, strict=True):
            if got.dtype == half:
                want = want.astype(half)
            assert got.dtype == want.dtype
            plain = np.complex64 if want.dtype.kind == "c" else np.float32
            np.testing.assert_array_equal(got.astype(plain), want.astype(plain))


def takes_float32(case):
    arrays = [a for a in case.arguments if isinstance(a, np.ndarray)]
    types = {a.dtype for a in arrays if a.dtype.kind == "f"}
    own_rule = case.name in STEPWISE | WITH_PARAMETERS
    return types == {np.dtype(np.float32)} and not own_rule and not case.raises


test_halves_are_computed_in_float32_and_rounded_once.only = takes_float32
