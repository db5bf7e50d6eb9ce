"""How a node is made: names, conversions, types and shapes, control inputs, device, and the user's line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import contextmanager
from typing import Any

from graphflow.ir import mismatch, report, stacks
from graphflow.ir.dtype import as_dtype
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ir.signature import Arg, Signature
from graphflow.ir.where import caller

_global_graph = [Graph()]

#: turns a Python value into a tensor; graphflow.ir.convert puts itself here, as it builds nodes itself
converter: list[Callable[..., Tensor]] = []


def current_graph() -> Graph:
    """The graph that new nodes go to."""
    stack = stacks.graph_stack()
    return stack[-1] if stack else _global_graph[0]


def reset_default_graph() -> None:
    """Forget the global default graph and start an empty one."""
    if stacks.graph_stack():
        raise AssertionError(
            "Do not use tf.reset_default_graph() to clear nested graphs. "
            "If you need a cleared graph, exit the nesting and create a new graph."
        )
    _global_graph[0] = Graph()


def graph_of(values: Sequence[Any]) -> Graph:
    """The graph that a node with these inputs belongs to: the current one unless they live elsewhere."""
    graph = current_graph()
    for value in values:
        if isinstance(value, list | tuple):
            found = graph_of(value)
            if found is not graph:
                return found
            continue
        theirs = getattr(value, "graph", None)
        if theirs is None or theirs is graph or not isinstance(theirs, Graph):
            continue
        if theirs.ledger is not graph.ledger and graph.capture is None:
            return theirs
    return graph


@contextmanager
def name_scope(name: str | None, default: str | None = None, values: Sequence[Any] = ()) -> Any:
    """The scope of a library function: `name` if the user gave one, else `default`."""
    graph = graph_of(values)
    chosen = default if name is None else name
    if graph is not current_graph():
        with graph.as_default(), graph.name_scope(chosen) as scope:
            yield scope
    else:
        with graph.name_scope(chosen) as scope:
            yield scope


def apply(
    cls: type[Op],
    inputs: Sequence[Any],
    attrs: dict[str, Any] | None = None,
    name: str | None = None,
    graph: Graph | None = None,
) -> Node:
    """A new node: an op of class `cls` applied to `inputs`, one item for each input of its signature."""
    if graph is None:
        graph = graph_of(inputs)
    sig = cls.sig()
    if len(inputs) != len(sig.inputs):
        raise TypeError(
            f"{cls.type} takes {len(sig.inputs)} inputs ({', '.join(a.name for a in sig.inputs)}), "
            f"{len(inputs)} given"
        )
    attrs = attrs or {}
    name = name or cls.type
    if sig.plain and all(type(i) is Tensor for i in inputs):
        flat, bound = list(inputs), _bind(cls, sig, inputs, attrs, name)
        full = name[:-1] if name[-1] == "/" else graph.unique_name(name)
    else:
        with graph.as_default(), graph.name_scope(name) as scope:
            flat, bound = _converted(cls, sig, inputs, attrs, name)
            full = scope[:-1]
    return add(graph, cls(**attrs), flat, bound, full)


def _bind(
    cls: type[Op], sig: Signature, inputs: Sequence[Tensor], attrs: dict[str, Any], name: str
) -> dict[str, Any]:
    """The type variables, from inputs that are plain tensors."""
    bound: dict[str, Any] = {}
    for arg, tensor in zip(sig.inputs, inputs, strict=True):
        dtype = tensor.dtype.base_dtype
        if arg.dtype is not None:
            if dtype is not arg.dtype:
                raise mismatch.mixed(cls, sig, inputs, name, arg, dtype, arg.dtype)
            continue
        known = bound.get(arg.variable)
        if known is None:
            if arg.variable in cls.fields and arg.variable in attrs:
                known = as_dtype(attrs[arg.variable])
                if dtype is not known:
                    raise mismatch.mixed(cls, sig, inputs, name, arg, dtype, known)
            allowed = sig.allowed.get(arg.variable)
            if allowed is not None and dtype not in allowed:
                raise mismatch.not_allowed(cls, sig, inputs, name, arg, dtype, allowed)
            bound[arg.variable] = dtype
        elif dtype is not known:
            raise mismatch.mixed(cls, sig, inputs, name, arg, dtype, known)
    return bound


def _converted(
    cls: type[Op], sig: Signature, inputs: Sequence[Any], attrs: dict[str, Any], name: str
) -> tuple[list[Tensor], dict[str, Any]]:
    """Inputs as tensors: Python values take the type that the tensors beside them have."""
    bound: dict[str, Any] = {}
    for variable in sig.variables:
        if variable in attrs and variable in cls.fields:
            bound[variable] = (
                attrs[variable]
                if isinstance(attrs[variable], list | tuple)
                else (
                    as_dtype(attrs[variable])
                    if not isinstance(attrs[variable], int)
                    else attrs[variable]
                )
            )
    flat: list[Tensor] = []
    done: list[Any] = []
    for arg, value in zip(sig.inputs, inputs, strict=True):
        if arg.is_list:
            items = _converted_list(cls, sig, arg, value, bound, name)
            flat.extend(items)
            done.append(items)
            continue
        tensor = _converted_one(cls, sig, arg, value, bound, name)
        dtype = tensor.dtype.base_dtype
        expected = arg.dtype or bound.get(arg.variable)
        if expected is not None and dtype is not expected:
            raise mismatch.mixed(cls, sig, [*done, tensor], name, arg, dtype, expected)
        if arg.variable and arg.variable not in bound:
            allowed = sig.allowed.get(arg.variable)
            if allowed is not None and dtype not in allowed:
                raise mismatch.not_allowed(cls, sig, [*done, tensor], name, arg, dtype, allowed)
            bound[arg.variable] = dtype
        if arg.is_ref and not tensor.dtype._is_ref_dtype:
            raise TypeError(
                f"'{cls.type}' Op requires that input '{arg.name}' be a mutable tensor (e.g.: a tf.Variable), "
                f"got {tensor}"
            )
        flat.append(tensor)
        done.append(tensor)
    return flat, bound


def _converted_one(
    cls: type[Op], sig: Signature, arg: Arg, value: Any, bound: dict[str, Any], name: str
) -> Tensor:
    expected = arg.dtype or bound.get(arg.variable)
    if isinstance(value, Tensor):
        return value
    if isinstance(value, list | tuple) and arg.variable and expected is None and not len(value):
        expected = sig.defaults.get(arg.variable)
    hint = None if expected is not None else sig.defaults.get(arg.variable)
    if hasattr(value, "_as_tensor"):
        return converter[0](value, name=arg.name, as_ref=arg.is_ref)
    try:
        return converter[0](value, dtype=expected, name=arg.name, hint=hint, as_ref=arg.is_ref)
    except (TypeError, ValueError) as error:
        if expected is None:
            raise
        kind = ValueError if value is None else TypeError
        raise kind(
            report.problem(
                f"{cls.type}: input '{arg.name}' must be {expected.name}: {error}",
                cls.type,
                name,
                report.here(),
                [(arg.name, value)],
                f"a Python value takes the type of the tensors beside it, here {expected.name}; "
                "tf.cast changes a tensor's type",
            )
        ) from None


def _converted_list(
    cls: type[Op], sig: Signature, arg: Arg, value: Any, bound: dict[str, Any], name: str
) -> list[Tensor]:
    if not isinstance(value, list | tuple):
        raise TypeError(
            f"Expected list for '{arg.name}' argument to '{cls.type}' Op, not {value!r}."
        )
    if not arg.count:
        wanted = bound.get(arg.variable)
        items = [
            converter[0](
                v,
                dtype=None if wanted is None else wanted[i],
                name=f"{arg.name}_{i}",
                as_ref=arg.is_ref,
            )
            for i, v in enumerate(value)
        ]
        bound[arg.variable] = [t.dtype.base_dtype for t in items]
        return items
    if bound.setdefault(arg.count, len(value)) != len(value):
        raise ValueError(
            f"List argument '{arg.name}' to '{cls.type}' Op with length {len(value)} must match "
            f"length {bound[arg.count]} of the other lists."
        )
    expected = arg.dtype or bound.get(arg.variable)
    if expected is None:
        expected = next((v.dtype.base_dtype for v in value if hasattr(v, "_as_tensor")), None)
    items = []
    for i, v in enumerate(value):
        if hasattr(v, "_as_tensor"):
            t = converter[0](v, name=f"{arg.name}_{i}", as_ref=arg.is_ref)
        else:
            t = converter[0](
                v, dtype=expected, name=f"{arg.name}_{i}", hint=sig.defaults.get(arg.variable)
            )
        if expected is None:
            expected = t.dtype.base_dtype
        if t.dtype.base_dtype is not expected:
            raise mismatch.mixed(cls, sig, [[*items, t]], name, arg, t.dtype.base_dtype, expected)
        items.append(t)
    if arg.variable and items:
        allowed = sig.allowed.get(arg.variable)
        if allowed is not None and items[0].dtype.base_dtype not in allowed:
            raise mismatch.not_allowed(
                cls, sig, [items], name, arg, items[0].dtype.base_dtype, allowed
            )
        bound[arg.variable] = items[0].dtype.base_dtype
    return items


def restore(
    graph: Graph, cls: type[Op], inputs: Sequence[Any], attrs: dict[str, Any], name: str
) -> Node:
    """A node read from a file: under this very name, with tensors for inputs, touched by no scope."""
    sig = cls.sig()
    if len(inputs) != len(sig.inputs):
        raise TypeError(f"'{name}': {cls.type} takes {len(sig.inputs)} inputs, {len(inputs)} given")
    flat, bound = _converted(cls, sig, inputs, attrs, name)
    fields = {k: v for k, v in attrs.items() if k in cls.fields}
    node = add(graph, cls(**fields), flat, bound, name)
    # later names must not collide with this one
    graph.ledger.names.setdefault(name.lower(), 1)
    return node


def add(graph: Graph, op: Op, inputs: list[Tensor], bound: dict[str, Any], name: str) -> Node:
    """Put a node of this very name into the graph; `inputs` are tensors, `bound` their type variables."""
    ledger = graph.ledger
    if ledger.finalized:
        raise RuntimeError(
            report.problem(
                f"Graph is finalized and cannot be modified: '{name}' ({op.type}) would be added.",
                at=report.here(),
                hint="build everything before graph.finalize(); a fetch like run(x + 1) adds nodes in every step",
                then="",
            )
        )
    for i, tensor in enumerate(inputs):
        if tensor.node.graph is not graph:
            inputs[i] = _visible(graph, tensor, name)
    node = Node()
    node.op, node.inputs, node.name, node.graph = op, tuple(inputs), name, graph
    node.grad_of, node.extra, node.device, node.controls = graph.grad_of, None, "", ()
    node.code, node.lasti = caller()
    _type_outputs(node, bound)
    if graph.control:
        node.controls = graph.surrounding_controls(inputs)
        for block in graph.control:
            block.made.add(node)
    referred = () if type(op).sig().plain else _referred(op, inputs)
    if graph.devices and not referred:
        node.device = graph.device_of(node)
    if graph.colocated or graph.gradient_overrides or graph.attributes or referred:
        _annotate(graph, node, referred)
    with graph.lock:
        if name in ledger.nodes_by_name:
            raise ValueError(f"Duplicate node name in graph: '{name}'")
        node.id = len(graph.nodes)
        graph.nodes.append(node)
        ledger.nodes_by_name[name] = node
        ledger.count += 1
    return node


def _visible(graph: Graph, tensor: Tensor, name: str) -> Tensor:
    """`tensor` as `graph` sees it: itself, or the argument of a body that carries it in."""
    if graph.capture is not None:
        return graph.capture(tensor)
    raise ValueError(
        report.problem(
            f"{tensor} must be from the same graph as '{name}'.",
            at=report.here(),
            operands=[("it", tensor)],
            hint="each tf.Graph is a world of its own; a tensor made in a branch or loop body leaves it as a result",
            then="",
        )
    )


def _type_outputs(node: Node, bound: dict[str, Any]) -> None:
    op = node.op
    sig = type(op).sig()
    try:
        dtypes = op.result_types(node.inputs, bound)
        grouped = list(node.inputs)
        if any(a.is_list for a in sig.inputs):
            grouped = _group(sig, node.inputs, bound, op)
        # an op without outputs may still refuse its inputs
        shapes: Any = op.infer(*grouped)
        shapes = shapes if dtypes else ()
    except ValueError as error:
        raise type(error)(
            report.problem(
                f"{op.type}: {error}",
                op.type,
                node.name,
                report.here(),
                mismatch.operands(sig, _group(sig, node.inputs, bound, op)),
                getattr(error, "hint", ""),
            )
        ) from None
    if type(shapes) is TensorShape:
        shapes = (shapes,)
    if len(shapes) != len(dtypes):
        raise AssertionError(f"{op.type}.infer gave {len(shapes)} shapes for {len(dtypes)} outputs")
    node.out, node.rest = None, ()
    if dtypes:
        node.out = Tensor(node, 0, dtypes[0], shapes[0])
        if len(dtypes) > 1:
            node.rest = tuple(Tensor(node, i, dtypes[i], shapes[i]) for i in range(1, len(dtypes)))


def _group(sig: Signature, inputs: Sequence[Tensor], bound: dict[str, Any], op: Op) -> list[Any]:
    grouped: list[Any] = []
    at = 0
    for arg in sig.inputs:
        if not arg.is_list:
            grouped.append(inputs[at])
            at += 1
            continue
        size = bound[arg.count] if arg.count else len(bound[arg.variable])
        grouped.append(list(inputs[at : at + size]))
        at += size
    return grouped


def _referred(op: Op, inputs: Sequence[Tensor]) -> tuple[Node, ...]:
    """The nodes whose variables the node writes or holds: it belongs where they are."""
    args = type(op).sig().inputs
    if not any(a.is_ref for a in args):
        return ()
    return tuple(t.node for a, t in zip(args, inputs, strict=False) if a.is_ref and not a.is_list)


def _annotate(graph: Graph, node: Node, referred: tuple[Node, ...]) -> None:
    extra: dict[str, Any] = dict(graph.attributes)
    beside = (*graph.colocated, *referred)
    if beside:
        groups = {g for other in beside for g in other.colocation_groups()}
        extra["_class"] = sorted(groups)
        node.device = next((other.device for other in beside if other.device), node.device)
    override = graph.gradient_overrides.get(node.type)
    if override is not None:
        extra["_gradient_op_type"] = override
    if extra:
        node.extra = extra
