"""The file `checkpoint`: TensorFlow's text, read and written."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format
from hypothesis import given
from hypothesis import strategies as st

from graphflow.io import checkpoint_state, protos
from graphflow.io.bundle_writer import BundleWriter
from graphflow.io.checkpoint_state import CheckpointState, make_state, parse


def test_recorded_states(recorded: Any) -> None:
    assert len(recorded.expected["states"]) == 5
    for folder, latest, every, times, last, text in recorded.expected["states"]:
        state = make_state(folder, latest, every, times or (), last or 0.0)
        assert str(state) == text
        assert parse(text) == state


floats = st.floats(allow_nan=False, allow_infinity=False)


@given(
    st.builds(
        CheckpointState,
        st.text(),
        st.lists(st.text(), max_size=3),
        st.lists(floats, max_size=3),
        floats.filter(bool),
    )
)
def test_the_text_is_that_of_a_message(state: CheckpointState) -> None:
    message = protos.CheckpointState(**vars(state))
    assert text_format.Parse(str(state), protos.CheckpointState()) == message
    assert parse(str(state)) == state
    assert parse(text_format.MessageToString(message, as_utf8=False)) == state
    assert parse(text_format.MessageToString(message, as_one_line=True)) == state


def test_other_ways_to_write_it() -> None:
    state = parse(
        "# made by hand\nmodel_checkpoint_path: 'a' \"b\\303\\251\\x41\\n\" ;"
        "all_model_checkpoint_paths: [\"x\", 'y'], last_preserved_timestamp: 1e3f"
    )
    assert state == CheckpointState("ab\u00e9A\n", ["x", "y"], [], 1000.0)
    assert parse("model_checkpoint_path: 'a' model_checkpoint_path: 'b'") == CheckpointState("b")
    assert parse("") == CheckpointState()


@pytest.mark.parametrize(
    "text",
    [
        "bogus: 3",
        "model_checkpoint_path",
        "model_checkpoint_path:",
        "model_checkpoint_path 'a'",
        "model_checkpoint_path: 3",
        "model_checkpoint_path: 'a",
        "model_checkpoint_path: 'a\n'",
        "model_checkpoint_path: '\\q'",
        "model_checkpoint_path: ['a']",
        "all_model_checkpoint_paths: ['a' 'b'",
        "all_model_checkpoint_paths: ['a',",
        "all_model_checkpoint_paths: [",
        "all_model_checkpoint_timestamps: 'a'",
        "last_preserved_timestamp: x",
        "__class__: 'a'",
        "\x00",
    ],
)
def test_text_that_is_no_state(text: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse(text)
    (tmp_path / "checkpoint").write_text(text, newline="")
    with caplog.at_level(logging.WARNING):
        assert checkpoint_state.read(tmp_path) is None
        assert checkpoint_state.latest_checkpoint(tmp_path) is None
    assert "ignored" in caplog.text


def test_a_state_that_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "checkpoint").write_text("all_model_checkpoint_paths: 'a'")
    with pytest.raises(ValueError, match="Invalid checkpoint state loaded from"):
        checkpoint_state.read(tmp_path)


def test_relative_paths_are_joined_and_absolute_ones_kept(tmp_path: Path) -> None:
    assert checkpoint_state.read(tmp_path) is None
    state = make_state(
        tmp_path, f"{tmp_path}/m-2", [f"{tmp_path}/m-1", "/other/m-0"], relative=True
    )
    assert state.model_checkpoint_path == "m-2"
    elsewhere = os.path.relpath("/other/m-0", tmp_path)
    assert state.all_model_checkpoint_paths == ["m-1", elsewhere, "m-2"]
    checkpoint_state.write(tmp_path, state)
    read = checkpoint_state.read(tmp_path)
    assert read is not None
    assert read.model_checkpoint_path == f"{tmp_path}/m-2"
    checkpoint_state.write(tmp_path, CheckpointState("/absolute/m"), "other_name")
    read = checkpoint_state.read(tmp_path, "other_name")
    assert read is not None
    assert read.model_checkpoint_path == "/absolute/m"


def test_timestamps_must_match() -> None:
    with pytest.raises(ValueError, match="Checkpoint timestamps, if provided, must match"):
        make_state("/d", "/d/a", ["/d/a"], [1.0, 2.0])


def test_latest_checkpoint(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    prefix = tmp_path / "m.ckpt-3"
    checkpoint_state.write(tmp_path, make_state(tmp_path, str(prefix)))
    assert checkpoint_state.latest_checkpoint(tmp_path) is None
    assert "Couldn't match files for checkpoint" in caplog.text
    with BundleWriter(prefix) as writer:
        writer.add("v", 1.0)
    assert checkpoint_state.latest_checkpoint(str(tmp_path)) == str(prefix)
    # the first format: a file of that very name, or a pattern
    (tmp_path / "old").write_bytes(b"")
    checkpoint_state.write(tmp_path, CheckpointState(str(tmp_path / "old")))
    assert checkpoint_state.latest_checkpoint(tmp_path) == str(tmp_path / "old")
    (tmp_path / "s-00000-of-00001").write_bytes(b"")
    checkpoint_state.write(tmp_path, CheckpointState(str(tmp_path / "s-?????-of-00001")))
    assert checkpoint_state.latest_checkpoint(tmp_path) == str(tmp_path / "s-?????-of-00001")


@given(st.text(alphabet="m_:'\"\\x0[],;# \n1e", max_size=30))
def test_no_text_does_harm(text: str) -> None:
    try:
        state = parse(text)
    except ValueError:
        return
    assert isinstance(state, CheckpointState)
