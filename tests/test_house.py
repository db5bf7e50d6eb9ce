"""The house rules a machine can check: where files lie, how long they are, what they are called."""

from __future__ import annotations

import itertools
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CODE = ("graphflow", "kernels", "tools")
FOLDERS = {*CODE, "examples", "tests"}
FILES = {"LICENSE", "README.md", "pyproject.toml"}
CEILING = 400
# A name must say what is inside; TensorFlow chose those below these two.
EMPTY_NAMES = {"common", "helper", "helpers", "misc", "util", "utils"}
GIVEN_NAMES = {"contrib", "python"}


def modules(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def is_excused(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return any(line.startswith("# long: ") for line in itertools.islice(file, 20))


def test_no_file_is_long_without_a_reason() -> None:
    lengths = {path: len(path.read_bytes().splitlines()) for path in modules(*CODE)}
    assert lengths
    long = {
        relative(path): length
        for path, length in lengths.items()
        if length > CEILING and not is_excused(path)
    }
    assert not long, "split them at a seam, or say why not in a line `# long: reason` near the top"


def test_names_say_what_is_inside() -> None:
    empty = [
        relative(path)
        for path in modules(*FOLDERS)
        for inside in [path.relative_to(ROOT)]
        if EMPTY_NAMES & {*inside.parts[:-1], inside.stem} and not GIVEN_NAMES & set(inside.parts)
    ]
    assert not empty


def test_every_room_can_be_imported() -> None:
    homes = [ROOT / "graphflow", ROOT / "kernels/graphflow_kernels", ROOT / "tools/graphflow_tools"]
    folders = {path.parent for home in homes for path in home.rglob("*.py")}
    assert not [relative(folder) for folder in folders if not (folder / "__init__.py").exists()]


def test_the_top_level_holds_few_things() -> None:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is no git checkout, and what lies about in it may be the user's own")
    tracked = subprocess.run(
        [git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    tops = {name.split("/")[0] for name in tracked.split("\0") if name}
    assert {top for top in tops if not top.startswith(".")} <= FOLDERS | FILES


@pytest.mark.parametrize("folder", sorted(FOLDERS))
def test_each_folder_introduces_itself(folder: str) -> None:
    assert (ROOT / folder / "README.md").exists()
