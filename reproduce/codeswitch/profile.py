"""The profile of a corpus: all metrics of code-switching over its sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reproduce.codeswitch.metrics import (
    Sentences,
    burstiness,
    cmi,
    i_index,
    is_neutral,
    language_entropy,
    m_index,
    memory,
    neighbours,
    span_entropy,
    spans,
    spf,
    switches,
)
from reproduce.errors import DataError


@dataclass(frozen=True)
class Profile:
    """What the switching of a corpus is like.

    Attributes:
        sentences: how many there are; `mixed` of them have words of two languages.
        words: all of them; `neutral` belong to no single language.
        languages: words by language, the most frequent first.
        switches: mean number of switches in a mixed sentence.
        cmi: mean over all sentences; `cmi_mixed` over mixed ones, in per cent of words.
        m_index, i_index, language_entropy, span_entropy, burstiness, memory: of all words or
            spans together; None where they are not defined.
        spf: mean switch-point fraction of mixed sentences.
        spf_values: that of each mixed sentence, what sampling draws from.
    """

    sentences: int
    mixed: int
    words: int
    neutral: int
    languages: dict[str, int]
    switches: float
    cmi: float
    cmi_mixed: float
    m_index: float
    i_index: float
    language_entropy: float
    span_entropy: float
    burstiness: float | None
    memory: float | None
    spf: float
    spf_values: tuple[float, ...]


def profile(sentences: Sentences, *, where: str = "") -> Profile:
    """All metrics of a corpus.

    Raises:
        DataError: there is no sentence, or none that mixes languages.
    """
    if not sentences:
        raise DataError("there is no sentence to profile", where=where)
    every = [identity for ids in sentences for identity in ids]
    counts = Counter(identity for identity in every if not is_neutral(identity))
    mixed = [ids for ids in sentences if switches(ids)]
    if not mixed:
        there = ", ".join(f"{name} ({n} words)" for name, n in counts.most_common()) or "none"
        raise DataError(
            f"no sentence mixes languages; languages of words: {there}",
            where=where,
            next_step="choose a corpus with code-switching and a language id for each word",
        )
    lengths = [length for ids in sentences for length in spans(ids)]
    values = tuple(spf(ids) for ids in mixed)
    return Profile(
        sentences=len(sentences),
        mixed=len(mixed),
        words=len(every),
        neutral=len(every) - counts.total(),
        languages=dict(counts.most_common()),
        switches=_mean([switches(ids) for ids in mixed]),
        cmi=_mean([cmi(ids) for ids in sentences]),
        cmi_mixed=_mean([cmi(ids) for ids in mixed]),
        m_index=m_index(every, languages=len(counts)),
        i_index=i_index(sentences),
        language_entropy=language_entropy(every),
        span_entropy=span_entropy(lengths),
        burstiness=burstiness(lengths),
        memory=memory(neighbours(sentences)),
        spf=_mean(values),
        spf_values=values,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
