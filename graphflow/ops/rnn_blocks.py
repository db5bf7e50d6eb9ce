"""Steps and loops of recurrent cells as single ops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol, TensorShape
from graphflow.numeric import recurrent
from graphflow.numeric.recurrent import LSTMStep, Peepholes
from graphflow.ops.arrays import concat
from graphflow.ops.matrix_idioms import matmul

_HALF_OR_FLOAT = "T: half, float"
_WEIGHTS = "w:T, wci:T, wcf:T, wco:T, b:T"
_STEP = "i:T, cs:T, f:T, o:T, ci:T, co:T, h:T"


def _wide(f: Callable[..., Any]) -> Callable[..., Any]:
    """`f` computed in float32 where its arguments are narrower."""

    def reference(self: Any, *arrays: Any) -> Any:
        return f(
            self,
            *(
                a.astype(np.float32) if a.dtype.kind == "f" and a.itemsize < 4 else a
                for a in arrays
            ),
        )

    return reference


def _units(b: Tensor) -> Any:
    """The number of units of a memory, which has a bias for each of its four gates."""
    size = b.shape.with_rank(1)[0].value
    if size is None:
        return Symbol()
    if size % 4:
        raise ValueError(f"Dimension size must be evenly divisible by 4 but is {size}")
    return size // 4


class LSTMBlockCell(Op):
    """One step of a long short-term memory: its gates, its memory and its output."""

    signature = f"x:T, cs_prev:T, h_prev:T, {_WEIGHTS} -> {_STEP} | {_HALF_OR_FLOAT}"
    forget_bias: float = 1.0
    cell_clip: float = 3.0
    use_peephole: bool = False

    def infer(self, x: Tensor, cs_prev: Tensor, *rest: Tensor) -> Any:
        rows, size = x.shape.with_rank(2), cs_prev.shape.with_rank(2)
        assert rows.known is not None
        assert size.known is not None
        return (TensorShape.of((rows.known[0], size.known[1])),) * 7

    @_wide
    def reference(self, *arrays: Any) -> Any:
        x, cs_prev, h_prev, w, wci, wcf, wco, b = arrays
        seen = Peepholes(wci, wcf, wco) if self.use_peephole else None
        return tuple(
            recurrent.lstm_step(x, cs_prev, h_prev, w, b, seen, self.forget_bias, self.cell_clip)
        )

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        x, cs_prev, h_prev, w, *_ = n.inputs
        i, cs, f, o, ci, co, _ = n.outputs
        rows = x.shape.with_rank(2)[0].value
        depth, units = x.shape[1].value, cs_prev.shape.with_rank(2)[1].value
        if depth is None:
            raise ValueError("input_size from `x` should not be None.")
        if units is None:
            raise ValueError("cell_size from `cs_prev` should not be None.")
        rows = -1 if rows is None else rows
        before, gates, *seen = raw.LSTMBlockCellGrad(
            *n.inputs, i, cs, f, o, ci, co, grads[1], grads[6], use_peephole=self.use_peephole
        )
        both = matmul(gates, w, transpose_b=True)
        d_x = raw.Slice(both, (0, 0), (rows, depth))
        d_h = raw.Slice(both, (0, depth), (rows, units))
        d_w = matmul(concat([x, h_prev], 1), gates, transpose_a=True)
        return [d_x, before, d_h, d_w, *seen, raw.BiasAddGrad(gates)]


class LSTMBlockCellGrad(Op):
    """The gradients of LSTMBlockCell: of the memory before, of the gates, of the peepholes."""

    signature = (
        f"x:T, cs_prev:T, h_prev:T, {_WEIGHTS}, i:T, cs:T, f:T, o:T, ci:T, co:T, cs_grad:T, h_grad:T "
        f"-> cs_prev_grad:T, dicfo:T, wci_grad:T, wcf_grad:T, wco_grad:T | {_HALF_OR_FLOAT}"
    )
    differentiable = False
    use_peephole: bool

    def infer(self, x: Tensor, cs_prev: Tensor, h_prev: Tensor, w: Tensor, *rest: Tensor) -> Any:
        size = cs_prev.shape.with_rank(2)
        assert size.known is not None
        units = size.known[1]
        gates = 4 * units if isinstance(units, int) else Symbol()
        each = TensorShape.of((units,))
        return size, TensorShape.of((size.known[0], gates)), each, each, each

    @_wide
    def reference(self, *arrays: Any) -> Any:
        _, cs_prev, _, _, wci, wcf, wco, _, i, cs, f, o, ci, co, cs_grad, h_grad = arrays
        step = LSTMStep(i, cs, f, o, ci, co, co)
        seen = Peepholes(wci, wcf, wco) if self.use_peephole else None
        found = recurrent.lstm_step_grad(step, cs_prev, cs_grad, h_grad, seen)
        return found.cs_prev, found.gates, *found.peepholes


class BlockLSTM(Op):
    """LSTMBlockCell for each of the first seq_len_max rows of x; zeros for the others."""

    signature = (
        f"seq_len_max:int64, x:T, cs_prev:T, h_prev:T, {_WEIGHTS} -> {_STEP} | {_HALF_OR_FLOAT}"
    )
    forget_bias: float = 1.0
    cell_clip: float = 3.0
    use_peephole: bool = False

    def infer(self, seq_len_max: Tensor, x: Tensor, *rest: Tensor) -> Any:
        seq_len_max.shape.assert_has_rank(0)
        steps = x.shape.with_rank(3)
        assert steps.known is not None
        units = _units(rest[-1])
        return (TensorShape.of((*steps.known[:2], units)),) * 7

    @_wide
    def reference(self, *arrays: Any) -> Any:
        longest, x, cs, h, w, wci, wcf, wco, b = arrays
        seen = Peepholes(wci, wcf, wco) if self.use_peephole else None
        results = np.zeros((7, *x.shape[:2], cs.shape[1]), cs.dtype)
        for t in range(_steps(longest, x)):
            step = recurrent.lstm_step(x[t], cs, h, w, b, seen, self.forget_bias, self.cell_clip)
            results[:, t] = step
            cs, h = step.cs, step.h
        return tuple(results)

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        found = raw.BlockLSTMGrad(
            *n.inputs, *n.outputs, grads[1], grads[6], use_peephole=self.use_peephole
        )
        return [None, *found]


def _steps(longest: Any, x: Any) -> int:
    count = int(longest)
    if count > len(x):
        raise ValueError(f"seq_len_max is {count}, but x has {len(x)} steps")
    return count


class BlockLSTMGrad(Op):
    """The gradients of BlockLSTM."""

    signature = (
        f"seq_len_max:int64, x:T, cs_prev:T, h_prev:T, {_WEIGHTS}, {_STEP}, cs_grad:T, h_grad:T -> "
        "x_grad:T, cs_prev_grad:T, h_prev_grad:T, w_grad:T, wci_grad:T, wcf_grad:T, wco_grad:T, "
        f"b_grad:T | {_HALF_OR_FLOAT}"
    )
    differentiable = False
    use_peephole: bool

    def infer(self, *inputs: Tensor) -> Any:
        return tuple(t.shape for t in inputs[1:9])

    @_wide
    def reference(self, *arrays: Any) -> Any:
        longest, x, cs_first, h_first, w, wci, wcf, wco, b, *steps, cs_grad, h_grad = arrays
        seen = Peepholes(wci, wcf, wco) if self.use_peephole else None
        depth, (cs, h) = x.shape[2], (steps[1], steps[6])
        d_x, d_w, d_b = np.zeros_like(x), np.zeros_like(w), np.zeros_like(b)
        d_cs, d_h = np.zeros_like(cs_first), np.zeros_like(h_first)
        d_seen = [np.zeros_like(p) for p in (wci, wcf, wco)]
        for t in range(_steps(longest, x) - 1, -1, -1):
            before = (cs[t - 1], h[t - 1]) if t else (cs_first, h_first)
            now = LSTMStep(*(part[t] for part in steps))
            found = recurrent.lstm_step_grad(
                now, before[0], d_cs + cs_grad[t], d_h + h_grad[t], seen
            )
            both = found.gates @ w.T
            d_x[t], d_h, d_cs = both[:, :depth], both[:, depth:], found.cs_prev
            d_w += np.concatenate([x[t], before[1]], 1).T @ found.gates
            d_b += found.gates.sum(0)
            for total, part in zip(d_seen, found.peepholes, strict=True):
                total += part
        return d_x, d_cs, d_h, d_w, *d_seen, d_b


class GRUBlockCell(Op):
    """One step of a gated recurrent unit: its gates, the candidate and the next state."""

    signature = "x:T, h_prev:T, w_ru:T, w_c:T, b_ru:T, b_c:T -> r:T, u:T, c:T, h:T | T: float"

    def infer(self, x: Tensor, h_prev: Tensor, *rest: Tensor) -> Any:
        rows, size = x.shape.with_rank(2), h_prev.shape.with_rank(2)
        assert rows.known is not None
        assert size.known is not None
        return (TensorShape.of((rows.known[0], size.known[1])),) * 4

    def reference(self, *arrays: Any) -> Any:
        return tuple(recurrent.gru_step(*arrays))

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        x, h_prev = n.inputs[:2]
        r, u, c, _ = n.outputs
        d_x, d_h, d_c, d_ru = raw.GRUBlockCellGrad(*n.inputs, r, u, c, grads[3])
        d_w_ru = matmul(concat([x, h_prev], 1), d_ru, transpose_a=True)
        d_b_ru = raw.BiasAddGrad(d_ru)
        d_w_c = matmul(concat([x, h_prev * r], 1), d_c, transpose_a=True)
        return [d_x, d_h, d_w_ru, d_w_c, d_b_ru, raw.BiasAddGrad(d_c)]


class GRUBlockCellGrad(Op):
    """The gradients of GRUBlockCell: of x and h_prev, and of what goes into the candidate and the gates."""

    signature = (
        "x:T, h_prev:T, w_ru:T, w_c:T, b_ru:T, b_c:T, r:T, u:T, c:T, d_h:T -> "
        "d_x:T, d_h_prev:T, d_c_bar:T, d_r_bar_u_bar:T | T: float"
    )
    differentiable = False

    def infer(self, x: Tensor, h_prev: Tensor, w_ru: Tensor, *rest: Tensor) -> Any:
        size, gates = h_prev.shape.with_rank(2), w_ru.shape.with_rank(2)
        assert size.known is not None
        assert gates.known is not None
        return x.shape, size, size, TensorShape.of((size.known[0], gates.known[1]))

    def reference(self, *arrays: Any) -> Any:
        x, h_prev, w_ru, w_c, _, _, r, u, c, d_h = arrays
        return recurrent.gru_step_grad(x, h_prev, w_ru, w_c, r, u, c, d_h)
