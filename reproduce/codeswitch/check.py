"""An independent check of the equivalence constraint, from a derivation and the two trees.

It shares no code with the generator: it walks the rules of both trees (a head with its children) at
every switch, and counts how often every unit of meaning is expressed.
"""

from __future__ import annotations

from collections import Counter

from reproduce.codeswitch.mixed import Mixed


def violations(mixed: Mixed) -> list[str]:
    """What breaks the equivalence constraint, in words; empty if nothing does."""
    return [*_content(mixed), *_order(mixed), *_switches(mixed)]


def _content(mixed: Mixed) -> list[str]:
    """Every linked pair is expressed by exactly one of its words."""
    bitext, used = mixed.bitext, Counter(mixed.origins)
    found = [f"{o} occurs {n} times" for o, n in used.items() if n > 1]
    for i, j in bitext.links:
        times = used[(0, i)] + used[(1, j)]  # type: ignore[index]
        if times != 1:
            word = bitext.first.words[i]
            found.append(f"{word!r} (word {i + 1}) is expressed {times} times")
    return found


def _order(mixed: Mixed) -> list[str]:
    """Within a language the words stand in that language's order."""
    found = []
    for side in (0, 1):
        places = [o.place for o in mixed.origins if o.side == side]
        if places != sorted(places):
            found.append(f"words of sentence {side + 1} stand in another order than in it")
    return found


def _switches(mixed: Mixed) -> list[str]:
    found = []
    for at in range(1, len(mixed.origins)):
        before, after = mixed.origins[at - 1], mixed.origins[at]
        if before.side != after.side:
            found += [f"switch before word {at + 1}: {text}" for text in _parted(mixed, at)]
    return found


def _parted(mixed: Mixed, at: int) -> list[str]:
    """Children of rules that stand on different sides of a switch in the two languages."""
    bitext = mixed.bitext
    before, after = mixed.origins[at - 1], mixed.origins[at]
    # Words of either language that stand before the switch in its own monolingual sentence.
    limits = [0, 0]
    limits[before.side] = before.place + 1
    limits[after.side] = after.place
    translate = dict(bitext.links)
    back = {j: i for i, j in bitext.links}
    found = []
    for side, sentence, other in ((0, bitext.first, translate), (1, bitext.second, back)):
        assert sentence.heads is not None and sentence.tags is not None
        for child, head in enumerate(sentence.heads):
            word, here = sentence.words[child], child < limits[side]
            if child in other:
                if here != (other[child] < limits[1 - side]):
                    found.append(f"{word!r} stands on different sides in the two languages")
            elif sentence.tags[child] != "PUNCT" and head and here != (head - 1 < limits[side]):
                found.append(f"{word!r}, which one language alone has, is parted from its head")
    return found
