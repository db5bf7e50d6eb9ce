"""Saver: variables in checkpoints, a graph beside them, and the list of those that are kept."""

from __future__ import annotations

import math
import os
import time
from importlib.util import find_spec
from typing import Any

from graphflow import errors
from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.train import checkpoint_files, meta_graph
from graphflow.frontend.train.checkpoint_reader import names_of_objects
from graphflow.frontend.train.collection_messages import Messages, register
from graphflow.frontend.train.global_step import global_step as value_of
from graphflow.frontend.train.saveables import all_saveable_objects, saveables_of
from graphflow.frontend.train.saver_graph import V2, SaverNames, Wanted, build_saver
from graphflow.io import protos
from graphflow.ir.build import current_graph
from graphflow.session import BaseSession


class Saver:
    """Saves the variables of a session in checkpoints, and restores them."""

    def __init__(
        self,
        var_list: Any = None,
        reshape: bool = False,
        sharded: bool = False,
        max_to_keep: int | None = 5,
        keep_checkpoint_every_n_hours: float = 10000.0,
        name: str | None = None,
        restore_sequentially: bool = False,
        saver_def: Any = None,
        builder: Any = None,
        defer_build: bool = False,
        allow_empty: bool = False,
        write_version: int = V2,
        pad_step_number: bool = False,
        save_relative_paths: bool = False,
        filename: str | None = None,
    ) -> None:
        if defer_build and var_list:
            raise ValueError(
                "If `var_list` is provided then build cannot be deferred. "
                "Either set defer_build=False or var_list=None."
            )
        if builder is not None:
            raise NotImplementedError("a Saver makes its nodes itself: leave `builder` out")
        self._var_list, self._reshape, self._sharded, self._name = var_list, reshape, sharded, name
        self._max_to_keep = max_to_keep or 0
        self._every_hours = keep_checkpoint_every_n_hours
        self._allow_empty, self._version, self._filename = allow_empty, write_version, filename
        self._pad, self._relative = pad_step_number, save_relative_paths
        self._given = saver_def
        self._names: SaverNames | None = None
        self._is_built, self._is_empty = False, False
        #: path and time of the checkpoints that are kept, and of those that no longer are
        self._last: list[tuple[str, float]] = []
        self._dropped: list[tuple[str, float]] = []
        if not defer_build:
            self.build()

    def build(self) -> None:
        """Make the nodes, or take those that the saver_def names."""
        if self._is_built:
            return
        self._is_built = True
        if self._given is not None:
            self._take(self._given)
        else:
            if self._var_list is None:
                self._var_list = all_saveable_objects()
            if not self._var_list:
                if not self._allow_empty:
                    raise ValueError("No variables to save")
                self._is_empty = True
                return
            wanted = Wanted(saveables_of(self._var_list), self._reshape, self._version)
            self._names = build_saver(wanted, self._sharded, self._name, self._filename)
        self._next_time = time.time() + self._every_hours * 3600

    def _take(self, saver_def: Any) -> None:
        if not hasattr(saver_def, "restore_op_name"):
            raise ValueError(f"saver_def must be a SaverDef: {saver_def}")
        for field in ("save_tensor_name", "restore_op_name"):
            if not getattr(saver_def, field):
                raise ValueError(f"saver_def must specify the {field}: {saver_def}")
        self._names = SaverNames(
            *(within_scope(getattr(saver_def, field), self._name) for field in SaverNames._fields)
        )
        self._max_to_keep, self._sharded = saver_def.max_to_keep, saver_def.sharded
        self._every_hours = saver_def.keep_checkpoint_every_n_hours
        self._version = saver_def.version

    # ---- messages --------------------------------------------------------------------------------

    @property
    def saver_def(self) -> Any:
        """A SaverDef, or None before the nodes are made."""
        if self._names is None:
            return self._given
        return protos.SaverDef(
            **self._names._asdict(),
            max_to_keep=self._max_to_keep,
            sharded=self._sharded,
            keep_checkpoint_every_n_hours=self._every_hours,
            version=self._version,
        )

    def as_saver_def(self) -> Any:
        return self.saver_def

    def to_proto(self, export_scope: str | None = None) -> Any:
        """A SaverDef, or None for a saver outside of the scope."""
        made = self.saver_def
        if export_scope is None or self._names is None:
            return made
        if not all(name.startswith(export_scope) for name in self._names):
            return None
        for field, name in self._names._asdict().items():
            setattr(made, field, without_scope(name, export_scope))
        return made

    @staticmethod
    def from_proto(saver_def: Any, import_scope: str | None = None) -> Saver:
        """The saver that a SaverDef describes, with the nodes that are there."""
        return Saver(saver_def=saver_def, name=import_scope)

    # ---- which checkpoints there are -------------------------------------------------------------

    @property
    def last_checkpoints(self) -> list[str]:
        """The paths of the checkpoints that are kept, the latest last."""
        return [path for path, _ in self._last]

    def set_last_checkpoints(self, last_checkpoints: list[str]) -> None:
        if not isinstance(last_checkpoints, list):
            raise AssertionError(f"a list of paths, not {last_checkpoints!r}")
        self._last = [(path, math.inf) for path in last_checkpoints]

    def set_last_checkpoints_with_time(
        self, last_checkpoints_with_time: list[tuple[str, float]]
    ) -> None:
        if not isinstance(last_checkpoints_with_time, list):
            raise AssertionError(f"a list of pairs, not {last_checkpoints_with_time!r}")
        self._last = last_checkpoints_with_time

    def recover_last_checkpoints(self, checkpoint_paths: list[str]) -> None:
        """Take over the checkpoints of an earlier process, as far as they are still there."""
        found = []
        for path in checkpoint_paths:
            found += [(path, at) for at in checkpoint_files.get_checkpoint_mtimes([path])]
        self._last = found

    def _record(self, path: str) -> None:
        if self._max_to_keep:
            self._last = [pair for pair in self._last if pair[0] != path]
            self._last.append((path, time.time()))
            if len(self._last) > self._max_to_keep:
                self._dropped.append(self._last.pop(0))

    def _delete_dropped(self, meta_graph_suffix: str) -> None:
        if not self._dropped:
            return
        path, at = self._dropped.pop(0)
        if at > self._next_time:
            self._next_time += self._every_hours * 3600
            return
        try:
            checkpoint_files.remove_checkpoint(path, self._version, meta_graph_suffix)
        except OSError as error:
            logging.warning("Ignoring: %s", error)

    # ---- saving and restoring ----------------------------------------------------------------------

    def save(
        self,
        sess: Any,
        save_path: str,
        global_step: Any = None,
        latest_filename: str | None = None,
        meta_graph_suffix: str = "meta",
        write_meta_graph: bool = True,
        write_state: bool = True,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> str | None:
        """Save the variables; returns the path of the checkpoint, which names no file but begins their names."""
        if not self._is_built:
            raise RuntimeError("`build()` should be called before save if defer_build==True")
        latest_filename = latest_filename or "checkpoint"
        if os.path.split(latest_filename)[0]:
            raise ValueError("'latest_filename' must not contain path components")
        path = self._path(sess, os.fspath(save_path), global_step, latest_filename)
        if not isinstance(sess, BaseSession):
            raise TypeError(f"'sess' must be a Session; {sess}")
        if not self._is_empty:
            path = self._save(sess, os.fspath(save_path), path)
            if write_state:
                self._record(path)
                folder = os.path.dirname(save_path)
                checkpoint_files.write_state(
                    folder, path, self.last_checkpoints, latest_filename, self._relative
                )
                self._delete_dropped(meta_graph_suffix)
        if write_meta_graph:
            self._write_graph(sess, path, meta_graph_suffix, strip_default_attrs)
        return None if self._is_empty else path

    def _path(self, sess: Any, save_path: str, global_step: Any, latest_filename: str) -> str:
        if global_step is not None:
            step = global_step if hasattr(global_step, "__index__") else value_of(sess, global_step)
            return f"{save_path}-{step:08d}" if self._pad else f"{save_path}-{step}"
        if os.path.basename(save_path) == latest_filename and not self._sharded:
            raise ValueError(
                f"'latest_filename' collides with 'save_path': '{latest_filename}' and '{save_path}'"
            )
        return save_path

    def _save(self, sess: Any, save_path: str, path: str) -> str:
        assert self._names is not None
        try:
            saved = sess.run(self._names.save_tensor_name, {self._names.filename_tensor_name: path})
        except (errors.FailedPreconditionError, errors.NotFoundError) as error:
            folder = os.path.dirname(save_path)
            if folder and not os.path.isdir(folder):
                raise ValueError(
                    f"Parent directory of {save_path} doesn't exist, can't save."
                ) from error
            raise
        return os.fsdecode(saved)

    def _write_graph(self, sess: Any, path: str, suffix: str, strip_default_attrs: bool) -> None:
        if find_spec("google.protobuf") is None:
            # the variables are safe: a graph is a protocol buffer, a checkpoint is none
            logging.warning("The graph of %s is not written: that needs protobuf", path)
            return
        filename = checkpoint_files.meta_graph_filename(path, suffix)
        with sess.graph.as_default():
            self.export_meta_graph(filename, strip_default_attrs=strip_default_attrs)

    def export_meta_graph(
        self,
        filename: str | None = None,
        collection_list: Any = None,
        as_text: bool = False,
        export_scope: str | None = None,
        clear_devices: bool = False,
        clear_extraneous_savers: bool = False,
        strip_default_attrs: bool = False,
        save_debug_info: bool = False,
    ) -> Any:
        """The default graph as a MetaGraphDef that knows this saver; also in a file, if one is named."""
        return meta_graph.export_meta_graph(
            filename=filename,
            graph_def=current_graph().as_graph_def(add_shapes=True),
            saver_def=self.saver_def,
            collection_list=collection_list,
            as_text=as_text,
            export_scope=export_scope,
            clear_devices=clear_devices,
            clear_extraneous_savers=clear_extraneous_savers,
            strip_default_attrs=strip_default_attrs,
        )

    def restore(self, sess: Any, save_path: str) -> None:
        """Give the variables the values that they have in a checkpoint."""
        if self._is_empty:
            return
        if save_path is None:
            raise ValueError("Can't load save_path when it is None.")
        path = os.fsdecode(save_path)
        if not checkpoint_files.checkpoint_exists(path):
            raise ValueError(f"The passed save_path is not a valid checkpoint: {path}")
        logging.info("Restoring parameters from %s", path)
        if self._names is None:
            raise RuntimeError("`build()` should be called before restore if defer_build==True")
        try:
            sess.run(self._names.restore_op_name, {self._names.filename_tensor_name: path})
        except errors.NotFoundError as error:
            names = names_of_objects(path)
            if names is None:
                raise _explained(error, "a name that the checkpoint lacks") from error
            self._restore_objects(sess, path, names)
        except errors.InvalidArgumentError as error:
            raise _explained(error, "a shape or type that the checkpoint has otherwise") from error

    def _restore_objects(self, sess: Any, path: str, names: dict[str, str]) -> None:
        """Restore from a checkpoint that was saved from objects: it has other names for the variables."""
        saveables = saveables_of(self._var_list or all_saveable_objects())
        specs = [spec for s in saveables for spec in s.specs]
        missing = sorted({spec.name for spec in specs} - set(names))
        if missing:
            raise errors.NotFoundError(
                message=f"{path} was saved from objects, and has no variables {', '.join(missing)}; "
                f"it has {', '.join(sorted(names))}"
            )
        for spec in specs:
            spec.name = names[spec.name]
        with sess.graph.as_default():
            Saver({s.name: s for s in saveables}).restore(sess, path)


def _explained(error: errors.OpError, cause: str) -> errors.OpError:
    text = (
        f"Restoring from checkpoint failed: this graph has {cause}. It must be the graph that the "
        f"checkpoint was saved from, or var_list must say what is what.\n\n{error.message}"
    )
    return type(error)(None, error.op, text)


register(GraphKeys.SAVERS, Messages("SaverDef", Saver.to_proto, Saver.from_proto))


NAMESPACES = {"train": ["Saver"], "python.training.saver": ["Saver"]}
