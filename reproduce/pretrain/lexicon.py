"""Word translations as sub-words, to mix languages in a sentence."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.translations import Entry
from reproduce.pretrain.word_vectors import PIVOT

Word = tuple[int, ...]  # its sub-words


@dataclass(eq=False)
class Choices:
    """Translations of one word, and how much each weighs."""

    words: list[tuple[str, Word]] = field(default_factory=list)
    bounds: list[float] = field(default_factory=list)  # sums of the weights so far

    def add(self, language: str, word: Word, weight: float) -> None:
        """One more."""
        self.words.append((language, word))
        self.bounds.append(weight + (self.bounds[-1] if self.bounds else 0.0))

    def at(self, share: float) -> tuple[str, Word]:
        """The one that a number between 0 and 1 falls on."""
        found = bisect_right(self.bounds, share * self.bounds[-1])
        return self.words[min(found, len(self.words) - 1)]


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words and their translations.

    Attributes:
        translations: language -> word -> its translations.
    """

    translations: dict[str, dict[Word, Choices]]

    @classmethod
    def read(cls, path: Path, tokenizer: Tokenizer) -> Lexicon:
        """What `prepare` wrote; empty where it wrote nothing."""
        translations: dict[str, dict[Word, Choices]] = {}
        entries = [*_entries(path)] if path.exists() else []
        english = _encoded([e.english for e in entries], tokenizer)
        others = _encoded([e.word for e in entries], tokenizer)
        for entry, one, two in zip(entries, english, others, strict=True):
            if one and two:
                there = translations.setdefault(PIVOT, {}).setdefault(one, Choices())
                back = translations.setdefault(entry.language, {}).setdefault(two, Choices())
                there.add(entry.language, two, entry.weight)
                back.add(PIVOT, one, entry.weight)
        return cls(translations)

    def mix(
        self,
        sentence: Ids,
        language: str,
        share: float,
        begins: npt.NDArray[np.bool_],
        rng: np.random.Generator,
    ) -> Ids:
        """A sentence in which a share of the words that have translations are replaced by one.

        From a language other than English half of them go on to a third language.
        """
        known = self.translations.get(language, {})
        if not known:
            return sentence
        words = np.split(sentence, np.flatnonzero(begins[sentence[1:]]) + 1)
        draws = rng.random((len(words), 3))
        made: list[int] = []
        for word, (chosen, which, further) in zip(words, draws, strict=True):
            ids: Word = tuple(word.tolist())
            found = known.get(ids) if chosen < share else None
            if found:
                to, ids = found.at(which)
                onward = self.translations[PIVOT].get(ids) if to == PIVOT else None
                if onward and further < 0.5:
                    ids = onward.at(2 * further)[1]
            made.extend(ids)
        return np.array(made, np.int32)


def _entries(path: Path) -> Iterator[Entry]:
    """Each entry, and again with capitals, as at the beginning of a sentence."""
    with path.open() as lines:
        for line in lines:
            entry = Entry(*json.loads(line))
            yield entry
            both = _capital(entry.english), entry.language, _capital(entry.word)
            capital = Entry(*both, entry.weight)
            if capital != entry:
                yield capital


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _encoded(words: list[str], tokenizer: Tokenizer) -> list[Word]:
    """Sub-words; of a word that is unknown in any part, none."""
    unknown = tokenizer.token_to_id("[UNK]")
    found = tokenizer.encode_batch(words, add_special_tokens=False)
    return [() if unknown in e.ids else tuple(e.ids) for e in found]
