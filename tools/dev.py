#!/usr/bin/env python3
"""Everything a contributor runs: ``python3 tools/dev.py --help``.

It needs nothing but Python: the first call makes ``.venv`` and installs graphflow there in editable
form; later calls do so again only when the dependencies or the interpreter changed.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

try:
    import tomllib  # new in 3.11, and so a test of the Python that runs this
except ModuleNotFoundError:
    sys.exit(
        f"dev: graphflow needs Python 3.11 to 3.14; {sys.executable} is {sys.version.split()[0]}"
    )
try:
    import fcntl
except ModuleNotFoundError:  # Windows: there two first calls at the same moment are on their own
    fcntl = None  # type: ignore[assignment]  # a missing module has no better stand-in

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
STAMP = VENV / "graphflow-dev.json"
EXTRAS = "check,test"


# ---- the environment ----


def interpreter() -> str:
    """What a virtual environment is bound to: one Python, and the place of the checkout."""
    return f"{sys.version} at {sys.base_prefix} for {ROOT}"


def project_digest(project: dict[str, object]) -> str:
    """A digest of those parts of pyproject.toml that decide what gets installed."""
    parts = {key: project.get(key) for key in ("build-system", "project")}
    parts["hatch"] = project.get("tool", {}).get("hatch")  # type: ignore[attr-defined]  # TOML's tool is a table
    text = json.dumps([EXTRAS, parts], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def read_stamp() -> dict[str, str]:
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Keep two calls from installing into one environment at once."""
    with (ROOT / "pyproject.toml").open("rb") as door:
        if fcntl is not None:
            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print("dev: waiting for another call that sets up .venv ...", flush=True)
                fcntl.flock(door, fcntl.LOCK_EX)
        yield


def run_step(doing: str, command: list[str], hint: str) -> None:
    """Run a set-up command behind one line of progress; show its output only if it fails."""
    started = time.monotonic()
    live = sys.stdout.isatty()
    print(f"dev: {doing} ...", flush=True)
    said = []
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        for line in process.stdout or ():
            said.append(line)
            if live:
                print(f"\r\x1b[K     {line.strip()[:70]}", end="", flush=True)
    if live:
        print("\r\x1b[K", end="")
    if process.returncode:
        sys.exit(f"{''.join(said)}\ndev: failed while {doing}. {hint}")
    print(f"dev: done in {time.monotonic() - started:.0f} s", flush=True)


def ensure_environment() -> None:
    """Make or refresh `.venv` if anything it was made from has changed."""
    with one_at_a_time():
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
        wanted = {"interpreter": interpreter(), "project": project_digest(project)}
        stamp = read_stamp()
        if stamp == wanted and Path(PYTHON).exists():
            return
        if stamp.get("interpreter") != wanted["interpreter"] or not Path(PYTHON).exists():
            make_venv(owned=bool(stamp))
        run_step(
            f"installing graphflow[{EXTRAS}] into .venv (a minute or so)",
            [PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--progress-bar=off",
             "--editable", f".[{EXTRAS}]"],
            "Is the package index within reach? Then run the same command again.",
        )  # fmt: skip
        STAMP.write_text(json.dumps(wanted))


def make_venv(*, owned: bool) -> None:
    if VENV.exists():
        if not owned:
            sys.exit(f"dev: {VENV} was not made by tools/dev.py; move it away and try again.")
        shutil.rmtree(VENV)
    VENV.mkdir()
    # Before venv starts: an interrupted set-up must still be known as ours.
    STAMP.write_text(json.dumps({"interpreter": interpreter()}))
    run_step(
        f"making .venv with Python {sys.version.split()[0]}",
        [sys.executable, "-m", "venv", str(VENV)],
        "Does this Python have its venv module? (Debian and Ubuntu: apt install python3-venv)",
    )


# ---- the commands ----

CHECKS = {
    "ruff check": [PYTHON, "-m", "ruff", "check", "--quiet", "--output-format=concise", "."],
    "ruff format": [PYTHON, "-m", "ruff", "format", "--check", "--output-format=concise", "."],
    "mypy": [PYTHON, "-m", "mypy"],
    "lint-imports": [str(BIN / "lint-imports"), "--no-logo"],
}


def check(_rest: list[str]) -> int:
    """lint, format, types and floors; all of them, then fail if any failed"""
    failed = False
    for name, command in CHECKS.items():
        started = time.monotonic()
        print(f"{name:<14}", end="", flush=True)
        result = subprocess.run(
            command, cwd=ROOT, capture_output=True, encoding="utf-8", errors="replace", check=False
        )
        verdict = "FAILED" if result.returncode else "ok"
        print(f"{verdict:<8}{time.monotonic() - started:5.1f} s", flush=True)
        if result.returncode:
            failed = True
            print(result.stdout + result.stderr, flush=True)
    return int(failed)


def cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def pytest(arguments: list[str]) -> int:
    # loadfile: what a test file compiles once, one worker keeps.
    spread = ["-n", str(cores()), "--dist", "loadfile"]
    return subprocess.call([PYTHON, "-m", "pytest", *spread, *arguments], cwd=ROOT)


def names_a_path(argument: str) -> bool:
    return not argument.startswith("-") and (ROOT / argument.split("::")[0]).exists()


def test(rest: list[str]) -> int:
    """the checks, then pytest on all cores; with a path, pytest alone"""
    checked = 0 if any(map(names_a_path, rest)) else check([])
    return pytest(rest) or checked


def golden(rest: list[str]) -> int:
    """rewrite the golden files from what the code does now; read the diff after"""
    return pytest(["--update-golden", *rest])


def demo(rest: list[str]) -> int:
    """train a small convnet on handwritten digits and show what the compiler made of it"""
    return subprocess.call([PYTHON, "-m", "graphflow_tools.demo", *rest], cwd=ROOT)


def bench(rest: list[str]) -> int:
    """measure the benchmark workloads"""
    return subprocess.call([PYTHON, "-m", "graphflow_tools.bench", *rest], cwd=ROOT)


class Command(NamedTuple):
    run: Callable[[list[str]], int]
    rest: str
    """What the words after the command are; empty if it takes none."""


COMMANDS = {
    "demo": Command(demo, "passed on to the demo"),
    "test": Command(test, "passed on to pytest, such as: tests/ir -k name -x"),
    "check": Command(check, ""),
    "bench": Command(bench, "passed on to the benchmarks"),
    "golden": Command(golden, "passed on to pytest, such as: tests/passes"),
}


def arguments_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="dev.py",
        description="Set up, show, test, check and measure graphflow.",
        epilog="Needs Python 3.11 to 3.14 and nothing else: the first command makes .venv.",
    )
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, command in COMMANDS.items():
        about = command.run.__doc__
        sub = commands.add_parser(name, help=about, description=about)
        if command.rest:
            sub.add_argument("words", nargs="*", help=command.rest)
    return parser


def main(words: list[str]) -> int:
    # argparse reads the command only: what follows belongs to pytest and its like, dashes and all.
    rest = words[1:]
    asks_help = bool(rest) and rest[0] in ("-h", "--help")
    parser = arguments_parser()
    name = parser.parse_args(words[:2] if asks_help else words[:1]).command
    command = COMMANDS[name]
    if rest and not command.rest:
        parser.error(f"{name} takes no arguments: {' '.join(rest)}")
    ensure_environment()
    return command.run(rest)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
