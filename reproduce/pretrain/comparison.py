"""The comparison objective: does the second segment repeat the first, and where does it depart?

BERT learns from sentence pairs whether one follows the other. Sentences here are too short for
that to teach much, so a pair is a sentence with an earlier one of its document that shares most
sub-words with it, or with itself, and the second segment is left intact or damaged: a word is
replaced, two are exchanged, one is dropped, one is inserted. The encoder is to tell which, from
the features that fine-tuning uses for pairs, and which sub-words are not as they were. All of it
is made from raw text; no label of any task is used, and the heads are thrown away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from transformers import BertForMaskedLM

from reproduce.pretrain.corpus import Ids, Shard
from reproduce.pretrain.examples import Batch, batches, pad_rows
from reproduce.pretrain.recipe import Comparing, Recipe
from reproduce.pretrain.tokenizer import SPECIAL

DAMAGE = ("intact", "replaced", "exchanged", "dropped", "inserted")
_OVERLAP = 0.5  # of the shorter sentence's sub-words, for two sentences to be compared
_BANK = 4000  # words of a language that replacements are drawn from, in a shard
_POOL = 4096  # examples that are sorted by length together


@dataclass(frozen=True, eq=False)
class Comparison:
    """A batch of pairs with what was done to their second segments.

    Attributes:
        batch: the padded pairs, nothing masked.
        damage: [rows], position in `DAMAGE`.
        marks: [rows, tokens], 1 where a sub-word was replaced, exchanged or inserted.
    """

    batch: Batch
    damage: npt.NDArray[np.int64]
    marks: npt.NDArray[np.int64]


class Heads(nn.Module):
    """What the comparison objective adds to the encoder, for the time of pretraining."""

    def __init__(self, hidden: int):
        super().__init__()
        self.damage = nn.Linear(3 * hidden, len(DAMAGE))
        self.marks = nn.Linear(hidden, 2)


@dataclass(frozen=True, eq=False)
class _Pair:
    first: Ids
    second: Ids
    language: int


def comparisons(
    shard: Shard,
    recipe: Recipe,
    stage: Comparing,
    rng: np.random.Generator,
    begins: npt.NDArray[np.bool_],
) -> list[Comparison | Batch]:
    """The batches of a shard: comparisons, and pairs for masked language modelling.

    Args:
        shard: documents as sub-words.
        recipe: sizes.
        stage: shares of what the batches are for.
        rng: for pairing, damage and order.
        begins: [vocabulary], whether a sub-word begins a word.
    """
    pairs = [_repeated(p, recipe, rng) for p in _related(shard, recipe, rng)]
    banks = _banks(pairs, begins)
    damaged = [
        _damaged(
            pair,
            banks[pair.language],
            begins,
            room=recipe.positions - 3,
            shares=stage.damages,
            rng=rng,
        )
        for pair in pairs
    ]
    order = rng.permutation(len(pairs))
    rows = max(1, stage.batch_tokens // 40)
    groups = []
    for start in range(0, len(order), _POOL):
        pool = sorted(order[start : start + _POOL], key=lambda i: _length(pairs[i]))
        groups += [pool[at : at + rows] for at in range(0, len(pool), rows)]
    made: list[Comparison | Batch] = []
    for number in rng.permutation(len(groups)):
        group = groups[number]
        if rng.random() < stage.masked:
            made.append(pad_rows([(pairs[i].first, pairs[i].second) for i in group]))
        else:
            made.append(_compare([(pairs[i].first, damaged[i]) for i in group]))
    if stage.ordinary:
        ordinary = batches(shard, recipe, rng)
        made += ordinary[: math.ceil(stage.ordinary * len(ordinary))]
        made = [made[i] for i in rng.permutation(len(made))]
    return made


def comparison_loss(
    model: BertForMaskedLM, heads: Heads, comparison: Comparison, weight: float
) -> torch.Tensor:
    """Cross-entropy of the damage, plus `weight` times that of the marks, in nats."""
    batch = comparison.batch
    ids, segments = torch.from_numpy(batch.ids), torch.from_numpy(batch.segments)
    states = model.bert(
        input_ids=ids.long(),
        attention_mask=(ids != 0).long(),
        token_type_ids=segments.long(),
        position_ids=torch.from_numpy(batch.positions).long(),
    ).last_hidden_state  # [rows, tokens, hidden]
    words = ids >= len(SPECIAL)
    first, second = (_mean(states, words & (segments == side)) for side in (0, 1))
    features = torch.cat([states[:, 0], (first - second).abs(), first * second], dim=1)
    inside = words & (segments == 1)
    damage = nn.functional.cross_entropy(
        heads.damage(features), torch.from_numpy(comparison.damage)
    )
    marks = nn.functional.cross_entropy(
        heads.marks(states[inside]), torch.from_numpy(comparison.marks)[inside]
    )
    return damage + weight * marks


def _mean(states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask.unsqueeze(-1).to(states.dtype)
    return (states * weights).sum(1) / weights.sum(1).clamp(min=1)  # [rows, hidden]


def _related(shard: Shard, recipe: Recipe, rng: np.random.Generator) -> Iterator[_Pair]:
    """Each sentence with the earlier one of its document that is most like it, if any is."""
    for number in range(len(shard.documents) - 1):
        inside = range(shard.documents[number], shard.documents[number + 1])
        sentences = [shard.ids[shard.sentences[i] : shard.sentences[i + 1]] for i in inside]
        sets = [set(sentence.tolist()) for sentence in sentences]
        for later in range(1, len(sentences)):
            shared = [_overlap(sets[earlier], sets[later]) for earlier in range(later)]
            best = int(np.argmax(shared))
            fits = len(sentences[best]) + len(sentences[later]) + 3 <= recipe.positions
            if shared[best] >= _OVERLAP and fits:
                both = [sentences[best], sentences[later]]
                if rng.random() < 0.5:
                    both.reverse()
                yield _Pair(both[0], both[1], int(shard.languages[number]))


def _overlap(one: set[int], other: set[int]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))


def _repeated(pair: _Pair, recipe: Recipe, rng: np.random.Generator) -> _Pair:
    again = rng.random() < recipe.comparison_repeated
    if again and 2 * len(pair.first) + 4 <= recipe.positions:
        return _Pair(pair.first, pair.first, pair.language)
    return pair


def _words(sentence: Ids, begins: npt.NDArray[np.bool_]) -> list[Ids]:
    return np.split(sentence, np.flatnonzero(begins[sentence[1:]]) + 1)


def _banks(pairs: list[_Pair], begins: npt.NDArray[np.bool_]) -> dict[int, list[Ids]]:
    """Words of each language as the text has them; the last word, a full stop, is left out."""
    banks: dict[int, list[Ids]] = {}
    for pair in pairs:
        bank = banks.setdefault(pair.language, [])
        if len(bank) < _BANK:
            bank += _words(pair.second, begins)[:-1] or [pair.second]
    return banks


@dataclass(frozen=True, eq=False)
class _Damaged:
    ids: Ids
    damage: int
    marks: Ids


def _damaged(
    pair: _Pair,
    bank: list[Ids],
    begins: npt.NDArray[np.bool_],
    *,
    room: int,
    shares: tuple[float, ...],
    rng: np.random.Generator,
) -> _Damaged:
    words = _words(pair.second, begins)
    marks = [0] * len(words)
    kind = str(rng.choice(DAMAGE, p=shares)) if len(words) >= 4 else "intact"
    at = int(rng.integers(max(1, len(words) - 1)))
    strange = bank[int(rng.integers(len(bank)))]
    if kind in ("replaced", "inserted") and _length(pair) + len(strange) > room:
        kind = "intact"
    if kind == "replaced":
        words[at], marks[at] = strange, 1
    elif kind == "exchanged":
        one, other = (int(i) for i in rng.choice(len(words) - 1, 2, replace=False))
        words[one], words[other] = words[other], words[one]
        marks[one] = marks[other] = 1
    elif kind == "dropped":
        del words[at], marks[at]
    elif kind == "inserted":
        words.insert(at, strange)
        marks.insert(at, 1)
    spread = [np.full(len(word), mark, np.int32) for word, mark in zip(words, marks, strict=True)]
    return _Damaged(
        np.concatenate(words).astype(np.int32), DAMAGE.index(kind), np.concatenate(spread)
    )


def _compare(rows: list[tuple[Ids, _Damaged]]) -> Comparison:
    batch = pad_rows([(first, damaged.ids) for first, damaged in rows])
    marks = np.zeros(batch.ids.shape, np.int64)
    for row, (first, damaged) in enumerate(rows):
        start = len(first) + 2
        marks[row, start : start + len(damaged.marks)] = damaged.marks
    kinds = np.array([damaged.damage for _, damaged in rows], np.int64)
    return Comparison(batch, kinds, marks)


def _length(pair: _Pair) -> int:
    return len(pair.first) + len(pair.second)
