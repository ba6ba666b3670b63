"""Probes: what a linear classifier reads off one layer, of words or of whole sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from reproduce.errors import CellError, DataError
from reproduce.nouns.cell import DataSlice, Whereabouts
from reproduce.nouns.probe import Probe
from reproduce.nouns.record import Record
from reproduce.nouns.sentence import UPOS, Sentence
from reproduce.probing.classifier import control_labels, folds_of, held_out
from reproduce.probing.depth import DEPTHS, depth_label, depths
from reproduce.probing.frozen import States, layer_of, one_thread, states_of
from reproduce.probing.record import Part, make_record
from reproduce.training.evaluate import MISSING

Ints = npt.NDArray[np.int64]


class _Read(NamedTuple):
    """One slice with its states; of a pair, the side in the slice's language."""

    piece: DataSlice
    states: States


def probe(cell: Probe, whereabouts: Whereabouts) -> Record:
    """Accuracy by sentence of a linear probe, everything predicted while held out.

    Probes of words are fitted in each language by itself, so that nothing is carried over from one
    to another; the probe of languages is fitted on the sentences of all of them, and sentences of
    one meaning are held out together.

    Raises:
        CellError: an unknown probe; and see `states_of`.
        DataError: a sentence without the annotation.
    """
    read = [_Read(p, states_of(p, cell, whereabouts)[0]) for p in cell.evaluate]
    with one_thread():
        if cell.task == "language_probe":
            return _probe_languages(cell, read)
        if cell.task == "pos_probe":
            return _probe_words(cell, read, UPOS)
        if cell.task == "depth_probe":
            return _probe_words(cell, read, DEPTHS)
    raise CellError(f"there is no probe {cell.task!r}")


def _probe_words(cell: Probe, read: Sequence[_Read], labels: tuple[str, ...]) -> Record:
    return make_record(
        cell, "accuracy", [_words_part(cell, r, labels) for r in read], labels=labels
    )


def _words_part(cell: Probe, read: _Read, labels: tuple[str, ...]) -> Part:
    encoded = read.states.encoded
    lengths, kept = encoded.labels.lengths(), encoded.starts.lengths()
    gold = _numbers(read.states.sentences, cell.task, labels)
    if cell.labels == "control":
        gold = control_labels(encoded.labels.flat, gold, cell.seed)
    row = np.repeat(np.arange(len(encoded)), lengths)
    place = np.arange(len(gold)) - np.repeat(encoded.labels.offsets[:-1], lengths)
    there = place < kept[row]  # a word beyond the longest length has no state, and counts as wrong
    fold = folds_of(encoded.clusters, cell.folds, cell.seed)[row]
    found = np.full(len(gold), MISSING)
    features = read.states.words[layer_of(cell)]
    found[there] = held_out(features, gold[there], fold[there], strength=cell.strength)
    right = np.bincount(row[found == gold], minlength=len(encoded))
    return Part(
        language=read.piece.language,
        split=read.piece.split,
        statistics=np.stack([right, lengths], axis=1),
        clusters=encoded.clusters,
        predictions=found,
        lengths=lengths,
        truncated=int(encoded.truncated.sum()),
    )


def _numbers(sentences: Sequence[Sentence], task: str, labels: tuple[str, ...]) -> Ints:
    number = {label: n for n, label in enumerate(labels)}
    return np.array([number[label] for s in sentences for label in _gold(s, task)], dtype=np.int64)


def _gold(sentence: Sentence, task: str) -> Sequence[str]:
    if task == "depth_probe":
        return [depth_label(depth) for depth in depths(sentence)]
    if sentence.tags is None:
        raise DataError("no part-of-speech tags", where=sentence.id)
    unknown = next((tag for tag in sentence.tags if tag not in UPOS), None)
    if unknown is not None:
        raise DataError(
            f"{unknown!r} is no universal tag", where=sentence.id, allowed=", ".join(UPOS)
        )
    return sentence.tags


def _probe_languages(cell: Probe, read: Sequence[_Read]) -> Record:
    if cell.labels == "control":
        raise CellError("whole sentences have no word types to give random labels to")
    languages = tuple(dict.fromkeys(r.piece.language for r in read))
    sizes = [len(r.states.encoded) for r in read]
    gold = np.repeat([languages.index(r.piece.language) for r in read], sizes)
    clusters = np.concatenate([r.states.encoded.clusters for r in read])
    features = np.concatenate([r.states.pooled[layer_of(cell)] for r in read])
    fold = folds_of(clusters, cell.folds, cell.seed)
    found = held_out(features, gold, fold, strength=cell.strength)
    parts = []
    start = 0
    for r, size in zip(read, sizes, strict=True):
        own = slice(start, start + size)
        start += size
        ones = np.ones(size, dtype=np.int64)
        parts.append(
            Part(
                language=r.piece.language,
                split=r.piece.split,
                statistics=np.stack([(found[own] == gold[own]).astype(np.int64), ones], axis=1),
                clusters=clusters[own],
                predictions=found[own],
                lengths=ones,
                truncated=int(r.states.encoded.truncated.sum()),
            )
        )
    return make_record(cell, "accuracy", parts, labels=languages)
