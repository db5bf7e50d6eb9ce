"""One op after another: convolution, pooling, normalisation, images."""

from __future__ import annotations

import numpy as np
from graphdef_cases.arithmetic import _C, _adder, _f

_add = _adder(globals())

for _padding, _stride in (("SAME", 1), ("SAME", 2), ("VALID", 2)):
    _strides = [1, _stride, _stride, 1]
    _add(
        "Conv2D",
        None,
        input=_f(2, 5, 4, 2),
        filter=_f(3, 2, 2, 3),
        strides=_strides,
        padding=_padding,
    )
    _add(
        "DepthwiseConv2dNative",
        input=_f(1, 5, 4, 2),
        filter=_f(2, 2, 2, 2),
        strides=_strides,
        padding=_padding,
    )
    for _op, _name in (("MaxPool", "input"), ("AvgPool", "value")):
        _add(
            _op,
            None,
            ksize=[1, 3, 2, 1],
            strides=_strides,
            padding=_padding,
            **{_name: _f(1, 5, 4, 2)},
        )
_add(
    "Conv2D",
    input=np.zeros((0, 3, 3, 1), np.float32),
    filter=_f(2, 2, 1, 1),
    strides=[1, 1, 1, 1],
    padding="SAME",
)
_add(
    "Conv2D",
    input=_f(1, 4, 4, 1),
    filter=_f(3, 3, 1, 2),
    strides=[1, 1, 1, 1],
    padding="EXPLICIT",
    explicit_paddings=[0, 0, 1, 2, 0, 1, 0, 0],
)
_add(
    "Conv2DBackpropInput",
    input_sizes=_C([1, 4, 4, 1]),
    filter=_f(3, 3, 1, 2),
    out_backprop=_f(1, 2, 2, 2),
    strides=[1, 2, 2, 1],
    padding="SAME",
)
_add(
    "Conv3D",
    input=_f(1, 3, 4, 3, 1),
    filter=_f(2, 2, 2, 1, 2),
    strides=[1, 1, 2, 1, 1],
    padding="VALID",
)
_add(
    "MaxPool3D",
    input=_f(1, 4, 4, 4, 1),
    ksize=[1, 2, 2, 2, 1],
    strides=[1, 2, 2, 2, 1],
    padding="SAME",
)
_add(
    "Dilation2D",
    input=_f(1, 4, 4, 1),
    filter=_f(2, 2, 1),
    strides=[1, 1, 1, 1],
    rates=[1, 1, 1, 1],
    padding="SAME",
)
_add("BiasAdd", False, value=_f(2, 3), bias=_f(3))
_add("BiasAdd", value=_f(1, 3, 2, 2), bias=_f(3), data_format="NCHW")
_EMPTY = _C(np.zeros(0), np.float32)
_add(
    "FusedBatchNorm",
    True,
    [0],
    x=_f(2, 3, 2, 2),
    scale=_f(2),
    offset=_f(2),
    mean=_EMPTY,
    variance=_EMPTY,
)
_add(
    "FusedBatchNormV3",
    None,
    [0],
    x=_f(2, 3, 2, 2),
    scale=_f(2),
    offset=_f(2),
    mean=_f(2),
    variance=_f(2) ** 2,
    is_training=False,
)
_add("LRN", input=_f(1, 2, 2, 5), depth_radius=2)
for _op in "ResizeBilinear ResizeNearestNeighbor ResizeBicubic".split():
    _add(_op, images=_f(1, 3, 4, 1), size=_C([5, 2]))
    _add(_op, None, images=_f(1, 3, 4, 1), size=_C([2, 6]), align_corners=True)
_add(
    "CropAndResize",
    image=_f(1, 5, 5, 1),
    boxes=np.array([[0.1, 0.2, 0.8, 0.7]], np.float32),
    box_ind=_C([0]),
    crop_size=_C([3, 2]),
)
_add("RGBToHSV", images=np.abs(_f(3, 3)) % 1.0)
_add(
    "ExtractImagePatches",
    images=_f(1, 4, 4, 1),
    ksizes=[1, 2, 2, 1],
    strides=[1, 2, 2, 1],
    rates=[1, 1, 1, 1],
    padding="SAME",
)
for _op, _name in (("ReluGrad", "features"), ("SoftplusGrad", "features"), ("EluGrad", "outputs")):
    _add(_op, gradients=_f(4), **{_name: _f(4)})
for _op in "SigmoidGrad TanhGrad RsqrtGrad".split():
    _add(_op, y=np.abs(_f(4)), dy=_f(4))
