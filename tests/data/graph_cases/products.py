"""Products of matrices and of batches of them, sums over named or numbered axes, and their gradients."""

from __future__ import annotations

import numpy as np


def real(*shape):
    return np.random.RandomState(sum(shape) + len(shape)).standard_normal(shape)


def whole(*shape):
    return real(*shape) + 1j * np.random.RandomState(7).standard_normal(shape)


def given(tf, value, known):
    """A tensor of which the graph knows the whole shape, the last size alone, or nothing."""
    shape = {"static": value.shape, "partial": [None] * (value.ndim - 1) + [value.shape[-1]]}.get(
        known
    )
    return tf.placeholder_with_default(value, shape)


def factors(kind, flip_a, flip_b, of):
    a, b = of(*((3, 2) if flip_a else (2, 3))), of(*((4, 3) if flip_b else (3, 4)))
    if kind != "matrices":
        a = np.stack([a, a + 1])
    return a, np.stack([b, b + 1]) if kind == "batches" else b


def slopes(kind, flip_a, flip_b, known, of=real, order=1):
    def build(tf):
        a, b = (given(tf, v, known) for v in factors(kind, flip_a, flip_b, of))
        flip = "adjoint" if of is whole else "transpose"
        y = tf.matmul(a, b, **{flip + "_a": flip_a, flip + "_b": flip_b})
        if of is whole:
            return [y, *tf.gradients(y * y, [a, b], grad_ys=tf.ones_like(y) * (1 + 0.5j))]
        found = tf.gradients(y * y, [a, b])
        if order == 1:
            return [y, *found]
        return [s for slope in found for s in tf.gradients(slope * slope, [a, b])]

    return build


def sparse(tf):
    found = []
    for flip_a in (False, True):
        for flip_b in (False, True):
            pair = factors("matrices", flip_a, flip_b, real)
            a, b = (tf.constant(v.astype("float32")) for v in pair)
            y = tf.matmul(a, b, flip_a, flip_b, a_is_sparse=True)
            found += [y, *tf.gradients(y * y, [a, b])]
    return found


EQUATIONS = (
    ("ij,jk->ik", (2, 3), (3, 4)),
    ("ij,jk", (2, 3), (3, 4)),
    ("ij->ji", (2, 3)),
    ("ij->", (2, 3)),
    ("ij->i", (2, 3)),
    ("ii", (3, 3)),
    ("bij,bjk->bik", (5, 2, 3), (5, 3, 4)),
    ("ijk,kl->ijl", (2, 3, 4), (4, 5)),
    ("i,j->ij", (2,), (3,)),
    ("ij,ij->ij", (2, 3), (2, 3)),
    ("ij,ij->", (2, 3), (2, 3)),
    ("...ij,...jk->...ik", (5, 2, 3), (5, 3, 4)),
    ("ijm,jn->inm", (2, 3, 4), (3, 5)),
    ("bhwc,hkc->bwk", (2, 3, 4, 5), (3, 6, 5)),
    ("ij,jk,kl->il", (2, 3), (3, 4), (4, 2)),
    ("i,i,i->", (3,), (3,), (3,)),
    ("ij,ik,il->jkl", (2, 3), (2, 4), (2, 5)),
    ("BTNH,BFNH->BNFT", (2, 3, 2, 4), (2, 5, 2, 4)),
    ("abc,cd->dba", (2, 3, 4), (4, 5)),
    ("ab , bc -> ca", (2, 3), (3, 4)),
)


def einsum(equation, shapes, first_known):
    def build(tf):
        known = (lambda s: s) if first_known else (lambda s: [None, *s[1:]])
        operands = [tf.placeholder_with_default(real(*s), known(s)) for s in shapes]
        y = tf.einsum(equation, *operands)
        return [y, *tf.gradients(y * y, operands)]

    return build


def tensordot(known):
    def build(tf):
        a, b = given(tf, real(2, 3, 4), known), given(tf, real(4, 3, 5), known)
        axes = [1, [[2, 1], [0, 1]], [[-1], [0]]]
        if known == "static":
            axes += [(2, 0), 0, tf.constant([[2, 1], [0, 1]])]
        return [tf.tensordot(a, b, n) for n in axes]

    return build


