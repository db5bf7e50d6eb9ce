"""While of functions."""

from __future__ import annotations

from collections.abc import Sequence

from graphflow.io.graphdef.calls import Put, function_of, inputs_of, name_results
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.functions import Instance
from graphflow.io.graphdef.loop_shapes import settle_shapes
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.pieces import ImportedBody, add
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import stateful_inside, united, wait_for
from graphflow.ops.control_flow import open_to_waiters


def build_while(flat: FlatNode, names: Names) -> None:
    """A While whose bodies are functions; what they only pass on stays outside of the loop variables."""
    graph, library = names.graph, names.library
    first = inputs_of(flat, names)
    label = fresh(graph, names.spelling.full(flat.name) + "/While")
    bodies = [ImportedBody(graph, f"{label}/{name}") for name in ("cond", "body")]
    bodies[1].beside = bodies[0]
    with library.calling(function_of(flat, "body"), flat.name) as instance:
        if not first or len(instance.results) != len(first):
            raise ValueError(
                f"Node '{flat.name}' ({flat.op}): its body gives {len(instance.results)} results "
                f"for {len(first)} loop variables"
            )
        carried = _carried(instance)
        given = [_arguments(body, first, carried, instance) for body in bodies]
        put = Put(flat, names, instance, given[1], bodies[1], bodies[1].label + "/")
    bodies[1].outputs = _after(put.effects, [put.results[k] for k in carried])
    with library.calling(function_of(flat, "cond"), flat.name) as instance:
        put = Put(flat, names, instance, given[0], bodies[0], bodies[0].label + "/")
    bodies[0].outputs = _after(put.effects, put.results)
    invariants = united(bodies)
    settle_shapes(bodies, len(carried))
    node = add(
        graph,
        "While" if stateful_inside(bodies) else "StatelessWhile",
        [[*(first[k] for k in carried), *invariants]],
        label,
        Tout=[t.dtype.base_dtype for t in bodies[1].outputs],
        cond=bodies[0],
        body=bodies[1],
        carries=len(carried),
    )
    wait_for(node, bodies)
    open_to_waiters(node)
    last = list(first)
    for k, value in zip(carried, node.outputs, strict=True):
        last[k] = value
    name_results(flat, names, last, [])


def _carried(instance: Instance) -> list[int]:
    """The loop variables that an iteration changes; at least one, as a loop has to have some."""
    nodes = {n.name: n for n in instance.nodes}
    found = []
    for k, endpoint in enumerate(instance.results):
        node = nodes.get(endpoint[0])
        seen = set()
        while node is not None and node.op == "Identity" and node.inputs and node.name not in seen:
            seen.add(node.name)
            endpoint = node.inputs[0]
            node = nodes.get(endpoint[0])
        if endpoint[0] != instance.arguments[k]:
            found.append(k)
    return found or [0]


def _arguments(
    body: ImportedBody, first: Sequence[Tensor], carried: Sequence[int], instance: Instance
) -> list[Tensor]:
    """What a function is given in an iteration: an argument for what is carried, else the tensor outside."""
    given = list(first)
    for k in carried:
        name = instance.arguments[k].replace(":", "_")
        tensor = first[k]
        given[k] = body.parameter(tensor.dtype.base_dtype, tensor.shape, f"{body.label}/{name}")
        body.inputs.append(given[k])
    return given


def _after(effects: Sequence[Node], results: list[Tensor]) -> list[Tensor]:
    """The results, the first of which comes after these nodes have run."""
    if not effects or not results:
        return results
    graph = results[0].graph
    held = add(graph, "Identity", results[:1], fresh(graph, f"{effects[0].name}/done"))
    held.controls = tuple(dict.fromkeys(effects))
    return [*held.outputs, *results[1:]]
