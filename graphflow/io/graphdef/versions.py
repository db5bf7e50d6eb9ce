"""Files of other versions of TensorFlow: what they leave out, what they add, and what they mean by it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.ir.dtype import complex64, float32, int32
from graphflow.ir.literal import Literal
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape

#: what is written: TensorFlow 1.15.5
PRODUCER, MIN_CONSUMER = 134, 0
#: the newest format that is read: TensorFlow 2.21
CONSUMER = 2474
#: up to this producer the shape of a Placeholder without dimensions meant that nothing is known of it
SCALAR_MEANS_UNKNOWN = 21

#: attributes that later versions added and that change no value
IGNORED = frozenset(
    [
        *("grad_a", "grad_b", "grad_x", "grad_y", "sparse_gradient", "validate_shape"),
        *("debug_name", "allowed_devices", "metadata"),
    ]
)
#: attributes that later versions added, with the value at which an op does what it always did
NEUTRAL: dict[str, Any] = {
    "Tcomplex": complex64,
    "Tk": int32,
    "Treal": float32,
    "Tsegmentids": int32,
    "Tshape": int32,
    "axis": -1,
    "bad_indices_policy": b"",
    "blank_index": -1,
    "explicit_paddings": (),
    "exponential_avg_factor": 1.0,
    "index_type": int32,
    "multiply_linear_by_lr": False,
    "narrow_range": False,
    "perturb_singular": False,
    "shape_type": int32,
}


def check_versions(versions: Any) -> None:
    """ValueError if the file says that readers like this one must not read it."""
    if versions.min_consumer > CONSUMER:
        raise ValueError(
            f"GraphDef min consumer version {versions.min_consumer} above current version {CONSUMER}: "
            "the file asks for a newer reader"
        )
    if versions.producer < 0:
        raise ValueError(
            f"GraphDef producer version {versions.producer} below min producer 0. Please regenerate your graph."
        )
    if CONSUMER in versions.bad_consumers:
        raise ValueError(f"GraphDef disallows consumer version {CONSUMER}.")


def modernised(flat: Iterable[FlatNode], producer: int = PRODUCER) -> list[FlatNode]:
    """The nodes with what files of this producer meant without saying so, in the ops of this version."""
    found: list[FlatNode] = []
    for node in flat:
        if node.op == "Placeholder" and producer <= SCALAR_MEANS_UNKNOWN:
            shape = node.attrs.get("shape")
            if isinstance(shape, TensorShape) and shape.known == ():
                node.attrs["shape"] = TensorShape(None)
        if node.op == "TensorListSetItem" and node.attrs.pop("resize_if_index_out_of_bounds", 0):
            found.extend(_resized(node))
        found.append(node)
    return found


def _resized(node: FlatNode) -> list[FlatNode]:
    """Nodes that make a list long enough for the item that `node` puts into it."""
    if len(node.inputs) != 3:
        return []
    handle, index, _ = node.inputs

    def before(op: str, *inputs: Endpoint, **attrs: Any) -> FlatNode:
        # a control edge keeps them where the node is, though they need not wait for anything
        return FlatNode(f"{node.name}/{op}", op, list(inputs), node.controls, node.device, attrs)

    one = before("Const", value=Literal(np.int32(1)), dtype=int32)
    length = before("TensorListLength", handle)
    end = before("AddV2", index, (one.name, 0))
    size = before("Maximum", (length.name, 0), (end.name, 0))
    longer = before("TensorListResize", handle, (size.name, 0))
    node.inputs[0] = longer.name, 0
    return [one, length, end, size, longer]


def settled_attributes(cls: type[Op], flat: FlatNode) -> dict[str, Any]:
    """The attributes of a node without those that later versions added; ValueError where one asks for what is new."""
    known = {*cls.fields, *cls.sig().variables}
    found: dict[str, Any] = {}
    for key, value in flat.attrs.items():
        if key in known or key.startswith("_"):
            found[key] = value
        elif key in IGNORED:
            continue
        elif key in NEUTRAL:
            if value != NEUTRAL[key]:
                raise ValueError(
                    f"Node '{flat.name}' ({flat.op}): {key} = {value!r} is a feature of a later TensorFlow"
                )
        else:
            found[key] = value
    return found
