"""Record special functions to full precision with mpmath, for tests/numeric: `python
record_special.py`."""

from __future__ import annotations

import json
import pathlib
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from mpmath import mp, mpf

HERE = pathlib.Path(__file__).resolve().parent
RNG = np.random.default_rng(11)
mp.dps = 60


def spread(low: float, high: float, count: int) -> np.ndarray:
    """Numbers of any magnitude from 10**low to 10**high."""
    return 10.0 ** RNG.uniform(low, high, count)


def slope_of_gamma(a: mpf, x: mpf) -> mpf:
    step = a * mpf(10) ** -30
    with mp.workdps(100):
        ends = [mp.gammainc(v, 0, x, regularized=True) for v in (a + step, a - step)]
        return (ends[0] - ends[1]) / (2 * step)


def hurwitz(x: mpf, q: mpf) -> mpf:
    # mpmath's digits are absolute here.
    with mp.workdps(400):
        return mp.zeta(x, q)


def main() -> None:
    line = np.concatenate([RNG.uniform(-6, 6, 60), spread(-300, 0, 15), -spread(-20, 0, 15)])
    gamma_line = np.concatenate(
        [
            RNG.uniform(0, 3, 60),
            RNG.uniform(3, 30, 40),
            spread(-300, 300, 30),
            1 + spread(-9, -2, 9),
            2 - spread(-9, -2, 9),
        ]
    )
    bessel_line = np.concatenate([RNG.uniform(-9, 9, 60), spread(-10, 5, 30)])
    a, b = spread(-3, 4, 120), spread(-2, 3, 120)
    near = a * np.exp(RNG.normal(size=120) * RNG.choice([0.01, 0.1, 0.5], 120))
    p, q = spread(-2, 3, 120), b
    centre = p / (p + q)
    x = np.clip(
        centre + RNG.normal(size=120) * np.sqrt(centre * (1 - centre) / (p + q + 1)), 1e-5, 1 - 1e-5
    )
    negative = -RNG.uniform(0, 15, 40)
    cases: list[tuple[str, float, list[np.ndarray], Callable[..., Any]]] = [
        ("erf", 2, [line], mp.erf),
        ("erfc", 4, [np.concatenate([line, RNG.uniform(6, 26, 30)])], mp.erfc),
        ("lgamma", 4, [gamma_line], mp.loggamma),
        ("lgamma", 8, [negative], lambda v: mp.log(abs(mp.gamma(v)))),
        ("digamma", 4, [gamma_line], mp.digamma),
        ("digamma", 8, [negative], mp.digamma),
        ("bessel_i0e", 4, [bessel_line], lambda v: mp.exp(-abs(v)) * mp.besseli(0, v)),
        ("bessel_i1e", 4, [bessel_line], lambda v: mp.exp(-abs(v)) * mp.besseli(1, v)),
        ("zeta", 8, [1 + spread(-8, 2, 80), spread(-2, 3, 80)], hurwitz),
        (
            "polygamma",
            16,
            [RNG.integers(0, 60, 80).astype(float), spread(-1.5, 3, 80)],
            lambda n, v: mp.polygamma(int(n), v),
        ),
        (
            "polygamma",
            16,
            [RNG.integers(1, 9, 40).astype(float), negative],
            lambda n, v: mp.polygamma(int(n), v),
        ),
        ("igamma", 500, [a, near], lambda u, v: mp.gammainc(u, 0, v, regularized=True)),
        ("igammac", 500, [a, near], lambda u, v: mp.gammainc(u, v, mp.inf, regularized=True)),
        ("igamma_grad_a", 500, [a, near], slope_of_gamma),
        ("betainc", 500, [p, q, x], lambda u, v, w: mp.betainc(u, v, 0, w, regularized=True)),
    ]
    arrays: dict[str, np.ndarray] = {}
    entries = []
    for index, (name, within, arguments, f) in enumerate(cases):
        rows: Iterable[tuple[float, ...]] = zip(*arguments, strict=True)
        exact = np.array([float(f(*(mpf(float(v)) for v in row))) for row in rows])
        kept = (np.abs(exact) > 1e-280) & np.isfinite(exact)
        # Between its poles a function has zeros, near which digits mean little.
        relative = arguments[-1] is not negative
        entry: dict[str, Any] = {
            "function": f"special.{name}",
            "within": within,
            "keywords": {},
            "relative": relative,
        }
        for role, values in (("a", [v[kept] for v in arguments]), ("o", [exact[kept]])):
            found = []
            for j, value in enumerate(values):
                arrays[f"{index}.{role}.{j}"] = value
                found.append({"array": f"{index}.{role}.{j}", "dtype": "float64"})
            entry["arguments" if role == "a" else "results"] = found
        entries.append(entry)
    text = np.frombuffer(json.dumps(entries).encode(), np.uint8)
    np.savez_compressed(HERE / "numeric" / "special_digits.npz", cases=text, **arrays)
    print(f"{len(entries)} functions, {sum(v.size for v in arrays.values())} numbers")


if __name__ == "__main__":
    main()
