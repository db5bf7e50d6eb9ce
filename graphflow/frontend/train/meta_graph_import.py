"""Reading a MetaGraphDef: the graph, its collections, and a saver of its variables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from google.protobuf import text_format

from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.train.collection_messages import VARIABLE_COLLECTIONS, messages_of
from graphflow.frontend.train.meta_graph import UNBOUND
from graphflow.frontend.train.saveables import all_saveable_objects
from graphflow.frontend.train.saver import Saver
from graphflow.io import protos
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph

#: what TensorFlow's own control flow is described by: graphflow finds it in the nodes
_CONTEXTS = (GraphKeys.COND_CONTEXT, GraphKeys.WHILE_CONTEXT)


def import_meta_graph(
    meta_graph_or_file: Any,
    clear_devices: bool = False,
    import_scope: str | None = None,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Iterable[str] | None = None,
    unbound_inputs_col_name: str = "unbound_inputs",
    restore_collections_predicate: Callable[[str], bool] = lambda key: True,
    graph: Graph | None = None,
) -> Saver | None:
    """Add a saved graph to the default one; returns the saver of its variables, or None if it has none."""
    message = as_meta_graph(meta_graph_or_file)
    variables, _ = import_scoped(
        message,
        clear_devices,
        graph,
        import_scope,
        input_map,
        unbound_inputs_col_name,
        restore_collections_predicate,
        return_elements,
    )
    return saver_of(message, import_scope, variables)


def saver_of(message: Any, import_scope: str | None, variables: Mapping[str, Any]) -> Saver | None:
    """The saver that a MetaGraphDef names, or a new one for the variables that came with it."""
    if message.HasField("saver_def"):
        # the scope may have got a number
        scope = import_scope
        for name, variable in variables.items():
            scope = variable.name.removesuffix(name)
            break
        return Saver(saver_def=message.saver_def, name=scope)
    if all_saveable_objects(import_scope):
        return Saver()
    logging.info("Saver not created because there are no variables in the graph to restore")
    return None


def as_meta_graph(meta_graph_or_file: Any) -> Any:
    """The MetaGraphDef itself, or the one in a file, be that bytes or text."""
    if hasattr(meta_graph_or_file, "graph_def"):
        return meta_graph_or_file
    path = os.fsdecode(meta_graph_or_file)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        raise OSError(f"File {path} does not exist or cannot be read: {error.strerror}") from error
    return message_in(data, "MetaGraphDef", path)


def message_in(data: bytes, kind: str, path: str) -> Any:
    """The message in a file, as bytes or as text."""
    made = getattr(protos, kind)()
    try:
        made.ParseFromString(data)
        return made
    except Exception as error:  # protobuf's own class, which depends on its implementation
        first = error
    try:
        return text_format.Parse(data.decode(), getattr(protos, kind)())
    except (UnicodeDecodeError, text_format.ParseError):
        raise OSError(f"Cannot parse file {path}: {first}.") from None


def import_scoped(
    message: Any,
    clear_devices: bool = False,
    graph: Graph | None = None,
    import_scope: str | None = None,
    input_map: Mapping[str, Any] | None = None,
    unbound_inputs_col_name: str = "unbound_inputs",
    restore_collections_predicate: Callable[[str], bool] = lambda key: True,
    return_elements: Iterable[str] | None = None,
) -> tuple[dict[str, Any], Any]:
    """Add the graph and the collections of a MetaGraphDef; gives its variables by their names there."""
    _check_bound(message, unbound_inputs_col_name, input_map)
    graph = graph or current_graph()
    nodes = message.graph_def
    if clear_devices or input_map:
        nodes = type(nodes).FromString(nodes.SerializeToString())
        for node in nodes.node:
            if clear_devices:
                node.device = ""
            node.input[:] = [_legal(name) for name in node.input]
        if input_map:
            input_map = {_legal(name): value for name, value in input_map.items()}
    with graph.as_default():
        scope = graph.unique_name(import_scope or "", mark_as_used=False)
        elements = import_graph_def(
            nodes, input_map=input_map, return_elements=return_elements, name=import_scope or scope
        )
        _restore_collections(
            message,
            graph,
            scope,
            lambda k: k != unbound_inputs_col_name and restore_collections_predicate(k),
        )
        found = graph.get_collection(GraphKeys.GLOBAL_VARIABLES, scope or None)
    return {without_scope(v.name, scope): v for v in found}, elements


def _legal(name: str) -> str:
    """A name that a node could have, for one that stands for an input that was not exported."""
    mark = "^" if name.startswith("^") else ""
    bare = name.removeprefix(mark)
    return f"{mark}.{bare[1:]}" if bare.startswith(UNBOUND) else name


def _check_bound(message: Any, key: str, input_map: Mapping[str, Any] | None) -> None:
    if not key or key not in message.collection_def:
        return
    target = message.collection_def[key]
    kind = target.WhichOneof("kind")
    names = [_text(v) for v in getattr(target, kind).value] if kind else []
    missing = [n for n in names if n not in (input_map or {})]
    if missing:
        raise ValueError(
            f"Graph contains unbound inputs: {','.join(missing)}. "
            "Must provide these inputs through input_map."
        )


def _restore_collections(
    message: Any, graph: Graph, scope: str, wanted: Callable[[str], bool]
) -> None:
    early = _is_before_1_9(message.meta_info_def.tensorflow_version)
    variables: dict[bytes, Any] = {}
    # the first collection that names a variable decides whether it is trainable, in files that do not say so
    keys = sorted(message.collection_def, key=lambda k: (k != GraphKeys.TRAINABLE_VARIABLES, k))
    for key in keys:
        if key in _CONTEXTS or not wanted(key):
            continue
        target = message.collection_def[key]
        kind = target.WhichOneof("kind")
        messages = messages_of(key)
        if kind is None:
            logging.error("Cannot identify data type for collection %s. Skipping.", key)
        elif messages is not None and kind == "bytes_list":
            for data in target.bytes_list.value:
                made = variables.get(data) if key in VARIABLE_COLLECTIONS else None
                if made is None:
                    described = protos.parse(messages.message, data)
                    if early and key in VARIABLE_COLLECTIONS:
                        described.trainable = key == GraphKeys.TRAINABLE_VARIABLES
                    made = messages.from_proto(described, import_scope=scope)
                    variables[data] = made
                graph.add_to_collection(key, made)
        else:
            _restore_plain(graph, key, kind, getattr(target, kind).value, scope)


def _restore_plain(graph: Graph, key: str, kind: str, values: Iterable[Any], scope: str) -> None:
    for value in values:
        if kind == "node_list":
            try:
                graph.add_to_collection(key, graph.as_graph_element(within_scope(value, scope)))
            except KeyError:
                # a part of control flow, which is one node here
                logging.warning("The collection %s names %s, which is no node here", key, value)
        elif kind == "bytes_list":
            # as TensorFlow has it: bytes, but text where a scope was put before it
            graph.add_to_collection(key, within_scope(_text(value), scope) if scope else value)
        else:
            graph.add_to_collection(key, value)


def _text(value: Any) -> str:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _is_before_1_9(version: str) -> bool:
    numbers = version.split(".")[:2]
    if len(numbers) < 2 or not all(n.isdigit() for n in numbers):
        return False
    return (int(numbers[0]), int(numbers[1])) < (1, 9)


NAMESPACES = {"train": ["import_meta_graph"]}
