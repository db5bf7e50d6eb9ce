"""device_lib.list_local_devices: the devices of this process."""

from __future__ import annotations

from typing import Any

from graphflow.io import protos

#: what TensorFlow says of a CPU when nobody has set a limit
_MEMORY_LIMIT = 1 << 28


def list_local_devices(session_config: Any = None) -> list[Any]:
    """A DeviceAttributes for each device that runs can be placed on."""
    return [
        protos.DeviceAttributes(
            name="/device:CPU:0", device_type="CPU", memory_limit=_MEMORY_LIMIT, incarnation=1
        )
    ]


NAMESPACES = {"python.client.device_lib": ["list_local_devices"]}
