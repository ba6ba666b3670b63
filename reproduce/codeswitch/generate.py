"""Generating a corpus of mixed sentences whose switching resembles a real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial

from reproduce.codeswitch.equivalence import mix_by_equivalence
from reproduce.codeswitch.insertion import mix_by_insertion
from reproduce.codeswitch.metrics import spf
from reproduce.codeswitch.mixed import Mixed
from reproduce.codeswitch.replacement import Dictionary, mix_at_random, mix_by_dictionary
from reproduce.errors import DataError
from reproduce.nouns.bitext import Bitext
from reproduce.nouns.sentence import Sentence
from reproduce.registry import did_you_mean
from reproduce.world.draw import Draw, pick, stream

METHODS = ("dictionary", "random", "insertion", "ec")
TOLERANCE = 0.1  # how far the mean SPF may lie from its target, as a share of it
PLAIN_SPF = (0.25,)
_DRAWS = 6  # attempts at one sentence
_SETTLED = 20  # sentences after which the mean is more than chance

Mixer = Callable[[Bitext, int, Draw], Mixed]
"""Mixes a bitext with about so many switches."""


@dataclass(frozen=True)
class Generated:
    """A generated corpus.

    Attributes:
        sentences: each with a switch.
        left_out: reason -> number of bitexts that gave no sentence.
        target: the mean switch-point fraction that was asked for.
        spf: the one that was reached.
    """

    sentences: tuple[Mixed, ...]
    left_out: dict[str, int]
    target: float
    spf: float

    @property
    def reached(self) -> bool:
        """Does the mean lie within 10 % of the target?"""
        return abs(self.spf - self.target) <= TOLERANCE * self.target

    def note(self) -> str:
        """One sentence on how the target was met."""
        numbers = f"mean switch-point fraction {self.spf:.3f}, target {self.target:.3f}"
        if self.reached:
            return numbers
        return f"{numbers}: not reached, these sentences allow no better"


def mixer(method: str, dictionary: Dictionary | None = None) -> Mixer:
    """The generator of that name.

    Raises:
        DataError: there is none, or it needs a dictionary and there is none.
    """
    if method == "dictionary":
        if not dictionary:
            raise DataError(
                "there is no dictionary for this pair of languages",
                next_step="give one: lines of word TAB translation",
            )
        return partial(mix_by_dictionary, dictionary=dictionary)
    known: dict[str, Mixer] = {
        "random": mix_at_random,
        "insertion": mix_by_insertion,
        "ec": mix_by_equivalence,
    }
    if method not in known:
        raise DataError(
            f"unknown method {method!r}",
            allowed=", ".join(METHODS),
            next_step=did_you_mean(method, METHODS),
        )
    return known[method]


def generate(
    bitexts: Iterable[Bitext],
    mix: Mixer,
    *,
    count: int,
    targets: Sequence[float] = PLAIN_SPF,
    seed: int = 0,
) -> Generated:
    """Mix bitexts until there are `count` sentences with a switch, or no bitext is left.

    Each sentence is given the switch-point fraction of a sentence drawn from `targets`; what one
    misses, because it allows too few switches or a whole number is too coarse, the next make up
    for. A sentence that would carry the mean away from its target is drawn again, then left out.
    """
    left_out: Counter[str] = Counter()
    sentences: list[Mixed] = []
    reached = 0.0
    target = sum(targets) / len(targets)
    for number, bitext in enumerate(bitexts):
        if len(sentences) == count:
            break
        reason = why_unusable(bitext)
        if not reason:
            draw = stream("mix", seed, number)
            missed = target * len(sentences) - reached
            for _ in range(_DRAWS):
                mixed = _mix(bitext, mix, pick(draw, targets) + missed, draw)
                found = spf(mixed.sentence.languages or ())
                reason = _why_unfit(found, reached, len(sentences), target)
                if not reason:
                    sentences.append(mixed)
                    reached += found
                    break
        if reason:
            left_out[reason] += 1
    mean = reached / len(sentences) if sentences else 0.0
    return Generated(tuple(sentences), dict(left_out), target, mean)


def _mix(bitext: Bitext, mix: Mixer, wanted: float, draw: Draw) -> Mixed:
    places = max(1, len(bitext.first.words) - 1)
    return mix(bitext, min(places, max(1, round(wanted * places))), draw)


def _why_unfit(found: float, reached: float, count: int, target: float) -> str:
    """Why a sentence with this switch-point fraction does not fit; empty if it does."""
    if not found:
        return "no switch came about"
    if count < _SETTLED:
        return ""
    before, after = abs(reached / count - target), abs((reached + found) / (count + 1) - target)
    if after <= before or after <= TOLERANCE / 2 * target:
        return ""
    return "too many switches" if found > target else "too few places for a switch"


def why_unusable(bitext: Bitext) -> str:
    """Why nothing can be made from a bitext; empty if something can."""
    if not bitext.links:
        return "no alignment"
    sides = (bitext.first, bitext.second)
    if any(s.heads is None or s.tags is None for s in sides):
        return "no tree"
    if any(not is_tree(s) for s in sides):
        return "the tree has a cycle or not one root"
    return ""


def is_tree(sentence: Sentence) -> bool:
    """Do the heads make one tree: one root, and every word below it?"""
    heads = sentence.heads or ()
    if sum(head == 0 for head in heads) != 1 or any(head > len(heads) for head in heads):
        return False
    return all(_reaches_root(heads, start) for start in range(len(heads)))


def _reaches_root(heads: Sequence[int], start: int) -> bool:
    node = start
    for _ in heads:
        if not heads[node]:
            return True
        node = heads[node] - 1
    return False
