"""Numbers as verdicts print them: with a real minus sign, as the tables of the report."""

from __future__ import annotations

from reproduce.statistics.paired import Interval, Summary, interval

MINUS = "\N{MINUS SIGN}"


def plain(value: float) -> str:
    """At most two decimals, no trailing zeros: `1.5`, `−0.12`."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", MINUS)


def in_points(value: float) -> str:
    """`1 point`, `1.5 points`."""
    return f"{plain(value)} {'point' if plain(value) == '1' else 'points'}"


def signed(value: float) -> str:
    """Two decimals with a sign: `+1.42`, `−0.46`."""
    return f"{value:+.2f}".replace("-", MINUS)


def percent(share: float) -> str:
    """A level as a percentage: `90%`, `97.5%`."""
    return f"{100 * share:.3g}%"


def spread(bounds: Interval) -> str:
    """`90% interval +0.90 to +1.94`."""
    return f"{percent(bounds.level)} interval {signed(bounds.low)} to {signed(bounds.high)}"


def scaled(value: float, scale: str) -> str:
    """`1 point`, `1.5 points`, `0.3 rho`."""
    return in_points(value) if scale == "points" else f"{plain(value)} {scale}"


def measured(summary: Summary, level: float, unit: str, scale: str = "points") -> str:
    """`+1.42 points (90% interval +0.90 to +1.94, 8 seeds)`."""
    bounds = interval(summary, level)
    between = f"{spread(bounds)}, " if bounds else ""
    return f"{signed(summary.mean)} {scale} ({between}{count(summary.n, unit)})"


def count(n: int, unit: str) -> str:
    """`1 seed`, `8 seeds`."""
    return f"{n} {unit}" if n == 1 else f"{n} {unit}s"


def probability(p: float) -> str:
    """`0.031`, `1.2e-05`."""
    return f"{p:.3f}" if p >= 0.001 else f"{p:.1e}"


def listing(names: list[str]) -> str:
    """`pos`, `pos and ner`, `pos, ner and xnli`."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
