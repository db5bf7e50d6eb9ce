"""Convolutions against TensorFlow, against their definition, and their gradients against adjointness."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from graphflow.numeric import convolution, depthwise, windows

RECORDED = "convolution"
RNG = np.random.default_rng(0)


def test_as_tensorflow(case):
    case.check()


def by_definition(x, w, stride, dilation, pads, groups):
    """The sums written out, channels last, for any number of spatial axes."""
    spatial = x.ndim - 2
    x = np.pad(x, [(0, 0), *pads, (0, 0)])
    kernel, outputs = w.shape[:spatial], []
    for i in range(spatial):
        extent = (kernel[i] - 1) * dilation[i] + 1
        outputs.append((x.shape[1 + i] - extent) // stride[i] + 1)
    y = np.zeros((x.shape[0], *outputs, w.shape[-1]))
    per_in, per_out = w.shape[-2], w.shape[-1] // groups
    for o in itertools.product(*map(range, outputs)):
        for p in itertools.product(*map(range, kernel)):
            at = tuple(s * i + d * j for s, i, d, j in zip(stride, o, dilation, p, strict=True))
            for g in range(groups):
                outs = slice(g * per_out, (g + 1) * per_out)
                part = x[(slice(None), *at, slice(g * per_in, (g + 1) * per_in))]
                y[(slice(None), *o, outs)] += part @ w[(*p, slice(None), outs)]
    return y


GEOMETRIES = [
    # size, kernel, stride, dilation, padding, groups
    ((7, 6), (3, 2), (1, 1), (1, 1), "SAME", 1),
    ((7, 6), (3, 2), (2, 3), (1, 1), "VALID", 1),
    ((9, 8), (3, 3), (2, 1), (2, 3), "SAME", 1),
    ((9, 8), (3, 3), (2, 1), (2, 3), "VALID", 2),
    ((5, 5), (2, 2), (3, 4), (1, 1), "SAME", 2),
    ((4, 5), (2, 3), (1, 2), (2, 1), ((2, 1), (0, 3)), 1),
    ((1, 1), (1, 1), (1, 1), (1, 1), "VALID", 4),
    ((5, 4, 6), (2, 3, 2), (1, 2, 3), (2, 1, 1), "SAME", 1),
    ((5, 4, 6), (2, 1, 2), (1, 2, 1), (1, 1, 3), "VALID", 2),
]


@pytest.mark.parametrize("channels_first", [False, True])
@pytest.mark.parametrize("geometry", GEOMETRIES)
def test_by_definition_and_adjoint(geometry, channels_first, monkeypatch):
    size, kernel, stride, dilation, padding, groups = geometry
    # Small pieces of the batch, so that their seams are tested.
    monkeypatch.setattr(convolution, "_ROOM", 200)
    x = RNG.normal(size=(3, *size, 4))
    w = RNG.normal(size=(*kernel, 4 // groups, 2 * groups))
    name = "explicit" if isinstance(padding, tuple) else padding
    pads = [
        windows.pads(n, k, s, d, "EXPLICIT" if name == "explicit" else name, e)
        for n, k, s, d, e in zip(
            size,
            kernel,
            stride,
            dilation,
            padding if name == "explicit" else [(0, 0)] * len(size),
            strict=True,
        )
    ]
    want = by_definition(x, w, stride, dilation, pads, groups)

    layout = ("NC" + "DHW"[-len(size) :]) if channels_first else ("N" + "DHW"[-len(size) :] + "C")

    def placed(values, outer):
        return [outer, outer, *values] if channels_first else [outer, *values, outer]

    keywords = {
        "strides": placed(stride, 1),
        "padding": "EXPLICIT" if name == "explicit" else name,
        "dilations": placed(dilation, 1),
        "data_format": layout,
    }
    if name == "explicit":
        keywords["explicit_paddings"] = [v for pair in placed(list(padding), (0, 0)) for v in pair]
    if channels_first:
        x, want = np.moveaxis(x, -1, 1), np.moveaxis(want, -1, 1)
    rank = len(size)
    forward = getattr(convolution, f"conv{rank}d")
    y = forward(x, w, **keywords)
    np.testing.assert_allclose(y, want, rtol=1e-12, atol=1e-12)

    dy = RNG.normal(size=y.shape)
    dx = getattr(convolution, f"conv{rank}d_backprop_input")(x.shape, w, dy, **keywords)
    dw = getattr(convolution, f"conv{rank}d_backprop_filter")(x, w.shape, dy, **keywords)
    assert dx.shape == x.shape
    assert dw.shape == w.shape
    # A convolution is linear in both operands: <y(u, w), dy> = <u, dx> for every u.
    u, v = RNG.normal(size=x.shape), RNG.normal(size=w.shape)
    np.testing.assert_allclose((forward(u, w, **keywords) * dy).sum(), (u * dx).sum())
    np.testing.assert_allclose((forward(x, v, **keywords) * dy).sum(), (v * dw).sum())


@pytest.mark.parametrize("channels_first", [False, True])
@pytest.mark.parametrize("geometry", [g for g in GEOMETRIES if len(g[0]) == 2 and g[-1] == 1])
def test_depthwise_is_a_grouped_convolution(geometry, channels_first):
    size, kernel, stride, dilation, padding, _ = geometry
    x, w = RNG.normal(size=(2, *size, 3)), RNG.normal(size=(*kernel, 3, 2))
    keywords = {
        "strides": [1, *stride, 1],
        "padding": "EXPLICIT" if isinstance(padding, tuple) else padding,
        "dilations": [1, *dilation, 1],
    }
    if isinstance(padding, tuple):
        keywords["explicit_paddings"] = [0, 0, *padding[0], *padding[1], 0, 0]
    grouped = w.reshape(*kernel, 1, 6)
    want = convolution.conv2d(x, grouped, **keywords)
    dy = RNG.normal(size=want.shape)
    dx = convolution.conv2d_backprop_input(x.shape, grouped, dy, **keywords)
    dw = convolution.conv2d_backprop_filter(x, grouped.shape, dy, **keywords)
    if channels_first:
        x, want, dy, dx = (np.moveaxis(a, -1, 1) for a in (x, want, dy, dx))
        for name in ("strides", "dilations"):
            keywords[name] = [1, 1, *keywords[name][1:3]]
        keywords["data_format"] = "NCHW"
        if isinstance(padding, tuple):
            keywords["explicit_paddings"] = [0, 0, 0, 0, *padding[0], *padding[1]]
    y = depthwise.depthwise_conv2d(x, w, **keywords)
    np.testing.assert_allclose(y, want, rtol=1e-12, atol=1e-12)
    got = depthwise.depthwise_conv2d_backprop_input(x.shape, w, dy, **keywords)
    np.testing.assert_allclose(got, dx, rtol=1e-12, atol=1e-12)
    got = depthwise.depthwise_conv2d_backprop_filter(x, w.shape, dy, **keywords)
    np.testing.assert_allclose(got, dw.reshape(w.shape), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("shape", "filters"),
    [((0, 4, 4, 2), (2, 2, 2, 3)), ((2, 0, 4, 2), (1, 1, 2, 3)), ((2, 3, 3, 0), (2, 2, 0, 3))],
)
def test_empty_operands_give_zeros(shape, filters):
    keywords = {"strides": [1, 1, 1, 1], "padding": "SAME"}
    y = convolution.conv2d(np.ones(shape, np.float32), np.ones(filters, np.float32), **keywords)
    assert y.shape == (*shape[:3], filters[3])
    assert not y.any()
    dw = convolution.conv2d_backprop_filter(np.ones(shape), filters, np.ones(y.shape), **keywords)
    assert dw.shape == filters
    dx = convolution.conv2d_backprop_input(shape, np.ones(filters), np.ones(y.shape), **keywords)
    assert dx.shape == shape


@pytest.mark.parametrize(
    "change",
    [
        {"strides": [1, 0, 1, 1]},
        {"strides": [1, 1, 1]},
        {"strides": [1, 1, 1, 2]},
        {"dilations": [1, 0, 1, 1]},
        {"dilations": [2, 1, 1, 1]},
        {"padding": "EXPLICIT", "explicit_paddings": [0, 0, -1, 0, 0, 0, 0, 0]},
        {"padding": "EXPLICIT", "explicit_paddings": [0, 0, 1]},
        {"padding": "same"},
    ],
)
def test_bad_attributes_are_refused(change):
    keywords = {"strides": [1, 1, 1, 1], "padding": "SAME"} | change
    x, w = np.ones((1, 4, 4, 2)), np.ones((2, 2, 2, 3))
    with pytest.raises(ValueError, match=r"must|cannot|no strides"):
        convolution.conv2d(x, w, **keywords)


def test_a_gradient_of_another_shape_is_refused():
    x, w = np.ones((1, 4, 4, 2)), np.ones((2, 2, 2, 3))
    with pytest.raises(ValueError, match=r"\(1, 4, 4, 3\) of the outputs, got \(1, 3, 4, 3\)"):
        convolution.conv2d_backprop_input(x.shape, w, np.ones((1, 3, 4, 3)), [1] * 4, "SAME")
    with pytest.raises(ValueError, match="of the outputs"):
        convolution.conv2d_backprop_filter(x, w.shape, np.ones((1, 4, 4, 2)), [1] * 4, "SAME")


@pytest.mark.parametrize("padding", ["SAME", "VALID", "EXPLICIT"])
def test_sizes_along_an_axis(padding):
    for size, kernel, stride, dilation in itertools.product(range(9), (1, 2, 3), (1, 2, 5), (1, 2)):
        explicit = (2, 1) if padding == "EXPLICIT" else (0, 0)
        before, after = windows.pads(size, kernel, stride, dilation, padding, explicit)
        extent = (kernel - 1) * dilation + 1
        places = len(range(0, before + size + after - extent + 1, stride))
        if places:
            found = windows.inferred_size(size, kernel, stride, dilation, padding, explicit)
            assert (
                found
                == places
                == windows.output_size(size, kernel, stride, dilation, padding, explicit)
            )
        elif padding != "SAME":
            with pytest.raises(ValueError, match="larger than the axis"):
                windows.inferred_size(size, kernel, stride, dilation, padding, explicit)
        if padding == "SAME":
            assert after - before in (0, 1)
    assert windows.output_size(None, 3, 1, 1, padding) is None
    assert windows.inferred_size(None, 3, 1, 1, padding) is None


def test_transposed_size_is_the_inverse():
    for size, kernel, stride in itertools.product(range(1, 9), (1, 2, 3, 5), (1, 2, 3)):
        for padding in ("SAME", "VALID"):
            back = windows.transposed_size(size, kernel, stride, padding)
            assert windows.output_size(back, kernel, stride, 1, padding) == size
    assert windows.transposed_size(None, 3, 1, "SAME") is None
