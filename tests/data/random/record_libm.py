"""Record the GNU C library's elementary functions for tests/numeric/random/test_libm.py: `python record_libm.py`.

Run it where that library is version 2.28 to 2.40. libm.json holds the SHA-256 of all results of each function on the
arguments that `arguments` makes, which the test makes in the same way.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import hashlib
import json
import math
import pathlib

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
EXPONENTS = 0.75, 0.5, 1.0, 2.0, -0.30000001192092896


def floats(first, last, step):
    """Float32 numbers, those with every `step`-th pattern of bits."""
    return np.arange(first, last, step, dtype=np.uint32).view(np.float32)


def arguments():
    """The arguments of each function; of the first three, all that Box and Muller's method can ask for."""
    unit = np.arange(2**23).astype(np.float32) / np.float32(2**23)
    angle = (unit.astype(np.float64) * math.tau).astype(np.float32)
    whole = np.concatenate((np.arange(100000.0), [float(3**k) for k in range(600)]))
    return {
        "sinf": angle,
        "cosf": angle,
        "logf": np.maximum(unit, np.float32(1e-7)),
        "log1pf": -floats(0, 0x3F800001, 997),
        "expm1f": floats(0x80000000, 0xC2D00000, 997),
        "powf": floats(0x00800000, 0x7F000000, 9973),
        "lgamma": whole + 1,
    }


def function(name, real, count):
    found = getattr(ctypes.CDLL(ctypes.util.find_library("m")), name)
    found.restype, found.argtypes = real, [real] * count
    return found


def digest(array):
    return hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest()


def main():
    digests = {}
    for name, values in arguments().items():
        real = ctypes.c_double if name == "lgamma" else ctypes.c_float
        call = function(name, real, 2 if name == "powf" else 1)
        for exponent in EXPONENTS if name == "powf" else (None,):
            more = () if exponent is None else (exponent,)
            results = (call(x, *more) for x in values.tolist())
            key = " ".join(map(str, (name, *more)))
            digests[key] = digest(np.fromiter(results, values.dtype, values.size))
    text = json.dumps(digests, indent=1, sort_keys=True)
    (HERE / "libm.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
