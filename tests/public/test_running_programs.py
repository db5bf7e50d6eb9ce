"""`python -m graphflow script.py`: programs that import tensorflow run as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROGRAM = """
import sys
import tensorflow as tf
import tensorflow.contrib.slim as slim
import tensorflow.compat.v1 as tf1
import tensorflow.python.ops.array_ops as array_ops
from tensorflow.python.framework import ops
from tensorflow.contrib.layers.python.layers import batch_norm
from tensorflow.examples.tutorials.mnist import input_data
import beside

try:
    import tensorflow.nothing
except ImportError:
    print("no such module")

tf.app.flags.DEFINE_integer("count", 1, "how many")
FLAGS = tf.app.flags.FLAGS


def main(argv):
    assert ops.Tensor is tf.Tensor and array_ops.reshape is tf.reshape and tf1.Session is tf.Session
    data = tf.data.Dataset.range(FLAGS.count).map(lambda i: i * 2)
    element = data.make_one_shot_iterator().get_next()
    with tf.Session() as session:
        print([int(session.run(element)) for _ in range(FLAGS.count)], argv[1:], beside.NAME)
    sys.exit(3)


if __name__ == "__main__":
    tf.app.run()
"""


def run(*words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.run(
        [sys.executable, "-m", "graphflow", *words],
        cwd=cwd,
        env={"PYTHONPATH": str(root), "PATH": "", "HOME": str(cwd)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_program_runs_unchanged(tmp_path: Path) -> None:
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "program.py").write_text(PROGRAM)
    (folder / "beside.py").write_text("NAME = 'a module beside the program'\n")
    done = run("programs/program.py", "--count=3", "word", "-h", cwd=tmp_path)
    assert "how many" in done.stdout + done.stderr  # the program's own help, not ours
    done = run("programs/program.py", "--count=3", "word", cwd=tmp_path)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "no such module",
        "[0, 2, 4] ['word'] a module beside the program",
    ]
    assert done.returncode == 3


def test_a_module_runs(tmp_path: Path) -> None:
    (tmp_path / "tool.py").write_text(
        "import sys, tensorflow\nprint(sys.argv[1:], tensorflow.__name__)\n"
    )
    done = run("-m", "tool", "-x", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "['-x'] graphflow\n")


def test_no_program(tmp_path: Path) -> None:
    assert run(cwd=tmp_path).returncode == 2
    missing = run("nothing.py", cwd=tmp_path)
    assert missing.returncode == 2
    assert "nothing.py" in missing.stderr
    assert "SCRIPT" in run("--help", cwd=tmp_path).stdout
