"""tf.contrib.seq2seq: attention of all kinds, beam search."""

from __future__ import annotations

import numpy as np

CASES = {}
DRAWN = np.random.RandomState(0)
X = DRAWN.randn(2, 5, 3).astype(np.float32)
MEMORY = DRAWN.randn(2, 6, 5).astype(np.float32)
TABLE = DRAWN.randn(7, 3).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.contrib.seq2seq, tf.nn.rnn_cell)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def memory(tf):
    lengths = given(tf, np.array([4, 6], np.int32), [None])
    return given(tf, MEMORY, [None, None, 5]), lengths


def attended(tf, mechanism, gradients=False, **options):
    S = tf.contrib.seq2seq
    cell = S.AttentionWrapper(tf.nn.rnn_cell.LSTMCell(4), mechanism, **options)
    x = given(tf, X, [None, None, 3])
    helper = S.TrainingHelper(x, given(tf, np.array([2, 5], np.int32), [None]))
    begin = cell.zero_state(2, tf.float32)
    decoder = S.BasicDecoder(cell, helper, begin, tf.layers.Dense(3))
    # side by side, TensorFlow's iterations draw random numbers in any order
    outputs, state, lengths = S.dynamic_decode(decoder, parallel_iterations=1)
    history = state.alignment_history
    if options.get("alignment_history"):
        history = [a.stack() for a in history] if isinstance(history, tuple) else history.stack()
    found = [outputs, state._replace(alignment_history=history), lengths]
    if gradients:
        wanted = [*tf.trainable_variables(), x]
        found.append(tf.gradients(tf.square(outputs.rnn_output), wanted))
    return found


@case
def luong(tf, S, C):
    return attended(tf, S.LuongAttention(4, *memory(tf)))


@case
def luong_with_gradients(tf, S, C):
    return attended(tf, S.LuongAttention(4, *memory(tf), scale=True), True)


@case
def bahdanau(tf, S, C):
    mechanism = S.BahdanauAttention(4, *memory(tf))
    return attended(tf, mechanism, attention_layer_size=3, alignment_history=True)


@case
def bahdanau_with_gradients(tf, S, C):
    mechanism = S.BahdanauAttention(4, *memory(tf), normalize=True)
    return attended(tf, mechanism, True, attention_layer_size=3, alignment_history=True)


@case
def output_of_the_cell(tf, S, C):
    mechanism = S.BahdanauAttention(4, memory(tf)[0], normalize=True)
    return attended(tf, mechanism, attention_layer_size=3, output_attention=False)


@case
def hardmax_and_added_inputs(tf, S, C):
    mechanism = S.LuongAttention(4, memory(tf)[0], scale=True, probability_fn=S.hardmax)
    return attended(tf, mechanism, attention_layer_size=3, cell_input_fn=lambda i, a: i + a)


@case
def keys_and_values_of_ones_own(tf, S, C):
    mechanism = S.LuongAttention(
        4, *memory(tf), score_mask_value=-1.0, custom_key_value_fn=lambda k, v: (k * 2.0, v + 1.0)
    )
    return attended(tf, mechanism)


@case
def two_mechanisms(tf, S, C):
    kept = memory(tf)
    mechanisms = [S.LuongAttention(4, *kept), S.BahdanauAttention(3, *kept)]
    return attended(tf, mechanisms, attention_layer_size=[3, 2], alignment_history=True)


@case
def layers_of_ones_own(tf, S, C):
    kept = memory(tf)
    mechanisms = [S.LuongAttention(4, *kept), S.BahdanauAttention(3, *kept)]
    return attended(tf, mechanisms, attention_layer=[tf.layers.Dense(2), tf.layers.Dense(3)])


@case
def function_of_ones_own(tf, S, C):
    def attend(mechanism, output, state, layer):
        alignments, state = mechanism(output, state=state)
        return tf.einsum("bt,btd->bd", alignments, mechanism.values), alignments, state

    return attended(tf, S.LuongAttention(4, *memory(tf)), attention_fn=attend)


