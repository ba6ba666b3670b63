"""Turning examples into sub-words once, as flat arrays that batches are cut from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from reproduce.errors import DataError
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.tasks.task import Task
from reproduce.training.seeds import stable_hash

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ragged:
    """Rows of different lengths, one after the other."""

    flat: Integers
    offsets: Integers  # [rows + 1]

    def lengths(self) -> Integers:
        """Length of each row."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1


@dataclass(frozen=True, eq=False)
class Encoded:
    """A slice as numbers; rows are sentences or pairs.

    Attributes:
        ids: sub-words of each row, special ones included.
        second: where the second sentence starts in each row, 0 for single sentences; [rows].
        starts: first sub-word of each word that fits into the row; [CLS] alone where the whole
            sentence is labelled; empty for pairs.
        labels: gold label of every word, cut off or not, or the one label of each sentence or pair.
        keys: hash of each row's sub-words; [rows].
        clusters: hashed meaning id; [rows].
        truncated: words of each row beyond the longest length; for whole sentences and pairs 1
            where some are; [rows].
        scored: which of the labels count; None for all of them.
    """

    ids: Ragged
    second: Integers
    starts: Ragged
    labels: Ragged
    keys: Integers
    clusters: Integers
    truncated: Integers
    scored: npt.NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True)
class SpecialIds:
    """Ids of the sub-words that frame and fill sequences."""

    cls: int
    sep: int
    pad: int
    unknown: int


def special_ids(tokenizer: Tokenizer) -> SpecialIds:
    """The special ids of a BERT vocabulary."""
    return SpecialIds(*(_id(tokenizer, token) for token in ("[CLS]", "[SEP]", "[PAD]", "[UNK]")))


def encode_examples(
    examples: Sequence[Example],
    task: Task,
    tokenizer: Tokenizer,
    *,
    max_length: int,
    long: Literal["cut", "split"] = "cut",
) -> Encoded:
    """Encode examples for a task; words that do not fit are counted, never silently dropped.

    With `long` "split", as in XTREME, a sentence of words that does not fit becomes several rows,
    which share its cluster; pairs, and sentences with one label, are cut in either case.

    A word without any sub-word (control characters only) becomes [UNK], so that words and labels
    stay aligned.

    Raises:
        DataError: no examples, a sentence without words, or a label that the task does not have.
    """
    if not examples:
        raise DataError(f"there is nothing to read for {task.name}: the slice holds no examples")
    words = {word for example in examples for part in _parts(example) for word in part.words}
    pieces = _pieces(sorted(words), tokenizer)
    special = special_ids(tokenizer)
    if long == "split":
        room = max_length - 2
        examples = [part for example in examples for part in _split(example, task, pieces, room)]
    numbers = {label: number for number, label in enumerate(task.labels)}
    single = _sentence_row if task.form in ("sentence", "text") else _words_row
    rows = [
        single(example, task, numbers, pieces, special, max_length)
        if isinstance(example, Sentence)
        else _pair_row(example, task, numbers, pieces, special, max_length)
        for example in examples
    ]
    return Encoded(
        ids=_ragged([row.ids for row in rows]),
        second=np.array([row.second for row in rows], dtype=np.int64),
        starts=_ragged([row.starts for row in rows]),
        labels=_ragged([row.labels for row in rows]),
        keys=np.array([_signed(",".join(map(str, row.ids))) for row in rows], dtype=np.int64),
        clusters=np.array([_signed(example.cluster) for example in examples], dtype=np.int64),
        truncated=np.array([row.truncated for row in rows], dtype=np.int64),
    )


def concatenate(parts: Sequence[Encoded]) -> Encoded:
    """Several slices as one."""
    return Encoded(
        ids=_join([part.ids for part in parts]),
        second=np.concatenate([part.second for part in parts]),
        starts=_join([part.starts for part in parts]),
        labels=_join([part.labels for part in parts]),
        keys=np.concatenate([part.keys for part in parts]),
        clusters=np.concatenate([part.clusters for part in parts]),
        truncated=np.concatenate([part.truncated for part in parts]),
        scored=_join_scored(parts),
    )


def _join_scored(parts: Sequence[Encoded]) -> npt.NDArray[np.bool_] | None:
    if all(part.scored is None for part in parts):
        return None
    return np.concatenate(
        [
            np.ones(len(part.labels.flat), dtype=np.bool_) if part.scored is None else part.scored
            for part in parts
        ]
    )


def _join(parts: list[Ragged]) -> Ragged:
    lengths = np.concatenate([[0], *(part.lengths() for part in parts)])
    return Ragged(np.concatenate([part.flat for part in parts]), lengths.cumsum())


@dataclass(frozen=True)
class _Row:
    ids: list[int]
    second: int
    starts: list[int]
    labels: list[int]
    truncated: int


def _parts(example: Example) -> tuple[Sentence, ...]:
    return (example,) if isinstance(example, Sentence) else (example.first, example.second)


