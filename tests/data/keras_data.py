"""What tf.keras makes of texts and sequences: functions of `tf` that return numbers and texts (Python 3.7)."""

import numpy as np

TEXTS = ["The cat sat on the mat.", "the dog, the CAT!", "a\tdog: cat-dog", ""]


def _error(call):
    try:
        return call()
    except Exception as error:
        return type(error).__name__


def padded(tf):
    pad = tf.keras.preprocessing.sequence.pad_sequences
    rows = [[1, 2, 3], [4], [], [5, 6, 7, 8]]
    options = [
        {},
        {"maxlen": 2},
        {"maxlen": 2, "truncating": "post"},
        {"maxlen": 3, "padding": "post", "value": -1.5},
        {"padding": "post", "value": 7.5, "dtype": "float32"},
        {"maxlen": 0},
        {"maxlen": 6, "value": "x", "dtype": object},
        {"padding": "other"},
        {"truncating": "other"},
        {"value": "x"},
    ]
    made = [
        _error(lambda o=o: [pad(rows, **o).dtype.name, pad(rows, **o).tolist()]) for o in options
    ]
    deep = pad([[[1, 2]], [[3, 4], [5, 6]]]).tolist()
    return [
        made,
        deep,
        _error(lambda: pad([1, 2])),
        _error(lambda: pad([[[1]], [[1, 2]]]).tolist()),
    ]


def categories(tf):
    make = tf.keras.utils.to_categorical
    made = [make([0, 2, 1]), make([[1], [0]], 3, "int32"), make([[0, 1], [1, 0]]), make(1)]
    scaled = tf.keras.utils.normalize(np.array([[3.0, 4.0], [0.0, 0.0]]))
    return [[m.dtype.name, m.tolist()] for m in made] + [scaled.tolist()]


def words(tf):
    text = tf.keras.preprocessing.text
    found = [
        text.text_to_word_sequence(TEXTS[0]),
        text.text_to_word_sequence("A,b;C", filters=",", lower=False, split=";"),
        text.hashing_trick(TEXTS[1], 50, "md5"),
    ]
    for options in ({}, {"num_words": 4}, {"num_words": 4, "oov_token": "?"}, {"char_level": True}):
        made = text.Tokenizer(**options)
        made.fit_on_texts(TEXTS)
        rows = made.texts_to_sequences([*TEXTS, "an unknown cat"])
        found.append(
            [
                sorted(made.word_index.items()),
                sorted(made.word_counts.items()),
                sorted(made.word_docs.items()),
                sorted(made.index_docs.items()),
                made.document_count,
                rows,
                made.sequences_to_texts(rows),
                [
                    np.round(made.texts_to_matrix(TEXTS, mode), 6).tolist()
                    for mode in ("binary", "count", "freq", "tfidf")
                ],
            ]
        )
    listed = text.Tokenizer(lower=False)
    listed.fit_on_texts([["A", "b"], ["b", "c d"]])
    listed.fit_on_sequences([[1, 1, 2]])
    found.append(
        [listed.texts_to_sequences([["c d", "A", "a"]]), sorted(listed.index_docs.items())]
    )
    found.append(_error(lambda: text.Tokenizer().texts_to_matrix(["a"])))
    found.append(_error(lambda: text.Tokenizer(other=1)))
    found.append(_error(lambda: made.texts_to_matrix(TEXTS, "other")))
    return found


CASES = [padded, categories, words]
