"""Language ids of words, as corpora of code-switching write them, in one form.

A corpus of a pair is named `en--es`; ids come out as the codes of the pair, or as one of the
neutral ids: `univ` (punctuation, numbers), `ne` (names), `mixed` (both languages inside one word),
`ambiguous` (a word of both), `fw` (another language), `unk`.
"""

from __future__ import annotations

from collections.abc import Sequence

# ISO 639-3 and what corpora use beside it.
_CODES = {
    "eng": "en", "spa": "es", "hin": "hi", "tur": "tr", "deu": "de", "ger": "de", "fry": "fy",
    "nld": "nl", "fra": "fr", "ara": "ar", "tel": "te",
    # As treebanks are named, which generated sentences take their ids from.
    "english": "en", "spanish": "es", "hindi": "hi", "turkish": "tr", "german": "de",
    "frisian": "fy", "dutch": "nl", "french": "fr", "arabic": "ar", "telugu": "te",
}  # fmt: skip
_NEUTRAL = {
    "univ": "univ", "other": "univ", "999": "univ", "punct": "univ", "_": "unk", "unk": "unk",
    "ne": "ne", "name": "ne", "acro": "ne", "mixed": "mixed", "qtd": "mixed",
    "ambiguous": "ambiguous", "lang3": "fw", "fw": "fw",
}  # fmt: skip
NEUTRAL = tuple(dict.fromkeys(_NEUTRAL.values()))
LID = {"univ": "other"}
"""Neutral ids that the task of language identification calls otherwise."""


def code_of(name: str) -> str:
    """The code of a language that a corpus names by its code or by its name."""
    return _CODES.get(name.lower(), name.lower())


def plain_id(identity: str, pair: tuple[str, str]) -> str | None:
    """One of the pair's codes or a neutral id; None for what cannot be told."""
    name = identity.strip().lower()
    code = _CODES.get(name, name)
    if code in pair:
        return code
    if name in _NEUTRAL:
        return _NEUTRAL[name]
    parts = {_CODES.get(p, p) for p in name.replace("+", "&").split("&")}
    parts = parts if len(parts) > 1 else {_CODES.get(p, p) for p in name.split("-")}
    if len(parts) > 1 and parts <= set(pair):
        return "ambiguous"
    return "fw" if code.isalpha() and len(code) in (2, 3) else None


def after_switch(ids: Sequence[str]) -> tuple[bool, ...]:
    """Whether each word is the first of its language after a word of the other one.

    Words without a language are passed over; ids may be codes or labels of language identification.
    """
    out, before = [], ""
    for identity in ids:
        speaks = identity not in NEUTRAL and identity not in LID.values()
        out.append(speaks and bool(before) and identity != before)
        before = identity if speaks else before
    return tuple(out)


def lid_labels(ids: Sequence[str], pair: tuple[str, str]) -> tuple[str, ...]:
    """The labels of language identification: `lang1`, `lang2`, or what a neutral id stands for."""
    names = {pair[0]: "lang1", pair[1]: "lang2"} | LID
    return tuple(names.get(identity, identity) for identity in ids)
