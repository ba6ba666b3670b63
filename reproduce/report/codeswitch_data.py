"""The sentences that arms on code-switching were trained and tested on, as a reader sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reproduce.codeswitch.profile import Profile, profile
from reproduce.errors import UserError
from reproduce.nouns.cell import DataSlice, FineTune, Whereabouts
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.run import Run
from reproduce.nouns.sentence import Sentence
from reproduce.nouns.source import SOURCES
from reproduce.report.codeswitch_scores import Key
from reproduce.report.codeswitch_view import Examples, ExampleWord, MetricRow

_EXAMPLES = 10
_METRICS = ("sentences", "switches", "spf", "cmi_mixed", "m_index", "i_index", "language_entropy",
            "span_entropy", "burstiness", "memory")  # fmt: skip


def training_data(cells: Mapping[Key, FineTune], run: Run) -> dict[str, list[Sentence]]:
    """The sentences of each kind of data, the real ones first, as far as arms of one kind go."""
    slices: dict[str, DataSlice] = {}
    for (group, label), cell in cells.items():
        if group == "labelled" and len(cell.train) == 1:
            slices[label] = cell.train[0]
    names = sorted(slices, key=lambda name: (name != "real", list(slices).index(name)))
    return {name: _load(slices[name], run) for name in names}


def test_data(cells: Mapping[Key, FineTune], pair: str, run: Run) -> list[Sentence]:
    """The real sentences of a pair that every arm is tested on."""
    cell = next(iter(cells.values()))
    whole = [p for p in cell.evaluate if p.language == pair and not p.part]
    return _load(whole[0], run) if whole else []


def _load(piece: DataSlice, run: Run) -> list[Sentence]:
    mixing = run.setting.code_switching
    choice = mixing.tasks[piece.task].data if mixing and piece.task in mixing.tasks else None
    key = f"{piece.source}/{piece.name}"
    where = Whereabouts(
        checkpoints={},
        corpora={key: choice.folder} if choice else {},
        options={key: choice.options} if choice else {},
    )
    loaded = SOURCES.get(piece.source).load(piece, where)
    return [s for s in loaded if isinstance(s, Sentence)]


def metrics(loaded: Mapping[str, list[Sentence]]) -> Iterator[MetricRow]:
    """How each kind of data switches; empty if none does."""
    profiles: list[Profile | None] = []
    for sentences in loaded.values():
        try:
            profiles.append(profile([s.languages or () for s in sentences]))
        except UserError:
            profiles.append(None)  # monolingual data switch nowhere
    for name in _METRICS if any(profiles) else ():
        yield MetricRow(
            name=name.replace("_", " "),
            values=tuple(None if p is None else getattr(p, name) for p in profiles),
        )


def examples(label: str, sentences: Sequence[Sentence], pair: str) -> Examples:
    """The first sentences of one kind of data."""
    return Examples(label=label, sentences=tuple(_words(s, pair) for s in sentences[:_EXAMPLES]))


def _words(sentence: Sentence, pair: str) -> tuple[ExampleWord, ...]:
    first, second = pair_codes(pair) or ("", "")
    sides = {first: "first", "lang1": "first", second: "second", "lang2": "second"}
    ids = sentence.languages or ("",) * len(sentence.words)
    tags = sentence.tags or ("",) * len(sentence.words)
    return tuple(
        ExampleWord(form=form, tag=tag, side=sides.get(identity, "neither"))
        for form, tag, identity in zip(sentence.words, tags, ids, strict=True)
    )
