"""Checks between nouns: claims among each other, with their papers, and with a setting."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from reproduce.book.book import Book, BookClaim, BookDraft
from reproduce.book.drafts import check_drafts
from reproduce.book.papers import Papers
from reproduce.errors import Problem
from reproduce.nouns.expectation import EXPECTATIONS
from reproduce.nouns.experiment import Experiment
from reproduce.nouns.setting import Setting
from reproduce.registry import did_you_mean

# Units that the judge can cross with the sentences of a test set.
_CROSSED = ("seed", "pretraining", "sentence")


def check_together(
    claims: Sequence[BookClaim], papers: Papers, drafts: Sequence[BookDraft] = ()
) -> list[Problem]:
    """What is wrong between the claims of a book, their parts, their papers and its drafts."""
    problems = [*_duplicate_ids(claims), *_mixed_alpha(claims)]
    problems += check_drafts(claims, drafts, papers)
    for entry in claims:
        problems += _unknown_papers(entry, papers)
        problems += _misfits(entry)
    return problems


def check_against(
    book: Book,
    setting: Setting,
    layers: int | None = None,
    *,
    tasks: Collection[str] = (),
    fusions: Collection[str] = (),
) -> list[Problem]:
    """What the claims of a book name that the setting does not have.

    Args:
        book: the claims.
        setting: what they are to run in.
        layers: layers of the setting's model, if it is known.
        tasks: all tasks that exist. One that the setting alone lacks is no error: the plan says
            that it is unavailable there.
        fusions: all fusion modules that exist; not checked if empty.
    """
    problems: list[Problem] = []
    for entry in book.claims:
        problems += _unknown_tasks(entry, setting, tasks)
        problems += _unknown_languages(entry, setting)
        problems += _unknown_layers(entry, layers)
        problems += _unknown_fusions(entry, fusions)
    return problems


def _unknown(
    entry: BookClaim, keys: tuple[str | int, ...], what: str, name: str, known: Collection[str]
) -> Problem:
    return entry.document.problem(
        keys,
        f"unknown {what} {name!r}",
        allowed=", ".join(known),
        next_step=did_you_mean(name, known),
    )


def _duplicate_ids(claims: Sequence[BookClaim]) -> Iterator[Problem]:
    first: dict[str, BookClaim] = {}
    for entry in claims:
        earlier = first.setdefault(entry.claim.id, entry)
        if earlier is not entry:
            spot = earlier.document.spot(("id",))
            yield entry.document.problem(
                ("id",),
                f"{entry.claim.id!r} is already the id of {spot.file}:{spot.line}",
                allowed="an id that no other claim of the book has",
            )


def _mixed_alpha(claims: Sequence[BookClaim]) -> Iterator[Problem]:
    first: dict[str, BookClaim] = {}
    for entry in claims:
        earlier = first.setdefault(entry.claim.family, entry)
        if earlier.claim.alpha != entry.claim.alpha:
            yield entry.document.problem(
                ("alpha",),
                f"{entry.claim.alpha:g}, but {earlier.file} of the same family "
                f"{entry.claim.family!r} has {earlier.claim.alpha:g}",
                allowed="one alpha for a family, because its claims are judged together",
            )


def _unknown_papers(entry: BookClaim, papers: Papers) -> Iterator[Problem]:
    if not papers.papers:
        yield entry.document.problem(
            ("paper",),
            f"there is no papers.yaml that lists {entry.claim.paper!r}",
            allowed="a papers.yaml beside the claim or in a folder above it",
            next_step="reproduce init lays one down",
        )
        return
    if entry.claim.paper not in papers.papers:
        yield _unknown(entry, ("paper",), "paper", entry.claim.paper, papers.papers)
    document = entry.claim.source.document
    known = [*papers.documents, *papers.papers]
    if document not in known:
        yield _unknown(entry, ("source", "document"), "document", document, known)


def _misfits(entry: BookClaim) -> Iterator[Problem]:
    experiment, expect = type(entry.claim.experiment), type(entry.claim.expect)
    quantities: Collection[str] = getattr(experiment, "quantities", ())
    units: Collection[str] = getattr(experiment, "units", ())
    wanted = getattr(expect, "quantity", "")
    if wanted and quantities and wanted not in quantities:
        fitting = [
            kind
            for kind in EXPECTATIONS
            if getattr(EXPECTATIONS.get(kind), "quantity", "") in quantities
        ]
        yield entry.document.problem(
            ("expect", "kind"),
            f"{entry.claim.expect.kind} does not fit the experiment {entry.claim.experiment.kind}",
            allowed=", ".join(fitting),
        )
    if units and entry.claim.unit not in units:
        yield entry.document.problem(
            ("unit",),
            f"the experiment {entry.claim.experiment.kind} does not vary over {entry.claim.unit!r}",
            allowed=", ".join(units),
        )
    if entry.claim.inference == "new-sentences" and entry.claim.unit not in _CROSSED:
        yield entry.document.problem(
            ("inference",),
            f"new sentences cannot be crossed with the unit {entry.claim.unit!r}",
            allowed=f"this-test-set, or one of the units {', '.join(_CROSSED)}",
        )


def _part(experiment: Experiment, name: str) -> object:
    return getattr(experiment, name, None)


def _unknown_tasks(entry: BookClaim, setting: Setting, tasks: Collection[str]) -> Iterator[Problem]:
    known = dict.fromkeys([*setting.tasks, *tasks])
    named = _part(entry.claim.experiment, "tasks")
    for i, task in enumerate(named if isinstance(named, tuple) else ()):
        if task not in known:
            yield _unknown(entry, ("experiment", "tasks", i), "task", task, known)


def _unknown_languages(entry: BookClaim, setting: Setting) -> Iterator[Problem]:
    for key in ("languages", "targets"):
        yield from _unknown_codes(entry, setting, key)


def _unknown_codes(entry: BookClaim, setting: Setting, key: str) -> Iterator[Problem]:
    named = _part(entry.claim.experiment, key)
    keys = ("experiment", key)
    if isinstance(named, str) and named not in setting.sets:
        problem = f"set of languages in setting {setting.name}:"
        yield _unknown(entry, keys, problem, named, [*setting.sets])
    for i, code in enumerate(named if isinstance(named, tuple) else ()):
        if code not in setting.languages:
            problem = f"language in setting {setting.name}:"
            yield _unknown(entry, (*keys, i), problem, code, [*setting.languages])


def _unknown_layers(entry: BookClaim, layers: int | None) -> Iterator[Problem]:
    named = _part(entry.claim.experiment, "layers")
    if layers is None or not isinstance(named, tuple):
        return
    if getattr(type(entry.claim.experiment), "any_layer", False):
        yield from _absent_layers(entry, named, layers)
        return
    for i, layer in enumerate(named):
        if not 1 <= layer < layers:
            yield entry.document.problem(
                ("experiment", "layers", i),
                f"layer {layer} is not a lower layer: the model has {layers} layers",
                allowed=f"lower layers 1 to {layers - 1}, or all",
            )


def _absent_layers(entry: BookClaim, named: tuple[int, ...], layers: int) -> Iterator[Problem]:
    for i, layer in enumerate(named):
        if layer > layers:
            yield entry.document.problem(
                ("experiment", "layers", i),
                f"the model has {layers} layers, and no layer {layer}",
                allowed=f"1 to {layers}, 0 for the embeddings, or all",
            )


def _unknown_fusions(entry: BookClaim, fusions: Collection[str]) -> Iterator[Problem]:
    for key in ("fusion", "against"):
        named = _part(entry.claim.experiment, key)
        if fusions and isinstance(named, str) and named not in fusions:
            yield _unknown(entry, ("experiment", key), "fusion module", named, fusions)