def _pieces(words: list[str], tokenizer: Tokenizer) -> dict[str, list[int]]:
    """Sub-words of each distinct word: BERT's tokenizers treat every word by itself."""
    encoded = tokenizer.encode_batch(
        [[word] for word in words], is_pretokenized=True, add_special_tokens=False
    )
    unknown = [_id(tokenizer, "[UNK]")]
    return {word: found.ids or unknown for word, found in zip(words, encoded, strict=True)}


def _id(tokenizer: Tokenizer, token: str) -> int:
    number = tokenizer.token_to_id(token)
    assert number is not None, token  # held when the folder was inspected
    return number


def _split(
    example: Example, task: Task, pieces: dict[str, list[int]], room: int
) -> Iterator[Example]:
    """A sentence in stretches of words that fit; a word that fits nowhere stands alone."""
    gold = getattr(example, task.field, None) if task.form == "words" else None
    if not isinstance(example, Sentence) or gold is None or len(gold) != len(example.words):
        yield example
        return
    start = used = 0
    for stop, word in enumerate(example.words):
        size = len(pieces[word])
        if used and used + size > room:
            yield _stretch(example, task, start, stop)
            start, used = stop, 0
        used += size
    yield example if start == 0 else _stretch(example, task, start, len(example.words))


def _stretch(sentence: Sentence, task: Task, start: int, stop: int) -> Sentence:
    parts: dict[str, Any] = {
        name: getattr(sentence, name)[start:stop] for name in ("words", task.field)
    }
    return replace(sentence, **parts)


def _words_row(
    sentence: Sentence,
    task: Task,
    numbers: dict[str, int],
    pieces: dict[str, list[int]],
    special: SpecialIds,
    max_length: int,
) -> _Row:
    gold = getattr(sentence, task.field, None)
    if task.form != "words" or gold is None:
        raise DataError(f"no annotation for {task.name}", where=sentence.id)
    ids, starts = [special.cls], []
    for word in _words(sentence):
        starts.append(len(ids))
        ids.extend(pieces[word])
    room = max_length - 1
    kept = [start for start in starts if start < room]
    return _Row(
        ids=[*ids[:room], special.sep],
        second=0,
        starts=kept,
        labels=[_number(label, numbers, sentence.id, task) for label in gold],
        truncated=len(starts) - len(kept),
    )


def _sentence_row(
    sentence: Sentence,
    task: Task,
    numbers: dict[str, int],
    pieces: dict[str, list[int]],
    special: SpecialIds,
    max_length: int,
) -> _Row:
    """A row whose one labelled place is [CLS]; the label of a text says nothing."""
    gold = task.labels[0] if task.form == "text" else getattr(sentence, task.field, None)
    if not isinstance(gold, str):
        raise DataError(f"no annotation for {task.name}", where=sentence.id)
    ids = [number for word in _words(sentence) for number in pieces[word]]
    return _Row(
        ids=[special.cls, *ids[: max_length - 2], special.sep],
        second=0,
        starts=[0],
        labels=[_number(gold, numbers, sentence.id, task)],
        truncated=int(len(ids) > max_length - 2),
    )


def _pair_row(
    pair: SentencePair,
    task: Task,
    numbers: dict[str, int],
    pieces: dict[str, list[int]],
    special: SpecialIds,
    max_length: int,
) -> _Row:
    if task.form != "pair":
        labelled = "words" if task.form == "words" else "single sentences"
        raise DataError(f"{task.name} labels {labelled}, but this is a pair", where=pair.id)
    first = [number for word in _words(pair.first) for number in pieces[word]]
    second = [number for word in _words(pair.second) for number in pieces[word]]
    excess = max(0, len(first) + len(second) + 3 - max_length)
    for _ in range(excess):
        (first if len(first) > len(second) else second).pop()
    label = getattr(pair, task.field)
    return _Row(
        ids=[special.cls, *first, special.sep, *second, special.sep],
        second=len(first) + 2,
        starts=[],
        labels=[_number(label, numbers, pair.id, task)],
        truncated=int(excess > 0),
    )


def _words(sentence: Sentence) -> tuple[str, ...]:
    if not sentence.words:
        raise DataError("a sentence without words", where=sentence.id)
    return sentence.words


def _number(label: str, numbers: dict[str, int], where: str, task: Task) -> int:
    if label not in numbers:
        raise DataError(
            f"{label!r} is no label of {task.name}", where=where, allowed=", ".join(numbers)
        )
    return numbers[label]


def _ragged(rows: list[list[int]]) -> Ragged:
    lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    flat = np.fromiter((n for row in rows for n in row), dtype=np.int64, count=int(lengths.sum()))
    return Ragged(flat, np.concatenate([[0], lengths]).cumsum())


def _signed(text: str) -> int:
    return stable_hash(text) - 2**63
