"""Every public name of TensorFlow 1.15.5 exists; what graphflow does not have says so when it is called."""

from __future__ import annotations

import functools
from typing import Any

import pytest

import graphflow as tf
from graphflow.public.face import names_of_tensorflow


def found(name: str) -> Any:
    return functools.reduce(getattr, name.split("."), tf)


def test_every_name_exists() -> None:
    absent = []
    for name in sorted(names_of_tensorflow()):
        try:
            found(name)
        except AttributeError as error:
            absent.append(f"{name}: {error}")
    assert len(names_of_tensorflow()) > 6000
    assert absent == []


@pytest.mark.parametrize(
    "name", ["keras.layers.GRU", "raw_ops.BarrierClose", "config.optimizer.get_jit"]
)
def test_a_missing_name_fails_when_it_is_called(name: str) -> None:
    missing = found(name)
    with pytest.raises(NotImplementedError) as caught:
        missing()
    assert str(caught.value) == (
        f"tf.{name} is a name of TensorFlow 1.15 that graphflow does not have. "
        "It failed here because it was called; naming it is harmless."
    )
