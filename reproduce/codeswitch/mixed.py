"""A mixed sentence: words of a sentence and of its translation, with where each comes from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.world.bilingual import repaired, word_language

FIRST, SECOND = 0, 1


class Origin(NamedTuple):
    """Where a word comes from: which sentence of the bitext, and which place in it (from 0)."""

    side: int
    place: int


class Replacement(NamedTuple):
    """A word from a dictionary that stands for the word of its origin."""

    form: str
    lemma: str


@dataclass(frozen=True, slots=True)
class Mixed:
    """A generated sentence.

    Attributes:
        sentence: with tags, entities, tree and the language id of each word.
        origins: the derivation: one for each word; a word from a dictionary has the origin of the
            word that it replaces.
        method: the name of the generator.
        bitext: what it was made from.
    """

    sentence: Sentence
    origins: tuple[Origin, ...]
    method: str
    bitext: Bitext


def compose(
    bitext: Bitext,
    origins: Sequence[Origin],
    method: str,
    *,
    replaced: Mapping[int, Replacement] | None = None,
    name: str = "",
) -> Mixed:
    """The sentence of these words, in this order; every label comes along with its word.

    A head that is not in the sentence is stood for by its translation, or by its own head. Where
    the two trees disagree so that no tree results, the words concerned are attached to the root.

    Args:
        bitext: the sentences.
        origins: of the words, in order.
        method: name of the generator.
        replaced: words from a dictionary, by their place in the first sentence.
        name: the id of the sentence; by default made from that of the first.
    """
    sides = (bitext.first, bitext.second)
    swapped = replaced or {}

    def swap(origin: Origin) -> Replacement | None:
        return swapped.get(origin.place) if origin.side == FIRST else None

    def take(column: Sequence[Sequence[str] | None]) -> list[str] | None:
        if column[FIRST] is None or column[SECOND] is None:
            return None
        return [column[o.side][o.place] for o in origins]  # type: ignore[index]

    swaps = [swap(o) for o in origins]
    words = [
        s.form if s else sides[o.side].words[o.place] for o, s in zip(origins, swaps, strict=True)
    ]
    lemmas = take([side.lemmas for side in sides])
    if lemmas is not None:
        lemmas = [s.lemma if s else lemma for lemma, s in zip(lemmas, swaps, strict=True)]
    entities = take([side.entities for side in sides])
    languages = [
        bitext.second.language if s else word_language(sides[o.side], o.place)
        for o, s in zip(origins, swaps, strict=True)
    ]
    tags = take([side.tags for side in sides])
    relations = take([side.relations for side in sides])
    heads = _heads(bitext, origins)
    if relations is not None and heads is not None:
        relations = [
            "root" if head == 0 else ("dep" if relation == "root" else relation)
            for head, relation in zip(heads, relations, strict=True)
        ]
    sentence = Sentence(
        words=tuple(words),
        language=f"{bitext.first.language}--{bitext.second.language}",
        id=name or f"{bitext.first.id}-{method}",
        cluster=bitext.first.cluster,
        tags=tuple(tags) if tags else None,
        entities=repaired(entities) if entities else None,
        heads=heads,
        relations=tuple(relations) if relations and heads else None,
        languages=tuple(languages),
        lemmas=tuple(lemmas) if lemmas else None,
    )
    return Mixed(sentence, tuple(origins), method, bitext)


def _heads(bitext: Bitext, origins: Sequence[Origin]) -> tuple[int, ...] | None:
    trees = (bitext.first.heads, bitext.second.heads)
    if trees[FIRST] is None or trees[SECOND] is None:
        return None
    links = (dict(bitext.links), {j: i for i, j in bitext.links})
    at = {origin: position for position, origin in enumerate(origins, start=1)}

    def head_of(origin: Origin) -> int:
        side, place = origin
        tree = trees[side]
        assert tree is not None
        while tree[place]:
            place = tree[place] - 1
            other = links[side].get(place)
            found = at.get(Origin(side, place)) or (
                at.get(Origin(1 - side, other), 0) if other is not None else 0
            )
            if found and found != at[origin]:
                return found
        return 0

    return _rooted([head_of(origin) for origin in origins])


def _rooted(heads: list[int]) -> tuple[int, ...]:
    """One root and no cycle: what hangs loose is attached to the first root."""
    root = next((i for i, head in enumerate(heads, start=1) if head == 0), 1)
    heads = [root if head == 0 else head for head in heads]
    heads[root - 1] = 0
    for start in range(1, len(heads) + 1):
        seen, node = {start}, heads[start - 1]
        while node and node not in seen:
            seen.add(node)
            node = heads[node - 1]
        if node:
            heads[start - 1] = root
    return tuple(heads)
