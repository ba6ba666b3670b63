"""Sentences with their annotation: what the world and every reader yield."""

from __future__ import annotations

from dataclasses import dataclass

# Standard library only: the pretrainer uses these types on machines that have torch alone.


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, a word a position; every annotation has one entry per word, or is None.

    Attributes:
        words: the forms.
        language: code of the (main) language.
        id: unique within its corpus.
        cluster: the meaning that parallel sentences share; the cluster of the statistics.
        tags: universal part-of-speech tags.
        entities: named entities, BIO.
        heads: dependency head of each word, 1-based, 0 for the root.
        relations: dependency relation of each word to its head.
        languages: language id of each word.
        lemmas: dictionary form of each word.
        label: of the whole sentence.
    """

    words: tuple[str, ...]
    language: str
    id: str
    cluster: str
    tags: tuple[str, ...] | None = None
    entities: tuple[str, ...] | None = None
    heads: tuple[int, ...] | None = None
    relations: tuple[str, ...] | None = None
    languages: tuple[str, ...] | None = None
    lemmas: tuple[str, ...] | None = None
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SentencePair:
    """Two sentences of one language and their relation (entailment, paraphrase, ...)."""

    first: Sentence
    second: Sentence
    label: str
    id: str
    cluster: str


Example = Sentence | SentencePair

UPOS = (
    "ADJ",
    "ADP",
    "ADV",
    "AUX",
    "CCONJ",
    "DET",
    "INTJ",
    "NOUN",
    "NUM",
    "PART",
    "PRON",
    "PROPN",
    "PUNCT",
    "SCONJ",
    "SYM",
    "VERB",
    "X",
)
"""The universal part-of-speech tags."""
