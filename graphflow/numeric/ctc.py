"""Connectionist temporal classification: sequences of labels from scores at more moments than there are labels.

A path names a class or blank (the last class) at each moment; it spells a sequence when repeated classes are
merged and blanks dropped.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, quiet

_NEVER = -np.inf


def _log_softmax(logits: Array) -> Array:
    x = logits.astype(np.float64)
    x = x - x.max(-1, keepdims=True, initial=-np.inf)
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def _target(labels: Sequence[int], classes: int, collapse: bool, row: int) -> list[int]:
    """The labels to be spelled: repeated ones merged if asked, up to the first that is no class."""
    found: list[int] = []
    ended = False
    for i, label in enumerate(labels):
        if collapse and i and label == labels[i - 1]:
            continue
        if label < 0:
            raise ValueError(
                f"All labels must be nonnegative integers, batch: {row} labels: {list(labels)}"
            )
        if label >= classes - 1:
            ended = True
        elif ended:
            raise ValueError(
                f"Saw a non-null label (index >= num_classes - 1) following a null label, batch: {row} "
                f"num_classes: {classes} labels: {list(labels)}"
            )
        else:
            found.append(int(label))
    return found


@quiet
def ctc_loss(
    inputs: Array,
    labels: Sequence[Sequence[int]],
    sequence_length: Array,
    collapse_labels: bool = False,
    merge_repeated: bool = True,
    ignore_longer: bool = False,
) -> tuple[Array, Array]:
    """(loss, gradient of the logits): -log of the probability of all paths that spell the labels of each row."""
    times, rows, classes = inputs.shape
    loss, gradient = np.zeros(rows, np.float64), np.zeros(inputs.shape, np.float64)
    for row in range(rows):
        length = int(sequence_length[row])
        if not 0 <= length <= times:
            raise ValueError(f"sequence_length({row}) must be in [0, {times}], got {length}")
        if not labels[row]:
            raise ValueError(f"Labels length is zero in batch {row}")
        target = _target(labels[row], classes, collapse_labels, row)
        if len(target) > length:
            if ignore_longer:
                continue
            raise ValueError(
                f"Not enough time for target transition sequence (required: {len(target)}, available: "
                f"{length}) of row {row}: ignore_longer_outputs_than_inputs would skip it"
            )
        if length:
            loss[row], gradient[:length, row] = _one_loss(
                inputs[:length, row], target, merge_repeated
            )
    return loss.astype(inputs.dtype), gradient.astype(inputs.dtype)


def _one_loss(logits: Array, target: list[int], merge: bool) -> tuple[float, Array]:
    """The loss of one row and its gradient, by the forward and backward sums over paths."""
    log_y, blank = _log_softmax(logits), logits.shape[1] - 1
    states = np.full(2 * len(target) + 1, blank)
    states[1::2] = target
    is_blank = states == blank
    stay = is_blank | merge
    # from one label to the next without a blank between them
    skip = ~is_blank
    skip[2:] &= ~(merge & (states[2:] == states[:-2]))
    skip[:2] = False
    times, scores = len(log_y), log_y[:, states]
    forward = np.full((times, len(states)), _NEVER)
    forward[0, :2] = scores[0, :2]
    for t in range(1, times):
        before = forward[t - 1]
        total = np.where(stay, before, _NEVER)
        total[1:] = np.logaddexp(total[1:], before[:-1])
        total[2:] = np.logaddexp(total[2:], np.where(skip[2:], before[:-2], _NEVER))
        forward[t] = total + scores[t]
    backward = np.full((times, len(states)), _NEVER)
    backward[-1, -2:] = 0
    for t in range(times - 2, -1, -1):
        after = backward[t + 1] + scores[t + 1]
        total = np.where(stay, after, _NEVER)
        total[:-1] = np.logaddexp(total[:-1], after[1:])
        total[:-2] = np.logaddexp(total[:-2], np.where(skip[2:], after[2:], _NEVER))
        backward[t] = total
    log_p = float(np.logaddexp.reduce(forward[0] + backward[0]))
    gradient = np.exp(log_y)
    if log_p > _NEVER:
        through = np.exp(forward + backward - log_p)
        for state, share in zip(states, through.T, strict=True):
            gradient[:, state] -= share
    return -log_p, gradient


def ctc_greedy_decode(
    inputs: Array, sequence_length: Array, merge_repeated: bool = False
) -> tuple[list[list[int]], Array]:
    """The sequence that the best class of each moment spells, and the sum of minus their logits, of each row."""
    times, rows, classes = inputs.shape
    found, scores = [], np.zeros((rows, 1), inputs.dtype)
    for row in range(rows):
        length = _length(sequence_length, row, times)
        best = inputs[:length, row].argmax(-1) if length else np.zeros(0, np.int64)
        scores[row, 0] = -inputs[np.arange(length), row, best].sum()
        sequence, previous = [], -1
        for label in best.tolist():
            if label != classes - 1 and not (merge_repeated and label == previous):
                sequence.append(label)
            previous = label
        found.append(sequence)
    return found, scores


def _length(sequence_length: Array, row: int, times: int) -> int:
    length = int(sequence_length[row])
    if not 0 <= length <= times:
        raise ValueError(f"sequence_length({row}) must be in [0, {times}], got {length}")
    return length


class _Beam:
    """A prefix, with the log probabilities of the paths that spell it and end in its label, or in blank."""

    __slots__ = ("blank", "children", "label", "labelled", "old", "parent", "total")

    def __init__(self, parent: _Beam | None, label: int) -> None:
        self.parent, self.label = parent, label
        self.children: dict[int, _Beam] = {}
        self.total = self.blank = self.labelled = _NEVER
        #: (total, blank) at the moment before
        self.old = (_NEVER, _NEVER)

    def drop(self) -> None:
        self.total = self.blank = self.labelled = _NEVER

    def sequence(self, merge_repeated: bool) -> list[int]:
        """The labels of the prefix."""
        labels: list[int] = []
        beam, previous = self, -1
        while beam.parent is not None:
            if not (merge_repeated and beam.label == previous):
                labels.append(beam.label)
            previous, beam = beam.label, beam.parent
        return labels[::-1]


@quiet
def ctc_beam_search(
    inputs: Array,
    sequence_length: Array,
    beam_width: int,
    top_paths: int,
    merge_repeated: bool = True,
) -> tuple[list[list[list[int]]], Array]:
    """For each of the best paths the sequence of each row; and their log probabilities [rows, top_paths]."""
    times, rows, _ = inputs.shape
    if not 0 < top_paths <= beam_width:
        raise ValueError(f"top_paths must be in [1, beam_width = {beam_width}], got {top_paths}")
    scores = np.zeros((rows, top_paths), inputs.dtype)
    found: list[list[list[int]]] = [[] for _ in range(top_paths)]
    for row in range(rows):
        length = _length(sequence_length, row, times)
        beams = _search(_log_softmax(inputs[:length, row]), beam_width)
        if len(beams) < top_paths:
            raise ValueError(
                f"Less leaves in the beam search than requested: {len(beams)} < {top_paths}"
            )
        for path, beam in enumerate(beams[:top_paths]):
            found[path].append(beam.sequence(merge_repeated))
            scores[row, path] = beam.total
    return found, scores


def _search(log_y: Array, width: int) -> list[_Beam]:
    """The best prefixes, best first."""
    root = _Beam(None, -1)
    root.total = root.blank = 0.0
    leaves = [root]
    for y in log_y.tolist():
        branches, blank = leaves, y[-1]
        for b in branches:
            b.old = (b.total, b.blank)
        for b in branches:
            if b.parent is not None:
                if b.parent.old[0] > _NEVER and b.parent.total > _NEVER:
                    before = b.parent.old[1 if b.label == b.parent.label else 0]
                    b.labelled = float(np.logaddexp(b.labelled, before))
                b.labelled += y[b.label]
            b.blank = b.old[0] + blank
            b.total = float(np.logaddexp(b.blank, b.labelled))
        leaves = _grown(branches, y, width)
    return sorted(leaves, key=lambda b: -b.total)


def _grown(branches: list[_Beam], y: list[float], width: int) -> list[_Beam]:
    """The best of the prefixes and of those one label longer."""
    leaves = sorted(branches, key=lambda b: -b.total)
    for b in sorted(branches, key=lambda b: -b.old[0]):
        total, blank = b.old
        if not total > _NEVER or (len(leaves) == width and total <= leaves[-1].total):
            continue
        for label, score in enumerate(y[:-1]):
            child = b.children.setdefault(label, _Beam(b, label))
            if child.total > _NEVER:
                continue
            child.labelled = score + (blank if label == b.label else total)
            child.total, child.blank = child.labelled, _NEVER
            if not child.total > _NEVER or (
                len(leaves) == width and child.total <= leaves[-1].total
            ):
                # TensorFlow forgets all of such a prefix here, even if it is still to be lengthened itself
                child.drop()
                child.old = (_NEVER, _NEVER)
                continue
            if len(leaves) == width:
                leaves.pop().drop()
            leaves.append(child)
            leaves.sort(key=lambda b: -b.total)
    return leaves
