"""Scaffold: the ops that every training program needs, made where the program has not made them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.platform import logging
from graphflow.frontend.summary.summaries import merge_all
from graphflow.frontend.train import session_resources as resources
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.variable_collections import (
    global_variables,
    global_variables_initializer,
    local_variables_initializer,
    report_uninitialized_variables,
)
from graphflow.ir.build import current_graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.arrays import concat
from graphflow.ops.dependencies import group, no_op

_COPIED = (
    "init_op",
    "init_feed_dict",
    "ready_op",
    "ready_for_local_init_op",
    "local_init_op",
    "summary_op",
    "saver",
)


class Scaffold:
    """Ops to initialise, to ask whether all is ready, to sum up, and a saver."""

    _user_init_fn: Callable[[Scaffold, Any], Any] | None

    def __init__(
        self,
        init_op: Any = None,
        init_feed_dict: Any = None,
        init_fn: Callable[[Scaffold, Any], Any] | None = None,
        ready_op: Any = None,
        ready_for_local_init_op: Any = None,
        local_init_op: Any = None,
        summary_op: Any = None,
        saver: Any = None,
        copy_from_scaffold: Scaffold | None = None,
    ) -> None:
        self._init_op, self._init_feed_dict = init_op, init_feed_dict
        self._ready_op, self._ready_for_local_init_op = ready_op, ready_for_local_init_op
        self._local_init_op, self._summary_op, self._saver = local_init_op, summary_op, saver
        if copy_from_scaffold is not None:
            if not isinstance(copy_from_scaffold, Scaffold):
                raise TypeError("copy_from_scaffold is not a Scaffold instance.")
            for name in _COPIED:
                if getattr(self, name) is None:
                    setattr(self, "_" + name, getattr(copy_from_scaffold, name))
            init_fn = init_fn or copy_from_scaffold._user_init_fn
        self._user_init_fn = init_fn

    def finalize(self) -> Scaffold:
        """Make what is missing; after that the graph may not grow."""
        if self._init_op is None:
            self._init_op = self.get_or_default("init_op", GraphKeys.INIT_OP, _init_op)
        if self._ready_op is None:
            self._ready_op = self.get_or_default("ready_op", GraphKeys.READY_OP, _ready_op)
        if self._ready_for_local_init_op is None:
            self._ready_for_local_init_op = self.get_or_default(
                "ready_for_local_init_op", GraphKeys.READY_FOR_LOCAL_INIT_OP, _ready_for_local
            )
        if self._local_init_op is None:
            self._local_init_op = self.get_or_default(
                "local_init_op", GraphKeys.LOCAL_INIT_OP, self.default_local_init_op
            )
        if self._summary_op is None:
            self._summary_op = self.get_or_default("summary_op", GraphKeys.SUMMARY_OP, merge_all)
        if self._saver is None:
            self._saver = _saver()
        self._saver.build()
        current_graph().finalize()
        logging.info("Graph was finalized.")
        return self

    @property
    def init_fn(self) -> Callable[[Any], Any] | None:
        """The user's function, of a session alone."""
        function = self._user_init_fn
        return None if function is None else lambda sess: function(self, sess)

    @property
    def init_op(self) -> Any:
        return self._init_op

    @property
    def ready_op(self) -> Any:
        return self._ready_op

    @property
    def ready_for_local_init_op(self) -> Any:
        return self._ready_for_local_init_op

    @property
    def local_init_op(self) -> Any:
        return self._local_init_op

    @property
    def summary_op(self) -> Any:
        return self._summary_op

    @property
    def saver(self) -> Any:
        return self._saver

    @property
    def init_feed_dict(self) -> Any:
        return self._init_feed_dict

    @staticmethod
    def get_or_default(
        arg_name: str, collection_key: str, default_constructor: Callable[[], Any]
    ) -> Any:
        """The one member of a collection, made where there is none."""
        found = current_graph().get_collection(collection_key)
        if len(found) > 1:
            raise RuntimeError(
                f'More than one item in the collection "{collection_key}": say which one it is with '
                f"tf.train.Scaffold({arg_name}=...)"
            )
        if found:
            return found[0]
        made = default_constructor()
        if made is not None:
            current_graph().add_to_collection(collection_key, made)
        return made

    @staticmethod
    def default_local_init_op() -> Node:
        """Initialises local variables, tables and local resources."""
        return group(
            local_variables_initializer(),
            tables_initializer(),
            resources.initialize_resources(resources.local_resources()),
        )


def tables_initializer() -> Node:
    """A node that fills the lookup tables."""
    made = current_graph().get_collection(GraphKeys.TABLE_INITIALIZERS)
    return group(*made, name="init_all_tables") if made else no_op("init_all_tables")


def _init_op() -> Node:
    return group(
        global_variables_initializer(),
        resources.initialize_resources(resources.shared_resources()),
    )


def _ready_op() -> Tensor:
    return concat([report_uninitialized_variables(), resources.report_uninitialized_resources()], 0)


def _ready_for_local() -> Tensor:
    return concat(
        [
            report_uninitialized_variables(global_variables()),
            resources.report_uninitialized_resources(resources.shared_resources()),
        ],
        0,
    )


def _saver() -> Any:
    """The saver of the graph, made where there is none."""
    savers = current_graph().get_collection(GraphKeys.SAVERS)
    if len(savers) > 1:
        raise RuntimeError(
            f"More than one item in collection {GraphKeys.SAVERS}: "
            "say which one it is with tf.train.Scaffold(saver=...)"
        )
    if savers:
        return savers[0]
    saver = Saver(sharded=True, allow_empty=True)
    current_graph().add_to_collection(GraphKeys.SAVERS, saver)
    return saver


NAMESPACES = {"train": ["Scaffold"]}
