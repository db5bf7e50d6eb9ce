"""python -m graphflow script.py ...: runs a TensorFlow-1 program as it is, on graphflow."""

from __future__ import annotations

import argparse
import runpy
import sys
from pathlib import Path

import graphflow
from graphflow.public.alias import install_as_tensorflow

USAGE = "python -m graphflow [-h] [--version] (SCRIPT | -m MODULE) [ARGUMENT ...]"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graphflow",
        usage=USAGE,
        description="Run a TensorFlow-1 program on graphflow. Inside it `import tensorflow` gives graphflow; "
        "the program itself stays as it is.",
        allow_abbrev=False,
    )
    parser.add_argument("script", metavar="SCRIPT", nargs="?", help="the program: a Python file")
    parser.add_argument("-m", metavar="MODULE", dest="module", help="the program: a module")
    parser.add_argument(
        "--version",
        action="version",
        version=f"graphflow, which serves programs for TensorFlow {graphflow.__version__}",
    )
    parser.add_argument(
        "arguments", metavar="ARGUMENT", nargs="*", help="what the program finds in sys.argv"
    )
    return parser


def _split(argv: list[str]) -> tuple[list[str], list[str]]:
    """What is meant for us, up to the program's name, and what is meant for the program."""
    for i, word in enumerate(argv):
        if word == "-m":
            return argv[: i + 2], argv[i + 2 :]
        if not word.startswith("-"):
            return argv[: i + 1], argv[i + 1 :]
    return argv, []


def main(argv: list[str] | None = None) -> int:
    """Run the program; its exit status is the process's."""
    ours, arguments = _split(sys.argv[1:] if argv is None else argv)
    parser = _parser()
    chosen = parser.parse_args(ours)
    if not chosen.script and not chosen.module:
        parser.print_usage(sys.stderr)
        sys.stderr.write("python -m graphflow: which program?\n")
        return 2
    install_as_tensorflow()
    if chosen.module:
        sys.path[0] = str(Path.cwd())
        sys.argv = [chosen.module, *arguments]
        runpy.run_module(chosen.module, run_name="__main__", alter_sys=True)
        return 0
    script = Path(chosen.script)
    if not script.is_file():
        sys.stderr.write(f"python -m graphflow: there is no file {chosen.script}\n")
        return 2
    # as `python script.py` would: the program's folder first, its own words in sys.argv
    sys.path[0] = str(script.resolve().parent)
    sys.argv = [chosen.script, *arguments]
    runpy.run_path(str(script), run_name="__main__")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
