"""The source `codeswitch`: real and generated mixed sentences of two languages of the world.

A corpus `ava--kyr` holds what bilingual speakers say, and `ava--kyr@ec` what a generator makes of
aligned sentences; `@source`, `@second` and `@both` are monolingual sentences of the same meanings.
`@roman` and `@native` are the real sentences in one script.
"""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from reproduce.codeswitch.generate import METHODS, Generated, generate, mixer
from reproduce.codeswitch.profile import profile
from reproduce.data.files import content_digest
from reproduce.data.language_ids import lid_labels
from reproduce.errors import DataError
from reproduce.nouns.base import digest
from reproduce.nouns.bitext import Bitext
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.sentence import Example, Sentence
from reproduce.nouns.setting import DataChoice
from reproduce.world.bilingual import SENTENCES_OF_A_SPEAKER, speak, speaker, word_language
from reproduce.world.draw import stream
from reproduce.world.world import World

PLAIN = ("source", "second", "both")
SPOKEN = ("", "roman", "native")
_TASKS = ("pos", "ner", "lid")
_PARALLEL, _REAL = 2_000_000, 3_000_000  # stretches of meanings that no other task reads
_PROBE = 12  # sentences that stand for a corpus of `pins.json` in its digest
_PINS = Path(__file__).with_name("pins.json")
_PROFILED = 500  # real sentences whose switching the generators are to match
_MOST = 20  # bitexts that may be read for each sentence that is wanted


