"""Imports point down only: the contracts in pyproject.toml hold, and they would notice a breach."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"][
    "importlinter"
]["contracts"]
ROOMS = {
    room
    for contract in CONTRACTS
    for layer in contract.get("layers", ())
    for room in re.findall(r"[\w.]+", layer)
}
LINT = (
    "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", LINT],
        capture_output=True,
        encoding="utf-8",
        check=False,
        cwd=folder,
    )


def test_the_floors_hold() -> None:
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_every_room_has_a_floor() -> None:
    found = {f"graphflow.{init.parent.name}" for init in ROOT.glob("graphflow/*/__init__.py")}
    homeless = found - ROOMS
    assert not homeless, f"give {sorted(homeless)} a layer in pyproject.toml, [tool.importlinter]"


@pytest.fixture
def dolls_house(tmp_path: Path) -> Path:
    """The same floors, empty: every room, one inner module in each, and a thin public module."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for room in {*ROOMS, "graphflow", "graphflow_kernels"}:
        folder = tmp_path / room.replace(".", "/")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "__init__.py").touch()
        (folder / "inner.py").touch()
    (tmp_path / "graphflow/nn.py").write_text("import graphflow.frontend\n")
    return tmp_path


def write_import(house: Path, importer: str, imported: str) -> None:
    module = house / importer.replace(".", "/") / "inner.py"
    module.write_text(f"import {imported}.inner\n")


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("graphflow.frontend", "graphflow.runtime"),
        ("graphflow.codegen", "graphflow_kernels"),
        ("graphflow.passes", "graphflow.ops"),
        ("graphflow_tools", "graphflow.contrib"),
        ("graphflow.settings", "graphflow.errors"),
    ],
)
def test_down_is_allowed(dolls_house: Path, importer: str, imported: str) -> None:
    write_import(dolls_house, importer, imported)
    result = lint(dolls_house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("importer", "imported"),
    [
        ("graphflow.ir", "graphflow.ops"),
        ("graphflow.ir", "graphflow.numeric"),
        ("graphflow.errors", "graphflow.ir"),
        ("graphflow.passes", "graphflow.autodiff"),
        ("graphflow.runtime", "graphflow.frontend"),
        ("graphflow.frontend", "graphflow_tools"),
        ("graphflow.runtime", "graphflow_kernels"),
        ("graphflow_tools", "graphflow_kernels"),
        ("graphflow_kernels", "graphflow.errors"),
    ],
)
def test_a_breach_is_noticed(dolls_house: Path, importer: str, imported: str) -> None:
    write_import(dolls_house, importer, imported)
    result = lint(dolls_house)
    assert result.returncode == 1
    assert f"{importer}.inner -> {imported}.inner" in result.stdout


def test_a_way_round_by_a_public_module_is_noticed(dolls_house: Path) -> None:
    (dolls_house / "graphflow/ops/inner.py").write_text("import graphflow.nn\n")
    result = lint(dolls_house)
    assert result.returncode == 1
    assert "graphflow.ops.inner -> graphflow.nn" in result.stdout
