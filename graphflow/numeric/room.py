"""Whether an array fits into memory, asked first: systems lend more than there is, and kill who uses it."""

from __future__ import annotations

import math
import os
from collections.abc import Iterable
from pathlib import Path

#: arrays of fewer bytes are not asked about
SMALL = 1 << 28


def available() -> int | None:
    """The bytes of memory that are free for use, or None where the system does not say."""
    try:
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def check_room(sizes: Iterable[int], itemsize: int) -> None:
    """MemoryError where an array of these sizes would not fit."""
    shape = [int(s) for s in sizes]
    wanted = math.prod(shape) * itemsize
    if wanted < SMALL:
        return
    free = available()
    if free is not None and wanted > free:
        raise MemoryError(
            f"OOM when allocating tensor with shape{shape}: it takes {wanted} bytes of memory, "
            f"{free} are free"
        )
