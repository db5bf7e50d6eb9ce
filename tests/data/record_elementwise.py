"""Record what TensorFlow 1.15.5 computes with element-wise ops: ops/elementwise.npz and ops/fake_quant.npz.

Run it with a Python that has TensorFlow 1.15.5. The operands are those of elementwise_values.py; a result is named
`OP.TYPE`.
"""

from __future__ import annotations

import pathlib

import elementwise_values
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

# fmt: off
UNARY = [
    "Neg", "Abs", "Sign", "Floor", "Ceil", "Rint", "Round", "Reciprocal", "Inv", "Square", "Sqrt", "Rsqrt", "Exp",
    "Expm1", "Log", "Log1p", "Sigmoid", "Tanh", "Sin", "Cos", "Tan", "Asin", "Acos", "Atan", "Sinh", "Cosh",
    "Asinh", "Acosh", "Atanh", "Erf", "Erfc", "Lgamma", "Digamma", "BesselI0e", "BesselI1e", "IsNan", "IsInf",
    "IsFinite", "LogicalNot", "Invert", "PopulationCount", "Real", "Imag", "Conj", "Angle", "ComplexAbs",
]
BINARY = [
    "Add", "AddV2", "Sub", "Mul", "RealDiv", "Div", "DivNoNan", "MulNoNan", "Mod", "FloorMod", "FloorDiv",
    "TruncateDiv", "TruncateMod", "Pow", "Maximum", "Minimum", "SquaredDifference", "Xdivy", "Xlogy", "Atan2",
    "Equal", "NotEqual", "Less", "LessEqual", "Greater", "GreaterEqual", "LogicalAnd", "LogicalOr", "BitwiseAnd",
    "BitwiseOr", "BitwiseXor", "LeftShift", "RightShift", "NextAfter",
]
OF_ONE_SHAPE = [
    "SigmoidGrad", "TanhGrad", "SqrtGrad", "RsqrtGrad", "ReciprocalGrad", "InvGrad", "ApproximateEqual",
]
# fmt: on
REAL_OF = {"complex64": tf.float32, "complex128": tf.float64}


def result(op, dtype):
    """The value of an op for operands of a type, or None where TensorFlow has no kernel for it."""
    operands = elementwise_values.operands(op, dtype, 1 if op in UNARY else 2)
    if op in OF_ONE_SHAPE:
        operands = np.broadcast_arrays(*operands)
    names = [a.name for a in op_def_registry.get_registered_ops()[op].input_arg]
    attributes = {"Tout": REAL_OF[dtype]} if op in ("Real", "Imag", "Angle", "ComplexAbs") else {}
    # The kernels alone: grappler rewrites graphs.
    config = tf.compat.v1.ConfigProto()
    config.graph_options.rewrite_options.disable_meta_optimizer = True
    with tf.Graph().as_default(), tf.compat.v1.Session(config=config) as session:
        places = [tf.compat.v1.placeholder(dtype, o.shape) for o in operands]
        out = getattr(tf.raw_ops, op)(**dict(zip(names, places)), **attributes)
        return session.run(out, dict(zip(places, operands)))


def fake_quant():
    """Results of fake quantisation, each with the operands and attributes that gave it."""
    random = np.random.RandomState(1)
    x = random.uniform(-8, 8, (20, 5)).astype(np.float32)
    x[0] = [0.0, -0.0, 6.0, -6.0, 0.5]
    g = random.uniform(-1, 1, x.shape).astype(np.float32)
    found = {}
    for number, (low, high, bits, narrow) in enumerate(
        [
            (-6, 6, 8, False),
            (-1, 2, 4, True),
            (0.5, 3, 8, False),
            (-3, -1, 2, False),
            (0, 0, 8, False),
            (-7, 0, 16, True),
        ]
    ):
        options = {"num_bits": bits, "narrow_range": narrow}
        lows, highs = (
            np.float32(v) + np.linspace(0, 0.4, 5).astype(np.float32) for v in (low, high)
        )
        with tf.Graph().as_default(), tf.compat.v1.Session() as session:
            fetches = {
                "vars": tf.quantization.fake_quant_with_min_max_vars(x, low, high, **options),
                "vars_gradient": tf.quantization.fake_quant_with_min_max_vars_gradient(
                    g, x, low, high, **options
                ),
                "channels": tf.quantization.fake_quant_with_min_max_vars_per_channel(
                    x, lows, highs, **options
                ),
                "channels_gradient": tf.quantization.fake_quant_with_min_max_vars_per_channel_gradient(
                    g, x, lows, highs, **options
                ),
            }
            if low != high:
                fetches["args"] = tf.quantization.fake_quant_with_min_max_args(
                    x, low, high, **options
                )
                fetches["args_gradient"] = tf.quantization.fake_quant_with_min_max_args_gradient(
                    g, x, low, high, **options
                )
            results = session.run(fetches)
        found[f"fake_quant.{number}.options"] = np.array([low, high, bits, narrow])
        for name, value in results.items():
            for part, array in enumerate(value if isinstance(value, tuple) else [value]):
                found[f"fake_quant.{number}.{name}.{part}"] = array
    found.update({"fake_quant.x": x, "fake_quant.g": g})
    return found


def main():
    arrays = {}
    for op in UNARY + BINARY + OF_ONE_SHAPE:
        for dtype in (*elementwise_values.NUMBERS, "bool"):
            if op in ("Real", "Imag", "Angle", "ComplexAbs") and dtype not in REAL_OF:
                continue
            try:
                arrays[f"{op}.{dtype}"] = result(op, dtype)
            except (TypeError, tf.errors.OpError) as error:
                print(op, dtype, str(error).splitlines()[0][:100])
    folder = pathlib.Path(__file__).resolve().parent / "ops"
    for name, group in (("elementwise", arrays), ("fake_quant", fake_quant())):
        path = folder / (name + ".npz")
        np.savez_compressed(path, **group)
        print(name, len(group), "arrays,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