@case
def monotonic_bahdanau(tf, S, C):
    mechanism = S.BahdanauMonotonicAttention(4, *memory(tf), normalize=True, score_bias_init=-1.0)
    return attended(tf, mechanism)


@case
def monotonic_bahdanau_with_gradients(tf, S, C):
    return attended(tf, S.BahdanauMonotonicAttention(4, *memory(tf)), True)


@case
def monotonic_luong_hard(tf, S, C):
    mechanism = S.LuongMonotonicAttention(4, *memory(tf), sigmoid_noise=1.0, mode="hard")
    return attended(tf, mechanism)


@case
def monotonic_luong_recursive(tf, S, C):
    mechanism = S.LuongMonotonicAttention(
        4, *memory(tf), scale=True, mode="recursive", sigmoid_noise=0.5, sigmoid_noise_seed=4
    )
    return attended(tf, mechanism)


@case
def monotonic_functions(tf, S, C):
    p = given(tf, np.array([[0.3, 0.5, 0.0, 1.0]], np.float32), [None, 4])
    q = given(tf, np.array([[0.1, 0.5, 0.2, 0.2]], np.float32), [None, 4])
    found = [S.monotonic_attention(p, q, mode) for mode in ("recursive", "parallel", "hard")]
    return [
        *found,
        S.safe_cumprod(p, axis=1, exclusive=True),
        S.hardmax(p),
        tf.gradients(found[1], [p, q]),
    ]


@case
def from_a_state(tf, S, C):
    ones = [given(tf, np.ones((2, 4), np.float32), [None, 4]) for _ in "ch"]
    begin = C.LSTMStateTuple(*ones)
    return attended(tf, S.LuongAttention(4, *memory(tf)), initial_cell_state=begin)


def cloned(tf, batch):
    wrapper = tf.contrib.seq2seq.AttentionWrapper(
        tf.nn.rnn_cell.GRUCell(4), tf.contrib.seq2seq.LuongAttention(4, *memory(tf))
    )
    unknown = given(tf, np.ones((2, 4), np.float32), [None, None])
    begin = wrapper.zero_state(batch, tf.float32).clone(cell_state=unknown)
    x = given(tf, X, [None, None, 3])
    outputs, state = tf.nn.dynamic_rnn(wrapper, x, initial_state=begin, dtype=tf.float32)
    return [outputs, state.cell_state]


@case
def cloned_state(tf, S, C):
    return cloned(tf, 2)


@case
def cloned_state_of_unknown_batch(tf, S, C):
    return cloned(tf, tf.shape(given(tf, X, [None, None, 3]))[0])


@case
def tiled(tf, S, C):
    x = given(tf, X, [None, None, 3])
    return [S.tile_batch(x, 3), S.tile_batch((tf.constant(X), [memory(tf)[1]]), 2)]


def searched(tf, cell, begin, width, tokens=(1, 2), end=0, **options):
    S = tf.contrib.seq2seq
    embedding = options.pop("embedding", None)
    decoder = S.BeamSearchDecoder(
        cell,
        tf.constant(TABLE) if embedding is None else embedding,
        list(tokens) if isinstance(tokens, tuple) else tokens,
        end,
        begin,
        width,
        output_layer=tf.layers.Dense(7),
        **options,
    )
    return S.dynamic_decode(decoder, maximum_iterations=5)


@case
def beams(tf, S, C):
    cell = C.GRUCell(4)
    begin = S.tile_batch(cell.zero_state(2, tf.float32), 3)
    return list(searched(tf, cell, begin, 3))


@case
def beams_of_unknown_batch(tf, S, C):
    cell = C.MultiRNNCell([C.LSTMCell(4), C.GRUCell(3)])
    count = tf.shape(given(tf, X, [None, None, 3]))[0]
    begin = S.tile_batch(cell.zero_state(count, tf.float32), 3)
    table = tf.constant(TABLE)
    return list(
        searched(
            tf,
            cell,
            begin,
            3,
            tf.fill([count], 1),
            embedding=lambda i: tf.gather(table, i),
            length_penalty_weight=0.7,
        )
    )


