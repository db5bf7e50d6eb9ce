"""What every test starts from."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import hypothesis
import pytest

import graphflow

GOLDEN = Path(__file__).parent / "golden"

# A first call compiles: time per example says nothing about the code under test.
hypothesis.settings.register_profile("graphflow", deadline=None, print_blob=True)
hypothesis.settings.load_profile("graphflow")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="rewrite golden files from what the code does"
    )


@pytest.fixture
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture
def golden(update_golden: bool) -> Callable[[str, str], None]:
    """Compare a text with the file `tests/golden/<name>`, or rewrite that file when asked to."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if update_golden:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert path.exists(), f"{path} is missing: `python3 tools/dev.py golden` writes it"
        assert text == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(autouse=True)
def fresh_default_graph() -> None:
    """No test sees what another left in the default graph."""
    reset = getattr(graphflow, "reset_default_graph", None)
    if reset is not None:
        reset()