CASES = {}
for kind in ("matrices", "batch and matrix", "batches"):
    for flips in ((False, False), (False, True), (True, False), (True, True)):
        for known in ("static", "partial", "unknown"):
            CASES[f"{kind} {flips} {known}"] = slopes(kind, *flips, known)
        CASES[f"complex {kind} {flips}"] = slopes(kind, *flips, "static", whole)
    CASES[f"curvature of {kind}"] = slopes(kind, True, False, "static", order=2)
    CASES[f"curvature of {kind}, partial"] = slopes(kind, False, False, "partial", order=2)
for equation, *shapes in EQUATIONS:
    CASES[equation] = einsum(equation, shapes, True)
    CASES[equation + ", partial"] = einsum(equation, shapes, False)

A, B = real(2, 3), real(3, 4)
CASES.update(
    {
        "tensordot": tensordot("static"),
        "tensordot, partial": tensordot("partial"),
        "tensordot, unknown": tensordot("unknown"),
        "sparse": sparse,
        "operator": lambda tf: [tf.constant(A) @ tf.constant(B), A @ tf.constant(B)],
        "lists": lambda tf: [tf.matmul([[1.0, 2.0]], [[3.0], [4.0]], name="m")],
        "integers": lambda tf: [
            tf.matmul([[1, 2], [3, 4]], [[5, 6], [7, 8]]),
            tf.matmul(np.int64([[1, 2]]), np.int64([[3], [2**40]])),
        ],
        "empty": lambda tf: [
            tf.matmul(np.zeros([2, 0]), np.zeros([0, 3])),
            tf.matmul(np.zeros([0, 2, 3]), np.zeros([0, 3, 4])),
            tf.matmul(np.zeros([3, 0, 2]), np.zeros([2, 3])),
        ],
        "broadcast batches": lambda tf: [
            tf.matmul(real(5, 1, 2, 3), real(1, 6, 4, 3), transpose_b=True)
        ],
        "vectors": lambda tf: [
            tf.linalg.matvec(A, real(3)),
            tf.linalg.matvec(real(5, 2, 3), real(5, 3)),
            tf.linalg.matvec(A, real(2), transpose_a=True),
        ],
        "einsum with a name": lambda tf: [
            tf.einsum("ij,jk", tf.constant(A), tf.constant(B), name="z")
        ],
        "transposed and adjoint": lambda tf: tf.matmul(A, B, transpose_a=True, adjoint_a=True),
        "sizes that do not chain": lambda tf: tf.matmul(A, A),
        "vector times matrix": lambda tf: tf.matmul(real(2), A),
        "batches that do not broadcast": lambda tf: tf.matmul(real(2, 3, 4), real(3, 4, 5)),
        "two types": lambda tf: tf.matmul(A, B.astype("float32")),
        "texts": lambda tf: tf.matmul([["a"]], [["b"]]),
        "negative count of axes": lambda tf: tf.tensordot(A, B, -1),
        "too many axes": lambda tf: tf.tensordot(A, B, 3),
        "axes of two lengths": lambda tf: tf.tensordot(A, B, [[1], [0, 1]]),
        "one list of axes": lambda tf: tf.tensordot(A, B, [[1]]),
        "name out of nowhere": lambda tf: tf.einsum("ij,jk->im", tf.constant(A), tf.constant(B)),
        "diagonal": lambda tf: tf.einsum("ii->i", tf.constant(real(3, 3))),
        "one operand of two": lambda tf: tf.einsum("ij,jk", tf.constant(A)),
        "digit for a name": lambda tf: tf.einsum("i1", tf.constant(A)),
        "too few axes": lambda tf: tf.einsum("ij,jk", tf.constant(A), tf.constant(real(3))),
        "unknown keyword": lambda tf: tf.einsum("ij->ji", tf.constant(A), foo=1),
        "one dot": lambda tf: tf.einsum("i.j->ji", tf.constant(A)),
        "dots of unknown rank": lambda tf: tf.einsum("...ij->ji", given(tf, A, "unknown")),
    }
)
