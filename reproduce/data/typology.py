"""Families from Glottolog, and features of syntax from lang2vec, as they lie in a folder."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from reproduce.errors import DataError

# Glottolog classifies languages, not the groups of languages that some codes stand for.
_MEMBER = {
    "hrv": "hbs",
    "aym": "ayr",
    "ara": "arb",
    "zho": "cmn",
    "est": "ekk",
    "fas": "pes",
    "msa": "zsm",
    "swa": "swh",
    "grn": "gug",
    "nah": "nhe",
    "oto": "ote",
}
_NODE = re.compile(r"\(|\)|,|[^(),:;]+")


def code_of(language: str, folder: Path) -> str:
    """The three letters that lang2vec knows a setting's code by."""
    codes = json.loads((folder / "lang2vec" / "letter_codes.json").read_text(encoding="utf-8"))
    return str(codes.get(language, language))


def lineages(folder: Path, languages: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Names of the groups that each language belongs to, from the largest; without unknown ones.

    Args:
        folder: holds `glottolog` and `lang2vec`.
        languages: codes as in a setting.

    Raises:
        DataError: a file of the folder is absent or torn.
    """
    names, by_code = _languages(folder / "glottolog" / "languages.csv")
    parents = _parents(folder / "glottolog" / "classification.nex")
    found = {}
    for language in languages:
        code = code_of(language, folder)
        glottocode = by_code.get(_MEMBER.get(code, code))
        if glottocode is None:
            continue
        above = [glottocode]
        while above[-1] in parents:
            above.append(parents[above[-1]])
        found[language] = tuple(names.get(node, node) for node in reversed(above))
    return found


def check_families(folder: Path, families: Mapping[str, str]) -> list[str]:
    """What Glottolog says otherwise of the families of languages, a line each.

    Raises:
        DataError: a file of the folder is absent or torn.
    """
    known = lineages(folder, families)
    lines = []
    for language, family in families.items():
        if language not in known:
            lines.append(f"{language}: Glottolog's table does not have it; {family!r} is unchecked")
        elif family not in known[language]:
            groups = ", ".join(known[language])
            lines.append(f"{language}: {family!r} is none of Glottolog's groups for it ({groups})")
    return lines


def _languages(path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """Glottocode -> name, and ISO code -> glottocode."""
    names, codes = {}, {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                names[row["ID"]] = row["Name"]
                if row["ISO639P3code"] and row["Level"] == "language":
                    codes[row["ISO639P3code"]] = row["ID"]
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=str(path)) from error
    except KeyError as error:
        raise DataError(
            f"there is no column {error.args[0]}",
            where=str(path),
            next_step="this file is languages.csv of glottolog-cldf",
        ) from error
    return names, codes


def _parents(path: Path) -> dict[str, str]:
    """Child -> parent in all trees of a Nexus file."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise DataError(f"cannot be read: {error.strerror}", where=str(path)) from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, 1):
        if line.strip().startswith("tree "):
            found.update(_edges(line.partition("[&R]")[2], f"{path}:{number}"))
    return found


def _edges(tree: str, where: str) -> Iterator[tuple[str, str]]:
    """(child, parent) of a tree in Newick's notation: children stand in brackets before a node."""
    open_: list[list[str]] = [[]]
    closed: list[str] = []
    for part in _NODE.findall(re.sub(r":[0-9.]+", "", tree)):
        if part == "(":
            open_.append([])
        elif part == ")":
            if len(open_) < 2:
                raise DataError("brackets that do not match", where=where)
            closed = open_.pop()
        elif part.strip() and part != ",":
            yield from ((child, part.strip()) for child in closed)
            closed = []
            open_[-1].append(part.strip())
    if len(open_) != 1:
        raise DataError("brackets that do not match", where=where)


@lru_cache(maxsize=4)
def syntax(folder: Path) -> dict[str, str]:
    """Language -> its features of syntax, a 0 or 1 each: known, or predicted from its kin.

    Of all languages of lang2vec, by the codes of a setting (two letters where there are two).

    Args:
        folder: holds `lang2vec`.

    Raises:
        DataError: a file of the folder is absent or torn.
    """
    import numpy as np

    path = folder / "lang2vec" / "feature_predictions.npz"
    try:
        codes = json.loads((folder / "lang2vec" / "letter_codes.json").read_text("utf-8"))
        with np.load(path) as file:
            kept = [n for n, name in enumerate(file["feats"]) if name.startswith("S_")]
            known = ["".join(str(int(v)) for v in row) for row in file["data"][:, kept, 0]]
            places = {str(code): n for n, code in enumerate(file["langs"])}
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"features of languages cannot be read: {error}",
            where=str(path),
            next_step="this file is feature_predictions.npz of github.com/antonisa/lang2vec",
        ) from error
    short = {long: two for two, long in codes.items() if len(two) == 2}
    return {
        name: known[place]
        for code, place in places.items()
        for name in {code, short.get(code, code)}
    }
