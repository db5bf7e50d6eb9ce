"""Linear algebra over one matrix, a batch and unknown shapes: values, gradients, second gradients, complex numbers."""

from __future__ import annotations

import numpy as np


def real(*shape):
    return np.random.RandomState(sum(shape) + len(shape)).standard_normal(shape)


def definite(*shape):
    a = real(*shape)
    return a @ np.swapaxes(a, -1, -2) + 3 * np.eye(shape[-1])


def hermitian(*shape):
    a = real(*shape) + 1j * np.random.RandomState(7).standard_normal(shape)
    return a @ np.conj(np.swapaxes(a, -1, -2)) + 3 * np.eye(shape[-1])


ONE, BATCH, WHOLE = definite(3, 3), definite(2, 3, 3), hermitian(3, 3)


def fourth(tf, x):
    """The fourth power: no sign is left of it, and of vectors of length 1 its sum is not constant."""
    return tf.square(tf.square(x))


#: functions of a matrix whose values do not depend on how eigenvectors are oriented
FUNCTIONS = {
    "inverse": lambda tf, x: tf.matrix_inverse(x),
    "adjoint inverse": lambda tf, x: tf.linalg.inv(x, adjoint=True),
    "determinant": lambda tf, x: tf.matrix_determinant(x),
    "log determinant": lambda tf, x: tf.linalg.slogdet(x).log_abs_determinant,
    "logdet": lambda tf, x: tf.linalg.logdet(x),
    "cholesky": lambda tf, x: tf.cholesky(x),
    "trace": lambda tf, x: tf.trace(x),
    "adjoint": lambda tf, x: tf.linalg.adjoint(x),
    "eigenvalues": lambda tf, x: tf.self_adjoint_eigvals(x),
    "eigenvectors": lambda tf, x: fourth(tf, tf.self_adjoint_eig(x)[1]),
    "singular values": lambda tf, x: tf.svd(x, compute_uv=False),
    "singular vectors": lambda tf, x: fourth(tf, tf.svd(x)[1]),
    "solve": lambda tf, x: tf.matrix_solve(x, tf.square(x[..., :2])),
    "adjoint solve": lambda tf, x: tf.matrix_solve(x, tf.square(x[..., :2]), adjoint=True),
    "lower solve": lambda tf, x: tf.matrix_triangular_solve(x, x[..., :2]),
    "upper adjoint solve": lambda tf, x: tf.matrix_triangular_solve(
        x, x[..., :2], lower=False, adjoint=True
    ),
    "cholesky solve": lambda tf, x: tf.cholesky_solve(x, x[..., :2]),
    "root": lambda tf, x: tf.linalg.sqrtm(x),
    "norm": lambda tf, x: tf.norm(x),
    "norm 1": lambda tf, x: tf.norm(x, ord=1, axis=-1),
    "norm inf": lambda tf, x: tf.norm(x, ord=np.inf, axis=[-2, -1], keepdims=True),
    "norm 3": lambda tf, x: tf.norm(x, ord=3, axis=0),
    "norm fro": lambda tf, x: tf.norm(x, ord="fro", axis=(-2, -1)),
    "normalize": lambda tf, x: tf.linalg.normalize(x, axis=-1)[0],
    "clip": lambda tf, x: tf.clip_by_norm(x, 1.5),
    "clip rows": lambda tf, x: tf.clip_by_norm(x, 1.5, axes=[-1]),
    "cross": lambda tf, x: tf.cross(x, tf.square(x)),
}
#: those without an order among complex numbers, or whose gradient TensorFlow lacks for them
REAL = ("singular vectors", "logdet", "log determinant", "normalize", "clip", "clip rows", "cross")
REAL += ("norm", "norm 1", "norm inf", "norm 3", "norm fro")

#: those whose second or complex gradient is wrong in TensorFlow 1.15
WRONG = ("adjoint inverse", "determinant", "log determinant")


def slopes(name, value, shape, order=1):
    def build(tf):
        x = tf.placeholder_with_default(value, shape)
        y = FUNCTIONS[name](tf, x)
        seed = tf.ones_like(y) * (1 + 0.5j) if y.dtype.is_complex else None
        found = tf.gradients(y, x, grad_ys=seed)
        return [y, *found] if order == 1 else tf.gradients(found[0] * found[0], x)

    return build


