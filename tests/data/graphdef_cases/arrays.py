"""One op after another: arrays, indices, images of them, texts, random numbers."""

from __future__ import annotations

import numpy as np
from graphdef_cases.arithmetic import _C, LEAST, MOST, _adder, _f

_add = _adder(globals())
X = _f(4, 5, 6)

_add("Reshape", tensor=_f(2, 3, 4), shape=_C([4, -1]))
_add("Reshape", False, tensor=np.zeros((0, 3), np.float32), shape=_C([3, 0], np.int64))
_add("ExpandDims", None, input=_f(2, 3), axis=_C(-1))
_add("Squeeze", input=_f(1, 2, 1), axis=[0])
_add("Transpose", False, x=_f(2, 3, 4), perm=_C([2, 0, 1]))
_add("ConcatV2", None, values=[_f(2, 3), _f(2, 1)], axis=_C(-1))
_add("ConcatV2", values=[_f(2, 3), np.zeros((0, 3), np.float32)], axis=_C(0))
_add("Concat", concat_dim=_C(1), values=[_f(2, 3), _f(2, 1)])
_add("Pack", values=[_f(2, 3), _f(2, 3)], axis=1)
_add("Unpack", None, value=_f(2, 3), num=3, axis=-1)
_add("Split", axis=_C(1), value=_f(2, 6), num_split=3)
_add("SplitV", False, value=_f(2, 6), size_splits=_C([1, -1, 2]), axis=_C(1), num_split=3)


def _slices(known, begin, end, strides, **masks):
    ends = {"begin": _C(begin), "end": _C(end), "strides": _C(strides)}
    _add("StridedSlice", known, input=X, **ends, **masks)


_slices(True, [1, 0], [3, 5], [1, 2])
_slices(None, [-1, 4], [-5, 0], [-1, -2])
_slices(True, [0, 2, 0], [0, 3, 0], [1, 1, 1], begin_mask=5, end_mask=5, shrink_axis_mask=2)
_slices(False, [0, 0, 0], [0, 0, 1], [1, 1, 1], ellipsis_mask=2, new_axis_mask=1)
_slices(True, [LEAST], [MOST], [1])
_slices(None, [10], [20], [1])
_add("Slice", input=X, begin=_C([1, 0, 2]), size=_C([2, -1, 3]))
_add("GatherV2", None, params=_f(4, 3), indices=_C([[0, 2], [3, 3]]), axis=_C(0))
_add("GatherV2", False, params=_f(4, 3), indices=_C([2, 0], np.int64), axis=_C(-1))
_add("Gather", params=_f(4, 3), indices=_C(np.zeros(0)))
_add("GatherNd", False, params=_f(3, 4), indices=_C([[0, 1], [2, 3], [0, 1]]))
_add("ScatterNd", indices=_C([[0], [2], [0]]), updates=_f(3, 2), shape=_C([4, 2]))
_add("TensorScatterUpdate", tensor=_f(4, 2), indices=_C([[0], [2]]), updates=_f(2, 2))
_add("TensorScatterAdd", None, tensor=_f(4, 2), indices=_C([[0], [0]]), updates=_f(2, 2))
_add("Pad", None, input=_f(2, 3), paddings=_C([[1, 0], [0, 2]]))
_add("PadV2", input=_f(2, 3), paddings=_C([[1, 0], [0, 2]]), constant_values=_f())
_add("MirrorPad", input=_f(3, 4), paddings=_C([[1, 2], [0, 2]]), mode="REFLECT")
_add("MirrorPad", False, input=_f(3, 4), paddings=_C([[1, 2], [0, 2]]), mode="SYMMETRIC")
_add("Tile", False, input=_f(2, 3), multiples=_C([2, 1]))
_add("Fill", dims=_C([2, 3]), value=_f())
_add("Range", start=_C(5), limit=_C(0), delta=_C(-2))
_add("LinSpace", start=_f(), stop=_f(), num=_C(5))
_add("OneHot", indices=_C([[0, 2], [-1, 5]]), depth=_C(3), on_value=_f(), off_value=_f(), axis=-1)
_add("ReverseV2", None, tensor=_f(2, 3), axis=_C([-1]))
_add("ReverseSequence", input=_f(3, 4, 2), seq_lengths=_C([4, 0, 2]), seq_dim=1, batch_dim=0)
_add("Roll", input=_f(3, 4), shift=_C([1, -2]), axis=_C([0, 1]))
_add("BroadcastTo", False, input=_f(3, 1), shape=_C([2, 3, 4]))
_add("MatrixBandPart", input=_f(2, 3, 4), num_lower=_C(1, np.int64), num_upper=_C(0, np.int64))
_add("MatrixDiag", None, diagonal=_f(2, 3))
_add("MatrixDiagPart", input=_f(2, 3, 4))
_add("MatrixSetDiag", False, input=_f(2, 3, 4), diagonal=_f(2, 3))
_add("Diag", diagonal=_f(3))
_add("DynamicPartition", None, data=_f(4, 2), partitions=_C([1, 0, 1, 2]), num_partitions=3)
_add("DynamicStitch", indices=[_C([0, 2]), _C([1, 2])], data=[_f(2, 2), _f(2, 2)])
_add("Where", False, condition=np.array([[True, False], [True, True]]))
_add("Unique", x=np.array([3, 1, 3, 2], np.int32))
_add("ListDiff", x=np.array([1, 2, 3, 4], np.int32), y=np.array([2, 4], np.int32))
_add("InvertPermutation", x=np.array([2, 0, 1], np.int32))
_add("Shape", False, input=_f(2, 0))
_add("Size", None, input=_f(2, 3))
_add("Rank", False, input=_f(2, 3))
_add("ZerosLike", x=np.array([b"a", b"b"], object))
_add("StopGradient", input=_f(2))
_add("IdentityN", input=[_f(2), np.array([1, 2], np.int32)])
_add("DepthToSpace", input=_f(1, 2, 2, 8), block_size=2)
_add(
    "SpaceToBatchND",
    None,
    input=_f(1, 3, 4, 2),
    block_shape=_C([2, 2]),
    paddings=_C([[0, 1], [0, 0]]),
)
_add("BatchToSpaceND", input=_f(4, 2, 2, 2), block_shape=_C([2, 2]), crops=_C([[0, 1], [0, 0]]))
_add(
    "SparseTensorDenseMatMul",
    a_indices=_C([[0, 0], [1, 2]], np.int64),
    a_values=_f(2),
    a_shape=_C([2, 3], np.int64),
    b=_f(3, 2),
)
_add(
    "SparseToDense",
    sparse_indices=_C([1, 3]),
    output_shape=_C([5]),
    sparse_values=_f(2),
    default_value=_f(),
)
_add(
    "StringJoin",
    inputs=[np.array([b"a", b""], object), np.array([b"x", b"yz"], object)],
    separator="-",
)
_add("AsString", input=np.array([1.5, -2.0], np.float32))
_add("StringToHashBucketFast", input=np.array([b"hello", b""], object), num_buckets=1000)
_add("RandomUniform", shape=_C([2, 3]), dtype=1, seed=1, seed2=2)
_add("RandomStandardNormal", shape=_C([5]), dtype=2, seed=1, seed2=2)
_add("TruncatedNormal", shape=_C([5]), dtype=1, seed=1, seed2=2)
