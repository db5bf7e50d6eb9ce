"""What HParams keeps, parses and refuses."""

from __future__ import annotations

CASES = {}
LINES = """
h
str(h)
repr(h)
h.values()
h.parse("a=3").values()
h.parse("a=3,f=1,s=hello,b=false").values()
h.parse("v=[4,5 6], w=[x,y]").values()
h.parse("f=1e-3, b=True").values()
h.parse("b=1").b
h.parse("b=maybe")
h.parse("a=1.5")
h.parse("a=x")
h.parse("a=1,a=2")
h.parse("a=[1,2]")
h.parse("v=3")
h.parse("v[1]=7").v
h.parse("v[1]=[7]")
h.parse("zz=1")
h.parse("a")
h.parse("").a
h.parse("s=").s
h.set_hparam("a", 5) or h.a
h.set_hparam("f", 5) or h.f
h.set_hparam("a", 5.5)
h.set_hparam("a", True)
h.set_hparam("b", 1)
h.set_hparam("s", 1)
h.set_hparam("v", [1, 2.5])
h.set_hparam("zz", 1)
h.set_hparam("n", "anything") or h.n
h.add_hparam("a", 1)
h.add_hparam("new", [])
h.add_hparam("new", (1, 2)) or h.new
h.add_hparam("parse", 2)
h.del_hparam("a") or [h.get("a"), "a" in h, h.get("a", 9)]
h.get("a", 7)
h.get("a", 7.5)
h.get("a", [1])
h.get("v", [1])
"a" in h, "zz" in h
h.to_json(sort_keys=True)
h.to_json(indent=1, separators=(",", ":"), sort_keys=True)
h.parse_json('{"a": 9, "w": ["q"]}').values()
h.parse_json('{"zz": 9}')
h.override_from_dict({"a": 10, "v": [0]}).values()
h.set_from_map({"a": 11}).a
T.HParams(hparam_def=g.to_proto()).values()
T.HParams.from_proto(g.to_proto()).values()
T.HParams(hparam_def=g.to_proto(), x=1)
h.to_proto()
T.HParams(model_structure=3).get_model_structure()
T.parse_values("a=1,b=[x,y],c[2]=3.5", {"a": int, "b": str, "c": float})
T.parse_values("a=1,q=2", {"a": int}, ignore_unknown=True)
T.parse_values("a[0]=1,a[1]=2,a[0]=3", {"a": int})
T.parse_values("a=1,a[1]=2", {"a": int})
T.parse_values("a.b=1", {"a.b": int})
"""


def case(line):
    def run(tf):
        training = tf.contrib.training
        given = training.HParams(
            a=1, f=0.5, s="text", b=True, v=[1, 2, 3], w=["a", "b"], n=None, t=("x", "y")
        )
        plain = training.HParams(a=1, f=0.5, s="text", b=True, v=[1, 2], w=["a"], x=[0.5])
        found = eval(line, {"h": given, "g": plain, "T": training})
        if isinstance(found, dict):
            found = {str(k): v if not isinstance(v, dict) else str(v) for k, v in found.items()}
        return found if line != "h" else None

    return run


for line in LINES.strip().splitlines():
    CASES[line] = case(line)
