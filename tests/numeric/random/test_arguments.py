"""What random functions refuse, what empty results cost, and values that anyone can check by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphflow.numeric import random
from graphflow.numeric.random import Stream

ONE = np.ones(1, np.float32)
LOGITS = np.zeros((2, 3), np.float32)


def normal_between(shape: Any, *parameters: Any) -> Any:
    means, stdevs, minvals, maxvals = (np.array(p, np.float32) for p in parameters)
    return lambda s: random.parameterized_truncated_normal(
        s, shape, means, stdevs, minvals, maxvals
    )


REFUSED = {
    "Dimension -1 must be >= 0": lambda s: random.random_uniform(s, [3, -1]),
    r"more than 2\*\*63 - 1 elements": lambda s: random.random_uniform(s, [2**32, 2**31]),
    "shape must be a vector": lambda s: random.random_uniform(s, np.array([[2]])),
    "must be a vector, got": lambda s: random.random_gamma(s, np.array(3), ONE),
    "no random floats of type int32": lambda s: random.random_uniform(s, [1], np.int32),
    "no random floats of type complex64": lambda s: random.truncated_normal(s, [1], "complex64"),
    "no random integers of type int16": lambda s: random.random_uniform_int(s, [1], 0, 1, np.int16),
    "Need minval < maxval, got 5 >= 5": lambda s: random.random_uniform_int(s, [1], 5, 5),
    "Need minval < maxval, got 7 >= 5": lambda s: random.random_uniform_int(s, [1], 7, 5, np.int64),
    "maxval 2147483648 is no int32": lambda s: random.random_uniform_int(s, [1], 0, 2**31),
    "minval -9223372036854775809": lambda s: random.random_uniform_int(
        s, [1], -(2**63) - 1, 0, np.int64
    ),
    "logits should be a matrix": lambda s: random.multinomial(s, LOGITS[0], 3),
    "num_samples should be nonnegative": lambda s: random.multinomial(s, LOGITS, -1),
    "nonnegative and an int32, got 2147483648": lambda s: random.multinomial(s, LOGITS, 2**31),
    "num_classes should be positive": lambda s: random.multinomial(s, LOGITS[:, :0], 3),
    "no gamma values of type int32": lambda s: random.random_gamma(s, [1], ONE.astype(np.int32)),
    "no Poisson values of type int16": lambda s: random.random_poisson(s, [1], ONE, np.int16),
    r"rate 1e\+30 is too large .* int32": lambda s: random.random_poisson(
        s, [1], np.array([1e30]), np.int32
    ),
    "rate 70000.0 is too large .* float16": lambda s: random.random_poisson(
        s, [1], np.array([7e4]), np.float16
    ),
    "shape must not be empty": normal_between([], 0, 1, -1, 1),
    r"means should have length 1 or shape\[0\], got shape: \[3\]": normal_between(
        [2, 4], [0, 1, 2], 1, -1, 1
    ),
    r"maxvals should have length 1 or .*: \[1, 1\]": normal_between([2, 4], 0, 1, -1, [[1]]),
    "Invalid parameters: .* stdev -1.0": normal_between([2], 0, -1, -1, 1),
    "Invalid parameters: .* minval 1.0, maxval 1.0": normal_between([2], 0, 1, [0, 1], 1),
    "Invalid parameters: .* minval -inf, maxval inf": normal_between([2], 0, 1, -np.inf, np.inf),
    "Invalid parameters: .* got mean nan": normal_between([2], np.nan, 1, 0, 1),
    "Invalid parameters: .* stdev inf": normal_between([2], 0, np.inf, 0, 1),
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text: str) -> None:
    stream = Stream(1, 2)
    with pytest.raises(ValueError, match=text):
        REFUSED[text](stream)
    assert stream.position == 0


def test_bounds_too_far_out_for_the_type() -> None:
    zero, one, low, high = (np.array(x, np.float32) for x in (0, 1, 1e30, 2e30))
    with pytest.raises(ValueError, match=r"none of .* proposals"):
        random.parameterized_truncated_normal(Stream(1, 2), [3], zero, one, low, high)


EMPTY = {
    "uniform": lambda s: random.random_uniform(s, [2, 0]),
    "integers": lambda s: random.random_uniform_int(s, [0], 5, 5),
    "normal": lambda s: random.random_standard_normal(s, [0], np.float64),
    "truncated": lambda s: random.truncated_normal(s, np.array([0, 2**40])),
    "between": normal_between([0, 3], 0, 1, 1, -1),
    "gamma without samples": lambda s: random.random_gamma(s, [0], ONE),
    "gamma without parameters": lambda s: random.random_gamma(s, [5], ONE[:0]),
    "Poisson": lambda s: random.random_poisson(s, [4, 0], ONE),
    "multinomial without samples": lambda s: random.multinomial(s, LOGITS, 0),
    "multinomial without rows": lambda s: random.multinomial(s, LOGITS[:0], 3),
    "shuffle of a row": lambda s: random.random_shuffle(s, LOGITS[:1]),
    "shuffle of nothing": lambda s: random.random_shuffle(s, LOGITS[:, :0]),
    "shuffle of a scalar": lambda s: random.random_shuffle(s, np.array(3)),
}


@pytest.mark.parametrize("name", EMPTY)
def test_nothing_made_uses_nothing(name: str) -> None:
    stream = Stream(1, 2, 17)
    EMPTY[name](stream)
    assert stream.position == 17


def test_a_rate_without_meaning_gives_nan() -> None:
    rate = np.array([np.nan, np.inf, -np.inf, -1, 0])
    values = random.random_poisson(Stream(1, 2), [2], rate, np.float32)
    np.testing.assert_array_equal(values, [[np.nan, np.nan, 0, 0, 0]] * 2)
    whole = random.random_poisson(Stream(1, 2), [1], rate, np.int64)
    assert whole.tolist() == [[-(2**63), -(2**63), 0, 0, 0]]


def test_shuffled_strings_keep_together() -> None:
    value = np.array([["a", "A"], ["b", "B"], ["c", "C"], ["d", "D"]], object)
    rows = random.random_shuffle(Stream(1, 2), value).tolist()
    assert sorted(rows) == value.tolist()


def test_floats_of_every_format_come_from_the_same_words() -> None:
    words = Stream(1, 2).words(0, 250)
    for dtype, bits in ((np.float16, 10), (np.float32, 23)):
        unit = random.random_uniform(Stream(1, 2), [1000], dtype)
        np.testing.assert_array_equal(unit * 2.0**bits, words % 2**bits)
    unit = random.random_uniform(Stream(1, 2), [500], np.float64)
    whole = [(high % 2**20) << 32 | low for high, low in words.reshape(-1, 2).tolist()]
    np.testing.assert_array_equal(unit * 2.0**52, whole)


def scaled(unit: Any, low: float, high: float) -> Any:
    return unit * (unit.dtype.type(high) - unit.dtype.type(low)) + unit.dtype.type(low)


# First values of public functions, in the digits of C's %.9g (float64: %.17g).
FIRST = [
    (
        lambda s: random.random_uniform(s, [3]),
        (42, 3),
        0,
        "0.637899637 0.160478711 0.19355309",
    ),
    (
        lambda s: random.random_uniform(s, [3]),
        (42, 3),
        2,
        "0.682474732 0.534604192 0.70668602",
    ),
    (lambda s: scaled(random.random_uniform(s, [1]), -10, 10), (87654321, 2), 0, "3.5749321"),
    (
        lambda s: random.random_uniform_int(s, [200001], -5, 1000003),
        (87654321, 1),
        0,
        "886162 411114 88972 216785",
    ),
    (
        lambda s: random.random_uniform_int(s, [1001], -7, 10**15 + 1, np.int64),
        (42, 3),
        0,
        "347575405946315 920000419655050 679380243422373 557126933618893",
    ),
    (
        lambda s: random.random_uniform_int(s, [5], 0, 100),
        (0, 2147483647),
        0,
        "22 78 75 70",
    ),
    (lambda s: random.random_standard_normal(s, [1]), (777, 3), 0, "2.20866942"),
    (
        lambda s: random.random_standard_normal(s, [3]),
        (42, 3),
        2,
        "-0.188557953 -0.853525281 0.796314597",
    ),
    (
        lambda s: random.random_standard_normal(s, [100003], np.float64) * 3.0 + 0.5,
        (42, 3),
        0,
        "-1.4155157312199571 -5.6000645268837692 1.9655918737952607 3.4097097038669961",
    ),
    (
        lambda s: random.truncated_normal(s, [5, 5, 1, 32]) * np.float32(0.1),
        (66478, 3),
        0,
        "0.0400582775 0.0659022853 -0.102220453 0.119043134",
    ),
    (
        lambda s: random.truncated_normal(s, [1001], np.float64),
        (42, 3),
        0,
        "-0.63850524373998574 0.48853062459842023 -1.7512737908604237 0.62397043109795913",
    ),
    (lambda s: random.random_shuffle(s, np.arange(10)), (42, 4), 0, "3 7 5 2"),
    (
        lambda s: random.multinomial(
            s, np.log(np.array([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]], np.float32)), 9
        ),
        (42, 1),
        0,
        "1 2 2 2",
    ),
    (
        lambda s: random.random_gamma(s, [501], np.array([0.5, 2.5], np.float32)),
        (42, 5),
        0,
        "0.0157464352 1.81326723 0.597069323 9.71722031",
    ),
    (
        lambda s: random.random_poisson(s, [301], np.array([0.5, 20.0]), np.float32),
        (42, 1),
        0,
        "0 18 0 22",
    ),
]


@pytest.mark.parametrize(("make", "seeds", "run", "want"), FIRST)
def test_first_values(make: Any, seeds: Any, run: int, want: str) -> None:
    stream = Stream(*seeds)
    for _ in range(run):
        make(stream)
    values = make(stream).reshape(-1)[: len(want.split())]
    digits = {"i": "%d", "f": "%.17g" if values.dtype == np.float64 else "%.9g"}
    assert " ".join(digits[values.dtype.kind] % value for value in values) == want
