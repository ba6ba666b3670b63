"""Extension: the next declared look of a claim, set up as its latest run was."""

from __future__ import annotations

import shlex
from pathlib import Path

from reproduce.book import family_sizes, load_book
from reproduce.errors import UserError
from reproduce.nouns.evidence import Outcome
from reproduce.nouns.run import PlannedClaim, Run
from reproduce.registry import did_you_mean, names_near
from reproduce.session import Request
from reproduce.store import Store, runs


def next_look(store: Store, claim_id: str) -> Request:
    """The request that trains the seeds up to the claim's next look.

    A look that was begun and not judged, since it was interrupted or a cell failed, is the next.

    Raises:
        UserError: the claim was never run here, its first look is not judged, it is decided, its
            file is gone, or it declares no further look.
        SpecErrors: its file has problems by now.
    """
    run, planned = _latest(store, claim_id)
    looks = planned.design.looks
    outcome = next((v.outcome for v in run.verdicts if v.claim == claim_id), Outcome.NOT_RUN)
    judged = outcome not in (Outcome.NOT_RUN, Outcome.ERROR)
    look = planned.design.look if judged else planned.design.look - 1
    if look < 0:
        raise UserError(
            f"{claim_id} has no verdict yet at the first of its looks: {list(looks)} units",
            where=planned.file,
            next_step=f"reproduce run {shlex.quote(planned.file)}, with the options of its run, "
            "trains what is missing",
        )
    if look + 1 >= len(looks):
        raise UserError(
            f"{claim_id} has reached the last of its looks: {list(looks)} units",
            where=planned.file,
            allowed="the looks that the claim declared before it was run",
            next_step="more seeds now would be optional stopping: their error rate is unknown; "
            "declare another look in a new claim",
        )
    if outcome in (Outcome.SUPPORTED, Outcome.REFUTED):
        # A further look could only cost time, or unsettle what is decided.
        raise UserError(
            f"{claim_id} is decided: {outcome.value} at {looks[look]} of at most {looks[-1]} units",
            where=planned.file,
            allowed="claims that are undecided: a look more of a decided one is one more chance to "
            "err",
            next_step="reproduce report --html shows the verdict",
        )
    file = Path(planned.file)
    if not file.exists():
        raise UserError(
            f"the file of {claim_id} is gone",
            where=planned.file,
            next_step="put it back, or call from the folder that the claim was run from",
        )
    book = load_book([file], overrides=run.overrides)
    return Request(
        claims=(book.get(claim_id),),
        setting=run.setting,
        family_sizes=family_sizes([file]),
        store=store,
        overrides=run.overrides,
        look=look + 1,
        command=f"reproduce extend {claim_id}",
    )


def _latest(store: Store, claim_id: str) -> tuple[Run, PlannedClaim]:
    known: set[str] = set()
    for id in reversed(runs.ids(store)):
        run = runs.load(store, id)
        if run.watermark:
            continue  # a quick look declares no looks of its own
        for planned in run.claims:
            if planned.claim.id == claim_id:
                return run, planned
            known.add(planned.claim.id)
    raise UserError(
        f"claim {claim_id!r} has not been run here; a quick look does not count",
        where=store.location,
        allowed=names_near(claim_id, sorted(known)) or "no claim yet",
        next_step=did_you_mean(claim_id, known, "reproduce run CLAIMS"),
    )