def decomposed(f, *shape):
    def build(tf):
        x = tf.constant(real(*shape))
        return tf.gradients(fourth(tf, f(tf, x)), x)

    return build


def least_squares(**kwargs):
    def build(tf):
        found = []
        for shape in ((4, 2), (2, 4)):
            a, b = tf.constant(real(*shape)), tf.constant(real(shape[0], 2))
            x = tf.matrix_solve_ls(a, b, **kwargs)
            found += [x, *tf.gradients(x * x, [a, b])]
        return found

    return build


def large_least_squares(tf):
    """So large a batch of small systems that one op solves it."""
    found = []
    for rows, columns in ((4, 3), (3, 4)):
        a, b = tf.constant(real(2700, rows, columns)), tf.constant(real(2700, rows, 1))
        x = tf.matrix_solve_ls(a, b, 0.5)
        found += [tf.reduce_sum(y, [0]) for y in (x, *tf.gradients(x * x, [a, b]))]
    return found


def clipped(tf):
    a, b = tf.constant(real(3)), tf.constant(real(2, 2))
    rows = tf.IndexedSlices(tf.constant(real(2, 3)), tf.constant([0, 4]))
    (first, _, second, third), norm = tf.clip_by_global_norm([a, None, b, rows], 1.0)
    return [norm, first, second, third.values, tf.global_norm([a, None, b, rows], name="g")]


def clipped_by_given_norm(tf):
    norm = tf.constant(5.0)
    found, _ = tf.clip_by_global_norm([tf.constant([1.0, 2.0]), [3.0, 4.0]], 2.0, norm, name="q")
    return found


def slow_slope(tf):
    a = tf.constant(real(4, 2))
    return tf.gradients(tf.matrix_solve_ls(a, real(4, 1), fast=False), a)


def slope_at_zero(tf):
    x = tf.zeros([2])
    return tf.gradients(tf.clip_by_norm(x, 1.0), x)


def three_diagonals(shape):
    def build(tf):
        d = tf.placeholder_with_default(real(2, 3, 5), shape and (2, 3, 5))
        b = tf.placeholder_with_default(real(2, 5, 2), shape and (2, 5, 2))
        if shape is None:
            d.set_shape([None, 3, None])
            b.set_shape([None, None, None])
        x, y = tf.linalg.tridiagonal_solve(d, b), tf.linalg.tridiagonal_matmul(d, b)
        return [x, y, *tf.gradients(x * x, [d, b]), *tf.gradients(y * y, [d, b])]

    return build


CASES = {}
for name in FUNCTIONS:
    CASES[name] = slopes(name, ONE, (3, 3))
    CASES[name + ", partial"] = slopes(name, ONE, (None, None))
    if name != "singular vectors":
        CASES[name + ", unknown"] = slopes(name, ONE, None)
    CASES[name + ", batch"] = slopes(name, BATCH, (2, 3, 3))
    if name not in WRONG:
        CASES["curvature of " + name] = slopes(name, ONE, (3, 3), order=2)
    if name not in (*REAL, *WRONG):
        CASES["complex " + name] = slopes(name, WHOLE, (3, 3))

