"""What each stage of the front end costs, in microseconds a node, and how long the start takes.

The graph is a chain of additions, products and sines, its gradient included. Times are the best of several
rounds, and the spread is beside them: compare columns of one run, never numbers of two machines.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import graphflow as tf
from graphflow.ir.parse import parse_graph
from graphflow.ir.text import print_graph
from graphflow.ir.verify import verify
from graphflow.schedule.plan import make_plan

#: how the size of the chain makes about this many nodes with its gradient
NODES_A_LINK = 21


def chain(links: int) -> tuple[Any, Any]:
    """x, and a sum over h' = h (1 + c) + sin(h) / 1000 applied `links` times."""
    x = tf.placeholder(tf.float32, [4], name="x")
    h = x
    for i in range(links):
        h = h * (1.0 + 1e-4 * (i % 13)) + tf.sin(h) * 1e-3
    return x, tf.reduce_sum(h)


def rounds(links: int, count: int) -> dict[str, list[tuple[float, int]]]:
    """stage -> (seconds, nodes) of each round."""
    found: dict[str, list[tuple[float, int]]] = {}

    def timed(stage: str, nodes: Callable[[], int], action: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = action()
        found.setdefault(stage, []).append((time.perf_counter() - start, nodes()))
        return result

    for _ in range(count):
        graph = tf.Graph()
        with graph.as_default(), tf.Session(graph=graph) as sess:
            one_round(graph, sess, links, timed)
    return found


def one_round(graph: Any, sess: Any, links: int, timed: Callable[..., Any]) -> None:
    """Every stage once, on a graph of its own."""
    x, y = timed("build", lambda: len(graph.nodes), lambda: chain(links))
    forward = len(graph.nodes)
    (grad,) = timed("gradient", lambda: len(graph.nodes) - forward, lambda: tf.gradients(y, x))
    nodes = len(graph.nodes)
    feed = {x: [1, 2, 3, 4]}
    timed("plan", lambda: nodes, lambda: make_plan([grad], [], [x]))
    sess.run(grad, feed)
    timed("run (reference)", lambda: nodes, lambda: sess.run(grad, feed))
    timed("verify", lambda: nodes, lambda: verify(graph))
    text = timed("print", lambda: nodes, lambda: print_graph(graph))
    timed("parse", lambda: nodes, lambda: parse_graph(text))


def starts(count: int) -> dict[str, list[float]]:
    """Seconds from the start of a process to the end of a line of Python in it."""
    lines = {
        "python alone": "pass",
        "import numpy": "import numpy",
        "import graphflow": "import graphflow",
        "first node": "import graphflow as tf; tf.placeholder(tf.float32)",
        "first run": "import graphflow as tf; tf.Session().run(tf.constant(1.0) + 1.0)",
    }
    found: dict[str, list[float]] = {name: [] for name in lines}
    for _ in range(count):
        for name, line in lines.items():
            start = time.perf_counter()
            subprocess.run([sys.executable, "-c", line], check=True)
            found[name].append(time.perf_counter() - start)
    return found


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--nodes", type=int, default=25_000, help="nodes of the graph, its gradient included"
    )
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args(argv)
    links = max(1, arguments.nodes // NODES_A_LINK)
    print(f"{'stage':18} {'nodes':>7} {'µs a node':>10} {'spread':>12} {'seconds':>8}")
    for stage, times in rounds(links, arguments.rounds).items():
        each = [seconds / nodes * 1e6 for seconds, nodes in times]
        best = min(seconds for seconds, _ in times)
        print(
            f"{stage:18} {times[0][1]:7} {min(each):10.2f} {min(each):5.1f}-{max(each):5.1f} {best:8.2f}"
        )
    print(f"\n{'start of a process':18} {'best ms':>10} {'median ms':>10}")
    for name, seconds in starts(max(3, arguments.rounds)).items():
        print(f"{name:18} {min(seconds) * 1e3:10.0f} {statistics.median(seconds) * 1e3:10.0f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
