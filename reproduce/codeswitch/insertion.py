"""Matrix-language insertion: constituents of one language inside the frame of the other."""

from __future__ import annotations

from typing import NamedTuple

from reproduce.codeswitch.mixed import FIRST, SECOND, Mixed, Origin, compose
from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.world.draw import Draw, shuffled

# Function words by themselves belong to the frame.
_CONTENT = frozenset(("NOUN", "ADJ", "VERB", "ADV", "NUM", "PROPN"))


class Constituent(NamedTuple):
    """A subtree that is one run of words in both sentences: [start, stop) in each."""

    first: tuple[int, int]
    second: tuple[int, int]


class _Yield(NamedTuple):
    start: int
    stop: int
    size: int


def constituents(bitext: Bitext) -> list[Constituent]:
    """Subtrees of the first sentence that translate into a subtree of the second, word by word."""
    links = dict(bitext.links)
    back = {j: i for i, j in bitext.links}
    one, other = _yields(bitext.first), _yields(bitext.second)
    assert bitext.first.heads is not None and bitext.first.tags is not None
    found = []
    for place, (head, tag) in enumerate(zip(bitext.first.heads, bitext.first.tags, strict=True)):
        if not head or tag not in _CONTENT or place not in links:
            continue
        a, b = one[place], other[links[place]]
        whole = all(y.stop - y.start == y.size for y in (a, b))
        inside = all(b.start <= links.get(i, b.start) < b.stop for i in range(a.start, a.stop))
        inside &= all(a.start <= back.get(j, a.start) < a.stop for j in range(b.start, b.stop))
        if whole and inside:
            found.append(Constituent((a.start, a.stop), (b.start, b.stop)))
    return found


def mix_by_insertion(bitext: Bitext, switches: int, draw: Draw) -> Mixed:
    """Insert constituents of the second sentence into the first, about two switches for each."""
    chosen: list[Constituent] = []
    for candidate in shuffled(draw, constituents(bitext)):
        if 2 * len(chosen) >= switches:
            break
        (start, stop), spoken = candidate.first, bitext.first.tags
        shows = spoken is not None and any(t not in ("PROPN",) for t in spoken[start:stop])
        if shows and all(stop <= c.first[0] or start >= c.first[1] for c in chosen):
            chosen.append(candidate)
    origins: list[Origin] = []
    place = 0
    for (start, stop), (low, high) in sorted(chosen):
        origins += [Origin(FIRST, i) for i in range(place, start)]
        origins += [Origin(SECOND, j) for j in range(low, high)]
        place = stop
    origins += [Origin(FIRST, i) for i in range(place, len(bitext.first.words))]
    return compose(bitext, origins, "insertion")


def _yields(sentence: Sentence) -> list[_Yield]:
    """For each word the first and last word of its subtree, and how many there are."""
    assert sentence.heads is not None
    n = len(sentence.words)
    low, high, size = list(range(n)), list(range(n)), [0] * n
    for place in range(n):
        node = place
        while True:
            low[node], high[node] = min(low[node], place), max(high[node], place)
            size[node] += 1
            if not sentence.heads[node]:
                break
            node = sentence.heads[node] - 1
    return [_Yield(a, b + 1, s) for a, b, s in zip(low, high, size, strict=True)]
