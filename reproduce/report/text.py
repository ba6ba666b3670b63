"""How numbers and strangers' text are shown to people."""

from __future__ import annotations

import unicodedata

MINUS = "\N{MINUS SIGN}"
NOTHING = "\N{EN DASH}"

# Both shape words of Persian and the languages of India, and are harmless there.
_JOINERS = {"\N{ZERO WIDTH NON-JOINER}", "\N{ZERO WIDTH JOINER}"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_MOST_MARKS = 4  # no orthography puts more combining marks on one letter


def visible(text: str) -> str:
    """The text with what cannot be seen, or reorders what is seen, spelled out as `⟨U+202E⟩`."""
    shown = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > _MOST_MARKS:
            continue
        if category in _HIDDEN and character not in _JOINERS and character not in "\n\t":
            shown.append(f"⟨U+{ord(character):04X}⟩")
        else:
            shown.append(character)
    return "".join(shown)


def number(value: float | None, digits: int = 1) -> str:
    """`71.3`; an en dash where there is no number."""
    if value is None or value != value:
        return NOTHING
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def signed(value: float | None, digits: int = 2) -> str:
    """`+0.42` or `−0.31`: a difference."""
    text = number(value, digits)
    plain = text == NOTHING or text.startswith(MINUS) or float(text) == 0
    return text if plain else f"+{text}"


def interval(low: float | None, high: float | None, digits: int = 2) -> str:
    """`[−0.31, +1.15]`; an open side is infinite."""
    if low is None and high is None:
        return NOTHING
    left = f"({MINUS}∞" if low is None else f"[{signed(low, digits)}"
    right = "∞)" if high is None else f"{signed(high, digits)}]"
    return f"{left}, {right}"


def region(low: float | None, high: float | None) -> str:
    """The values for which a claim is true, in words: `above +1`, `between −0.5 and +0.5`."""
    if low is None and high is None:
        return NOTHING
    if high is None:
        return f"above {_short(low)}"
    if low is None:
        return f"below {_short(high)}"
    return f"between {_short(low)} and {_short(high)}"


def _short(value: float | None) -> str:
    text = signed(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def probability(value: float | None) -> str:
    """`0.013`, and `< 0.001` for what is smaller."""
    if value is None or value != value:
        return NOTHING
    if value < 0.001:
        return "< 0.001"
    return f"{value:.3f}"


def percent(share: float | None) -> str:
    """`42 %`; a small share that is not zero is `< 1 %`."""
    if share is None or share != share:
        return NOTHING
    if 0 < share < 0.005:
        return "< 1\N{NO-BREAK SPACE}%"
    return f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def duration(seconds: float | None) -> str:
    """`40 s`, `6 min`, `1 h 20 min`."""
    if seconds is None:
        return NOTHING
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def moment(stamp: str) -> str:
    """`2026-01-31 12:05 UTC` from ISO 8601; the text as it is where it is no such stamp."""
    head = stamp[:16]
    looks_right = len(head) == 16 and head[10] == "T" and head[13] == ":"
    return head.replace("T", " ") + " UTC" if looks_right else stamp


def words(name: str) -> str:
    """`gate_lies_between_0_and_1` as a sentence."""
    plain = name.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def plural(count: int, noun: str) -> str:
    """`1 claim`, `3 claims`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
