"""tf.contrib.learn: vocabularies that are kept, small tables, files that would be fetched."""

from __future__ import annotations

import pickle
from pathlib import Path

import numpy as np
import pytest

import graphflow as tf

preprocessing = tf.contrib.learn.preprocessing
base = tf.contrib.learn.datasets.base


def test_a_vocabulary_is_kept_as_text(tmp_path: Path) -> None:
    made = preprocessing.VocabularyProcessor(3)
    rows = [row.tolist() for row in made.fit_transform(["one two", "zwölf two"])]
    made.save(str(tmp_path / "kept"))
    again = preprocessing.VocabularyProcessor.restore(str(tmp_path / "kept"))
    assert [row.tolist() for row in again.transform(["one two", "zwölf two"])] == rows
    assert "zwölf" in (tmp_path / "kept").read_text(encoding="utf-8")


def test_no_pickle_is_read(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(pickle.dumps({"a": 1}))
    with pytest.raises(tf.errors.DataLossError, match="fit the vocabulary again"):
        preprocessing.VocabularyProcessor.restore(str(tmp_path / "kept"))


def test_small_tables(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("2,3,no,yes\n1,2,3,0\n4,5,6,1\n")
    found = base.load_csv_with_header(str(path), np.int32, np.float32)
    np.testing.assert_array_equal(found.data, np.float32([[1, 2, 3], [4, 5, 6]]))
    np.testing.assert_array_equal(found.target, np.int32([0, 1]))
    path.write_text("0,1,2\n1,4,5\n")
    plain = base.load_csv_without_header(str(path), np.int32, np.float32, target_column=0)
    np.testing.assert_array_equal(plain.data, np.float32([[1, 2], [4, 5]]))
    np.testing.assert_array_equal(plain.target, np.int32([0, 1]))


def test_nothing_is_fetched(tmp_path: Path) -> None:
    (tmp_path / "here").touch()
    assert base.maybe_download("here", str(tmp_path), "http://nowhere") == str(tmp_path / "here")
    with pytest.raises(FileNotFoundError, match="get http://nowhere"):
        base.maybe_download("there", str(tmp_path), "http://nowhere")


def test_no_tpu_is_looked_for() -> None:
    config = tf.contrib.tpu.RunConfig()
    with pytest.raises(NotImplementedError, match="use_tpu=False"):
        tf.contrib.tpu.TPUEstimator(lambda features: None, config=config)
    with pytest.raises(NotImplementedError, match="use_tpu=False"):
        tf.contrib.cluster_resolver.TPUClusterResolver("somewhere")
