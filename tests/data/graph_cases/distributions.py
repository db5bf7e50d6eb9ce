"""tf.distributions: the parameters, samples, densities and moments of each kind."""

from __future__ import annotations

import numpy as np

CASES = {}

#: kind -> (arguments as arrays, a value)
KINDS = {
    "Normal": ({"loc": [0.0, 1.0], "scale": 2.0}, 0.5),
    "Uniform": ({"low": [0.0, 1.0], "high": 3.0}, 1.5),
    "Laplace": ({"loc": [0.0, 1.0], "scale": 2.0}, 0.5),
    "Gamma": ({"concentration": [0.5, 3.0], "rate": 2.0}, 1.5),
    "Exponential": ({"rate": [0.5, 3.0]}, 1.5),
    "Beta": ({"concentration1": [0.5, 3.0], "concentration0": [1.5, 2.0]}, 0.25),
    "StudentT": ({"df": [1.0, 4.0], "loc": 0.5, "scale": 2.0}, 1.5),
    "Bernoulli": ({"logits": [0.5, -1.0]}, 1),
    "Categorical": ({"logits": [[0.5, -1.0, 0.0], [1.0, 2.0, 3.0]]}, [2, 1]),
    "Multinomial": ({"total_count": 4.0, "logits": [0.5, -1.0, 0.0]}, [1.0, 3.0, 0.0]),
    "Dirichlet": ({"concentration": [1.5, 2.0, 3.0]}, [0.25, 0.25, 0.5]),
    "DirichletMultinomial": (
        {"total_count": 4.0, "concentration": [1.5, 2.0, 3.0]},
        [1.0, 3.0, 0.0],
    ),
}
METHODS = (
    *("sample", "log_prob", "prob", "log_cdf", "cdf", "log_survival_function", "survival_function"),
    *("quantile", "entropy", "mean", "mode", "variance", "stddev", "covariance"),
    *("batch_shape_tensor", "event_shape_tensor", "is_scalar_event", "is_scalar_batch"),
)
OF_VALUE = METHODS[1:8]


def case(build):
    CASES[build.__name__] = build
    return build


def called(distribution, method, value):
    if method == "sample":
        return distribution.sample([2, 3], seed=4)
    if method in OF_VALUE:
        return getattr(distribution, method)(value)
    return getattr(distribution, method)()


def each_method(kind, **options):
    def build(tf):
        arguments, value = KINDS[kind]
        distribution = getattr(tf.distributions, kind)(**arguments, **options)
        for method in METHODS:
            if (kind, method) == ("Multinomial", "sample"):
                continue  # a loop: TensorFlow has other nodes for it
            try:
                called(distribution, method, value)
            except NotImplementedError:
                tf.no_op(name="no_" + method)

    return build


def unknown_shapes(kind):
    def build(tf):
        arguments, value = KINDS[kind]
        placeholders = {
            k: tf.placeholder(tf.float32, [None] * np.ndim(v), k) for k, v in arguments.items()
        }
        distribution = getattr(tf.distributions, kind)(**placeholders, name="d")
        distribution.sample()
        distribution.log_prob(value)
        distribution.batch_shape_tensor()
        distribution.event_shape_tensor()
        for method in ("entropy", "mean"):
            try:
                getattr(distribution, method)()
            except NotImplementedError:
                continue

    return build


def divergence(kind):
    def build(tf):
        arguments, _ = KINDS[kind]
        make = getattr(tf.distributions, kind)
        one, other = make(**arguments), make(**arguments, name="other")
        tf.distributions.kl_divergence(one, other)
        one.kl_divergence(other)
        one.cross_entropy(other)

    return build


for _kind in KINDS:
    CASES["methods_of_" + _kind] = each_method(_kind)
    if _kind != "Multinomial":
        CASES["unknown_" + _kind] = unknown_shapes(_kind)
for _kind in ("Normal", "Gamma", "Beta", "Bernoulli", "Categorical", "Dirichlet", "Uniform"):
    CASES["divergence_of_" + _kind] = divergence(_kind)


@case
def probabilities(tf):
    tf.distributions.Bernoulli(probs=[0.25, 0.5]).log_prob([1, 0])
    tf.distributions.Bernoulli(probs=0.5, dtype=tf.float32).sample()
    tf.distributions.Categorical(probs=[0.25, 0.75], dtype=tf.int64).sample(3)
    tf.distributions.Multinomial(3.0, probs=[0.25, 0.75]).mean()


@case
def probabilities_and_logits(tf):
    tf.distributions.Bernoulli(probs=0.25, logits=0.5)


@case
def neither_probabilities_nor_logits(tf):
    tf.distributions.Categorical()


@case
def whole_numbers_for_a_scale(tf):
    tf.distributions.Normal(0, 1)


@case
def mixed_types(tf):
    tf.distributions.Normal(np.float64(0), tf.constant(1.0))


@case
def gradients_through_samples(tf):
    loc, scale = tf.placeholder(tf.float32, [2]), tf.placeholder(tf.float32, [2])
    normal = tf.distributions.Normal(loc, scale)
    tf.gradients(normal.sample(3), [loc, scale])
    tf.gradients([normal.log_prob(0.5), normal.entropy()], [loc, scale])
    logits = tf.placeholder(tf.float32, [2, 3])
    categorical = tf.distributions.Categorical(logits=logits)
    tf.gradients([categorical.log_prob([0, 1]), categorical.entropy()], logits)


@case
def sampled_shapes(tf):
    normal = tf.distributions.Normal([0.0, 1.0], 1.0)
    normal.sample()
    normal.sample(3)
    normal.sample([2, 3])
    normal.sample(tf.placeholder(tf.int32, []))
    normal.sample(tf.placeholder(tf.int32, [None]))
    normal.sample(tf.placeholder(tf.int32))


@case
def scopes_and_copies(tf):
    with tf.name_scope("outer"):
        normal = tf.distributions.Normal(0.0, 1.0, name="n")
    normal.copy(loc=2.0).mean()
    normal.mean(name="m")
    tf.distributions.Normal.param_shapes([2])
    tf.distributions.Gamma.param_static_shapes([2, 3])


@case
def softplus_kinds(tf):
    kinds = tf.contrib.distributions
    kinds.NormalWithSoftplusScale(0.0, 1.0).mean()
    kinds.LaplaceWithSoftplusScale(0.0, 1.0).mean()
    kinds.GammaWithSoftplusConcentrationRate(2.0, 1.0).mean()
    kinds.ExponentialWithSoftplusRate(1.0).mean()
    kinds.BetaWithSoftplusConcentration(2.0, 1.0).mean()
    kinds.StudentTWithAbsDfSoftplusScale(2.5, 1.0, 1.0).mean()
