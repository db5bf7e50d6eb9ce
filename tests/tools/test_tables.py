"""The tables that tools print and write are those of the code as it stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from graphflow_tools import bench, op_table, public_table

import graphflow
from graphflow.ir.op import REGISTRY


def test_the_table_of_public_names_is_up_to_date() -> None:
    path = Path(graphflow.public.__file__).with_name("table.py")
    assert path.read_text(encoding="utf-8") == public_table.table_text(), (
        "run `python -m graphflow_tools.public_table`"
    )


def test_every_op_says_what_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    rows = list(op_table.rows())
    assert len(rows) == len(REGISTRY)
    assert [name for name, _, _, meaning in rows if not meaning] == []
    assert op_table.main(["^MatMul$"]) == 0
    assert "MatMul(a:T, b:T -> product:T)  [gradient]" in capsys.readouterr().out
    assert op_table.main(["NoSuchOp"]) == 1


def test_the_benchmark_runs_on_a_small_graph(capsys: pytest.CaptureFixture[str]) -> None:
    assert bench.main(["--nodes", "200", "--rounds", "1"]) == 0
    printed = capsys.readouterr().out
    for stage in ("build", "gradient", "plan", "verify", "parse", "import graphflow"):
        assert stage in printed
