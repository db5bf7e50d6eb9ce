"""`import tensorflow` as another way to say `import graphflow`: for programs that are to stay as they are.

Nothing of this happens unless somebody asks for it: `install_as_tensorflow()`, or `python -m graphflow script.py`.
"""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.machinery
import sys
from collections.abc import Sequence
from types import ModuleType

_ALIAS = "tensorflow"
_OWN = "graphflow"


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds tensorflow.x.y as graphflow.x.y."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if not fullname.startswith(_ALIAS + "."):
            return None
        # whatever graphflow does not have under that name, no other package shall give
        return importlib.machinery.ModuleSpec(fullname, self, is_package=True)

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        name = module.__name__
        try:
            found = importlib.import_module(_OWN + name.removeprefix(_ALIAS))
        except ModuleNotFoundError as error:
            raise ModuleNotFoundError(
                f"No module named {name!r}: graphflow, which runs this program, has none", name=name
            ) from error
        # the import system takes the module that it finds here for the one it asked for
        sys.modules[name] = found


def install_as_tensorflow() -> None:
    """Let `import tensorflow` and the imports of its modules give graphflow, in this process."""
    own, existing = importlib.import_module(_OWN), sys.modules.get(_ALIAS)
    if existing is not None and existing is not own:
        raise ImportError("tensorflow itself has been imported already: it cannot be graphflow too")
    sys.modules[_ALIAS] = own
    if not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.insert(0, _Finder())
