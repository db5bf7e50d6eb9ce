"""Strings as numbers of buckets, and fingerprints of any data."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric.bytes_arrays import each
from graphflow.numeric.string_hashes import fingerprint64, hash64, keyed_hash64


class _Bucket(Op, abstract=True):
    """The hash of each string, modulo the number of buckets."""

    signature = "input:string -> output:int64"
    differentiable = False
    num_buckets: int

    def infer(self, x: Tensor) -> Any:
        if self.num_buckets < 1:
            raise ValueError(f"num_buckets must be at least 1, got {self.num_buckets}")
        return x.shape

    def hashed(self, value: bytes) -> int:
        """64 bits for a string."""
        raise NotImplementedError

    def reference(self, x: Any) -> Any:
        return each(lambda s: self.hashed(s) % self.num_buckets, x, dtype=np.int64)


class StringToHashBucket(_Bucket):
    """The number of the bucket that each string falls into."""

    signature = "string_tensor:string -> output:int64"

    def hashed(self, value: bytes) -> int:
        return hash64(value)


class StringToHashBucketFast(_Bucket):
    """The number of the bucket that each string falls into, by a hash that never changes."""

    def hashed(self, value: bytes) -> int:
        return fingerprint64(value)


class StringToHashBucketStrong(_Bucket):
    """The number of the bucket that each string falls into, by a hash with a secret key."""

    key: tuple[int, ...]

    def infer(self, x: Tensor) -> Any:
        if len(self.key) != 2:
            raise ValueError(f"Key must have 2 elements, it has {len(self.key)}")
        return super().infer(x)

    def hashed(self, value: bytes) -> int:
        return keyed_hash64(value, (self.key[0], self.key[1]))


class Fingerprint(Op):
    """8 bytes for each row of the data."""

    signature = "data:T, method:string -> fingerprint:uint8"

    def infer(self, data: Tensor, method: Tensor) -> Any:
        method.shape.with_rank_at_most(0)
        rows = data.shape.with_rank_at_least(1).known
        return TensorShape.of((rows[0], 8)) if rows is not None else TensorShape([None, 8])

    def reference(self, data: Any, method: Any) -> Any:
        if method[()] != b"farmhash64":
            raise ValueError(f"Unsupported fingerprint method: {method[()]!r}")
        if data.dtype == object:
            words = each(fingerprint64, data, dtype=np.dtype("<u8"))
            return words.view(np.uint8).reshape(-1, 8) if data.ndim == 1 else _rows(words)
        return _rows(data)


def _rows(data: Any) -> Any:
    count = data.shape[0]
    flat = np.ascontiguousarray(data).reshape(count, math.prod(data.shape[1:]))
    words = np.array([fingerprint64(row.tobytes()) for row in flat], "<u8")
    return words.view(np.uint8).reshape(count, 8)
