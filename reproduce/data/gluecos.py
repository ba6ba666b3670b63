"""The files of GLUECoS (https://github.com/microsoft/GLUECoS), as its own scripts write them.

Below `Processed_Data`, Hindi in two scripts:

* words, a line each, `token TAB label` or `token TAB language TAB tag`, an empty line after each
  sentence: LID_EN_HI, LID_EN_ES, POS_EN_HI_UD, POS_EN_HI_FG, POS_EN_ES, NER_EN_HI, NER_EN_ES;
* sentences, `text TAB label`: Sentiment_EN_HI, Sentiment_EN_ES;
* pairs, in the form of XNLI's files: NLI_EN_HI.

The benchmark keeps the labels of its test files to itself: all of them are one and the same there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NoReturn

from reproduce.data.files import (
    ROW_OPTIONS,
    Corpus,
    FileSource,
    cluster_of,
    cut_rows,
    find_split,
    rows_of,
)
from reproduce.data.language_ids import NEUTRAL, lid_labels, plain_id
from reproduce.data.lines import Line, blocks_of, read_lines
from reproduce.errors import AbsentError, DataError
from reproduce.nouns.cell import DataSlice, Split
from reproduce.nouns.pair import pair_codes
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.setting import DataChoice
from reproduce.tasks import TASKS

_COMMENT = re.compile(r"#\s*(\w+)\s*=\s*(.+)")
_TASKS = ("pos", "fg_pos", "bangor_pos", "lid", "ner", "calcs_ner", "sentiment", "dialogue_nli",
          "text")  # fmt: skip
_OPTIONS: dict[str, type] = {"labelled_test": str, "languages": bool, "unknown": str, **ROW_OPTIONS}
_HIDDEN = 10  # labels of a test file that cannot all be the same by chance
_SHOWN = (
    "GLUECoS keeps its test labels to itself: test on its validation file, by the option"
    " `labelled_test: validation`, or on labels of your own"
)
_GET = (
    "GLUECoS's data may not be passed on: run its download script and put Processed_Data there;"
    " docs/code-switching.md has the layout"
)
_MAKE = "make it by `reproduce codeswitch generate`; docs/code-switching.md has the command"

Pair = Literal["en-hi", "en-es"]


@dataclass(frozen=True)
class BenchmarkTask:
    """A task of the benchmark.

    Attributes:
        name: in the benchmark.
        tasks: pair -> the tasks of this package that read its files of that pair.
        why_not: why it cannot be run; empty if it can.
    """

    name: str
    tasks: Mapping[Pair, tuple[str, ...]]
    why_not: str = ""


BENCHMARK = (
    BenchmarkTask("LID", {"en-hi": ("lid",), "en-es": ("lid",)}),
    BenchmarkTask("POS", {"en-hi": ("pos", "fg_pos"), "en-es": ("bangor_pos",)}),
    BenchmarkTask("NER", {"en-hi": ("ner",), "en-es": ("calcs_ner",)}),
    BenchmarkTask("sentiment", {"en-hi": ("sentiment",), "en-es": ("sentiment",)}),
    BenchmarkTask("NLI", {"en-hi": ("dialogue_nli",)}),
    BenchmarkTask(
        "QA",
        {"en-hi": ()},
        "question answering is not supported yet: it predicts a span of a text, not labels",
    ),
)
"""GLUECoS's list of tasks, and what of it runs."""


def read(path: Path, corpus: Corpus) -> Iterator[Example]:
    """Examples of a file of the benchmark, one at a time.

    Options: `labelled_test: validation`, the file that is tested on; `unknown`, the label that
    others than the task's are read as, a few of which POS_EN_HI_FG has by mistake (languages that
    are not known become `unk` then); `languages: false`, where no line has a language;
    `train_rows` and so on, rows of the training file that stand for a split (NLI has no other).

    Raises:
        DataError: a line of another form, an unknown language or label, or hidden labels, by file
            and line.
    """
    if path.suffix == ".conllu":
        yield from _generated(path, corpus)
        return
    if corpus.split == "test":
        _check_shown(path)
    examples: Iterator[Example]
    if TASKS.get(corpus.task).form in ("words", "text"):
        examples = read_tokens(path, corpus)
    elif corpus.task == "sentiment":
        examples = _sentences(path, corpus)
    else:
        examples = _pairs(path, corpus)
    wanted: Iterator[Example] = cut_rows(examples, rows_of(corpus.options, corpus.split), path)
    yield from wanted


