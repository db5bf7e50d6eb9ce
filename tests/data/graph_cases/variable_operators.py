"""Python's operators and element-wise functions on variables."""

from __future__ import annotations

CALLS = """
v + 1.0
1.0 + v
v * 2
2 * v
v / 2
7 / v
v - v
v ** 2
2.0 ** v
v // 2.0
v % 2.0
-v
abs(v)
v < 1
v >= v
v @ v
v[0]
v[0, 1:]
v[..., tf.newaxis]
v[::-1]
v[v > 0]
x + v
v + x
x * v
x @ v
v @ x
x < v
v < x
tf.add(v, 1)
tf.add(1.0, v)
tf.exp(v)
tf.cast(v, "int32")
tf.cast(v, "float32")
tf.add_n([v, v])
tf.abs(v)
tf.real(v)
tf.pow(v, 2)
tf.maximum(v, 0)
tf.maximum(0.0, v)
tf.where(v > 0, v, x)
tf.clip_by_value(v, 0, 1)
tf.truediv(v, 2)
tf.div(v, 2)
tf.square(v)
tf.sigmoid(v)
tf.stack([v, x])
[v, x] + x
x + [[1, 2], [3, 4]]
tf.range(tf.cast(v[0, 0], "int32"))
tf.round(v)
tf.saturate_cast(v, "uint8")
tf.scalar_mul(2.0, v)
tf.complex(v, v)
tf.conj(v)
tf.gradients(v * v, v)
tf.gradients(tf.square(v) + v[0], [v])
tf.gradients(v / x + x, [v, x])
""".strip().split("\n")


def evaluated(text, use_resource):
    """The case that an expression spells, of a variable `v` and a placeholder `x`."""

    def build(tf):
        v = tf.Variable([[1.0, 2.0], [3.0, 4.0]], name="v", use_resource=use_resource)
        x = tf.placeholder("float32", [2, 2], name="x")
        return eval(text, {"tf": tf, "v": v, "x": x})

    return build


CASES = {text: evaluated(text, False) for text in CALLS}
CASES.update(
    {text + " of a resource": evaluated(text, True) for text in CALLS if "gradients" not in text}
)
