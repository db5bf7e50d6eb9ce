"""Einsum: sums of products by the names of axes. Graphs from TensorFlow 2 hold it as one op."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dimension import Dim, Symbol
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.numeric.elements import narrowed, widened


class Einsum(Op):
    """output[o] = the sum over all axes not named in o of the product of the inputs."""

    signature = "inputs:N*T -> output:T"
    equation: str

    def _labels(self, ranks: Sequence[int]) -> tuple[list[str], str]:
        """The axes of each input and of the output by letters, the dots replaced."""
        left, arrow, out = self.equation.replace(" ", "").partition("->")
        terms = left.split(",")
        if not arrow or len(terms) != len(ranks):
            raise ValueError(
                f"Invalid number of subscripts in equation {self.equation!r} for {len(ranks)} inputs"
            )
        free = [c for c in string.ascii_letters if c not in self.equation]
        dots = ""
        widths = []
        for term, rank in zip(terms, ranks, strict=True):
            width = rank - len(term.replace("...", ""))
            if width < 0 or ("..." not in term and width):
                raise ValueError(
                    f"subscripts {term!r} of {self.equation!r} do not fit an input of rank {rank}"
                )
            widths.append(width)
        dots = "".join(free[: max(widths, default=0)])
        inputs = [
            t.replace("...", dots[len(dots) - w :]) for t, w in zip(terms, widths, strict=True)
        ]
        return inputs, out.replace("...", dots)

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        ranks = [t.shape.rank for t in inputs]
        if any(r is None for r in ranks):
            return UNKNOWN
        terms, out = self._labels([r or 0 for r in ranks])
        sizes: dict[str, Dim] = {}
        for term, tensor in zip(terms, inputs, strict=True):
            for label, size in zip(term, tensor.shape.known or (), strict=True):
                known = sizes.get(label)
                if known is None or known == 1 or (isinstance(known, Symbol) and size != 1):
                    sizes[label] = size
                elif isinstance(known, int) and isinstance(size, int) and size not in (1, known):
                    raise ValueError(
                        f"axis {label!r} of {self.equation!r} has the sizes {known} and {size}"
                    )
        missing = [c for c in out if c not in sizes]
        if missing:
            raise ValueError(
                f"the output of {self.equation!r} names {missing[0]!r}, which no input has"
            )
        return TensorShape.of(tuple(sizes[c] for c in out))

    def reference(self, inputs: Sequence[Any]) -> Any:
        terms, out = self._labels([x.ndim for x in inputs])
        wide = [widened(x) for x in inputs]
        if len(out) != len(set(out)):
            raise ValueError(f"the output of {self.equation!r} names an axis twice")
        return narrowed(np.einsum(f"{','.join(terms)}->{out}", *wide), inputs[0].dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        ranks = [t.shape.rank for t in n.inputs]
        if any(r is None for r in ranks):
            raise NotImplementedError(
                f"the gradient of Einsum {self.equation!r} needs inputs of known rank"
            )
        terms, out = self._labels([r or 0 for r in ranks])
        return [self._by(i, n.inputs, terms, out, g) for i in range(len(terms))]

    def _by(
        self, i: int, inputs: Sequence[Tensor], terms: list[str], out: str, g: Tensor
    ) -> Tensor:
        """The gradient of input i: an Einsum of g with the others, spread along axes that i alone has."""
        term = terms[i]
        if len(term) != len(set(term)):
            raise NotImplementedError(
                f"the gradient of Einsum {self.equation!r}: {term!r} repeats an axis"
            )
        others = [(t, x) for j, (t, x) in enumerate(zip(terms, inputs, strict=True)) if j != i]
        seen = set(out).union(*(t for t, _ in others))
        common = "".join(c for c in term if c in seen)
        parts = [g, *(x if not x.dtype.is_complex else raw.Conj(x) for _, x in others)]
        equation = f"{','.join([out, *(t for t, _ in others)])}->{common}"
        grad: Tensor = raw.Einsum(parts, equation=equation)
        shape = raw.Shape(inputs[i])
        for axis, label in enumerate(term):
            if label not in seen:
                grad = raw.ExpandDims(grad, axis)
        # an axis of size 1 may have been broadcast against a longer one, or is summed in this input alone
        spread, _ = raw.BroadcastGradientArgs(shape, raw.Shape(grad))
        filled: Tensor = raw.BroadcastTo(raw.Sum(grad, spread, keep_dims=True), shape)
        return filled
