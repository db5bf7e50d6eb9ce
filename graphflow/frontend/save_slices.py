"""Which part of a larger variable a variable is: what checkpoints call a slice."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.export_scopes import within_scope, without_scope
from graphflow.io import protos


class SaveSliceInfo:
    """The whole that a variable is a part of, and where in it the part lies."""

    def __init__(
        self,
        full_name: str | None = None,
        full_shape: Any = None,
        var_offset: Any = None,
        var_shape: Any = None,
        save_slice_info_def: Any = None,
        import_scope: str | None = None,
    ) -> None:
        source = save_slice_info_def
        if source is None:
            self.full_name, self.full_shape = full_name, full_shape
            self.var_offset, self.var_shape = var_offset, var_shape
            return
        self.full_name = within_scope(source.full_name, import_scope)
        self.full_shape = list(source.full_shape)
        self.var_offset, self.var_shape = list(source.var_offset), list(source.var_shape)

    @property
    def spec(self) -> str:
        """The sizes of the whole, then offset and size of the part along each axis."""
        sizes = " ".join(str(d) for d in self.full_shape) + " "
        parts = zip(self.var_offset, self.var_shape, strict=True)
        return sizes + ":".join(f"{o},{s}" for o, s in parts)

    def to_proto(self, export_scope: str | None = None) -> Any:
        """A SaveSliceInfoDef, or None outside of the scope."""
        name = str(self.full_name)
        if export_scope is not None and not name.startswith(export_scope):
            return None
        return protos.SaveSliceInfoDef(
            full_name=without_scope(name, export_scope),
            full_shape=self.full_shape,
            var_offset=self.var_offset,
            var_shape=self.var_shape,
        )