def _generated(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    """Sentences that `reproduce codeswitch generate` made for one of the benchmark's pairs."""
    from reproduce.data.conllu import read_sentences

    yield from read_sentences(path, name=corpus.name, language=corpus.language)


def _check_shown(path: Path) -> None:
    """Refuse a test file in which every label is the same: the benchmark's scripts write it so."""
    field = 1 if path.suffix == ".tsv" else -1
    rows = ((line, line.text.split("\t")[field]) for line in read_lines(path) if "\t" in line.text)
    first: tuple[Line, str] | None = None
    count = 0
    for line, label in rows:
        if label == "Label":  # a header
            continue
        first = first or (line, label)
        if label != first[1]:
            return
        count += 1
    if first is not None and first[1].strip() and count >= _HIDDEN:
        _refuse(f"all {count} labels are {first[1]!r}: they are hidden", path, first[0],
                next_step=_SHOWN)  # fmt: skip


# Words


def read_tokens(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    """Sentences of a token file, one at a time.

    Raises:
        DataError: as for `read`.
    """
    number = 0
    for block in blocks_of(read_lines(path)):
        words = [line for line in block if not _COMMENT.fullmatch(line.text)]
        if not words:
            continue
        number += 1
        comments = {m[1]: m[2] for line in block if (m := _COMMENT.fullmatch(line.text))}
        yield _sentence(words, comments, path, corpus, number)


def _sentence(
    lines: list[Line], comments: dict[str, str], path: Path, corpus: Corpus, number: int
) -> Sentence:
    rows = [_row(line, path, corpus) for line in lines]
    identity = comments.get("id", f"{path.stem}-{number}")
    with_ids = (len(rows[0]) == 3 and corpus.task != "text") or corpus.task == "lid"
    ids = _ids(rows, lines, path, corpus) if with_ids else None
    pair = pair_codes(corpus.language)
    if corpus.task == "lid" and ids is not None and pair is not None:
        ids = lid_labels(ids, pair)
    field = TASKS.get(corpus.task).field
    labelled = corpus.task not in ("lid", "text")
    labels = _labels(rows, lines, path, corpus) if labelled else None
    return Sentence(
        words=tuple(row[0] for row in rows),
        language=corpus.language,
        id=identity,
        cluster=cluster_of(corpus.name, identity, ""),
        tags=labels if field == "tags" else None,
        entities=labels if field == "entities" else None,
        languages=ids,
    )


def _row(line: Line, path: Path, corpus: Corpus) -> list[str]:
    row = line.text.split("\t")
    if len(row) not in (2, 3) or not row[0].strip():
        _refuse(
            f"{len(row)} columns, or no token",
            path,
            line,
            allowed="token TAB label, or token TAB language TAB tag",
        )
    if len(row) == 3 and corpus.options.get("languages") is False:
        _refuse(
            "a column more than the setting says",
            path,
            line,
            allowed="token TAB label",
            next_step="take `languages: false` out of data.options: the file has languages",
        )
    if not row[-1].strip():
        _refuse("a token without a label", path, line, next_step=_SHOWN)
    return row


def _ids(rows: list[list[str]], lines: list[Line], path: Path, corpus: Corpus) -> tuple[str, ...]:
    pair = pair_codes(corpus.language)
    if pair is None:
        raise DataError(
            f"{corpus.language!r} is no pair of languages",
            where=str(path),
            next_step="name the pair in data.files, as in en--es",
        )
    found = []
    for row, line in zip(rows, lines, strict=True):
        identity = plain_id(row[1], pair)
        if identity is None and "unknown" in corpus.options:
            identity = "unk"
        if identity is None:
            _refuse(
                f"the language id {row[1]!r} is not known",
                path,
                line,
                allowed=", ".join((*pair, *NEUTRAL)),
            )
        found.append(identity)
    return tuple(found)


def _labels(
    rows: list[list[str]], lines: list[Line], path: Path, corpus: Corpus
) -> tuple[str, ...]:
    known = TASKS.get(corpus.task).labels
    found = []
    for row, line in zip(rows, lines, strict=True):
        label = _plain_entity(row[-1]) if corpus.task in ("ner", "calcs_ner") else row[-1]
        if label not in known:
            label = _instead(row[-1], line, path, corpus)
        found.append(label)
    return tuple(found)


def _plain_entity(label: str) -> str:
    """`B-PER` for `B-Per`, and O for `Other`, which Hindi-English files write."""
    return "O" if label == "Other" else label[:2] + label[2:].upper()


def _instead(label: str, line: Line, path: Path, corpus: Corpus) -> str:
    """What a label is read as that the task does not have."""
    known = TASKS.get(corpus.task).labels
    instead = str(corpus.options.get("unknown", ""))
    if instead and instead not in known:
        raise DataError(
            f"data.options.unknown is {instead!r}, which is no label of {corpus.task} either",
            allowed=", ".join(known),
        )
    if instead:
        return instead
    others = ("pos", "fg_pos", "bangor_pos") if "pos" in corpus.task else ("ner", "calcs_ner")
    fits = [t for t in others if t != corpus.task and label in TASKS.get(t).labels]
    hint = f"the benchmark's files differ: is this one for {' or '.join(fits)}?" if fits else ""
    what = "universal part of speech" if corpus.task == "pos" else f"label of {corpus.task}"
    _refuse(f"{label!r} is no {what}", path, line, allowed=", ".join(known), next_step=hint)


# Sentences and pairs


def _sentences(path: Path, corpus: Corpus) -> Iterator[Sentence]:
    labels = TASKS.get(corpus.task).labels
    number = 0
    for line in read_lines(path):
        if not line.text.strip():
            continue
        row = line.text.split("\t")
        if len(row) != 2:
            _refuse(f"{len(row)} columns", path, line, allowed="text TAB label")
        words, label = row[0].split(), row[1].strip()
        if not words:
            _refuse("a label without a text", path, line, allowed="text TAB label")
        if not label:
            _refuse("a text without a label", path, line, next_step=_SHOWN)
        if label not in labels:
            _refuse(
                f"{label[:40]!r} is no label of {corpus.task}",
                path,
                line,
                allowed=", ".join(labels),
            )
        number += 1
        identity = f"{path.stem}-{number}"
        yield Sentence(
            words=tuple(words),
            language=corpus.language,
            id=identity,
            cluster=cluster_of(corpus.name, identity, ""),
            label=label,
        )


_NLI = {"entailment": "entailment", "contradictory": "contradiction",
        "contradiction": "contradiction"}  # fmt: skip
_NLI_FORM = "premise, hypothesis and label, separated by tabs; or the columns of xnli.test.tsv"


def _pairs(path: Path, corpus: Corpus) -> Iterator[SentencePair]:
    """Pairs of `multinli.train.en.tsv` (3 columns) or `xnli.test.tsv` (19 columns)."""
    number = 0
    for line in read_lines(path):
        row = line.text.split("\t")
        if not line.text.strip() or "Label" in row[:3]:  # empty, or a header
            continue
        if len(row) == 3:
            texts, label = (row[0], row[1]), row[2].strip()
        elif len(row) > 7:
            texts, label = (row[6], row[7]), row[1].strip()
        else:
            _refuse(f"{len(row)} columns", path, line, allowed=_NLI_FORM)
        if label not in _NLI:
            _refuse(
                f"{label[:40]!r} is no label of {corpus.task}", path, line, allowed=", ".join(_NLI)
            )
        number += 1
        identity = f"{path.stem}-{number}"
        cluster = cluster_of(corpus.name, identity, "")
        sides = [tuple(text.split()) for text in texts]
        if not all(sides):
            _refuse("an empty premise or hypothesis", path, line, allowed=_NLI_FORM)
        first, second = (
            Sentence(words, corpus.language, f"{identity}.{part}", cluster)
            for part, words in enumerate(sides, start=1)
        )
        yield SentencePair(first, second, _NLI[label], identity, cluster)


def _refuse(
    message: str, path: Path, line: Line, *, allowed: str = "", next_step: str = ""
) -> NoReturn:
    raise DataError(message, where=f"{path}:{line.number}", allowed=allowed, next_step=next_step)


def _find(folder: str, corpus: Corpus) -> Path:
    """The file of a split; the benchmark calls its development file `validation`."""
    place = Path(folder).expanduser() / corpus.name
    rows = rows_of(corpus.options, corpus.split) is not None
    if corpus.task == "dialogue_nli" and "{split}" not in corpus.name and not place.is_file():
        return _nli_file(place, "train" if rows else corpus.split)
    split: Split = "train" if rows else corpus.split
    wanted = str(corpus.options.get("labelled_test", "test")) if split == "test" else split
    named = place / f"{'validation' if wanted == 'dev' else wanted}.txt"
    if named.is_file():
        return named
    if split == "test" and wanted != "test":
        raise AbsentError(
            f"there is no file {named.name} to test on (data.options.labelled_test)",
            where=str(place),
            next_step=_next_step(corpus),
        )
    if not place.exists():
        raise AbsentError("there is no such corpus", where=str(place), next_step=_next_step(corpus))
    return find_split(folder, corpus.name, split, "txt", "tsv", "conllu")


def _next_step(corpus: Corpus) -> str:
    """How to get a corpus that is not there."""
    return _MAKE if "@" in corpus.language else _GET


def _nli_file(place: Path, split: str) -> Path:
    names = {
        "train": "XNLI-MT-1.0/multinli/multinli.train.en.tsv",
        "test": "XNLI-1.0/xnli.test.tsv",
    }
    if split not in names:
        raise AbsentError(
            f"there is no split {split!r}",
            where=str(place),
            allowed=", ".join(names),
            next_step="cut one off the training file: data.options.dev_rows",
        )
    path = place / names[split]
    if not path.is_file():
        raise AbsentError("there is no such file", where=str(path), next_step=_GET)
    return path


@dataclass(frozen=True)
class Gluecos(FileSource):
    """The benchmark's files as a `Source`."""

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`; what the benchmark has and this package does not is told apart."""
        for known in BENCHMARK:
            if known.why_not and task == known.name.lower():
                raise DataError(known.why_not, allowed=", ".join(self.tasks))
        return super().describe(choice, task, language, split, count)


SOURCE = Gluecos("gluecos", _TASKS, _OPTIONS, _find, read)
