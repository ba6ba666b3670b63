"""Aligned sentences for the generators: of the world, or of two parallel treebanks."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from reproduce.codeswitch.align import Quality, align, quality, translations
from reproduce.codeswitch.replacement import Dictionary
from reproduce.codeswitch.source import bitext, known_languages, world_dictionary
from reproduce.data.conllu import read_sentences
from reproduce.data.language_ids import code_of
from reproduce.data.lines import read_lines
from reproduce.errors import DataError
from reproduce.nouns.bitext import Bitext

_WORLD = 20_000  # bitexts of the world that may be read


class Parallel(NamedTuple):
    """Aligned sentences, a dictionary, and what a user should know of them."""

    bitexts: Iterable[Bitext]
    dictionary: Dictionary
    notes: tuple[str, ...]


def open_parallel(
    first: str, second: str, *, checkpoint: str = "", dictionary: Path | None = None
) -> Parallel:
    """Sentences of two languages of the world, or of two treebanks that are translations.

    Args:
        first: a code such as `ava`, or a CoNLL-U file.
        second: the same.
        checkpoint: aligns the words of treebanks by its similarities; needed for them. For
            languages of the world, whose links are gold, it is noted how well it would do.
        dictionary: lines of word TAB translation; languages of the world have one of their own.

    Raises:
        DataError: one of each, an unknown language, treebanks without a common sentence, or no
            checkpoint to align them by.
    """
    known = known_languages()
    worldly = [name in known for name in (first, second)]
    if all(worldly):
        pair = f"{first}--{second}"
        found = read_dictionary(dictionary) if dictionary else world_dictionary(first, second)
        notes = (_against_gold(pair, checkpoint),) if checkpoint else ()
        return Parallel((bitext(pair, "train", i) for i in range(_WORLD)), found, notes)
    for name, is_code in zip((first, second), worldly, strict=True):
        if not is_code and not Path(name).is_file():
            raise DataError(
                f"{name!r} is neither a language of the world nor a file",
                allowed=", ".join(known) + ", or a CoNLL-U file",
            )
    if any(worldly):
        raise DataError(
            f"{first!r} and {second!r}: one is a language of the world, the other a file",
            next_step="take two languages of the world, or two parallel treebanks",
        )
    return _treebanks(Path(first), Path(second), checkpoint, dictionary)


def _treebanks(first: Path, second: Path, checkpoint: str, dictionary: Path | None) -> Parallel:
    names = [_language(path) for path in (first, second)]
    sides = [
        list(read_sentences(path, name="PUD", language=name))
        for path, name in zip((first, second), names, strict=True)
    ]
    found = translations(*sides)
    if not found:
        raise DataError(
            "the two treebanks have no sentence in common",
            where=f"{first}, {second}",
            next_step="sentences of parallel treebanks share their sent_id",
        )
    if not checkpoint:
        raise DataError(
            "treebanks have no word alignment of their own",
            where=f"{first}, {second}",
            next_step="give --checkpoint: words are aligned by its similarities",
        )
    aligned = align(found, checkpoint)
    links = sum(len(b.links) for b in aligned) / sum(len(b.first.words) for b in aligned)
    lost = [len(side) - len(found) for side in sides]
    notes = (
        f"{len(found)} parallel sentences; {lost[0]} and {lost[1]} sentences have no translation",
        f"{100 * links:.0f} % of the words of {names[0]} are aligned",
    )
    return Parallel(aligned, read_dictionary(dictionary) if dictionary else {}, notes)


def _language(path: Path) -> str:
    """`Spanish-PUD/test.conllu` and `es_pud-ud-test.conllu` -> `es`."""
    name = path.parent.name if path.stem in ("train", "dev", "test") else path.stem
    return code_of(name.removeprefix("UD_").replace("_", "-").split("-")[0]) or "xx"


def read_dictionary(path: Path) -> dict[str, tuple[str, ...]]:
    """Word -> its translations; single words alone.

    Raises:
        DataError: a line without a tab, by file and line, or no single word at all.
    """
    found: dict[str, dict[str, None]] = {}
    for line in read_lines(path):
        if not line.text.strip():
            continue
        word, tab, translation = line.text.partition("\t")
        if not tab:
            raise DataError(
                f"no tab in {line.text[:40]!r}",
                where=f"{path}:{line.number}",
                allowed="word TAB translation",
            )
        if " " not in word.strip() and " " not in translation.strip():
            found.setdefault(word.strip().lower(), {})[translation.strip()] = None
    if not found:
        raise DataError("there is no translation of a single word", where=str(path))
    return {word: tuple(options) for word, options in found.items()}


def gold_quality(pair: str, checkpoint: str, count: int = 200) -> Quality:
    """How well a checkpoint aligns sentences of the world, where the truth is known."""
    gold = [bitext(pair, "dev", i) for i in range(count)]
    return quality([b.links for b in align(gold, checkpoint)], [b.links for b in gold])


def _against_gold(pair: str, checkpoint: str) -> str:
    found = gold_quality(pair, checkpoint)
    return (
        f"gold links are used; {checkpoint} would find them with precision"
        f" {100 * found.precision:.0f} %, recall {100 * found.recall:.0f} %, F1"
        f" {100 * found.f1:.0f} % ({found.gold} links)"
    )
