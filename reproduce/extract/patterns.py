"""What patterns can find in a claim: numbers, comparisons, tasks, models and languages."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reproduce.extract.words import LANGUAGES, MODELS, NUMBER_WORDS, TASKS
from reproduce.nouns.draft import Found, FoundComparison, FoundNumber

_DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d{1,15})(?:\.\d{1,15})?"
_VALUE = rf"(?:[+\-−±]\s?)?{_DIGITS}"
_UNIT = (
    r"(?:(?:absolute |relative )?(?:percentage |accuracy |F1 )?points?\b|\\?%|per ?cent\b"
    r"|F1\b|BLEU\b|accuracy\b"
    r"|[a-z-]{0,20} ?(?:layers?|languages?|tasks?|datasets?|branches|papers?|seeds?|sentences?)\b)"
)
_NUMBER = re.compile(
    rf"(?<![\w.,$\\^/:-])(?:(?<=etween )(?P<least>{_VALUE}) and (?P<most>{_DIGITS})"
    rf"|(?P<low>{_VALUE})(?:\s?(?:to|-|–|—|--)\s?(?P<high>{_DIGITS}))?)"
    rf"(?![\w,]*\w)(?!\.\d)(?:[\s-]?(?P<unit>{_UNIT}))?"
)
_WORD = re.compile(
    rf"\b(?P<word>{'|'.join(NUMBER_WORDS)})\b(?:\s(?P<unit>(?:[a-z-]{{1,20}} ){{0,2}}?{_UNIT}))?",
    re.IGNORECASE,
)
_NO_QUANTITY = re.compile(r"(?:19|20)\d\d|\d{4}\.\d{4,5}")  # a year, an arXiv id
_HIGHER = (
    r"outperform(?:s|ed|ing)?|improv(?:e|es|ed|ing)(?: (?:upon|over|on))?|exceed(?:s|ed)?"
    r"|surpass(?:es|ed)?|beats?|gains?|(?:better|higher|greater|more accurate) than"
)
_LOWER = (
    r"underperform(?:s|ed)?|degrad(?:e|es|ed)|(?:worse|lower|less accurate) than"
    r"|(?:falls?|fell|drops?|dropped|lags?)(?: (?:behind|below|from))?"
)
_COMPARISON = re.compile(
    rf"\b(?:(?P<higher>{_HIGHER})|(?P<lower>{_LOWER}))\b(?P<rest>[^.;:!?]{{0,120}})", re.IGNORECASE
)
_OVER = re.compile(r"^(?P<over>.*?) ?\b(?:by|of)$")  # between the relation and its size
_THAN = re.compile(r" (?:over|than|compared (?:to|with)) (?P<over>[\w-]+(?: [\w-]+){0,5})")


def find_patterns(quote: str) -> Found:
    """Everything that is found in one claim."""
    numbers = tuple(sorted(_numbers(quote), key=lambda number: number.offset))
    return Found(
        numbers=numbers,
        comparisons=tuple(_comparisons(quote, numbers)),
        tasks=tuple(n for n, pattern in TASKS.items() if re.search(pattern, quote, re.IGNORECASE)),
        models=tuple(name for name, pattern in MODELS.items() if re.search(pattern, quote)),
        languages=tuple(c for c, name in LANGUAGES.items() if re.search(rf"\b{name}\b", quote)),
    )


def _numbers(quote: str) -> Iterator[FoundNumber]:
    for match in _NUMBER.finditer(quote):
        text, unit = match[0].rstrip(), match["unit"] or ""
        if not unit and _NO_QUANTITY.fullmatch(text):
            continue
        low, high = _plain(match["low"] or match["least"]), match["high"] or match["most"]
        yield FoundNumber(
            text=text,
            value=low,
            to=_plain(high) if high else None,
            decimals=max(_decimals(low), _decimals(high or "")),
            unit=_unit(unit),
            offset=match.start(),
        )
    for match in _WORD.finditer(quote):
        yield FoundNumber(
            text=match[0],
            value=NUMBER_WORDS[match["word"].lower()],
            decimals=0,
            unit=_unit(match["unit"] or ""),
            offset=match.start(),
        )


def _plain(printed: str) -> str:
    """The digits as a plain number: `−1,000.50` is `-1000.50`."""
    return re.sub(r"[,\s±]", "", printed).replace("−", "-")


def _decimals(value: str) -> int:
    return len(value.partition(".")[2])


def _unit(text: str) -> str:
    return "%" if re.search(r"%|per ?cent\b", text) else text.strip()


def _comparisons(quote: str, numbers: tuple[FoundNumber, ...]) -> Iterator[FoundComparison]:
    for match in _COMPARISON.finditer(quote):
        start, stop = match.start("rest"), match.end()
        size = next((n for n in numbers if _is_size(quote, n, start, stop)), None)
        end = size.offset + len(size.text) if size else match.start("rest")
        before = quote[start : size.offset].strip() if size else ""
        over = _OVER.match(before)
        if size and not (over and over["over"]):
            over = _THAN.match(quote, end)
        relation = match["higher"] or match["lower"]
        yield FoundComparison(
            text=quote[match.start() : end],
            relation=relation.lower(),
            direction="higher" if match["higher"] else "lower",
            over=over["over"] if over else "",
            by=size.value if size else None,
            to=size.to if size else None,
            unit=size.unit if size else "",
        )


def _is_size(quote: str, number: FoundNumber, start: int, stop: int) -> bool:
    """Whether a number says by how much: it stands behind "by" or "of" and is counted in points."""
    before = quote[start : number.offset].rstrip()
    return start <= number.offset < stop and (
        before.endswith((" by", " of")) or before in ("by", "of")
    )
