"""Which reader and folder a slice comes from: training data of a language may lie elsewhere."""

from __future__ import annotations

from reproduce.data.lines import READABLE
from reproduce.errors import DataError
from reproduce.nouns.cell import DataSlice, Split
from reproduce.nouns.setting import DataChoice
from reproduce.nouns.source import SOURCES


def corpus_key(piece: DataSlice) -> str:
    """Key of `Whereabouts.corpora` and `.options`."""
    return f"{piece.source}/{piece.name}"


def data_of(data: DataChoice, language: str, split: Split) -> DataChoice:
    """Where a split of a language is: training data may lie elsewhere."""
    return data.training.get(language, data) if split == "train" else data


def describe(data: DataChoice, task: str, language: str, split: Split, count: int) -> DataSlice:
    """Pin a slice by the reader that it needs; see `Source.describe`.

    Raises:
        DataError: no such file, language or task, or one that may not be read.
    """
    its = data_of(data, language, split)
    try:
        return SOURCES.get(its.source).describe(its, task, language, split, count)
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror}",
            where=str(error.filename or its.folder),
            next_step=READABLE,
        ) from error
