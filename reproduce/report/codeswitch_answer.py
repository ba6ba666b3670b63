"""The question on code-switching, answered in sentences made of measured numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reproduce.report.codeswitch_scores import GROUPS, Key, Scores, paired
from reproduce.report.codeswitch_view import CodeSwitchingView, CurvePoint, DataArm, Mean
from reproduce.report.text import interval, number, signed

_SHORT = {"source": "zero-shot transfer scores", "monolingual": "monolingual data",
          "synthetic-ec": "synthetic data", "real": "real data"}  # fmt: skip


def answer(
    scores: Mapping[Key, Scores], arms: Sequence[DataArm], curve: Sequence[CurvePoint], pair: str
) -> Iterator[str]:
    """The research question answered on one pair, sentence by sentence."""
    by_label = {a.label: a for a in arms if a.group == GROUPS["labelled"]}
    steps = (
        ("source", "Zero-shot transfer from the source language"),
        ("monolingual", "monolingual data of both languages"),
        ("synthetic-ec", "synthetic data by the equivalence constraint"),
        ("real", "real data"),
    )
    parts = [f"{text} scores {_shown(by_label[n].score)}" for n, text in steps if n in by_label]
    if parts:
        yield "; ".join(parts) + "."
    for better, worse in (("real", "synthetic-ec"), ("synthetic-ec", "source")):
        one, other = scores.get(("labelled", better)), scores.get(("labelled", worse))
        lead = paired(one, other, pair) if one and other else None
        if lead is not None:
            yield f"{_name(better)} {_verb(lead)} {_name(worse, small=True)} by {_points(lead)}."
    real = by_label.get("real"), by_label.get("source")
    if all(a is not None and {"switch", "inside"} <= a.parts.keys() for a in real):
        one, other = scores["labelled", "real"], scores["labelled", "source"]
        at = [paired(one, other, f"{pair}@{p}") for p in ("switch", "inside")]
        if at[0] and at[1]:
            yield (
                f"Real data gain {_points(at[0])} over zero-shot transfer on words at a switch,"
                f" and {_points(at[1])} on all other words."
            )
    if curve:
        first = curve[0]
        least = "" if first.bounded else "at least "
        yield (
            f"Where there are no real sentences, 1,000 synthetic ones are worth {least}"
            f"{number(first.worth.value, 0)} real ones"
            f" (95 % interval {interval(first.worth.low, first.worth.high, 0)})."
        )


def answer_of(view: CodeSwitchingView | None) -> str:
    """The question answered in one sentence of measured numbers; empty if nothing answers it.

    For each pair on the first task that has zero-shot transfer beside other data.
    """
    said: dict[str, str] = {}
    for pair in view.pairs if view else ():
        arms = {arm.label: arm.score for arm in pair.arms if arm.group == GROUPS["labelled"]}
        parts = [f"{text} {_shown(arms[name])}" for name, text in _SHORT.items() if name in arms]
        if "source" in arms and len(parts) > 1:
            said.setdefault(pair.pair, f"on {pair.pair} ({pair.task}) {', '.join(parts)}")
    if not said:
        return ""
    whole = "; ".join(said.values())
    return f"{whole[0].upper()}{whole[1:]}: mean scores on real code-switched sentences."


def _shown(mean: Mean) -> str:
    bounds = f" ({number(mean.low)} to {number(mean.high)})" if mean.low is not None else ""
    return f"{number(mean.value)}{bounds}"


def _points(mean: Mean) -> str:
    bounds = f" {interval(mean.low, mean.high)}" if mean.low is not None else ""
    return f"{signed(mean.value)} points{bounds}"


def _verb(lead: Mean) -> str:
    if lead.low is None or lead.high is None or lead.low <= 0 <= lead.high:
        return "are not clearly apart from"
    return "beat" if lead.low > 0 else "fall behind"


def _name(label: str, *, small: bool = False) -> str:
    names = {"real": "Real data", "synthetic-ec": "Synthetic data",
             "source": "Zero-shot transfer"}  # fmt: skip
    found = names[label]
    return found[0].lower() + found[1:] if small else found
