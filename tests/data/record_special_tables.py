"""Compute the tables of graphflow/numeric/special with mpmath: `python record_special_tables.py`.

Each function is interpolated at Chebyshev points with 60 digits; the coefficients beyond the
precision of a double are dropped.
"""

from __future__ import annotations

import pathlib
from collections.abc import Callable

from mpmath import mp, mpf

mp.dps = 60
TINY = mpf(10) ** -18
PACKAGE = pathlib.Path(__file__).resolve().parents[2] / "graphflow" / "numeric" / "special"


def chebyshev(f: Callable[[mpf], mpf], low: float, high: float, points: int = 64) -> list[float]:
    """Coefficients c with f(x) = sum c[k] T_k(t), t in [-1, 1] for x in [low, high]."""
    nodes = [mp.cos(mp.pi * (2 * j + 1) / (2 * points)) for j in range(points)]
    values = [f((mpf(high) + low) / 2 + (mpf(high) - low) / 2 * t) for t in nodes]
    found = []
    for k in range(points):
        angle = [mp.cos(mp.pi * k * (2 * j + 1) / (2 * points)) for j in range(points)]
        found.append(2 * mp.fdot(values, angle) / points)
    found[0] /= 2
    largest = max(abs(c) for c in found)
    while abs(found[-1]) < TINY * largest:
        found.pop()
    return [float(c) for c in found]


ROOT = mp.findroot(mp.digamma, 1.4616)


def reduced_lgamma(x: mpf) -> mpf:
    near = min(abs(x - 1), abs(x - 2))
    if near == 0:
        return mp.euler if x == 1 else 1 - mp.euler
    return mp.loggamma(x) / ((x - 1) * (x - 2))


def reduced_digamma(x: mpf) -> mpf:
    return mp.digamma(x) / (x - ROOT)


def scaled_erfc(t: mpf) -> mpf:
    if t == 1:
        return 2 / mp.sqrt(mp.pi)
    x = mpf("3.75") * (1 + t) / (1 - t)
    return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)


def gamma_corrections(rows: int, columns: int) -> list[list[float]]:
    """d[k][n] of the uniform expansion of the incomplete gamma function, sum d[k][n] eta**n a**-k."""
    count = columns + 2 * rows + 4
    alpha = [mpf(0), mpf(1)]  # 1-based: lambda - 1 = sum alpha[n] eta**n
    for n in range(2, count + 1):
        total = alpha[n - 1]
        for j in range(2, n):
            total -= j * alpha[j] * alpha[n + 1 - j]
        alpha.append(total / (n + 1))
    first = [-mpf(1) / 3] + [(n + 2) * alpha[n + 2] for n in range(1, count - 1)]
    # Stirling's series of the scaled gamma function: gamma*(a) = sum g[k] a**-k.
    stirling = [mpf(1)]
    exponent = [mpf(0)] * (rows + 1)
    for k in range(1, rows + 1):
        exponent[k] = mp.bernoulli(k + 1) / (k * (k + 1))
    for k in range(1, rows + 1):
        stirling.append(mp.fsum(j * exponent[j] * stirling[k - j] for j in range(1, k + 1)) / k)
    table = [first]
    for k in range(1, rows):
        g = stirling[k]
        last = table[-1]
        table.append(
            [(-1) ** k * g * first[n] + (n + 2) * last[n + 2] for n in range(len(last) - 2)]
        )
    return [[float(d) for d in row[:columns]] for row in table]


def named(name: str, numbers: list[float], comment: str) -> str:
    return f"\n#: {comment}\n{name} = (\n" + "".join(f"    {n!r},\n" for n in numbers) + ")\n"


def heading(what: str) -> str:
    return f'"""{what}, made by tests/data/record_special_tables.py."""\n\nfrom __future__ import annotations\n'


def i1(x: mpf) -> mpf:
    return (1 + x / 4) ** 2 * mp.exp(-x) * mp.besseli(1, x) / x if x else mpf(1) / 2


def far(order: int) -> Callable[[mpf], mpf]:
    limit = 1 / mp.sqrt(2 * mp.pi)
    return lambda r: mp.sqrt(8 / r) * mp.exp(-8 / r) * mp.besseli(order, 8 / r) if r else limit


def main() -> None:
    high = float(ROOT)
    bernoulli = [mp.bernoulli(2 * k) for k in range(1, 13)]
    tables = [
        (
            "ERF",
            chebyshev(lambda s: mp.erf(mp.sqrt(s)) / mp.sqrt(s), 0, 1),
            "erf(x) / x over t = 2 x**2 - 1, |x| <= 1",
        ),
        (
            "ERFC",
            chebyshev(scaled_erfc, -1, 1),
            "(1 + 2 x) exp(x**2) erfc(x) over t = (x - 3.75) / (x + 3.75), x >= 0",
        ),
        (
            "LGAMMA",
            chebyshev(reduced_lgamma, 1, 2, 48),
            "lgamma(x) / ((x - 1) (x - 2)) over t = 2 x - 3, 1 <= x <= 2",
        ),
        (
            "DIGAMMA",
            chebyshev(reduced_digamma, 1, 2, 47),
            "digamma(x) / (x - root) over t = 2 x - 3, 1 <= x <= 2",
        ),
        (
            "DIGAMMA_ROOT",
            [high, float(ROOT - high)],
            "the positive root of digamma, as a sum of two doubles",
        ),
        (
            "I0E_NEAR",
            chebyshev(lambda x: mp.exp(-x) * mp.besseli(0, x), 0, 8),
            "exp(-x) I0(x) over t = x / 4 - 1, x <= 8",
        ),
        (
            "I1E_NEAR",
            chebyshev(i1, 0, 8),
            "(1 + x / 4) ** 2 exp(-x) I1(x) / x over t = x / 4 - 1, x <= 8",
        ),
        (
            "I0E_FAR",
            chebyshev(far(0), 0, 1),
            "sqrt(x) exp(-x) I0(x) over t = 16 / x - 1, x >= 8",
        ),
        (
            "I1E_FAR",
            chebyshev(far(1), 0, 1),
            "sqrt(x) exp(-x) I1(x) over t = 16 / x - 1, x >= 8",
        ),
        (
            "STIRLING",
            [float(b / (2 * k * (2 * k - 1))) for k, b in enumerate(bernoulli[:9], 1)],
            "B(2k) / (2k (2k - 1)), k = 1, 2, ...",
        ),
        (
            "DIGAMMA_TAIL",
            [float(b / (2 * k)) for k, b in enumerate(bernoulli[:9], 1)],
            "B(2k) / 2k, k = 1, 2, ...",
        ),
        (
            "EULER_MACLAURIN",
            [float(b / mp.factorial(2 * k)) for k, b in enumerate(bernoulli, 1)],
            "B(2k) / (2k)!, k = 1, 2, ...",
        ),
    ]
    text = heading("Coefficients of approximations") + "".join(named(*t) for t in tables)
    (PACKAGE / "tables.py").write_text(text)

    rows = gamma_corrections(8, 20)
    text = heading("The uniform expansion of the incomplete gamma function")
    text += "\n#: TEMME[k][n]: the coefficient of eta**n a**-k\nTEMME = (\n"
    for row in rows:
        text += "    (\n" + "".join(f"        {n!r},\n" for n in row) + "    ),\n"
    (PACKAGE / "uniform_expansion.py").write_text(text + ")\n")


if __name__ == "__main__":
    main()
