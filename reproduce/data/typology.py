"""Families from Glottolog's trees, and features of syntax from lang2vec, as they lie in a folder.

The table `reproduce/embedded/typology/syntax.tsv` is made by `benchmarks/typology_table.py`;
source and licence stand in its first lines.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reproduce.errors import DataError
from reproduce.resources import embedded_checkpoint

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
_HEADER = """\
# Features of syntax of lang2vec: feature_predictions.npz of github.com/antonisa/lang2vec at
# 82ab4457ae3a; https://www.aclweb.org/anthology/E17-2002.
# Licence: CC BY-SA 4.0, which this table shares.
# Derived by `python benchmarks/typology_table.py FOLDER`: 1 where a language is known or predicted
# to have a feature, 0 where not, in lang2vec's order of the features that begin with S_.
"""


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


def syntax_table(folder: Path, languages: Iterable[str]) -> str:
    """The embedded table, made anew from lang2vec's file; languages that it lacks are left out."""
    import numpy as np

    file = np.load(folder / "lang2vec" / "feature_predictions.npz")
    kept = [n for n, name in enumerate(file["feats"]) if name.startswith("S_")]
    places = {str(code): n for n, code in enumerate(file["langs"])}
    data = file["data"][:, :, 0]
    lines = []
    for language in sorted(set(languages)):
        place = places.get(code_of(language, folder))
        if place is not None:
            lines.append(f"{language}\t{''.join(str(int(v)) for v in data[place, kept])}\n")
    return _HEADER + "".join(lines)


def syntax() -> dict[str, str]:
    """Language -> its features of syntax, a 0 or 1 each, from the embedded table."""
    path = embedded_checkpoint("typology") / "syntax.tsv"
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {language: features for language, features in rows}
