"""The equivalence constraint: switch only where the word orders of both languages agree.

A switch between two words is allowed where no word that is linked stands before it in one language
and after it in the other, so that no child of a rule changes sides, and where no word that one
language alone has (an article, an auxiliary) is parted from its head: there the two rules differ.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reproduce.codeswitch.mixed import FIRST, SECOND, Mixed, Origin, compose
from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.world.draw import Draw, shuffled


class Cut(NamedTuple):
    """A place where a switch is allowed: words before it in the first and second sentence."""

    first: int
    second: int


def allowed_cuts(bitext: Bitext) -> tuple[Cut, ...]:
    """All places where the constraint allows a switch, in order; in linear time."""
    n, m = len(bitext.first.words), len(bitext.second.words)
    links = dict(bitext.links)
    whole = [_unparted(side, linked) for side, linked in (
        (bitext.first, set(links)), (bitext.second, set(links.values()))
    )]  # fmt: skip
    # Of the translations of the words from each place on, the first.
    following = [m] * (n + 1)
    for place in reversed(range(n)):
        following[place] = min(following[place + 1], links.get(place, m))
    cuts: list[Cut] = []
    reached = 0  # words of the second sentence up to the last translation of what came before
    for place in range(1, n):
        reached = max(reached, links.get(place - 1, -1) + 1)
        if not whole[FIRST][place] or reached > following[place]:
            continue
        low = max(reached, cuts[-1].second if cuts else 0, 1)
        fitting = [j for j in range(low, min(following[place], m - 1) + 1) if whole[SECOND][j]]
        if fitting:
            cuts.append(Cut(place, fitting[0]))
    return tuple(cuts)


def _unparted(sentence: Sentence, linked: set[int]) -> list[bool]:
    """For each number of words before a cut: does it leave words without link by their heads?"""
    assert sentence.heads is not None and sentence.tags is not None
    change = [0] * (len(sentence.words) + 2)
    for place, (head, tag) in enumerate(zip(sentence.heads, sentence.tags, strict=True)):
        if place in linked:
            continue
        if tag == "PUNCT":  # no rule of the grammar: it stays with the word before it
            head = place if place else min(2, len(sentence.words))
        if head:
            low, high = sorted((place, head - 1))
            change[low + 1] += 1
            change[high + 1] -= 1
    depth, out = 0, []
    for step in change[: len(sentence.words) + 1]:
        depth += step
        out.append(depth == 0)
    return out


def mix_by_equivalence(bitext: Bitext, switches: int, draw: Draw) -> Mixed:
    """Switch so often, or as often as is allowed; with 0 one of the two sentences comes back."""
    cuts = _seen(bitext, allowed_cuts(bitext))
    chosen = sorted(shuffled(draw, cuts)[:switches])
    side = FIRST if draw() < 0.5 else SECOND
    return compose(bitext, path(bitext, chosen, side), "ec")


def path(bitext: Bitext, cuts: Sequence[Cut], start: int) -> list[Origin]:
    """The words in order, from the sentence `start`, changing sentences at every cut."""
    ends = (len(bitext.first.words), len(bitext.second.words))
    origins: list[Origin] = []
    side, before = start, Cut(0, 0)
    for cut in (*cuts, Cut(*ends)):
        origins += [Origin(side, place) for place in range(before[side], cut[side])]
        side, before = 1 - side, cut
    return origins


def _seen(bitext: Bitext, cuts: Sequence[Cut]) -> list[Cut]:
    """Those with a word that has a language on either side before the next: others do not show."""
    kept: list[Cut] = []
    before = Cut(0, 0)
    for cut in cuts:
        if all(_speaks(s, before[k], cut[k]) for k, s in enumerate((bitext.first, bitext.second))):
            kept.append(cut)
            before = cut
    while kept and not all(
        _speaks(s, kept[-1][k], len(s.words)) for k, s in enumerate((bitext.first, bitext.second))
    ):
        kept.pop()
    return kept


def _speaks(sentence: Sentence, start: int, stop: int) -> bool:
    assert sentence.tags is not None
    return any(tag not in ("PUNCT", "SYM", "PROPN", "NUM") for tag in sentence.tags[start:stop])
