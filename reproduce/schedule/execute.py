"""Runs the cells that the store lacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from reproduce.nouns.cell import Cell, Whereabouts, cell_id
from reproduce.nouns.record import Record
from reproduce.schedule.events import Event, Summary
from reproduce.schedule.inline import run_inline
from reproduce.schedule.interruption import interruptible
from reproduce.schedule.ledger import Ledger
from reproduce.schedule.on_ray import run_on_ray
from reproduce.schedule.options import Options
from reproduce.schedule.order import interleave
from reproduce.store import Store
from reproduce.store.scores import mean_target_score


def shown_score(record: Record) -> str:
    """Mean over the target languages of test, or how many checks hold, as a display shows it."""
    if checks := record.content.checks:
        return f"{sum(check.holds for check in checks)} of {len(checks)} hold"
    score = mean_target_score(record)
    return "" if score is None else f"{score:.1f}"


def _ignore(event: Event) -> None:
    """Nobody watches."""


def execute(
    cells: Sequence[Cell],
    whereabouts: Whereabouts,
    store: Store,
    *,
    options: Options | None = None,
    on_event: Callable[[Event], None] = _ignore,
    score_of: Callable[[Record], str] = shown_score,
    kept: dict[str, Record] | None = None,
) -> Summary:
    """Run the cells that are not stored yet and store their records.

    A cell that fails is tried again and then noted; its siblings go on. Ctrl-C and SIGTERM end the
    call cleanly, with everything stored that was finished. Once the budget is used up no cell
    begins, and what is left counts as not run. Records that were stored before are entered into
    `kept`, so that a judge need not read them again.

    Raises:
        ResourceError: no machine can hold a cell.
        StoreError: the store cannot be written; what was finished before is stored.
    """
    options = options or Options()
    unique = list({cell_id(cell): cell for cell in cells}.values())
    ledger = Ledger(
        store,
        options=options,
        on_event=on_event,
        score_of=score_of,
        kept={} if kept is None else kept,
    )
    interrupted = False
    try:
        with interruptible():
            missing = interleave(ledger.take_stored(unique))
            if missing and not ledger.spent:
                store.check_writable()
                run = run_inline if options.executor == "inline" else run_on_ray
                run(missing, _absolute(whereabouts), ledger, options)
    except KeyboardInterrupt:
        interrupted = True
    return ledger.summary(unique, interrupted=interrupted)


def _absolute(whereabouts: Whereabouts) -> Whereabouts:
    # Workers have working folders of their own.
    return whereabouts.model_copy(
        update={
            "checkpoints": _absolute_paths(whereabouts.checkpoints),
            "corpora": _absolute_paths(whereabouts.corpora),
        }
    )


def _absolute_paths(places: dict[str, str]) -> dict[str, str]:
    def absolute(place: str) -> str:
        return str(Path(place).absolute()) if place and Path(place).exists() else place

    return {name: absolute(place) for name, place in places.items()}