@case
def beams_with_attention(tf, S, C):
    kept, lengths = (S.tile_batch(m, 3) for m in memory(tf))
    cell = S.AttentionWrapper(
        C.LSTMCell(4),
        S.BahdanauAttention(4, kept, lengths),
        attention_layer_size=4,
        alignment_history=True,
    )
    begin = cell.zero_state(6, tf.float32)
    outputs, state, sizes = searched(tf, cell, begin, 3, coverage_penalty_weight=0.3)
    inner = state.cell_state
    history = inner.alignment_history
    return [outputs, inner.cell_state, history, list(state[1:]), sizes]


@case
def beams_with_two_mechanisms(tf, S, C):
    kept, lengths = memory(tf)
    count = tf.size(lengths)
    kept, lengths = S.tile_batch(kept, 2), S.tile_batch(lengths, 2)
    cell = S.AttentionWrapper(
        C.LSTMCell(4),
        [S.BahdanauAttention(4, kept, lengths), S.LuongAttention(4, kept)],
        attention_layer_size=[4, 3],
        alignment_history=True,
    )
    outputs, state, sizes = searched(
        tf,
        cell,
        cell.zero_state(count * 2, tf.float32),
        2,
        tf.fill([count], 1),
        given(tf, np.int32(0), []),
        coverage_penalty_weight=0.3,
        length_penalty_weight=given(tf, np.float32(0.5), []),
    )
    inner = state.cell_state
    return [outputs, inner.cell_state, inner.alignment_history, list(state[1:]), sizes]


def refused(name, build):
    CASES["refused_" + name] = lambda tf: build(tf, tf.contrib.seq2seq, tf.nn.rnn_cell)


refused("mode", lambda tf, S, C: S.monotonic_attention(tf.ones([1, 2]), tf.ones([1, 2]), "x"))
refused("no_mechanism", lambda tf, S, C: S.AttentionWrapper(C.GRUCell(3), 4))
refused("no_mechanisms", lambda tf, S, C: S.AttentionWrapper(C.GRUCell(3), [4]))
refused(
    "unknown_depth", lambda tf, S, C: S.LuongAttention(3, given(tf, MEMORY, [None, None, None]))
)
refused(
    "two_sizes",
    lambda tf, S, C: S.AttentionWrapper(C.GRUCell(3), S.LuongAttention(3, MEMORY), [3, 4]),
)
refused(
    "size_and_layer",
    lambda tf, S, C: S.AttentionWrapper(
        C.GRUCell(3), S.LuongAttention(3, MEMORY), 3, attention_layer=tf.layers.Dense(3)
    ),
)


def called(tf, units, batch, state=None):
    wrapper = tf.contrib.seq2seq.AttentionWrapper(
        tf.nn.rnn_cell.GRUCell(3), tf.contrib.seq2seq.LuongAttention(units, tf.constant(MEMORY))
    )
    begin = wrapper.zero_state(batch, tf.float32)
    return wrapper(tf.ones([2, 3]), begin if state is None else state)


refused("other_depth", lambda tf, S, C: called(tf, 4, 2))
refused("other_batch", lambda tf, S, C: called(tf, 3, 3))
refused("other_state", lambda tf, S, C: called(tf, 3, 2, tf.ones([2, 3])))
refused("scalar_to_tile", lambda tf, S, C: S.tile_batch(tf.constant(3), 2))
refused("unknown_rank_to_tile", lambda tf, S, C: S.tile_batch(tf.placeholder(tf.float32), 2))
refused("not_tiled", lambda tf, S, C: searched(tf, C.GRUCell(4), tf.zeros([2, 4]), 3))
refused(
    "coverage",
    lambda tf, S, C: searched(tf, C.GRUCell(4), tf.zeros([6, 4]), 3, coverage_penalty_weight=0.1),
)
refused("one_start", lambda tf, S, C: searched(tf, C.GRUCell(4), tf.zeros([6, 4]), 3, 1))
refused("two_ends", lambda tf, S, C: searched(tf, C.GRUCell(4), tf.zeros([6, 4]), 3, end=[1, 2]))
