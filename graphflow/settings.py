"""Every setting of graphflow, each an environment variable, all on this page."""

from __future__ import annotations

import os
from typing import NamedTuple


class Setting(NamedTuple):
    """One environment variable: what it is without one, and what it does."""

    default: str
    meaning: str


SETTINGS: dict[str, Setting] = {
    "GRAPHFLOW_MNIST": Setting(
        "", "'synthetic' makes read_data_sets invent digits where the files of MNIST are not found"
    ),
}


def setting(name: str) -> str:
    """The value of a setting; only names on this page are settings."""
    return os.environ.get(name, SETTINGS[name].default)
