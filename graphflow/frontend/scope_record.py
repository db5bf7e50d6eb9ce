"""VariableScope: a name for variables, whether they are shared, and defaults for new ones."""

from __future__ import annotations

import enum
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32

__all__ = ["AUTO_REUSE", "VariableScope", "no_regularizer"]


#: arguments of get_variable that a scope gives where the call does not
_DEFAULTS = (
    "regularizer",
    "caching_device",
    "partitioner",
    "custom_getter",
    "use_resource",
    "constraint",
)


class _ReuseMode(enum.Enum):
    AUTO_REUSE = 1


#: get_variable makes what is missing and shares what is there
AUTO_REUSE = _ReuseMode.AUTO_REUSE


def no_regularizer(_: Any) -> None:
    """A regulariser that adds nothing: it hides the one of the scope."""


class VariableScope:
    """A name for variables, whether they are shared, and defaults for new ones."""

    def __init__(
        self,
        reuse: Any,
        name: str = "",
        initializer: Any = None,
        regularizer: Any = None,
        caching_device: Any = None,
        partitioner: Any = None,
        custom_getter: Any = None,
        name_scope: str = "",
        dtype: Any = float32,
        use_resource: bool | None = None,
        constraint: Any = None,
    ) -> None:
        self.name, self._reuse, self._name_scope = name, reuse, name_scope
        self.initializer, self.regularizer, self.caching_device = (
            initializer,
            regularizer,
            caching_device,
        )
        self.partitioner, self.custom_getter, self.dtype = partitioner, custom_getter, dtype
        self.use_resource, self.constraint = use_resource, constraint

    @property
    def original_name_scope(self) -> str:
        return self._name_scope

    @property
    def reuse(self) -> Any:
        return self._reuse

    def reuse_variables(self) -> None:
        """From here to the end of the scope, get_variable shares what is there and makes nothing."""
        self._reuse = True

    def set_initializer(self, initializer: Any) -> None:
        self.initializer = initializer

    def set_dtype(self, dtype: Any) -> None:
        self.dtype = dtype

    def set_use_resource(self, use_resource: bool) -> None:
        self.use_resource = use_resource

    def set_regularizer(self, regularizer: Any) -> None:
        self.regularizer = regularizer

    def set_caching_device(self, caching_device: Any) -> None:
        self.caching_device = caching_device

    def set_partitioner(self, partitioner: Any) -> None:
        self.partitioner = partitioner

    def set_custom_getter(self, custom_getter: Any) -> None:
        self.custom_getter = custom_getter

    def get_collection(self, name: Any) -> list[Any]:
        """The part of a collection whose names lie in this scope."""
        return current_graph().get_collection(name, self.name + "/" if self.name else "")

    def trainable_variables(self) -> list[Any]:
        return self.get_collection(GraphKeys.TRAINABLE_VARIABLES)

    def global_variables(self) -> list[Any]:
        return self.get_collection(GraphKeys.GLOBAL_VARIABLES)

    def local_variables(self) -> list[Any]:
        return self.get_collection(GraphKeys.LOCAL_VARIABLES)

    def get_variable(
        self,
        var_store: Any,
        name: str,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        reuse: Any = None,
        **options: Any,
    ) -> Any:
        """The variable of this name in this scope: an existing one or a new one, as `reuse` says."""
        full_name = f"{self.name}/{name}" if self.name else name
        return self._fetched(var_store, full_name, shape, dtype, initializer, reuse, options)

    def _get_partitioned_variable(
        self,
        var_store: Any,
        name: str | None,
        shape: Any = None,
        dtype: Any = None,
        initializer: Any = None,
        **options: Any,
    ) -> Any:
        """A variable in parts; no custom getter may come between."""
        if self.custom_getter is not None:
            raise ValueError(
                "Private access to _get_partitioned_variable is not allowed when a custom getter is set.  "
                f"Current custom getter: {self.custom_getter}. Use get_variable with a partitioner instead."
            )
        if options.get("partitioner") is None and self.partitioner is None:
            raise ValueError("No partitioner was specified")
        full_name = "/".join(n for n in (self.name, name) if n)
        return self._fetched(var_store, full_name, shape, dtype, initializer, None, options)

    def _fetched(
        self,
        var_store: Any,
        full_name: str,
        shape: Any,
        dtype: Any,
        initializer: Any,
        reuse: Any,
        options: dict[str, Any],
    ) -> Any:
        """What the store has or makes, asked with the defaults of this scope."""
        for key in _DEFAULTS:
            if options.get(key) is None:
                options[key] = getattr(self, key)
        # the names of variables depend on variable scopes alone
        with current_graph().name_scope(None):
            if dtype is not None and initializer is not None and not callable(initializer):
                given = convert(initializer).dtype.base_dtype
                if given != dtype:
                    raise ValueError(
                        f"Initializer type '{given}' and explicit dtype '{dtype}' don't match."
                    )
            return var_store.get_variable(
                full_name,
                shape=shape,
                dtype=self.dtype if dtype is None else dtype,
                initializer=self.initializer if initializer is None else initializer,
                reuse=self.reuse if reuse is None else reuse,
                **options,
            )
