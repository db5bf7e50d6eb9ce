"""Texts as the numbers of their words: tf.keras.preprocessing.text."""

from __future__ import annotations

import collections
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

NAMESPACES = {
    "keras.preprocessing.text": [
        *("Tokenizer", "hashing_trick", "one_hot", "text_to_word_sequence"),
    ],
}
__all__: list[str] = []

FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'
_MODES = ("binary", "count", "freq", "tfidf")
_TABLES = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")


def text_to_word_sequence(
    text: str, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[str]:
    """The words of a text, without the characters of `filters`."""
    spaces = str.maketrans(dict.fromkeys(filters, split))
    plain = (text.lower() if lower else text).translate(spaces)
    return [word for word in plain.split(split) if word]


def hashing_trick(
    text: str,
    n: int,
    hash_function: Any = None,
    filters: str = FILTERS,
    lower: bool = True,
    split: str = " ",
) -> list[int]:
    """A number from 1 to n - 1 for each word, by a hash of the word."""
    number: Callable[[str], int] = hash_function or hash
    if hash_function == "md5":
        number = _md5
    return [number(w) % (n - 1) + 1 for w in text_to_word_sequence(text, filters, lower, split)]


def _md5(word: str) -> int:
    return int(hashlib.md5(word.encode(), usedforsecurity=False).hexdigest(), 16)


def one_hot(
    text: str, n: int, filters: str = FILTERS, lower: bool = True, split: str = " "
) -> list[int]:
    """hashing_trick with Python's own hash, which is another one in each process."""
    return hashing_trick(text, n, hash, filters, lower, split)


class Tokenizer:
    """Numbers words by how often they were seen; 0 is no word's number."""

    def __init__(
        self,
        num_words: int | None = None,
        filters: str = FILTERS,
        lower: bool = True,
        split: str = " ",
        char_level: bool = False,
        oov_token: str | None = None,
        document_count: int = 0,
        **kwargs: Any,
    ) -> None:
        num_words = kwargs.pop("nb_words", num_words)
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self.num_words, self.document_count = num_words, document_count
        self.filters, self.lower, self.split = filters, lower, split
        self.char_level, self.oov_token = char_level, oov_token
        self.word_counts: dict[str, int] = collections.OrderedDict()
        self.word_docs: dict[str, int] = collections.defaultdict(int)
        self.index_docs: dict[int, int] = collections.defaultdict(int)
        self.word_index: dict[str, int] = {}
        self.index_word: dict[int, str] = {}

    def fit_on_texts(self, texts: Iterable[Any]) -> None:
        """Count the words of the texts, and number all words anew."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        by_count = sorted(self.word_counts, key=lambda w: -self.word_counts[w])
        known = by_count if self.oov_token is None else [self.oov_token, *by_count]
        self.word_index = {word: i for i, word in enumerate(known, 1)}
        self.index_word = {i: word for word, i in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences: Any) -> None:
        """Count in how many of the sequences each number stands."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for index in set(sequence):
                self.index_docs[index] += 1

    def texts_to_sequences(self, texts: Iterable[Any]) -> list[list[int]]:
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts: Iterable[Any]) -> Iterator[list[int]]:
        """The numbers of the words of each text; words without one are left out, or are `oov_token`."""
        for text in texts:
            yield self._known(self.word_index.get(word) for word in self._words(text))

    def sequences_to_texts(self, sequences: Iterable[Any]) -> list[str]:
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences: Iterable[Any]) -> Iterator[str]:
        """The words of the numbers of each sequence."""
        for sequence in sequences:
            numbers = self._known(i if i in self.index_word else None for i in sequence)
            yield " ".join(self.index_word[i] for i in numbers)

    def texts_to_matrix(self, texts: Iterable[Any], mode: str = "binary") -> Any:
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences: Any, mode: str = "binary") -> Any:
        """A row for each sequence: which numbers stand in it, how often, or how telling they are."""
        if not self.num_words and not self.word_index:
            raise ValueError(
                "Specify a dimension (`num_words` argument), or fit on some text data first."
            )
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        found = np.zeros((len(sequences), self.num_words or len(self.word_index) + 1))
        for row, sequence in zip(found, sequences, strict=True):
            for index, count in collections.Counter(sequence).items():
                if index < len(row):
                    row[index] = self._weight(mode, index, count, len(sequence))
        return found

    def _weight(self, mode: str, index: int, count: int, length: int) -> float:
        if mode not in _MODES:
            raise ValueError("Unknown vectorization mode:", mode)
        if mode == "tfidf":
            rarity = 1 + self.document_count / (1 + self.index_docs.get(index, 0))
            return float((1 + np.log(count)) * np.log(rarity))
        return {"binary": 1.0, "count": float(count), "freq": count / length}[mode]

    def _words(self, text: Any) -> Any:
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [w.lower() for w in text] if isinstance(text, list) else text.lower()
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def _known(self, numbers: Iterable[int | None]) -> list[int]:
        """The numbers below `num_words`; for others, the number of `oov_token`, if there is one."""
        other = None if self.oov_token is None else self.word_index.get(self.oov_token)
        found = (
            i if i is not None and not (self.num_words and i >= self.num_words) else other
            for i in numbers
        )
        return [i for i in found if i is not None]

    def get_config(self) -> dict[str, Any]:
        own = (
            *("num_words", "filters", "lower", "split", "char_level", "oov_token"),
            "document_count",
        )
        return {
            **{name: getattr(self, name) for name in own},
            **{name: json.dumps(getattr(self, name)) for name in _TABLES},
        }

    def to_json(self, **kwargs: Any) -> str:
        config = {"class_name": type(self).__name__, "config": self.get_config()}
        return json.dumps(config, **kwargs)
