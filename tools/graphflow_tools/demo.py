"""The demo: a ConvNet learns to read handwritten digits, in this terminal."""

from __future__ import annotations

import runpy
import shutil
import sys
import time
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).parents[2] / "examples"

NEXT = """\
Where to look next:
  examples/01_hello_graph.py            what a graph is, in 20 lines
  examples/03_convnet_digits.py         what just ran
  examples/04_an_op_of_ones_own.py      a new op in one class
  python3 tools/dev.py test             the checks and the tests
  graphflow/README.md                   the floors of the house"""


class Bar:
    """A progress bar that redraws its line on a terminal and keeps quiet elsewhere."""

    def __init__(self, label: str) -> None:
        self.label, self.start, self.drawn = label, time.perf_counter(), 0.0

    def __call__(self, done: int, total: int, loss: float) -> None:
        now = time.perf_counter()
        if not sys.stdout.isatty() or (done < total and now - self.drawn < 0.05):
            return
        self.drawn = now
        width = max(10, min(40, shutil.get_terminal_size().columns - 50))
        filled = "█" * (width * done // total)
        rest = (now - self.start) / done * (total - done)
        sys.stdout.write(
            f"\r{self.label} {filled:░<{width}} {done:4}/{total}  loss {loss:6.3f}  {rest:4.1f} s left "
        )
        if done == total:
            sys.stdout.write("\n")
        sys.stdout.flush()


def main() -> int:
    path = EXAMPLES / "03_convnet_digits.py"
    if not path.exists():
        print(
            f"the demo runs an example of the source checkout, and {path} is not there",
            file=sys.stderr,
        )
        return 1
    example: dict[str, Any] = runpy.run_path(str(path))
    print(
        "A ConvNet (2 convolutions, 2 pools, 3 dense layers) reads 8 x 8 digits it has never seen.\n"
    )
    start = time.perf_counter()
    accuracy = example["train"](example["convnet"], 40, 0.003, Bar("training"))
    print(
        f"\n{accuracy:.1%} of 397 new digits read right, after {time.perf_counter() - start:.1f} seconds.\n"
    )
    print(NEXT)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
