"""tf.app.run: parse the flags, call main, exit with what it returns."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, NoReturn

from graphflow.frontend.platform.flag_values import Error
from graphflow.frontend.platform.flags import FLAGS


def run(main: Callable[[Any], Any] | None = None, argv: Any = None) -> NoReturn:
    """Call `main(argv)` with what is left of the command line after the flags; `main` of the script by default."""
    program = main or sys.modules["__main__"].main
    line = list(sys.argv if argv is None else argv)
    if any(item in ("--help", "-h", "--helpfull", "-helpfull") for item in line[1:]):
        sys.stdout.write(f"{sys.modules['__main__'].__doc__ or ''}\nflags:\n{FLAGS.get_help()}\n")
        sys.exit(1)
    try:
        rest = FLAGS(line, known_only=True)
    except Error as error:
        sys.stderr.write(f"FATAL Flags parsing error: {error}\nPass --help to see help on flags.\n")
        sys.exit(1)
    sys.exit(program(rest))


NAMESPACES = {"app": ["run"]}
