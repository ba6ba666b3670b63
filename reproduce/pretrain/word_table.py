"""Which word vector a run of sub-words has: found for a whole batch at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.tokenizer import CLS, PAD, SEP, word_beginnings
from reproduce.pretrain.word_vectors import Floats, WordVectors

UNKNOWN = -1
_LONGEST = 64  # sub-words of a word that are told apart
_NORM = 0.5  # of a sub-word's starting vector; positions and segments begin at a tenth of it
_FIRST, _INNER = 0.3, 0.1  # weights, for a sub-word's vector, of words that it is only a part of

Numbers = npt.NDArray[np.int64]
# Odd multipliers of a polynomial hash modulo 2^64; two of half a million words collide with a
# chance of 1 in 100 million.
_POWERS = np.array([pow(1_000_003, n, 2**64) for n in range(_LONGEST)], np.uint64)


@dataclass(frozen=True, eq=False)
class WordTable:
    """Words as the tokenizer cuts them, as they are, capitalized and in capitals.

    Attributes:
        vectors: [words, size].
        begins: [vocabulary], whether a sub-word begins a word.
        hashes: [spellings], sorted, of their sub-words.
        numbers: [spellings], the word of each.
    """

    vectors: Floats
    begins: npt.NDArray[np.bool_]
    hashes: npt.NDArray[np.uint64]
    numbers: Numbers

    def save(self, path: Path) -> None:
        """Write it to a file, the vectors in half precision."""
        half = self.vectors.astype(np.float16)
        np.savez(path, vectors=half, hashes=self.hashes, numbers=self.numbers)

    @classmethod
    def load(cls, path: Path, tokenizer: Tokenizer) -> WordTable:
        """What `save` wrote."""
        with np.load(path) as held:
            vectors = held["vectors"].astype(np.float32)
            return cls(vectors, word_beginnings(tokenizer), held["hashes"], held["numbers"])

    def words_in(self, ids: Ids) -> tuple[Numbers, Numbers]:
        """The words of a batch.

        Args:
            ids: [rows, tokens], padded.

        Returns:
            [words] twice: the place of each word's first sub-word in the flattened batch, and its
            number. Special sub-words and words without a vector are `UNKNOWN`, and stand among
            them, so that what is side by side there is so in the text.
        """
        flat = ids.ravel()
        special = (flat == PAD) | (flat == CLS) | (flat == SEP)
        starts = np.flatnonzero(self.begins[flat] | special)
        hashes = _hashes(flat, starts)
        found = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        known = (self.hashes[found] == hashes) & ~special[starts]
        return starts, np.where(known, self.numbers[found], UNKNOWN)


class Spelled(NamedTuple):
    """All spellings of some words as sub-words, one after the other.

    Attributes:
        pieces: the sub-words.
        starts: [spellings], where each begins.
        numbers: [spellings], whose it is.
    """

    pieces: Numbers
    starts: Numbers
    numbers: Numbers


def spell(words: WordVectors, tokenizer: Tokenizer) -> Spelled:
    """Words as they are, capitalized and in capitals; not those with an unknown sub-word."""
    forms = [
        (form, number)
        for number, word in enumerate(words.words)
        for form in dict.fromkeys((word, word[:1].upper() + word[1:], word.upper()))
    ]
    encoded = tokenizer.encode_batch([form for form, _ in forms], add_special_tokens=False)
    unknown = tokenizer.token_to_id("[UNK]")
    kept = [
        (ids, number)
        for ids, (_, number) in zip((found.ids for found in encoded), forms, strict=True)
        if ids and unknown not in ids
    ]
    starts = np.cumsum([0, *(len(ids) for ids, _ in kept[:-1])])
    pieces = np.fromiter((piece for ids, _ in kept for piece in ids), np.int64)
    return Spelled(pieces, starts, np.array([number for _, number in kept]))


def make_table(words: WordVectors, spelled: Spelled, tokenizer: Tokenizer) -> WordTable:
    """The table of some words; of two that are spelled alike, the more frequent one counts."""
    hashes = _hashes(spelled.pieces, spelled.starts)
    order = np.lexsort((-words.counts[spelled.numbers], hashes))
    hashes, numbers = hashes[order], spelled.numbers[order]
    first = np.append(True, hashes[1:] != hashes[:-1])
    return WordTable(words.vectors, word_beginnings(tokenizer), hashes[first], numbers[first])


def starting_vectors(words: WordVectors, spelled: Spelled, vocabulary: int) -> Floats:
    """[vocabulary, size], a vector for each sub-word; zeros for those that stand in no word.

    That of the word it is, if it is one, and of the words that it is a part of.
    """
    lengths = np.diff(np.append(spelled.starts, len(spelled.pieces)))
    first = np.zeros(len(spelled.pieces), np.bool_)
    first[spelled.starts] = True
    alone = np.repeat(lengths, lengths) == 1
    word = np.repeat(spelled.numbers, lengths)
    weight = np.where(alone, 1.0, np.where(first, _FIRST, _INNER)) * np.sqrt(
        words.counts[word] + 0.5
    )
    total = np.zeros((vocabulary, words.vectors.shape[1]))
    np.add.at(total, spelled.pieces, words.vectors[word] * weight[:, None])
    total *= _NORM / np.maximum(np.linalg.norm(total, axis=1, keepdims=True), 1e-9)
    found: Floats = total.astype(np.float32)
    return found


def _hashes(flat: npt.NDArray[np.signedinteger], starts: Numbers) -> npt.NDArray[np.uint64]:
    """[words], one for each run of sub-words from a start to the next."""
    place = np.arange(len(flat)) - np.repeat(starts, np.diff(np.append(starts, len(flat))))
    with np.errstate(over="ignore"):
        values = (flat.astype(np.uint64) + np.uint64(7)) * _POWERS[np.minimum(place, _LONGEST - 1)]
        hashes: npt.NDArray[np.uint64] = np.add.reduceat(values, starts)
    return hashes
