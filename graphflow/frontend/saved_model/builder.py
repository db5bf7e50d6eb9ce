"""SavedModelBuilder: writes a folder with a graph, its variables, and the files that it reads."""

from __future__ import annotations

import filecmp
import os
import shutil
from collections.abc import Iterable, Mapping
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.saved_model import constants
from graphflow.frontend.saved_model.signatures import predict_signature_def
from graphflow.frontend.train.meta_graph import write_message
from graphflow.frontend.train.saveables import all_saveable_objects
from graphflow.frontend.train.saver import Saver
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor

#: keys of signatures that name ops
_RESERVED = (constants.INIT_OP_SIGNATURE_KEY, constants.TRAIN_OP_SIGNATURE_KEY)


class SavedModelBuilder:
    """Collects graphs for one SavedModel; `save` writes them."""

    def __init__(self, export_dir: Any) -> None:
        self._folder = os.fspath(export_dir)
        if os.path.exists(self._folder) and os.listdir(self._folder):
            raise AssertionError(
                f"Export directory already exists, and isn't empty: {self._folder}. "
                "Please choose a different export directory."
            )
        os.makedirs(self._folder, exist_ok=True)
        version = constants.SAVED_MODEL_SCHEMA_VERSION
        self._saved_model = protos.SavedModel(saved_model_schema_version=version)
        self._has_saved_variables = False

    def add_meta_graph_and_variables(
        self,
        sess: Any,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Iterable[Any] | None = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Save the variables of the session, and add the default graph: once, and first."""
        if self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has already been saved. "
                "Please invoke `add_meta_graph()` instead."
            )
        saver = self._prepared(
            signature_def_map, assets_collection, main_op or legacy_init_op, saver
        )
        folder = os.path.join(self._folder, constants.VARIABLES_DIRECTORY)
        os.makedirs(folder, exist_ok=True)
        path = os.path.join(folder, constants.VARIABLES_FILENAME)
        saver.save(sess, path, write_meta_graph=False, write_state=False)
        self._add(saver, tags, signature_def_map, clear_devices, strip_default_attrs)
        self._has_saved_variables = True

    def add_meta_graph(
        self,
        tags: Iterable[str],
        signature_def_map: Mapping[str, Any] | None = None,
        assets_collection: Iterable[Any] | None = None,
        legacy_init_op: Any = None,
        clear_devices: bool = False,
        main_op: Any = None,
        strip_default_attrs: bool = False,
        saver: Saver | None = None,
    ) -> None:
        """Add the default graph, for other uses of the same variables."""
        if not self._has_saved_variables:
            raise AssertionError(
                "Graph state including variables and assets has not been saved yet. "
                "Please invoke `add_meta_graph_and_variables()` first."
            )
        saver = self._prepared(
            signature_def_map, assets_collection, main_op or legacy_init_op, saver
        )
        self._add(saver, tags, signature_def_map, clear_devices, strip_default_attrs)

    def save(self, as_text: bool = False) -> bytes:
        """Write the file of the graphs; returns its path."""
        name = (
            constants.SAVED_MODEL_FILENAME_PBTXT if as_text else constants.SAVED_MODEL_FILENAME_PB
        )
        path = os.path.join(self._folder, name)
        write_message(self._saved_model, path, as_text)
        logging.info("SavedModel written to: %s", path)
        return os.fsencode(path)

    def _prepared(
        self,
        signatures: Mapping[str, Any] | None,
        assets: Iterable[Any] | None,
        main_op: Any,
        saver: Saver | None,
    ) -> Saver:
        _check_signatures(signatures or {})
        _save_assets(assets, self._folder)
        _add_main_op(main_op)
        return saver or Saver(all_saveable_objects(), sharded=True, allow_empty=True)

    def _add(
        self,
        saver: Saver,
        tags: Iterable[str],
        signatures: Mapping[str, Any] | None,
        clear_devices: bool,
        strip_default_attrs: bool,
    ) -> None:
        made = saver.export_meta_graph(
            clear_devices=clear_devices, strip_default_attrs=strip_default_attrs
        )
        made.meta_info_def.tags.extend(tags)
        for key, signature in (signatures or {}).items():
            made.signature_def[key].CopyFrom(signature)
        self._saved_model.meta_graphs.add().CopyFrom(made)


def _check_signatures(signatures: Mapping[str, Any]) -> None:
    for signature in signatures.values():
        for infos in (signature.inputs, signature.outputs):
            for name in infos:
                _check_info(infos[name])
    for key in _RESERVED:
        if key in signatures:
            raise KeyError(f'SignatureDef map key "{key}" is reserved. Please use a different key.')


def _check_info(info: Any) -> None:
    encoding = info.WhichOneof("encoding")
    if encoding is None:
        raise AssertionError(
            "All TensorInfo protos used in the SignatureDefs must have one of the 'encoding' fields "
            f"(e.g., name or coo_sparse) set: {info}"
        )
    if encoding == "composite_tensor":
        for component in info.composite_tensor.components:
            _check_info(component)
    elif info.dtype == protos.DT_INVALID:
        raise AssertionError(
            f"All TensorInfo protos used in the SignatureDefs must have the dtype field set: {info}"
        )


def _add_main_op(main_op: Any) -> None:
    if main_op is None:
        return
    if not isinstance(main_op, Node):
        raise TypeError(f"main_op needs to be an Operation: {main_op!r}")
    graph = current_graph()
    for key in (constants.MAIN_OP_KEY, constants.LEGACY_INIT_OP_KEY):
        if graph.get_collection(key):
            raise ValueError(
                f"Graph already contains one or more main ops under the collection {key}."
            )
    graph.add_to_collection(constants.MAIN_OP_KEY, main_op)


def _save_assets(assets: Iterable[Any] | None, folder: str) -> None:
    """Copy the files that constants name, and note which constant names which."""
    copies: dict[str, str] = {}
    for tensor in assets or ():
        source = _path_in(tensor)
        name = _free_name(source, copies)
        copies[name] = source
        described = protos.AssetFileDef(filename=name)
        described.tensor_info.name = tensor.name
        member = protos.CollectionDef().any_list.value.add()
        member.Pack(described)
        current_graph().add_to_collection(constants.ASSETS_KEY, member)
    if not copies:
        logging.info("No assets to write.")
        return
    target = os.path.join(folder, constants.ASSETS_DIRECTORY)
    os.makedirs(target, exist_ok=True)
    for name, source in copies.items():
        path = os.path.join(target, name)
        if not os.path.exists(path):
            shutil.copyfile(source, path)
    logging.info("Assets written to: %s", target)


def _path_in(tensor: Any) -> str:
    """The path that a constant holds."""
    if not isinstance(tensor, Tensor):
        raise TypeError("Asset path tensor must be a Tensor.")
    if tensor.node.type != "Const":
        raise TypeError("Asset path tensor must be of type constant.")
    if tensor.dtype is not string:
        raise TypeError("Asset path tensor must be of dtype string.")
    value = tensor.node.attr("value").array
    if value.size != 1:
        raise TypeError("Asset path tensor must be a scalar.")
    path = os.fsdecode(value.reshape(-1)[0])
    if not path:
        raise ValueError(f"Invalid asset filepath tensor {tensor}")
    return path


def _free_name(source: str, copies: Mapping[str, str]) -> str:
    """The name for a copy: files of one name and other contents are numbered."""
    base = name = os.path.basename(source)
    number = 0
    while name in copies and not (
        copies[name] == source or filecmp.cmp(copies[name], source, shallow=False)
    ):
        number += 1
        name = f"{base}_{number}"
    return name


def simple_save(
    session: Any,
    export_dir: Any,
    inputs: Mapping[str, Any],
    outputs: Mapping[str, Any],
    legacy_init_op: Any = None,
) -> None:
    """Save the default graph and the variables of a session, for predictions."""
    builder = SavedModelBuilder(export_dir)
    signature = predict_signature_def(inputs, outputs)
    builder.add_meta_graph_and_variables(
        session,
        tags=[constants.SERVING],
        signature_def_map={constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature},
        assets_collection=current_graph().get_collection(GraphKeys.ASSET_FILEPATHS),
        main_op=legacy_init_op,
        clear_devices=True,
    )
    builder.save()


NAMESPACES = {
    "saved_model": {"Builder": "SavedModelBuilder", "simple_save": "simple_save"},
    "saved_model.builder": {"SavedModelBuilder": "SavedModelBuilder"},
    "python.saved_model.builder": {"SavedModelBuilder": "SavedModelBuilder"},
}
