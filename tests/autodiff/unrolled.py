"""Random programs of branches and loops, written with control flow or with everything unrolled in Python.

Both must have the same values and the same derivatives, of any order: the unrolled program has no If and no While.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np

import graphflow as tf

#: (kind, what it needs to know, *the programs inside)
Program = list[tuple[Any, ...]]
KINDS = ["op", "op", "loop", "branch", "two", "gradient", "array", "gather", "grow"]


def program(source: random.Random, depth: int, budget: list[int]) -> Program:
    """A random list of statements about a vector."""
    found: Program = []
    for _ in range(source.randint(1, 3)):
        budget[0] -= 1
        deeper = depth < 3 and budget[0] > 0
        kind = source.choice(KINDS if deeper else ["op", "gather"])

        def inner() -> Program:
            return program(source, depth + 1, budget)

        if kind in ("op", "gather"):
            found.append((kind, source.randrange(7)))
        elif kind == "loop":
            found.append((kind, source.randint(0, 3), source.random() < 0.3, inner()))
        elif kind == "two":
            found.append((kind, source.randint(0, 2), inner(), inner()))
        elif kind == "branch":
            found.append((kind, source.randrange(3), inner(), inner()))
        elif kind == "gradient":
            found.append((kind, source.randrange(4), inner()))
        elif kind == "array":
            found.append((kind, source.randint(1, 3), inner()))
        else:
            found.append((kind,))
    return found


class World:
    """What programs compute with: values that are not known when the graph is built."""

    def __init__(self, seed: int, unknown: bool, variable: bool) -> None:
        numbers = np.random.RandomState(seed)
        self.unknown = unknown

        def given(*shape: int) -> Any:
            value = numbers.randn(*shape) * 0.6
            return tf.placeholder_with_default(value, [None] * len(shape) if unknown else shape)

        self.start, self.x = given(3), given(3)
        self.w = tf.Variable(numbers.randn(3) * 0.6, name="w") if variable else given(3)
        self.matrix, self.table = given(3, 3), given(4, 3)
        self.truth = bool(numbers.rand() < 0.5)
        self.predicate = tf.placeholder_with_default(np.array(self.truth), [])

    @property
    def sources(self) -> list[Any]:
        return [self.start, self.x, self.w, self.matrix, self.table]

    def op(self, number: int, a: Any, i: Any) -> Any:
        """One of some functions of the vector and of the number of the iteration."""
        at = tf.cast(i, tf.float64)
        return [
            lambda: tf.tanh(a * self.w + self.x),
            lambda: a * self.x * 0.5,
            lambda: tf.sin(a) + self.w,
            lambda: a + 0.1 * at,
            lambda: a / (1.0 + self.x * self.x),
            lambda: tf.reduce_mean(a) + a * 0.3,
            lambda: tf.reshape(tf.matmul(tf.reshape(a, [1, -1]), self.matrix), [-1]),
        ][number]()

    def gradient(self, number: int, y: Any, a: Any) -> Any:
        """The gradient of y by one of the sources, asked for right here; `a` counts as given."""
        x = [self.x, self.w, a, self.table][number]
        (grad,) = tf.gradients(y, [x], stop_gradients=[a])
        grad = tf.zeros_like(x) if grad is None else tf.convert_to_tensor(grad)
        return tf.tanh(grad[1] if number == 3 else grad)


def unrolled(p: Program, a: Any, i: int, world: World) -> Any:
    """The program without control flow: what is decided, is decided here."""
    for kind, *rest in p:
        if kind == "op":
            a = world.op(rest[0], a, i)
        elif kind == "gather":
            a = a * tf.gather(world.table, (i + rest[0]) % 4)
        elif kind == "loop":
            for j in range(rest[0] + (i % 2 if rest[1] else 0)):
                a = unrolled(rest[2], a, j, world)
        elif kind == "two":
            b, c = a, tf.identity(world.x)
            for j in range(rest[0]):
                b, c = unrolled(rest[1], c, j, world), unrolled(rest[2], b * 0.5, j, world)
            a = b + c * 0.1
        elif kind == "branch":
            a = unrolled(rest[1 if [i % 2 == 0, world.truth, i > 0][rest[0]] else 2], a, i, world)
        elif kind == "gradient":
            y = tf.reduce_sum(unrolled(rest[1], a, i, world))
            a = a - 0.1 * world.gradient(rest[0], y, a)
        elif kind == "array":
            b, values = a, []
            for j in range(rest[0]):
                b = unrolled(rest[1], b, j, world)
                values.append(b * world.x)
            a = tf.reduce_sum(tf.stack(values), 0) + values[0]
        else:
            a = _folded(tf.concat([a, a * world.w, a * world.w], 0), world)
    return a


def controlled(p: Program, a: Any, i: Any, world: World) -> Any:
    """The same program with cond, while_loop and TensorArray."""
    for kind, *rest in p:
        if kind == "op":
            a = world.op(rest[0], a, i)
        elif kind == "gather":
            a = a * tf.gather(world.table, (i + rest[0]) % 4)
        elif kind == "loop":
            a = _loop(rest[0] + (i % 2 if rest[1] else 0), rest[2], a, world)
        elif kind == "two":
            a = _two(rest[0], rest[1], rest[2], a, world)
        elif kind == "branch":
            at = tf.convert_to_tensor(i)
            predicate = [tf.equal(at % 2, 0), world.predicate, at > 0][rest[0]]
            a = _branch(predicate, rest[1], rest[2], a, i, world)
        elif kind == "gradient":
            y = tf.reduce_sum(controlled(rest[1], a, i, world))
            a = a - 0.1 * world.gradient(rest[0], y, a)
        elif kind == "array":
            a = _array(rest[0], rest[1], a, world)
        else:
            a = _folded(_grown(a, world), world)
    return a


def _folded(b: Any, world: World) -> Any:
    """Nine numbers summed to three."""
    a = tf.reduce_sum(tf.reshape(b, [3, -1]), 0)
    return a if world.unknown else tf.reshape(a, [3])


def _loop(count: Any, p: Program, a: Any, world: World) -> Any:
    limit = tf.convert_to_tensor(count)
    return tf.while_loop(
        lambda j, _: j < limit, lambda j, b: (j + 1, controlled(p, b, j, world)), (0, a)
    )[1]


def _two(count: int, p: Program, q: Program, a: Any, world: World) -> Any:
    def body(j: Any, b: Any, c: Any) -> Any:
        return j + 1, controlled(p, c, j, world), controlled(q, b * 0.5, j, world)

    _, b, c = tf.while_loop(lambda j, *_: j < count, body, (0, a, tf.identity(world.x)))
    return b + c * 0.1


def _branch(predicate: Any, p: Program, q: Program, a: Any, i: Any, world: World) -> Any:
    return tf.cond(
        predicate, lambda: controlled(p, a, i, world), lambda: controlled(q, a, i, world)
    )


def _array(count: int, p: Program, a: Any, world: World) -> Any:
    array = tf.TensorArray(tf.float64, count, clear_after_read=False)

    def body(j: Any, b: Any, t: Any) -> Any:
        b = controlled(p, b, j, world)
        return j + 1, b, t.write(j, b * world.x)

    _, _, array = tf.while_loop(lambda j, *_: j < count, body, (0, a, array))
    return tf.reduce_sum(array.stack(), 0) + array.read(0)


def _grown(a: Any, world: World) -> Any:
    return tf.while_loop(
        lambda j, _: j < 2,
        lambda j, b: (j + 1, tf.concat([b, a * world.w], 0)),
        (0, a),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([None])),
    )[1]
