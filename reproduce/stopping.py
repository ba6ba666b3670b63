"""Optional stopping: looks at a claim that were not declared before the first of them."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from reproduce.errors import StoreError
from reproduce.nouns.base import digest
from reproduce.nouns.claim import Claim
from reproduce.nouns.design import Design
from reproduce.nouns.run import Run
from reproduce.nouns.setting import Setting
from reproduce.nouns.verdict import Verdict
from reproduce.store import Store, runs

_LOG = logging.getLogger(__name__)


def undeclared_looks(
    store: Store, planned: Sequence[tuple[Claim, Design]], setting: Setting
) -> dict[str, str]:
    """What a verdict must say of each claim that was judged before at looks of another declaration.

    A claim pays for the looks that it declares. Whoever declares others after seeing a verdict, in
    its file, with `--set` or under another id, may go on until the verdict pleases, and its error
    rate is not known. The same question in another setting rests on other data and does not count;
    nor do runs that were cut down for a first impression, or in which nothing could be tested.
    """
    asked = {claim.id: (_question(claim), design) for claim, design in planned}
    seen: dict[str, dict[tuple[int, ...], set[int]]] = {}
    for id in runs.ids(store):
        try:
            run = runs.load(store, id)
        except StoreError as error:  # torn, or of another version: it must not stop every night
            _LOG.warning("run %s is left out of the search for undeclared looks: %s", id, error)
            continue
        if not run.watermark and run.setting == setting:
            _collect(run, seen)
    found = {}
    for id, (question, design) in asked.items():
        others = {k: v for k, v in seen.get(question, {}).items() if k != design.looks}
        if others:
            found[id] = _text(others, design.looks)
    return found


def labelled(verdict: Verdict, text: str) -> Verdict:
    """The verdict with what `undeclared_looks` found of it; as it was where nothing is tested."""
    if not text or verdict.support is None:
        return verdict
    short = "Optional stopping: its looks were not declared before the first of them."
    looks = verdict.signature.replace(" | reproduce ", ", optional stopping | reproduce ")
    return verdict.model_copy(
        update={
            "stopping": text,
            "reason": f"{verdict.reason} {short}",
            "notes": (*verdict.notes, text),
            "signature": looks,
        }
    )


def _question(claim: Claim) -> str:
    """Digest of what is tested on which data, but for how many units it is to be judged at."""
    experiment = claim.experiment.model_dump(mode="json", exclude={"seeds"})
    expect = claim.expect.model_dump(mode="json")
    return digest([experiment, expect, claim.unit, claim.inference])


def _collect(run: Run, seen: dict[str, dict[tuple[int, ...], set[int]]]) -> None:
    tested = {verdict.claim for verdict in run.verdicts if verdict.support is not None}
    for planned in run.claims:
        looks, look = planned.design.looks, planned.design.look
        if planned.claim.id in tested and looks:
            seen.setdefault(_question(planned.claim), {}).setdefault(looks, set()).add(looks[look])


def _text(others: dict[tuple[int, ...], set[int]], looks: tuple[int, ...]) -> str:
    each = [
        f"at {units} when the looks were {list(before)}"
        for before, counts in sorted(others.items())
        for units in sorted(counts)
    ]
    return (
        f"Optional stopping: it was judged before, {', '.join(each)}; now they are {list(looks)}. "
        "With looks that were not declared before the first one, the error rate is not known."
    )
