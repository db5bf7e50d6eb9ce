"""Flags: definitions, command lines, and the spellings that scripts of old use."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from graphflow.frontend.platform import flags


@pytest.fixture
def values() -> flags.FlagValues:
    return flags.FlagValues()


def test_kinds(values: flags.FlagValues) -> None:
    flags.DEFINE_string("name", "x", "help", values)
    flags.DEFINE_integer("count", 3, "help", flag_values=values)
    flags.DEFINE_float("rate", 0.5, "help", flag_values=values)
    flags.DEFINE_boolean("fast", False, "help", values)
    flags.DEFINE_list("parts", "a,b", "help", values)
    flags.DEFINE_enum("mode", "train", ["train", "test"], "help", values)
    flags.DEFINE_multi_integer("layer", [1], "help", values)
    line = "prog --name=y -count 0x10 --rate 1e-3 --fast pos --parts=c,d --mode=test --layer=4 --layer 5 -- --name=z"
    rest = values(line.split())
    assert rest == ["prog", "pos", "--name=z"]
    assert values.flag_values_dict() == {
        "name": "y",
        "count": 16,
        "rate": 0.001,
        "fast": True,
        "parts": ["c", "d"],
        "mode": "test",
        "layer": [4, 5],
    }
    values(["prog", "--nofast"])
    assert values.fast is False


@pytest.mark.parametrize(
    ("argument", "error"),
    [
        ("--count=many", flags.IllegalFlagValueError),
        ("--count=9", flags.IllegalFlagValueError),
        ("--cuont=1", flags.UnrecognizedFlagError),
        ("--fast=perhaps", flags.IllegalFlagValueError),
        ("--count", flags.Error),
    ],
)
def test_bad_lines(values: flags.FlagValues, argument: str, error: type[Exception]) -> None:
    flags.DEFINE_integer("count", 3, "help", upper_bound=8, flag_values=values)
    flags.DEFINE_bool("fast", False, "help", values)
    with pytest.raises(error) as info:
        values(["prog", argument])
    if "cuont" in argument:
        assert "did you mean 'count'" in str(info.value)


def test_rules(values: flags.FlagValues) -> None:
    flags.DEFINE_string("out", None, "help", values)
    with pytest.raises(flags.DuplicateFlagError):
        flags.DEFINE_string("out", None, "help", values)
    flags.mark_flag_as_required("out", values)
    with pytest.raises(flags.ValidationError, match="must have a value"):
        values(["prog"])
    values(["prog", "--out=x"])
    flags.register_validator("out", lambda v: v != "bad", flag_values=values)
    with pytest.raises(flags.ValidationError):
        values.out = "bad"
    with pytest.raises(AttributeError):
        _ = values.nothing


def run(script: str, *arguments: str) -> Any:
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_program_reads_flags_late_and_main_gets_the_rest() -> None:
    script = """
import graphflow as tf
FLAGS = tf.app.flags.FLAGS
tf.app.flags.DEFINE_integer("n", 1, "how many")
def main(argv):
    print(FLAGS.n, argv[1:], sorted(FLAGS.__flags))
    return 3
if __name__ == "__main__":
    tf.app.run()
"""
    done = run(script, "--n=5", "data", "--other=1")
    assert done.stdout.split("\n")[0] == "5 ['data', '--other=1'] ['n']"
    assert done.returncode == 3
    assert "--n: how many" in run(script, "--help").stdout
    assert "IllegalFlag" not in run(script, "--n=x").stdout
    assert run(script, "--n=x").returncode == 1
