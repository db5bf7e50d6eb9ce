"""Documents as rows of numbers: a number for each word, or for each byte."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.io.files import translated_errors, write_atomically

_PREPROCESSING = [
    *("ByteProcessor", "CategoricalVocabulary", "TOKENIZER_RE", "VocabularyProcessor", "tokenizer"),
]
NAMESPACES = {
    "contrib.learn.preprocessing": _PREPROCESSING,
    "contrib.learn.python.learn.preprocessing": _PREPROCESSING,
    "contrib.learn.python.learn.preprocessing.text": _PREPROCESSING,
    "contrib.learn.python.learn.preprocessing.categorical_vocabulary": ["CategoricalVocabulary"],
}
__all__: list[str] = []

TOKENIZER_RE = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)
_FORMAT = "graphflow vocabulary 1"


def tokenizer(iterator: Iterable[str]) -> Iterator[list[str]]:
    """The words of each document."""
    for value in iterator:
        yield TOKENIZER_RE.findall(value)


class ByteProcessor:
    """Documents as rows of bytes, filled up with zeros."""

    def __init__(self, max_document_length: int) -> None:
        self.max_document_length = max_document_length

    def fit(self, x: Any) -> None:
        """Nothing to learn."""

    def fit_transform(self, x: Iterable[Any]) -> Iterator[Any]:
        return self.transform(x)

    def transform(self, x: Iterable[Any]) -> Iterator[Any]:
        for document in x:
            data = document.encode("utf-8") if isinstance(document, str) else bytes(document)
            row = np.frombuffer(data[: self.max_document_length], dtype=np.uint8)
            yield np.pad(row, (0, self.max_document_length - len(row)), "constant")

    def reverse(self, x: Iterable[Any]) -> Iterator[str]:
        for row in x:
            data = np.trim_zeros(np.asarray(row).astype(np.uint8), trim="b").tobytes()
            try:
                yield data.decode("utf-8")
            except UnicodeDecodeError:
                yield ""


class CategoricalVocabulary:
    """A number for each word, 0 for those that are not known."""

    def __init__(self, unknown_token: str = "<UNK>", support_reverse: bool = True) -> None:
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._mapping: dict[Any, int] = {unknown_token: 0}
        self._reverse_mapping: list[Any] = [unknown_token]
        self._freq: dict[Any, int] = {}
        self._freeze = False

    def __len__(self) -> int:
        return len(self._mapping)

    def freeze(self, freeze: bool = True) -> None:
        """From now on new words are unknown words."""
        self._freeze = freeze

    def get(self, category: Any) -> int:
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._mapping[category] = len(self._mapping)
            self._reverse_mapping.append(category)
        return self._mapping[category]

    def add(self, category: Any, count: int = 1) -> None:
        if self.get(category) > 0:
            self._freq[category] = self._freq.get(category, 0) + count

    def trim(self, min_frequency: int, max_frequency: int = -1) -> None:
        """Keep the words that came more often than that; the most frequent ones get the first numbers."""
        by_word = sorted(self._freq.items(), key=lambda kv: (isinstance(kv[0], str), kv[0]))
        ranked = sorted(by_word, key=lambda kv: kv[1], reverse=True)
        kept = [
            (word, count)
            for word, count in ranked
            if count > min_frequency and not 0 < max_frequency <= count
        ]
        self._reverse_mapping = [self._unknown_token, *(word for word, _ in kept)]
        self._mapping = {word: i for i, word in enumerate(self._reverse_mapping)}
        self._freq = dict(kept)

    def reverse(self, class_id: int) -> Any:
        if not self._support_reverse:
            raise ValueError(
                "This vocabulary wasn't initialized with support_reverse to support reverse() function."
            )
        return self._reverse_mapping[class_id]


class VocabularyProcessor:
    """Documents as rows of the numbers of their words, cut or filled up with zeros to one length."""

    def __init__(
        self,
        max_document_length: int,
        min_frequency: int = 0,
        vocabulary: CategoricalVocabulary | None = None,
        tokenizer_fn: Callable[[Iterable[str]], Iterable[Any]] | None = None,
    ) -> None:
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents: Iterable[str], unused_y: Any = None) -> VocabularyProcessor:
        """Learn the words of some documents."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents: Iterable[str], unused_y: Any = None) -> Iterator[Any]:
        self.fit(raw_documents)
        return self.transform(raw_documents)

    def transform(self, raw_documents: Iterable[str]) -> Iterator[Any]:
        for tokens in self._tokenizer(raw_documents):
            row = np.zeros(self.max_document_length, np.int64)
            for i, token in enumerate(tokens):
                if i >= self.max_document_length:
                    break
                row[i] = self.vocabulary_.get(token)
            yield row

    def reverse(self, documents: Iterable[Any]) -> Iterator[str]:
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename: Any) -> None:
        """Write the vocabulary as JSON: TensorFlow's format would run code when it is read."""
        words = self.vocabulary_
        data = {
            "format": _FORMAT,
            "max_document_length": self.max_document_length,
            "min_frequency": self.min_frequency,
            "words": words._reverse_mapping,
            "counts": [words._freq.get(word, 0) for word in words._reverse_mapping],
        }
        write_atomically(filename, json.dumps(data, ensure_ascii=False).encode("utf-8"))

    @classmethod
    def restore(cls, filename: Any) -> VocabularyProcessor:
        """Read what `save` has written; words are taken apart by the usual tokenizer."""
        with translated_errors(filename), open(filename, "rb") as file:
            text = file.read()
        try:
            data = json.loads(text)
            words = [str(word) for word in data["words"]]
            counts = [int(count) for count in data["counts"]]
            made = cls(int(data["max_document_length"]), int(data["min_frequency"]))
        except (ValueError, KeyError, TypeError) as error:
            raise errors.DataLossError(
                message=f"{filename}: this is no vocabulary that graphflow has saved ({error}). Files that "
                "TensorFlow has saved are pickles, which may run any code: fit the vocabulary again"
            ) from error
        vocabulary = CategoricalVocabulary(words[0] if words else "<UNK>")
        vocabulary._reverse_mapping = words
        vocabulary._mapping = {word: i for i, word in enumerate(words)}
        vocabulary._freq = {w: c for w, c in zip(words, counts, strict=False) if c}
        vocabulary.freeze()
        made.vocabulary_ = vocabulary
        return made
