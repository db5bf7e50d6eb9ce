"""Things that users may name instead of making them: "zeros", "relu", {"class_name": "L1L2", "config": {"l2": 0.1}}."""

from __future__ import annotations

import inspect
from typing import Any


class ByName:
    """Things of one kind under the names that users may give for them."""

    #: what None stands for, and what is raised for what names nothing
    absent: Any = None
    refusal: type[Exception] = ValueError

    def __init__(self, kind: str, names: dict[str, Any]) -> None:
        self.kind, self.names = kind, names

    def serialize(self, value: Any) -> Any:
        """The class of a thing and the arguments that make an equal one."""
        if value is None:
            return None
        if not hasattr(value, "get_config"):
            return value.__name__
        named = (n for n, made in self.names.items() if made is type(value))
        name = next(named, type(value).__name__)
        return {"class_name": name, "config": value.get_config()}

    def deserialize(self, config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
        """The thing that a name, or what serialize returned, describes."""
        name = config if isinstance(config, str) else config["class_name"]
        known = self.names | (custom_objects or {})
        if name not in known:
            raise ValueError(f"Unknown {self.kind}: {name}")
        return self._made(known[name], {} if isinstance(config, str) else config.get("config", {}))

    def _made(self, found: Any, options: dict[str, Any]) -> Any:
        return found(**options)

    def get(self, identifier: Any) -> Any:
        """The thing that `identifier` is, names or describes."""
        if identifier is None:
            return self.absent
        if isinstance(identifier, str | dict):
            return self.deserialize(identifier)
        if callable(identifier):
            return identifier() if inspect.isclass(identifier) else identifier
        raise self.refusal(f"Could not interpret {self.kind} identifier: {identifier!r}")
