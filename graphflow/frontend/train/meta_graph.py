"""A graph with its collections and its saver as one message, a MetaGraphDef."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterable
from typing import Any

from graphflow.frontend.export_scopes import without_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.train.collection_messages import messages_of
from graphflow.io import protos
from graphflow.io.files import write_atomically
from graphflow.ir import doors
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ir.op import REGISTRY

#: what stands before the name of an input that was not exported with the node that takes it
UNBOUND = "$unbound_inputs_"

#: the version of TensorFlow whose files these are
VERSION, REVISION = "1.15.5", "v1.15.5"

_SAVING = re.compile(r"(Legacy)?(Save|Restore)(V2|Slices?)?")


def export_meta_graph(
    filename: str | None = None,
    meta_info_def: Any = None,
    graph_def: Any = None,
    saver_def: Any = None,
    collection_list: Iterable[Any] | None = None,
    as_text: bool = False,
    graph: Graph | None = None,
    export_scope: str | None = None,
    clear_devices: bool = False,
    clear_extraneous_savers: bool = False,
    strip_default_attrs: bool = False,
    save_debug_info: bool = False,
    unbound_inputs_col_name: str = "unbound_inputs",
) -> Any:
    """The graph as a MetaGraphDef; also in a file, if one is named."""
    graph = graph or current_graph()
    if not isinstance(graph, Graph):
        raise TypeError(f"graph must be of type Graph, not {type(graph)}")
    made = protos.MetaGraphDef()
    if meta_info_def is not None:
        made.meta_info_def.CopyFrom(meta_info_def)
    made.meta_info_def.tensorflow_version = VERSION
    made.meta_info_def.tensorflow_git_version = REVISION
    source = graph.as_graph_def(add_shapes=True) if graph_def is None else graph_def
    dropped = _nodes_of_other_savers(source, saver_def) if clear_extraneous_savers else set()
    if export_scope or dropped or clear_devices:
        unbound = _copy_part(source, made.graph_def, export_scope, dropped, clear_devices)
        if unbound_inputs_col_name:
            graph.clear_collection(unbound_inputs_col_name)
            graph.get_collection_ref(unbound_inputs_col_name).extend(unbound)
    else:
        made.graph_def.CopyFrom(source)
    _list_ops(made)
    if strip_default_attrs:
        _strip_defaults(made)
    if saver_def is not None:
        made.saver_def.CopyFrom(saver_def)
    for key in graph.collections if collection_list is None else collection_list:
        if clear_extraneous_savers and key == GraphKeys.SAVERS:
            made.collection_def[key].bytes_list.value.append(saver_def.SerializeToString())
        else:
            add_collection(made, graph, key, export_scope, dropped)
    if filename:
        write_message(made, filename, as_text)
    return made


def write_message(message: Any, filename: str, as_text: bool) -> None:
    """Put a message into a file, with the folders on the way to it."""
    os.makedirs(os.path.dirname(filename) or ".", exist_ok=True)
    write_atomically(filename, str(message).encode() if as_text else message.SerializeToString())


def add_collection(
    made: Any, graph: Graph, key: Any, scope: str | None, dropped: Collection[str] = ()
) -> None:
    """Put one collection into a MetaGraphDef; what cannot be put there is left out, and that is logged."""
    if not isinstance(key, str | bytes):
        logging.warning("Only collections with string keys are saved, not %r", key)
        return
    members = [m for m in graph.get_collection(key) if _is_included(m, scope, dropped)]
    if not members:
        return
    target = made.collection_def[key]
    try:
        _fill(target, key, members, scope)
    except (AttributeError, TypeError, ValueError) as error:
        logging.warning("The collection %s is not saved: %s", key, error)
        del made.collection_def[key]


def _fill(target: Any, key: Any, members: list[Any], scope: str | None) -> None:
    messages = messages_of(key)
    first = members[0]
    if messages is not None:
        made = [messages.to_proto(m, export_scope=scope) for m in members]
        target.bytes_list.value.extend(m.SerializeToString() for m in made if m is not None)
    elif isinstance(first, str | bytes):
        target.bytes_list.value.extend(m.encode() if isinstance(m, str) else m for m in members)
    elif getattr(getattr(first, "DESCRIPTOR", None), "full_name", "") == "google.protobuf.Any":
        for m in members:
            target.any_list.value.add().ParseFromString(m.SerializeToString())
    elif isinstance(first, int):
        target.int64_list.value.extend(members)
    elif isinstance(first, float):
        target.float_list.value.extend(members)
    else:
        target.node_list.value.extend(without_scope(m.name, scope) for m in members)


def _is_included(item: Any, scope: str | None, dropped: Collection[str]) -> bool:
    name = item if isinstance(item, str) else getattr(item, "name", None)
    if not isinstance(name, str):
        return True
    return name.partition(":")[0] not in dropped and (
        not scope or name.startswith((UNBOUND, scope))
    )


def _copy_part(
    source: Any, target: Any, scope: str | None, dropped: Collection[str], clear_devices: bool
) -> list[str]:
    """Copy the nodes of a scope; gives the names that stand for inputs from outside of it."""
    unbound: list[str] = []
    target.versions.CopyFrom(source.versions)
    target.library.CopyFrom(source.library)
    for node in source.node:
        if not _is_included(node.name, scope, dropped):
            continue
        copy = target.node.add()
        copy.CopyFrom(node)
        copy.name = without_scope(node.name, scope)
        for i, name in enumerate(node.input):
            if scope and not name.lstrip("^").startswith(scope):
                mark = "^" if name.startswith("^") else ""
                copy.input[i] = mark + UNBOUND + name.lstrip("^")
                unbound.append(copy.input[i])
            else:
                copy.input[i] = without_scope(name, scope)
        if scope:
            _leave_scope(copy, scope)
        if clear_devices:
            copy.device = ""
    return unbound


def _leave_scope(node: Any, scope: str) -> None:
    """Take the scope from the names in attributes: colocation, and the frames of loops."""
    if "_class" in node.attr:
        groups = node.attr["_class"].list.s
        kept = [g.decode() for g in groups if g.decode().partition("@")[2].startswith(scope)]
        del groups[:]
        groups.extend(without_scope(g, scope).encode() for g in kept)
    if node.op in ("Enter", "RefEnter") and "frame_name" in node.attr:
        frame = node.attr["frame_name"].s.decode()
        node.attr["frame_name"].s = without_scope(frame, scope).encode()


def _nodes_of_other_savers(source: Any, saver_def: Any) -> set[str]:
    """The names of all nodes in the scopes of savers, less those of the saver that is kept."""
    kept = set()
    if saver_def is not None:
        names = (saver_def.save_tensor_name, saver_def.restore_op_name)
        kept = {name.partition(":")[0].rpartition("/")[0] for name in names}
    saving = [n.name for n in source.node if _SAVING.fullmatch(n.op)]
    scopes = tuple(
        scope + "/" for scope in {name.rpartition("/")[0] for name in saving} - kept - set(saving)
    )
    return {n.name for n in source.node if n.name.startswith(scopes)} if scopes else set()


def _list_ops(made: Any) -> None:
    """Say what the ops of the graph are, so that a reader of another version knows their defaults."""
    functions = {f.signature.name for f in made.graph_def.library.function}
    used = {n.op for n in made.graph_def.node}
    for function in made.graph_def.library.function:
        used |= {n.op for n in function.node_def}
    listed = made.meta_info_def.stripped_op_list.op
    for name in sorted(used - functions):
        if name in REGISTRY:
            listed.append(doors.enter("op_def")(REGISTRY[name]))


def _strip_defaults(made: Any) -> None:
    """Leave out the attributes that are what they are by default: old readers need not know them."""
    defaults = {
        op.name: {a.name: a.default_value for a in op.attr if a.HasField("default_value")}
        for op in made.meta_info_def.stripped_op_list.op
    }
    nodes = [*made.graph_def.node]
    for function in made.graph_def.library.function:
        nodes.extend(function.node_def)
    for node in nodes:
        own = defaults.get(node.op, {})
        for name in [n for n, value in node.attr.items() if own.get(n) == value]:
            del node.attr[name]
    made.meta_info_def.stripped_default_attrs = True


NAMESPACES = {"train": ["export_meta_graph"]}
