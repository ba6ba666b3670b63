"""Word-by-word mixing in the order of the first sentence: by a dictionary, or at random."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from reproduce.codeswitch.mixed import FIRST, SECOND, Mixed, Origin, Replacement, compose
from reproduce.nouns.bitext import Bitext
from reproduce.world.draw import Draw, pick, shuffled

Dictionary = Mapping[str, Sequence[str]]
"""Word or lemma of one language -> its translations."""

_FRAME = frozenset(("PUNCT", "SYM", "PROPN", "NUM"))


def mix_by_dictionary(
    bitext: Bitext, switches: int, draw: Draw, *, dictionary: Dictionary
) -> Mixed:
    """Replace each word with one probability by a translation; its labels stay (CoSDA).

    The probability is the one that gives so many switches on average: 2 p (1 - p) for each place.
    """
    words = bitext.first.words
    share = probability(switches / max(1, len(words) - 1))
    return replace_words(bitext, share, draw, dictionary=dictionary)


def probability(spf: float) -> float:
    """The probability of replacing a word that gives a switch-point fraction, 1/2 at most."""
    return (1 - math.sqrt(max(0.0, 1 - 2 * spf))) / 2


def replace_words(bitext: Bitext, share: float, draw: Draw, *, dictionary: Dictionary) -> Mixed:
    """Replace each word that the dictionary has with probability `share`."""
    first = bitext.first
    assert first.tags is not None
    replaced = {}
    for place, (word, tag) in enumerate(zip(first.words, first.tags, strict=True)):
        if draw() >= share or tag in _FRAME:
            continue
        lemma = first.lemmas[place] if first.lemmas else word
        found = look_up(word, lemma, dictionary)
        if found:
            form = pick(draw, found)
            replaced[place] = Replacement(form, form)
    origins = [Origin(FIRST, place) for place in range(len(first.words))]
    return compose(bitext, origins, "dictionary", replaced=replaced)


def look_up(word: str, lemma: str, dictionary: Dictionary) -> Sequence[str]:
    """Translations of a word, or of its lemma; case does not count."""
    for key in (word, lemma, word.lower(), lemma.lower()):
        if key in dictionary:
            return dictionary[key]
    return ()


def mix_at_random(bitext: Bitext, switches: int, draw: Draw) -> Mixed:
    """The control: switch anywhere, in the order of the first sentence; no grammar is asked.

    Words between an odd and an even switch are taken from the translation where they have a link.
    """
    n, links = len(bitext.first.words), dict(bitext.links)
    places = sorted(shuffled(draw, range(1, n))[:switches])
    side = FIRST if draw() < 0.5 or not places else SECOND
    origins = []
    for place in range(n):
        side = 1 - side if place in places else side
        other = side == SECOND and place in links
        origins.append(Origin(SECOND, links[place]) if other else Origin(FIRST, place))
    return compose(bitext, origins, "random")
