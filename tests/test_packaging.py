"""The wheel: three packages and nothing else, complete, and importable on its own."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOMES = {
    "graphflow": ROOT,
    "graphflow_kernels": ROOT / "kernels",
    "graphflow_tools": ROOT / "tools",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder)]
    built = subprocess.run(
        [*command, str(ROOT)], capture_output=True, text=True, check=False, cwd=folder
    )
    assert built.returncode == 0, built.stdout + built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def members(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_top_level_names(members: set[str]) -> None:
    tops = {name.split("/")[0] for name in members}
    # `kernels` and `tools` are folders of the checkout; as import names they are other projects'.
    (dist_info,) = (top for top in tops if top.endswith(".dist-info"))
    assert dist_info.startswith("graphflow_compiler-")
    assert tops - {dist_info} == set(HOMES)


@pytest.mark.parametrize("package", HOMES)
def test_every_module_is_inside(members: set[str], package: str) -> None:
    home = HOMES[package]
    modules = {path.relative_to(home).as_posix() for path in (home / package).rglob("*.py")}
    assert modules
    assert modules <= members
    assert f"{package}/py.typed" in members


def test_the_licence_travels_along(wheel: Path, members: set[str]) -> None:
    (name,) = (member for member in members if member.endswith(".dist-info/licenses/LICENSE"))
    with zipfile.ZipFile(wheel) as archive:
        assert archive.read(name) == (ROOT / "LICENSE").read_bytes()


def test_the_wheel_serves_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        f"import {', '.join(HOMES)}\n"
        f"for module in ({', '.join(HOMES)}):\n"
        "    assert module.__file__.startswith(sys.argv[1]), module.__file__\n"
    )
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("folder", ["kernels", "tools"])
def test_these_folders_are_no_packages(folder: str) -> None:
    assert not (ROOT / folder / "__init__.py").exists()
