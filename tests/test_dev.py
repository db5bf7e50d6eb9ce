"""tools/dev.py: what it forwards, and when it makes the environment anew."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import dev
import pytest

ROOT = Path(__file__).parent.parent


def run(*words: str) -> subprocess.CompletedProcess[str]:
    # -I -S: the standard library alone, as on a fresh machine.
    command = [sys.executable, "-I", "-S", str(ROOT / "tools/dev.py"), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_help_lists_the_commands() -> None:
    said = run("--help")
    assert said.returncode == 0
    assert all(f"    {name} " in said.stdout for name in dev.COMMANDS)


@pytest.mark.parametrize("name", dev.COMMANDS)
def test_each_command_explains_itself(name: str) -> None:
    said = run(name, "--help")
    assert said.returncode == 0
    about = dev.COMMANDS[name].run.__doc__
    assert about is not None
    assert about.split(";")[0] in " ".join(said.stdout.split())


@pytest.mark.parametrize("words", [(), ("nonsense",), ("check", "more")])
def test_a_wrong_call_is_refused_before_anything_is_installed(words: tuple[str, ...]) -> None:
    said = run(*words)
    assert said.returncode == 2
    assert "usage: dev.py" in said.stderr


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been run: "check", or pytest's arguments."""
    calls: list[list[str]] = []

    def remember(what: list[str], code: int) -> int:
        calls.append(what)
        return code

    monkeypatch.setattr(dev, "ensure_environment", lambda: None)
    monkeypatch.setattr(dev, "check", lambda _rest: remember(["check"], 1))
    monkeypatch.setattr(dev, "pytest", lambda words: remember(words, 0))
    return calls


def test_a_whole_test_run_checks_first_and_fails_with_the_checks(calls: list[list[str]]) -> None:
    assert dev.main(["test", "-x", "-k", "name"]) == 1
    assert calls == [["check"], ["-x", "-k", "name"]]


def test_a_path_is_tested_alone(calls: list[list[str]]) -> None:
    assert dev.main(["test", "-k", "a or b", "tests/test_dev.py::test_x", "--", "-h"]) == 0
    assert calls == [["-k", "a or b", "tests/test_dev.py::test_x", "--", "-h"]]


def test_golden_rewrites(calls: list[list[str]]) -> None:
    assert dev.main(["golden", "tests/passes"]) == 0
    assert calls == [["--update-golden", "tests/passes"]]


BASE: dict[str, Any] = {
    "project": {"dependencies": ["numpy"]},
    "tool": {"ruff": {"line-length": 100}, "hatch": {"build": {}}},
}


@pytest.mark.parametrize(
    ("change", "matters"),
    [
        ({"project": {"dependencies": ["numpy>=2"]}}, True),
        ({"tool": {"hatch": {"build": {"dev-mode-dirs": ["."]}}}}, True),
        ({"build-system": {"requires": ["hatchling"]}}, True),
        ({"tool": {"ruff": {"line-length": 99}, "hatch": {"build": {}}}}, False),
    ],
)
def test_only_what_is_installed_decides(change: dict[str, Any], matters: bool) -> None:
    assert (dev.project_digest(BASE | change) != dev.project_digest(BASE)) == matters


@pytest.mark.parametrize("content", [None, "", "{", "[]", "3", "\udcff"])
def test_a_broken_stamp_is_no_stamp(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | None
) -> None:
    monkeypatch.setattr(dev, "STAMP", tmp_path / "stamp.json")
    if content is not None:
        (tmp_path / "stamp.json").write_bytes(content.encode(errors="surrogateescape"))
    assert dev.read_stamp() == {}


def test_an_environment_of_someone_else_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev, "VENV", tmp_path)
    (tmp_path / "keep").touch()
    with pytest.raises(SystemExit, match="was not made by"):
        dev.make_venv(owned=False)
    assert (tmp_path / "keep").exists()
