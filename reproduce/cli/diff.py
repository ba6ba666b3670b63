"""`reproduce diff`: two runs side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reproduce.cli.options import DEFAULT_STORE, AsJson, StorePlace

if TYPE_CHECKING:
    from reproduce.nouns.run import Run
    from reproduce.store import Store

_WIDTH = 60
_NAMED = 6  # claims of one run alone that are named

RunName = Annotated[
    str, typer.Argument(metavar="RUN", help="Id of a run, or `latest` or `previous`.")
]


def command(
    a: RunName = "previous",
    b: RunName = "latest",
    store: StorePlace = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Compare two runs: parameters, environment, data, metrics and verdicts."""
    from reproduce.cli.output import columns, counted, echo_json
    from reproduce.report.text import visible
    from reproduce.store import open_store
    from reproduce.verification.differences import SECTIONS, alone, differences

    shelf = open_store(store)
    first, second = _find(shelf, a), _find(shelf, b)
    found, apart = differences(first, second), alone(first, second)
    if as_json:
        shown = {"a": first.id, "b": second.id, "differences": [d._asdict() for d in found]}
        echo_json({**shown, "only_a": apart.a, "only_b": apart.b})
        return
    typer.echo(
        f"A: {first.id}  {visible(first.command)}\nB: {second.id}  {visible(second.command)}"
    )
    for name, claims in zip("AB", apart, strict=True):
        if claims:
            few = ", ".join(claims[:_NAMED]) + (", ..." if len(claims) > _NAMED else "")
            typer.echo(f"\nonly in {name}: {counted(len(claims), 'claim')}: {few}")
    if len(apart.a) == len(first.claims):
        typer.echo("\nThe two runs have no claim in common.")
    for section in SECTIONS:
        rows = [(d.key, d.a or "-", d.b or "-") for d in found if d.section == section]
        typer.echo(f"\n{section}: {'the same' if not rows else ''}".rstrip())
        if rows:
            typer.echo(columns(("key", "A", "B"), [[_short(x) for x in row] for row in rows]))


def _find(store: Store, name: str) -> Run:
    from reproduce.errors import StoreError
    from reproduce.store import runs

    places = {"latest": -1, "previous": -2}
    if name not in places:
        return runs.load(store, name)
    known = runs.ids(store)
    if len(known) < -places[name]:
        raise StoreError(
            f"there is no {name} run: the store has {len(known)}",
            where=store.location,
            next_step="reproduce run CLAIMS",
        )
    return runs.load(store, known[places[name]])


def _short(text: str) -> str:
    from reproduce.report.text import visible

    flat = " ".join(visible(text).split())
    return flat if len(flat) <= _WIDTH else f"{flat[: _WIDTH - 3]}..."
