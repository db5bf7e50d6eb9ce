"""The numbers of distributions: samples from seeds, densities, moments, divergences."""

from __future__ import annotations

import importlib.util
import pathlib

import numpy as np

CASES = {}

_PATH = pathlib.Path(__file__).resolve().parent.parent / "graph_cases" / "distributions.py"
_SPEC = importlib.util.spec_from_file_location("distribution_kinds", str(_PATH))
_GRAPHS = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_GRAPHS)
KINDS, METHODS, called = _GRAPHS.KINDS, _GRAPHS.METHODS, _GRAPHS.called


def evaluated(tf, fetches, feed=None):
    with tf.Session() as session:
        return session.run(fetches, feed)


def numbers(kind, **options):
    def run(tf):
        tf.set_random_seed(7)
        arguments, value = KINDS[kind]
        found = {}
        distribution = getattr(tf.distributions, kind)(**arguments, **options)
        for method in METHODS:
            try:
                found[method] = called(distribution, method, value)
            except NotImplementedError:
                continue
        found["shapes"] = tf.constant(
            [str(distribution.batch_shape), str(distribution.event_shape)]
        )
        return evaluated(tf, found)

    return run


for _kind in KINDS:
    CASES["numbers_of_" + _kind] = numbers(_kind)
    CASES["checked_numbers_of_" + _kind] = numbers(_kind, validate_args=True)


def divergence(kind, other):
    def run(tf):
        make = getattr(tf.distributions, kind)
        a, b = make(**KINDS[kind][0]), make(**other)
        kl = tf.distributions.kl_divergence(a, b)
        return evaluated(tf, [kl, a.cross_entropy(b)])

    CASES["divergence_of_" + kind] = run


divergence("Normal", {"loc": [1.0, -2.0], "scale": [0.5, 1.0]})
divergence("Gamma", {"concentration": [1.5, 2.0], "rate": [0.5, 1.0]})
divergence("Beta", {"concentration1": [1.5, 2.0], "concentration0": [0.5, 1.0]})
divergence("Bernoulli", {"probs": [0.25, 0.9]})
divergence("Categorical", {"probs": [[0.25, 0.5, 0.25], [0.8, 0.15, 0.05]]})
divergence("Dirichlet", {"concentration": [1.0, 1.0, 4.0]})


def case(run):
    CASES[run.__name__] = run
    return run


@case
def far_out(tf):
    x = np.array([-40.0, -15.0, -9.0, -1.0, 0.0, 1.0, 4.0, 9.0, 40.0, np.inf, -np.inf, np.nan])
    found = []
    for dtype in (np.float32, np.float64):
        normal = tf.distributions.Normal(dtype(0), dtype(1))
        laplace = tf.distributions.Laplace(dtype(0), dtype(1))
        with np.errstate(over="ignore"):
            v = x.astype(dtype)
        found += [normal.cdf(v), normal.log_cdf(v), normal.log_survival_function(v)]
        found += [laplace.cdf(v), laplace.log_cdf(v), normal.log_prob(v)]
    return evaluated(tf, found)


@case
def quantiles(tf):
    p = np.array([0.0, 1e-30, 1e-8, 0.01, 0.3, 0.5, 0.9, 0.999, 1.0])
    return evaluated(
        tf,
        [
            tf.distributions.Normal(t(1), t(2)).quantile(p.astype(t))
            for t in (np.float32, np.float64)
        ],
    )


@case
def undefined_modes(tf):
    d = tf.distributions
    return evaluated(
        tf,
        [
            d.Gamma([0.5, 2.0], 1.0).mode(),
            d.Beta([0.5, 2.0], 3.0).mode(),
            d.StudentT([0.5, 1.5, 3.0], 0.0, 1.0).variance(),
            d.StudentT([0.5, 1.5, 3.0], 0.0, 1.0).mean(),
        ],
    )


@case
def a_mode_that_must_not_be_undefined(tf):
    evaluated(tf, tf.distributions.Gamma([0.5, 2.0], 1.0, allow_nan_stats=False).mode())


@case
def a_scale_below_zero(tf):
    evaluated(tf, tf.distributions.Normal(0.0, -1.0, validate_args=True).mean())


@case
def a_sample_that_is_no_integer(tf):
    d = tf.distributions.Bernoulli(probs=0.5, validate_args=True, dtype=tf.float32)
    evaluated(tf, d.log_prob(0.5))


@case
def samples_of_unknown_shape(tf):
    count = tf.placeholder(tf.int32)
    drawn = tf.distributions.Normal([0.0, 1.0], 1.0).sample(count, seed=3)
    return [evaluated(tf, drawn, {count: c}) for c in (2, [2, 1], [])]


@case
def categories_over_values(tf):
    d = tf.distributions.Categorical(probs=[[0.25, 0.75], [0.5, 0.5]])
    k = np.array([[0], [1], [1]])
    return evaluated(tf, [d.log_prob(k[0, 0]), d.prob([1, 0]), d.cdf([1, 2]), d.mode()])


@case
def densities_outside(tf):
    u = tf.distributions.Uniform([0.0, 1.0], 3.0)
    v = np.array([[-1.0], [0.5], [3.0], [np.nan]], np.float32)
    return evaluated(tf, [u.prob(v), u.log_prob(v), u.cdf(v)])


@case
def gradients_of_densities(tf):
    loc, scale = tf.constant([0.5, 1.0]), tf.constant([1.0, 2.0])
    normal = tf.distributions.Normal(loc, scale)
    return evaluated(
        tf,
        [
            tf.gradients(normal.log_prob([0.0, 3.0]), [loc, scale]),
            tf.gradients(normal.entropy(), scale),
            tf.gradients(normal.sample(2, seed=1), [loc, scale]),
            tf.gradients(normal.log_cdf([-11.0, 0.0]), [loc, scale]),
        ],
    )


@case
def normal_vectors(tf):
    kinds = tf.contrib.distributions
    a = kinds.MultivariateNormalDiag([0.5, 1.0], [1.0, 2.0])
    b = kinds.MultivariateNormalDiag([[0.5, 1.0], [2.0, 0.0]], scale_identity_multiplier=2.0)
    found = [a.stddev(), a.variance(), a.mode(), a.covariance()]
    for d in (a, b):
        found += [d.sample(3, seed=2), d.log_prob([0.25, 1.5]), d.entropy(), d.mean()]
    return evaluated(tf, [*found, tf.contrib.distributions.kl_divergence(a, b)])


@case
def one_hot_vectors(tf):
    d = tf.contrib.distributions.OneHotCategorical([[0.5, -1.0, 0.0], [1.0, 2.0, 3.0]])
    found = [d.sample(4, seed=3), d.log_prob([0, 1, 0]), d.entropy(), d.mode(), d.prob([0, 0, 1])]
    return evaluated(tf, found)


@case
def relaxed_one_hot_vectors(tf):
    d = tf.contrib.distributions.RelaxedOneHotCategorical(0.5, logits=[[0.5, -1.0, 0.0]])
    return evaluated(tf, [d.sample(4, seed=3), d.log_prob([0.25, 0.25, 0.5])])