CASES.update(
    {
        "q of tall": decomposed(lambda tf, x: tf.qr(x).q, 4, 2),
        "r of square": decomposed(lambda tf, x: tf.qr(x)[1], 3, 3),
        "q of a batch": decomposed(lambda tf, x: tf.qr(x).q, 2, 4, 3),
        "q of wide": decomposed(lambda tf, x: tf.qr(x).q, 2, 4),
        "u of tall": decomposed(lambda tf, x: tf.svd(x)[1], 4, 2),
        "v of wide": decomposed(lambda tf, x: tf.svd(x)[2], 2, 4),
        "v of a batch": decomposed(lambda tf, x: tf.svd(x)[2], 2, 3, 4),
        "v with all columns": decomposed(lambda tf, x: tf.svd(x, full_matrices=True)[2], 2, 3),
        "v with too many columns": decomposed(lambda tf, x: tf.svd(x, full_matrices=True)[2], 2, 4),
        "least squares": least_squares(),
        "regularized least squares": least_squares(l2_regularizer=0.3),
        "large least squares": large_least_squares,
        "slow least squares": lambda tf: [
            tf.matrix_solve_ls(real(4, 2), real(4, 1), 0.5, fast=False)
        ],
        "slope of slow least squares": slow_slope,
        "identities": lambda tf: [
            tf.eye(3),
            tf.eye(2, 3),
            tf.eye(3, batch_shape=[2]),
            tf.eye(2, 3, batch_shape=[2, 1], dtype=tf.int32),
            tf.eye(tf.constant(2)),
            tf.eye(tf.constant(2), 3, name="e"),
            tf.eye(2, batch_shape=tf.constant([2])),
        ],
        "lu": lambda tf: [*tf.linalg.lu(real(4, 4)), tf.linalg.lu(BATCH, tf.int64).p],
        "signs": lambda tf: [*tf.linalg.slogdet(real(5, 4, 4)), *tf.linalg.slogdet(WHOLE)],
        "rank": lambda tf: [
            tf.linalg.matrix_rank(np.float64([[1, 2], [2, 4]])),
            tf.linalg.matrix_rank(tf.placeholder_with_default(ONE, [None, None]), tol=0.1),
            tf.linalg.matrix_rank([[1.0, 2.0], [3.0, 4.0]]),
        ],
        "pseudo-inverse": lambda tf: [
            tf.linalg.pinv(real(3, 2)),
            tf.linalg.pinv(tf.placeholder_with_default(real(2, 3), [None, None])),
            tf.linalg.pinv(np.float64([[1, 2], [2, 4]]), rcond=1e-3),
        ],
        "logarithm": lambda tf: [tf.linalg.logm(WHOLE), tf.linalg.logm(BATCH + 0j)],
        "three diagonals": three_diagonals((2, 3, 5)),
        "three diagonals, partial": three_diagonals(None),
        "three diagonals in other forms": lambda tf: [
            tf.linalg.tridiagonal_solve(tf.constant(ONE), tf.constant(real(3, 1)), "matrix"),
            tf.linalg.tridiagonal_matmul(tf.constant(ONE), tf.constant(real(3, 1)), "matrix"),
            tf.linalg.tridiagonal_solve(
                [tf.constant(real(n)) for n in (4, 5, 4)], tf.constant(real(2, 5)), "sequence", True
            ),
            tf.linalg.tridiagonal_solve(tf.constant(real(3, 5)), tf.constant(real(5))),
        ],
        "global norm": clipped,
        "given norm": clipped_by_given_norm,
        "average norm": lambda tf: [tf.clip_by_average_norm(real(3, 2).astype("float32"), 0.2)],
        "infinite norm": lambda tf: tf.clip_by_global_norm([tf.constant([1.0, np.inf])], 1.0)[0],
        "slope of clipped zeros": slope_at_zero,
        "oblong inverse": lambda tf: tf.matrix_inverse(real(2, 3)),
        "inverse of a vector": lambda tf: tf.matrix_inverse(real(3)),
        "systems of two sizes": lambda tf: tf.matrix_solve(ONE, real(4, 1)),
        "batches of two ranks": lambda tf: tf.matrix_solve(BATCH, real(3, 1)),
        "integer determinant": lambda tf: tf.matrix_determinant([[1, 2], [3, 4]]),
        "cross of two": lambda tf: tf.cross(real(2), real(2)),
        "half an identity": lambda tf: tf.eye(2.5),
        "norm of no name": lambda tf: tf.norm(ONE, ord="bad"),
        "norm along one axis twice": lambda tf: tf.norm(ONE, axis=[0, 0]),
        "norm 3 of a matrix": lambda tf: tf.norm(ONE, ord=3, axis=[0, 1]),
        "norm -1": lambda tf: tf.norm(ONE, ord=-1),
        "norm of no list": lambda tf: tf.global_norm(tf.constant([1.0])),
        "three diagonals of two": lambda tf: tf.linalg.tridiagonal_solve(
            tf.constant(real(2, 5)), tf.constant(real(5, 2))
        ),
    }
)
