"""Mutations of text and bytes: what editors, disks and strangers do to files."""

from __future__ import annotations

import random
from collections.abc import Sequence

_TOKENS = (
    "", "~", "null", "true", ".nan", ".inf", "-.inf", "1e999", "0x1F", "0o17", "9" * 400, "-1",
    "'", '"', "[", "]", "{", "}", ":", "- ", "? ", "&a ", "*a", "!!python/object:os.system ",
    "!!binary ", "<<: *a", "---", "...", "%YAML 1.1", "|", ">", "#", "\t", "\r", "\x00", "\ufeff",
    "\u202e", "\ud7ff", "../../etc/passwd", "/etc/passwd", "C:\\x", "a" * 5000, "$(id)", "`id`",
    "{{ 7 * 7 }}", "<script>", "2026-11-22", "12:30:45", "1_000", "yes", "no", "é", "ﷺ", "🂡",
)  # fmt: skip


def mutate_text(text: str, others: Sequence[str], generator: random.Random) -> str:
    """One to four changes of a specification file."""
    for _ in range(generator.randint(1, 4)):
        text = generator.choice(_CHANGES)(text, others, generator)
    return text[:300_000]


def _insert_token(text: str, others: Sequence[str], g: random.Random) -> str:
    place = g.randint(0, len(text))
    return text[:place] + g.choice(_TOKENS) + text[place:]


def _replace_value(text: str, others: Sequence[str], g: random.Random) -> str:
    lines = text.split("\n")
    with_values = [i for i, line in enumerate(lines) if ": " in line]
    if with_values:
        i = g.choice(with_values)
        lines[i] = lines[i].partition(": ")[0] + ": " + g.choice(_TOKENS)
    return "\n".join(lines)


def _drop_line(text: str, others: Sequence[str], g: random.Random) -> str:
    lines = text.split("\n")
    del lines[g.randrange(len(lines))]
    return "\n".join(lines)


def _repeat_line(text: str, others: Sequence[str], g: random.Random) -> str:
    lines = text.split("\n")
    i = g.randrange(len(lines))
    return "\n".join([*lines[:i], *[lines[i]] * g.choice([1, 2, 50]), *lines[i:]])


def _indent_line(text: str, others: Sequence[str], g: random.Random) -> str:
    lines = text.split("\n")
    i = g.randrange(len(lines))
    lines[i] = " " * g.choice([1, 2, 4, 64]) + lines[i] if g.random() < 0.5 else lines[i].lstrip()
    return "\n".join(lines)


def _cut(text: str, others: Sequence[str], g: random.Random) -> str:
    return text[: g.randint(0, len(text))]


def _splice(text: str, others: Sequence[str], g: random.Random) -> str:
    lines, more = text.split("\n"), g.choice(others).split("\n")
    i, j = g.randint(0, len(lines)), g.randint(0, len(more))
    return "\n".join([*lines[:i], *more[j : j + g.randint(1, 10)], *lines[i:]])


def _change_letter(text: str, others: Sequence[str], g: random.Random) -> str:
    if not text:
        return "x"
    place = g.randrange(len(text))
    return (
        text[:place]
        + chr(g.choice([g.randrange(32, 127), g.randrange(1, 0xD7FF)]))
        + text[place + 1 :]
    )


_CHANGES = (
    _insert_token, _replace_value, _replace_value, _drop_line, _repeat_line, _indent_line, _cut,
    _splice, _change_letter, _change_letter,
)  # fmt: skip


def mutate_bytes(data: bytes, generator: random.Random) -> bytes:
    """One to four changes of a binary file."""
    for _ in range(generator.randint(1, 4)):
        place = generator.randrange(len(data) + 1)
        kind = generator.randrange(5)
        if kind == 0 and place < len(data):
            data = (
                data[:place]
                + bytes([data[place] ^ (1 << generator.randrange(8))])
                + data[place + 1 :]
            )
        elif kind == 1:
            data = data[:place]
        elif kind == 2:
            data = data[:place] + generator.randbytes(generator.choice([1, 4, 100])) + data[place:]
        elif kind == 3:
            end = min(len(data), place + generator.choice([1, 8, 64]))
            data = data[:place] + data[end:]
        else:
            wide = generator.choice([b"\xff" * 8, b"\x00" * 8, b"99999999999999", b"-1"])
            data = data[:place] + wide + data[place + len(wide) :]
        if not data:
            return b"\x00"
    return data
