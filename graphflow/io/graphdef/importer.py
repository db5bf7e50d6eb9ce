"""Reading a GraphDef into the default graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.call_branches import build_case, build_if
from graphflow.io.graphdef.call_loops import build_while
from graphflow.io.graphdef.calls import function_of, put_in_place
from graphflow.io.graphdef.flat import FlatNode, check_inputs, flatten
from graphflow.io.graphdef.functions import Library
from graphflow.io.graphdef.input_map import InputMap, checked_elements, element
from graphflow.io.graphdef.later_calls import later_makers
from graphflow.io.graphdef.names import Names, Spelling
from graphflow.io.graphdef.pieces import build_pieces
from graphflow.io.graphdef.raising import raise_control_flow
from graphflow.io.graphdef.stand_ins import stand_in
from graphflow.io.graphdef.undo import undone_on_error
from graphflow.io.graphdef.unknown_ops import check_known
from graphflow.io.graphdef.versions import check_versions, modernised
from graphflow.ir import build
from graphflow.ir.build import current_graph


def import_graph_def(
    graph_def: Any,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Iterable[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """The nodes of a GraphDef, under the scope `name`; returns the tensors and nodes asked for."""
    if getattr(getattr(graph_def, "DESCRIPTOR", None), "name", "") != "GraphDef":
        raise TypeError("graph_def must be a GraphDef proto.")
    current_graph()._check_not_finalized()
    wanted = checked_elements(return_elements)
    given = InputMap(input_map)
    check_versions(graph_def.versions)
    flat = modernised(flatten(graph_def.node), graph_def.versions.producer)
    library = Library(graph_def.library, {**MAKERS, **dict(later_makers())})
    check_known(flat, library, library.makers)
    own = {n.name for n in flat}
    given.put_in(flat)
    check_inputs(flat, own)
    with undone_on_error(), build.name_scope(name, "import", given.values()) as scope:
        graph = current_graph()
        given.convert(named=bool(scope))
        spelling = Spelling(scope, library)
        spelling.claim([n.name for n in flat], graph.ledger.nodes_by_name)
        before, around = graph.ledger.count, graph.scope
        names = Names(graph, spelling)
        graph.scope = ""
        try:
            given.bind(names)
            build_pieces(raise_control_flow(flat, spelling), names)
        except RecursionError:
            raise ValueError("the GraphDef nests control flow or functions too deep") from None
        finally:
            graph.scope = around
        # ids seed random ops: count as many nodes as TensorFlow has
        graph.ledger.count = before + len(flat)
        for node in flat:
            graph.ledger.names.setdefault(spelling.full(node.name).lower(), 1)
        given.check_used(names, own)
        if spelling.aliases:
            stand_in(names, own)
        found = [element(names, own, given, w) for w in wanted or ()]
    return None if wanted is None else found


def _called_by_name(flat: FlatNode, names: Names) -> None:
    attrs = {k: v for k, v in flat.attrs.items() if not k.startswith("_")}
    put_in_place(flat, names, FunctionName(flat.op, attrs))


def _partitioned_call(flat: FlatNode, names: Names) -> None:
    put_in_place(flat, names, function_of(flat, "f"))


#: what calls functions, and "" for the functions themselves
MAKERS: dict[str, Callable[[FlatNode, Names], None]] = {
    "": _called_by_name,
    "PartitionedCall": _partitioned_call,
    "StatefulPartitionedCall": _partitioned_call,
    "If": build_if,
    "StatelessIf": build_if,
    "Case": build_case,
    "StatelessCase": build_case,
    "While": build_while,
    "StatelessWhile": build_while,
}
