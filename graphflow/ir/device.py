"""Device names: "/job:worker/task:0/gpu:1" and its kin, in one spelling."""

from __future__ import annotations

from collections.abc import Iterable


def device_parts(name: str) -> dict[str, str]:
    """{'job': 'worker', 'device': 'GPU:0'} of "/job:worker/gpu:0"."""
    parts: dict[str, str] = {}
    for piece in filter(None, name.split("/")):
        key, _, value = piece.partition(":")
        if key in ("job", "replica", "task"):
            parts[key] = value
        elif key == "device":
            parts["device"] = (
                value.upper() if value.split(":")[0].lower() in ("cpu", "gpu") else value
            )
        elif key.lower() in ("cpu", "gpu"):
            parts["device"] = f"{key.upper()}:{value or '0'}"
        else:
            raise ValueError(f"Unknown attribute: {key!r} in the device {name!r}")
    return parts


def merged(names: Iterable[str]) -> str:
    """The device that nested blocks name together: an inner name adds to an outer one, or overrides it."""
    parts: dict[str, str] = {}
    for name in names:
        parts |= device_parts(name)
    return "".join(f"/{k}:{parts[k]}" for k in ("job", "replica", "task", "device") if k in parts)
