"""Record what TensorFlow 1.15.5 computes with element-wise ops on corners: ops/elementwise.npz.

Run it with a Python that has TensorFlow 1.15.5. The operands are those of elementwise_values.py; an array is named `OP.TYPE`.
"""

from __future__ import annotations

import pathlib

import elementwise_values
import numpy as np
import tensorflow as tf
from tensorflow.python.framework import op_def_registry

UNARY = """
    Neg Abs Sign Floor Ceil Rint Round Reciprocal Inv Square Sqrt Rsqrt Exp Expm1 Log Log1p Sigmoid Tanh Sin Cos Tan Asin Acos
    Atan Sinh Cosh Asinh Acosh Atanh Erf Erfc Lgamma Digamma BesselI0e BesselI1e IsNan IsInf IsFinite LogicalNot Invert
    PopulationCount Real Imag Conj Angle ComplexAbs
""".split()
BINARY = """
    Add AddV2 Sub Mul RealDiv Div DivNoNan MulNoNan Mod FloorMod FloorDiv TruncateDiv TruncateMod Pow Maximum Minimum
    SquaredDifference Xdivy Xlogy Atan2 Equal NotEqual Less LessEqual Greater GreaterEqual LogicalAnd LogicalOr BitwiseAnd
    BitwiseOr BitwiseXor LeftShift RightShift NextAfter
""".split()
OF_ONE_SHAPE = "SigmoidGrad TanhGrad SqrtGrad RsqrtGrad ReciprocalGrad InvGrad ApproximateEqual".split()
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


def main():
    arrays = {}
    for op in UNARY + BINARY + OF_ONE_SHAPE:
        for dtype in elementwise_values.NUMBERS + ("bool",):
            if op in ("Real", "Imag", "Angle", "ComplexAbs") and dtype not in REAL_OF:
                continue
            try:
                arrays[f"{op}.{dtype}"] = result(op, dtype)
            except (TypeError, tf.errors.OpError) as error:
                print(op, dtype, str(error).splitlines()[0][:100])
    path = pathlib.Path(__file__).resolve().parent / "ops" / "elementwise.npz"
    np.savez_compressed(path, **arrays)
    print(len(arrays), "results,", path.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
