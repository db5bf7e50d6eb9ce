"""Distributions with parameters: an output for each sample and each parameter, every one with blocks of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.philox import LOW64, Stream
from graphflow.numeric.random.shapes import Shape, element_count
from graphflow.numeric.random.uniform import BLOCKS_PER_VALUE


class Outputs:
    """The outputs of shape `shape + parameters.shape`, numbered parameter by parameter."""

    def __init__(self, stream: Stream, shape: Shape, parameters: NDArray[Any]) -> None:
        dims, self._samples = element_count(shape)
        self._dims, count = element_count((*dims, *parameters.shape))
        #: The parameter of each output.
        self.parameter = np.repeat(parameters.reshape(-1).astype(np.float64), self._samples)
        start = stream.reserve(BLOCKS_PER_VALUE * count)
        #: The next block of each output.
        self.block = np.arange(count, dtype=np.uint64) * np.uint64(BLOCKS_PER_VALUE)
        self.block += np.uint64(start & LOW64)
        self._stream = stream

    def next_blocks(self, which: NDArray[np.intp]) -> NDArray[np.uint32]:
        """The next four words of each of these outputs."""
        words = self._stream.blocks(self.block[which])
        self.block[which] += np.uint64(1)
        return words

    def arranged(self, values: NDArray[np.float64], dtype: Any) -> NDArray[Any]:
        """The values by sample, then parameter, rounded to `dtype` (to float16 by way of float32)."""
        columns = max(1, values.size // max(1, self._samples))
        values = values.reshape(columns, -1).T if values.size else values
        with np.errstate(over="ignore", invalid="ignore"):
            if np.dtype(dtype) == np.float16:
                values = values.astype(np.float32)
            return values.astype(dtype).reshape(self._dims)
