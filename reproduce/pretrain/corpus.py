"""Pretraining text: documents of the world as shards of sub-word ids on disk."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from reproduce.atomic import replacing
from reproduce.errors import ReproduceError
from reproduce.nouns.sentence import Sentence
from reproduce.pretrain.recipe import Recipe
from reproduce.pretrain.tokenizer import WordEncoder, train_tokenizer

Ids = npt.NDArray[np.int32]

# Documents per language that the tokenizer is trained on; `topic-free` draws its words from them.
TOKENIZER_DOCUMENTS = 1_500
# Documents from here on are never trained on: the held-out loss is measured on them.
HELD_OUT_START = 50_000_000
SHARD_DOCUMENTS = 250  # per language


class TextSource(Protocol):
    """What the pretrainer needs of a world."""

    @property
    def languages(self) -> Mapping[str, object]:
        """The languages by code."""
        ...

    @property
    def text_digest(self) -> str:
        """What fixes its running text."""
        ...

    def document(self, language: str, index: int) -> tuple[Sentence, ...]:
        """Coherent sentences that stand in no other split."""
        ...


def make_world(kinship: bool) -> TextSource:
    """The embedded world, or its counter-world in which families share neither roots nor orders."""
    from reproduce.world import World

    return World(kinship=kinship, shared_order=kinship)


@dataclass(frozen=True, eq=False)
class Shard:
    """Documents as flat arrays.

    Attributes:
        ids: sub-words of all sentences, without special ones.
        sentences: [sentences + 1], where each sentence starts in `ids`.
        documents: [documents + 1], where each document starts in `sentences`.
        languages: [documents], position of the language in the sorted codes.
    """

    ids: Ids
    sentences: Ids
    documents: Ids
    languages: Ids


Words = tuple[str, ...]
Rewrite = Callable[[Words, str, np.random.Generator], Words]


def _as_written(words: Words, language: str, rng: np.random.Generator) -> Words:
    return words


def _scrambled(words: Words, language: str, rng: np.random.Generator) -> Words:
    return tuple(words[i] for i in rng.permutation(len(words)))


def rewriter(arm: str, unigrams: Mapping[str, Words]) -> Rewrite:
    """What an arm does to the words of a sentence; `unigrams` is running text by language."""

    def topic_free(words: Words, language: str, rng: np.random.Generator) -> Words:
        text = unigrams[language]
        return tuple(text[i] for i in rng.integers(0, len(text), len(words)))

    return {"full": _as_written, "scrambled": _scrambled, "topic-free": topic_free}[arm]


class Corpus:
    """Makes the tokenizer and the shards of one recipe from one world."""

    def __init__(self, world: TextSource, recipe: Recipe, tokenizer: Tokenizer | None = None):
        self._world = world
        self._recipe = recipe
        self.codes = sorted(world.languages)
        self._sample: dict[str, Words] = {}
        self.tokenizer = tokenizer or self._train_tokenizer()
        self._encode = WordEncoder(self.tokenizer)
        unigrams = self._unigrams() if recipe.arm == "topic-free" else {}
        self._rewrite = rewriter(recipe.arm, unigrams)

    def _sentences(self, code: str) -> Iterator[Words]:
        for index in range(TOKENIZER_DOCUMENTS):
            for sentence in self._world.document(code, index):
                yield sentence.words

    def _unigrams(self) -> dict[str, Words]:
        if not self._sample:
            self._sample = {
                code: tuple(word for words in self._sentences(code) for word in words)
                for code in self.codes
            }
        return self._sample

    def _train_tokenizer(self) -> Tokenizer:
        text = self._unigrams()
        lines = (
            " ".join(words[i : i + 64])
            for _, words in sorted(text.items())
            for i in range(0, len(words), 64)
        )
        return train_tokenizer(lines, self._recipe.vocabulary)

    def shard(self, number: int) -> Shard:
        """Shard `number`: the next documents of every language; -1 is held out."""
        start = HELD_OUT_START if number < 0 else number * SHARD_DOCUMENTS
        ids: list[int] = []
        sentences, documents, languages = [0], [0], []
        for position, code in enumerate(self.codes):
            rng = np.random.default_rng([self._recipe.seed, number + 1, position])
            for index in range(start, start + SHARD_DOCUMENTS):
                for sentence in self._world.document(code, index):
                    words = self._rewrite(sentence.words, code, rng)
                    ids.extend(self._encode(words))
                    sentences.append(len(ids))
                documents.append(len(sentences) - 1)
                languages.append(position)
        return Shard(*(np.array(a, np.int32) for a in (ids, sentences, documents, languages)))


def write_shard(shard: Shard, path: Path) -> None:
    """Write a shard so that a reader never sees half of one."""
    with replacing(path) as partial, partial.open("wb") as file:
        np.savez(file, **vars(shard))


def read_shard(path: Path) -> Shard:
    """Read what `write_shard` wrote."""
    with np.load(path) as arrays:
        return Shard(**{name: arrays[name] for name in arrays.files})


def pass_size(recipe: Recipe) -> float:
    """How many sub-words of text one pass needs."""
    return recipe.tokens / recipe.passes


def _make_shards(folder: str, recipe: Recipe, tokenizer: str) -> None:
    corpus = Corpus(make_world(recipe.kinship), recipe, Tokenizer.from_str(tokenizer))
    total = number = 0
    while total < pass_size(recipe):
        path = Path(folder) / f"{number:05d}.npz"
        if not path.exists():
            write_shard(corpus.shard(number), path)
        total += len(read_shard(path).ids)
        number += 1


class Shards(Protocol):
    """Where the training loop takes its text from."""

    def get(self, number: int) -> Shard:
        """Shard `number`, from 0; -1 is the held-out one."""
        ...


class InlineShards:
    """Shards made when asked for, in this process."""

    def __init__(self, corpus: Corpus):
        self._corpus = corpus

    def get(self, number: int) -> Shard:
        """Make the shard."""
        return self._corpus.shard(number)


class BackgroundShards:
    """Shards that another process writes to a folder while this one trains.

    It makes the embedded world itself, from the recipe; shards that lie there already are kept.
    """

    def __init__(self, corpus: Corpus, recipe: Recipe, folder: Path):
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._held_out = corpus.shard(-1)
        self._process = get_context("spawn").Process(
            target=_make_shards,
            args=(str(folder), recipe, corpus.tokenizer.to_str()),
            daemon=True,
        )

    def __enter__(self) -> BackgroundShards:
        self._process.start()
        return self

    def __exit__(self, *_: Any) -> None:
        self._process.terminate()
        self._process.join()

    def get(self, number: int) -> Shard:
        """Wait for the shard and read it.

        Raises:
            ReproduceError: the other process ended before it wrote the shard.
        """
        if number < 0:
            return self._held_out
        path = self._folder / f"{number:05d}.npz"
        while not path.exists():
            if not self._process.is_alive() and not path.exists():
                raise ReproduceError(f"the process that makes the text ended before {path.name}")
            time.sleep(0.05)
        return read_shard(path)
