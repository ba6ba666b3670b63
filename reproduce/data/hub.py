"""Data sets of the Hugging Face hub, as Parquet files fetched beforehand: `reproduce fetch`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from reproduce.data.columns import entity_tags, universal_tags
from reproduce.data.files import Corpus, Option, check_options, check_pinned, pin
from reproduce.data.tsv import LABELS
from reproduce.errors import AbsentError, DataError
from reproduce.hub import SPLITS, HubReference, parse_reference, snapshot
from reproduce.nouns.cell import DataSlice, Split, Whereabouts
from reproduce.nouns.sentence import Example, Sentence, SentencePair
from reproduce.nouns.setting import DataChoice

if TYPE_CHECKING:
    from pyarrow.parquet import ParquetFile

_TASKS = ("pos", "ner", *LABELS)
_TAGS = {"pos": ("pos_tags", "upos"), "ner": ("ner_tags",)}
_PAIRS = (("sentence1", "sentence2"), ("premise", "hypothesis"))
_PAIR_LABELS = ("label", "gold_label")
_OPTIONS: dict[str, type] = {
    "repository": str,
    "revision": str,
    "outside": str,
    "scheme": str,
    "rows_per_cluster": int,
    "skip_empty": bool,
}
_BATCH = 1000  # rows of a Parquet file held at once


class HubCorpus(NamedTuple):
    """One configuration of a data set, as `owner/name@REVISION:CONFIGURATION`."""

    reference: HubReference
    configuration: str


class Hub:
    """The source `hub`: `data.files` names a configuration of the data set per language.

    `data.options` say `repository` and `revision`; `data.folder`, if given, is a copy of the
    repository on this machine, used in place of what was fetched.
    """

    def describe(
        self, choice: DataChoice, task: str, language: str, split: Split, count: int
    ) -> DataSlice:
        """See `Source.describe`."""
        if task not in _TASKS:
            raise DataError(
                f"the source 'hub' does not read task {task!r}", allowed=", ".join(_TASKS)
            )
        check_options(choice.options, _OPTIONS, "hub")
        name = corpus_name(choice, language)
        corpus = Corpus(name, language, task, split, choice.options)
        paths = find_parquet(choice.folder, parse_name(name), split)
        found = pin(islice(_examples(paths, corpus), count))
        if not found.count:
            raise DataError(f"the split {split!r} is empty", where=str(paths[0]))
        return DataSlice(
            source="hub",
            name=name,
            language=language,
            task=task,
            split=split,
            count=found.count,
            digest=found.digest,
        )

    def load(self, piece: DataSlice, whereabouts: Whereabouts) -> list[Example]:
        """See `Source.load`."""
        key = f"{piece.source}/{piece.name}"
        options = whereabouts.options.get(key, {})
        corpus = Corpus(piece.name, piece.language, piece.task, piece.split, options)
        paths = find_parquet(whereabouts.corpora.get(key, ""), parse_name(piece.name), piece.split)
        examples = list(islice(_examples(paths, corpus), piece.count))
        check_pinned(examples, piece, paths[0])
        return examples


SOURCE = Hub()


def corpus_name(choice: DataChoice, language: str) -> str:
    """What identifies a language's corpus on every machine.

    Raises:
        DataError: the setting does not name one.
    """
    for option in ("repository", "revision"):
        if not choice.options.get(option):
            raise DataError(
                f"the setting names no {option} on the hub",
                next_step=f"set data.options.{option} of the task",
            )
    if language not in choice.files:
        raise AbsentError(
            f"the setting names no configuration for language {language!r}",
            allowed=", ".join(sorted(choice.files)) or "none is named",
        )
    name = f"{choice.options['repository']}@{choice.options['revision']}:{choice.files[language]}"
    parse_name(name)
    return name


def parse_name(name: str) -> HubCorpus:
    """Read `owner/name@REVISION:CONFIGURATION`.

    Raises:
        UserError: no commit, or a configuration that is no plain name.
    """
    reference, _, configuration = name.partition(":")
    if not re.fullmatch(r"[\w.-]+", configuration) or configuration.startswith("."):
        raise DataError(f"{configuration!r} is no name of a configuration", where=reference)
    return HubCorpus(parse_reference(reference, "dataset"), configuration)


def find_parquet(folder: str, corpus: HubCorpus, split: Split) -> list[Path]:
    """The Parquet files of a split, all of them.

    Raises:
        DataError: they are not on this machine, or not all.
    """
    root = Path(folder).expanduser() if folder else snapshot(corpus.reference)
    place = root / corpus.configuration
    for name in SPLITS[split]:
        found = sorted(place.glob(f"{name}-*.parquet"))
        if found and len(found) == _announced(found[0]):
            return found
        if found:
            _absent(f"{len(found)} of {_announced(found[0])} files of split {split!r}", place, root)
    there = [other for other, names in SPLITS.items() if any(_some(place, n) for n in names)]
    if there:
        raise AbsentError(
            f"there is no split {split!r} in {corpus.configuration}",
            where=str(place),
            allowed=", ".join(there),
        )
    _absent("nothing", place, root)


def _some(place: Path, name: str) -> bool:
    return any(place.glob(f"{name}-*.parquet"))


def _announced(path: Path) -> int:
    match = re.search(r"-of-(\d+)\.parquet$", path.name)
    return int(match[1]) if match else 1


def _absent(found: str, place: Path, root: Path) -> NoReturn:
    raise DataError(
        f"{found} of {place.name} is on this machine",
        where=str(root),
        next_step="fetch it: reproduce fetch --setting NAME says how large it is; or set"
        " data.folder of the task to a copy of the repository",
    )


def _examples(paths: Sequence[Path], corpus: Corpus) -> Iterator[Example]:
    number = 0
    for path in paths:
        for row in _rows(path):
            number += 1
            where = f"{path}: row {number}"
            if corpus.task in LABELS:
                pair = _pair(row, corpus, number, where)
                if pair is not None:
                    yield pair
            else:
                yield _sentence(row, corpus, number, where)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    """Rows of a file, numbers of labels replaced by their names."""
    from pyarrow import ArrowInvalid
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(path) as file:
            names = _label_names(file)
            for batch in file.iter_batches(_BATCH):
                for row in batch.to_pylist():
                    for column, labels in names.items():
                        row[column] = _named(row[column], labels, path)
                    yield row
    except (ArrowInvalid, OSError) as error:
        raise DataError(
            f"no Parquet file, or a torn one ({error})",
            where=str(path),
            next_step="delete it and fetch it again",
        ) from error


def _label_names(file: ParquetFile) -> dict[str, list[str]]:
    """Columns whose numbers stand for names, as `datasets` writes them into the file."""
    from datasets import ClassLabel, Features

    found = {}
    for column, feature in Features.from_arrow_schema(file.schema_arrow).items():
        inner = getattr(feature, "feature", feature)
        if isinstance(inner, ClassLabel):
            found[column] = list(inner.names)
    return found


def _named(value: int | list[int | None] | None, labels: list[str], path: Path) -> str | list[str]:
    numbers = value if isinstance(value, list) else [value]
    # Nothing, or -1, is how data sets write a label that they keep to themselves.
    known = [number for number in numbers if number is not None and 0 <= number < len(labels)]
    if len(known) < len(numbers):
        other = next(number for number in numbers if number not in known)
        hidden = other in (None, -1)
        raise DataError(
            f"a label is {'missing' if other is None else other}"
            + (": the labels are hidden" if hidden else ""),
            where=str(path),
            allowed=f"0 to {len(labels) - 1}: {', '.join(labels)}",
            next_step="name a data set with labels, or test on another split",
        )
    named = [labels[number] for number in known]
    return named if isinstance(value, list) else named[0]


def _sentence(row: Mapping[str, Any], corpus: Corpus, number: int, where: str) -> Sentence:
    column = next((name for name in _TAGS[corpus.task] if name in row), None)
    if "tokens" not in row or column is None:
        raise DataError(
            f"no annotation for {corpus.task}; the columns are {', '.join(row)}", where=where
        )
    words, tags = tuple(row["tokens"] or ()), [str(tag) for tag in row[column] or ()]
    if not words or len(words) != len(tags):
        raise DataError(f"{len(words)} words, {len(tags)} tags", where=where)
    ner = corpus.task == "ner"
    return Sentence(
        words=words,
        language=corpus.language,
        id=f"{corpus.split}-{number}",
        cluster=f"{corpus.name}/{corpus.split}-{number}",
        tags=None if ner else universal_tags(tags, lambda _: where),
        entities=entity_tags(tags, lambda _: where, corpus.options) if ner else None,
    )


def _pair(row: Mapping[str, Any], corpus: Corpus, number: int, where: str) -> SentencePair | None:
    names = next((pair for pair in _PAIRS if set(pair) <= set(row)), None)
    column = next((name for name in _PAIR_LABELS if name in row), None)
    if names is None or column is None:
        raise DataError(f"no pairs; the columns are {', '.join(row)}", where=where)
    first, second = (str(row[name] or "").split() for name in names)
    if not (first and second):
        if corpus.options.get("skip_empty"):
            return None
        raise DataError("an empty sentence", where=where)
    label = str(row[column])
    if label not in LABELS[corpus.task]:
        raise DataError(
            f"{label[:40]!r} is no label of {corpus.task}",
            where=where,
            allowed=", ".join(LABELS[corpus.task]),
        )
    # Translations stand in the same row of each language.
    group = (number - 1) // int(_option(corpus.options, "rows_per_cluster", 1)) + 1
    cluster, identity = f"{corpus.task}/{corpus.split}/{group}", f"{corpus.split}-{number}"

    def sentence(words: list[str], part: int) -> Sentence:
        return Sentence(tuple(words), corpus.language, f"{identity}.{part}", cluster)

    return SentencePair(
        sentence(first, 1), sentence(second, 2), LABELS[corpus.task][label], identity, cluster
    )


def _option(options: Mapping[str, Option], name: str, default: int) -> int:
    return max(1, int(options.get(name, default)))
