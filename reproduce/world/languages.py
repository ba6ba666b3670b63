"""The languages of the world: families, word orders, scripts and sound changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from reproduce.world.draw import Draw, pick, stream

Side = Literal["before", "after"]
Morphology = Literal["fusional", "agglutinative", "prefixing", "isolating"]

SIDES = ("adjective", "adposition", "genitive", "relative", "numeral", "determiner", "negation",
         "auxiliary", "adverb", "subordinator")  # fmt: skip
ORDERS = ("SVO", "SOV", "VSO", "VOS")


@dataclass(frozen=True, slots=True)
class LanguageProfile:
    """What distinguishes a language: how its words are related, built and ordered.

    The sides say where a dependent stands: an adjective before or after its noun, an adposition
    before or after its noun phrase, a negation or auxiliary before or after the verb, and so on.

    Attributes:
        code: three letters.
        order: subject, verb and object in main clauses; `subordinate` in the others.
        articles: which articles there are.
        kept: per cent of the proto-language's words that this language has kept.
        changes: regular sound changes (pattern, replacement), applied in this order.
        glide: what separates two vowels where a suffix meets a stem; empty: the first is dropped.
    """

    code: str
    name: str
    family: str
    order: str
    subordinate: str
    morphology: Morphology
    articles: Literal["both", "definite", "none"]
    adjective: Side
    adposition: Side
    genitive: Side
    relative: Side
    numeral: Side
    determiner: Side
    negation: Side
    auxiliary: Side
    adverb: Side
    subordinator: Side
    kept: int
    changes: tuple[tuple[str, str], ...]
    glide: str = ""
    script: str = "Latin"


@dataclass(frozen=True, slots=True)
class Sounds:
    """The sounds that the roots of a family are built from."""

    onsets: tuple[str, ...]
    vowels: tuple[str, ...]
    codas: tuple[str, ...]


def _sounds(onsets: str, vowels: str, codas: str) -> Sounds:
    """Sounds written with spaces between them; `-` is none."""
    none = {"-": ""}
    return Sounds(
        tuple(onsets.split()), tuple(vowels.split()), tuple(none.get(c, c) for c in codas.split())
    )


FAMILIES: Mapping[str, Sounds] = MappingProxyType(
    {
        "Avanic": _sounds(
            "p t k b d g m n s l r f v st tr pl kr br", "a e i o u a e o", "- - - n r s l t"
        ),
        "Korunic": _sounds("k t ch sh z y m n b g h d kh s", "a i u o a i u", "- - n k m sh r"),
        "Tumaric": _sounds("p t k m n w l h f ng mb nd hw", "a e i o u ai au oa", "-"),
        "Iskan": _sounds("x ts j q t k dz l m n r sk tl v", "e i o y e a", "- x ts n l q"),
    }
)

_SVO = {"adposition": "before", "genitive": "after", "relative": "after", "numeral": "before",
        "determiner": "before", "negation": "before", "auxiliary": "before",
        "subordinator": "before"}  # fmt: skip
_SOV = {"adposition": "after", "genitive": "before", "relative": "before", "numeral": "before",
        "determiner": "before", "negation": "after", "auxiliary": "after", "adverb": "before",
        "subordinator": "after", "adjective": "before"}  # fmt: skip
_VSO = {"adposition": "before", "genitive": "after", "relative": "after", "numeral": "after",
        "determiner": "after", "negation": "before", "auxiliary": "before", "adverb": "after",
        "subordinator": "before", "adjective": "after"}  # fmt: skip


def _language(code: str, name: str, family: str, order: str, **rest: object) -> LanguageProfile:
    fields = {"subordinate": order, **rest}
    return LanguageProfile(code=code, name=name, family=family, order=order, **fields)  # type: ignore[arg-type]


SOURCE_LANGUAGE = "ava"

PROFILES = (
    _language(
        "ava", "Avan", "Avanic", "SVO", morphology="fusional", articles="both",
        adjective="before", adverb="after", kept=100, changes=((r"st$", "s"),), **_SVO,
    ),
    _language(
        "avo", "Avoric", "Avanic", "SVO", morphology="fusional", articles="definite",
        adjective="after", adverb="after", kept=88,
        changes=((r"(?<=[aeiou])t(?=[aeiou])", "d"), (r"^k(?=[ei])", "ch"), (r"pl", "pi"),
                 (r"o$", "u"), (r"(?<=[aeiou])s(?=[aeiou])", "z")), **_SVO,
    ),
    _language(
        "ost", "Ostavan", "Avanic", "SVO", morphology="fusional", articles="none",
        adjective="before", adverb="before", kept=74,
        changes=((r"^p(?!l)", "f"), (r"^b", "p"), (r"g(?=[aou])", "k"), (r"e$", ""),
                 (r"v", "w"), (r"(?<=[aeiou])d", "th")), **_SVO,
    ),
    _language(
        "kor", "Korun", "Korunic", "SOV", morphology="agglutinative", articles="none", kept=100,
        changes=((r"kh", "q"),), glide="y", **_SOV,
    ),
    _language(
        "kes", "Keshal", "Korunic", "SOV", morphology="agglutinative", articles="none", kept=82,
        changes=((r"^h", ""), (r"ch", "ts"), (r"u(?=[nm])", "o"), (r"kh", "h"), (r"z", "j")),
        glide="n", **{**_SOV, "relative": "after", "adverb": "after"},
    ),
    _language(
        "kyr", "Kyrun", "Korunic", "SOV", morphology="agglutinative", articles="none", kept=80,
        changes=((r"b(?=[aiou])", "v"), (r"sh$", "s"), (r"kh", "k"), (r"i$", "e")),
        glide="y", script="Cyrillic", **{**_SOV, "numeral": "after"},
    ),
    _language(
        "tum", "Tumari", "Tumaric", "VSO", morphology="prefixing", articles="definite", kept=100,
        changes=((r"hw", "w"),), glide="h", **_VSO,
    ),
    _language(
        "tol", "Tolua", "Tumaric", "VSO", morphology="prefixing", articles="definite", kept=76,
        changes=((r"k", "g"), (r"oa", "o"), (r"^f", "h"), (r"nd", "n"), (r"hw", "v")),
        glide="l", **{**_VSO, "numeral": "before", "determiner": "before"},
    ),
    _language(
        "isk", "Iskan", "Iskan", "SVO", subordinate="SOV", morphology="isolating", articles="both",
        adjective="after", adverb="before", kept=100, changes=((r"tl$", "l"),),
        **{**_SVO, "genitive": "before", "negation": "after"},
    ),
)  # fmt: skip

_CYRILLIC = {
    "ch": "ч", "sh": "ш", "kh": "х", "ts": "ц", "a": "а", "b": "б", "c": "к", "d": "д", "e": "е",
    "f": "ф", "g": "г", "h": "г", "i": "и", "j": "ж", "k": "к", "l": "л", "m": "м", "n": "н",
    "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в", "w": "в",
    "x": "х", "y": "ы", "z": "з",
}  # fmt: skip


def to_cyrillic(text: str) -> str:
    """Latin letters written in Cyrillic; everything else stays."""
    out, i = [], 0
    while i < len(text):
        size = 2 if text[i : i + 2] in _CYRILLIC else 1
        out.append(_CYRILLIC.get(text[i : i + size], text[i : i + size]))
        i += size
    return "".join(out)


def profiles(*, shared_order: bool) -> dict[str, LanguageProfile]:
    """Code -> profile; without `shared_order` each language draws every order for itself."""
    if shared_order:
        return {p.code: p for p in PROFILES}
    return {p.code: _reordered(p, stream("order", p.code)) for p in PROFILES}


def _reordered(profile: LanguageProfile, draw: Draw) -> LanguageProfile:
    order = pick(draw, ORDERS)
    sides = {side: pick(draw, ("before", "after")) for side in SIDES}
    return replace(profile, order=order, subordinate=order, **sides)  # type: ignore[arg-type]
