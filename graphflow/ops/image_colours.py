"""Colours of images: hue, saturation, value and contrast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.dtype import float32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.numeric import colour
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.windows import same_dim


def _three_channels(images: Tensor) -> Any:
    known = images.shape.with_rank_at_least(1).known
    if known is None:
        return UNKNOWN
    return TensorShape.of(
        (*known[:-1], same_dim("the channels of colour images and 3", known[-1], 3))
    )


class RGBToHSV(Op):
    """Red, green and blue as hue, saturation and value, all in [0, 1]."""

    signature = "images:T -> output:T | T: floating = float32"

    def infer(self, images: Tensor) -> Any:
        return _three_channels(images)

    def reference(self, images: Any) -> Any:
        return colour.rgb_to_hsv(images)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [_hsv_gradient(n.inputs[0], n.outputs[0], g)]


class HSVToRGB(Op):
    """Hue, saturation and value as red, green and blue."""

    signature = "images:T -> output:T | T: floating = float32"
    differentiable = False

    def infer(self, images: Tensor) -> Any:
        return _three_channels(images)

    def reference(self, images: Any) -> Any:
        return colour.hsv_to_rgb(images)


class AdjustContrastv2(Op):
    """(x - mean) * contrast_factor + mean, by the mean of each channel of each image."""

    signature = "images:T, contrast_factor:float32 -> output:T | T: float16, float32 = float32"

    def infer(self, images: Tensor, factor: Tensor) -> Any:
        return images.shape.with_rank_at_least(3)

    def reference(self, images: Any, factor: Any) -> Any:
        return colour.adjust_contrast(images, factor)


class AdjustHue(Op):
    """The images with `delta` added to their hue, which wraps around at 1."""

    signature = "images:T, delta:float32 -> output:T | T: float16, float32 = float32"

    def infer(self, images: Tensor, delta: Tensor) -> Any:
        return images.shape.with_rank_at_least(3)

    def reference(self, images: Any, delta: Any) -> Any:
        return colour.adjust_hue(images, delta)


class AdjustSaturation(Op):
    """The images with their saturation times `scale`, at most 1."""

    signature = "images:T, scale:float32 -> output:T | T: float16, float32 = float32"

    def infer(self, images: Tensor, scale: Tensor) -> Any:
        return images.shape.with_rank_at_least(3)

    def reference(self, images: Any, scale: Any) -> Any:
        return colour.adjust_saturation(images, scale)


# ---- the gradient of RGBToHSV: value is max, saturation is (max - min) / max, and hue is a quotient of
# ---- differences that depends on which channel is max and which is min


def _reciprocal(x: Tensor) -> Tensor:
    """1 / x, and 0 of 0."""
    return idioms.div_no_nan(1.0, x)


def _both(first: Tensor, second: Tensor) -> Tensor:
    """1.0 where both hold."""
    return idioms.cast(first & second, float32)


#: of hue, by the channel differentiated: (max, min, sign, numerator, denominator) of the cases in which that
#: channel is not max; with a numerator the case is numerator / square(denominator), else 1 / denominator
_HUE_CASES: dict[str, list[tuple[str, str, int, str, str]]] = {
    "r": [
        ("g", "r", 1, "bg", "rg"),
        ("g", "b", -1, "", "gb"),
        ("b", "r", 1, "bg", "br"),
        ("b", "g", 1, "", "bg"),
    ],
    "g": [
        ("r", "g", 1, "rb", "rg"),
        ("r", "b", 1, "", "rb"),
        ("b", "g", 1, "rb", "bg"),
        ("b", "r", -1, "", "br"),
    ],
    "b": [
        ("r", "b", 1, "gr", "rb"),
        ("r", "g", -1, "", "rg"),
        ("g", "b", 1, "gr", "gb"),
        ("g", "r", 1, "", "gr"),
    ],
}
#: by the channel that is max: the numerator of hue
_HUE_OF_MAX = {"r": "gb", "g": "br", "b": "rg"}
#: by the channel differentiated: the two others, in the orders in which saturation's two sums name them
_OTHERS = {
    "r": ("g", "b", "g", "b"),
    "g": ("r", "b", "r", "b"),
    "b": ("g", "r", "g", "r"),
}


def _hsv_gradient(x: Tensor, y: Tensor, g: Tensor) -> Tensor:
    c = {name: x[..., i] for i, name in enumerate("rgb")}
    saturation, value = y[..., 1], y[..., 2]
    r, gr, b = c["r"], c["g"], c["b"]
    greatest = {
        "r": _both(r >= b, r >= gr),
        "g": _both(gr > r, gr >= b),
        "b": _both(b > r, b > gr),
    }
    least = {
        "r": _both(r < b, r < gr),
        "g": _both(gr <= r, gr < b),
        "b": _both(b <= r, b <= gr),
    }

    def difference(pair: str) -> Tensor:
        return c[pair[0]] - c[pair[1]]

    def of_saturation(name: str) -> Tensor:
        p, q, s, t = _OTHERS[name]
        positive = idioms.cast(c[name] > 0, float32)
        other_min = raw.Add(least[p] * c[p], least[q] * c[q])
        as_max = greatest[name] * other_min * _reciprocal(raw.Square(c[name]))
        as_min = least[name] * -1
        other_max = greatest[s] * c[s] + greatest[t] * c[t]
        return positive * raw.Add(as_max, as_min * _reciprocal(other_max))

    def of_hue(name: str) -> Tensor:
        term = (
            idioms.cast(c[name] > 0, float32) * greatest[name] * -1 * difference(_HUE_OF_MAX[name])
        )
        term = term * _reciprocal(raw.Square(saturation)) * _reciprocal(raw.Square(value))
        terms = [60 * term]
        for top, bottom, sign, numerator, denominator in _HUE_CASES[name]:
            term = idioms.cast(c[top] > 0, float32) * greatest[top] * least[bottom]
            if numerator:
                term = (
                    term * difference(numerator) * _reciprocal(raw.Square(difference(denominator)))
                )
            else:
                term = (term * -1 if sign < 0 else term) * _reciprocal(difference(denominator))
            terms.append(60 * term)
        total = terms[0]
        for term in terms[1:]:
            total = total + term
        return total / 360

    slopes = [greatest, {n: of_saturation(n) for n in "rgb"}, {n: of_hue(n) for n in "rgb"}]
    parts = [
        stack([g[..., channel] * slope[n] for n in "rgb"], axis=-1)
        for channel, slope in zip((2, 1, 0), slopes, strict=True)
    ]
    return raw.Add(raw.Add(parts[0], parts[1]), parts[2])
