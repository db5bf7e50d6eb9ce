"""Strings that were packed with zlib: DecodeCompressed."""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from graphflow.errors import DataLossError
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op

_WINDOWS = {"ZLIB": zlib.MAX_WBITS, "GZIP": zlib.MAX_WBITS | 16}


class DecodeCompressed(Op):
    """Each string unpacked; of one that is cut short, what can be read."""

    signature = "bytes:string -> output:string"
    differentiable = False
    compression_type: str = ""

    def infer(self, bytes: Tensor) -> Any:
        return bytes.shape

    def reference(self, bytes: Any) -> Any:
        if not self.compression_type:
            return bytes
        window = _WINDOWS.get(self.compression_type)
        if window is None:
            raise ValueError("Only ZLIB, GZIP or NONE are supported compressions")
        out = np.empty(bytes.size, object)
        for i, packed in enumerate(bytes.ravel().tolist()):
            try:
                out[i] = zlib.decompressobj(window).decompress(packed)
            except zlib.error as error:
                raise DataLossError(message=f"inflate() failed with error {error}") from error
        return out.reshape(bytes.shape)
