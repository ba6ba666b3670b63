from __future__ import annotations

import numpy as np

from reproduce.judge.judging import decide, judge_claims
from reproduce.judge.simulation import (
    SETTING,
    Shape,
    Simulated,
    Template,
    simulated_design,
    simulated_records,
)
from reproduce.nouns.claim import Claim, Source
from reproduce.nouns.evidence import Evidence
from reproduce.nouns.expectation import Expectation
from reproduce.nouns.setting import Setting


def make_claim(expect: Expectation, **changes: object) -> Claim:
    fields = {
        "id": "a-claim",
        "title": "A claim",
        "paper": "a-paper",
        "source": Source(document="a-paper", quote="It is so."),
        "family": "a-family",
        "role": "confirmatory",
        "experiment": Simulated(),
        "expect": expect,
        "unit": "seed",
    }
    return Claim(**{**fields, **changes})


def make_setting(evidence: Evidence = Evidence.SIMULATED) -> Setting:
    return SETTING.model_copy(update={"evidence": evidence})


def judge_scores(
    expect,
    scores,
    *,
    shape=None,
    family_sizes=None,
    evidence=Evidence.SIMULATED,
    design_changes=None,
    cell_seconds=0.0,
    **changes,
):
    """The verdict over records in which every arm and unit has the given score."""
    first = next(iter(scores.values()))
    shape = shape or Shape(
        tasks=tuple(scores),
        layers=tuple(range(1, first.shape[0])) if first.shape[0] > 2 else (None,),
        units=first.shape[1],
        targets=tuple(
            "bcdefghijklm"[i] * 2 for i in range(first.shape[2] if first.ndim == 3 else 1)
        ),
    )
    design = simulated_design(shape)
    records = simulated_records(design, scores)
    design = design.model_copy(update=design_changes or {})
    claim = make_claim(expect, **changes)
    [verdict] = judge_claims(
        [(claim, design)],
        records,
        setting=make_setting(evidence),
        family_sizes=family_sizes or {},
        cell_seconds=cell_seconds,
    )
    return verdict


def judge_gains(expect, gains, **changes):
    """The verdict over one task whose paired differences are the given points."""
    gains = np.asarray(gains, dtype=float)
    return judge_scores(
        expect, {"pos": np.stack([np.full_like(gains, 50.0), 50 + gains])}, **changes
    )


def rates(expect, draw, *, runs, seed=0, **shape):
    """Share of supported and refuted verdicts over simulated scores, at raw alpha."""
    rng = np.random.default_rng(seed)
    design = simulated_design(Shape(**shape))
    template = Template.of(design)
    claim = make_claim(expect, role="control")
    outcomes = []
    for _ in range(runs):
        [decision] = decide(
            [(claim, design)],
            [template.filled(draw(rng))],
            setting=make_setting(),
            family_sizes={},
        )
        outcomes.append(decision.outcome.value)
    return {name: outcomes.count(name) / runs for name in ("supported", "refuted")}
