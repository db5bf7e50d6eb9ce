"""Writes graphflow/public/table.py: which module each public name lives in, from what the modules declare.

python -m graphflow_tools.public_table            rewrites the table
python -m graphflow_tools.public_table --check    says whether it is up to date
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

import graphflow.contrib
import graphflow.frontend
import graphflow.public

_HEAD = '''"""Which module each public name lives in. Written by `python -m graphflow_tools.public_table`: do not edit."""

# long: a table with a row for every public name
# ruff: noqa: E501

from __future__ import annotations

#: module -> {name under tf.: name in the module}
HOMES: dict[str, dict[str, str]] = {
'''


def declared() -> dict[str, dict[str, str]]:
    """module -> {public name: attribute}, from `__all__` and `NAMESPACES` of every frontend module."""
    homes: dict[str, dict[str, str]] = {}
    owners: dict[str, str] = {}
    modules = [
        m.name for m in pkgutil.walk_packages(graphflow.frontend.__path__, "graphflow.frontend.")
    ]
    modules += [
        m.name for m in pkgutil.walk_packages(graphflow.contrib.__path__, "graphflow.contrib.")
    ]
    for name in sorted([*modules, "graphflow.session"]):
        try:
            module = importlib.import_module(name)
        except ImportError as error:
            print(f"left out: {name} cannot be imported: {error}", file=sys.stderr)
            continue
        names = {n: n for n in getattr(module, "__all__", ())}
        for space, members in getattr(module, "NAMESPACES", {}).items():
            pairs = members.items() if isinstance(members, dict) else ((m, m) for m in members)
            names |= {f"{space}.{public}": attribute for public, attribute in pairs}
        for public, attribute in names.items():
            if not hasattr(module, attribute):
                raise SystemExit(f"{name} declares {public!r} but has no {attribute!r}")
            other = owners.setdefault(public, name)
            same = getattr(
                importlib.import_module(other), homes.get(other, {}).get(public, attribute), None
            )
            if other != name:
                if same is not getattr(module, attribute):
                    print(f"{public!r} is declared twice: {other}, {name}", file=sys.stderr)
                continue
            homes.setdefault(name, {})[public] = attribute
    return homes


def table_text() -> str:
    """The text of the table."""
    lines = [_HEAD]
    for module, names in sorted(declared().items()):
        lines.append(f'    "{module}": {{\n')
        lines.extend(f'        "{public}": "{names[public]}",\n' for public in sorted(names))
        lines.append("    },\n")
    lines.append("}\n")
    return "".join(lines)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--check", action="store_true", help="only say whether the table is up to date"
    )
    arguments = parser.parse_args(argv)
    path = Path(graphflow.public.__file__).with_name("table.py")
    text = table_text()
    current = path.read_text(encoding="utf-8") if path.exists() else ""
    if arguments.check:
        print("the table is up to date" if text == current else "the table is out of date")
        return int(text != current)
    path.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
