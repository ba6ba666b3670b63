"""Writing mixed sentences as CoNLL-U, with language ids and derivation in the last column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from reproduce.codeswitch.mixed import Mixed
from reproduce.data.lines import read_lines
from reproduce.errors import DataError


def conllu(sentences: Iterable[Mixed]) -> Iterator[str]:
    """The sentences, a block each: `Lang=` is the word's language, `From=` where it comes from."""
    for number, mixed in enumerate(sentences, start=1):
        yield _block(mixed, number)


def _block(mixed: Mixed, number: int) -> str:
    sentence, names = mixed.sentence, (mixed.bitext.first.language, mixed.bitext.second.language)
    heads, relations = sentence.heads, sentence.relations
    lines = [
        f"# sent_id = {mixed.method}-{number}",
        f"# made_from = {mixed.bitext.first.id} {mixed.bitext.second.id}",
        f"# text = {' '.join(sentence.words)}",
    ]
    for place, (word, origin) in enumerate(zip(sentence.words, mixed.origins, strict=True)):
        misc = [f"Lang={(sentence.languages or ())[place]}"]
        misc.append(f"From={names[origin.side]}:{origin.place + 1}")
        entity = sentence.entities[place] if sentence.entities else "O"
        misc += [f"Entity={entity}"] if entity != "O" else []
        lines.append(
            "\t".join(
                (
                    str(place + 1),
                    word,
                    sentence.lemmas[place] if sentence.lemmas else "_",
                    sentence.tags[place] if sentence.tags else "_",
                    "_",
                    "_",
                    str(heads[place]) if heads else "_",
                    relations[place] if relations else "_",
                    "_",
                    "|".join(misc),
                )
            )
        )
    return "\n".join(lines) + "\n\n"


def read_ids(path: Path) -> list[tuple[str, ...]]:
    """The language ids of the words of a file: CoNLL-U, or lines of token TAB language (TAB tag).

    Raises:
        DataError: no word has a language.
    """
    from reproduce.data.conllu import read_sentences

    if path.suffix == ".conllu":
        found = [s.languages for s in read_sentences(path, name=path.stem, language="xx")]
        ids = [languages for languages in found if languages is not None]
    else:
        ids = _columns(path)
    if not ids:
        raise DataError(
            "no word of this file has a language",
            where=str(path),
            allowed="CoNLL-U with CSID= or Lang= in the last column, or token TAB language TAB tag",
        )
    return ids


def _columns(path: Path) -> list[tuple[str, ...]]:
    sentences: list[list[str]] = [[]]
    for line in read_lines(path):
        row = line.text.split("\t")
        if not line.text.strip():
            sentences.append([])
        elif len(row) in (2, 3):
            sentences[-1].append(row[1].lower())
        elif not line.text.startswith("#"):
            raise DataError(
                f"{len(row)} columns",
                where=f"{path}:{line.number}",
                allowed="token TAB language, or token TAB language TAB tag",
            )
    return [tuple(ids) for ids in sentences if ids]
