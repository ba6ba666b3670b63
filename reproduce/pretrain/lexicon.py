"""Word translations as sub-words: to mix languages in a sentence, and to pull words together."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from reproduce.pretrain.corpus import Ids
from reproduce.pretrain.translations import PIVOT, Entry

Word = tuple[int, ...]  # its sub-words

_LONGEST = 6  # sub-words of a word in a pair that is pulled together


@dataclass(frozen=True, eq=False)
class Lexicon:
    """Words and their translations.

    Attributes:
        translations: language -> word -> (language, word) of its translations.
        pairs: (English word, other word), each once.
    """

    translations: dict[str, dict[Word, list[tuple[str, Word]]]]
    pairs: list[tuple[Word, Word]]

    @classmethod
    def read(cls, path: Path, tokenizer: Tokenizer) -> Lexicon:
        """What `prepare` wrote; empty where it wrote nothing."""
        translations: dict[str, dict[Word, list[tuple[str, Word]]]] = {}
        pairs: dict[tuple[Word, Word], None] = {}
        entries = [*_entries(path)] if path.exists() else []
        english = _encoded([e.english for e in entries], tokenizer)
        others = _encoded([e.word for e in entries], tokenizer)
        for entry, one, two in zip(entries, english, others, strict=True):
            if not one or not two:
                continue
            there = translations.setdefault(PIVOT, {}).setdefault(one, [])
            back = translations.setdefault(entry.language, {}).setdefault(two, [])
            there.append((entry.language, two))
            back.append((PIVOT, one))
            if max(len(one), len(two)) <= _LONGEST:
                pairs[one, two] = None
        return cls(translations, list(pairs))

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
                to, ids = found[int(which * len(found))]
                onward = self.translations[PIVOT].get(ids) if to == PIVOT else None
                if onward and further < 0.5:
                    ids = onward[int(2 * further * len(onward))][1]
            made.extend(ids)
        return np.array(made, np.int32)

    def sample(
        self, count: int, rng: np.random.Generator
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """[count, sub-words] twice: English words and their translations, padded with 0."""
        chosen = [self.pairs[i] for i in rng.integers(len(self.pairs), size=count)]
        return _padded([one for one, _ in chosen]), _padded([two for _, two in chosen])


def _entries(path: Path) -> Iterator[Entry]:
    """Each entry, and again with capitals, as at the beginning of a sentence."""
    with path.open() as lines:
        for line in lines:
            entry = Entry(*json.loads(line))
            yield entry
            capital = Entry(_capital(entry.english), entry.language, _capital(entry.word))
            if capital != entry:
                yield capital


def _capital(word: str) -> str:
    return word[:1].upper() + word[1:]


def _encoded(words: list[str], tokenizer: Tokenizer) -> list[Word]:
    """Sub-words; of a word that is unknown in any part, none."""
    unknown = tokenizer.token_to_id("[UNK]")
    found = tokenizer.encode_batch(words, add_special_tokens=False)
    return [() if unknown in e.ids else tuple(e.ids) for e in found]


def _padded(words: list[Word]) -> npt.NDArray[np.int64]:
    made = np.zeros((len(words), max(map(len, words))), np.int64)
    for row, word in enumerate(words):
        made[row, : len(word)] = word
    return made
