"""The embedded world: any sentence of any language, from its index alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import cached_property, lru_cache
from types import MappingProxyType

from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence, SentencePair
from reproduce.world.balance import accepted
from reproduce.world.discourse import discourse
from reproduce.world.draw import stream
from reproduce.world.inference import Inference
from reproduce.world.inventory import inventory
from reproduce.world.languages import SOURCE_LANGUAGE, LanguageProfile, profiles
from reproduce.world.lexicon import Lexicon
from reproduce.world.meaning import Event, Part, Sampler
from reproduce.world.pairs import LABELS, Pair, PairWriter
from reproduce.world.paraphrase import Paraphrase
from reproduce.world.realize import Expressed, Realizer

WORLD_VERSION = "1"

_PARTS = (
    ("train", 2), ("dev", 1), ("test", 1), ("nli-train", 2), ("paraphrase-train", 1),
    ("pair-dev", 1), ("pair-test", 1),
)  # fmt: skip
SPLITS = ("pretrain", "train", "dev", "test")


class World:
    """A multilingual corpus without end; frozen.

    The counter-worlds, in which a truth that is built in must come out refuted, are parameters:

    Args:
        kinship: words of a family are related; without it, each language has roots of its own.
        shared_order: languages of a family share word orders; without it, each draws its own.
    """

    def __init__(self, *, kinship: bool = True, shared_order: bool = True):
        self.kinship = kinship
        self.shared_order = shared_order
        self.languages: Mapping[str, LanguageProfile] = MappingProxyType(
            profiles(shared_order=shared_order)
        )
        self._inventory = inventory()
        self._sampler = Sampler(self._inventory)
        writer = PairWriter(self._sampler)
        self.writers: dict[str, Inference | Paraphrase] = {
            "nli": Inference(writer),
            "paraphrase": Paraphrase(writer),
        }
        # A pair has the same meaning in all languages: found once.
        self._meaning = lru_cache(maxsize=20_000)(self._pair_meaning)
        self._realizers: dict[str, Realizer] = {}
        # Disjoint parts of all meanings: one a language for pretraining, then the splits.
        self._parts = {code: Part(i, i + 1) for i, code in enumerate(self.languages)}
        low = len(self.languages)
        for name, size in _PARTS:
            self._parts[name] = Part(low, low + size)
            low += size
        assert low == Part.BUCKETS

    def __repr__(self) -> str:
        return f"World(kinship={self.kinship}, shared_order={self.shared_order})"

    @cached_property
    def text_digest(self) -> str:
        """SHA-256 of what fixes the running text: all that a pretraining depends on."""
        probe = {
            "version": WORLD_VERSION,
            "kinship": self.kinship,
            "shared_order": self.shared_order,
            "languages": [asdict(p) for p in self.languages.values()],
            "concepts": self._inventory.names,
            "sentences": [
                self.sentence(code, "dev", index).words
                for code in self.languages
                for index in range(6)
            ],
            "documents": [
                [s.words for s in self.document(code, index)]
                for code in self.languages
                for index in range(2)
            ],
        }
        return _sha256(probe)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the version, the parameters, the tables, some sentences and some pairs."""
        pairs = [
            (pair.first.words, pair.second.words, pair.label)
            for task in LABELS
            for code in self.languages
            for pair in (self.pair(task, code, "dev", index) for index in range(6))
        ]
        return _sha256({"text": self.text_digest, "pairs": pairs})

    def lexicon(self, language: str) -> Lexicon:
        """The words of a language."""
        return self._realizer(language).lexicon

    def _realizer(self, language: str) -> Realizer:
        found = self._realizers.get(language)
        if found is None:
            lexicon = Lexicon(self._inventory, self.languages[language], kinship=self.kinship)
            found = self._realizers[language] = Realizer(lexicon)
        return found

    def sentence(self, language: str, split: str, index: int) -> Sentence:
        """One sentence; in train, dev and test the index has the same meaning in all languages.

        Raises:
            KeyError: no such language or split.
        """
        own = split == "pretrain"
        name = f"{split}-{language}-{index}" if own else f"{split}-{index}"
        event = self._event(name, self._parts[language if own else split])
        return self._realizer(language).sentence(event, f"{language}-{split}-{index}", name)

    def translation(self, first: str, second: str, split: str, index: int) -> Bitext:
        """A sentence of train, dev or test in two languages, with gold links between its words.

        Words are linked that express the same part of the meaning; a word that one language alone
        has, such as an article, has no link.

        Raises:
            KeyError: no such language or split.
        """
        name = f"{split}-{index}"
        event = self._event(name, self._parts[split])
        one, other = (
            self._realizer(code).realized(event, f"{code}-{name}", name) for code in (first, second)
        )
        return Bitext(one.sentence, other.sentence, _links(one.parts, other.parts))

    def _event(self, name: str, part: Part) -> Event:
        draw = stream("sentence", name)
        topic = self._sampler.topic(draw)
        return self._sampler.sentence(draw, part, topic)

    def document(self, language: str, index: int) -> tuple[Sentence, ...]:
        """Two to six sentences of one topic, for pretraining: things recur, some are restated."""
        name = f"document-{language}-{index}"
        events = discourse(self._sampler, stream(name), self._parts[language])
        realizer = self._realizer(language)
        return tuple(
            realizer.sentence(event, f"{name}-{k}", f"{name}-{k}") for k, event in enumerate(events)
        )

    def pair(self, task: str, language: str, split: str, index: int) -> SentencePair:
        """One pair of `nli` or `paraphrase`; the index has the same meaning in all languages.

        Raises:
            KeyError: no such task, language or split.
        """
        pair = self._meaning(task, split, index)
        realizer, name = self._realizer(language), f"{task}-{split}-{index}"
        first = realizer.sentence(pair.first, f"{language}-{name}-1", f"{name}-1")
        second = realizer.sentence(pair.second, f"{language}-{name}-2", f"{name}-2")
        return SentencePair(first, second, pair.label, f"{language}-{name}", name)

    def _pair_meaning(self, task: str, split: str, index: int) -> Pair:
        part = self._parts[f"{task}-train" if split == "train" else f"pair-{split}"]
        label, attempt = "", 0
        while True:
            draw = stream("pair", task, split, index, attempt)
            # The label is drawn once: what is refused must not unbalance the labels.
            pair = self.writers[task].pair(draw, part, label)
            if accepted(task, draw, pair, self._source_words):
                return pair
            label, attempt = pair.label, attempt + 1

    def _source_words(self, event: Event) -> tuple[str, ...]:
        return self.words(SOURCE_LANGUAGE, event)

    def words(self, language: str, event: Event) -> tuple[str, ...]:
        """A meaning in the words of a language."""
        return self._realizer(language).sentence(event, "", "").words


def _links(one: Sequence[Expressed], other: Sequence[Expressed]) -> tuple[tuple[int, int], ...]:
    """Pairs of places that express the same part; repeated ones are paired in their order."""
    places: dict[Expressed, list[list[int]]] = {}
    for side, parts in enumerate((one, other)):
        for place, part in enumerate(parts):
            places.setdefault(part, [[], []])[side].append(place)
    return tuple(
        sorted(
            pair
            for left, right in places.values()
            if len(left) == len(right)
            for pair in zip(left, right, strict=True)
        )
    )


def _sha256(value: object) -> str:
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


__all__ = ["SOURCE_LANGUAGE", "SPLITS", "WORLD_VERSION", "World"]
