"""Loading a SavedModel: its graph, its variables, and what initialises the rest."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from graphflow.frontend.platform import logging
from graphflow.frontend.saved_model import constants
from graphflow.frontend.saved_model.signatures import op_of_signature
from graphflow.frontend.train.meta_graph_import import import_scoped, message_in, saver_of
from graphflow.frontend.train.saveables import all_saveable_objects
from graphflow.frontend.train.scaffold import tables_initializer
from graphflow.frontend.variable_collections import (
    global_variables_initializer,
    local_variables_initializer,
)
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.ir.node import Node
from graphflow.ops.dependencies import group


def _files(export_dir: Any) -> list[str]:
    names = (constants.SAVED_MODEL_FILENAME_PB, constants.SAVED_MODEL_FILENAME_PBTXT)
    return [os.path.join(os.fsdecode(export_dir), name) for name in names]


def maybe_saved_model_directory(export_dir: Any) -> bool:
    """Whether a folder holds a SavedModel."""
    return any(os.path.exists(path) for path in _files(export_dir))


contains_saved_model = maybe_saved_model_directory


def parse_saved_model(export_dir: Any) -> Any:
    """The SavedModel message of a folder."""
    for path in _files(export_dir):
        if os.path.exists(path):
            with open(path, "rb") as file:
                return message_in(file.read(), "SavedModel", path)
    raise OSError(
        f"SavedModel file does not exist at: {export_dir}/"
        f"{{{constants.SAVED_MODEL_FILENAME_PBTXT}|{constants.SAVED_MODEL_FILENAME_PB}}}"
    )


class SavedModelLoader:
    """One SavedModel, of which graphs are loaded by their tags."""

    def __init__(self, export_dir: Any) -> None:
        self.export_dir = os.fsdecode(export_dir)
        self.variables_path = os.path.join(
            self.export_dir, constants.VARIABLES_DIRECTORY, constants.VARIABLES_FILENAME
        )
        self.saved_model = parse_saved_model(export_dir)

    def get_meta_graph_def_from_tags(self, tags: Iterable[str]) -> Any:
        """The graph that was saved with exactly these tags."""
        wanted = set(tags)
        for made in self.saved_model.meta_graphs:
            if set(made.meta_info_def.tags) == wanted:
                return made
        known = [sorted(made.meta_info_def.tags) for made in self.saved_model.meta_graphs]
        raise RuntimeError(
            f"MetaGraphDef associated with tags {sorted(wanted)} could not be found in SavedModel "
            f"{self.export_dir}, which has: {known}"
        )

    def load(
        self, sess: Any, tags: Iterable[str], import_scope: str | None = None, **saver_kwargs: Any
    ) -> Any:
        """Add the graph to that of the session, restore its variables; gives the MetaGraphDef."""
        made = self.get_meta_graph_def_from_tags(tags)
        with sess.graph.as_default():
            variables, _ = import_scoped(made, import_scope=import_scope, **saver_kwargs)
            saver = saver_of(made, import_scope, variables)
            if saver is not None:
                saver.restore(sess, self.variables_path)
            elif not all_saveable_objects(import_scope):
                logging.info("The specified SavedModel has no variables.")
            init_op = _init_op(made, import_scope)
            if init_op is not None:
                sess.run([init_op], feed_dict=self._asset_paths(made, import_scope))
        return made

    def _asset_paths(self, made: Any, import_scope: str | None) -> dict[str, bytes]:
        """What the constants that name files are to be fed."""
        described = list(made.asset_file_def)
        if not described and constants.ASSETS_KEY in made.collection_def:
            for member in made.collection_def[constants.ASSETS_KEY].any_list.value:
                asset = protos.AssetFileDef()
                member.Unpack(asset)
                described.append(asset)
        folder = os.path.join(self.export_dir, constants.ASSETS_DIRECTORY)
        prefix = f"{import_scope}/" if import_scope else ""
        return {
            prefix + asset.tensor_info.name: os.fsencode(
                os.path.join(folder, os.path.basename(asset.filename))
            )
            for asset in described
        }


def _init_op(made: Any, import_scope: str | None) -> Node | None:
    found = op_of_signature(made, constants.INIT_OP_SIGNATURE_KEY, import_scope)
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if found is not None or key not in made.collection_def:
            continue
        names = made.collection_def[key].node_list.value
        if len(names) != 1:
            raise RuntimeError(f"Expected exactly one SavedModel init op. Found: {list(names)}")
        found = current_graph().get_collection(key)[-1]
    return found


def load(
    sess: Any,
    tags: Iterable[str],
    export_dir: Any,
    import_scope: str | None = None,
    **saver_kwargs: Any,
) -> Any:
    """Load the graph with these tags into a session; gives its MetaGraphDef."""
    return SavedModelLoader(export_dir).load(sess, tags, import_scope, **saver_kwargs)


def main_op() -> Node:
    """An op that initialises variables and tables."""
    return group(
        global_variables_initializer(), local_variables_initializer(), tables_initializer()
    )


def main_op_with_restore(restore_op_name: Any) -> Node:
    """An op that initialises, and then restores."""
    with current_graph().control_dependencies([main_op()]):
        return group(restore_op_name)


NAMESPACES = {
    "saved_model": [
        "contains_saved_model",
        "load",
        "main_op_with_restore",
        "maybe_saved_model_directory",
    ],
    "saved_model.loader": ["load", "maybe_saved_model_directory"],
    "saved_model.main_op": ["main_op", "main_op_with_restore"],
    "python.saved_model.loader": ["load", "maybe_saved_model_directory"],
    "python.saved_model.loader_impl": ["SavedModelLoader", "parse_saved_model"],
}
