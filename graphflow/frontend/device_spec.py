"""`tf.DeviceSpec`: the parts of a device's name, each of them given or left open."""

from __future__ import annotations

from typing import Any

from graphflow.ir.device import device_parts, merged

__all__ = ["DeviceSpec"]

_FIELDS = ("job", "replica", "task", "device_type", "device_index")


def _parsed(name: str) -> dict[str, Any]:
    parts: dict[str, Any] = device_parts(name)
    kind, _, index = parts.pop("device", "").partition(":")
    found = {k: v if k == "job" else int(v) for k, v in parts.items()}
    if kind and kind != "*":
        found["device_type"] = kind
    if index and index != "*":
        found["device_index"] = int(index)
    return found


class DeviceSpec:
    """Where a node shall run: job, replica, task, and the device there."""

    def __init__(
        self,
        job: str | None = None,
        replica: int | None = None,
        task: int | None = None,
        device_type: str | None = None,
        device_index: int | None = None,
    ) -> None:
        self.job, self.replica, self.task = job, replica, task
        kind = None if device_type is None else device_type
        self.device_type = kind.upper() if kind in ("cpu", "gpu") else kind
        self.device_index = device_index

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        return cls(**_parsed(spec))

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """Take over all parts from `spec`; what it leaves open is open."""
        self.__init__(**_parsed(spec))  # type: ignore[misc]  # the same fields, set anew
        return self

    def to_string(self) -> str:
        given = {f: getattr(self, f) for f in ("job", "replica", "task")}
        text = "".join(f"/{k}:{v}" for k, v in given.items() if v is not None)
        if self.device_type is not None:
            index = "*" if self.device_index is None else self.device_index
            text += f"/device:{self.device_type}:{index}"
        return text

    def merge_from(self, dev: DeviceSpec) -> None:
        """Let `dev` go before in every part that it gives."""
        self.parse_from_string(merged([self.to_string(), dev.to_string()]))

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        return type(self).from_string(merged([self.to_string(), dev.to_string()]))

    def replace(self, **parts: Any) -> DeviceSpec:
        return type(self)(**{f: getattr(self, f) for f in _FIELDS} | parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self.to_string() == other.to_string()

    def __hash__(self) -> int:
        return hash(self.to_string())

    def __repr__(self) -> str:
        given = {f: getattr(self, f) for f in _FIELDS}
        inside = ", ".join(f"{k}={v!r}" for k, v in given.items() if v is not None)
        return f"DeviceSpec({inside})"