class MixedWorld:
    """Code-switching of the world as a `Source`; it never runs out of examples."""

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`; `language` is a corpus such as `ava--kyr@ec`."""
        if task not in _TASKS:
            raise DataError(
                f"there is no code-switched data of task {task!r}", allowed=", ".join(_TASKS)
            )
        _check(language, split)
        return DataSlice(
            source="codeswitch",
            name="world",
            language=language,
            task=task,
            split=split,
            count=count,
            digest=_digest(language, split, count),
        )

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """See `Source.load`."""
        if piece.digest != _digest(piece.language, piece.split, piece.count):
            raise DataError(
                f"{piece.language} was another when this was planned",
                next_step="plan and run again with this version of the package",
            )
        _check_pinned(piece.language, piece.split, piece.count)
        found = sentences(piece.language, piece.split, piece.count)
        if piece.task != "lid":
            return list(found)
        pair = _codes(piece.language)
        return [replace(s, languages=lid_labels(s.languages or (), pair)) for s in found]


SOURCE = MixedWorld()


@lru_cache(maxsize=1)
def _world() -> World:
    return World()


def known_languages() -> tuple[str, ...]:
    """Codes of the languages of the world."""
    return tuple(_world().languages)


def _codes(pair: str) -> tuple[str, str]:
    """The languages of a pair that was checked."""
    codes = pair_codes(pair)
    assert codes is not None
    return codes


def _check(corpus: str, split: str) -> None:
    pair, _, arm = corpus.partition("@")
    codes = pair_codes(pair)
    known = _world().languages
    if codes is None or any(code not in known for code in codes) or codes[0] == codes[1]:
        raise DataError(
            f"{pair!r} is no pair of two languages of the world",
            allowed="two of " + ", ".join(known) + ", written as in ava--kyr",
        )
    arms = (*SPOKEN, *PLAIN, *METHODS)
    if arm not in arms:
        raise DataError(f"unknown data arm {arm!r}", allowed=", ".join(arms[1:]))
    if arm in METHODS and split != "train":
        raise DataError(f"generated sentences are for training, not for {split!r}")


@lru_cache(maxsize=64)
def _digest(corpus: str, split: str, count: int) -> str:
    """Identity of the content: the world's digest, and sentences of this corpus.

    Some sentences alone for the corpora of the shipped claims, whose others `pins.json` holds in
    place: planning does not have to make them, and cells keep the identity that they had.
    """
    number = _PROBE if pin_key(corpus, split, count) in pins() else count
    probe = [(s.words, s.tags, s.entities, s.languages) for s in sentences(corpus, split, number)]
    return digest([_world().digest, corpus, split, probe])[:32]


def pin_key(corpus: str, split: str, count: int) -> str:
    """Key of `pins`."""
    return f"{corpus}/{split}/{count}"


@lru_cache(maxsize=1)
def pins() -> dict[str, str]:
    """Digests over all sentences of the corpora of the shipped claims.

    `python -m tests.codeswitch.pin_corpora` writes them; that changes what records are of, so
    those made before must be thrown away.
    """
    found: dict[str, str] = json.loads(_PINS.read_text(encoding="utf-8"))
    return found


@lru_cache(maxsize=256)
def whole_digest(corpus: str, split: str, count: int) -> str:
    """Digest over all sentences with their annotation."""
    return content_digest(sentences(corpus, split, count))


def _check_pinned(corpus: str, split: str, count: int) -> None:
    key = pin_key(corpus, split, count)
    if key in pins() and pins()[key] != whole_digest(corpus, split, count):
        raise DataError(
            f"{count} sentences of {corpus} are no longer those that records were made from",
            next_step="the code that makes them has changed: install the package as released",
        )


# A worker runs many cells on the same slices.
@lru_cache(maxsize=64)
def sentences(corpus: str, split: str, count: int) -> tuple[Sentence, ...]:
    """The first sentences of a corpus of the world."""
    pair, _, arm = corpus.partition("@")
    if arm in SPOKEN:
        return tuple(spoken(pair, split, i, arm) for i in range(count))
    if arm in PLAIN:
        return tuple(_plain(bitext(pair, split, i), arm, i) for i in range(count))
    made = generated(pair, arm, count)
    if len(made.sentences) < count:
        raise DataError(f"{corpus} holds {len(made.sentences)} sentences, not {count}")
    return tuple(mixed.sentence for mixed in made.sentences)


def bitext(pair: str, split: str, index: int) -> Bitext:
    """An aligned pair of sentences, of the meanings that the generators work on."""
    first, second = _codes(pair)
    return _world().translation(first, second, split, _PARALLEL + index)


def spoken(pair: str, split: str, index: int, script: str = "") -> Sentence:
    """What a bilingual speaker says; `script` is `roman`, `native`, or empty for the speaker's."""
    first, second = _codes(pair)
    meaning = _world().translation(first, second, split, _REAL + index)
    who = speaker(f"{pair}/{split}", index // SENTENCES_OF_A_SPEAKER)
    roman = {"roman": True, "native": False}.get(script)
    return speak(meaning, who, stream("speak", pair, split, index), roman=roman)


def _plain(pair: Bitext, arm: str, index: int) -> Sentence:
    second = arm == "second" or (arm == "both" and index % 2 == 1)
    found = pair.second if second else pair.first
    ids = tuple(word_language(found, place) for place in range(len(found.words)))
    return replace(found, languages=ids)


def generated(pair: str, method: str, count: int, *, seed: int = 0) -> Generated:
    """Sentences by one generator, whose switching follows the profile of the real training data."""
    first, second = _codes(pair)
    targets = real_spf(pair)
    mix = mixer(method, world_dictionary(first, second))
    bitexts = (bitext(pair, "train", i) for i in range(_MOST * max(count, 50)))
    return generate(bitexts, mix, count=count, targets=targets, seed=seed)


@lru_cache(maxsize=8)
def real_spf(pair: str) -> tuple[float, ...]:
    """Switch-point fractions of the real training sentences that mix languages."""
    real = [spoken(pair, "train", i).languages or () for i in range(_PROFILED)]
    return profile(real, where=pair).spf_values


@lru_cache(maxsize=8)
def world_dictionary(first: str, second: str) -> dict[str, tuple[str, ...]]:
    """Stem of one language -> stems of the same concepts in the other."""
    found: dict[str, dict[str, None]] = {}
    one, other = (_world().lexicon(code).stems for code in (first, second))
    for stem, translation in zip(one, other, strict=True):
        found.setdefault(stem, {})[translation] = None
    return {stem: tuple(options) for stem, options in found.items()}
