"""Philox4x32-10 against its authors' known answers, and the streams over it."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

from graphflow.numeric.random import Stream, Words
from graphflow.numeric.random.philox import CHUNK, FEW, philox_block, philox_blocks

# Counter, key and block, each lowest word first: from kat_vectors of the Random123 library.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((2**32 - 1,) * 4, (2**32 - 1,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "block"), KNOWN)
def test_known_answers(counter: Any, key: Any, block: Any) -> None:
    seed, seed2 = key[0] | key[1] << 32, counter[2] | counter[3] << 32
    index = np.array([counter[0] | counter[1] << 32], np.uint64)
    assert philox_block(seed, counter) == block
    assert tuple(philox_blocks(seed, seed2, index)[0].tolist()) == block
    many = philox_blocks(seed, seed2, np.repeat(index, FEW + 1))
    assert {tuple(row) for row in many.tolist()} == {block}


@pytest.mark.parametrize("blocks", [0, 1, FEW, FEW + 1, 1000, CHUNK + 7])
@pytest.mark.parametrize("start", [0, 2**32 - 5, 2**64 - 3])
def test_vectors_are_made_of_single_blocks(blocks: int, start: int) -> None:
    words = Stream(-3, 2**63 + 5).words(start, blocks)
    assert words.size == 4 * blocks
    for i in {0, blocks // 2, blocks - 1} if blocks else ():
        at = (start + i) % 2**64
        counter = at & 0xFFFFFFFF, at >> 32, 5, 0x80000000
        assert tuple(words[4 * i : 4 * i + 4].tolist()) == philox_block(2**64 - 3, counter)


def test_words_are_the_same_however_they_are_taken() -> None:
    stream = Stream(11, 12)
    want = stream.words(7, 500).tolist()
    words, got = Words(stream, 7), []
    for count in (1, 0, 3, 4, 5, 17, 300):
        got += words.take(count).tolist()
        got.append(words.draw())
        assert words.peek(2).tolist() == want[len(got) : len(got) + 2]
    got += [words.draw() for _ in range(700)]
    assert got == want[: len(got)]
    assert stream.position == 0


def test_a_stream_and_its_words_can_be_copied() -> None:
    stream = Stream(1, 2, 30)
    words = Words(stream, 5)
    words.draw()
    for again in (copy.copy(words), copy.deepcopy(words), pickle.loads(pickle.dumps(words))):
        assert again == words
        first = again.draw()
        assert words.offset == 1
        words_of_stream = stream.words(5, 1)
        assert first == words_of_stream[1]
    assert pickle.loads(pickle.dumps(stream)) == stream


def test_reserving_moves_on() -> None:
    stream = Stream(1, 2)
    assert [stream.reserve(5), stream.reserve(0), stream.reserve(1)] == [0, 5, 5]
    assert stream.position == 6


def test_nondeterministic_streams_differ() -> None:
    assert Stream.nondeterministic() != Stream.nondeterministic()
