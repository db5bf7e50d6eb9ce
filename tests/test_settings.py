"""Settings stand on one page, are in the README, and nothing else is read from the environment."""

from __future__ import annotations

import re
from pathlib import Path

from graphflow.settings import SETTINGS, setting

ROOT = Path(__file__).parents[1]


def test_every_setting_is_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"`(GRAPHFLOW_\w+)`", text)) == set(SETTINGS)
    for name, entry in SETTINGS.items():
        assert setting(name) is not None
        assert entry.meaning


def test_no_other_module_reads_the_environment_for_a_setting() -> None:
    for path in ROOT.glob("graphflow/**/*.py"):
        if path.name != "config.py":
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"environ[^\n]*GRAPHFLOW_", text), path
