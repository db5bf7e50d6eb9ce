"""Every example runs, and prints what it promises."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = sorted((Path(__file__).parents[1] / "examples").glob("[0-9]*.py"))
ROOT = Path(__file__).parents[1]


def run(path: Path, *arguments: str) -> str:
    command = [sys.executable, "-W", "error", str(path), *arguments]
    paths = os.pathsep.join(str(p) for p in (ROOT, ROOT / "kernels", ROOT / "tools"))
    done = subprocess.run(
        command,
        env=os.environ | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_prints_what_it_promises(path: Path) -> None:
    printed = run(path)
    promise = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    wanted = [line.strip() for line in promise.splitlines()[1:] if line.startswith("    ")]
    # spaces aside: numpy pads its numbers
    text = [" ".join(line.split()) for line in printed.splitlines()]
    for line in wanted:
        assert " ".join(line.split()) in text
    if path.stem.startswith("03"):
        rates = [float(line.split(":")[1].split("%")[0]) for line in text]
        assert min(rates) > 85


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
def test_an_example_is_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) < 80


def test_the_readme_trains_its_model(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    program = text.split("```python\n")[1].split("```")[0]
    assert len(program.splitlines()) <= 30
    path = tmp_path / "readme.py"
    path.write_text(program, encoding="utf-8")
    last = run(path).splitlines()[-1]
    assert float(last.split("%")[0]) > 95
