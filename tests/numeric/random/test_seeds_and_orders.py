"""Seeds of ops, and the orders of shuffling queues and datasets, as TensorFlow 1.15.5 makes them."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest

from graphflow.numeric.random import (
    EpochSeeds,
    Stream,
    Words,
    dataset_shuffle,
    get_seed,
    queue_index,
)

DATA = Path(__file__).resolve().parents[2] / "data" / "random"
ORDERS = json.loads((DATA / "orders.json").read_text("utf-8"))
SEEDS = json.loads((DATA / "seeds.json").read_text("utf-8"))


def test_seeds() -> None:
    assert len(SEEDS) == 300
    for arguments, pair in SEEDS:
        assert list(get_seed(*arguments)) == pair, arguments


@pytest.mark.parametrize("record", [r for r in ORDERS if "queue" in r])
def test_queue(record: Any) -> None:
    first, later = record["queue"]
    words, queue, order = Words(Stream(*record["seeds"])), list(range(first)), []
    for number in range(first + later):
        index = queue_index(words, len(queue))
        order.append(queue[index])
        queue[index] = queue[-1]
        queue.pop()
        if number < later:
            queue.append(first + number)
    assert order == record["order"]


def test_an_empty_queue_is_refused() -> None:
    with pytest.raises(ValueError, match="empty queue"):
        queue_index(Words(Stream(1, 2)), 0)


@pytest.mark.parametrize("record", [r for r in ORDERS if "dataset" in r])
def test_dataset(record: Any) -> None:
    size, buffer, epochs = record["size"], record["buffer"], record["epochs"]

    def source() -> Any:
        return iter(range(size))

    if record["dataset"] == "fused":
        order = dataset_shuffle(source, buffer, Words(Stream(*record["seeds"])), epochs)
    else:
        seeds = EpochSeeds(*record["seeds"], reshuffle=record["dataset"] == "reshuffled")
        rounds = itertools.count() if epochs is None else range(epochs)
        order = (
            element
            for _ in rounds
            for element in dataset_shuffle(source, buffer, seeds.next_epoch())
        )
    assert list(itertools.islice(order, record["take"])) == record["order"]


def test_endless_epochs_of_nothing_end() -> None:
    assert list(dataset_shuffle(lambda: iter(()), 3, Words(Stream(1, 2)), None)) == []
    assert list(dataset_shuffle(lambda: iter(()), 3, Words(Stream(1, 2)), 5)) == []
    assert list(dataset_shuffle(lambda: iter("abc"), 3, Words(Stream(1, 2)), 0)) == []


def test_a_huge_buffer_costs_nothing_until_it_is_filled() -> None:
    order = dataset_shuffle(lambda: iter(range(20)), 10**15, Words(Stream(1, 2)))
    assert sorted(order) == list(range(20))


def test_elements_are_taken_in_lazily() -> None:
    taken = itertools.count()
    order = dataset_shuffle(lambda: taken, 4, Words(Stream(1, 2)))
    next(order)
    assert next(taken) == 4


def test_a_buffer_needs_room() -> None:
    with pytest.raises(ValueError, match="buffer_size"):
        dataset_shuffle(lambda: iter(()), 0, Words(Stream(1, 2)))
